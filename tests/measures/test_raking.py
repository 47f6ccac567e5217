"""Weights that give answers the composition of all customers, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.raking import FEWEST, LARGEST, equal, influence, raked


def answers(**counts):
    return pd.DataFrame({"age": np.repeat(list(counts), list(counts.values()))})


def base(**counts):
    return pd.DataFrame({"age": list(counts), "customers": list(counts.values())})


def test_each_class_weighs_what_it_is_of_all_customers():
    got = raked(answers(old=60, young=30), base(old=500, young=500), ["age"])
    assert got.share[:60] == pytest.approx(0.5 / 60)
    assert got.share[60:] == pytest.approx(0.5 / 30)
    assert got.effective == pytest.approx(1 / (60 * (0.5 / 60) ** 2 + 30 * (0.5 / 30) ** 2))


def test_two_dimensions_both_have_the_shares_of_the_base():
    rng = np.random.default_rng(1)
    told = pd.DataFrame({"age": rng.choice(["old", "young"], 400, p=[0.7, 0.3]), "size": rng.choice([*"sl"], 400)})
    cells = pd.DataFrame({"age": ["old", "old", "young"], "size": ["s", "l", "s"], "customers": [30, 20, 50]})
    got = raked(told, cells, ["age", "size"])
    assert got.share[told["age"] == "old"].sum() == pytest.approx(0.5)
    assert got.share[told["size"] == "s"].sum() == pytest.approx(0.8)
    assert got.design.shape == (400, 3)


def test_classes_of_few_answers_are_taken_together():
    few = FEWEST - 1
    got = raked(answers(old=50, middle=20, young=few), base(old=500, middle=300, young=200), ["age"])
    assert got.share[:50] == pytest.approx(0.5 / 50)
    assert got.share[50:] == pytest.approx(0.5 / (20 + few))


def test_a_class_of_which_nobody_answered_is_taken_together_with_the_smallest():
    got = raked(answers(old=50, young=20), base(old=500, young=300, silent=200), ["age"])
    assert got.share[50:] == pytest.approx(0.5 / 20)


def test_no_weight_is_larger_than_the_cap():
    got = raked(answers(old=190, young=10), base(old=20, young=80), ["age"])
    assert got.share.max() == pytest.approx(LARGEST / 200)
    assert got.share.sum() == pytest.approx(1)


def test_one_class_alone_or_a_class_of_no_customers_weights_nothing():
    assert raked(answers(old=50), base(old=500), ["age"]).share == pytest.approx(1 / 50)
    assert raked(answers(old=50, gone=50), base(old=500), ["age"]).share == pytest.approx(1 / 100)
    assert raked(answers(), base(), ["age"]).share.size == 0


def test_the_variance_of_a_plain_mean_is_the_usual_one():
    values = np.array([1.0, 2.0, 4.0, 9.0])
    assert (influence(values, equal(4)) ** 2).sum() == pytest.approx(values.var(ddof=1) / 4)


def test_the_variance_of_a_weighted_mean_is_that_of_its_strata():
    rng = np.random.default_rng(2)
    told, values = answers(old=60, young=30), rng.normal(size=90) + np.repeat([5.0, 0.0], [60, 30])
    got = (influence(values, raked(told, base(old=500, young=500), ["age"])) ** 2).sum()
    strata = [part.var() / len(part) for part in (values[:60], values[60:])]
    assert got == pytest.approx(90 / 88 * sum(0.25 * one for one in strata))
