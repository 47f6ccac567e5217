"""The hazard by hand, family by family, and what it does to a base of thousands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.demo import hazard
from analysis.extracts.demo.names import KINDS, REASONS
from analysis.extracts.demo.parameters import Hazard

H = Hazard()
UNTIL = pd.Timestamp("2026-09-30")


@pytest.fixture
def pair(households, january):
    """Two households alike, two years (730.5 days) with the provider; a test changes the second."""
    return households(2, signup=january.first - 730)


def test_contributions_and_the_base_sum_to_the_log_of_the_hazard(pair, january):
    pair.satisfaction[:] = 0.3
    pair.frailty[:] = -0.2
    parts = hazard.contributions(pair, january)
    assert np.log(hazard.voluntary(pair, january)) == pytest.approx(H.base + sum(parts.values()))
    assert set(parts) == {
        "price", "service", "competitor", "use", "contract", "payment", "profile", "season", "contact",
        "frailty", "offers", "shock",
    }  # fmt: skip


def test_with_nothing_felt_only_tenure_and_season_are_left(pair, january):
    rural = H.rural * january.world.areas.rural[0]
    parts = hazard.contributions(pair, january)
    got = {name: float(part[0]) for name, part in parts.items() if part[0] != 0}
    assert got == {"profile": pytest.approx(rural + H.tenure * np.log(1 + 730 / 365.25)), "season": H.season}


@pytest.mark.parametrize(
    ("changes", "family", "expected"),
    [
        ({"fee": 4_000, "discount": 1_000}, "price", 0.25 * H.discount),
        ({"lost": 0.25, "lost_age": 2}, "price", 0.25 * H.promotion_end),
        ({"lost": 0.25, "lost_age": 3}, "price", 0.0),
        ({"rise": 0.05, "rise_age": 0}, "price", 0.05 * H.price_rise),
        ({"satisfaction": -1.0}, "service", -H.satisfaction),
        ({"complaints": 1.5, "tickets": 2.0}, "service", 1.5 * H.complaint + 2.0 * H.ticket),
        ({"mentions": 2.0}, "competitor", H.mention),
        ({"felt_fall": 0.4}, "use", 0.4 * H.falling),
        ({"unpaid": 5}, "payment", 3 * H.overdue),
        ({"contact_effect": -0.6, "contact_age": 2}, "contact", -0.6),
        ({"contact_effect": -0.6, "contact_age": 3}, "contact", -0.3),
        ({"contact_effect": -0.6, "contact_age": 6}, "contact", 0.0),
        ({"frailty": 0.7}, "frailty", 0.7),
    ],
)
def test_a_family_adds_what_its_parameters_say(pair, january, changes, family, expected):
    for name, value in changes.items():
        values = getattr(pair, name)
        values[(1, 0) if values.ndim == 2 else 1] = value
    got = hazard.contributions(pair, january)[family]
    assert got[1] - got[0] == pytest.approx(expected)


def test_a_promotion_that_ends_this_month_drives_away_already(pair, january):
    pair.discount[1, 0] = 1_000
    pair.discount_end[1, 0] = january.first + 14
    assert hazard.price(pair, january) == pytest.approx([0, 0.25 * (H.discount + H.promotion_end)])


@pytest.mark.parametrize(
    ("days", "expected"), [(0, H.contract_end), (30, H.contract_end), (31, H.bound + H.last_months), (120, H.bound)]
)
def test_a_contract_binds_until_the_month_of_its_end(pair, january, days, expected):
    pair.term_end[1, 0] = january.first + days
    assert hazard.contract(pair, january) == pytest.approx([0, expected])


def test_nobody_leaves_who_is_not_there_or_is_a_test_line(households, january):
    state = households(3, signup=january.first - 400)
    state.active[1] = False
    state.line[2] = 1
    got = hazard.hazards(state, january).sum(axis=0)
    assert got[0] > 0
    assert (got[1:] == 0).all()


def test_unpaid_bills_lead_to_being_cut_off_and_age_to_death(households, january):
    state = households(3, signup=january.first - 400)
    state.unpaid[:] = [0, 3, 9]
    state.birth_year[:] = [1940, 2000, -1]
    assert hazard.non_payment(state, january) == pytest.approx([0, 0.22, 0.38])
    assert hazard.death(state, january)[0] > 100 * hazard.death(state, january)[1]
    assert hazard.death(state, january)[2] == 0


def base_on(customers: pd.DataFrame, day: str) -> pd.DataFrame:
    return customers[(customers["signup_date"] <= day) & ~(customers["churn_date"] <= day)]


def without_moves(customers: pd.DataFrame) -> pd.DataFrame:
    """A house move with us is no leaving."""
    return customers.assign(churn_date=customers["churn_date"].mask(customers["churn_reason"] == "moved with us"))


def test_between_12_and_18_of_a_hundred_households_leave_in_a_year(ordinary):
    households = without_moves(ordinary[ordinary["customer_type"] == "household"])
    for year in (2023, 2024, 2025):
        base = base_on(households, f"{year}-09-30")
        assert 0.12 <= (base["churn_date"] <= f"{year + 1}-09-30").mean() <= 0.18


def test_every_kind_of_leaving_happens_and_choice_is_the_commonest(tables):
    got = tables["customers"]["churn_kind"].value_counts()
    assert set(got.index) == set(KINDS)
    assert got.index[0] == "voluntary"
    assert got["voluntary"] / got.sum() > 0.6
    assert set(tables["customers"]["churn_reason"].dropna()) <= set(REASONS)


def left_within(tables: dict[str, pd.DataFrame], day: str, months: int) -> tuple[pd.DataFrame, pd.Series]:
    """Main products held on a day, and who of their customers left by choice in the months after it."""
    rows, until = tables["subscriptions"], pd.Timestamp(day) + pd.DateOffset(months=months)
    held = rows[(rows["start_date"] <= day) & ~(rows["end_date"] <= day) & (rows["product"] == "broadband")]
    customers = tables["customers"].set_index("customer_id").loc[held["customer_id"]]
    left = (customers["churn_kind"] == "voluntary") & (customers["churn_date"] <= until)
    return held, pd.Series(left.to_numpy(), index=held.index)


def test_customers_on_monthly_terms_leave_twice_as_often_as_those_bound_for_longer(tables):
    shares = []
    for day in ("2023-12-31", "2024-06-30", "2025-01-31", "2025-08-31", "2026-03-31"):
        held, left = left_within(tables, day, 3)
        bound = held["contract_end_date"] > pd.Timestamp(day) + pd.DateOffset(months=3)
        shares.append((left[held["contract_months"] == 1].mean(), left[bound].mean()))
    monthly, bound_share = np.mean(shares, axis=0)
    assert monthly > 2 * bound_share


def test_leaving_is_commoner_in_the_months_after_a_promotions_end(tables):
    rows = tables["subscriptions"]
    ended = rows[(rows["end_date"] == rows["discount_end_date"]) & (rows["end_date"] >= "2023-10-01")]
    following = ended.merge(
        rows, left_on=["customer_id", "product", "end_date"], right_on=["customer_id", "product", "start_date"]
    )
    people = tables["customers"].set_index("customer_id")
    chosen = people["churn_date"].where(people["churn_kind"] == "voluntary")  # a price moves nobody to another town
    left = chosen.loc[following["customer_id"]]
    wait = (left.to_numpy() - following["end_date_x"].to_numpy()).astype("timedelta64[D]").astype(float)
    soon = ((wait >= 0) & (wait < 90)).sum()
    later = ((wait >= 180) & (wait < 270)).sum()
    assert soon > 1.5 * later


def test_many_who_leave_by_choice_out_of_a_contract_do_so_on_its_last_day(tables):
    rows = tables["subscriptions"].merge(tables["customers"], on="customer_id")
    last = rows[(rows["end_date"] == rows["churn_date"]) & (rows["product"] == "broadband")]
    last = last[(last["contract_months"] > 1) & (last["churn_kind"] == "voluntary")]
    on_the_day = last["contract_end_date"] == last["churn_date"]
    assert 0.2 < on_the_day.mean() < 0.8


def test_days_of_leaving_are_spread_over_the_month(ordinary):
    days = ordinary["churn_date"].dt.day.value_counts(normalize=True)
    assert set(days.index) == set(range(1, 32))
    assert days.max() < 0.07


def test_usage_falls_before_some_leave_by_choice(tables):
    customers = tables["customers"].set_index("customer_id")
    usage = tables["usage"][tables["usage"]["download_gb"] > 0]
    by = usage.pivot(index="customer_id", columns="month", values="download_gb")
    change = np.log(by[pd.Timestamp("2026-03-01")] / by[pd.Timestamp("2025-10-01")]).dropna()
    left = customers.loc[change.index, "churn_date"].between("2026-04-01", "2026-09-30")
    chosen = left & (customers.loc[change.index, "churn_kind"] == "voluntary")
    fell = change < change.median() - 0.6
    assert fell[chosen].mean() > 1.5 * fell[~chosen].mean()
