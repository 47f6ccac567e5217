"""Who moved, by hand: customers and money from class to class, and what adds up to what."""

from __future__ import annotations

from decimal import Decimal

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.measures.class_moves import Moves, class_moves
from analysis.measures.class_rules import Dimension
from analysis.measures.class_table import class_table
from analysis.measures.kpis import move_kpis
from analysis.measures.moves import moves
from analysis.measures.moves_masked import BEFORE, JOINED, LEFT

QUARTER = Quarter(2026, 3)
TIER = {"tier": Dimension("tier", "Tier", column="tier", bands={"low": None, "high": 100}, order=("high", "low"))}

Group = tuple[str | None, str | None, int, float, float]  # from (None: joined), to (None: left), how many, paid a month


def extracts(groups: list[Group], *, joined_and_left: str | None = None) -> dict[str, pd.DataFrame]:
    """Customers who were billed so much in each month before and after; who joins is "low" on joining."""
    exposed, there, bills = [], [], []
    for place, (start, end, many, before, after) in enumerate(groups):
        for one in range(many):
            key = f"c{place}_{one:04d}"
            came, went = int(start is None), int(end is None)
            began = pd.Timestamp("2026-08-01" if came else "2025-01-01")
            exposed.append((key, 1, began, came, went, joined_and_left if came and went else start or "low"))
            there += [] if went else [(key, 1, "active", end)]
            bills += [(key, month, before) for month in ("2026-04-01", "2026-05-01", "2026-06-01") if before]
            bills += [(key, month, after) for month in ("2026-07-01", "2026-08-01", "2026-09-01") if after]
    return {
        "exposed": pd.DataFrame(
            exposed, columns=["customer_id", "spell", "spell_start", "joined", "event", "tier_class"]
        ),
        "customers": pd.DataFrame(there, columns=["customer_id", "spell", "state", "tier_class"]),
        "months": pd.DataFrame(bills, columns=["customer_id", "month", "revenue"]),
    }


def held(engine: Engine, tables: dict[str, pd.DataFrame]) -> dict[str, nw.LazyFrame]:
    made = {name: engine.table(rows) for name, rows in tables.items()}
    days = nw.col("month").str.to_date(format="%Y-%m-%d")
    made["months"] = made["months"].with_columns(days, nw.col("revenue").cast(nw.Decimal(18, 4)))
    made["exposed"] = made["exposed"].with_columns(nw.col("spell_start").cast(nw.Date))
    return made


def followed(engine: Engine, tables: dict[str, pd.DataFrame], *, smallest: int = 11, billed: bool = True) -> Moves:
    made = held(engine, tables)
    rows = engine.table(moves(made["exposed"], made["customers"], made["months"], rules=TIER, quarter=QUARTER))
    classes = class_table(made["customers"], made["exposed"], None, dimensions=TIER, smallest=smallest)
    return class_moves(rows, classes, dimensions=TIER, billed=billed, smallest=smallest)


PLAIN: list[Group] = [
    ("low", "low", 60, 10, 10), ("low", "high", 20, 10, 13), ("high", "high", 70, 30, 30), ("high", "low", 30, 30, 25),
    ("low", None, 15, 10, 5), ("high", None, 12, 30, 10), (None, "low", 25, 0, 8), (None, "high", 14, 0, 28),
]  # fmt: skip


def cell(got: pd.DataFrame, start: str, end: str) -> pd.Series:
    return got[(got["from"] == start) & (got["to"] == end)].iloc[0]


def test_bills_of_a_thousand_million_overflow_nothing(engine):
    half = [("low", "high", 15, 1e9, 3e9), ("low", "high", 15, 1e9, 2e9)]
    pairs = followed(engine, extracts([*half, ("high", "high", 30, 2e9, 2e9)])).pairs
    [row] = pairs[(pairs["from"] == "low") & (pairs["to"] == "high")].to_dict("records")
    spread = 0.5e9 * (30 / 29) ** 0.5 / 30**0.5  # gains of two and one thousand million a month
    assert row["change"] == pytest.approx(1.5e9)
    assert row["high"] - row["low"] == pytest.approx(2 * 2.0452296 * spread)  # Student, 29 degrees of freedom


def test_customers_are_counted_from_class_to_class_with_joiners_and_leavers(engine):
    got = followed(engine, extracts(PLAIN)).pairs
    assert not got["masked"].any()
    counts = {(row["from"], row["to"]): row["customers"] for row in got.to_dict("records")}
    assert counts == {
        ("high", "high"): 70, ("high", "low"): 30, ("high", LEFT): 12, ("low", "high"): 20, ("low", "low"): 60,
        ("low", LEFT): 15, (JOINED, "high"): 14, (JOINED, "low"): 25,
    }  # fmt: skip
    assert list(got["from"].drop_duplicates()) == ["high", "low", JOINED]
    assert cell(got, "low", "high")["share"] == 20 / 95


def test_money_is_that_of_both_quarters_and_the_change_is_a_month(engine):
    got = cell(followed(engine, extracts(PLAIN)).pairs, "high", "low")
    assert (got["revenue_before"], got["revenue_after"]) == (30 * 3 * 30, 30 * 3 * 25)
    assert (got["change"], got["low"], got["high"]) == (-5, -5, -5)


def test_the_interval_of_the_change_is_that_of_a_mean(engine):
    groups: list[Group] = [*PLAIN, ("low", "high", 20, 10, 19)]
    got = cell(followed(engine, extracts(groups)).pairs, "low", "high")
    spread = pd.Series([3.0] * 20 + [9.0] * 20).std()
    assert got["change"] == 6
    assert got["high"] - got["change"] == pytest.approx(2.0227 * spread / 40**0.5, rel=1e-4)


def test_what_one_pays_is_not_compared_for_who_came_in_the_quarter_before(engine):
    tables = extracts(PLAIN)
    tables["exposed"].loc[tables["exposed"]["tier_class"] == "high", "spell_start"] = pd.Timestamp("2026-04-02")
    got = followed(engine, tables).pairs
    assert pd.isna(cell(got, "high", "low")["change"])
    assert cell(got, "high", "low")["customers"] == 30
    assert cell(got, "low", "high")["change"] == 3


def test_without_bills_of_both_quarters_there_is_no_money(engine):
    got = followed(engine, extracts(PLAIN), billed=False).pairs
    assert got[["revenue_before", "revenue_after", "change", "low", "high"]].isna().all().all()
    assert got["customers"].sum() == 246


def test_without_a_bill_in_one_of_the_quarters_money_is_missing_not_nothing(engine):
    tables = extracts(PLAIN)
    tables["months"] = tables["months"][tables["months"]["month"] >= "2026-07-01"]
    assert followed(engine, tables).pairs["revenue_after"].isna().all()


def test_who_joined_and_left_within_the_quarter_left_the_class_on_joining(engine):
    groups: list[Group] = [*PLAIN, (None, None, 16, 0, 4)]
    got = followed(engine, extracts(groups, joined_and_left="high")).pairs
    assert cell(got, "high", LEFT)["customers"] == 28
    assert cell(got, "high", LEFT)["revenue_after"] == 12 * 30 + 16 * 12


def test_bills_of_customers_who_had_left_stand_beside_the_classes(engine):
    tables = extracts(PLAIN)
    last = pd.DataFrame({"customer_id": [f"x{i}" for i in range(12)], "month": "2026-07-01", "revenue": 1.25})
    tables["months"] = pd.concat([tables["months"], last])
    got = cell(followed(engine, tables).pairs, BEFORE, BEFORE)
    assert (got["customers"], got["revenue_before"], got["revenue_after"]) == (12, 0, 15)


def test_a_customer_of_two_spells_is_billed_once(engine):
    tables = extracts(PLAIN)
    again = tables["exposed"][tables["exposed"]["event"] == 1].head(1)
    tables["exposed"] = pd.concat([tables["exposed"], again.assign(spell=2, joined=1, event=0)])
    back = pd.DataFrame({"customer_id": again["customer_id"], "spell": 2, "state": "active", "tier_class": "low"})
    tables["customers"] = pd.concat([tables["customers"], back])
    got = followed(engine, tables).pairs
    assert cell(got, JOINED, "low")["customers"] == 26
    assert cell(got, JOINED, "low")["revenue_after"] == 25 * 24 + 15
    assert cell(got, "low", LEFT)["revenue_before"] == 15 * 30
    assert cell(got, "low", LEFT)["revenue_after"] == 14 * 15


def test_the_shares_of_who_moved_are_of_all_who_were_there_at_the_start(engine):
    got = followed(engine, extracts(PLAIN)).steps.set_index("direction")
    assert got["customers"].to_dict() == {"changed": 50, "up": 20, "down": 30}
    assert set(got["of"]) == {207}
    assert got.loc["up", "low"] < 20 / 207 == got.loc["up", "share"] < got.loc["up", "high"]
    told = {kpi.klass: (kpi.metric, kpi.dimension, kpi.value, kpi.n) for kpi in move_kpis(got.reset_index())}
    assert told["down"] == ("class_moved", "tier", 30 / 207, 207)


def test_a_dimension_in_which_nobody_moved_is_not_told(engine):
    still = [group for group in PLAIN if group[0] == group[1] or None in group[:2]]
    got = followed(engine, extracts(still))
    assert got.pairs.empty
    assert got.steps.empty


def test_in_the_first_quarter_the_tables_have_their_columns_and_no_rows():
    got = class_moves(None, pd.DataFrame(), dimensions=TIER, billed=True, smallest=11)
    assert list(got.pairs.columns[:6]) == ["place", "dimension", "label", "from", "to", "customers"]
    assert got.pairs["masked"].dtype.kind == "b"
    assert got.steps.empty


def test_the_order_of_rows_does_not_matter(engine):
    tables = extracts(PLAIN)
    turned = {name: rows.sample(frac=1, random_state=3) for name, rows in tables.items()}
    one, other = followed(engine, tables), followed(engine, turned)
    pd.testing.assert_frame_equal(one.pairs, other.pairs)
    pd.testing.assert_frame_equal(one.steps, other.steps)


counts = st.lists(st.integers(0, 40), min_size=9, max_size=9)
ENDS = [(one, other) for one in ("low", "high", None) for other in ("low", "high", None)]


@settings(max_examples=30, deadline=None)
@given(counts, st.integers(1, 9999))
def test_rows_columns_and_money_add_up(many, cents):
    groups = [
        (*ends, n, cents / 100 + place, cents / 50) for place, (ends, n) in enumerate(zip(ENDS, many, strict=True))
    ]
    tables = extracts(groups, joined_and_left="low")  # type: ignore[arg-type]
    if tables["months"].empty:
        return
    with Engine() as engine:
        made = held(engine, tables)
        rows = engine.table(moves(made["exposed"], made["customers"], made["months"], rules=TIER, quarter=QUARTER))
        known = to_pandas(rows)
        before, after = (to_pandas(rows.select(nw.col(name).cast(nw.String)))[name] for name in ("before", "after"))
    stayed = known[known["event"] == 0]
    opening, joiners, leavers = (known["joined"] == 0).sum(), known["joined"].sum(), known["event"].sum()
    assert opening + joiners - leavers == len(stayed)
    assert stayed["tier_to"].value_counts().to_dict() == tables["customers"]["tier_class"].value_counts().to_dict()
    there = tables["exposed"][tables["exposed"]["joined"] == 0]["tier_class"]
    assert known[known["joined"] == 0]["tier_from"].value_counts().to_dict() == there.value_counts().to_dict()
    bills = tables["months"].assign(cents=[Decimal(str(value)) for value in tables["months"]["revenue"].round(4)])
    late = bills["month"] >= "2026-07-01"
    assert sum(map(Decimal, after.dropna())) == bills[late]["cents"].sum()
    assert sum(map(Decimal, before.dropna())) == bills[~late]["cents"].sum()
