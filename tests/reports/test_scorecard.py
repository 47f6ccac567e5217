"""The scorecard of a report: every number as the chapter that it comes from has it, as stored and as printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.basis.metric import METRICS
from analysis.measures.scorecard import light
from analysis.present.numbers import decimal, formatted, percent
from analysis.run.params import Economics

if TYPE_CHECKING:
    from tests.reports.conftest import Report

CHAPTERS = {
    "20_base": "Who are the customers?",
    "40_churn": "Who leaves, and when?",
    "50_value": "What are they worth?",
    "60_service": "How are they served?",
    "70_strategy": "What worked, and what next?",
}
NUMBERS = ("value", "low", "high", "previous")


def scorecard(report: Report) -> pd.DataFrame:
    return pd.read_parquet(report.run / "scorecard.parquet").sort_values("place").set_index("metric")


def recorded(report: Report) -> dict[str, tuple[str, dict]]:
    """Metric of the whole base → the chapter that recorded it, and what it recorded."""
    found = {}
    for path in sorted((report.run / "kpis").glob("*.json")):
        for kpi in json.loads(path.read_text()):
            if kpi["dimension"] is None:
                found[kpi["metric"]] = (path.stem, kpi)
    return found


def same(one: float | None, other: float | None) -> bool:
    return (pd.isna(one) and pd.isna(other)) or one == other


def test_every_number_is_that_of_its_chapter_and_of_the_summary(demo: Report) -> None:
    rows, told = scorecard(demo), recorded(demo)
    summary = {row["metric"]: row for row in demo.rows if row["dimension"] is None}
    assert len(rows) >= 6
    for metric, row in rows.iterrows():
        kpi = told[str(metric)][1]
        assert all(same(row[name], kpi[name]) for name in (*NUMBERS, "year_before")), metric
        assert all(same(row[name], summary[str(metric)][name]) for name in (*NUMBERS, "target")), metric
        ends = (kpi["low"], kpi["high"])
        target = None if pd.isna(row["target"]) else row["target"]
        assert row["light"] == light(kpi["value"], ends, target, METRICS[str(metric)])


def test_every_figure_stands_in_the_words_of_its_chapter_too(demo: Report) -> None:
    told = recorded(demo)
    for metric, row in scorecard(demo).iterrows():
        words = demo.chapter(CHAPTERS[told[str(metric)][0]]).get_text(" ").replace("\u00a0", " ")
        written = {
            formatted(row["value"], row["unit"], currency="EUR"),
            decimal(row["value"], 1),
            percent(row["value"], 0),
        }
        shown = {one.replace("\u00a0", " ").removesuffix(" %") for one in written}
        assert any(one in words for one in shown), (metric, shown)


def test_the_first_page_prints_the_lines_of_the_params_with_owner_and_light(demo: Report) -> None:
    rows = scorecard(demo)
    (printed,) = [one for one in demo.tables() if one[0][:2] == ["Measure", "Against target"]]
    assert [line[0] for line in printed[1:]] == rows["label"].tolist()
    assert [line[-1] for line in printed[1:]] == rows["owner"].tolist()
    values = [formatted(row["value"], row["unit"], currency="EUR") for _, row in rows.iterrows()]
    assert [line[printed[0].index("Value")] for line in printed[1:]] == [" ".join(one.split()) for one in values]
    words = {"met": "● met", "missed": "▲ missed", "unclear": "◆ not clear", "none": "–"}
    assert [line[printed[0].index("Against target")] for line in printed[1:]] == rows["light"].map(words).tolist()
    lines = [name for name in Economics().scorecard if name in set(rows.index)]
    assert rows.index.tolist() == lines
    assert "● met" in demo.pdf_text or "▲ missed" in demo.pdf_text or "◆ not clear" in demo.pdf_text


def test_high_value_retention_is_one_less_the_churn_of_the_high_margin_band(demo: Report) -> None:
    churned = demo.values.get(("class_churn_rate", "margin_band", "high"))
    if churned is None:
        assert ("high_value_retention",) not in demo.values
    else:
        assert demo.values["high_value_retention",] == pytest.approx(1 - churned)


def test_the_year_before_is_the_same_quarter_of_the_chapters_own_course(demo: Report) -> None:
    rows = scorecard(demo)
    (base,) = [one for one in demo.tables() if one[0][:2] == ["Quarter", "At its start"]]
    (then,) = [dict(zip(base[0], line, strict=True)) for line in base if line[0] == "Q3 2025"]
    (before,) = [dict(zip(base[0], line, strict=True)) for line in base if line[0] == "Q2 2026"]
    told = {name: percent(rows.loc["churn_rate", name]).replace("\u00a0", " ") for name in ("year_before", "previous")}
    assert (told["year_before"], told["previous"]) == (then["Churn rate"], before["Churn rate"])


def test_arpu_of_a_year_ago_is_that_of_the_report_of_then_but_for_what_was_billed_later(
    demo: Report, demo_earlier: Report
) -> None:
    now, then = scorecard(demo), scorecard(demo_earlier)
    assert now.loc["arpu", "year_before"] == pytest.approx(then.loc["arpu", "value"], rel=0.01)


def test_sources_that_tell_little_have_a_scorecard_of_what_they_tell(ibm: Report, cdnow: Report) -> None:
    for report in (ibm, cdnow):
        words = report.chapter("The quarter in brief").get_text(" ")
        assert "The scorecard" in words
        assert "Not told this quarter" in words
        assert set(scorecard(report).index) <= set(recorded(report))
