"""Every contract table of a draft: its SELECT, and the doubts about it as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.extracts.contract import CONTRACT
from analysis.extracts.draft.averages import averaged_usage
from analysis.extracts.draft.held import held_lines, held_select, kinds_of, one_product_lines, product_flags
from analysis.extracts.draft.keys import Keys
from analysis.extracts.draft.plan import Planned
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.selects import Drafted, lines_of, places, plain_select
from analysis.extracts.draft.source_text import date_format

_TWICE = "If one person has a key in each, `crosswalk` in source.yml makes one customer of them"
_BESIDE = "add it with UNION ALL BY NAME, or its rows are missing"
Columns = Mapping[str, Sequence[Column]]  # raw table → its columns


def drafted_tables(plans: Sequence[Planned], columns: Columns, keys: Keys) -> list[Drafted]:
    """One drafted SELECT per plan, and usage where a snapshot has averages of it; in the contract's order."""
    written = date_format([each for plan in plans for each in plan.every])
    by_table = {plan.table: plan for plan in plans}
    customers = by_table.get("customers")
    drafted = [_table(plan, customers, columns, keys, date_format=written) for plan in plans]
    if customers and "usage" not in by_table and (usage := averaged_usage(customers, columns, keys)):
        drafted.append(usage)
    order = list(CONTRACT)
    return sorted(drafted, key=lambda one: order.index(one.plan.table))


def _table(plan: Planned, customers: Planned | None, columns: Columns, keys: Keys, *, date_format: str) -> Drafted:
    if customers and _is_held(plan, customers):
        drafted = _held(plan, customers, columns, keys, date_format=date_format)
    else:
        drafted = _of_all_systems(plan, columns, keys, date_format=date_format)
    drafted.doubts += [f"{other!r} looks like {plan.table} too, and is not used: {_BESIDE}" for other in plan.also]
    drafted.doubts += [note for raw in plan.every_raw for note in raw.notes]
    return drafted


def _of_all_systems(plan: Planned, columns: Columns, keys: Keys, *, date_format: str) -> Drafted:
    """The SELECT over one raw table, and of further systems one below the other."""
    every = [(one, lines_of(one, columns, date_format=date_format)) for one in plan.every]
    sql = "\nUNION ALL BY NAME\n".join(plain_select(one, lines, keys) for one, lines in every)
    lines = [line for _, some in every for line in some]
    drafted = Drafted(plan, sql, lines, [doubt for one in plan.every for doubt in _missing(one)])
    if plan.more:
        others, first = ", ".join(repr(one.raws[0].name) for one in plan.more), plan.raws[0].name
        drafted.doubts.append(f"{others} holds customers that {first!r} does not: they stand below it. {_TWICE}")
    return drafted


def _is_held(plan: Planned, customers: Planned) -> bool:
    """Whether products are drafted from tables with one row per customer."""
    if plan.table != "subscriptions" or plan.match("subscription_id"):
        return False
    return plan.raws[0] == customers.raws[0]


def _missing(plan: Planned) -> list[str]:
    return [f"{name} is required, and no column was found for it" for name in plan.missing]


def _held(plan: Planned, customers: Planned, columns: Columns, keys: Keys, *, date_format: str) -> Drafted:
    """Subscriptions out of the tables with one row per customer."""
    flags = product_flags([column for raw in customers.raws for column in columns[raw.name]])
    whole = replace(plan, raws=customers.raws)
    at = places(whole)
    lines = held_lines(customers, lines_of(whole, columns, date_format=date_format), at.of)
    if flags and plan.match("product") is None:
        if plan.match("technology") is None:
            lines += kinds_of(flags.get("broadband"), at.of)
        sql = held_select(whole, lines, flags, keys, at.of)
        return Drafted(
            whole, sql, lines, ["one fee per customer: it stands on the first product held, the others carry 0"]
        )
    customer = plan.match("customer_id")
    lines = one_product_lines(lines, at.of(customer.column) if customer else "NULL")
    order = CONTRACT["subscriptions"].names
    lines.sort(key=lambda one: order.index(one.name))
    return Drafted(whole, plain_select(whole, lines, keys), lines)
