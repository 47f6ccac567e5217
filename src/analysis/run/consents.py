"""Whether a source still tells who refuses contact, as it told the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw

from analysis.basis.errors import InputRefused
from analysis.extracts.engine import to_pandas
from analysis.extracts.erasure import CHANNEL
from analysis.policy.reach import DO_NOT_CONTACT

Rows = nw.LazyFrame[Any]

NEEDED = "consents"  # without it nobody knows who refuses contact


def check_consents(report: Rows | None, now: Rows | None, *, source: str, had: str = "the report") -> None:
    """Raises InputRefused where the source tells no more who refuses contact, though it told the report (`had`).

    A table that was emptied, or that lost everybody who asked not to be contacted, would widen who is contacted as one
    that is missing would. Refusals are kept with their day, so that their number never falls to none by itself.
    """
    before, after = _said(report), _said(now)
    expected = found = ""
    if report is not None and now is None:
        expected, found = f"the table {NEEDED}", "none"
    elif before.rows and not after.rows:
        expected, found = f"rows in the table {NEEDED}", "an empty table"
    elif before.refusals and not after.refusals:
        expected, found = f"who asked not to be contacted ({DO_NOT_CONTACT} in {NEEDED})", "nobody"
    if found:
        expected = f"{expected}, as {had} had it"
        do = "Bring it with the newer extracts: without it, who refuses contact would be contacted."
        raise InputRefused(source, expected=expected, found=found, do=do)


def check_erasures(before: int, erased: Mapping[str, int], now: Rows | None, *, source: str) -> None:
    """Raises InputRefused where rows were left out for an erasure the quarter before, and no request is there any more.

    `erased` is that of `Extracts`. One that was taken back stands in the table (`now`) with its day, and is no loss.
    """
    if not before or erased or (now is not None and _asked(now)):
        return
    expected = f"who asked to be erased ({CHANNEL} in {NEEDED}), as the run of the quarter before had it"
    do = "Bring every request, also of customers whose rows are gone: without it, the erased would return."
    raise InputRefused(source, expected=expected, found="nobody", do=do)


def _asked(consents: Rows) -> bool:
    asked = consents.filter(nw.col("channel").str.to_lowercase() == CHANNEL)
    return bool(to_pandas(asked.select(rows=nw.len()))["rows"].iloc[0])


class _Said(NamedTuple):
    """How many rows of consents there are, and how many of them ask for no contact."""

    rows: int
    refusals: int


def _said(consents: Rows | None) -> _Said:
    if consents is None:
        return _Said(0, 0)
    words = consents.select(nw.col("channel").str.to_lowercase(), "granted")
    said = to_pandas(words.group_by("channel", "granted").agg(rows=nw.len()))
    refused = said["granted"].astype(bool) & said["channel"].eq(DO_NOT_CONTACT)
    return _Said(int(said["rows"].sum()), int(said.loc[refused, "rows"].sum()))
