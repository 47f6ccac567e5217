"""Pieces that sentences share."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.present.wording.phrase import counted, extremes, listed, moved


@pytest.mark.parametrize(
    ("parts", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_is_read_aloud(parts, expected):
    assert listed(parts) == expected


def test_one_is_singular():
    assert (counted(1, "row", "rows"), counted(1200, "row", "rows")) == ("1 row", "1,200 rows")


def test_a_change_is_told_by_what_is_printed():
    assert moved(0.0421, 0.0391) == "up from 3.9 %"
    assert moved(0.0391, 0.0421) == "down from 4.2 %"
    assert moved(0.04201, 0.04199) == "unchanged at 4.2 %"
    assert moved(0.04, None) == ""


def test_extremes_need_two_values():
    rows = pd.DataFrame({"class": ["a", "b", "c"], "rate": [0.2, None, 0.1]})
    high, low = extremes(rows, "rate")
    assert (high["class"], low["class"]) == ("a", "c")
    assert extremes(rows.head(2), "rate") is None
