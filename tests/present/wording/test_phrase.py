"""Pieces that sentences share."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.present.wording.phrase import (
    churn_moved,
    counted,
    cut_at,
    extremes,
    inside,
    listed,
    most_or_largest,
    moved,
    tens,
    whole_or_part,
)


@pytest.mark.parametrize(
    ("parts", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_is_read_aloud(parts, expected):
    assert listed(parts) == expected


def test_a_label_inside_a_sentence_keeps_its_capitals():
    assert (inside("RFM group"), inside("Urban or rural"), inside("Usage")) == ("RFM group", "urban or rural", "usage")


def test_one_is_singular():
    assert (counted(1, "row", "rows"), counted(1200, "row", "rows")) == ("1 row", "1,200 rows")


def test_a_change_is_told_when_it_is_clear():
    assert moved(0.0421, 90_000, 0.0391, 90_000) == "up from 3.9 % the quarter before"
    assert moved(0.0391, 90_000, 0.0421, 90_000) == "down from 4.2 % the quarter before"
    assert moved(0.0421, 5_000, 0.0391, 5_000) == "not clearly different from 3.9 % the quarter before"
    assert moved(0.04, 5_000, None, 5_000) == ""
    assert moved(0.0, 5_000, 0.0, 5_000) == "as in the quarter before"
    assert moved(0.0421, 90_000, 0.0422, 90_000) == "as in the quarter before"


def test_the_churn_rate_moves_between_the_last_two_quarters():
    base = pd.DataFrame({"churn_rate": [0.9, 0.02, 0.05], "opening": [9000] * 3, "joiners": [1000] * 3})
    assert churn_moved(base) == "up from 2.0 % the quarter before"
    assert churn_moved(base.assign(opening=0, joiners=100)) == "not clearly different from 2.0 % the quarter before"
    assert churn_moved(base.head(1)) == ""


@pytest.mark.parametrize(
    ("share", "expected"),
    [(26 / 1_000_000, "< 0.01 %"), (1 - 26 / 1_000_000, "> 99.99 %"), (0, "0.00 %"), (1, "100.00 %"), (0.5, "50.00 %")],
)
def test_a_few_of_many_are_not_printed_as_none_or_all(share, expected):
    assert whole_or_part(share, 2) == expected


def test_classes_are_cut_when_one_dimension_has_more():
    rows = pd.DataFrame({"dimension": ["a", "a", "b"], "class": ["x", "y", "x"]})
    assert (cut_at(rows, 1), cut_at(rows, 2), cut_at(rows.head(0), 0)) == (True, False, False)


def test_extremes_need_two_values():
    rows = pd.DataFrame({"class": ["a", "b", "c"], "rate": [0.2, None, 0.1]})
    high, low = extremes(rows, "rate")
    assert (high["class"], low["class"]) == ("a", "c")
    assert extremes(rows.head(2), "rate") is None


def test_a_count_that_grows_is_told_to_the_nearest_ten():
    assert [tens(number) for number in (1234, 1236, 15, 11)] == ["1,230", "1,240", "20", "10"]


def test_most_is_said_only_of_more_than_half():
    assert most_or_largest(pd.Series([51, 40, 22])) == "The largest group of"
    assert most_or_largest(pd.Series([60, 40, 0])) == "Most of"
    assert most_or_largest(pd.Series([50, 50])) == "The largest group of"
    # A hidden group may be as large as the smallest of the others.
    assert most_or_largest(pd.Series([60, 40, None])) == "The largest group of"
    assert most_or_largest(pd.Series([None, None], dtype=float)) == "The largest group of"
