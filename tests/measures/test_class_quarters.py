"""Customers and leavers by class and quarter, by hand: landmarks, last days, causes."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.frames.episodes import episodes, exposures
from analysis.frames.observation import Observation
from analysis.frames.outlook import with_outlook
from analysis.measures.base import movement
from analysis.measures.class_quarters import class_quarters, leavers_by_cause
from analysis.measures.class_rules import Dimension

SEEN = Observation(dt.date(2024, 9, 30), dt.date(2024, 1, 1))
QUARTERS = [Quarter(2024, 1), Quarter(2024, 2), Quarter(2024, 3)]
RULES = {
    "side": Dimension("side", "Side", column="side"),
    "age": Dimension("age", "Stage", column="age", compared=False),
}


@pytest.fixture
def both(spells):
    """`both(("2020-01-01", None), …)`: episodes and exposures of spells; even customers are left, odd ones right."""

    def made(*lives: tuple[str, str | None]) -> tuple[nw.LazyFrame, nw.LazyFrame, nw.LazyFrame]:
        table = spells(*lives)
        odd = nw.col("customer_id").is_in([f"c{i:04d}" for i in range(1, 100, 2)])
        side = nw.when(odd).then(nw.lit("right")).otherwise(nw.lit("left"))
        past = with_outlook(episodes(table, SEEN), table, {}, SEEN)
        now = exposures(table, QUARTERS[-1], seen_after=SEEN.entry)
        return table, past.with_columns(side_class=side), now.with_columns(side_class=side)

    return made


def counted(past: nw.LazyFrame, now: nw.LazyFrame) -> dict[tuple[str, str], tuple[int, int]]:
    rows = class_quarters(past, now, quarters=QUARTERS, dimensions=RULES)
    return {(row["class"], row["quarter"]): (row["customers"], row["leavers"]) for row in rows.to_dict("records")}


def test_a_customer_counts_in_every_quarter_it_was_on_the_books_in(both):
    _, past, now = both(("2020-01-01", None), ("2024-02-15", "2024-05-10"), ("2024-08-01", "2024-08-02"))
    assert counted(past, now) == {
        ("", "2024-Q1"): (2, 0), ("", "2024-Q2"): (2, 1), ("", "2024-Q3"): (2, 1),
        ("left", "2024-Q1"): (1, 0), ("left", "2024-Q2"): (1, 0), ("left", "2024-Q3"): (2, 1),
        ("right", "2024-Q1"): (1, 0), ("right", "2024-Q2"): (1, 1),
    }  # fmt: skip


def test_the_sums_are_those_of_the_base_whatever_happens_on_last_days(both):
    table, past, now = both(
        ("2020-01-01", None),
        ("2024-03-31", None),
        ("2024-03-31", "2024-03-31"),
        ("2024-06-30", "2024-06-30"),
        ("2024-03-31", "2024-04-01"),
        ("2023-12-31", "2024-03-31"),
        ("2024-09-30", None),
        ("2024-09-30", "2024-09-30"),
    )
    rows = class_quarters(past, now, quarters=QUARTERS, dimensions=RULES)
    base = movement(table, QUARTERS, seen_after=SEEN.entry)
    for _, one in rows.groupby("dimension"):
        got = one.groupby("quarter")[["customers", "leavers"]].sum()
        assert got["customers"].tolist() == (base["opening"] + base["joiners"]).tolist()
        assert got["leavers"].tolist() == base["leavers"].tolist()


def test_a_dimension_that_is_a_matter_of_tenure_is_not_followed(both):
    _, past, now = both(("2020-01-01", None))
    assert set(class_quarters(past, now, quarters=QUARTERS, dimensions=RULES)["dimension"]) == {"", "side"}


def test_without_a_quarter_there_is_nothing_to_count(both):
    _, past, now = both(("2020-01-01", None))
    assert class_quarters(past, now, quarters=[], dimensions=RULES).empty
    assert leavers_by_cause(past, now, now, quarters=[], dimensions=["side"]).empty


def test_causes_are_counted_by_class_and_quarter(both, engine):
    _, past, now = both(("2020-01-01", "2024-02-01"), ("2020-01-01", "2024-08-01"), ("2020-01-01", None))
    told = pd.DataFrame({"customer_id": ["c0000", "c0001", "c0002"], "spell": 1, "churn_reason": ["dear", None, None]})
    got = leavers_by_cause(past, now, engine.table(told), quarters=QUARTERS, dimensions=["", "side"])
    assert got.drop(columns="leavers").values.tolist() == [
        ["", "", "2024-Q1", "kind", "voluntary"],
        ["", "", "2024-Q1", "reason", "dear"],
        ["", "", "2024-Q3", "kind", "voluntary"],
        ["side", "left", "2024-Q1", "kind", "voluntary"],
        ["side", "left", "2024-Q1", "reason", "dear"],
        ["side", "right", "2024-Q3", "kind", "voluntary"],
    ]
    assert got["leavers"].tolist() == [1] * 6
