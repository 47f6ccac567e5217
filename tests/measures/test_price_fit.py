from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.engine import Engine, to_pandas
from analysis.measures.plan_gaps import MORE, SAME, plan_gaps
from analysis.measures.price_fit import FitRules, cap_months, fit_by_plan, fit_groups, price_fit, stage_table
from analysis.measures.price_kpis import fit_kpis

LAST, BEFORE = pd.Timestamp("2026-09-30"), pd.Timestamp("2026-06-30")
RULES = FitRules(near_cap_months=2, low_use=0.5, high_use=0.9)


@pytest.fixture
def engine():
    with Engine() as one:
        yield one


def customers(plan: str, use, *, day=LAST, up=None, down=None, fee=30.0, chose=None, cap=None, near=None, speed=250.0):
    """A row per entry of `use`, all on one plan."""
    size = len(use)
    return pd.DataFrame(
        {
            "customer_id": [f"{plan}{place}" for place in range(size)], "landmark": day, "product": "broadband",
            "plan": plan, "fee": fee, "bandwidth_mbps": speed, "data_cap_gb": cap, "use": use,
            "share": np.asarray(use, float) / cap if cap else np.nan,
            "near": near if near is not None else [None] * size, "over": near if near is not None else [None] * size,
            "up": up, "up_fee": fee + 10 if up else np.nan, "down": down, "down_fee": fee - 10 if down else np.nan,
            "left": chose, "chose": chose,
        }
    )  # fmt: skip


def table(engine, *parts):
    texts = dict.fromkeys(("up", "down"), "string")
    numbers = dict.fromkeys(("use", "share", "near", "over", "left", "chose", "data_cap_gb"), "float64")
    typed = [part.astype(texts | numbers) for part in parts]  # before they are joined: a column may be empty in one
    return engine.table(pd.concat(typed, ignore_index=True))


@pytest.fixture
def fitted(engine):
    """A hundred customers with a small plan, use 1 to 100 GB, and forty with a big one: half use 10 GB, half 80."""
    small = customers("small", np.arange(1.0, 101), up="big", fee=30)
    big = customers("big", [10.0] * 20 + [80.0] * 20, down="small", fee=40, speed=500)
    return price_fit(table(engine, small, big), rules=RULES, engine=engine)


def test_who_uses_less_than_half_of_those_with_the_smaller_plan_is_an_over_buyer(fitted):
    rows = to_pandas(fitted)
    counts = rows.groupby(["plan", "fit"]).size().to_dict()
    # 90 % of 1 to 100 lies at 90.1: ten use more
    assert counts == {
        ("big", "over-buyer"): 20,
        ("big", "fits"): 20,
        ("small", "fits"): 90,
        ("small", "under-buyer"): 10,
    }
    over = rows[rows["fit"] == "over-buyer"]
    assert set(over["target"]) == {"small"} and set(over["change"]) == {-10.0}
    assert set(rows.loc[rows["fit"] == "under-buyer", "change"]) == {10.0}
    assert rows.loc[rows["fit"] == "fits", "target"].isna().all()


def test_groups_add_up_with_their_money(fitted):
    got = fit_groups(fitted, smallest=5).set_index("fit")
    assert got["customers"].to_dict() == {"over-buyer": 20, "fits": 110, "under-buyer": 10}
    assert got["change"].to_dict() == {"over-buyer": -200.0, "fits": 0.0, "under-buyer": 100.0}
    assert got["share"].sum() == pytest.approx(1)
    kpis = {kpi.metric: kpi.value for kpi in fit_kpis(got.reset_index())}
    assert kpis == {
        "over_buyers": pytest.approx(20 / 140), "under_buyers": pytest.approx(10 / 140), "down_sizing": -200.0,
        "up_sizing": 100.0,
    }  # fmt: skip


def test_a_small_group_is_masked_with_another_and_published_nowhere(fitted):
    got = fit_groups(fitted, smallest=11).set_index("fit")
    assert got.loc["under-buyer", "masked"]
    assert got["masked"].sum() == 2  # the total would give a single one away
    assert got.loc[got["masked"], ["customers", "share", "change"]].isna().all().all()
    assert "under_buyers" not in {kpi.metric for kpi in fit_kpis(got.reset_index())}


def test_plans_with_a_part_too_small_are_left_out_of_the_picture(fitted):
    assert set(fit_by_plan(fitted, smallest=5)["plan"]) == {"small", "big"}
    assert set(fit_by_plan(fitted, smallest=11)["plan"]) <= {"big"}


def test_where_nobodys_fit_is_told_there_is_no_plan_to_show(engine):
    rare = customers("rare", [5.0] * 3)
    got = fit_by_plan(price_fit(table(engine, rare), rules=RULES, engine=engine), smallest=11)
    assert got.empty and list(got.columns) == ["product", "plan", "fit", "customers", "share"]


def test_plans_are_those_of_the_last_day_even_if_only_an_earlier_day_tells_how_they_fit(engine):
    then, now = customers("small", np.arange(1.0, 101), up="big", day=BEFORE), customers("rare", [5.0] * 3)
    assert fit_by_plan(price_fit(table(engine, then, now), rules=RULES, engine=engine), smallest=5).empty


def test_near_the_cap_comes_before_all_else_and_how_lasting_is_counted(engine):
    capped = customers("m5", [5.0] * 60, up="m20", cap=5.0, near=[0] * 20 + [1] * 10 + [2] * 10 + [3] * 20)
    rows = price_fit(table(engine, capped), rules=RULES, engine=engine)
    assert fit_groups(rows, smallest=5).set_index("fit")["customers"].to_dict() == {"fits": 30, "near cap": 30}
    got = caps(rows, smallest=5)
    assert got["near"].tolist() == [40, 30, 20]
    assert got["near_share"].tolist() == pytest.approx([40 / 60, 30 / 60, 20 / 60])
    assert caps(rows, smallest=21)["near"].isna().tolist() == [True, False, True]


def caps(rows, *, smallest):
    return cap_months(rows, fit_groups(rows, smallest=smallest), rules=RULES, smallest=smallest)


def test_months_near_the_cap_tell_no_small_group_by_their_differences(engine):
    # 4 in one month only and 3 in two only: of the cumulated 47, 43 and 40 only the one of the groups is told.
    near = [0] * 50 + [1] * 4 + [2] * 3 + [3] * 40
    capped = customers("m5", [5.0] * 97, up="m20", cap=5.0, near=near)
    got = caps(price_fit(table(engine, capped), rules=RULES, engine=engine), smallest=11)
    assert got["near"].fillna(0).tolist() == [0, 43, 0]
    assert got["near_share"].isna().tolist() == got["near_low"].isna().tolist() == [True, False, True]


@pytest.mark.parametrize(("capped", "free"), [(1, 200), (200, 3)])
def test_of_few_with_a_cap_or_without_nothing_is_told_and_not_how_many(engine, capped, free):
    rows = table(
        engine,
        customers("m5", [5.0] * capped, up="m20", cap=5.0, near=[0] * capped),
        customers("free", [9.0] * free),
    )
    got = caps(price_fit(rows, rules=RULES, engine=engine), smallest=11)
    assert len(got) == 3 and got.drop(columns="months").isna().all().all()


def test_where_nobody_has_a_cap_there_is_no_row_but_every_column(engine):
    got = caps(price_fit(table(engine, customers("free", [9.0] * 50)), rules=RULES, engine=engine), smallest=11)
    assert got.empty and {"near_low", "near_high", "over_share", "over_low", "over_high"} <= set(got.columns)


def test_customers_near_the_cap_whom_the_groups_hide_are_hidden_here_too(engine):
    capped = customers("m5", [5.0] * 100, up="m20", cap=5.0, near=[0] * 60 + [1] * 20 + [3] * 20)
    rows = price_fit(table(engine, capped), rules=RULES, engine=engine)
    groups = fit_groups(rows, smallest=11).assign(masked=True)
    got = cap_months(rows, groups, rules=RULES, smallest=11)
    assert got["near"].isna().tolist() == [False, True, False]


def test_a_cap_is_held_against_use_on_plans_that_few_hold_too(engine):
    rare = customers("m1", [5.0] * 29, up="m5", cap=5.0, near=[2] * 15 + [1] * 14)
    rows = price_fit(table(engine, rare), rules=RULES, engine=engine)
    got = fit_groups(rows, smallest=11).set_index("fit")
    assert got["customers"].to_dict() == {"near cap": 15, "not told": 14}


@pytest.mark.parametrize(
    ("able", "told", "won"), [(40, 40, 400.0), (25, 25, 250.0), (35, None, 350.0), (6, None, None)]
)
def test_what_the_bigger_plan_would_bring_is_of_those_who_can_have_one(engine, able, told, won):
    rows = table(
        engine,
        customers("m5", [5.0] * able, up="m20", cap=5.0, near=[3] * able),
        customers("top", [50.0] * (40 - able), cap=50.0, near=[3] * (40 - able)),
        customers("free", [9.0] * 50),
    )
    groups = fit_groups(price_fit(rows, rules=RULES, engine=engine), smallest=11)
    sums = {kpi.metric: (kpi.value, kpi.n) for kpi in fit_kpis(groups)}
    assert sums.get("up_sizing") == (None if won is None else (won, told))


def test_of_a_plan_that_few_hold_nothing_is_told(engine):
    rows = price_fit(table(engine, customers("rare", [5.0] * 29)), rules=RULES, engine=engine)
    assert set(to_pandas(rows)["fit"]) == {"not told"}


def test_leaving_is_that_of_earlier_quarter_ends_by_the_fit_of_that_day(engine):
    now = customers("small", np.arange(1.0, 101), up="big")
    then = customers("small", np.arange(1.0, 101), up="big", day=BEFORE, chose=[1] * 20 + [0] * 75 + [1] * 5)
    rows = price_fit(table(engine, now, then), rules=RULES, engine=engine)
    got = fit_groups(rows, smallest=5).set_index("fit")
    assert got.loc["fits", "rate"] == pytest.approx(20 / 90)
    assert got.loc["under-buyer", "rate"] == pytest.approx(5 / 10)
    assert np.isnan(fit_groups(rows, smallest=6).set_index("fit").loc["under-buyer", "rate"])


def test_the_stage_table_holds_the_last_day(fitted):
    got = to_pandas(stage_table(fitted, day=LAST.date()))
    assert list(got.columns) == [
        "customer_id", "product", "plan", "fit", "target", "use_share_of_cap", "monthly_change",
    ]  # fmt: skip
    assert len(got) == 140


def test_a_price_gap_is_matched_where_the_dearer_plan_is_used_more(engine):
    random = np.random.default_rng(1)
    small = customers("small", np.exp(random.normal(4, 0.3, 400)), up="big", fee=30)
    big = customers("big", np.exp(random.normal(4.7, 0.3, 400)), up="huge", fee=40, speed=500)
    huge = customers("huge", np.exp(random.normal(4.7, 0.3, 400)), fee=60, speed=1000)
    past = customers("small", [9.0] * 400, day=BEFORE, up="big", chose=[1] * 40 + [0] * 360)
    other = customers("big", [9.0] * 400, day=BEFORE, chose=[1] * 20 + [0] * 380)
    rows = price_fit(table(engine, small, big, huge, past, other), rules=RULES, engine=engine)
    got = plan_gaps(rows, smallest=11).set_index("plan")
    assert got["verdict"].to_dict() == {"small": MORE, "big": SAME}
    assert got["fee_gap"].to_dict() == {"small": pytest.approx(10), "big": pytest.approx(20)}
    assert got.loc["small", "use_ratio"] == pytest.approx(np.exp(0.7), rel=0.06)
    assert got.loc["small", "churn_gap"] == pytest.approx(0.05 - 0.10)
    assert got.loc["small", "churn_high"] < 0
    assert np.isnan(got.loc["big", "churn_gap"])
    assert (got.loc["small", "size_gap"], got.loc["small", "size_unit"]) == (250, "Mbit/s")
