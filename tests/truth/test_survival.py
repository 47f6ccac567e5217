"""A quick sample of `make truth`, and that its tables can fail."""

from __future__ import annotations

import pytest
from tests.truth import survival
from tests.truth.survival import Size, allowed, allowed_bias, made


@pytest.fixture(scope="module")
def sample():
    return {table.name: table for table in made(Size(large=4, small=40, workers=1))}


@pytest.mark.parametrize("name", ["survival_errors", "hazard_ratios", "coverages"])
def test_estimates_of_a_few_runs_lie_as_near_the_truth_as_their_number_allows(sample, name):
    assert sample[name].holds, sample[name].text()


def test_every_world_is_judged_but_for_the_ratios_that_frailty_biases(sample):
    lines = {name: table.rows.set_index("world")["holds"].isna() for name, table in sample.items()}
    assert len(sample["survival_errors"].rows) == 10 and not lines["survival_errors"].any()
    assert lines["hazard_ratios"].groupby("world").all().to_dict() == {
        "constant": False,
        "contract-end spikes": False,
        "falling": False,
        "gamma frailty": True,
        "rising": False,
    }
    assert lines["coverages"]["gamma frailty"].tolist() == [False, True, True, True, True]


def test_frailty_does_bias_the_ratios(sample):
    rows = sample["hazard_ratios"].rows.set_index(["world", "covariate"])
    assert rows.loc[("gamma frailty", "fibre"), "bias"] < -0.08


def test_what_is_allowed_follows_from_the_number_of_runs():
    assert allowed(1_000) == pytest.approx((0.93, 0.97))
    assert allowed(40) == pytest.approx((0.85, 1.05))
    assert allowed_bias(200, se=0.02) == 0.03
    assert allowed_bias(4, se=0.02) == pytest.approx(0.03 + 0.06 * (1 / 2 - 1 / 200**0.5))


def broken(monkeypatch, change, size):
    """Whether the tables hold when every drawn customer is changed first."""
    drawn = survival.observed
    monkeypatch.setattr(survival, "observed", lambda *given: change(drawn(*given)))
    return {table.name: table.holds for table in made(size)}


def test_who_forgets_late_entry_is_found_out(monkeypatch):
    got = broken(monkeypatch, lambda rows: rows.assign(entry=0.0), Size(large=2, small=10, workers=1))
    assert not got["survival_errors"]
    assert not got["coverages"]


def test_who_counts_every_customer_four_times_is_found_out_by_the_coverage(monkeypatch):
    def fourfold(rows):
        return rows.loc[rows.index.repeat(4)].reset_index(drop=True)

    got = broken(monkeypatch, fourfold, Size(large=1, small=20, workers=1))
    assert got == {"survival_errors": True, "hazard_ratios": True, "coverages": False}
