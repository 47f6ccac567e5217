"""Ratios of sums by hand, and their interval against simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.ratio import ratio_of_sums


def of(engine, rows):
    return ratio_of_sums(engine.table(pd.DataFrame(rows, columns=["customer_id", "top", "bottom"])))


def test_it_is_the_sum_of_the_tops_by_that_of_the_bottoms(engine):
    got = of(engine, [("a", 2.0, 4.0), ("b", 3.0, 4.0), ("b", 1.0, 0.0), ("c", None, 2.0)])
    assert (got.value, got.customers) == (pytest.approx(6 / 10), 3)


def test_its_interval_is_cochrans(engine):
    got = of(engine, [("a", 1.0, 2.0), ("b", 3.0, 4.0), ("c", 2.0, 4.0)])
    residuals = np.array([1, 3, 2]) - 0.6 * np.array([2, 4, 4])
    error = np.sqrt((residuals**2).sum() * 3 / 2) / 10
    assert got.error == pytest.approx(error)
    assert (got.low, got.high) == (pytest.approx(0.6 - 1.959964 * error), pytest.approx(0.6 + 1.959964 * error))


def test_nothing_below_the_line_is_no_ratio(engine):
    assert np.isnan(of(engine, [("a", 1.0, 0.0), ("b", 1.0, 0.0)])[:3]).all()


def test_one_customer_has_no_interval(engine):
    got = of(engine, [("a", 1.0, 2.0)])
    assert got.value == 0.5
    assert np.isnan([got.low, got.high]).all()


def test_its_interval_covers(engine):
    random, covered = np.random.default_rng(1), 0
    for _ in range(200):
        bottom = random.gamma(2, 10, 100)
        rows = pd.DataFrame(
            {"customer_id": [f"c{i}" for i in range(100)], "top": bottom * random.normal(0.9, 0.2, 100)}
        )
        got = ratio_of_sums(engine.table(rows.assign(bottom=bottom), "pairs"))
        covered += got.low <= 0.9 <= got.high
    assert 180 <= covered <= 199
