"""The control chart's part of the simulations, on few runs; and the simulator itself."""

from __future__ import annotations

import numpy as np
import pytest
from tests.truth.control import Size, made
from tests.truth.quarters import RISE, Setting, common_covariance, own_covariance, planted, quarters

USUAL = Setting("usual")


def test_few_runs_hold_within_their_error(tmp_path):
    few = Size((USUAL, Setting("four quarters, luck", past=4, common=0.08, own=0.066)), 12, 1, 0, slack=3.0)
    alarms, power = made(few, tmp_path)
    assert alarms.holds, alarms.text()
    assert power.holds, power.text()
    assert alarms.rows["setting"].tolist() == ["usual", "four quarters, luck", "all together"]
    assert {"from 500", "from 2,000", "from 5,000"} == set(power.rows["customers"])


def test_classes_of_every_dimension_sum_to_the_base_and_regions_to_their_areas():
    counts = quarters(USUAL, np.random.default_rng(1)).counts
    sums = counts.groupby(["dimension", "quarter"])[["customers", "leavers"]].sum()
    for dimension in ("plan", "use", "region", "area"):
        assert (sums.loc[dimension] == sums.loc[""]).all().all()
    regions = counts[(counts["dimension"] == "region") & counts["class"].isin([f"region {i}" for i in (0, 2, 4, 6)])]
    area = counts[counts["class"] == "area 0"].set_index("quarter")["leavers"]
    assert (regions.groupby("quarter")["leavers"].sum() == area).all()


def test_rates_are_those_that_were_set():
    truth = [quarters(USUAL, np.random.default_rng(seed)).truth for seed in range(30)]
    plans = [one[one["dimension"] == "plan"] for one in truth]
    rates = [np.average(one["usual"], weights=one["customers"]) for one in plans]
    assert np.mean(rates) == pytest.approx(USUAL.rate, rel=0.1)  # cells of high rates lose customers in time
    luck = np.log(np.concatenate([one["rate"] / one["usual"] for one in plans]))
    assert luck.std() == pytest.approx(np.sqrt(np.diag(own_covariance(USUAL))[0]), rel=0.25)


def test_a_planted_rise_is_one_of_half():
    made_up = quarters(Setting("large", customers=2_000_000), np.random.default_rng(2)).truth
    got = planted(made_up, np.random.default_rng(3)) / made_up["customers"] / made_up["rate"]
    assert got.to_numpy() == pytest.approx(np.full(len(made_up), RISE), rel=0.05)


def test_what_all_share_is_of_the_size_that_was_set():
    wild = Setting("wild", season=0.15, common=0.08, past=8)
    drawn = []
    for seed in range(400):
        counts = quarters(wild._replace(own=0.0, customers=2_000_000, moving=0.0), np.random.default_rng(seed)).counts
        base = counts[counts["dimension"] == ""]
        drawn.append(np.log(base["leavers"] / base["customers"]).to_numpy())
    got, true = np.cov(np.array(drawn).T), common_covariance(wild)
    assert got == pytest.approx(true, abs=0.004)
