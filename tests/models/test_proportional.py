from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.models.cox import fit_cox
from analysis.models.proportional import ALL, proportionality


def customers(early, late, *, rows=4000, seed=7):
    """Customers whose hazard is exp(early x) in their first year and exp(late x) after it, some seen late."""
    random = np.random.default_rng(seed)
    x, z = (random.random((2, rows)) < 0.5) * 1.0
    needed = random.exponential(size=rows)
    first = 0.05 * np.exp(early * x)
    life = np.where(needed < 12 * first, needed / first, 12 + (needed - 12 * first) / (0.05 * np.exp(late * x)))
    entry = np.maximum(random.integers(-10, 12, rows), 0)
    end = np.minimum(np.ceil(life), 30)
    made = pd.DataFrame({"entry": entry, "exit": end, "event": (life <= 30) * 1, "x": x, "z": z})
    return made[made["exit"] > made["entry"]].reset_index(drop=True)


def checked(rows, covariates=("x", "z"), **options):
    fit = fit_cox(rows[list(covariates)], times=rows[["entry", "exit", "event"]])
    return proportionality(fit, rows[list(covariates)], times=rows[["entry", "exit", "event"]], **options)


def test_a_ratio_that_fades_is_found_and_one_that_does_not_is_not():
    got = checked(customers(1.0, 0.0)).set_index("term")["p_value"]
    assert got["x"] < 1e-6
    assert got["z"] > 0.01
    assert got[ALL] < 1e-5


def test_a_ratio_that_is_the_same_early_and_late_passes():
    assert (checked(customers(0.7, 0.7))["p_value"] > 0.01).all()


def test_false_alarms_are_as_rare_as_they_should_be():
    p = [checked(customers(0.7, 0.7, rows=600, seed=seed)).set_index("term").loc["x", "p_value"] for seed in range(200)]
    assert 0.01 <= np.mean(np.array(p) < 0.05) <= 0.10


def test_covariates_of_one_term_are_tested_together():
    got = checked(customers(1.0, 0.0), terms={"both": ["x", "z"]})
    assert got["term"].tolist() == ["both", ALL]
    assert got["degrees_of_freedom"].tolist() == [2, 2]
    assert got["chi_squared"].nunique() == 1


def test_the_unit_of_a_covariate_changes_nothing():
    rows = customers(0.7, 0.2)
    pd.testing.assert_frame_equal(checked(rows.assign(x=50 + rows["x"] / 8)), checked(rows), rtol=1e-6)


def test_a_covariate_that_varies_at_one_moment_only_has_no_test():
    """At 1 two differ; who is left later is all alike: no change of the ratio can be told."""
    times = pd.DataFrame({"entry": 0.0, "exit": [1, 1, 1, 2, 3, 3], "event": [1, 1, 0, 1, 1, 0]})
    covariates = pd.DataFrame({"x": [1.0, 0.0, 1.0, 0.0, 0.0, 0.0]})
    got = proportionality(fit_cox(covariates, times=times), covariates, times=times)
    assert got[["chi_squared", "p_value"]].isna().all(axis=None)
    assert got["degrees_of_freedom"].tolist() == [1, 1]
