from __future__ import annotations

import numpy as np
import pytest
from tests.truth.lives import DAYS_PER_MONTH, WORLDS, cut, observed

from analysis.models.cox import fit_cox


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_a_cumulative_hazard_and_its_inverse_belong_together(world):
    months = np.array([0.5, 3, 11.9, 12.2, 24, 24.7, 60])
    assert world.month(world.hazard(months)) == pytest.approx(months)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_the_mean_survival_is_that_of_a_million_drawn(world):
    rng = np.random.default_rng(1)
    log_hazard = 0.6 * (rng.random(1_000_000) < 0.4) - 0.3 * rng.normal(size=1_000_000)
    assert world.survival_of_everyone(24) == pytest.approx(world.survival(24, log_hazard).mean(), abs=0.001)


def test_hazards_are_the_ones_their_names_say():
    constant, falling, rising, spikes = (world.hazard(np.array([6.0, 12, 13, 24, 25])) for world in WORLDS[:4])
    assert constant == pytest.approx(np.array([6, 12, 13, 24, 25]) / 40)
    assert 2 * falling[0] > falling[1]
    assert 2 * rising[0] < rising[1]
    assert np.diff(spikes) == pytest.approx([0.06, 0.2, 0.11, 0.2])
    assert WORLDS[4].survival(30).item() == pytest.approx(1.5**-2)


def test_customers_are_seen_from_the_beginning_of_observation_on_in_whole_days():
    rows = observed(WORLDS[0], 3_000, np.random.default_rng(2))
    assert len(rows) == 3_000
    assert (rows["entry"] < rows["exit"]).all()
    days = rows[["entry", "exit"]] * DAYS_PER_MONTH
    assert days.to_numpy() == pytest.approx(days.round().to_numpy())
    assert 0.3 < (rows["entry"] > 0).mean() < 0.6
    assert (rows["exit"] - rows["entry"]).max() * DAYS_PER_MONTH == pytest.approx(1096)


def test_cutting_keeps_time_events_and_what_a_model_says():
    rows = observed(WORLDS[1], 500, np.random.default_rng(3))
    pieces = cut(rows)
    length = pieces["exit"] - pieces["entry"]
    assert (length > 0).all() and length.max() <= 3 + 1e-9
    assert length.groupby(pieces["customer"]).sum().to_numpy() == pytest.approx(
        (rows["exit"] - rows["entry"]).to_numpy()
    )
    assert pieces.groupby("customer")["event"].sum().tolist() == rows["event"].tolist()
    whole, quarters = (
        fit_cox(each[["fibre", "score"]], times=each).coefficients["coefficient"] for each in (rows, pieces)
    )
    assert quarters.tolist() == pytest.approx(whole.tolist())
