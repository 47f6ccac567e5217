"""Who answers surveys, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.measures.response import response


@pytest.fixture
def engine():
    with Engine() as one:
        yield one


def test_answers_are_counted_in_all_and_by_age_and_tenure_and_small_classes_are_left_out(engine):
    """20 old customers of whom 12 answer, 20 of middle age of whom 15 do not, and 3 young who all answer."""
    ages = [70] * 20 + [40] * 20 + [20] * 3
    answered = [1] * 12 + [0] * 8 + [1] * 5 + [0] * 15 + [1] * 3
    keys = [f"C{number:02d}" for number in range(43)]
    day = pd.Timestamp("2026-05-01")
    surveys = pd.DataFrame({"customer_id": keys, "answered_at": [day if one else pd.NaT for one in answered]})
    people = pd.DataFrame({"customer_id": keys, "age": ages, "tenure_months": [80.0] * 43})
    got = response({"surveys": engine.table(surveys)}, engine.table(people), smallest=5)
    assert got["class"].tolist() == ["all", "30 to 59", "60 or older", "5 years or longer here"]
    assert got["share"].tolist() == pytest.approx([20 / 43, 5 / 20, 12 / 20, 20 / 43])
    assert (got["low"] < got["share"]).all() and (got["share"] < got["high"]).all()


def test_without_surveys_there_is_nothing_to_count(engine):
    assert response({}, engine.table(pd.DataFrame({"customer_id": ["a"]})), smallest=11).empty
