"""The page on value against behaviour: where value is at risk, or why that is left out."""

from __future__ import annotations

import pandas as pd

from analysis.present import value_columns
from analysis.present.block import Block
from analysis.present.charts.crossed import crossed
from analysis.present.page import Note
from analysis.present.table import table
from analysis.present.wording import value_matrix as wording


def value_matrix_page(
    cells: pd.DataFrame, lost: tuple[float, float, float], *, currency: str, smallest: int, source: str
) -> Block:
    """Picture and table of `cells` (see `measures.value_matrix`); a note where no groups were found."""
    if cells.empty:
        return Note(wording.NO_GROUPS)
    rows = wording.shown(cells)
    words = wording.picture_words(cells, lost, currency=currency, smallest=smallest)
    chart = crossed(rows, "name", "head", "at_risk", remark="remark", source=source, **words)
    said = table(rows, value_columns.MATRIX, source=source, **wording.table_words(cells, smallest=smallest))
    return Block(chart._repr_html_() + said.html, chart.finding)
