from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import ExponentialFitter, LogLogisticFitter, LogNormalFitter, WeibullFitter
from scipy import stats

from analysis.models.laws import LAWS, fitted_laws

OTHERS = {
    "exponential": ExponentialFitter,
    "weibull": WeibullFitter,
    "log-normal": LogNormalFitter,
    "log-logistic": LogLogisticFitter,
}
DRAWN = {
    "exponential": stats.expon(scale=20),
    "weibull": stats.weibull_min(0.6, scale=20),
    "log-normal": stats.lognorm(1.2, scale=20),
    "log-logistic": stats.fisk(2.5, scale=20),
}


def lives(law, *, customers=6000, seed=3):
    """Customers who joined up to 30 months before a window of 20, of whom those who left earlier were never seen."""
    random = np.random.default_rng(seed)
    joined = random.integers(-900, 600, customers)
    life = np.ceil(DRAWN[law].rvs(customers, random_state=random) * 30)
    entry, end = np.maximum(-joined, 0), 600 - joined
    made = pd.DataFrame({"entry": entry / 30, "exit": np.minimum(life, end) / 30, "event": (life <= end) * 1, "n": 1})
    return made[made["exit"] > made["entry"]].reset_index(drop=True)


@pytest.mark.parametrize("law", DRAWN)
def test_the_law_that_customers_were_drawn_from_comes_nearest(law):
    got = fitted_laws(lives(law))
    near = got.loc[got["difference"] < 2, "law"].tolist()
    assert law in near
    assert got["difference"].iloc[-1] > 10


@pytest.mark.parametrize("law", DRAWN)
def test_likelihoods_with_late_entry_are_those_of_lifelines(law):
    rows = lives("weibull")
    fit = OTHERS[law]().fit(rows["exit"], rows["event"], entry=rows["entry"])
    got = fitted_laws(rows).set_index("law").loc[law]
    assert got["log_likelihood"] == pytest.approx(fit.log_likelihood_, rel=1e-7)
    assert got["aic"] == pytest.approx(2 * got["parameters"] - 2 * fit.log_likelihood_, rel=1e-7)


def test_an_even_pace_is_the_leavers_over_the_months_lived():
    rows = pd.DataFrame({"entry": [0, 2.0, 0], "exit": [4.0, 8.0, 5.0], "event": [1, 1, 0], "n": [20, 10, 30]})
    lived, left = 20 * 4 + 10 * 6 + 30 * 5, 30
    got = fitted_laws(rows).set_index("law").loc["exponential", "log_likelihood"]
    assert got == pytest.approx(left * np.log(left / lived) - left)


def test_counts_and_episodes_cut_in_two_give_the_same_answer():
    rows = lives("log-logistic", customers=800)
    rows[["entry", "exit"]] = (rows[["entry", "exit"]] * 30).round()
    middle = (rows["entry"] + rows["exit"]) / 2
    cut = pd.concat([rows.assign(exit=middle, event=0), rows.assign(entry=middle)])
    doubled = pd.concat([cut, cut])
    got = fitted_laws(doubled)["log_likelihood"].to_numpy() / 2
    assert got == pytest.approx(fitted_laws(rows)["log_likelihood"].to_numpy())


@pytest.mark.parametrize("left", [0, 19])
def test_of_few_leavers_no_law_is_told(left):
    rows = pd.DataFrame({"entry": 0.0, "exit": [5.0, 9.0], "event": [1, 0], "n": [left, 900]})
    assert fitted_laws(rows).empty


def test_every_law_has_its_own_name():
    assert sorted(law.name for law in LAWS) == sorted(DRAWN)


def test_where_nobody_was_under_observation_no_law_is_told():
    assert fitted_laws(pd.DataFrame(columns=["entry", "exit", "event", "n"])).empty
