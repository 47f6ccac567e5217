"""Ratios of several groups at once: the same as one by one, missing sides, and what may be published."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.measures.interval import share_interval
from analysis.measures.ratio import ratio_of_sums
from analysis.measures.ratios_by import published_ratios, ratios_by

RATIOS = {"share": ("yes", "each")}


def test_each_group_is_what_the_ratio_of_sums_says_of_it(engine):
    random = np.random.default_rng(3)
    rows = pd.DataFrame(
        {
            "group": random.choice(["x", "y"], 400),
            "who": random.choice([f"c{i}" for i in range(60)], 400),
            "top": random.poisson(2, 400).astype(float),
            "bottom": random.integers(1, 4, 400).astype(float),
        }
    )
    got = ratios_by(engine.table(rows), {"r": ("top", "bottom")}, by="group", key="who").set_index("group")
    for name, part in rows.groupby("group"):
        alone = ratio_of_sums(
            engine.table(part.rename(columns={"who": "customer_id"})[["customer_id", "top", "bottom"]])
        )
        assert got.loc[name, ["value", "low", "high"]].tolist() == pytest.approx(list(alone[:3]))
        assert got.at[name, "people"] == alone.customers


def test_a_row_whose_top_is_missing_counts_for_neither(engine):
    rows = pd.DataFrame({"g": "x", "who": ["a", "b", "c"], "yes": [1.0, 0.0, None]})
    [got] = ratios_by(engine.table(rows), RATIOS, by="g", key="who").to_dict("records")
    assert (got["value"], got["bottom"], got["people"], got["with_top"], got["without"]) == (0.5, 2, 2, 1, 1)


def test_a_row_without_a_group_is_left_out_and_no_row_gives_no_group(engine):
    rows = pd.DataFrame({"g": ["x", None], "who": ["a", "b"], "yes": [1.0, 1.0]})
    assert ratios_by(engine.table(rows), RATIOS, by="g", key="who")["group"].tolist() == ["x"]
    none = engine.table(rows.astype({"g": str})).filter(nw.col("yes") < 0)
    assert ratios_by(none, RATIOS, by="g", key="who").empty


def test_what_nobody_or_everybody_has_is_no_certainty(engine):
    yes = {"nobody": [0.0] * 40, "everybody": [1.0] * 40, "two": [0.0] * 39 + [1.0]}
    rows = [(group, f"{group}{i}", each) for group, tops in yes.items() for i, each in enumerate(tops)]
    table = engine.table(pd.DataFrame(rows, columns=["g", "who", "yes"]))
    got = ratios_by(table, RATIOS, by="g", key="who").set_index("group")
    for group, count in (("nobody", 0), ("everybody", 40)):
        assert got.loc[group, ["low", "high"]].tolist() == pytest.approx(share_interval(count, 40)), group
    assert got.at["two", "low"] < got.at["two", "value"] < got.at["two", "high"]


def test_a_rate_of_nothing_is_bounded_by_how_long_it_was_looked_for(engine):
    rows = pd.DataFrame({"g": "x", "who": [f"c{i}" for i in range(50)], "calls": 0.0, "months": 3.0})
    [got] = ratios_by(engine.table(rows), {"r": ("calls", "months")}, by="g", key="who").to_dict("records")
    assert (got["value"], got["low"]) == (0, 0)
    assert got["high"] == pytest.approx(3.84 / (50 + 3.84) / 3, rel=1e-3)


def test_equal_amounts_tell_no_spread(engine):
    rows = pd.DataFrame({"g": ["x", "x", "y", "y"], "who": list("abcd"), "cost": [0.0, 0.0, 7.1, 7.1], "each": 1.0})
    got = ratios_by(engine.table(rows), {"r": ("cost", "each")}, by="g", key="who", amounts=["r"])
    assert got["value"].tolist() == pytest.approx([0, 7.1])
    assert got[["low", "high"]].isna().all().all()


def of_group(engine, **sizes):
    """Customers with one row each: group → how many said yes, and how many no."""
    rows = [(name, f"{name}{i}", float(i < yes)) for name, (yes, no) in sizes.items() for i in range(yes + no)]
    table = engine.table(pd.DataFrame(rows, columns=["g", "who", "yes"]))
    return ratios_by(table, RATIOS, by="g", key="who")


def test_a_share_of_few_who_have_it_is_hidden_and_another_with_it(engine):
    found = of_group(engine, a=(30, 3), b=(40, 40), c=(50, 60))
    got = published_ratios(found, smallest=11, shares=["share"]).set_index("group")
    assert got["masked"].to_dict() == {"a": True, "b": True, "c": False}
    assert np.isnan(got.at["a", "value"])


def test_a_mean_is_hidden_only_where_few_stand_behind_it(engine):
    found = of_group(engine, a=(30, 3), b=(40, 40), c=(50, 60))
    assert not published_ratios(found, smallest=11, shares=[])["masked"].any()
    few = published_ratios(of_group(engine, a=(4, 3), b=(40, 40), c=(50, 60)), smallest=11, shares=[])
    assert few.set_index("group")["masked"].to_dict() == {"a": True, "b": True, "c": False}
