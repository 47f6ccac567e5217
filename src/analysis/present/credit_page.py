"""The pages on bills that are not paid."""

from __future__ import annotations

import datetime as dt

from analysis.measures.credit_kpis import few
from analysis.models.credit_study import Study
from analysis.models.payment_default import foretold_groups
from analysis.present import credit_columns
from analysis.present.block import Block
from analysis.present.chart import Chart
from analysis.present.charts.by_class import bars
from analysis.present.charts.composition import shares
from analysis.present.columns import MOST_CLASSES
from analysis.present.page import Bullets, Note
from analysis.present.table import table
from analysis.present.wording import credit as wording
from analysis.present.wording import default as default_wording

SAME = Note("Not told, for the reason given above.")


def ageing_page(study: Study | None, *, smallest: int, currency: str, source: str, as_of: dt.date) -> Block:
    """What is owed, by how long, and what will be lost of it."""
    if study is None:
        return SAME
    words = wording.part_words(study.owed, study.loss, smallest=smallest, currency=currency)
    rows = wording.part_rows(study.loss)
    drawn = rows[rows["owed"].fillna(0) >= 0]
    chart = bars(drawn, "name", "owed", unit="money", currency=currency, source=source, **words)
    told = table(
        rows, credit_columns.PARTS, currency=currency, source=source,
        **wording.part_table_words(study.owed, study.loss, smallest=smallest, currency=currency),
    )  # fmt: skip
    notes = Bullets(wording.how_counted(study.told, study.loss, as_of=as_of))
    return _block([chart, told, notes], words["finding"])


def loss_page(study: Study | None, *, currency: str, smallest: int) -> Block:
    """What of all bills is never paid, whether the expectation came true, and whose fees hang on it."""
    if study is None:
        return SAME
    months = study.loss.months
    said = wording.loss_told(study.paid, study.back, followed=months, smallest=smallest, currency=currency)
    part = wording.of_bills(study.owed, study.loss.here, study.billed, smallest=smallest)
    return Bullets([*part, *said, wording.risk_told(*study.at_risk, smallest=smallest, currency=currency)])


def roll_page(study: Study | None, *, source: str) -> Block:
    """How overdue bills move from month to month."""
    if study is None:
        return SAME
    words = wording.roll_words(study.rolls, study.steps)
    if study.rolls.empty:
        return Note(f"{words['finding']}.")
    rows = wording.roll_rows(study.rolls)
    chart = shares(wording.drawn_rolls(rows), "to_name", "rate", "from_name", source=source, **words)
    told = wording.roll_table_words(study.rolls, study.steps)
    return _block([chart, table(rows, credit_columns.ROLLS, source=source, **told)], words["finding"])


def default_page(study: Study | None, *, smallest: int, source: str) -> Block:
    """Who is likely to stop paying, and how well that is told."""
    if study is None:
        return SAME
    found = study.default.judged
    if found is None:
        return Note(default_wording.UNJUDGED)
    rows = default_wording.way_rows(found)
    words = default_wording.way_words(found, smallest=smallest)
    told = table(rows, credit_columns.WAYS, source=source, **words)
    tenths = default_wording.group_rows(foretold_groups(found, smallest=smallest))
    captions = default_wording.tenth_words(found, tenths)
    if tenths["observed"].isna().all():
        return _block([told], words["finding"])
    beside = table(tenths, credit_columns.TENTHS, source=source, smallest=smallest, **captions)
    return _block([told, beside], words["finding"])


def class_page(study: Study | None, *, smallest: int, source: str) -> Block:
    """Who has overdue bills, class by class."""
    if study is None:
        return SAME
    rows = study.classes[study.classes.groupby("label").cumcount() < MOST_CLASSES]
    words = default_wording.class_words(rows, study.overdue, smallest=smallest)
    late, everybody = study.overdue
    secret = not everybody or few(late, smallest) or few(everybody - late, smallest)
    chart = bars(
        rows.reset_index(drop=True), "class", "share", low="low", high="high", group="label", unit="share",
        reference=None if secret else late / everybody, source=source, **words,
    )  # fmt: skip
    return _block([chart], words["finding"])


def _block(parts: list[Block | Chart], line: str) -> Block:
    return Block("".join(part._repr_html_() for part in parts), line)
