"""Satisfaction after a contact beside that without one, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.frames.after_contact import AFTER, WITHOUT
from analysis.measures.satisfaction import difference, satisfaction


def of(engine, *groups, smallest=5):
    """Answers in groups: (after, scores); every answer of a customer of its own."""
    rows = [("now", after, float(csat)) for after, scores in groups for csat in scores]
    data = pd.DataFrame(rows, columns=["period", "after", "csat"])
    return satisfaction(engine.table(data.assign(customer_id=[f"c{i}" for i in data.index])), smallest=smallest)


def test_means_and_their_difference(engine):
    got = of(engine, (AFTER, [3, 3, 4, 4, 2, 2]), (WITHOUT, [4, 5, 4, 5, 4, 5]))
    values = got.set_index("after")["value"]
    assert (values[AFTER], values[WITHOUT]) == (3, 4.5)
    gap, low, high = difference(got)
    assert gap == -1.5
    errors = [np.std([3, 3, 4, 4, 2, 2]) ** 2 / 5, np.std([4, 5, 4, 5, 4, 5]) ** 2 / 5]
    assert high - low == pytest.approx(2 * 1.959964 * np.sqrt(sum(errors)))


def test_the_mean_of_few_is_not_told_nor_the_difference(engine):
    got = of(engine, (AFTER, [3, 3, 4]), (WITHOUT, [4, 5, 4, 5, 4, 5]))
    assert np.isnan(got.set_index("after").at[AFTER, "value"])
    assert np.isnan(difference(got)).all()


def test_without_a_contact_before_any_answer_there_is_no_difference(engine):
    assert np.isnan(difference(of(engine, (WITHOUT, [4, 5, 4, 5, 4, 5])))).all()
