"""NPS and response by class, and what the same customers say again, by hand."""

from __future__ import annotations

import pytest
from tests.measures.survey_tables import CLASS, NOW, answers, mixed, surveys

from analysis.measures.class_rules import Dimension
from analysis.measures.interval import share_interval
from analysis.measures.survey_classes import by_class, repeated, responses

RULES = {"age": Dimension("age", "Age band")}


def test_a_class_that_differs_from_all_others_stands_out(engine):
    rows = answers(NOW, mixed(60, 20, 20)) + answers(NOW, mixed(20, 20, 60), klass="young", first=1000)
    got = by_class(surveys(engine, rows, silent=100), RULES, smallest=11).set_index("class")
    assert got["nps"].to_dict() == pytest.approx({"old": 40, "young": -40})
    assert got["stands_out"].to_dict() == {"old": "above", "young": "below"}
    assert got.at["old", "response"] == pytest.approx(100 / 400)
    assert (got["label"] == "Age band").all()


def test_a_difference_that_is_clear_alone_is_not_among_many_classes(engine):
    rows, place = [], 0
    for name, scores in [("odd", mixed(27, 10, 13)), *((f"class {at}", mixed(17, 16, 17)) for at in range(20))]:
        rows += answers(NOW, scores, klass=name, first=place)
        place += 100
    names = sorted({row[3] for row in rows})
    got = by_class(surveys(engine, rows, base=[(name, 100) for name in names], silent=30), RULES, smallest=11)
    assert set(got["stands_out"]) == {""}


def test_classes_of_few_answers_are_hidden_and_the_next_smallest_with_them(engine):
    rows = answers(NOW, mixed(20, 20, 20)) + answers(NOW, mixed(3, 2, 3), klass="young", first=1000)
    got = by_class(surveys(engine, rows, silent=50), RULES, smallest=11)
    assert got["masked"].tolist() == [True, True]
    assert got["nps"].isna().all()
    assert set(got["stands_out"]) == {""}


def test_the_latest_answer_of_a_customer_counts(engine):
    rows = answers(NOW.previous, [0] * 40) + answers(NOW, mixed(28, 0, 12))
    got = by_class(surveys(engine, rows, base=[("old", 100)], silent=20), RULES, smallest=11)
    assert got["answers"].tolist() == [40]
    assert got["nps"].tolist() == pytest.approx([40])


def test_responses_of_each_quarter(engine):
    got = responses(surveys(engine, answers(NOW, mixed(10, 10, 10)), silent=30), smallest=11)
    assert got["quarter"].tolist()[0] == str(NOW)
    assert got["response"].iloc[0] == pytest.approx(30 / 90)
    assert not got["masked"].iloc[0]


def test_where_everyone_answered_the_share_is_one(engine):
    got = responses(surveys(engine, answers(NOW, mixed(10, 10, 10))), smallest=11)
    assert got[["response", "low", "high"]].iloc[0].tolist() == pytest.approx([1, share_interval(30, 30)[0], 1])


def test_changes_within_customers_are_those_of_their_last_two_answers(engine):
    then, now = mixed(20, 20, 20), [10] * 10 + [8] * 10 + [8] * 20 + [3] * 10 + [10] * 10
    rows = answers(NOW.previous, then) + answers(NOW, now) + answers(NOW.previous.previous, [0] * 60)
    got = repeated(surveys(engine, rows), smallest=11)
    assert got["customers"].tolist()[0] == 60
    assert got["change"].tolist()[0] == pytest.approx(100 * (-10 + 20) / 60)
    assert len(got) == 1  # of the earlier promoters ten moved: too few to be told


def test_kinds_that_moved_are_told_where_enough_did(engine):
    then, now = mixed(40, 40, 40), [10] * 20 + [8] * 20 + [8] * 20 + [3] * 20 + [3] * 20 + [10] * 20
    got = repeated(surveys(engine, answers(NOW.previous, then) + answers(NOW, now)), smallest=11)
    assert got["change"].tolist() == pytest.approx([0.0 + 100 * (-20 - 20 + 40) / 120, -50, -50, 100])
    assert CLASS not in got
