"""What became of a list: who left by choice since, and what the source's work orders say of the actions."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.policy.review_rows import came_since, orders
from analysis.policy.review_study import (
    NO_LIST,
    NO_LOT,
    NO_REPORT,
    NOBODY,
    TOO_EARLY,
    Before,
    HeldBefore,
    Since,
    held_before,
    reviewed,
)

DAY = dt.date(2026, 6, 30)
BEFORE = Quarter(2026, 2)


def episodes(engine: Engine, *rows: tuple) -> nw.LazyFrame:
    """(customer, landmark, event, kind); of today's customers at a quarter's end."""
    names = ["customer_id", "landmark", "event", "left_kind"]
    data = pd.DataFrame(rows, columns=names).assign(at_quarter_end=1).astype({"left_kind": "string"})
    return engine.table(data).with_columns(nw.col("landmark").cast(nw.Date))


def listed(*rows: tuple) -> pd.DataFrame:
    """(customer, arm); all of one action."""
    told = pd.DataFrame(rows, columns=["customer_id", "arm"])
    return told.assign(policy="price", action="Price call", cost=10.0, expected_benefit=25.0)


def people(engine: Engine, *ids: str, moved: dict[str, str] | None = None) -> nw.LazyFrame:
    keys = {**{one: one for one in ids}, **(moved or {})}
    return engine.table(pd.DataFrame({"account_id": list(keys), "customer_id": list(keys.values())}))


def work_orders(engine: Engine, *rows: tuple) -> nw.LazyFrame:
    """(customer, action, status, opened, closed)."""
    names = ["customer_id", "action", "status", "opened_at", "closed_at"]
    data = pd.DataFrame(rows, columns=names)
    for name in ("opened_at", "closed_at"):
        data[name] = pd.to_datetime(data[name])
    return engine.table(data.astype({"status": "string"}))


def test_who_left_by_choice_in_the_quarter_after_counts(engine):
    rows = episodes(
        engine,
        ("A", DAY, 1, "voluntary"), ("B", DAY, 1, "moved"), ("C", DAY, 0, None),
        ("C", dt.date(2026, 3, 31), 1, "voluntary"), ("D", DAY, 0, None),
    )  # fmt: skip
    got = came_since(rows, DAY, pd.Series(["A", "B", "C", "X"]), engine=engine)
    assert got.left.set_index("customer_id")["left"].to_dict() == {"A": 1, "B": 0, "C": 0}
    assert got.by_choice
    assert got.share == pytest.approx(0.25)


def test_without_kinds_leaving_in_any_way_counts(engine):
    got = came_since(episodes(engine, ("A", DAY, 1, None), ("B", DAY, 0, None)), DAY, pd.Series(["A"]), engine=engine)
    assert not got.by_choice
    assert got.left["left"].tolist() == [1]


def test_the_last_word_on_an_order_of_the_same_action_counts(engine):
    told = listed(("A", "act"), ("B", "act"), ("C", "act"), ("D", "act"), ("E", "act"), ("F", "control"))
    rows = work_orders(
        engine,
        ("A", "price call", "open", "2026-07-01", None), ("A", "Price call ", "done", "2026-07-05", "2026-07-06"),
        ("B", "Price call", "refused", "2026-07-01", "2026-07-02"),
        ("C", "Price call", None, "2026-07-01", None),
        ("D", "Technician visit", "done", "2026-07-01", "2026-07-02"),
        ("E", "Price call", "done", "2026-06-01", "2026-06-02"),
        ("F", "Price call", None, "2026-07-01", "2026-07-03"),
    )  # fmt: skip
    got = orders(told, {"work_orders": rows}, handed=DAY, engine=engine)
    assert got.counts == {"done": 1, "refused": 1, "open": 1, "never": 2}
    assert got.strayed == 1


def test_without_an_order_that_bears_an_actions_name_nothing_is_known(engine):
    told = listed(("A", "act"))
    rows = work_orders(engine, ("A", "Technician visit", "done", "2026-07-01", "2026-07-02"))
    assert orders(told, {"work_orders": rows}, handed=DAY, engine=engine) is None
    assert orders(told, {}, handed=DAY, engine=engine) is None


def since(engine: Engine, rows: nw.LazyFrame, customers: nw.LazyFrame) -> Since:
    return Since(rows, {"customers": customers}, engine, 500.0)


def test_it_says_what_is_missing(engine):
    told = since(engine, episodes(engine, ("A", DAY, 0, None)), people(engine, "A"))

    def lack(one: pd.DataFrame | None) -> str:
        return reviewed(Before(BEFORE, one, None), told, policies=["price"], smallest=11).lack

    assert lack(None) == NO_REPORT
    early = Before(BEFORE, None, None, observed=False)
    assert reviewed(early, told, policies=["price"], smallest=11).lack == TOO_EARLY
    assert lack(listed(("A", "control"))) == NO_LIST
    assert lack(listed(("A", "act"))) == NO_LOT
    assert lack(listed(("X", "act"), ("Y", "control"))) == NOBODY


def test_who_moved_house_is_found_under_the_new_key(engine):
    told = since(
        engine,
        episodes(engine, ("new", DAY, 1, "voluntary"), ("B", DAY, 0, None)),
        people(engine, "B", moved={"old": "new"}),
    )
    values = pd.DataFrame({"customer_id": ["old"], "clv": [700.0]})
    one = Before(BEFORE, listed(("old", "act"), ("B", "control")), values)
    got = reviewed(one, told, policies=["price"], smallest=11)
    assert got.lack == ""
    assert (got.approached, got.held, got.cost, got.expected) == (1, 1, 10.0, 25.0)
    row = got.found.rows.iloc[0]
    assert (row["left"], row["control_left"], row["worth"]) == (1, 0, 700.0)


def test_who_was_held_out_and_is_asked_now_counts_under_the_key_held_now(engine):
    told = since(engine, episodes(engine, ("B", DAY, 0, None)), people(engine, "B", "C", "D", moved={"old": "new"}))
    one = Before(BEFORE, listed(("old", "control"), ("B", "control"), ("C", "control"), ("D", "act")), None)
    now = listed(("new", "act"), ("B", "control"), ("D", "act"), ("E", "act"))
    assert held_before(one, now, told) == HeldBefore(held=3, asked=1)
    assert held_before(Before(BEFORE, None, None), now, told) == HeldBefore(held=0, asked=0)
