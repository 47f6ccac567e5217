"""NPS and satisfaction by quarter, plain and weighted, and their changes, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measures.survey_tables import NOW, answers, mixed, surveys

from analysis.measures.nps import net_promoter_score
from analysis.measures.raking import equal
from analysis.measures.survey_kpis import survey_kpis
from analysis.measures.survey_rows import Surveys
from analysis.measures.survey_scores import CHANGES, LEVELS, changes, difference, estimate, kind_shares, levels


def two_classes(quarter=NOW):
    """60 old ones with an NPS of 50, 20 young ones of -50: as answered 25, of all customers 0."""
    old = answers(quarter, mixed(40, 10, 10))
    return [*old, *answers(quarter, mixed(5, 0, 15), klass="young", first=1000)]


def test_the_weighted_score_is_that_of_all_customers(engine):
    got = levels(surveys(engine, two_classes()), smallest=11).set_index(["score", "way"])
    assert got.at[("nps", "answered"), "value"] == pytest.approx(25)
    assert got.at[("nps", "weighted"), "value"] == pytest.approx(0)
    assert got.at[("nps", "weighted"), "effective"] == pytest.approx(1 / (0.25 / 60 + 0.25 / 20))
    assert got.at[("csat", "answered"), "value"] == pytest.approx((45 * 5 + 10 * 4 + 25 * 1.5) / 80)


def test_the_plain_interval_is_that_of_the_multinomial(engine):
    row = levels(surveys(engine, two_classes()), smallest=11).iloc[0]
    assert tuple(row[["value", "low", "high"]]) == pytest.approx(net_promoter_score(mixed(45, 10, 25)))


def test_the_weighted_interval_is_that_of_strata_with_three_answers_added(engine):
    row = levels(surveys(engine, two_classes()), smallest=11).iloc[1]
    points = [np.repeat([100, 0, -100], counts) for counts in ((40, 10, 10), (5, 0, 15))]
    error = np.sqrt(80 / 78 * sum(part.var() / len(part) / 4 for part in points))
    assert (row["high"] - row["low"]) / 2 == pytest.approx(1.96 * error, rel=0.05)


def test_a_change_counts_customers_who_answered_twice_by_the_difference_of_their_answers(engine):
    same = answers(NOW, mixed(30, 20, 10)) + answers(NOW.previous, mixed(30, 20, 10))
    told = surveys(engine, same)
    got = changes(told, levels(told, smallest=11)).set_index(["score", "way"])
    assert (got["change"] == 0).all()
    assert got.at[("nps", "answered"), "both"] == 60
    assert got.at[("nps", "answered"), "high"] == pytest.approx(0)


def test_of_different_customers_the_variances_of_a_change_add_up():
    parts = [
        pd.DataFrame({"customer_id": [f"{one}{at}" for at in range(40)], "nps": mixed(20, 10, 10)}) for one in "ab"
    ]
    now, then = (estimate(part, "nps", equal(40)) for part in parts)
    gap, low, high, both = difference(now, then)
    assert (gap, both) == (0, 0)
    one = np.var([100] * 20 + [0] * 10 + [-100] * 10, ddof=1) / 40
    assert (high - low) / 2 == pytest.approx(1.959964 * np.sqrt(2 * one))


def test_few_answers_and_few_of_the_other_side_are_not_told(engine):
    assert levels(surveys(engine, answers(NOW, mixed(4, 3, 3))), smallest=11).empty
    assert set(levels(surveys(engine, answers(NOW, mixed(60, 3, 0))), smallest=11)["score"]) == {"csat"}
    assert set(levels(surveys(engine, answers(NOW, mixed(60, 0, 0))), smallest=11)["score"]) == {"nps", "csat"}
    assert kind_shares(surveys(engine, answers(NOW, mixed(60, 3, 20))), smallest=11).empty


def test_shares_of_the_kinds_and_the_published_figures(engine):
    told = surveys(engine, [*answers(NOW, mixed(40, 20, 15)), *answers(NOW.previous, mixed(20, 20, 20), first=2000)])
    kinds, scores = kind_shares(told, smallest=11), levels(told, smallest=11)
    assert kinds["share"].tolist() == pytest.approx([40 / 75, 20 / 75, 15 / 75])
    none = pd.DataFrame(columns=["quarter", "masked", "response"])
    got = {kpi.metric: kpi for kpi in survey_kpis(scores, changes(told, scores), kinds, none, quarter=str(NOW))}
    assert got["nps"].value == pytest.approx(100 * 25 / 75)
    assert got["nps"].previous == pytest.approx(0)
    assert got["promoters"].n == 75


def test_a_score_stands_beside_a_year_ago_and_has_moved_where_the_interval_of_the_change_says_so():
    scores = pd.DataFrame([(str(NOW), "nps", "answered", 20.0, 10.0, 30.0, 200, 200.0)], columns=list(LEVELS))
    rows = [("nps", "answered", "before", 8.0, 1.0, 15.0, 9), ("nps", "answered", "year", -5.0, -20.0, 10.0, 9)]
    none, empty = pd.DataFrame(columns=["quarter", "masked", "response"]), pd.DataFrame(columns=["kind", "answers"])
    (got,) = survey_kpis(scores, pd.DataFrame(rows, columns=list(CHANGES)), empty, none, quarter=str(NOW))
    assert (got.previous, got.year_before, got.moved) == (12.0, 25.0, True)
    still = pd.DataFrame([("nps", "answered", "before", 8.0, -1.0, 17.0, 9)], columns=list(CHANGES))
    (got,) = survey_kpis(scores, still, empty, none, quarter=str(NOW))
    assert (got.year_before, got.moved) == (None, False)


def test_without_surveys_or_with_satisfaction_alone_there_is_what_there_is(engine):
    nothing = Surveys(
        False, engine.table(pd.DataFrame({"customer_id": ["a"]})), pd.DataFrame(), pd.DataFrame(), (), (), (NOW,)
    )
    assert levels(nothing, smallest=11).empty
    assert changes(nothing, levels(nothing, smallest=11)).empty
    assert kind_shares(nothing, smallest=11).empty
    told = surveys(engine, two_classes())
    told.answers["nps"] = np.nan
    assert set(levels(told, smallest=11)["score"]) == {"csat"}
    assert kind_shares(told, smallest=11).empty
