"""Sentences and tables of the methods chapter."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.basis.metric import METRICS
from analysis.present.table import LONGEST_TABLE
from analysis.present.wording import methods


def test_the_dates_of_the_run_are_said_to_the_day():
    got = methods.time_table(
        as_of=dt.date(2026, 9, 30), observed_from=dt.date(2023, 10, 1), covers_from={"usage": dt.date(2024, 1, 1)},
        snapshot=None, grace_days=30,
    )  # fmt: skip
    said = dict(zip(got["what"], got["value"], strict=True))
    assert said["Who joined earlier enters at the end of"] == "30 September 2023"
    assert said["Table usage is filled from"] == "1 January 2024"
    assert not any("Snapshot" in what for what in said)


def test_what_the_source_declares_is_printed_as_declared():
    known_at = {"monthly_fee": "observed_from", "attr_score": "snapshot", "region": "attr_since"}
    got = methods.assumptions(known_at, grace_days=30)
    assert any("Who comes back within 30 days has not left." in line for line in got)
    assert any("who left and came back later counts as having left by choice" in line for line in got)
    assert any("“monthly_fee” counts as known when observation began" in line for line in got)
    assert any("“attr_score” counts as known at the snapshot only" in line for line in got)
    assert any("“region” counts as known from the date in “attr_since”" in line for line in got)


def test_only_the_metrics_of_the_report_are_defined():
    got = methods.dictionary(["joiners", "customers", "joiners", "arpu"], about="base")
    assert got["label"].tolist() == [METRICS["customers"].label, METRICS["joiners"].label]
    assert methods.dictionary(["joiners", "arpu"], about="money")["label"].tolist() == [METRICS["arpu"].label]


def test_every_metric_is_defined_once_and_no_topic_is_too_long_to_be_read():
    defined = [methods.dictionary(list(METRICS), about=topic) for topic in methods.TOPICS]
    assert sorted(pd.concat(defined)["label"]) == sorted(metric.label for metric in METRICS.values())
    assert max(map(len, defined)) <= LONGEST_TABLE // 2
    assert {methods.dictionary_words(topic)["finding"] for topic in methods.TOPICS} == set(methods.TOPICS.values())


def test_one_quarter_says_nothing_about_trend():
    assert any("nothing can be said about trend" in line for line in methods.limits(smallest=11, quarters=1))
    nobody = methods.limits(smallest=11, quarters=12, followed=False)
    assert not any("observed whole" in line for line in nobody)
    assert any(line.startswith("Nobody can be followed: ") for line in nobody)
    assert any("trend and season are shown" in line for line in methods.limits(smallest=11, quarters=12))


def test_the_rules_for_features_print_their_thresholds():
    got = " ".join(methods.feature_rules())
    assert "rank correlation beyond 0.80" in got
    assert "AUC above 0.90" in got
    assert "50 of them or more" in got


def test_what_was_refused_is_named_once_and_in_order():
    refused = pd.DataFrame({"covariate": ["b", "a"]})
    assert methods.refused_here(refused) == "In this report they refused a and b; the churn chapter says why."
    assert methods.refused_here(refused.head(0)) == "In this report they refused no feature."


def test_the_formula_of_value_prints_the_params():
    got = methods.value_rules(horizon=24, discount_rate=0.1)
    assert "k = 1 to 24" in got[0]
    assert "10.0 % a year" in got[0]
