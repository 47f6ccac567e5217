"""What sets a row aside, in the order in which it is asked: the first rule that strikes names the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.extracts.cast import NO_START, Cast, listed_days, trimmed
from analysis.extracts.contract import Column, Table
from analysis.extracts.engine import literal
from analysis.extracts.hidden import IN_IDS, holds_hidden

DUPLICATE = "duplicate"  # an equal row of the same key: left out and counted, not set aside
SUPERSEDED = "superseded"  # an earlier version of a row, where source.yml keeps the latest
MERGED = "merged"  # a row of one of several systems, its values taken over where none goes before
STOOD_FOR = (DUPLICATE, SUPERSEDED, MERGED)  # another row of the key stands for these: they are no defects
ORPHAN = "relationships"  # a row that names a customer, or another row, who is not there
FOLLOWS = "follows"  # a row that names one who is there, in a row that was set aside itself
PLACEHOLDERS = ("NULL", "N/A", "0", "TEST")  # ids that stand for none
ORDERED = {  # table → (the earlier, the later): equal days are fine, and hours are not compared
    "customers": ("signup_date", "churn_date"),
    "subscriptions": ("start_date", "end_date"),
    "tickets": ("opened_at", "closed_at"),
    "surveys": ("sent_at", "answered_at"),
    "campaigns": ("start_date", "end_date"),
    "contacts": ("contacted_at", "converted_at"),
    "leads": ("created_at", "converted_at"),
    "work_orders": ("opened_at", "closed_at"),
}


@dataclass(frozen=True)
class Rule:
    """A rule by its dbt name: `strikes` is true for a row to set aside, `found` is what it holds there."""

    name: str
    column: str
    strikes: str
    found: str


def rules(table: Table, casts: Sequence[Cast], *, end: dt.date) -> list[Rule]:
    """The rules one row can break by itself, in order: missing, unreadable, unknown, out of range, dates reversed.

    `end` is the day up to which the data knows who left.
    """
    by_name = {cast.column.name: cast for cast in casts}
    found = [_not_null(cast) for cast in casts if cast.column.required]
    found += [_type(cast) for cast in casts if cast.column.type != "text" or is_id(cast.column)]
    found += [_accepted(cast) for cast in casts if cast.column.values]
    found += [_range(cast) for cast in casts if cast.column.low is not None or cast.column.high is not None]
    if table.name == "invoices" and {"amount", "kind"} <= by_name.keys():
        found += [_no_credit(by_name["amount"], by_name["kind"]), _credit(by_name["amount"], by_name["kind"])]
    earlier, later = ORDERED.get(table.name, ("", ""))
    if {earlier, later} <= by_name.keys():
        found.append(_dates(by_name[earlier], by_name[later]))
    if table.name == "customers" and {"status", "churn_date"} <= by_name.keys():
        found.append(_agrees(by_name["status"], by_name["churn_date"], end=end))
    return found


def is_id(column: Column) -> bool:
    """Whether the column names somebody or something."""
    return column.type == "text" and not column.is_label


def _not_null(cast: Cast) -> Rule:
    blank = f"{cast.final if cast.column.is_label else cast.text} IS NULL"
    if cast.column.type in ("date", "time"):
        blank = f"({blank} OR coalesce(CAST({cast.final} AS DATE) IN ({listed_days(NO_START)}), false))"
    if is_id(cast.column):
        names = ", ".join(literal(name) for name in PLACEHOLDERS)
        longest = max(map(len, PLACEHOLDERS))
        blank = f"({blank} OR (length({cast.text}) <= {longest} AND upper({cast.text}) IN ({names})))"
    return Rule(f"not_null:{cast.column.name}", cast.column.name, blank, _shown(cast))


def _type(cast: Cast) -> Rule:
    unreadable = f"({cast.cast} IS NULL AND {cast.text} IS NOT NULL)"
    if is_id(cast.column):
        unreadable = f"({cast.glance} IS NULL AND {holds_hidden(cast.text, IN_IDS)})"
    return Rule(f"type:{cast.column.name}", cast.column.name, unreadable, _shown(cast))


def _accepted(cast: Cast) -> Rule:
    values = ", ".join(literal(value) for value in cast.column.values)
    strikes = f"coalesce({cast.final} NOT IN ({values}), false)"
    return Rule(f"accepted_values:{cast.column.name}", cast.column.name, strikes, _shown(cast))


def _range(cast: Cast) -> Rule:
    low, high = cast.column.low, cast.column.high
    outside = [f"{cast.final} < {low:g}"] if low is not None else []
    outside += [f"{cast.final} > {high:g}"] if high is not None else []
    strikes = f"coalesce({' OR '.join(outside)}, false)"
    return Rule(f"range:{cast.column.name}", cast.column.name, strikes, _shown(cast))


def _credit(amount: Cast, kind: Cast) -> Rule:
    """A credit is an amount below zero: one above would count as revenue."""
    strikes = f"coalesce({amount.final} > 0 AND {kind.final} = 'credit', false)"
    return Rule("credit:amount", "amount", strikes, _shown(amount))


def _no_credit(amount: Cast, kind: Cast) -> Rule:
    """A bill line below zero must say that it is a credit, where the source has a `kind` to say it with."""
    strikes = f"coalesce({amount.final} < 0, false) AND {kind.final} IS DISTINCT FROM 'credit'"
    return Rule("range:amount", "amount", strikes, _shown(amount))


def _dates(earlier: Cast, later: Cast) -> Rule:
    strikes = f"coalesce(CAST({later.final} AS DATE) < CAST({earlier.final} AS DATE), false)"
    found = f"concat(CAST({later.final} AS DATE), ', before ', CAST({earlier.final} AS DATE))"
    return Rule(f"dates:{later.column.name}", later.column.name, strikes, found)


def _agrees(status: Cast, churn: Cast, *, end: dt.date) -> Rule:
    """Who is active has not left by the end of the data, and who is churned has a day of leaving."""
    active = f"({status.final} = 'active' AND {churn.final} <= DATE '{end}')"
    churned = f"({status.final} = 'churned' AND {churn.text} IS NULL)"
    found = f"concat({status.final}, coalesce(' with a churn_date of ' || {churn.final}, ' without a churn_date'))"
    return Rule("agrees:status", "status", f"coalesce({active} OR {churned}, false)", found)


def _shown(cast: Cast) -> str:
    return trimmed(f"CAST({cast.text} AS VARCHAR)")
