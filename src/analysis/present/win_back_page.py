"""The pages on whom to win back."""

from __future__ import annotations

import pandas as pd

from analysis.models.win_back_study import WinBackStudy
from analysis.present import win_back_columns
from analysis.present.block import Block
from analysis.present.chart import Chart
from analysis.present.charts.curve import curve
from analysis.present.page import Note
from analysis.present.table import table
from analysis.present.wording import win_back as wording

SAME = Note(wording.SAME)


def course_page(study: WinBackStudy, *, source: str) -> Block | Chart:
    """How many who left are back, by months since leaving."""
    if not study.returns.left:
        return SAME
    words = wording.course_words(study)
    if study.course.empty:
        return Note(f"{words['finding']}.")
    return curve(
        study.course, "months", "share", low="low", high="high", along=wording.ALONG, unit="share", x_unit="count",
        source=source, **words,
    )  # fmt: skip


def chances_page(study: WinBackStudy, *, source: str, smallest: int) -> Block:
    """The chance of coming back by time since leaving, and by the way of leaving where that is on record."""
    if not study.returns.left:
        return SAME
    rows, words = wording.gone_rows(study.gone), wording.gone_words(study.gone)
    gone = table(rows, win_back_columns.GONE, source=source, smallest=smallest, **words)
    rows, said = wording.kind_rows(study.kinds), wording.kind_words(study)
    kinds = table(rows, win_back_columns.KINDS, source=source, smallest=smallest, **said)
    return Block(gone._repr_html_() + kinds._repr_html_(), words["finding"])


def reason_page(reasons: pd.DataFrame, *, source: str, smallest: int) -> Block:
    """Former customers by reason, and of how many it pays to ask them back."""
    if reasons.empty:
        return SAME
    words = wording.reason_words(reasons)
    return table(wording.reason_rows(reasons), win_back_columns.REASONS, source=source, smallest=smallest, **words)
