"""A quarter's model, learned again: it gives the quarter's scores back, and refuses to be another one."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.models.frozen import check_same, frozen, rescored, thawed
from analysis.models.prediction import predict
from analysis.models.scores import chances

AS_OF = dt.date(2026, 9, 30)


@pytest.fixture(scope="module")
def quarter(provider):
    """A provider, what the report keeps of its model, and the quarter's scores."""
    made = provider(900)
    model, scores = predict(made.rows, made.active, as_of=AS_OF, known_at={})
    return made, frozen(model), chances(scores), set(model.refused["covariate"])


def again(quarter):
    made, kept, _, refused = quarter
    row = kept.iloc[0].to_dict()
    return thawed(row, made.rows, made.active, as_of=AS_OF, refused=refused)


def test_the_model_learned_again_gives_the_quarters_scores_back_to_the_last_decimal(quarter) -> None:
    made, kept, stored, _ = quarter
    assert kept["scored"].tolist() == [len(stored)]
    got = rescored(again(quarter), made.active)
    pd.testing.assert_frame_equal(got[list(stored.columns)], stored, check_exact=True)
    check_same(got, stored, where="here")


def test_a_customer_known_later_is_scored_by_what_is_known_then(quarter) -> None:
    made, _, stored, _ = quarter
    later = made.active.assign(mood=made.active["mood"] + 3) if "mood" in made.active else made.active
    got = rescored(again(quarter), later.head(50))
    assert len(got) == 50
    assert got["churn_1m"].between(0, 1).all()
    assert got["churn_1m"].mean() != pytest.approx(stored["churn_1m"].head(50).mean(), rel=1e-3)


@pytest.mark.parametrize("change", ["a score", "a customer"])
def test_another_model_is_refused_with_what_to_do(quarter, change) -> None:
    _, _, stored, _ = quarter
    other = stored.copy()
    if change == "a score":
        other.loc[3, "churn_3m"] += 2e-9
    else:
        other = other.iloc[1:]
    with pytest.raises(AnalysisFailed, match=r"here: expected the quarter's model.* run the report again") as raised:
        check_same(stored, other, where="here")
    assert raised.value.exit_code == 4


def test_a_correction_is_kept_and_stands_at_the_level_of_the_quarter(quarter) -> None:
    made, kept, stored, refused = quarter
    row = kept.iloc[0].to_dict() | {"slope": 0.8, "horizon": 12.0}
    model = thawed(row, made.rows, made.active, as_of=AS_OF, refused=refused)
    assert model.correction is not None
    whole = rescored(model, made.active)["churn_12m"]
    assert whole.mean() == pytest.approx(stored["churn_12m"].mean(), rel=1e-6)
    assert whole.std() < stored["churn_12m"].std()
    # Of fewer customers the level is not sought anew.
    some = rescored(model, made.active.sort_values("customer_id").head(40))["churn_12m"]
    assert some.tolist() == pytest.approx(whole.head(40).tolist(), abs=1e-9)
