"""Months of customers with a known hazard."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.cox_newton import NoMaximum
from analysis.models.grouped_hazards import grouped_hazards


@pytest.fixture(scope="module")
def drawn():
    """400,000 months; hazards by month, times e^0.8 for those with a flag, and e^-0.5 per unit of a number."""
    random = np.random.default_rng(1)
    n = 400_000
    month, flag = random.integers(0, 6, n), random.random(n) < 0.3
    number = random.normal(size=n)
    part = np.where(random.random(n) < 0.5, 1.0, 0.4)
    hazard = np.array([0.01, 0.02, 0.05, 0.1, 0.2, 0.4])[month] * np.exp(0.8 * flag - 0.5 * number)
    left = (random.random(n) < -np.expm1(-part * hazard)).astype(int)
    return pd.DataFrame({"flag": flag.astype(float), "number": number}), pd.DataFrame(
        {"month": month, "left": left, "part": part}
    )


def test_hazards_are_found_where_many_leave_at_once(drawn):
    covariates, stretches = drawn
    got = grouped_hazards(covariates, stretches, cluster=np.arange(len(stretches))).coefficients
    assert got.loc["flag", "coefficient"] == pytest.approx(0.8, abs=0.02)
    assert got.loc["number", "coefficient"] == pytest.approx(-0.5, abs=0.02)
    assert (got["low"] < got["coefficient"]).all()


def test_rows_that_say_the_same_twice_do_not_make_it_surer(drawn):
    covariates, stretches = (table.head(20_000) for table in drawn)
    once = grouped_hazards(covariates, stretches, cluster=np.arange(20_000)).coefficients
    twice = grouped_hazards(
        pd.concat([covariates, covariates], ignore_index=True),
        pd.concat([stretches, stretches], ignore_index=True),
        cluster=np.tile(np.arange(20_000), 2),
    ).coefficients
    assert twice["coefficient"].to_numpy() == pytest.approx(once["coefficient"].to_numpy(), abs=1e-6)
    assert twice["low"].to_numpy() == pytest.approx(once["low"].to_numpy(), abs=1e-6)


def test_the_score_is_zero_at_the_estimate(drawn):
    """Sums of leavers expected and observed agree month by month: the levels are free."""
    covariates, stretches = (table.head(50_000) for table in drawn)
    found = grouped_hazards(covariates, stretches, cluster=np.arange(50_000)).coefficients["coefficient"]
    eta = covariates.to_numpy() @ found.to_numpy()
    for month in range(6):
        own = (stretches["month"] == month).to_numpy()
        part, left, base = stretches["part"].to_numpy()[own], stretches["left"].to_numpy()[own], np.exp(eta[own])
        levels = np.linspace(-6, 1, 4000)
        hazards = part * base * np.exp(levels)[:, None]
        likelihood = (left * np.log(-np.expm1(-hazards)) - (1 - left) * hazards).sum(axis=1)
        best = hazards[likelihood.argmax()]
        assert -np.expm1(-best).sum() == pytest.approx(left.sum(), rel=0.05)


def test_a_covariate_that_never_differs_is_refused(drawn):
    covariates, stretches = (table.head(5_000) for table in drawn)
    with pytest.raises(NoMaximum, match="never differ"):
        grouped_hazards(covariates.assign(flat=1.0), stretches, cluster=np.arange(5_000))


def test_months_without_a_leaver_change_nothing(drawn):
    covariates, stretches = (table.head(20_000) for table in drawn)
    more = pd.DataFrame({"month": [99] * 50, "left": 0, "part": 1.0})
    other = pd.DataFrame({"flag": [1.0, 0.0] * 25, "number": 0.5})
    without = grouped_hazards(covariates, stretches, cluster=np.arange(20_000)).coefficients
    got = grouped_hazards(
        pd.concat([covariates, other], ignore_index=True),
        pd.concat([stretches, more], ignore_index=True),
        cluster=np.arange(20_050),
    ).coefficients
    assert got["coefficient"].to_numpy() == pytest.approx(without["coefficient"].to_numpy(), abs=1e-9)
