"""Sentences about what the models may learn from."""

from __future__ import annotations

import pandas as pd

from analysis.present.wording import covariates

REFUSED = pd.DataFrame(
    [
        ("attr_score", "auc", 0.9434, "Tells leavers almost alone."),
        ("attr_reason", "leavers_only", 1.0, "Filled for leavers only."),
        ("attr_level", "level", 1234.0, "Everyone with it left."),
        ("attr_cltv", "snapshot", None, "Known too late."),
    ],
    columns=["covariate", "rule", "figure", "reason"],
)


def test_every_refused_feature_has_its_rule_in_words_and_its_figure():
    got = covariates.refused_rows(REFUSED)
    assert got["shown"].tolist() == ["0.943", "100.0 %", "1,234", "–"]
    assert got["rule"].tolist()[-1] == "known on the day of the extract only"
    assert covariates.refused_words(REFUSED)["finding"] == "4 features were refused"


def test_features_of_which_the_same_is_to_be_said_stand_together():
    remarks = pd.DataFrame(
        [("a_1m", "left out", "Empty."), ("b", "dropped", "It repeats a."), ("c", "left out", "Empty.")],
        columns=["covariate", "outcome", "reason"],
    )
    assert covariates.remark_rows(remarks).to_numpy().tolist() == [
        ["a 1m and c", "left out", "Empty."],
        ["b", "dropped", "It repeats a."],
    ]
    assert covariates.remark_words(remarks)["finding"] == "What was left out or changed before fitting"
    assert covariates.remark_rows(remarks.head(0)).empty


def test_a_long_table_says_that_it_is_cut():
    many = pd.concat([REFUSED] * 11, ignore_index=True)
    assert covariates.refused_words(many)["subtitle"].endswith("the first 40 are shown")


def test_where_nothing_was_refused_it_is_said():
    assert covariates.refused_words(REFUSED.head(0))["finding"].startswith("No feature was refused")
    assert covariates.remark_words(REFUSED.head(0))["finding"] == "Every feature could be used as it is"


def test_who_was_learned_from_and_who_was_left_out_is_told():
    counts = {"rows": 81_000, "customers": 9_000, "leavers": 2_400, "scored": 7_000}
    none = {"rows_without_product": 0, "customers_without_product": 0}
    assert covariates.learned_from(counts | none) == (
        "The model in use learned from 81,000 episodes of 9,000 customers, of whom 2,400 left."
    )
    nobody = covariates.learned_from(counts | none | {"leavers": 0, "scored": 0})
    assert nobody.endswith("9,000 customers to learn from, of whom 0 left; nobody was scored.")
    few = none | {"rows": 24, "customers": 5, "leavers": 4, "scored": 0}
    assert covariates.learned_from(few) == (
        "There were episodes of fewer than 11 customers to learn from; nobody was scored."
    )
    assert "of whom all but fewer than 11 left" in covariates.learned_from(few | {"customers": 30, "leavers": 25})
    assert "of whom fewer than 11 left" in covariates.learned_from(few | {"customers": 30})
    some = covariates.learned_from(counts | {"rows_without_product": 31, "customers_without_product": 2})
    assert some.endswith(
        "Left out for holding no product at the start: 31 episodes. "
        "Without a product, and so without a probability: fewer than 11 customers."
    )
