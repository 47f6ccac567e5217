"""The page on warning signs: what they are worth, whom they flag, and what cannot be told of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.measures.risk_watch import Watch
from analysis.present import risk_columns
from analysis.present.block import Block
from analysis.present.charts.by_class import bars
from analysis.present.page import Bullets, Finding, Note
from analysis.present.table import table
from analysis.present.wording import risk_rules as wording


def risk_page(
    signs: Watch,
    figures: pd.DataFrame,
    *,
    overlap: pd.DataFrame,
    beside: Mapping[str, float] | None,
    rules: ClassRules,
    smallest: int,
    source: str,
) -> Block:
    """The bottom line, the figures of the signs where any can be told, whom they flag now, and those not available.

    Parameters
    ----------
    figures : table of `risk_figures`; `overlap` and `beside` are what the signs and the model share.
    rules : all warning signs of the params.
    """
    line = Finding(wording.bottom_line(figures, signs.rules, by_choice=signs.by_choice))
    missing = wording.not_available(signs.missing, rules)
    if figures.empty:
        return Block(line.html + Bullets(missing).html, line.line)
    parts = [line.html]
    if figures["precision"].notna().any():
        parts += _judged(signs, figures, source=source)
    now = wording.now_rows(figures, overlap, signs.rules)
    said = table(now, risk_columns.NOW, source=source, smallest=smallest, **wording.now_words(overlap))
    told = Bullets([wording.beside_the_model(beside, by_choice=signs.by_choice), *missing])
    return Block("".join([*parts, said.html, told.html, Note(wording.JUDGING).html]), line.line)


def _judged(signs: Watch, figures: pd.DataFrame, *, source: str) -> list[str]:
    """Picture and table of the signs that can be judged."""
    rows = wording.chart_rows(figures, signs.rules)
    named = wording.named(wording.earning(figures), signs.rules)
    chart = bars(
        rows, "label", "precision", low="low", high="high", highlight=named, reference=wording.usual(figures),
        unit="share", source=source, **wording.chart_words(figures, signs.rules, by_choice=signs.by_choice),
    )  # fmt: skip
    words = wording.sign_words(figures, by_choice=signs.by_choice)
    shown = table(wording.sign_rows(figures, signs.rules), risk_columns.SIGNS, source=source, **words)
    return [chart._repr_html_(), shown.html]
