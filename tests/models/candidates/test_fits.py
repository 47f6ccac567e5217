from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from analysis.models import forecast
from analysis.models.candidates.boosting import Rows, _fitted, fit_boosting
from analysis.models.candidates.field import FITTERS, fitted, fitted_field
from analysis.models.candidates.learning import Learning, NotFitted, whole_customers
from analysis.models.candidates.logistic import fit_logistic
from analysis.models.encoder import fit_encoder

AS_OF = dt.date(2026, 9, 30)
COLUMNS = ["mood", "noise", "technology"]


def learning(rows: pd.DataFrame, columns: list[str] = COLUMNS) -> Learning:
    known = forecast.known_at(rows, AS_OF)
    return Learning(known, AS_OF, fit_encoder(known, columns))


@pytest.fixture(scope="module")
def moody(provider):
    made = provider(2500, base=0.02, effect=0.8)
    return made, learning(made.rows)


@pytest.mark.parametrize("name", ["cox", "aft", "logistic", "boosting"])
def test_a_candidate_ranks_customers_by_what_drives_them_and_gets_the_level_right(moody, name):
    made, known = moody
    risk = 1 - np.exp(-fitted(name, known).hazards(made.active)[:, 1])
    true = made.active["true_3m"].to_numpy()
    assert np.corrcoef(np.log(risk), np.log(true))[0, 1] > 0.95
    assert risk.mean() / true.mean() == pytest.approx(1, abs=0.1)
    assert np.polyfit(np.log(risk), np.log(true), 1)[0] == pytest.approx(1, abs=0.2)


def test_the_null_gives_everyone_of_a_tenure_the_same_hazard(moody):
    made, known = moody
    got = fitted("kaplan_meier", known).hazards(made.active.assign(tenure_months=7.0))
    assert (got == got[0]).all()
    assert (np.diff(got[0], prepend=0) > 0).all()


@pytest.mark.parametrize("name", list(FITTERS))
def test_draws_are_as_many_as_promised_rise_over_the_grid_and_repeat(moody, name):
    made, known = moody
    fit, few = fitted(name, known), made.active.head(50)
    got = fit.draws(few)
    assert got.shape == (20, 50, 5)
    assert got.dtype == np.float32
    assert (np.diff(got, axis=2, prepend=0) >= 0).all()
    np.testing.assert_array_equal(got, fit.draws(few))


def test_draws_of_a_coefficient_spread_as_its_sampling_error(provider):
    """Mood counts 0.8 per unit; over providers, its estimate varies as the draws of one say."""
    one_more = pd.DataFrame({"mood": [0.0, 1.0], "noise": 0.0, "technology": "fibre", "tenure_months": 10.0})
    one_more = one_more.assign(technology_class="fibre", landmark=pd.Timestamp(AS_OF))
    estimates, spreads = [], []
    for seed in range(12):
        fit = fit_logistic(learning(provider(600, seed=seed, effect=0.8).rows))
        estimates.append(np.diff(np.log(fit.hazards(one_more)[:, 1]))[0])
        spreads.append(np.diff(np.log(fit.draws(one_more)[:, :, 1]), axis=1).std())
    assert np.mean(estimates) == pytest.approx(0.8, abs=0.1)
    assert np.mean(spreads) == pytest.approx(np.std(estimates), rel=0.6)


def test_trees_find_what_straight_lines_cannot(provider):
    """What drives leaving is the product of two columns, neither of which tells anything alone."""
    made = provider(6000)
    rows, active = (crossed(table) for table in made)
    boosted = fit_boosting(learning(rows, ["one", "other"]))
    true = np.log(made.active["true_3m"])
    lines, trees = (np.corrcoef(np.log(fit.hazards(active)[:, 1]), true)[0, 1] for fit in (boosted.logistic, boosted))
    assert boosted.trees is not None
    assert lines < 0.3 < 0.7 < trees


def crossed(table: pd.DataFrame) -> pd.DataFrame:
    sign = np.where(table["noise"] > 0, 1.0, -1.0)
    return table.assign(one=sign * table["mood"], other=sign)


def test_trees_pass_over_a_column_without_any_number():
    numbers = np.column_stack([np.arange(400.0), np.full(400, np.nan)])
    rows = Rows(numbers, (np.arange(400) < 100) * 1.0, np.full(400, 0.25), np.ones(400), np.arange(400))
    plain = HistGradientBoostingRegressor(loss="poisson", min_samples_leaf=20, max_iter=5, random_state=1)
    got = _fitted(rows, like=plain).predict(numbers)
    assert got[:90].min() > got[110:].max()


def test_no_tree_grows_where_there_is_nothing_to_find(provider):
    known = learning(provider(1500, effect=0.0).rows)
    assert fit_boosting(known).trees is None


def test_a_step_nobody_was_followed_to_takes_the_monthly_hazard_of_the_one_before(provider):
    made = provider(1500, begins="2026-04-01")
    got = np.diff(fit_logistic(learning(made.rows)).hazards(made.active), axis=1, prepend=0)
    assert (got[:, 3] / got[:, 2]).tolist() == pytest.approx([1] * len(got), rel=0.05)


def test_too_few_leavers_leave_a_candidate_out_with_the_reason(provider):
    known = learning(provider(300, base=0.002).rows)
    got = fitted_field(known)
    assert list(got.fits) == ["kaplan_meier"]
    reasons = {subject: reason for subject, outcome, reason in got.remarks if outcome == "left out"}
    assert reasons["model: boosting"] == f"{known.events} customers were seen leaving; it needs 200 to learn from."
    with pytest.raises(NotFitted, match="it needs 30 to learn from"):
        fitted("cox", known)


def test_without_a_covariate_the_models_of_covariates_stand_back(provider):
    known = learning(provider(500).rows, [])
    assert set(fitted_field(known).fits) <= {"kaplan_meier", "logistic", "boosting"}


def test_a_sample_keeps_leavers_first_and_weighs_the_rest_so_that_sums_stay(provider):
    known = learning(provider(1500).rows)
    rows = known.rows[known.rows["at_quarter_end"] == 1]
    got = known.sampled(most=3000)
    assert len(got) == pytest.approx(3000, rel=0.05)
    assert got["weight"].sum() == pytest.approx(len(rows), rel=0.05)
    assert got["weight"].min() >= 1
    assert got["leaves"].mean() > rows["leaves"].mean()
    assert (got["at_quarter_end"] == 1).all()


def test_a_sample_of_customers_takes_all_rows_of_each(provider):
    rows = provider(300).rows
    got = whole_customers(rows, most=500)
    assert len(got) <= 500
    assert (got.groupby("customer_id").size() == rows.groupby("customer_id").size()[got["customer_id"].unique()]).all()
