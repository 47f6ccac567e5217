"""Control charts by hand: what is signalled, what moved with all, and what cannot be judged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.class_rules import NOT_AVAILABLE
from analysis.measures.control import control
from analysis.measures.kpis import control_kpis

QUARTERS = [f"{year}-Q{number}" for year in (2024, 2025, 2026) for number in (1, 2, 3, 4)]
CUSTOMERS = 4000


def counts(last: dict[str, float], *, past: int = 11, rate: float = 0.03, size: int = CUSTOMERS) -> pd.DataFrame:
    """Classes a, b, c, d of one size and rate, but for small waves; of the last quarter the rates that are given."""
    rows = []
    for place, name in enumerate("abcd"):
        wave = 1 + 0.04 * np.sin(np.arange(past) * 2.1 + place)
        left = [*np.round(size * rate * wave), round(size * last.get(name, rate))]
        rows += [("side", name, quarter, size, x) for quarter, x in zip(QUARTERS, left, strict=False)]
    table = pd.DataFrame(rows, columns=["dimension", "class", "quarter", "customers", "leavers"])
    return with_base(table)


def with_base(table: pd.DataFrame) -> pd.DataFrame:
    base = table.groupby("quarter", as_index=False)[["customers", "leavers"]].sum()
    return pd.concat([base.assign(**{"dimension": "", "class": ""}), table], ignore_index=True)


def sides(table: pd.DataFrame, fewest: int = 11) -> dict[str, str]:
    found = control(table, fewest=fewest).signals
    return dict(zip(found["class"], found["side"], strict=True))


def test_an_ordinary_quarter_signals_nothing():
    found = control(counts({}), fewest=11)
    assert found.judged["class"].tolist() == ["", "a", "b", "c", "d"]
    assert (found.judged["side"] == "").all() and not found.judged["with_all"].any()
    assert found.judged["low"].lt(found.judged["expected"]).all()
    assert found.judged["expected"].lt(found.judged["high"]).all()
    assert control_kpis(found)[0].value == 0


def test_a_class_that_rose_by_half_is_signalled_and_no_other():
    assert sides(counts({"b": 0.045})) == {"b": "rise"}


def test_a_class_that_fell_by_half_is_signalled_as_a_fall():
    found = control(counts({"c": 0.015}), fewest=11)
    assert found.signals[["class", "side"]].values.tolist() == [["c", "fall"]]
    assert found.signals["rarity"].iloc[0] < 0.001
    assert control_kpis(found)[0].value == 1


def test_what_all_share_is_a_signal_of_the_base_and_of_no_class():
    got = control(counts(dict.fromkeys("abcd", 0.045)), fewest=11)
    assert got.base["side"].tolist() == ["rise"]
    assert got.signals.empty
    assert got.classes["with_all"].all()
    assert got.moved == [""]


def test_a_class_that_rose_beside_all_others_is_signalled_still():
    assert sides(counts({"a": 0.068, "b": 0.045, "c": 0.045, "d": 0.045})) == {"a": "rise"}


def test_the_figures_of_the_quarter_take_no_part_in_a_classs_own_limits():
    calm, raised = (control(counts({"b": rate}), fewest=11).judged.set_index("class") for rate in (0.03, 0.06))
    assert raised.at["b", "high"] == calm.at["b", "high"]
    assert raised.at["b", "expected"] == calm.at["b", "expected"]


def test_a_season_of_two_years_is_no_signal_and_the_same_rate_out_of_season_is():
    autumn = counts({"a": 0.06}, past=11)
    of_a = (autumn["class"] == "a") & autumn["quarter"].isin(["2024-Q4", "2025-Q4"])
    seasonal = with_base(autumn.assign(leavers=autumn["leavers"].mask(of_a, 240))[autumn["class"] != ""])
    assert sides(seasonal) == {}
    assert sides(autumn) == {"a": "rise"}


def test_limits_are_wider_for_smaller_classes_and_for_restless_quarters():
    def width(table: pd.DataFrame) -> float:
        row = control(table, fewest=11).judged.set_index("class").loc["a"]
        return (row["high"] - row["low"]) / row["expected"]

    restless = counts({})
    rng = np.random.default_rng(4)
    luck = np.where(restless["quarter"] < "2026-Q4", np.exp(rng.normal(0, 0.15, len(restless))), 1)
    restless["leavers"] = (restless["leavers"] * luck).round()
    whole = width(counts({}))
    assert width(counts({}, size=1000)) > 1.5 * whole
    assert width(with_base(restless[restless["class"] != ""])) > 1.5 * whole


@pytest.mark.parametrize("past", [0, 1, 3])
def test_a_history_of_less_than_a_year_is_not_judged(past):
    found = control(counts({"a": 0.5}, past=past), fewest=11)
    assert not found.enough and found.judged.empty and found.history.empty
    assert control(counts({}, past=4), fewest=11).enough
    assert control_kpis(found) == []


def test_a_quarter_of_which_part_is_missing_is_not_judged():
    found = control(counts({"a": 0.01}), fewest=11, whole=False)
    assert found.enough and not found.whole and found.judged.empty


def test_without_any_count_there_is_no_quarter():
    found = control(counts({}).head(0), fewest=11)
    assert found.quarters == () and found.judged.empty and found.signals.empty and found.moved == []


def test_a_base_of_which_few_leave_is_not_judged():
    assert control(counts({}, size=20), fewest=11).judged.empty
    assert control(counts({}, rate=0.0), fewest=11).judged.empty


def test_everybody_leaving_is_a_rise_and_nobody_a_fall():
    assert sides(counts({"a": 1.0}))["a"] == "rise"
    assert sides(counts({"a": 0.0})) == {"a": "fall"}


def test_classes_too_small_too_new_unknown_or_of_everybody_are_not_judged():
    table = counts({})
    small = table[table["class"] == "a"].assign(**{"class": "few"}, customers=300, leavers=9)
    new = table[(table["class"] == "a") & (table["quarter"] > "2026-Q1")].assign(**{"class": "new"})
    unknown = table[table["class"] == "a"].assign(**{"class": NOT_AVAILABLE})
    all_there = with_base(pd.concat([table[table["class"] != ""], small, new, unknown]))
    one = all_there[all_there["dimension"] == ""].assign(dimension="other", **{"class": "one for all"})
    got = control(pd.concat([all_there, one], ignore_index=True), fewest=11)
    assert got.classes["class"].tolist() == ["a", "b", "c", "d"]


def test_a_class_that_was_empty_for_a_while_is_judged_by_its_other_quarters():
    table = counts({"a": 0.045})
    gap = (table["class"] == "a") & table["quarter"].isin(["2024-Q2", "2024-Q3"])
    found = control(with_base(table[~gap & (table["class"] != "")]), fewest=11)
    assert found.signals["class"].tolist() == ["a"]
    assert len(found.history[found.history["class"] == "a"]) == 10


def test_the_limits_of_a_past_quarter_are_made_of_the_others():
    table = counts({})
    odd = (table["class"] == "b") & (table["quarter"] == "2025-Q2")
    raised = table.assign(leavers=table["leavers"].mask(odd, 220))
    found = control(with_base(raised[raised["class"] != ""]), fewest=11).history
    row = found[(found["class"] == "b") & (found["quarter"] == "2025-Q2")].iloc[0]
    assert row["churn_rate"] == pytest.approx(220 / CUSTOMERS)
    assert row["high"] < row["churn_rate"]
    assert found.groupby("class").size().tolist() == [12] * 5
