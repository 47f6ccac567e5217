"""The page on whether a quarter is out of the ordinary: picture, sentences and table, or why there are none."""

from __future__ import annotations

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.measures.control import Control
from analysis.present import columns
from analysis.present.block import Block
from analysis.present.charts.control import control_chart
from analysis.present.page import Bullets, Finding, Note
from analysis.present.table import table
from analysis.present.wording import control as wording


def control_page(
    found: Control, history: pd.DataFrame, causes: pd.DataFrame, *, rules: ClassRules, source: str
) -> Block:
    """The bottom line; where the quarter can be judged, what it rests on too.

    Parameters
    ----------
    found : what may be published of the judgement; `history` are its rows of the picture (`pictured`).
    causes : what grew or fell in the classes beyond their limits.
    """
    line = Finding(wording.bottom_line(found))
    if wording.too_little(found):
        return line
    chart = control_chart(
        wording.panels(history, rules), "name", "quarter", "churn_rate",
        low="low", high="high", signal="signal", unit="share", source=source, **wording.chart_words(found, rules),
    )  # fmt: skip
    rows = wording.table_rows(found, rules)
    parts = [line.html, chart._repr_html_(), Bullets(wording.sentences(found, causes, rules)).html]
    if len(rows):
        parts.append(table(rows, columns.SIGNALS, source=source, **wording.TABLE_WORDS).html)
    return Block("".join([*parts, Note(wording.HOW).html]), line.line)
