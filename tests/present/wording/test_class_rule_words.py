"""The rules of classification as the methods chapter prints them."""

from __future__ import annotations

from analysis.measures.class_rules import Condition, Dimension, Percentile
from analysis.present.wording.class_rules import rules_table


def told(*dimensions: Dimension) -> list[str]:
    got = rules_table({one.name: one for one in dimensions})
    assert list(got) == ["dimension", "version", "rule"]
    return got["rule"].tolist()


def test_bands_are_told_with_their_edges_and_the_column_stands_in_the_sentence():
    use = Dimension("usage", "Usage", "Monthly download.", 2, "download_gb_3m", {"light": None, "heavy": 250.5})
    assert told(use) == ["Monthly download. “light” below 250.5, “heavy” from 250.5."]
    assert rules_table({"usage": use})[["dimension", "version"]].to_numpy().tolist() == [["Usage", "2"]]


def test_rules_are_told_in_the_order_in_which_they_apply():
    new = {"tenure_months": Condition(bounds={"below": 2}), "state": Condition(one_of=("active", "suspended"))}
    falling = {"download_gb_3m": Condition(bounds={"below": 0.7}, of="download_gb_previous_3m")}
    stage = Dimension("stage", "Stage", "First.", rules={"new": new, "declining": falling}, otherwise="rest")
    [got] = told(stage)
    assert got == (
        "First. “new” where tenure in months is below 2 and state is active or suspended; else “declining” where "
        "download, last 3 months is below 0.7 of download, 3 months before those; else “rest”."
    )


def test_missing_values_percentiles_and_classes_are_told():
    none = {"has_broadband": Condition(one_of=(0,), or_missing=True), "age": Condition(missing=False)}
    top = {"monthly_fee": Condition(bounds={"above": Percentile(80)}), "size_class": Condition(one_of=("large",))}
    rules = Dimension("a", "A", "Says.", rules={"none": none, "top": top})
    got, plain = told(rules, Dimension("size", "Size", "As is.", column="region"))
    assert plain == "As is."
    assert got == (
        "Says. “none” where has broadband is 0 or not known and age is known; else “top” where monthly fee is above "
        "what 80 of a hundred customers have and “Size” is large."
    )


def test_products_are_held_or_not():
    both = {"has_smart_home": Condition(one_of=(1,)), "has_tv": Condition(one_of=(0,))}
    assert told(Dimension("a", "A", "Says.", rules={"x": both})) == [
        "Says. “x” where smart home is held and tv is not held."
    ]
