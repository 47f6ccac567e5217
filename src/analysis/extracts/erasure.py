"""Customers who asked to be erased: nothing of them is used, and nothing of them is kept.

A request is a row of `consents` with channel `erasure`, granted; the latest one by the as-of date counts, so that it
can be taken back. It holds for the person: for every account that was replaced by, or replaces, the one it names.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import pandas as pd

from analysis.extracts.check import Checked
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.findings import Finding, row_count
from analysis.extracts.rules import FOLLOWS, ORPHAN

CHANNEL = "erasure"
ERASED = "erased:customer_id"  # the rule of a row left out because its customer asked for it
_NAMED_BY = ("customer_id", "converted_customer_id")  # columns that make a row one of the customer's
_APART = re.compile(r"[,;|\t\"'\r\n]+")


def set_erased_aside(checked: Mapping[str, Checked], *, as_of: dt.date, engine: Engine) -> list[str]:
    """Judge every row of a customer erased by `as_of`, whatever else is wrong with it; returns their ids.

    The rows are counted as set aside and keep no value; other accounts lose the link to them.
    """
    if "consents" not in checked:
        return []
    erased = _requested(checked["consents"], as_of=as_of, engine=engine)
    if "customers" in checked:
        _add_same_persons(erased, checked["customers"], engine=engine)
    ids = [str(row[0]) for row in engine.rows(f"SELECT id FROM {quoted(erased)} ORDER BY id")]
    for one in checked.values() if ids else ():
        _set_aside(one, erased, engine=engine)
    return ids


def erased_rows(checked: Mapping[str, Checked], *, engine: Engine) -> dict[str, int]:
    """Rows left out by table, those of none left out; they are among the rows set aside, and are no defects."""
    counts = {
        name: int(engine.rows(f"SELECT count(*) FROM {quoted(one.held)} WHERE _rule = {literal(ERASED)}")[0][0])
        for name, one in checked.items()
    }
    return {name: rows for name, rows in counts.items() if rows}


def erasure_finding(rows: Mapping[str, int]) -> list[Finding]:
    """One finding over all tables: which rows were a customer's is nobody's business."""
    if not rows:
        return []
    total, tables = sum(rows.values()), len(rows)
    do = (
        f"{row_count(total)} of {tables} {'table' if tables == 1 else 'tables'} {'is' if total == 1 else 'are'} left "
        "out of every figure, of past quarters too, and nothing they held is kept."
    )
    expected, found = "no row of a customer who asked to be erased", "rows of such customers"
    return [Finding("consents", ERASED, "customer_id", "set_aside", total, "consents", expected, found, do)]


def without_erased(unreadable: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """Records that never became rows, without the text of those that name one of the customers."""
    gone = set(ids)
    named = [not gone.isdisjoint(part.strip() for part in _APART.split(str(text))) for text in unreadable["row"]]
    return unreadable.assign(row=unreadable["row"].mask(named)) if any(named) else unreadable


def _requested(consents: Checked, *, as_of: dt.date, engine: Engine) -> str:
    """A table `id`: whose latest request by `as_of` asks for it. Of two at one moment the asking one counts.

    A request of a customer whom `customers` no longer holds counts too: other systems may still hold rows.
    """
    erased = engine.fresh_name()
    engine.execute(
        f"CREATE TABLE {quoted(erased)} AS SELECT customer_id AS id FROM {quoted(consents.held)} "
        f"WHERE (_rule IS NULL OR split_part(_rule, ':', 1) IN ('{ORPHAN}', '{FOLLOWS}')) "
        f"AND lower(channel) = {literal(CHANNEL)} "
        "AND CAST(changed_at AS DATE) <= $as_of GROUP BY customer_id "
        "HAVING max(changed_at) FILTER (granted) = max(changed_at)",
        {"as_of": as_of},
    )
    return erased


def _add_same_persons(erased: str, customers: Checked, *, engine: Engine) -> None:
    """Add the other accounts of each person, step by step along the chain of replacements."""
    accounts, before = quoted(customers.held), -1
    while (now := int(engine.rows(f"SELECT count(*) FROM {quoted(erased)}")[0][0])) not in (0, before):
        before = now
        engine.execute(
            f"INSERT INTO {quoted(erased)} SELECT DISTINCT id FROM ("
            f"SELECT replaces_customer_id AS id FROM {accounts} WHERE customer_id IN (SELECT id FROM {quoted(erased)}) "
            f"UNION ALL SELECT customer_id FROM {accounts} "
            f"WHERE replaces_customer_id IN (SELECT id FROM {quoted(erased)})"
            f") WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM {quoted(erased)})"
        )


def _set_aside(checked: Checked, erased: str, *, engine: Engine) -> None:
    held, whose = quoted(checked.held), f"IN (SELECT id FROM {quoted(erased)})"
    named = [name for name in _NAMED_BY if name in checked.selected.supplied]
    if named:
        condition = " OR ".join(f"{quoted(name)} {whose}" for name in named)
        engine.execute(f"UPDATE {held} SET _rule = {literal(ERASED)}, _found = NULL, _row = NULL WHERE {condition}")
    if "parent_id" in checked.selected.supplied:
        engine.execute(f"UPDATE {held} SET parent_id = NULL WHERE parent_id {whose}")
