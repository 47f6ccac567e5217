"""Whether a source still tells who refuses contact."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.errors import InputRefused
from analysis.run.consents import check_consents, check_erasures


def consented(channels: list[str] | None) -> nw.LazyFrame[Any] | None:
    """Consents that grant these channels; no table where they are None."""
    if channels is None:
        return None
    rows = pd.DataFrame({"channel": pd.Series(channels, dtype="str"), "granted": pd.Series(True, range(len(channels)))})
    return nw.from_native(rows).lazy(backend="duckdb")


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (None, r"data/raw: expected the table consents, as the report had it, found none\. Bring it with"),
        ([], r"expected rows in the table consents, as the report had it, found an empty table\. Bring it with"),
        (
            ["email"],
            r"expected who asked not to be contacted \(do_not_contact in consents\), .*, found nobody\. Bring it",
        ),
    ],
)
def test_consents_that_lost_everybody_who_refuses_contact_are_refused(now: list[str] | None, found: str) -> None:
    report = consented(["email", "Do_Not_Contact"])
    check_consents(report, consented(["DO_NOT_CONTACT"]), source="data/raw")
    with pytest.raises(InputRefused, match=found):
        check_consents(report, consented(now), source="data/raw")


@pytest.mark.parametrize(
    ("before", "now"),
    [(["email"], ["email", "phone"]), ([], []), (None, None), (None, ["do_not_contact"])],
)
def test_consents_that_never_refused_contact_or_were_never_told_need_not_now(
    before: list[str] | None, now: list[str] | None
) -> None:
    check_consents(consented(before), consented(now), source="data/raw")


def test_erasures_that_nobody_asks_for_any_more_are_refused_unless_they_were_taken_back() -> None:
    told = r"data/raw: expected who asked to be erased \(erasure in consents\), .*, found nobody\. Bring every request"
    with pytest.raises(InputRefused, match=told):
        check_erasures(3, {}, consented(["email"]), source="data/raw")
    with pytest.raises(InputRefused, match=told):
        check_erasures(3, {}, None, source="data/raw")
    check_erasures(3, {"consents": 1}, consented(["email"]), source="data/raw")
    check_erasures(3, {}, consented(["Erasure"]), source="data/raw")
    check_erasures(0, {}, None, source="data/raw")
