"""Value by hand, against closed forms, and its intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.margin import Margin
from analysis.models.base_value import base_value, value_parts
from analysis.models.value import CHUNK, customer_value, drawn_figures, expected_figures

COLUMNS = [
    "customer_id", "received_value", "current_value", "current_value_low", "current_value_high", "potential_value",
    "clv", "value_tier", "potential_value_low", "potential_value_high",
]  # fmt: skip


def margins(fees: dict[str, float], *, discounts=(), figures=None, received=100.0, followed=36.0) -> Margin:
    """A margin of customers with these fees; every figure 1 or 0, and certain, but for those given as (value, high)."""
    known = {"gross_margin": 1.0, "realisation": 1.0, "drift": 1.0, "contact_cost": 0.0, "service_cost": 0.0}
    rows = []
    for item, plain in known.items():
        value, high = (figures or {}).get(item, (plain, np.nan))
        rows.append((item, value, 2 * value - high, high, "measured", ""))
    customers = pd.DataFrame({"customer_id": list(fees), "fee": list(fees.values())})
    return Margin(
        customers.assign(fee_margin=customers["fee"], received_value=received),
        pd.DataFrame(discounts, columns=["customer_id", "months", "discount", "discount_margin"]).astype(
            {"months": "float64", "discount_margin": "float64"}
        ),
        pd.DataFrame(rows, columns=["item", "value", "low", "high", "basis", "remark"]),
        followed,
    )


def outlook(hazards: dict[str, float], *, horizon=36, paces=None, seen=1000.0) -> pd.DataFrame:
    """Survival at constant monthly hazards; `paces` holds a list of draws' paces per customer."""
    columns = {"customer_id": list(hazards), "seen_months": seen}
    rate = np.array(list(hazards.values()))
    columns |= {f"survival_{month:02d}": np.exp(-rate * month) for month in range(1, horizon + 1)}
    for number in range(len(paces[0]) if paces else 0):
        columns[f"pace_{number + 1:02d}"] = [pace[number] for pace in paces]
    return pd.DataFrame(columns)


# ------------------------------------------------------------------------------------------------------------ by hand


def test_a_constant_hazard_and_margin_give_the_closed_geometric_sum():
    got = customer_value(margins({"a": 30.0}), outlook({"a": 0.02}), discount_rate=0.08).customers
    factor = np.exp(-0.02) * 1.08 ** (-1 / 12)
    closed = 30 * factor * (1 - factor**36) / (1 - factor)
    assert got["current_value"].item() == pytest.approx(closed, abs=1e-9)
    assert got["clv"].item() == got["current_value"].item()


def test_two_months_by_hand():
    margin = margins(
        {"a": 30.0},
        discounts=[("a", 1.5, 10.0, 10.0)],
        figures={"realisation": (0.9, np.nan), "drift": (1.21, np.nan), "contact_cost": (1.0, np.nan),
                 "service_cost": (2.0, np.nan)},
    )  # fmt: skip
    got = customer_value(margin, outlook({"a": 0.1}, horizon=2), discount_rate=0.44).customers
    months = [(30 - 10) * 0.9 * 1.21 ** (1 / 12) - 3, (30 - 5) * 0.9 * 1.21 ** (2 / 12) - 3]
    expected = sum(np.exp(-0.1 * k) * m / 1.44 ** (k / 12) for k, m in enumerate(months, start=1))
    assert got["current_value"].item() == pytest.approx(expected)


def test_the_columns_are_those_of_the_stage_table():
    got = customer_value(margins({"a": 30.0}), outlook({"a": 0.02}), discount_rate=0.08).customers
    assert list(got.columns) == COLUMNS
    assert got["potential_value"].isna().all()
    assert got["value_tier"].isna().all()


def test_what_was_received_moves_no_value():
    poor, rich = (margins({"a": 30.0}, received=received) for received in (0.0, 9999.0))
    got = [customer_value(margin, outlook({"a": 0.02}), discount_rate=0.08).customers for margin in (poor, rich)]
    assert [table["received_value"].item() for table in got] == [0, 9999]
    assert got[0]["clv"].item() == got[1]["clv"].item()


def test_who_holds_nothing_has_no_value_and_the_base_goes_without():
    valuation = customer_value(
        margins({"a": 30.0, "c": 10.0}), outlook({"c": 0.02, "b": 0.02, "a": 0.02}), discount_rate=0
    )
    got = valuation.customers.set_index("customer_id")
    assert got.loc["b", ["received_value", "current_value", "current_value_low", "clv"]].isna().all()
    assert got.loc["a", "clv"] == pytest.approx(3 * got.loc["c", "clv"])
    base = base_value(valuation).iloc[0]
    assert (base["customers"], base["total"]) == (2, pytest.approx(got["clv"].sum()))
    assert valuation.by_month["value"].sum() == pytest.approx(got["clv"].sum())


def test_serving_a_customer_may_cost_more_than_the_products_bring():
    margin = margins({"a": 1.0}, figures={"service_cost": (2.0, np.nan)})
    assert customer_value(margin, outlook({"a": 0.02}), discount_rate=0.08).customers["clv"].item() < 0


def test_more_customers_than_fit_a_chunk_have_the_same_values():
    ids = {f"c{number:06d}": 10.0 + number % 7 for number in range(CHUNK + 5)}
    ahead = outlook(dict.fromkeys(ids, 0.02), horizon=12)
    got = customer_value(margins(ids), ahead, discount_rate=0.08)
    last = customer_value(margins(ids), ahead.iloc[-5:], discount_rate=0.08)
    assert len(got.customers) == CHUNK + 5
    assert got.customers["clv"].tail(5).tolist() == last.customers["clv"].tolist()
    assert got.draws[:, -5:].tolist() == last.draws.tolist()


# ---------------------------------------------------------------------------------------------------------- intervals


def test_draws_move_survival_by_their_pace():
    paces = [[0.5, 1.0, 2.0]]
    got = customer_value(margins({"a": 30.0}), outlook({"a": 0.02}, paces=paces), discount_rate=0.0)
    expected = [30 * np.exp(-0.02 * pace * np.arange(1, 37)).sum() for pace in paces[0]]
    assert got.draws[:, 0] == pytest.approx(expected)
    row = got.customers.iloc[0]
    assert row["current_value"] - row["current_value_low"] == pytest.approx(1.8856181 * np.std(expected, ddof=1))
    assert row["current_value_high"] + row["current_value_low"] == pytest.approx(2 * row["current_value"])


def test_without_draws_of_the_model_the_interval_is_that_of_the_margin():
    unsure = margins({"a": 30.0}, figures={"realisation": (1.0, 1.1)})
    certain = customer_value(margins({"a": 30.0}), outlook({"a": 0.02}), discount_rate=0.0).customers.iloc[0]
    got = customer_value(unsure, outlook({"a": 0.02}), discount_rate=0.0).customers.iloc[0]
    assert certain["current_value_low"] == pytest.approx(certain["current_value"])
    assert got["current_value_low"] == pytest.approx(got["current_value"] * (1 - 1.3277 * 0.1 / 1.959964), rel=1e-4)


def test_drawn_figures_have_the_mean_and_the_spread_of_their_law():
    margin = margins({"a": 30.0}, figures={"drift": (0.99, 1.01), "contact_cost": (1.0, 1.2)})
    drawn = np.array(drawn_figures(margin))
    assert drawn.mean(axis=0) == pytest.approx(expected_figures(margin))
    assert drawn.std(axis=0, ddof=1) == pytest.approx([0, 0.02 / 1.959964, 0.2 / 1.959964])
    assert abs(np.corrcoef(drawn[:, 1], drawn[:, 2])[0, 1]) < 0.5
    assert drawn_figures(margin) == drawn_figures(margin)


def test_the_interval_of_an_expected_value_holds_it_four_times_in_five():
    random, held = np.random.default_rng(1), 0
    truth = 30 * np.exp(-0.02 * np.arange(1, 37)).sum()
    for _ in range(300):
        estimate = 0.02 * np.exp(random.normal(0, 0.1))
        paces = [np.exp(random.normal(0, 0.1, 20)).tolist()]
        row = customer_value(
            margins({"a": 30.0}), outlook({"a": estimate}, paces=paces), discount_rate=0.0
        ).customers.iloc[0]
        held += row["current_value_low"] <= truth <= row["current_value_high"]
    assert 0.73 <= held / 300 <= 0.87


def test_the_base_has_an_interval_for_each_of_its_unknowns():
    random = np.random.default_rng(2)
    fees = {f"c{number:04d}": float(fee) for number, fee in enumerate(random.gamma(4, 8, 2000))}
    paces = np.tile(np.exp(random.normal(0, 0.1, 20)), (2000, 1)).tolist()
    valuation = customer_value(margins(fees), outlook(dict.fromkeys(fees, 0.02), paces=paces), discount_rate=0.08)
    got = base_value(valuation).set_index("unknown")
    values = valuation.customers["current_value"]
    reach = (got["high"] - got["low"]) / 2 / 1.959964
    assert reach["customers"] == pytest.approx(values.std() * np.sqrt(2000), rel=0.2)
    assert reach["model"] == pytest.approx(valuation.draws.sum(axis=1).std(ddof=1))
    assert reach["both"] == pytest.approx(np.hypot(reach["customers"], reach["model"]))
    assert got["mean"].tolist() == [pytest.approx(values.mean())] * 3
    assert (got["mean_high"] * 2000).tolist() == pytest.approx(got["high"].tolist())


def test_a_larger_base_than_the_sample_has_an_interval_of_its_own_size(monkeypatch):
    random = np.random.default_rng(3)
    fees = {f"c{number:04d}": float(fee) for number, fee in enumerate(random.gamma(4, 8, 4000))}
    valuation = customer_value(margins(fees), outlook(dict.fromkeys(fees, 0.02), horizon=12), discount_rate=0.08)
    whole = base_value(valuation).iloc[0]
    monkeypatch.setattr("analysis.models.base_value.MOST", 1000)
    sampled = base_value(valuation).iloc[0]
    assert sampled["total"] == whole["total"]
    assert sampled["high"] - sampled["low"] == pytest.approx(whole["high"] - whole["low"], rel=0.3)


def test_the_order_of_customers_changes_no_interval_of_the_base():
    fees = {f"c{number:03d}": 10.0 + number for number in range(200)}
    ahead = outlook(dict.fromkeys(fees, 0.02), horizon=12)
    first, second = (
        base_value(customer_value(margins(fees), rows, discount_rate=0.08)) for rows in (ahead, ahead.iloc[::-1])
    )
    pd.testing.assert_frame_equal(first, second, rtol=1e-12)


def test_no_customers_are_worth_nothing_known():
    got = customer_value(margins({"a": 30.0}), outlook({"a": 0.02}).iloc[:0], discount_rate=0.08)
    assert list(got.customers.columns) == COLUMNS
    assert base_value(got)[["total", "low", "mean"]].isna().all(axis=None)


# -------------------------------------------------------------------------------------------------- what it rests on


def test_the_parts_of_the_value_by_hand():
    ahead = outlook({"a": 0.0, "b": 0.0}, seen=[30.0, 0.0])
    margin = margins({"a": 10.0, "b": 20.0}, followed=24.0)
    got = value_parts(customer_value(margin, ahead, discount_rate=0.0)).set_index("part")
    assert got["value"].to_dict() == pytest.approx(
        {"first_year": 360, "later": 720, "beyond_history": 360, "beyond_tenure": 6 * 10 + 36 * 20,
         "later_beyond_tenure": 6 * 10 + 24 * 20}
    )  # fmt: skip
    assert got["share"].tolist() == pytest.approx([1 / 3, 2 / 3, 1 / 3, 780 / 1080, 540 / 1080])


def test_the_share_beyond_what_was_observed_grows_with_the_horizon_and_shrinks_with_history():
    got = []
    for followed in (3.0, 12.0, 48.0):
        valuation = customer_value(margins({"a": 10.0}, followed=followed), outlook({"a": 0.02}), discount_rate=0.08)
        got.append(value_parts(valuation).set_index("part").loc["beyond_history", "share"])
    assert got[0] > got[1] > got[2] == 0
