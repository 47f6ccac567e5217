"""Which orders are open: the source's own, and ours until the source shows them done or refused."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.extracts.engine import to_pandas
from analysis.policy.open_orders import ACTIONS, HANDED, open_in_source, still_open

AS_OF = dt.date(2026, 9, 30)
ORDER = ["customer_id", "action", "status", "opened_at", "closed_at"]


def orders(engine, *rows: tuple):
    table = pd.DataFrame(rows, columns=ORDER).astype(dict.fromkeys(ORDER[:3], "string"))
    return engine.table(table.assign(**{name: pd.to_datetime(table[name]) for name in ORDER[3:]}))


@pytest.fixture
def ours(engine):
    """Who of those handed a price call on 30 June, due on 7 July, has it open on a day, by what the source says."""

    def made(*rows: tuple, ids: str = "ab", day: dt.date = AS_OF, open_days: int = 30, keys=()) -> list[str]:
        dates = {"handed_on": pd.Timestamp("2026-06-30"), "due_date": pd.Timestamp("2026-07-07")}
        handed = pd.DataFrame(
            {"customer_id": list(ids), "action": "price call", "team": "retention", "cost": 41.0, "origin": ACTIONS}
        ).assign(**dates)
        accounts = keys or [(one, one) for one in "abcd"]
        tables = {"customers": engine.table(pd.DataFrame(accounts, columns=["account_id", "customer_id"]))}
        if rows:
            tables["work_orders"] = orders(engine, *rows)
        got = still_open(handed, tables, engine=engine, as_of=day, open_days=open_days)
        return got["customer_id"].tolist()

    return made


def test_an_order_whose_closing_is_not_known_yet_is_open(engine) -> None:
    rows = orders(
        engine,
        ("a", "call", "open", "2026-09-01", None), ("b", "call", "done", "2026-09-01", "2026-09-02"),
        ("c", "call", None, "2026-09-30", None), ("d", "call", None, "2026-09-01", "2026-09-02"),
    )  # fmt: skip
    assert sorted(to_pandas(open_in_source(rows))["customer_id"]) == ["a", "c"]


def test_where_the_source_tells_of_no_order_what_became_of_it_none_is_open(engine) -> None:
    assert to_pandas(open_in_source(orders(engine, ("a", "call", None, "2026-09-01", None)))).empty


@pytest.mark.parametrize(
    ("day", "expected"), [(dt.date(2026, 7, 31), ["a", "b"]), (dt.date(2026, 8, 6), ["a", "b"]), (AS_OF, [])]
)
def test_where_the_source_says_nothing_an_order_is_open_until_so_long_after_it_was_due(ours, day, expected) -> None:
    assert ours(day=day) == expected
    assert ours(day=dt.date(2026, 8, 7)) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("a", "price call", "done", "2026-07-03", "2026-07-03"), ["b"]),
        (("a", " Price Call", "refused", "2026-07-03", "2026-07-03"), ["b"]),
        (("a", None, "done", "2026-07-03", "2026-07-03"), ["b"]),
        (("a", "price call", None, "2026-07-03", "2026-07-04"), ["b"]),
        (("a", "technician visit", "done", "2026-07-03", "2026-07-03"), ["a", "b"]),
        (("a", "price call", "done", "2026-06-29", "2026-06-30"), ["a", "b"]),
        (("a", "price call", "open", "2026-07-03", None), ["a", "b"]),
    ],
)
def test_an_order_is_closed_once_the_source_shows_the_same_one_done_or_refused(ours, row, expected) -> None:
    assert ours(row, day=dt.date(2026, 7, 31)) == expected


def test_while_the_source_has_it_open_it_is_open_however_late(ours) -> None:
    assert ours(("a", "price call", "open", "2026-07-03", None)) == ["a"]


def test_one_that_was_closed_stays_closed_though_another_was_opened(ours) -> None:
    done, again = (
        ("a", "price call", "refused", "2026-07-03", "2026-07-03"),
        ("a", "price call", "open", "2026-07-20", None),
    )
    assert ours(done, again, ids="a", day=dt.date(2026, 7, 31)) == []


def test_who_moved_house_is_the_same_customer_and_later_orders_are_of_no_concern(ours) -> None:
    moved = [("a", "d"), ("b", "b"), ("d", "d")]
    assert ours(day=dt.date(2026, 7, 31), keys=moved) == ["d", "b"]
    done = ("d", "price call", "done", "2026-07-03", "2026-07-03")
    assert ours(done, day=dt.date(2026, 7, 31), keys=moved) == ["b"]
    assert ours(day=dt.date(2026, 6, 29)) == []


def test_nothing_handed_out_is_nothing_open(engine) -> None:
    none = pd.DataFrame(columns=list(HANDED))
    got = still_open(
        none, {"customers": engine.table(pd.DataFrame({"account_id": ["a"]}))}, engine=engine, as_of=AS_OF, open_days=30
    )
    assert got.empty
    assert list(got.columns) == list(HANDED)
