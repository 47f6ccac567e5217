from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.cox import fit_cox
from analysis.models.forecast import quarter_number
from analysis.models.movers.catalogue import MOVERS, Group, needed_columns
from analysis.models.movers.study import what_moves, what_moves_each_way

COMPLAINED, UNBOUND = "complained, last 3 months", "no contract running"
BUSINESS = "customer type: business, not household"


def ratio(study, what, period=""):
    rows = study.ratios[(study.ratios["what"] == what) & (study.ratios["period"] == period)]
    return tuple(rows[["ratio", "low", "high"]].iloc[0])


def reasons(study):
    return dict(zip(study.remarks["what"], study.remarks["reason"], strict=True))


def test_ratios_of_one_way_of_leaving_are_those_the_customers_left_by(customers):
    rows = customers(lambda people, _: 0.7 * people["complaints_3m"] - 0.5 * people["contract_bound"])
    got = what_moves(rows, "voluntary")
    assert got.verdict == ""
    value, low, high = ratio(got, COMPLAINED)
    assert low < np.exp(0.7) < high and value == pytest.approx(np.exp(0.7), rel=0.25)
    assert ratio(got, UNBOUND)[1] < np.exp(0.5) < ratio(got, UNBOUND)[2]
    assert ratio(got, BUSINESS)[1] < 1 < ratio(got, BUSINESS)[2]


def test_who_leaves_in_another_way_is_lost_from_sight_then(customers):
    rows = customers(lambda people, _: 0.7 * people["complaints_3m"])
    got = what_moves(rows, "moved")
    assert ratio(got, COMPLAINED)[1] < 1 < ratio(got, COMPLAINED)[2]
    assert got.leavers == ((rows["event"] == 1) & (rows["left_kind"] == "moved")).sum()
    assert what_moves(rows, None).leavers == rows["event"].sum()


def test_ratios_are_those_of_a_cox_model_stratified_by_quarter(customers):
    rows = customers(lambda people, _: 0.7 * people["complaints_3m"], count=600)
    values = pd.DataFrame(
        {
            UNBOUND: 1 - rows["contract_bound"],
            COMPLAINED: rows["complaints_3m"],
            BUSINESS: (rows["customer_type"] == "business") * 1.0,
        }
    )
    times = pd.DataFrame({"entry": rows["start"], "exit": rows["stop"], "event": rows["event"]})
    fit = fit_cox(values, times=times, strata=quarter_number(rows["landmark"]), cluster=rows["customer_id"])
    got = what_moves(rows, None).ratios
    assert got["what"].tolist() == list(fit.names)
    assert got["ratio"].to_numpy() == pytest.approx(np.exp(fit.coefficients["coefficient"].to_numpy()))
    assert got["low"].to_numpy() == pytest.approx(np.exp(fit.coefficients["low"].to_numpy()))


def test_the_order_of_rows_and_customers_seen_twice_change_nothing(customers):
    rows = customers(count=500)
    shuffled = rows.sample(frac=1, random_state=3).reset_index(drop=True)
    pd.testing.assert_frame_equal(what_moves(shuffled, None).ratios, what_moves(rows, None).ratios)


# ----------------------------------------------------------------------------------------- ratios that are not the same


def test_a_ratio_that_fades_is_told_early_and_late(customers):
    rows = customers(lambda people, tenure: 1.2 * people["complaints_3m"] * (tenure < 24), count=5000)
    got = what_moves(rows, "voluntary")
    assert got.turn == 24
    assert got.tests.set_index("mover")["done"].to_dict()[COMPLAINED] == "split"
    assert ratio(got, COMPLAINED, "early")[1] < np.exp(1.2) < ratio(got, COMPLAINED, "early")[2]
    assert ratio(got, COMPLAINED, "late")[1] < 1 < ratio(got, COMPLAINED, "late")[2]
    assert ratio(got, UNBOUND)[1] < 1 < ratio(got, UNBOUND)[2]


def test_ratios_that_are_the_same_are_told_once(customers):
    got = what_moves(customers(lambda people, _: 0.7 * people["complaints_3m"]), "voluntary")
    assert got.turn is None
    assert set(got.tests["done"]) == {"same"}
    assert set(got.ratios["period"]) == {""}


def test_what_changes_but_has_too_few_leavers_on_a_side_gets_a_baseline_of_its_own(customers):
    """Of those who complained nearly all left at once: afterwards fewer than eleven did."""
    rows = customers(lambda people, tenure: people["complaints_3m"] * np.where(tenure < 6, 1.6, -4), count=4000)
    rows = rows[(rows["complaints_3m"] == 0) | (rows["start"] < 8) | (rows["event"] == 0)]
    got = what_moves(rows, None)
    assert got.tests.set_index("mover").loc[COMPLAINED, "done"] == "stratified"
    assert COMPLAINED not in set(got.ratios["what"])
    assert reasons(got)[COMPLAINED] == (
        "Its ratio changes with tenure, and too few left to tell it early and late: customers are compared within it."
    )
    assert UNBOUND in set(got.ratios["what"])


def test_what_still_changes_within_its_periods_is_said_to(customers):
    rows = customers(
        lambda people, tenure: people["complaints_3m"] * np.select([tenure < 8, tenure < 24], [2.0, 0.2], -1.0),
        count=9000,
    )
    assert what_moves(rows, "voluntary").tests.set_index("mover").loc[COMPLAINED, "done"] == "still"


# ------------------------------------------------------------------------------------------------------- the pre-flight


@pytest.mark.parametrize(
    ("left", "verdict"),
    [
        (0, "Nobody left so while observed."),
        (7, "Fewer than 20 left so: too few to compare anything."),
        (19, "Fewer than 20 left so: too few to compare anything."),
    ],
)
def test_of_too_few_leavers_nothing_is_told(customers, left, verdict):
    rows = customers(count=400).assign(event=0)
    rows.loc[rows.index[:left], "event"] = 1
    got = what_moves(rows, None)
    assert (got.verdict, got.leavers, len(got.ratios), len(got.tests)) == (verdict, left, 0, 0)


def test_where_everybody_left_nothing_is_told(customers):
    got = what_moves(customers(count=400).assign(event=1), None)
    assert got.verdict == "Everybody left so while observed: nobody is there to compare them with."
    assert got.ratios.empty


def test_where_all_are_alike_nothing_is_told(customers):
    rows = customers(complaints_3m=0.0, contract_bound=1.0, customer_type="household")
    got = what_moves(rows, None)
    assert got.verdict == "Nothing that differs between customers can be compared."


def test_a_thing_that_settles_who_leaves_is_left_out_with_its_reason(customers):
    rows = customers()
    rows["mentions_3m"] = np.where(rows["event"] == 1, 0.0, rows["complaints_3m"])
    got = what_moves(rows, None)
    assert reasons(got)["spoke of a competitor, last 3 months"] == "Fewer than 11 of those who left so had it."
    assert (got.ratios["ratio"] < 20).all()


def test_a_ratio_beyond_all_sense_is_not_told(customers):
    rows = customers()
    random = np.random.default_rng(2).random(len(rows))
    rows["overdue_bills"] = np.where(rows["event"] == 1, random < 0.6, random < 0.02) * 1.0
    got = what_moves(rows, "voluntary")
    assert "a bill overdue" not in set(got.ratios["what"])
    assert reasons(got)["a bill overdue"].startswith("Its ratio is beyond 20-fold")


def test_what_repeats_another_goes_and_says_so(customers):
    rows = customers()
    rows["mentions_3m"] = rows["complaints_3m"]
    got = what_moves(rows, None)
    assert reasons(got)[COMPLAINED] == "It repeats spoke of a competitor, last 3 months."


def test_a_source_that_tells_nothing_of_its_customers_has_nothing_to_compare(customers):
    kept = ["customer_id", "landmark", "start", "stop", "event", "left_kind", "at_quarter_end"]
    got = what_moves(customers()[kept], None)
    assert got.verdict == "Nothing that differs between customers can be compared."
    assert got.remarks.empty


def test_what_is_empty_or_the_same_for_all_is_left_out_and_says_so(customers):
    got = what_moves(customers(overdue_bills=np.nan, nps_score=9.0, area_type="urban", technology=None), None)
    assert set(got.ratios["what"]) == {UNBOUND, COMPLAINED, BUSINESS}
    assert reasons(got) == {
        "a bill overdue": "It is empty.",
        "would not recommend the company": "It is the same for everyone.",
        "contract ends within 3 months": "It is the same for everyone.",
        "each product more": "It is the same for everyone.",
        "area": "It is the same for everyone.",
        "technology": "It is empty.",
    }


def test_a_level_of_a_few_leavers_is_not_told_and_does_not_join_the_commonest(customers):
    rows = customers()
    rows["customer_type"] = np.where(rows["customer_id"] < "c00030", "school", rows["customer_type"])
    got = what_moves(rows, None)
    school = "customer type: school, not household"
    assert reasons(got)[school] == "Fewer than 11 of those who left so had it."
    assert BUSINESS in set(got.ratios["what"])


def test_with_fewer_than_ten_leavers_each_only_the_first_of_the_list_are_compared(customers):
    hours = np.random.default_rng(8).exponential(60, 400)
    rows = customers(count=400, base=0.006, contract_bound=np.arange(400) % 2 * 1.0, outage_minutes_3m=hours)
    got = what_moves(rows, None)
    assert 20 <= got.leavers < 30
    assert got.ratios["what"].tolist() == [UNBOUND, COMPLAINED]
    said = "Enough left so for 2 comparisons only, and others come first."
    assert reasons(got)["each hour of outage a month"] == said


def test_a_refused_column_is_not_used(customers):
    got = what_moves(customers(), None, without=["complaints_3m"])
    assert COMPLAINED not in {*got.ratios["what"], *got.remarks["what"]}


def test_what_leaving_itself_is_made_of_is_not_asked_of_it(customers):
    rows = customers(overdue_bills=1.0)
    rows["overdue_bills"] = (np.random.default_rng(5).random(len(rows)) < 0.3) * 1.0
    rows["left_kind"] = rows["left_kind"].replace("moved", "non_payment")
    assert "a bill overdue" in set(what_moves(rows, "voluntary").ratios["what"])
    assert "a bill overdue" not in set(what_moves(rows, "non_payment").ratios["what"])


def test_contacts_are_held_constant_and_not_told(customers):
    rows = customers()
    rows["contacted_3m"] = rows["complaints_3m"] * (np.random.default_rng(6).random(len(rows)) < 0.6)
    got = what_moves(rows, None)
    assert not got.ratios["what"].str.contains("campaign").any()
    assert ratio(got, COMPLAINED) != ratio(what_moves(rows, None, without=["contacted_3m"]), COMPLAINED)


def test_terms_that_the_source_tells_better_stand_for_themselves(customers):
    rows = customers()
    rows["contract_months"] = np.where(rows["contract_bound"] == 1, 24, 1)
    assert "monthly terms" not in set(what_moves(rows, None).ratios["what"])
    assert "monthly terms" in set(what_moves(rows.drop(columns="contract_bound"), None).ratios["what"])


def test_every_mover_has_a_name_of_its_own_and_a_family():
    words = [one.words for one in MOVERS]
    assert len(words) == len(set(words))
    assert needed_columns() == sorted(set(needed_columns()))
    assert all(isinstance(one, Group) or one.needs for one in MOVERS)


def test_each_way_of_leaving_is_asked_by_itself_and_all_together_where_none_is_known(customers):
    rows = customers()
    asked = {"known_at": {}, "refused_already": None, "smallest": 11}
    assert [one.kind for one in what_moves_each_way(rows, **asked)] == ["voluntary", "non_payment", "moved"]
    assert [one.kind for one in what_moves_each_way(rows.assign(left_kind=None), **asked)] == [None]


def test_what_was_written_after_leaving_is_not_used(customers):
    rows = customers()
    snapshot = what_moves_each_way(rows, known_at={"complaints_3m": "snapshot"}, refused_already=None, smallest=11)
    assert COMPLAINED not in set(snapshot[0].ratios["what"])
    rows["complaints_3m"] = (rows.groupby("customer_id")["event"].transform("max") == 1) * 1.0
    copied = what_moves_each_way(rows, known_at={}, refused_already=None, smallest=11)
    assert COMPLAINED not in set(copied[0].ratios["what"])


def test_where_nobody_was_under_observation_nothing_is_told(customers):
    [got] = what_moves_each_way(customers().head(0), known_at={}, refused_already=None, smallest=11)
    assert (got.kind, got.verdict) == (None, "Nobody was under observation with a product.")
