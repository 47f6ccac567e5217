"""Themes: planted ones are found again, in two languages, and no word that few use names one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.themes.model import NONE, learned_themes, themes_of
from analysis.models.themes.words import singulars, words

PLANTED = {
    "speed": ["slow", "speed", "internet", "download", "evening"],
    "bill": ["bill", "charge", "refund", "overcharged", "invoice"],
    "cap": ["data", "cap", "usage", "limit", "overage"],
    "visit": ["technician", "appointment", "missed", "waited", "installation"],
}


def sample(rows=800, seed=1, planted=PLANTED, noise=()):
    """Texts of three words of one theme each, and perhaps one of noise; callers of their own."""
    random = np.random.default_rng(seed)
    kinds = random.choice(list(planted), rows)
    texts = [" ".join([*random.choice(planted[k], 3, replace=False), *random.choice(noise or [""], 1)]) for k in kinds]
    return pd.DataFrame({"text": texts, "person": [f"c{i}" for i in range(rows)], "kind": kinds})


def test_planted_themes_are_found_and_every_text_is_given_to_its_own():
    made = sample()
    got = learned_themes(made, smallest=11, most=8)
    assert len(got.names) == 4
    assert got.agreement > 0.9
    found = pd.Series(themes_of(made["text"].tolist(), got))
    assert (found != NONE).all()
    assert found.groupby(made["kind"]).nunique().tolist() == [1, 1, 1, 1]
    for place, name in enumerate(got.names):
        [kind] = made.loc[found == place, "kind"].unique()
        assert set(name.split(", ")) <= set(PLANTED[kind])


def test_the_same_texts_give_the_same_themes_in_any_order():
    made = sample()
    got, again = learned_themes(made, smallest=11, most=8), learned_themes(made.copy(), smallest=11, most=8)
    assert got.names == again.names
    assert (got.components == again.components).all()


def test_a_word_of_few_customers_is_never_looked_at_however_often_they_write_it():
    made = sample()
    made.loc[:49, "text"] = "speed Winterbottom slow internet"
    made.loc[:49, "person"] = [f"c{i % 10}" for i in range(50)]  # fifty tickets of ten customers
    got = learned_themes(made, smallest=11, most=8)
    assert "winterbottom" not in got.vocabulary
    made.loc[:49, "person"] = [f"c{i % 11}" for i in range(50)]
    assert "winterbottom" in learned_themes(made, smallest=11, most=8).vocabulary


def test_numbers_and_addresses_are_no_words():
    text = "Call 0151-2345678 or mail jane.doe@example.com, see https://x.example/a?b=1: invoice INV-88213, 300GB"
    assert words(text) == ["mail", "invoice"]


def test_chinese_is_cut_into_words():
    got = words("本月账单比上月高，网速很慢 router")
    assert {"账单", "网速", "router"} <= set(got)
    assert all(len(word) > 1 for word in got)


def test_chinese_themes_are_found_too():
    planted = {
        "speed": ["网速", "很慢", "上网", "宽带"],
        "bill": ["账单", "费用", "扣费", "退款"],
        "visit": ["维修", "师傅", "上门", "预约"],
    }
    made = sample(planted=planted)
    got = learned_themes(made, smallest=11, most=6)
    assert len(got.names) == 3
    found = pd.Series(themes_of(made["text"].tolist(), got))
    assert (found.groupby(made["kind"]).agg(lambda one: one.value_counts(normalize=True).iloc[0]) > 0.95).all()


def test_plurals_count_as_their_singular_where_both_occur():
    assert singulars(["cap", "caps", "address", "bus", "companies", "company", "issues"]) == {
        "caps": "cap",
        "companies": "company",
    }


def test_a_text_without_a_telling_word_belongs_to_no_theme():
    got = learned_themes(sample(), smallest=11, most=8)
    assert themes_of(["", "hello there", "12345"], got).tolist() == [NONE] * 3
    assert themes_of([], got).tolist() == []


def test_few_distinct_texts_make_themes_all_the_same():
    texts = [
        "The router restarts.",
        "A charge is unclear.",
        "Wants another plan.",
        "Line drops at night.",
        "Slow upload.",
    ]
    made = pd.DataFrame({"text": texts * 60, "person": [f"c{i}" for i in range(300)]})
    got = learned_themes(made, smallest=11, most=8)
    assert 3 <= len(got.names) <= 4


@pytest.mark.parametrize("texts", [["slow internet"] * 300, ["the and of"] * 300, [f"word{i}" for i in range(300)]])
def test_texts_that_tell_nothing_apart_give_no_themes(texts):
    assert learned_themes(pd.DataFrame({"text": texts, "person": range(len(texts))}), smallest=11, most=8) is None


def test_texts_of_few_customers_give_no_themes():
    made = sample(rows=200).assign(person=[f"c{i % 30}" for i in range(200)])
    assert learned_themes(made, smallest=11, most=8) is None
