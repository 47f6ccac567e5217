"""What is told of drivers, and what is refused with a plain sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.drivers.shares import promoter_effects
from analysis.models.drivers.study import sampled, study


@pytest.fixture
def rows() -> pd.DataFrame:
    """600 answers in 30 areas: an hour of outage costs half a point, ten euros a quarter; complaints follow outages."""
    rng = np.random.default_rng(5)
    outage = rng.gamma(0.5, 4.0, size=600)
    fee = rng.uniform(20, 100, 600)
    complaints = rng.poisson(0.1 + 0.2 * outage)
    score = 8 - 0.5 * outage - 0.025 * fee - 0.5 * (complaints - 0.2 * outage) + rng.normal(size=600)
    return pd.DataFrame(
        {
            "customer_id": [f"C{number:03d}" for number in range(600)],
            "area_id": [f"A{number % 30:02d}" for number in range(600)],
            "landmark": pd.date_range("2026-01-01", periods=600, freq="6h"),
            "nps_told": score, "outage_hours": outage, "monthly_fee": fee, "discount": 0.0,
            "complaints_3m": complaints, "technology": np.where(np.arange(600) % 3 == 0, "fibre", "dsl"),
        }
    )  # fmt: skip


def test_planted_effects_lie_in_their_intervals_by_area(rows):
    got = study(rows, "nps_told", "answers")
    effects = got.effects.set_index("driver")
    assert (got.verdict, got.rows, got.clusters, got.by_area) == ("", 600, 30, True)
    assert effects.at["outage_hours", "low"] < -0.5 < effects.at["outage_hours", "high"] < 0
    assert effects.at["net_fee", "low"] < -0.25 < effects.at["net_fee", "high"] < 0
    assert effects.at["technology", "level"] == "fibre, not dsl"
    assert got.fit.beats_the_mean


def test_what_customers_do_about_it_does_not_take_away_the_effect_of_what_they_meet(rows):
    """Half of the harm goes by complaints: with these held constant an hour would seem to cost four tenths."""
    told = study(rows.assign(nps_told=9 - 0.5 * rows["complaints_3m"]), "nps_told", "answers").effects
    effects = told.set_index("driver")["effect"]
    assert effects["outage_hours"] == pytest.approx(-0.1, abs=0.03)
    assert effects["complaints"] == pytest.approx(-0.5)


def test_the_margin_is_not_explained_by_what_it_is_made_of(rows):
    got = study(rows.rename(columns={"nps_told": "margin"}), "margin", "customers", components=False)
    assert "net_fee" not in set(got.effects["driver"]) | set(got.left_out["driver"])


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"nps_told": np.nan}, "There are no answers."),
        ({"nps_told": 7.0}, "All answers are the same, so nothing tells what moves them."),
    ],
)
def test_an_outcome_that_tells_nothing_is_refused(rows, change, verdict):
    got = study(rows.assign(**change), "nps_told", "answers")
    assert got.verdict == verdict
    assert got.effects.empty and got.curves == {}


def test_without_surveys_nothing_is_told():
    got = study(pd.DataFrame({"customer_id": []}), "nps_told", "answers")
    assert got.verdict == "There are no answers."
    assert promoter_effects(pd.DataFrame({"customer_id": []})).verdict == "There are no answers."


def test_few_answers_are_refused(rows):
    assert study(rows.head(60), "nps_told", "answers").verdict == (
        "There are 60 answers: fewer than 100, so no effect is told."
    )


def test_ten_rows_are_asked_for_each_coefficient_and_the_later_drivers_go():
    rng = np.random.default_rng(1)
    levels = {name: rng.choice(list("abcdefgh"), 110) for name in ("technology", "area_type")}
    rows = pd.DataFrame(levels | {"customer_id": range(110), "nps_told": rng.normal(size=110)})
    got = study(rows, "nps_told", "answers")
    assert len(got.effects) == 10
    assert set(got.left_out["reason"]) >= {"110 rows allow 10 coefficients, at 10 rows for each."}


def test_an_empty_column_and_one_that_repeats_another_are_named(rows):
    doubled = rows.assign(age=rows["outage_hours"] * 2 + 1, bandwidth_mbps=np.nan)
    left = study(doubled, "nps_told", "answers").left_out.set_index("driver")["reason"]
    assert left["age"] == "What is known already nearly tells it, above all “outage_hours”."
    assert left["bandwidth"] == "The source does not tell it."


def test_one_category_alone_tells_nothing_of_shares(rows):
    got = promoter_effects(rows.assign(nps_told=rows["nps_told"].clip(0, 5).round()))
    assert got.verdict == "There are fewer than 20 passives, so shares are not told."


def test_noise_does_not_beat_the_mean(rows):
    noise = rows.assign(nps_told=np.random.default_rng(2).normal(size=600))
    assert not study(noise, "nps_told", "answers").fit.beats_the_mean


def test_a_bend_is_seen_and_a_straight_line_is_not(rows):
    assert study(rows, "nps_told", "answers").curves["net_fee"].bent > 0.01
    bent = rows.assign(nps_told=rows["nps_told"] + 0.002 * (rows["monthly_fee"] - 60) ** 2)
    assert study(bent, "nps_told", "answers").curves["net_fee"].bent < 0.001


def test_a_sample_is_spread_over_the_order_and_the_same_whatever_the_rows_came_in(rows):
    got = sampled(rows.sample(frac=1, random_state=1), order_by=["landmark", "customer_id"], most=3)
    assert got["customer_id"].tolist() == ["C000", "C299", "C599"]
