from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.models import forecast
from analysis.models.accountability import accounted
from analysis.models.accounts import totals
from analysis.models.candidates.field import fitted
from analysis.models.candidates.learning import Learning
from analysis.models.covariates import candidate_columns
from analysis.models.encoder import fit_encoder
from analysis.models.prediction import predict

AS_OF, V = dt.date(2026, 9, 30), dt.date(2025, 9, 30)


@pytest.fixture(scope="module")
def moody(provider):
    """A provider whose customers leave by mood, its prediction and its scores."""
    made = provider(1500)
    return made, *predict(made.rows, made.active, as_of=AS_OF, known_at={})


def test_a_model_that_sees_what_drives_leaving_is_chosen_on_a_later_year(moody):
    _, got, _ = moody
    assert got.verdict == "chosen"
    assert (got.landmark, got.horizon) == (V, 12)
    row = got.candidates.set_index("candidate").loc[got.chosen]
    assert row["difference_high"] < 0
    assert got.candidates["candidate"].tolist()[0] == "kaplan_meier"


def test_scores_meet_the_truth_in_all_and_one_by_one(moody):
    made, _, scores = moody
    predicted, true = scores.risk[:, 1], made.active["true_3m"].to_numpy()
    assert predicted.mean() / true.mean() == pytest.approx(1, abs=0.12)
    assert np.corrcoef(np.log(predicted), np.log(true))[0, 1] > 0.9


def test_every_active_customer_is_scored_in_the_order_of_ids(moody):
    made, got, scores = moody
    assert scores.customer_id.tolist() == sorted(made.active["customer_id"])
    assert got.counts["scored"] == len(made.active)
    assert scores.draws.shape == (20, len(made.active), 5)
    assert (np.diff(scores.hazards, axis=1, prepend=0) >= 0).all()


def test_draws_lie_around_the_estimate_and_differ(moody):
    _, _, scores = moody
    whole = scores.draws.mean(axis=(0, 1)) / scores.hazards.mean(axis=0)
    assert whole.tolist() == pytest.approx([1] * 5, abs=0.1)
    assert (scores.draws.std(axis=0)[scores.hazards > 0] > 0).all()


def test_leaving_by_choice_is_rarer_than_leaving_and_near_its_share(moody):
    _, _, scores = moody
    assert (scores.risk_voluntary <= scores.risk + 1e-8).all()
    assert scores.risk_voluntary[:, 4].mean() / scores.risk[:, 4].mean() == pytest.approx(0.7, abs=0.08)


def test_every_scored_customer_has_contributions_of_leaving_by_choice(moody):
    made, _, scores = moody
    why = scores.reasons
    assert why.by_choice
    assert why.rows["customer_id"].tolist() == scores.customer_id.tolist()
    assert why.rows["highest"].sum() == round(len(made.active) / 10)
    # Mood is no family to act on: it explains the risk, and is nobody's reason.
    assert why.rows["adds_profile"].corr(made.active["mood"], method="spearman") > 0.85
    assert why.rows["reason_1"].isna().all()


def test_figures_are_given_for_each_horizon_at_its_own_landmark_and_for_leaving_by_choice(moody):
    _, got, _ = moody
    assert sorted(got.metrics["horizon"].unique()) == [1, 3, 12]
    assert sorted(got.metrics["kind"].unique()) == ["all", "voluntary"]
    assert got.metrics["events"].min() >= 10


def test_the_last_quarter_is_foretold_by_what_was_known_before_it(moody):
    made, got, _ = moody
    came = forecast.came_of(made.rows, dt.date(2026, 6, 30), as_of=AS_OF)
    account = accounted(came, stored=None, refitted=got.foretold)
    whole = totals(account, judged=got.metrics, smallest=11).set_index("group").loc["all"]
    judged = got.metrics[(got.metrics["horizon"] == 3) & (got.metrics["kind"] == "all")].set_index("metric")
    validated = judged.loc["calibration_ratio", ["value", "low", "high"]].tolist()
    assert whole[["ratio", "low", "high"]].tolist() == validated
    assert whole["left"] == judged["events"].iloc[0]
    assert whole["ratio"] == pytest.approx(whole["left"] / whole["expected"], rel=1e-12)


def test_the_model_of_the_judgement_is_followed_through_every_quarter_since(moody):
    _, got, _ = moody
    days = [f"{day:%Y-%m-%d}" for day in got.ageing["landmark"]]
    assert days == ["2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30"]
    assert ((got.ageing["low"] < got.ageing["ratio"]) & (got.ageing["ratio"] < got.ageing["high"])).all()


def test_no_table_of_the_report_names_a_customer(moody):
    _, got, _ = moody
    tables = [got.candidates, got.metrics, got.arms, got.ageing, got.refused, got.remarks]
    assert not any("C00" in table.to_csv() for table in tables)


def test_where_nothing_drives_leaving_the_null_makes_the_forecast_and_the_verdict_says_so(provider):
    made = provider(700, effect=0.0)
    got, scores = predict(made.rows, made.active, as_of=AS_OF, known_at={})
    assert (got.chosen, got.verdict) == ("kaplan_meier", "null_not_beaten")
    assert scores.reasons is None
    assert scores.risk[:, 1].mean() == pytest.approx(made.active["true_3m"].mean(), rel=0.15)


def test_one_quarter_of_history_is_not_judged(provider):
    made = provider(500, begins="2026-07-01")
    got, scores = predict(made.rows, made.active, as_of=AS_OF, known_at={})
    assert (got.chosen, got.verdict, got.landmark, got.horizon) == ("kaplan_meier", "not_judged", None, None)
    assert got.candidates.empty and got.metrics.empty
    assert "not judged" in got.remarks["outcome"].tolist()
    assert len(scores.hazards) == len(made.active)


def test_a_short_history_is_judged_on_three_months(provider):
    made = provider(800, begins="2026-01-01")
    got, _ = predict(made.rows, made.active, as_of=AS_OF, known_at={})
    assert (got.landmark, got.horizon) == (dt.date(2026, 6, 30), 3)
    assert sorted(got.metrics["horizon"].unique()) == [1, 3]


def test_few_leavers_are_left_to_the_life_table(provider):
    made = provider(500, base=0.0008)
    got, _ = predict(made.rows, made.active, as_of=AS_OF, known_at={})
    assert (got.chosen, got.verdict) == ("kaplan_meier", "not_judged")


def test_where_nobody_left_there_is_no_forecast_and_the_reason_is_told(provider):
    made = provider(60, base=1e-9)
    got, scores = predict(made.rows, made.active, as_of=AS_OF, known_at={})
    assert got.verdict == "nobody_left"
    assert got.remarks.iloc[-1].tolist()[:2] == ["all models", "left out"]
    assert "Nobody is known to have left" in got.remarks.iloc[-1]["reason"]
    assert (len(scores.customer_id), scores.risk.shape, got.counts["scored"]) == (0, (0, 5), 0)
    nobody, _ = predict(made.rows.head(0), made.active.head(0), as_of=AS_OF, known_at={})
    assert nobody.verdict == "nobody_followed"
    assert nobody.remarks.iloc[-1]["reason"].startswith("Nobody was under observation with a product")


def test_of_ten_customers_no_forecast_is_made_and_of_eleven_it_is(provider):
    made = provider(300)
    got, scores = predict(made.rows, made.active.head(10), as_of=AS_OF, known_at={})
    assert (got.verdict, len(scores.customer_id)) == ("too_few", 0)
    enough, scored = predict(made.rows, made.active.head(11), as_of=AS_OF, known_at={})
    assert (enough.verdict != "too_few", len(scored.customer_id)) == (True, 11)


def test_leaving_by_choice_is_missing_where_the_source_gives_no_kinds(provider):
    made = provider(400, kinds=False)
    got, scores = predict(made.rows, made.active, as_of=AS_OF, known_at={})
    assert scores.hazards_voluntary is None
    assert np.isnan(scores.risk_voluntary).all()
    assert set(got.metrics["kind"]) == {"all"}
    assert got.verdict == "chosen" and not scores.reasons.by_choice


def test_rows_without_a_product_are_neither_learned_from_nor_scored_but_counted(provider):
    made = provider(400)
    rows, active = made.rows.copy(), made.active.copy()
    rows.loc[rows.index[:7], "products"] = np.nan
    active.loc[active.index[:3], "products"] = 0
    got, scores = predict(rows, active, as_of=AS_OF, known_at={})
    assert got.counts["rows_without_product"] == 7
    assert got.counts["customers_without_product"] == 3
    assert len(scores.hazards) == len(active) - 3


def test_a_column_that_tells_who_left_is_refused_and_named(provider):
    made = provider(300)
    random = np.random.default_rng(1)
    told = (made.rows["left"] + 0.01 * random.normal(size=len(made.rows))).rename("attr_score")
    rows, active = made.rows.assign(attr_score=told), made.active.assign(attr_score=0.0)
    got, _ = predict(rows, active, as_of=AS_OF, known_at={"attr_score": "signup"})
    assert got.refused["covariate"].tolist() == ["attr_score"]


def test_the_order_of_rows_and_columns_changes_nothing(provider):
    made = provider(400)
    mixed = made.rows.sample(frac=1, random_state=2)[sorted(made.rows.columns, reverse=True)]
    other = made.active.sample(frac=1, random_state=3)
    one, got = (
        predict(rows, active, as_of=AS_OF, known_at={}) for rows, active in ((made.rows, made.active), (mixed, other))
    )
    assert got[0].chosen == one[0].chosen
    np.testing.assert_array_equal(got[1].hazards, one[1].hazards)
    pd.testing.assert_frame_equal(got[0].candidates, one[0].candidates)


@pytest.mark.parametrize("name", ["kaplan_meier", "cox", "aft", "logistic", "boosting"])
def test_nothing_that_came_after_the_landmark_moves_a_forecast_made_there(provider, name):
    rows = provider(800).rows
    later = rows["landmark"] + pd.to_timedelta(rows["ahead_days"], unit="D") > pd.Timestamp(V)
    after = rows["landmark"] >= pd.Timestamp(V)
    other = rows.assign(
        left=rows["left"].where(~later, 1 - rows["left"]), left_kind=rows["left_kind"].where(~later),
        ahead_days=rows["ahead_days"].where(~later, 700), mood=rows["mood"].where(~after, 9.0),
        event=rows["event"].where(~after, 1),
    )  # fmt: skip
    there = rows[(rows["landmark"] == pd.Timestamp(V)) & (rows["at_quarter_end"] == 1)]
    got = []
    for each in (rows, other):
        known = forecast.known_at(each, V)
        learning = Learning(known, V, fit_encoder(known, candidate_columns(rows)))
        got.append(fitted(name, learning).hazards(there))
    np.testing.assert_array_equal(got[0], got[1])


def test_what_was_learned_from_outcomes_is_no_feature(provider):
    columns = candidate_columns(provider(50).rows)
    assert columns == ["mood", "noise", "products", "technology"]
