"""What a report says of last quarter's actions, and of thresholds: with the report before beside it, and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from bs4 import Tag
    from tests.reports.conftest import Report


def chapter(report: Report) -> Tag:
    return report.chapter("What worked, and what next?")


def test_without_the_report_before_it_says_what_is_missing_and_how_to_get_it(demo: Report) -> None:
    words = chapter(demo).get_text(" ").replace("\u00a0", " ")
    assert "no report of that quarter lies beside this one" in words
    assert "“quarter: 2026-Q2”" in words
    assert pd.read_parquet(demo.run / "review.parquet").empty
    assert ("review_effect",) not in demo.values


def test_the_review_stands_before_what_to_do_next(demo: Report) -> None:
    heads = [head.get_text() for head in chapter(demo).find_all("h3")]
    assert heads.index("What last quarter's actions did") == heads.index("What to do next") - 1


def test_every_warning_sign_is_judged_or_said_not_to_be(demo: Report) -> None:
    tried = pd.read_parquet(demo.run / "thresholds.parquet")
    signs = {"promotion_ends", "contract_ends", "arpu_falls", "complaints_rise", "competitor_named", "logins_fall"}
    words = chapter(demo).get_text(" ")
    assert set(tried["rule"]) <= signs
    assert "Not judged:" in words
    assert "overdue bills (no policy answers to it)" in words
    changes = (tried["verdict"] == "change").sum()
    assert words.count("Proposal:") == changes
    if len(tried[~tried["verdict"].isin(["few", "short"])]):
        assert demo.values["threshold_changes",] == changes


def test_sources_without_actions_or_signs_say_so_in_a_line(ibm: Report, cdnow: Report, hillstrom: Report) -> None:
    for report in (ibm, cdnow, hillstrom):
        words = chapter(report).get_text(" ")
        assert "What last quarter's actions did" in words
        assert "No threshold of a warning sign can be judged in money" in words
