"""When the end of a contract is refused as a covariate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import narwhals as nw
import pyarrow as pa
import pytest

from analysis.extracts.engine import Engine
from analysis.models.contract_ends import refused_contract_ends

START = dt.date(2024, 1, 1)


@pytest.fixture
def tables() -> Iterator[Callable[..., dict[str, nw.LazyFrame]]]:
    """`tables((end, months), …)`: subscriptions that all began on one day."""
    with Engine() as engine:

        def made(*terms: tuple[dt.date | None, int | None]) -> dict[str, nw.LazyFrame]:
            ends = pa.array([end for end, _ in terms], pa.date32())
            months = pa.array([length for _, length in terms], pa.int64())
            starts = pa.array([START] * len(terms), pa.date32())
            rows = pa.table({"start_date": starts, "contract_end_date": ends, "contract_months": months})
            return {"subscriptions": engine.table(rows)}

        yield made


KEPT, RENEWED = dt.date(2025, 1, 1), dt.date(2026, 1, 1)


def test_dates_that_renewals_leave_alone_are_not_refused(tables):
    assert refused_contract_ends(tables((KEPT, 12), (KEPT, 12))).empty
    assert refused_contract_ends(tables((None, 12))).empty
    assert refused_contract_ends({}).empty


def test_dates_that_renewals_write_over_are_refused_with_their_share(tables):
    [got] = refused_contract_ends(tables((KEPT, 12), (RENEWED, 12))).to_dict("records")
    assert (got["covariate"], got["rule"], got["figure"]) == ("contract_end_date", "renewals", pytest.approx(0.5))
    assert got["reason"].startswith("Renewals write over it: 50.0% of the contracts end later")


def test_dates_that_cannot_be_checked_are_refused(tables):
    [got] = refused_contract_ends(tables((KEPT, None))).to_dict("records")
    assert "cannot be checked" in got["reason"]
