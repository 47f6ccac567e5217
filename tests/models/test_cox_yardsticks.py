"""Cox models beside R's package survival, on truncated, tied and stratified rows; see yardsticks/README.md."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from lifelines.datasets import load_lung, load_rossi
from tests.models.truncated_rows import draws, in_days, in_months

from analysis.models.competing import aalen_johansen
from analysis.models.concordance import concordance
from analysis.models.cox import fit_cox
from analysis.models.cox_newton import maximum
from analysis.models.cox_rows import cox_rows
from analysis.models.survival import kaplan_meier, median_survival, survival_at

COVARIATES = ["score", "bound", "calls"]


@pytest.fixture(scope="module")
def kept():
    return json.loads((Path(__file__).parent / "yardsticks/cox.json").read_text(encoding="utf-8"))


# ----------------------------------------------------------------------------------- rows, as yardsticks/cox.R has them


@pytest.fixture(scope="module")
def months():
    return in_months()


@pytest.fixture(scope="module")
def days():
    return in_days()


@pytest.fixture(scope="module")
def exponential():
    u = draws(13, 37000, 3)
    joined, lifetime = 84 * u[0] - 60, -30 * np.log(u[1])
    entry, end = np.maximum(0, -joined), 24 - joined
    made = pd.DataFrame({"entry": entry, "exit": np.minimum(lifetime, end), "event": (lifetime <= end) * 1})
    return made.assign(x=(u[2] < 0.5) * 1)[made["exit"] > made["entry"]]


def six():
    """Set 1 of Therneau and Grambsch (2000); the one without a status is left out."""
    return pd.DataFrame({"entry": 0, "exit": [9, 1, 1, 6, 6, 8], "event": [1, 1, 0, 1, 1, 0], "x": [0, 1, 1, 1, 0, 0]})


def lung():
    rows = load_lung().rename(columns={"time": "exit", "status": "event", "ph.ecog": "ecog"}).assign(entry=0)
    return rows[["entry", "exit", "event", "age", "sex", "ecog"]].dropna()


def fitted(rows, covariates, **options):
    return fit_cox(rows[covariates], times=rows[["entry", "exit", "event"]], **options)


def close(got, kept, within):
    return got == pytest.approx(kept, rel=within, abs=within)


def hazards_at_zero(fit, stratum, times):
    """Cumulative hazard of a customer whose covariates are all 0."""
    zero = pd.DataFrame(0.0, index=[0], columns=list(fit.names))
    return fit.cumulative_hazard(times, stratum) * np.exp(fit.log_hazard(zero))


# --------------------------------------------------------------------------------------------- truncated, tied, strata


@pytest.mark.parametrize("name", ["months", "months_stratified", "days_stratified"])
def test_coefficients_errors_and_hazards_are_those_of_r(request, kept, name):
    rows, r = request.getfixturevalue(name.split("_")[0]), kept[name]
    assert (len(rows), rows["event"].sum()) == (r["rows"], r["events"])
    assert close(rows["exit"].sum(), r["sum_of_exits"], 1e-9)
    more = {"strata": rows["stratum"], "cluster": rows["cluster"]} if "stratified" in name else {}
    got = fitted(rows, COVARIATES, **more)
    assert close(got.coefficients["coefficient"].tolist(), r["coefficient"], 1e-8)
    assert close(got.coefficients["se"].tolist(), r["se"], 1e-8)
    assert close(got.log_likelihood, r["log_likelihood"], 1e-8)
    if "robust_se" in r:
        assert close(got.coefficients["robust_se"].tolist(), r["robust_se"], 1e-8)
    for stratum, hazard in r["hazards"].items():
        label = "all" if stratum == "all" else float(stratum.split()[1])
        after = np.array(hazard["time"]) + 1e-7  # kept with ten digits
        assert close(hazards_at_zero(got, label, after).tolist(), hazard["hazard"], 1e-8)


def test_a_ridge_penalty_is_that_of_r(months, kept):
    """R divides by the deviation of a sample (n - 1)."""
    got = fitted(months, COVARIATES, penalty=40 * len(months) / (len(months) - 1))
    assert close(got.coefficients["coefficient"].tolist(), kept["months_penalised"]["coefficient"], 1e-7)


def test_shares_of_two_kinds_with_late_entry_are_those_of_r(months, kept):
    got = aalen_johansen(months.assign(n=1, kind=months["kind"].map({1: "one", 2: "two"})))
    for kind in ("one", "two"):
        steps = got[got["kind"] == kind]
        place = np.searchsorted(steps["time"], kept["months_kinds"]["time"], "right") - 1
        assert close(steps["incidence"].to_numpy()[place].tolist(), kept["months_kinds"][kind], 1e-9)


# ------------------------------------------------------------------------------------------------- published yardsticks


def test_n1_six_patients_with_efrons_ties(kept):
    got = fitted(six(), ["x"]).coefficients["coefficient"].item()
    assert close(got, 1.676857486, 1e-8)
    assert close(got, kept["six_efron"]["coefficient"], 1e-8)


def test_n2_six_patients_with_breslows_ties(kept):
    """Efron's sums with nobody counted as gone are Breslow's; the product uses Efron's only."""
    rows = cox_rows(six()[["x"]], times=six(), strata=None, cluster=None)
    breslow = replace(rows.sets, fraction=np.zeros_like(rows.sets.fraction))
    got = maximum(breslow, rows.z, names=["x"], penalty=0.0).beta / rows.deviation
    assert close(got.item(), 1.475284915, 1e-8)
    assert close(got.item(), kept["six_breslow"]["coefficient"], 1e-8)


def test_n3_six_patients_by_kaplan_meier(kept):
    got = survival_at(kaplan_meier(six().assign(n=1)), [1, 6, 9])["survival"].tolist()
    assert close(got, [5 / 6, 5 / 12, 0], 1e-9)
    assert close(got, kept["six_survival"], 1e-9)


def test_n4_and_n5_lung_cancer_by_age_sex_and_performance(kept):
    got = fitted(lung(), ["age", "sex", "ecog"]).coefficients
    assert got["coefficient"].tolist() == pytest.approx([0.0110668, -0.5526124, 0.4637285], abs=5e-8)
    assert got["se"].tolist() == pytest.approx([0.00926741, 0.16773905, 0.11357727], abs=5e-9)
    assert close(got["coefficient"].tolist(), kept["lung"]["coefficient"], 1e-8)
    assert close(got["se"].tolist(), kept["lung"]["se"], 1e-8)


def test_n6_half_of_the_lung_cancer_patients_live_310_days(kept):
    """R's default interval is S exp(-+ z sd); the same variance lies in our log-log one, which is (284, 361)."""
    patients = load_lung()
    curve = kaplan_meier(pd.DataFrame({"entry": 0, "exit": patients["time"], "event": patients["status"], "n": 1}))
    assert median_survival(curve).median == 310
    inside = curve[(curve["survival"] > 0) & (curve["survival"] < 1)]
    reach = np.log(np.log(inside["low"]) / np.log(inside["survival"])) * -np.log(inside["survival"])
    plain = inside.assign(low=inside["survival"] * np.exp(-reach), high=inside["survival"] * np.exp(reach))
    assert list(median_survival(plain)) == [310, 285, 363]
    assert kept["lung_median"] == [310, 285, 363]


def test_n7_the_model_of_lung_cancer_orders_patients_as_well_as_in_r(kept):
    rows = lung()
    risk = fitted(rows, ["age", "sex", "ecog"]).log_hazard(rows)
    got = concordance(rows[["entry", "exit", "event"]], risk)
    assert close(got, 0.6371355, 1e-7)
    assert close(got, kept["lung"]["concordance"], 1e-9)


def test_n8_ties_of_two_kinds_have_one_answer(kept):
    tied = pd.DataFrame({"entry": 0, "exit": [1, 1, 2, 2, 3, 3], "n": 1})
    kinds = ["one", "two", "one", "two", None, "one"]
    got = aalen_johansen(tied.assign(event=[1, 1, 1, 1, 0, 1], kind=kinds))
    assert got[got["kind"] == "one"]["incidence"].iloc[-1] == pytest.approx(0.5)
    for kind in ("one", "two"):
        assert close(got[got["kind"] == kind]["incidence"].tolist()[1:], kept["tied"][kind], 1e-9)


def test_n9_the_baseline_allows_for_late_entry_and_that_of_lifelines_does_not(exponential, kept):
    r = kept["exponential"]
    assert (len(exponential), exponential["event"].sum()) == (r["rows"], r["events"])
    assert close(exponential["exit"].sum(), r["sum_of_exits"], 1e-9)
    fit = fitted(exponential, ["x"])
    assert close(fit.coefficients["coefficient"].item(), r["coefficient"], 1e-7)
    got = np.exp(-hazards_at_zero(fit, None, [10, 20, 30, 40]))
    assert close(got.tolist(), r["survival"], 1e-8)
    assert got.tolist() == pytest.approx(np.exp([-1 / 3, -2 / 3, -1, -4 / 3]).tolist(), abs=0.01)
    theirs = CoxPHFitter().fit(exponential, duration_col="exit", event_col="event", entry_col="entry")
    assert np.exp(-theirs.baseline_cumulative_hazard_.loc[:40].iloc[-1].item()) > 0.45


def test_n10_arrests_after_release():
    rows = load_rossi().rename(columns={"week": "exit", "arrest": "event"}).assign(entry=0)
    covariates = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
    got = fitted(rows, covariates)
    published = [-0.37942, -0.05744, 0.31390, -0.14980, -0.43370, -0.08487, 0.09150]
    assert got.coefficients["coefficient"].tolist() == pytest.approx(published, abs=6e-6)
    assert got.log_likelihood == pytest.approx(-658.7477, abs=6e-5)
    assert concordance(rows[["entry", "exit", "event"]], got.log_hazard(rows)) == pytest.approx(0.6403, abs=6e-5)
    theirs = CoxPHFitter().fit(load_rossi(), duration_col="week", event_col="arrest")
    assert close(got.coefficients["coefficient"].tolist(), theirs.params_[covariates].tolist(), 1e-5)
    assert close(got.coefficients["se"].tolist(), theirs.standard_errors_[covariates].tolist(), 1e-5)
