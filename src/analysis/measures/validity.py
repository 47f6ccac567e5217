"""What the two doors say of every table and column: complete, valid, unique, and known to other tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.extracts.contract import CONTRACT, OF_LEAVERS
from analysis.extracts.rules import FOLLOWS, MERGED, ORPHAN, SUPERSEDED
from analysis.measures.standing import FILES, Limits, Measure, lost

NOT_OF_A_VALUE = ("not_null", "unique", ORPHAN, FOLLOWS, "fields", "erased")  # rules of more, or less, than one value
COUNTED_FAILED = ("type", "accepted_values")  # rules whose values are counted wherever they stand


def door_measures(
    doors: pd.DataFrame, columns: pd.DataFrame, findings: pd.DataFrame, limits: Limits, *, nobody_left: bool = False
) -> list[Measure]:
    """Completeness, validity, uniqueness and references, over all rows dated by the as-of date, good or not.

    completeness = values given ÷ rows; of a required column: rows not set aside for want of it ÷ rows
    validity = values that could be read and obey their rules ÷ values given
    uniqueness = rows of a key of their own ÷ rows
    consistency = values found in the table they refer to ÷ values given

    Parameters
    ----------
    doors, columns, findings : the tables of `Extracts`.
    nobody_left : whether nothing in the extracts says that anybody left: a column that only leavers fill is empty
        by right then, and good.
    """
    measures = []
    for door in doors.to_dict("records"):
        name, rows = str(door["table"]), int(door["selected"] - door["later"])
        aside = _struck(findings, name)
        for given in columns[columns["table"] == name].to_dict("records"):
            of_leavers = str(given["column"]) in OF_LEAVERS.get(name, ())
            measures += _column(name, given, aside, limits, may_be_empty=nobody_left and of_leavers)
        double = int(door["duplicates"]) - _declared(findings, name)
        double += sum(aside[rule] for rule in aside if rule.startswith("unique:"))
        measures += _key(name, set(columns[columns["table"] == name]["column"]), rows, double, limits)
    return measures


def file_measures(raw: pd.DataFrame, limits: Limits) -> list[Measure]:
    """Validity of every raw file: records that are rows ÷ records found."""
    return [
        lost((FILES, str(file["file"]), "validity", "fields"), int(file["unreadable"]), int(file["lines"]), limits.lost)
        for file in raw.to_dict("records")
    ]


def _struck(findings: pd.DataFrame, table: str) -> dict[str, int]:
    """Rule → rows it set aside."""
    mine = findings[(findings["table"] == table) & (findings["severity"] == "set_aside")]
    return {str(rule): int(rows) for rule, rows in zip(mine["rule"], mine["rows"], strict=True)}


def _declared(findings: pd.DataFrame, table: str) -> int:
    """Rows that another stands for because source.yml says which holds: versions, and rows of several systems."""
    mine = findings[(findings["table"] == table) & findings["rule"].isin((SUPERSEDED, MERGED))]
    return int(mine["rows"].sum())


def _column(
    table: str, given: Mapping[str, object], aside: Mapping[str, int], limits: Limits, *, may_be_empty: bool
) -> list[Measure]:
    name, rows, filled = str(given["column"]), int(str(given["rows"])), int(str(given["given"]))
    column = CONTRACT[table].column(name)
    empty = aside.get(f"not_null:{name}", 0) if column.required else rows - filled
    whole = lost((table, name, "completeness", "not_null"), empty, rows, limits.lost)
    # An optional column may be empty by nature: only the quarter before can say whether it is emptier than it was.
    seldom = replace(whole, status="good" if filled or may_be_empty else "watch", threshold=math.nan)
    measures = [whole if column.required else seldom]
    if filled:
        wrong = int(str(given["failed"])) + sum(
            count for rule, count in aside.items() if _judges_value(rule) and rule.partition(":")[2] == name
        )
        measures.append(lost((table, name, "validity", "valid"), wrong, filled, limits.lost))
    if name in CONTRACT[table].references and filled:
        orphans = aside.get(f"{ORPHAN}:{name}", 0)
        measures.append(lost((table, name, "consistency", "relationships"), orphans, filled, limits.lost))
    return measures


def _judges_value(rule: str) -> bool:
    return rule.partition(":")[0] not in (*NOT_OF_A_VALUE, *COUNTED_FAILED)


def _key(table: str, given: set[str], rows: int, double: int, limits: Limits) -> list[Measure]:
    """Rows that a key does not name alone: equal ones left out, and those that contradict each other."""
    key = CONTRACT[table].key
    if not key or not set(key) <= given:
        return []
    return [lost((table, ",".join(key), "uniqueness", "unique"), double, rows, limits.lost)]
