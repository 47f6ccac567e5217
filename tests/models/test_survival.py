from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.exceptions import StatError

from analysis.basis.errors import AnalysisFailed
from analysis.models.survival import kaplan_meier, median_survival, survival_at

TRUNCATED = ["monthly", "daily", "gaps", "emptied", "level_at_half", "weighted"]
OBSERVED_FROM_THE_START = ["lung_by_performance", "lung_by_sex"]
COLUMNS = ["entry", "exit", "event", "n"]


def counted(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


def seven_patients():
    """Set 1 of Therneau and Grambsch (2000); the one without a status is left out."""
    times, left = [9, 1, 1, 6, 6, 8], [1, 1, 0, 1, 1, 0]
    return pd.DataFrame({"entry": 0, "exit": times, "event": left, "n": 1})


# ------------------------------------------------------------------------------------------------------------ by hand


def test_six_patients_give_the_published_steps():
    got = survival_at(kaplan_meier(seven_patients()), [1, 6, 9])
    assert got["survival"].tolist() == pytest.approx([5 / 6, 5 / 12, 0])


def test_late_entrants_count_from_their_entry_on():
    got = kaplan_meier(counted((0, 2, 1, 1), (0, 5, 0, 3), (2, 4, 1, 2)))
    assert got["time"].tolist() == [0, 2, 4, 5]
    assert got["at_risk"].tolist() == [4, 4, 5, 3]
    assert got["events"].tolist() == [0, 1, 2, 0]
    assert got["censored"].tolist() == [0, 0, 0, 3]
    assert got["survival"].tolist() == pytest.approx([1, 3 / 4, 3 / 4 * 3 / 5, 3 / 4 * 3 / 5])


def test_the_curve_starts_at_one_with_those_observed_from_their_first_day():
    got = kaplan_meier(counted((0, 3, 1, 2), (1, 3, 0, 5))).iloc[0]
    assert got.to_dict() == {"time": 0, "at_risk": 2, "events": 0, "censored": 0, "survival": 1, "low": 1, "high": 1}


def test_without_leavers_the_curve_is_flat_and_its_interval_missing():
    got = kaplan_meier(counted((0, 3, 0, 20), (1, 6, 0, 5)))
    assert got["survival"].tolist() == [1, 1, 1]
    assert got[["low", "high"]].iloc[1:].isna().all(axis=None)
    assert np.isnan(median_survival(got)).all()


def test_once_everyone_has_left_later_entrants_do_not_lift_the_curve():
    got = kaplan_meier(counted((0, 2, 1, 4), (5, 7, 0, 9)))
    assert got["survival"].tolist() == [1, 0, 0]
    assert got["at_risk"].tolist() == [4, 4, 9]
    assert got["low"].isna().tolist() == [False, True, True]


def test_a_gap_without_anyone_at_risk_leaves_the_curve_where_it_was():
    got = kaplan_meier(counted((0, 1, 1, 1), (0, 2, 0, 3), (6, 8, 1, 1), (6, 9, 0, 1)))
    assert got["survival"].tolist() == pytest.approx([1, 3 / 4, 3 / 4, 3 / 8, 3 / 8])


def test_the_interval_is_log_log_on_greenwoods_variance():
    got = kaplan_meier(counted((0, 1, 1, 20), (0, 2, 0, 80))).iloc[1]
    spread = 1.959963984540054 * np.sqrt(20 / (100 * 80)) / -np.log(0.8)
    assert (got["low"], got["high"]) == pytest.approx((0.8 ** np.exp(spread), 0.8 ** np.exp(-spread)))


def test_a_lower_level_gives_a_narrower_interval():
    rows = counted((0, 1, 1, 20), (0, 2, 0, 80))
    wide, narrow = (kaplan_meier(rows, level=level).iloc[1] for level in (0.95, 0.8))
    assert wide["low"] < narrow["low"] < 0.8 < narrow["high"] < wide["high"]


def test_survival_is_read_off_the_steps_and_stays_flat_after_the_last_exit():
    curve = kaplan_meier(counted((0, 2, 1, 1), (0, 5, 0, 3)))
    got = survival_at(curve, [6, 0, 1.9, 2, 3])
    assert got["time"].tolist() == [6, 0, 1.9, 2, 3]
    assert got["survival"].tolist() == [0.75, 1, 1, 0.75, 0.75]
    assert got["at_risk"].tolist() == [0, 4, 4, 4, 3]


@pytest.mark.parametrize(("times", "found"), [([1, -0.5], "-0.5"), ([float("nan")], "nan")])
def test_survival_at_an_impossible_time_is_refused(times, found):
    curve = kaplan_meier(counted((0, 2, 1, 1)))
    with pytest.raises(AnalysisFailed) as refusal:
        survival_at(curve, times)
    assert str(refusal.value) == f"survival_at: expected times of 0 or more months, found {found}. Ask for other times."


def test_the_median_of_a_curve_level_at_one_half_is_the_middle_of_that_stretch():
    got = median_survival(kaplan_meier(counted((0, 3, 1, 1), (0, 4, 1, 1), (0, 6, 1, 1), (0, 9, 0, 1))))
    assert got.median == 5


def test_a_median_that_is_not_reached_is_missing():
    got = median_survival(kaplan_meier(counted((0, 1, 1, 20), (0, 2, 0, 80))))
    assert np.isnan(got).all()


def test_impossible_counts_are_refused():
    with pytest.raises(
        AnalysisFailed,
        match="expected an exit later than the entry, found entry 3, exit 2, event 1, n 1; rows like it: 1",
    ):
        kaplan_meier(counted((3, 2, 1, 1)))


# ------------------------------------------------------------------------------------------------------ outside truth


@pytest.mark.parametrize("name", TRUNCATED + OBSERVED_FROM_THE_START)
def test_the_curve_equals_that_of_r(yardsticks, name):
    expected = pd.DataFrame(yardsticks[name]["curve"], dtype=float)
    got = kaplan_meier(pd.DataFrame(yardsticks[name]["rows"])).iloc[1:].reset_index(drop=True)
    counts = ["at_risk", "events", "censored"]
    pd.testing.assert_frame_equal(got[counts], expected[counts].astype("int64"))
    shares = ["time", "survival", "low", "high"]
    pd.testing.assert_frame_equal(got[shares], expected[shares], rtol=0, atol=1e-8)


@pytest.mark.parametrize("name", TRUNCATED + OBSERVED_FROM_THE_START)
def test_survival_at_chosen_times_equals_that_of_r(yardsticks, name):
    expected = pd.DataFrame(yardsticks[name]["times"], dtype=float)
    got = survival_at(kaplan_meier(pd.DataFrame(yardsticks[name]["rows"])), expected["time"])
    pd.testing.assert_frame_equal(got[expected.columns].astype(float), expected, rtol=0, atol=1e-8)


@pytest.mark.parametrize("name", TRUNCATED + OBSERVED_FROM_THE_START)
def test_the_median_equals_that_of_r(yardsticks, name):
    expected = np.array(yardsticks[name]["median"], dtype=float)
    got = median_survival(kaplan_meier(pd.DataFrame(yardsticks[name]["rows"])))
    assert got == pytest.approx(expected, abs=1e-8, nan_ok=True)


def test_the_yardsticks_hold_what_they_are_for(yardsticks):
    rows = {name: pd.DataFrame(yardsticks[name]["rows"]) for name in TRUNCATED}
    assert all((table["entry"] > 0).any() for table in rows.values())
    assert len(rows["daily"]) == 2000
    assert rows["monthly"]["exit"].nunique() < len(rows["monthly"]) / 20
    assert rows["weighted"]["n"].max() > 30
    assert yardsticks["lung_by_sex"]["median"][0] == 310


@pytest.mark.parametrize("name", ["monthly", "daily", "weighted", *OBSERVED_FROM_THE_START])
def test_the_curve_equals_that_of_lifelines(yardsticks, name):
    rows = pd.DataFrame(yardsticks[name]["rows"])
    other = KaplanMeierFitter().fit(rows["exit"], rows["event"], entry=rows["entry"], weights=rows["n"])
    got = kaplan_meier(rows)
    expected = other.survival_function_at_times(got["time"]).to_numpy()
    assert got["survival"].to_numpy() == pytest.approx(expected, abs=1e-12)


def test_lifelines_refuses_an_early_gap_which_is_why_the_sums_are_our_own(yardsticks):
    rows = pd.DataFrame(yardsticks["gaps"]["rows"])
    with pytest.raises(StatError, match="too few early truncation times"):
        KaplanMeierFitter().fit(rows["exit"], rows["event"], entry=rows["entry"])


def ibm_days(shared_data):
    folder = shared_data / "ibm_telco_multitable"
    services = pd.read_csv(folder / "Telco_customer_churn_services.csv", usecols=["Customer ID", "Tenure in Months"])
    status = pd.read_csv(folder / "Telco_customer_churn_status.csv", usecols=["Customer ID", "Churn Value"])
    both = services.merge(status, on="Customer ID", validate="one_to_one")
    days = np.floor(both["Tenure in Months"] * 30.4375)
    return pd.DataFrame({"exit": days / 30.4375, "days": days, "event": both["Churn Value"], "n": 1})


def test_the_honest_reading_of_the_ibm_sample(shared_data):
    rows = ibm_days(shared_data)
    eve = (pd.Timestamp("2019-09-30") - pd.Timestamp("2019-06-30")).days
    rows["entry"] = (rows["days"] - eve).clip(lower=0) / 30.4375
    got = survival_at(kaplan_meier(rows), [3, 12, 24, 48])
    assert (len(rows), rows["event"].sum()) == (7043, 1869)
    assert got["survival"].tolist() == pytest.approx([0.4682, 0.1567, 0.0580, 0.0142], abs=1e-4)


def test_the_naive_reading_of_the_ibm_sample(shared_data):
    curve = kaplan_meier(ibm_days(shared_data).assign(entry=0.0))
    got = survival_at(curve, [12, 24, 48, 72])
    assert got["survival"].tolist() == pytest.approx([0.8434, 0.7890, 0.7090, 0.5930], abs=1e-4)
    assert curve["time"].max() == pytest.approx(71.98, abs=0.005)


# --------------------------------------------------------------------------------------------------------- identities

DAYS = st.integers(0, 40)
EPISODES = st.lists(
    st.tuples(DAYS, st.integers(1, 40), st.integers(0, 1), st.integers(1, 9)), min_size=1, max_size=30
).map(lambda rows: counted(*[(entry, entry + length, event, n) for entry, length, event, n in rows]))


def in_months(rows):
    return rows.assign(entry=rows["entry"] / 30.4375, exit=rows["exit"] / 30.4375)


def cut_at(rows, days):
    """The same customers, each episode cut at the given days it spans."""
    pieces = []
    for row in rows.itertuples():
        edges = [row.entry, *(day for day in sorted(days) if row.entry < day < row.exit), row.exit]
        ends = [*[0] * (len(edges) - 2), row.event]
        pieces += [(start, stop, event, row.n) for start, stop, event in zip(edges, edges[1:], ends, strict=False)]
    return counted(*pieces)


@settings(max_examples=60, deadline=None)
@given(EPISODES, st.sets(st.integers(1, 79), max_size=12))
def test_cut_and_uncut_episodes_give_the_same_curve(rows, days):
    whole, cut = kaplan_meier(in_months(rows)), kaplan_meier(in_months(cut_at(rows, days)))
    got = survival_at(cut, whole["time"]).drop(columns="at_risk")
    pd.testing.assert_frame_equal(got, whole[got.columns], rtol=0, atol=1e-12)
    assert cut.loc[cut["time"].isin(whole["time"]), "at_risk"].tolist() == whole["at_risk"].tolist()
    assert cut["survival"].nunique() == whole["survival"].nunique()


@settings(max_examples=60, deadline=None)
@given(EPISODES)
def test_counts_as_weights_give_the_same_curve_as_single_rows(rows):
    single = rows.loc[rows.index.repeat(rows["n"])].assign(n=1)
    pd.testing.assert_frame_equal(kaplan_meier(in_months(rows)), kaplan_meier(in_months(single)), check_exact=True)


@settings(max_examples=60, deadline=None)
@given(EPISODES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, random):
    order = random.sample(range(len(rows)), len(rows))
    pd.testing.assert_frame_equal(kaplan_meier(rows), kaplan_meier(rows.iloc[order]), check_exact=True)


@settings(max_examples=60, deadline=None)
@given(EPISODES)
def test_the_curve_falls_from_one_and_lies_inside_its_interval(rows):
    got = kaplan_meier(rows)
    known = got.dropna()
    assert got["survival"].iloc[0] == 1
    assert got["survival"].is_monotonic_decreasing
    assert got["survival"].between(0, 1).all()
    assert (known["low"] <= known["survival"]).all()
    assert (known["survival"] <= known["high"]).all()


def test_three_thousand_cells_take_well_under_fifty_milliseconds():
    random = np.random.default_rng(1)
    entry = random.integers(0, 1500, 3000)
    stop, event = entry + random.integers(1, 92, 3000), random.integers(0, 2, 3000)
    rows = pd.DataFrame({"entry": entry, "exit": stop, "event": event, "n": entry + 1})
    kaplan_meier(in_months(rows))
    spent = []
    for _ in range(5):
        begin = time.perf_counter()
        kaplan_meier(in_months(rows))
        spent.append(time.perf_counter() - begin)
    assert min(spent) < 0.05


def test_a_median_that_a_few_customers_decided_is_not_told():
    curve = pd.DataFrame(
        {"time": [0.0, 2.0, 5.0], "at_risk": [20, 20, 4], "survival": [1.0, 0.6, 0.4], "low": 0.1, "high": 0.9}
    )
    assert median_survival(curve).median == 5.0
    assert np.isnan(median_survival(curve, smallest=11)).all()
    assert median_survival(curve, smallest=4).median == 5.0
