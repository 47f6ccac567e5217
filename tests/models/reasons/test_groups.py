from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.families import FAMILIES
from analysis.models.reasons.groups import carriers, first_reasons, stability
from analysis.models.reasons.ranked import ACTIONABLE, COLUMNS, Reasons


def why(*, contract: int = 60, price: int = 30, use: int = 0, none: int = 0) -> Reasons:
    """Customers at the highest risk by first reason; contracts add 0.7, prices 0.3 and lead by little."""
    parts = [("contract", contract, 0.7), ("price", price, 0.3), ("use", use, 0.5), (None, none, 0.0)]
    rows = []
    for reason, many, adds in parts:
        for place in range(many):
            row = dict.fromkeys((f"adds_{name}" for name in FAMILIES), -0.1)
            row |= {f"adds_{reason}": adds, "adds_service": 0.15} if reason else {}
            carrier = None if reason is None else f"{reason}_months_left"
            state = f"{reason} ends" if reason and place % 3 else None
            again = {"contract": 0.9, "price": 0.6, "use": 0.9}.get(reason or "", np.nan)
            rows.append(row | {"reason_1": reason, "carrier_1": carrier, "state_1": state, "again": again})
    table = pd.DataFrame(rows).assign(highest=1)
    others = table.assign(highest=0)
    counts = np.array([[price, 0, 0, use, contract, 0]] * 2) + np.array([[3, 0, 0, 0, -3, 0], [-3, 0, 0, 0, 3, 0]])
    adds = np.zeros((2, len(ACTIONABLE)))
    adds[:, ACTIONABLE.index("contract")] = [0.6 * contract, 0.8 * contract]
    return Reasons(pd.concat([table, others], ignore_index=True).reindex(columns=COLUMNS), counts, adds, True, False)


def test_first_reasons_are_counted_among_the_customers_at_the_highest_risk():
    got = first_reasons(why(), smallest=11).set_index("reason")
    assert got["customers"].tolist() == [60, 30, 0, 0, 0, 0]
    assert got.index[:2].tolist() == ["contract", "price"]
    assert got["share"].iloc[:2].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert got["again"].iloc[:2].tolist() == pytest.approx([0.9, 0.6])


def test_the_interval_of_a_share_is_that_of_equally_likely_estimates():
    got = first_reasons(why(), smallest=11).set_index("reason").loc["contract"]
    # 57 and 63 of 90 customers: a standard deviation of 0.0471.
    assert (got["low"], got["high"]) == pytest.approx((2 / 3 - 1.96 * 0.0471405, 2 / 3 + 1.96 * 0.0471405), abs=1e-4)


def test_how_many_times_the_usual_risk_comes_from_what_the_reason_adds():
    got = first_reasons(why(), smallest=11).set_index("reason").loc["contract"]
    assert got["times"] == pytest.approx(np.exp(0.7))
    reach = 1.96 * np.std([0.6, 0.8], ddof=1)
    assert (got["times_low"], got["times_high"]) == pytest.approx((np.exp(0.7 - reach), np.exp(0.7 + reach)), rel=1e-4)


def test_few_customers_are_masked_and_so_is_what_would_give_them_away():
    got = first_reasons(why(use=4), smallest=11).set_index("reason")
    assert got["masked"].sum() == 2
    assert got.loc["use"].drop("masked").isna().all()
    assert got.loc[["contract"], "customers"].tolist() == [60]
    assert np.isnan(got.loc["price", "customers"])
    assert set(carriers(why(use=4), smallest=11)["reason"]) == {"contract"}


def test_who_has_no_reason_is_counted_as_such_where_there_is_anybody():
    got = first_reasons(why(none=20), smallest=11).set_index("reason")
    assert got.loc["none", "customers"] == 20
    assert got.loc["none", ["times", "again"]].isna().all()
    assert "none" not in first_reasons(why(), smallest=11)["reason"].tolist()


def test_a_family_that_no_covariate_speaks_of_is_left_out():
    one = why()
    rows = one.rows.assign(adds_competitor=0.0)
    got = first_reasons(Reasons(rows, one.drawn, one.drawn_adds, True, False), smallest=11)
    assert "competitor" not in got["reason"].tolist()


def test_carriers_are_told_with_the_name_of_their_value_and_few_are_taken_together():
    got = carriers(why(), smallest=11)
    # Of 30 with price as reason 20 have a named value: 10 others would be too few beside them.
    assert got.astype(object).where(got.notna(), None).values.tolist() == [
        ["contract", "contract_months_left", "contract ends", 40, pytest.approx(2 / 3)],
        ["contract", "contract_months_left", None, 20, pytest.approx(1 / 3)],
        ["price", "price_months_left", None, 30, 1.0],
    ]
    one = why(contract=0, price=30)
    rare = one.rows.assign(carrier_1=np.where(np.arange(60) % 30 < 6, "discount", one.rows["carrier_1"]))
    got = carriers(Reasons(rare, one.drawn, one.drawn_adds, True, False), smallest=11)
    assert (len(got), got["carrier"].isna().all(), got["customers"].tolist()) == (1, True, [30])


def test_stability_is_told_apart_for_close_leads():
    got = stability(why(), smallest=11)
    assert got.customers == 90
    assert got.again == pytest.approx((60 * 0.9 + 30 * 0.6) / 90)
    # Prices lead service by 0.3 - 0.15, contracts by 0.7 - 0.15.
    assert got[2:] == pytest.approx((1 / 3, 0.6, 0.9))
    assert np.isnan(stability(why(price=5), smallest=11)[2:]).all()
    assert np.isnan(stability(why(contract=3, price=5), smallest=11).again)


def test_where_the_forecast_knows_no_reasons_there_are_no_groups():
    assert first_reasons(None, smallest=11).empty
    assert carriers(None, smallest=11).empty
    assert np.isnan(stability(None, smallest=11).again)
