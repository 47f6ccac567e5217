from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.models.ranked_sums import RankedSums


def sums(order, ranks, questions, weights):
    places, below = np.array(questions).reshape(-1, 2).T
    rows = RankedSums(np.array(order), ranks=np.array(ranks), places=places, below=below)
    return rows.of(np.array(weights, dtype=float)).tolist()


def test_rows_early_in_the_order_and_low_in_rank_are_summed():
    got = sums(order=[2, 0, 1], ranks=[1, 0, 3], questions=[(2, 2), (3, 1), (3, 4), (0, 4), (1, 3)], weights=[10, 5, 1])
    assert got == [10, 5, 16, 0, 0]


def test_a_rank_is_not_below_itself():
    assert sums(order=[0, 1], ranks=[1, 1], questions=[(2, 1), (2, 2)], weights=[3, 4]) == [0, 7]


def test_the_same_questions_are_answered_for_other_weights():
    rows = RankedSums(np.arange(3), ranks=np.array([2, 0, 1]), places=np.array([3]), below=np.array([2]))
    assert [rows.of(np.array(weights)).tolist() for weights in ([1.0, 1, 1], [9.0, 4, 2])] == [[2], [6]]


ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, seed=st.integers(0, 99))
def test_the_sums_are_those_counted_row_by_row(rows, seed):
    ranks, weights = np.array(rows).T
    order = np.random.default_rng(seed).permutation(len(rows))
    questions = [(place, below) for place in range(len(rows) + 1) for below in range(12)]
    expected = [sum(weights[row] for row in order[:place] if ranks[row] < below) for place, below in questions]
    assert sums(order, ranks, questions, weights) == pytest.approx(expected, abs=0)
