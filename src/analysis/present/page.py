"""The pieces of a page that are words: the finding, notes, lists and KPI cards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.basis.metric import METRICS
from analysis.measures.scorecard import NO_TARGET, light
from analysis.present import numbers
from analysis.present.block import Block
from analysis.present.table import Column, table
from analysis.present.text import MISSING, clean, escaped

HEADS = {
    "label": "Measure",
    "class": "Class",
    "value": "Value",
    "interval": "95 % interval",
    "n": "Customers",
    "previous": "Previous quarter",
    "change": "Change",
    "target": "Target",
}
WORDS = {"previous": "previous", "target": "Target", "met": "met", "missed": "missed", "unclear": "not clear"}

Row = dict[str, Any]  # one row of summary.json, or what a table shows of it


class Finding(Block):
    """The bottom line of a section."""

    def __init__(self, text: str) -> None:
        super().__init__(f'<p class="finding">{escaped(text)}</p>', text)


class Note(Block):
    """A quiet remark: what was left out, how something was counted."""

    def __init__(self, text: str) -> None:
        super().__init__(f'<p class="note">{escaped(text)}</p>', text)


class Caution(Block):
    """A remark that must not be overlooked before a number is used."""

    def __init__(self, text: str) -> None:
        super().__init__(f'<p class="warning">{escaped(text)}</p>', text)


def judgement(text: str, *, good: bool) -> Block:
    """A verdict: a quiet remark where it is good, a caution where it is not."""
    return Note(text) if good else Caution(text)


class Bullets(Block):
    """Several short sentences of equal rank; nothing at all when there are none."""

    def __init__(self, texts: Iterable[str]) -> None:
        kept = list(texts)
        items = "".join(f"<li>{escaped(text)}</li>" for text in kept)
        super().__init__(f"<ul>{items}</ul>" if kept else "", " · ".join(kept))


def cards(kpis: pd.DataFrame, *, currency: str | None = None) -> Block:
    """KPI cards, one per row of the whole base in the rows of `summary.json`; rows of classes are left out.

    Each shows the value, its interval, the previous quarter's value, and whether its target was met: not clear where
    the interval reaches past it.
    """
    base = _records(kpis[kpis["dimension"].isna()])
    line = " · ".join(f"{row['label']} {_value(row, 'value', currency)}" for row in base)
    return Block(f'<ul class="cards">{"".join(_card(row, currency) for row in base)}</ul>' if base else "", line)


def _records(kpis: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in kpis.to_dict("records")]


def _card(row: Row, currency: str | None) -> str:
    parts = [("label", row["label"]), ("value", _value(row, "value", currency)), ("detail", _detail(row, currency))]
    spans = [f'<span class="{name}">{escaped(text)}</span>' for name, text in parts if text]
    return f'<li class="card" data-metric="{escaped(row["metric"])}">{" ".join([*spans, *_status(row, currency)])}</li>'


def _value(row: Row, name: str, currency: str | None) -> str:
    return numbers.formatted(row[name], row["unit"], currency=currency)


def _detail(row: Row, currency: str | None) -> str:
    between = numbers.spread(row["low"], row["high"], lambda end: _value({**row, "end": end}, "end", currency))
    previous = _value(row, "previous", currency)
    known = [between, f"{WORDS['previous']} {previous}" if previous != MISSING else MISSING]
    return " · ".join(part for part in known if part != MISSING)


def _status(row: Row, currency: str | None) -> list[str]:
    """The target and whether it was met, as far as the interval tells: no words at all for a KPI without one."""
    stands = _stands(row)
    if stands not in WORDS:
        return []
    words = f"{WORDS['target']} {_value(row, 'target', currency)}: {WORDS[stands]}"
    return [f'<span class="status {stands}">{escaped(words)}</span>']


def _stands(row: Row) -> str:
    """How a figure stands against its target, as the scorecard has it."""
    if row["status"] not in ("met", "missed"):
        return NO_TARGET
    return light(row["value"], (row["low"], row["high"]), row["target"], METRICS[row["metric"]])


def kpi_table(kpis: pd.DataFrame, *, finding: str, subtitle: str, source: str, currency: str | None = None) -> Block:
    """The rows of `summary.json` as a table: value, interval, customers, previous quarter, change and target.

    Columns without a single entry are left out. Where the rows are of several dimensions a class is named with its own.
    """
    several = kpis["dimension"].nunique() > 1
    data = pd.DataFrame([_shown(row, several, currency) for row in _records(kpis)], columns=list(HEADS))
    always = ("label", "value", "n")
    kept = [name for name in HEADS if name in always or not (data[name] == MISSING).all()]
    columns = [Column(name, HEADS[name], "text" if name in ("label", "class") else "figure") for name in kept]
    return table(data, columns, finding=finding, subtitle=subtitle, source=source)


def _shown(row: Row, several: bool, currency: str | None) -> dict[str, str]:
    def written(value: numbers.Number) -> str:
        return numbers.formatted(value, row["unit"], currency=currency)

    name = clean(row["class"])
    return {
        "label": clean(row["label"]),
        "class": f"{clean(row['dimension'])}: {name}" if several and name != MISSING else name,
        "value": written(row["value"]),
        "interval": numbers.spread(row["low"], row["high"], written).replace(" ", numbers.NO_BREAK),
        "n": numbers.count(row["n"]),
        "previous": written(row["previous"]),
        "change": numbers.change(row["value"], row["previous"], row["unit"], currency=currency),
        "target": " ".join([written(row["target"]), *(WORDS[s] for s in [_stands(row)] if s in WORDS)]),
    }
