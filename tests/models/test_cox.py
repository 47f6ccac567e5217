from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.basis.errors import AnalysisFailed
from analysis.models.cox import conditional_survival, fit_cox
from analysis.models.cox_errors import score_residuals
from analysis.models.cox_newton import NoMaximum, risk_at, slopes_at
from analysis.models.cox_rows import cox_rows
from analysis.models.survival import kaplan_meier

TIMES = ["entry", "exit", "event"]


def rows_of(*rows):
    return pd.DataFrame(rows, columns=[*TIMES, "x"])


def simulated(customers=600, seed=4, stratified=False):
    """Customers seen for a year, most of whom joined before it; x raises the hazard e^0.7-fold, y does nothing."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 2, customers).astype(float), rng.normal(size=customers)
    life = np.ceil(rng.exponential(20 * np.exp(-0.7 * x)))
    joined = rng.integers(-36, 12, customers)
    made = pd.DataFrame({"entry": np.maximum(0.0, -joined), "exit": np.minimum(life, 12 - joined), "x": x, "y": y})
    made = made.assign(event=(life <= 12 - joined) * 1, region=np.where(rng.random(customers) < 0.4, "north", "south"))
    made["customer"] = np.arange(customers) // 2
    return made[made["exit"] > made["entry"]].reset_index(drop=True)


def fitted(rows, covariates=("x",), **options):
    return fit_cox(rows[list(covariates)], times=rows[TIMES], **options)


def numbers(fit):
    """Everything a fit says, as one array."""
    parts = [fit.coefficients.drop(columns="covariate"), fit.baseline.drop(columns="stratum")]
    return np.concatenate([*(part.to_numpy().ravel() for part in parts), fit.covariance.ravel(), fit.means])


# ------------------------------------------------------------------------------------------------------------ by hand


def test_three_customers_give_the_maximum_that_a_pencil_finds():
    """Leavers at 1 (x = 1, of two with and one without) and 2 (x = 0, of one with and one without).

    l = b - log(2 e^b + 1) - log(e^b + 1) is highest where 1 = 2r / (2r + 1) + r / (r + 1), that is 2 r^2 = 1.
    """
    got = fitted(rows_of((0, 1, 1, 1), (0, 2, 1, 0), (0, 3, 0, 1)))
    assert np.exp(got.coefficients["coefficient"].item()) == pytest.approx(np.sqrt(0.5))
    assert (got.events, got.rows, got.names) == (2, 3, ("x",))


def test_a_late_entrant_counts_only_from_its_entry_on():
    """As above, and one who entered at 1: not at risk of leaving then, so it changes the second step only."""
    got = fitted(rows_of((0, 1, 1, 1), (0, 2, 1, 0), (0, 3, 0, 1), (1, 1.5, 0, 1)))
    assert np.exp(got.coefficients["coefficient"].item()) == pytest.approx(np.sqrt(0.5))


def test_without_covariates_the_baseline_is_efrons_and_that_of_single_leavers_nelsons():
    rows = rows_of((0, 1, 1, 0), (0, 2, 1, 0), (0, 2, 1, 0), (0, 3, 0, 0))
    got = fitted(rows, covariates=()).baseline
    assert got["time"].tolist() == [0, 1, 2]
    assert got["hazard_step"].tolist() == pytest.approx([0, 1 / 4, 1 / 3 + 1 / 2])
    assert got["cumulative_hazard"].tolist() == pytest.approx([0, 1 / 4, 1 / 4 + 1 / 3 + 1 / 2])


def test_the_cumulative_hazard_steps_at_a_leaving_time_and_is_level_after_the_last():
    got = fitted(rows_of((0, 1, 1, 0), (0, 2, 1, 0), (0, 3, 0, 0)), covariates=())
    assert got.cumulative_hazard([0, 0.99, 1, 1.5, 2, 90]).tolist() == pytest.approx(
        [0, 0, 1 / 3, 1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2]
    )


def test_conditional_survival_is_the_chance_given_that_the_customer_is_still_there():
    rows = simulated()
    fit = fitted(rows, ["x", "y"])
    customers = pd.DataFrame({"x": [1.0, 0], "y": [0.3, -1]})
    got = conditional_survival(fit, customers, tenure=[10, 30], ahead=[0, 6, 12])
    relative = np.exp(fit.log_hazard(customers))
    ten = fit.cumulative_hazard([10, 16, 22])
    assert got.shape == (2, 3)
    assert got[0].tolist() == pytest.approx(np.exp(-(ten - ten[0]) * relative[0]).tolist())
    assert got[:, 0].tolist() == [1, 1]
    assert (np.diff(got) < 0).all()


# --------------------------------------------------------------------------------------------------------- identities


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_any_order_of_the_rows_has_one_result_to_the_last_bit(seed):
    rows = simulated(200)
    shuffled = rows.sample(frac=1, random_state=seed)
    options = {"covariates": ["x", "y"]}
    one = fitted(rows, **options, strata=rows["region"], cluster=rows["customer"])
    other = fitted(shuffled, **options, strata=shuffled["region"], cluster=shuffled["customer"])
    assert numbers(one).tolist() == numbers(other).tolist()


def test_an_episode_cut_in_two_changes_nothing():
    rows = simulated()
    middle = np.floor((rows["entry"] + rows["exit"]) / 2)
    cut = (middle > rows["entry"]) & (middle < rows["exit"])
    first = rows[cut].assign(exit=middle[cut], event=0)
    second = rows.assign(entry=np.where(cut, middle, rows["entry"]))
    both = pd.concat([first, second], ignore_index=True)
    whole, halves = fitted(rows, ["x", "y"]), fitted(both, ["x", "y"])
    keep = ["coefficient", "se"]
    assert halves.coefficients[keep].to_numpy() == pytest.approx(whole.coefficients[keep].to_numpy(), rel=1e-9)
    clustered = (
        fitted(rows, ["x", "y"], cluster=rows.index),
        fitted(both, ["x", "y"], cluster=[*rows.index[cut], *rows.index]),
    )
    assert clustered[0].covariance == pytest.approx(clustered[1].covariance, rel=1e-9)


def test_units_of_a_covariate_change_its_coefficient_and_nothing_else():
    rows = simulated()
    plain = fitted(rows, ["x", "y"])
    scaled = fitted(rows.assign(y=rows["y"] / 1e6 + 3e4), ["x", "y"])
    table, other = plain.coefficients, scaled.coefficients
    assert other["coefficient"].tolist() == pytest.approx((table["coefficient"] * [1, 1e6]).tolist(), rel=1e-4)
    assert other["z"].tolist() == pytest.approx(table["z"].tolist(), rel=1e-4)
    assert scaled.baseline["hazard_step"].tolist() == pytest.approx(plain.baseline["hazard_step"].tolist(), rel=1e-4)


def test_strata_are_fitted_as_if_their_times_did_not_overlap():
    rows = simulated()
    together = fitted(rows, ["x", "y"], strata=rows["region"])
    shift = np.where(rows["region"] == "south", 1000, 0)
    apart = fitted(rows.assign(entry=rows["entry"] + shift, exit=rows["exit"] + shift), ["x", "y"])
    assert together.coefficients["coefficient"].tolist() == pytest.approx(apart.coefficients["coefficient"].tolist())
    assert together.cumulative_hazard([12], "north") == pytest.approx(apart.cumulative_hazard([12]))
    assert together.cumulative_hazard([12], "south") == pytest.approx(
        apart.cumulative_hazard([1012]) - apart.cumulative_hazard([1000])
    )


def test_score_residuals_add_up_to_the_derivative_at_any_coefficients():
    rows = simulated()
    made = cox_rows(rows[["x", "y"]], times=rows, strata=rows["region"], cluster=None)
    risk = risk_at(made.sets, made.z, np.array([0.3, -0.2]))
    slopes = slopes_at(made.sets, made.z, risk)
    got = [score_residuals(made.sets, made.z, risk, slopes, column=j).sum() for j in (0, 1)]
    assert got == pytest.approx(slopes.gradient.tolist(), rel=1e-9)
    assert abs(slopes.gradient).min() > 1


def test_derivatives_are_those_of_the_likelihood():
    rows = simulated()
    made = cox_rows(rows[["x", "y"]], times=rows, strata=None, cluster=None)
    at, small = np.array([0.3, -0.2]), 1e-5

    def slopes(beta):
        return slopes_at(made.sets, made.z, risk_at(made.sets, made.z, beta))

    for j, along in enumerate(np.eye(2) * small):
        ahead, behind = (risk_at(made.sets, made.z, at + sign * along).log_likelihood for sign in (1, -1))
        assert (ahead - behind) / (2 * small) == pytest.approx(slopes(at).gradient[j], rel=1e-6)
        change = (slopes(at - along).gradient - slopes(at + along).gradient) / (2 * small)
        assert change == pytest.approx(slopes(at).information[j], rel=1e-6)


def test_errors_clustered_by_customer_grow_when_every_row_is_there_twice():
    rows = simulated()
    twice = pd.concat([rows, rows], ignore_index=True)
    once = fitted(rows, cluster=rows.index).coefficients.iloc[0]
    got = fitted(twice, cluster=[*rows.index, *rows.index]).coefficients.iloc[0]
    assert got["robust_se"] == pytest.approx(once["robust_se"], rel=0.02)
    assert got["se"] == pytest.approx(once["se"] / np.sqrt(2), rel=0.02)
    assert got["high"] - got["low"] == pytest.approx(2 * 1.959964 * got["robust_se"])


# ---------------------------------------------------------------------------------------------------- awkward episodes


def test_early_and_late_tenures_with_nobody_or_one_at_risk_are_no_obstacle():
    rows = simulated().assign(entry=lambda t: t["entry"] + 3, exit=lambda t: t["exit"] + 3)
    alone = pd.DataFrame({"entry": [0, 1, 90], "exit": [1, 2, 95], "event": [1, 0, 1], "x": [1, 0, 1], "y": 0.5})
    got = fitted(pd.concat([rows, alone], ignore_index=True), ["x", "y"])
    assert np.isfinite(numbers(got)[~np.isnan(numbers(got))]).all()
    assert got.coefficients["coefficient"].tolist() == pytest.approx(
        fitted(rows, ["x", "y"]).coefficients["coefficient"].tolist(), rel=1e-9
    )
    steps = got.baseline.set_index("time")["hazard_step"]
    relative = np.exp(got.log_hazard(alone))
    assert steps[[1.0, 95.0]].tolist() == pytest.approx((1 / relative[[0, 2]]).tolist())


def test_a_step_that_overshoots_is_halved_until_it_climbs(monkeypatch):
    """Fees of which a few are a thousand times the others: the full step from 0 lies far beyond the maximum."""
    rng = np.random.default_rng(0)
    x = np.exp(3 * rng.normal(size=100))
    rows = pd.DataFrame({"entry": 0.0, "exit": rng.exponential(np.exp(-0.05 * x)), "event": 1, "x": x})
    beta = fitted(rows).coefficients["coefficient"].to_numpy()
    here = cox_rows(rows[["x"]], times=rows, strata=None, cluster=None)
    heights = [risk_at(here.sets, here.z, beta * here.deviation * way).log_likelihood for way in (0.99, 1, 1.01)]
    assert heights[1] > max(heights[0], heights[2])
    monkeypatch.setattr("analysis.models.cox_newton.MOST_HALVINGS", 1)
    with pytest.raises(NoMaximum):
        fitted(rows)


def test_a_stratum_that_nobody_left_has_no_hazard():
    rows = simulated()
    rows["event"] = np.where(rows["region"] == "north", 0, rows["event"])
    got = fitted(rows, strata=rows["region"])
    assert got.cumulative_hazard([50], "north").tolist() == [0]
    assert got.cumulative_hazard([50], "south").item() > 1


def test_scoring_by_chunks_and_strata_is_scoring_one_by_one(monkeypatch):
    rows = simulated()
    fit = fitted(rows, ["x", "y"], strata=rows["region"])
    customers, tenure = rows.iloc[:40], rows["exit"].to_numpy()[:40]
    one_by_one = [
        conditional_survival(fit, customers.iloc[[i]], tenure=[tenure[i]], ahead=[3, 12], stratum=[region])[0]
        for i, region in enumerate(customers["region"])
    ]
    monkeypatch.setattr("analysis.models.cox.CHUNK", 7)
    got = conditional_survival(fit, customers, tenure=tenure, ahead=[3, 12], stratum=customers["region"])
    assert got == pytest.approx(np.array(one_by_one), rel=1e-12)


def test_memory_for_scoring_does_not_grow_with_the_customers():
    fit = fitted(simulated(), ["x", "y"])

    def added(customers):
        rng = np.random.default_rng(1)
        rows = pd.DataFrame(rng.random((customers, 2)), columns=["x", "y"])
        tenure = rng.random(customers) * 40
        tracemalloc.start()
        made = conditional_survival(fit, rows, tenure=tenure, ahead=[1, 3, 12])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak - made.nbytes

    small, large = added(200_000), added(800_000)
    assert large < 1.1 * small


def test_any_number_of_threads_has_the_same_result_to_the_last_bit():
    code = (
        "import sys; sys.path.insert(0, 'tests/models')\n"
        "from test_cox import *\n"
        "rows = simulated(20_000)\n"
        "print(numbers(fitted(rows, ['x', 'y'], cluster=rows['customer'])).tolist())"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "PYTHONPATH": "src"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "4")
    ]
    assert made[0] == made[1]
    assert len(made[0]) > 1_000


def test_late_entry_is_what_keeps_the_hazard_from_being_halved():
    """Without it veterans, who were sure to be there, count as if they could have left from the start."""
    rows = simulated(20_000)
    right, wrong = fitted(rows), fitted(rows.assign(entry=0))
    there = pd.DataFrame({"x": [0.0]})
    survival = [conditional_survival(fit, there, tenure=[0], ahead=[24]).item() for fit in (right, wrong)]
    assert survival[0] == pytest.approx(np.exp(-24 / 20), abs=0.02)
    assert survival[1] > 0.45


def test_the_model_of_one_class_is_its_kaplan_meier_curve_up_to_the_ties():
    rows = simulated(5_000)
    curve = kaplan_meier(rows.assign(n=1))
    got = np.exp(-fitted(rows, covariates=()).cumulative_hazard(curve["time"]))
    assert np.abs(got - curve["survival"]).max() < 0.002


# ------------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"exit": [1, 0, 3]}, "row 2 of 3: expected 0 <= entry < exit, found 1 rows without"),
        ({"entry": [0, -1, 0]}, "expected 0 <= entry < exit"),
        ({"event": [1, 2, 0]}, "expected event 0 or 1"),
        ({"exit": [1, np.nan, 3]}, "expected a number in each of entry, exit and event"),
        ({"x": [1, np.inf, 0]}, "row 2 of 3: expected a number in the covariate x"),
        ({"event": [0, 0, 0]}, "expected customers who leave while observed, found none"),
    ],
)
def test_an_impossible_row_is_refused_by_its_place(change, words):
    rows = rows_of((0, 1, 1, 1), (0, 2, 1, 0), (0, 3, 0, 1)).assign(**change)
    with pytest.raises(AnalysisFailed, match=words.replace("(", r"\(")):
        fitted(rows)


def test_what_is_absent_or_of_another_length_is_named():
    rows = simulated()
    with pytest.raises(AnalysisFailed, match="expected rows with the columns entry, exit, event, found no event"):
        fit_cox(rows[["x"]], times=rows[["entry", "exit"]])
    with pytest.raises(AnalysisFailed, match="found no rows"):
        fitted(rows.iloc[:0])
    with pytest.raises(AnalysisFailed, match="Cox model, cluster: expected one row for each of the 5 rows of times"):
        fitted(rows.iloc[:5], cluster=[1, 2])
    with pytest.raises(AnalysisFailed, match="expected a stratum in every row, found 1 rows without"):
        fitted(rows.iloc[:3], strata=["a", None, "b"])
    fit = fitted(rows, ["x", "y"])
    with pytest.raises(AnalysisFailed, match="expected the covariates it was fitted with, found no y"):
        fit.log_hazard(rows[["x"]])


def test_a_hazard_of_no_tenure_or_no_stratum_is_refused():
    rows = simulated()
    fit = fitted(rows, strata=rows["region"])
    with pytest.raises(AnalysisFailed, match="one of the strata the model was fitted with: north, south, found west"):
        fit.cumulative_hazard([1], "west")
    with pytest.raises(AnalysisFailed, match="found none"):
        fit.cumulative_hazard([1])
    with pytest.raises(AnalysisFailed, match="expected tenures of 0 or more months, found 2 others"):
        fit.cumulative_hazard([1, -1, np.nan], "north")


def test_covariates_that_say_nothing_or_the_same_are_named():
    rows = simulated().assign(z=lambda t: 2 * t["x"] - t["y"] + 5, flat=7.0)
    with pytest.raises(NoMaximum, match="never differ among those at risk, or repeat one another: x, y, z") as raised:
        fitted(rows, ["x", "y", "z"])
    assert raised.value.covariates == ("x", "y", "z")
    with pytest.raises(NoMaximum, match="repeat one another: flat. Drop them first"):
        fitted(rows, ["x", "flat"])


def test_covariates_that_settle_who_leaves_are_named_and_a_penalty_holds_them():
    rows = simulated().assign(spared=lambda t: ((t["event"] == 0) & (t["y"] > 0)) * 1.0)
    with pytest.raises(NoMaximum, match="coefficients that grow without end, .*: spared. Drop them first") as raised:
        fitted(rows, ["x", "spared"])
    assert raised.value.covariates == ("spared",)
    held = fitted(rows, ["x", "spared"], penalty=1.0).coefficients.set_index("covariate")["coefficient"]
    assert -6 < held["spared"] < -2
    assert 0.4 < held["x"] < 1


def test_a_fit_that_does_not_come_to_rest_is_refused(monkeypatch):
    monkeypatch.setattr("analysis.models.cox_newton.MOST_STEPS", 1)
    with pytest.raises(NoMaximum, match="coefficients that grow without end, .*: x. Drop them first"):
        fitted(simulated())


def test_a_penalty_draws_coefficients_towards_no_difference():
    rows = simulated()
    sizes = [fitted(rows, penalty=each).coefficients["coefficient"].item() for each in (0, 10, 100, 1e6)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == pytest.approx(0, abs=1e-3)
