from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.models import forecast
from analysis.models.candidates.boosting import fit_boosting
from analysis.models.candidates.field import fitted
from analysis.models.candidates.learning import Learning
from analysis.models.candidates.paced import paced
from analysis.models.encoder import fit_encoder
from analysis.models.families import FAMILIES
from analysis.models.reasons.contributions import Explained, knows_trees, of_families
from analysis.models.reasons.lines import line_of

AS_OF = dt.date(2026, 9, 30)


@pytest.fixture(scope="module")
def shop(provider):
    """A provider whose tickets are what drives leaving, and what was learned from it."""
    made = provider(1_200, base=0.03, effect=0.9)
    rows, active = (told(table) for table in made)
    known = forecast.known_at(rows, AS_OF)
    return active, Learning(known, AS_OF, fit_encoder(known, ["tickets_3m", "noise", "technology"]))


def told(table: pd.DataFrame) -> pd.DataFrame:
    """Tickets drive away; everyone has a promotion with half the months left that a row's place says."""
    return table.rename(columns={"mood": "tickets_3m"})


def hazard(fit, rows: pd.DataFrame) -> np.ndarray:
    """Log hazard of three months."""
    return np.log(fit.hazards(rows)[:, 1])


@pytest.mark.parametrize("name", ["cox", "aft"])
def test_contributions_and_a_constant_sum_to_the_log_hazard_of_three_months(shop, name):
    active, learning = shop
    fit = fitted(name, learning).fitted  # without the pace, which differs between the months
    got = Explained(fit, active).of(active).values.sum(axis=1)
    assert got == pytest.approx(hazard(fit, active) - hazard(fit, active).mean(), abs=1e-9)


def test_contributions_of_logistic_hazards_sum_to_the_mean_log_odds_and_pace(shop):
    active, learning = shop
    fit = fitted("logistic", learning)
    got = Explained(fit, active).of(active).values.sum(axis=1)
    odds = np.log(np.expm1(np.diff(fit.fitted.hazards(active), axis=1, prepend=0)[:, :2]))
    mean, deviation = fit.paces(active)
    want = (odds + (mean + deviation**2 / 2)[:, :2]) @ [1 / 3, 2 / 3]
    inside = np.abs(want - want.mean()) < 1.5  # nobody is given odds beyond those met in learning
    assert got[inside] - got[inside].mean() == pytest.approx(want[inside] - want[inside].mean(), abs=1e-9)
    assert inside.mean() > 0.9


def test_trees_add_what_they_multiply_the_hazard_by(provider):
    made = provider(3_000)
    sign = [np.where(table["noise"] > 0, 1.0, -1.0) for table in made]
    rows, active = (
        table.assign(tickets_3m=one * table["mood"], other=one) for one, table in zip(sign, made, strict=True)
    )
    known = forecast.known_at(rows, AS_OF)
    learning = Learning(known, AS_OF, fit_encoder(known, ["tickets_3m", "other"]))
    fit = fit_boosting(learning)
    assert knows_trees(paced(fit, learning)) and not knows_trees(fit.logistic)
    whole, line = Explained(fit, active).of(active), Explained(fit.logistic, active).of(active)
    factor = np.log(np.diff(fit.hazards(active)) / np.diff(fit.logistic.hazards(active)))[:, 0]
    first = np.log(fit.hazards(active) / fit.logistic.hazards(active))[:, 0]
    want = first / 3 + factor * 2 / 3
    got = whole.values.sum(axis=1) - line.values.sum(axis=1)
    assert got == pytest.approx(want - want.mean(), abs=1e-9)
    assert (whole.drawn - line.drawn).std(axis=0).max() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", ["cox", "aft", "logistic", "boosting"])
def test_what_drives_leaving_gets_its_effect_per_unit_and_what_does_not_gets_little(shop, name):
    active, learning = shop
    explained = Explained(fitted(name, learning), active)
    found = explained.of(active)
    table = pd.DataFrame(of_families(found.values, explained.covariates), columns=list(FAMILIES))
    slope = np.polyfit(active["tickets_3m"].clip(-2.5, 2.5), table["service"], 1)[0]
    assert slope == pytest.approx(0.9, abs=0.2)
    assert table["service"].std() > 3 * table["profile"].std()
    assert table.mean().abs().max() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", ["cox", "aft", "logistic"])
def test_draws_of_families_lie_around_the_estimate_and_differ(shop, name):
    active, learning = shop
    explained = Explained(fitted(name, learning), active)
    found, place = explained.of(active), FAMILIES.index("service")
    estimate = of_families(found.values, explained.covariates)[:, place]
    assert found.drawn.shape == (20, len(active), len(FAMILIES))
    spread = found.drawn[:, :, place].std(axis=0)
    assert found.drawn[:, :, place].mean(axis=0) == pytest.approx(estimate, abs=0.5 * np.abs(estimate).max())
    assert 0.01 < (spread / np.abs(estimate)).mean() < 0.5


def test_some_customers_are_held_against_the_mean_of_all(shop):
    active, learning = shop
    explained = Explained(fitted("logistic", learning), active)
    some = active.iloc[5:25]
    np.testing.assert_allclose(explained.of(some).values, explained.of(active).values[5:25], atol=1e-12)


def test_a_life_table_knows_no_reasons(shop):
    assert line_of(fitted("kaplan_meier", shop[1])) is None
