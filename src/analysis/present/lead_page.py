"""The pages on who may become a customer."""

from __future__ import annotations

from analysis.models.lead_study import LeadStudy
from analysis.present import lead_columns
from analysis.present.block import Block
from analysis.present.chart import Chart
from analysis.present.charts.by_class import bars
from analysis.present.charts.curve import curve
from analysis.present.page import Finding, Note
from analysis.present.table import table
from analysis.present.wording import leads as wording

SAME = Note(wording.SAME)


def finding(study: LeadStudy | None, *, smallest: int) -> Block:
    """The bottom line."""
    if study is None:
        return Finding(wording.NONE)
    return Finding(wording.bottom_line(study.quarters, study.course, smallest=smallest))


def share_page(study: LeadStudy | None, *, source: str) -> Block | Chart:
    """How many leads become customers, by channel and segment."""
    if study is None or study.quarters.empty:
        return SAME
    return bars(
        wording.value_rows(study.values), "name", "share", low="low", high="high", group="head", unit="share",
        source=source, **wording.share_words(study.values, study.quarters),
    )  # fmt: skip


def course_page(study: LeadStudy | None, *, source: str) -> Block | Chart:
    """By when leads become customers."""
    if study is None or not study.course.horizon:
        return SAME
    rows = wording.curve_rows(study.course)
    return curve(
        rows, "days", "share", low="low", high="high", along=wording.ALONG, unit="share", x_unit="count",
        source=source, **wording.curve_words(study.course),
    )  # fmt: skip


def value_page(study: LeadStudy | None, *, currency: str, source: str, smallest: int) -> Block:
    """What leads are worth, by channel and segment."""
    if study is None or study.quarters.empty:
        return SAME
    words = wording.value_words(study.values, currency=currency)
    rows = wording.value_rows(study.values)
    return table(rows, lead_columns.VALUES, currency=currency, source=source, smallest=smallest, **words)


def age_page(study: LeadStudy | None, *, source: str, smallest: int) -> Block:
    """What becomes of leads that are still open, by their age."""
    if study is None or not study.course.horizon:
        return SAME
    rows, words = wording.age_rows(study.ages), wording.age_words(study.ages)
    return table(rows, lead_columns.AGES, source=source, smallest=smallest, **words)
