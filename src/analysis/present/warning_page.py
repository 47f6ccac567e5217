"""The page on early warnings: the orders, who gets none, and how well such warnings would have warned."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.present import warning_columns
from analysis.present.block import Block
from analysis.present.page import Note
from analysis.present.table import table
from analysis.present.wording import warnings as wording


def orders_page(groups: pd.DataFrame, *, as_of: dt.date, currency: str, source: str, smallest: int) -> Block:
    """The orders by team, priority, reason and who warned; a sentence where there are none."""
    words = wording.order_words(groups, as_of=as_of)
    rows = wording.order_rows(groups)
    return table(rows, warning_columns.ORDERS, currency=currency, source=source, smallest=smallest, **words)


def record_page(record: pd.DataFrame, *, source: str) -> Block:
    """What such warnings would have found: a sentence, the table where any can be told, and how it was counted."""
    by_choice = bool(record["by_choice"].any()) if "by_choice" in record else False
    said = Note(wording.record_sentence(record, by_choice=by_choice))
    if record.empty or record["precision"].isna().all():
        return said
    rows = wording.record_rows(record)
    shown = table(rows, warning_columns.RECORD, source=source, **wording.record_words(record, by_choice=by_choice))
    return Block("".join([said.html, shown.html, Note(wording.COUNTED).html]), said.line)
