"""Columns of raw tables that no SELECT reads: a SELECT inside another may name what the outer one drops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify


def unread_columns(selects: Iterable[str], raws: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Raw table → those of its columns that reach neither the result nor a condition of any SELECT.

    Names are compared as SQL compares them. A SELECT that cannot be followed counts as reading all it could.
    """
    read = {pair for select in selects for pair in _read(select, raws)}
    left = {raw: [name for name in columns if (raw.lower(), name.lower()) not in read] for raw, columns in raws.items()}
    return {raw: names for raw, names in left.items() if names}


def _read(select: str, raws: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
    """Raw table and column, in small letters, of all that a SELECT reads."""
    schema: dict[str, object] = {
        raw: dict.fromkeys((*columns, "_file", "_line"), "VARCHAR") for raw, columns in raws.items()
    }
    tree = sqlglot.parse_one(select, read="duckdb")
    try:
        tree = qualify(tree, schema=schema, dialect="duckdb", validate_qualify_columns=False, quote_identifiers=False)
        tree = pushdown_projections(tree)
    except SqlglotError:
        pass
    meant: dict[str, set[str]] = defaultdict(set)
    for table in tree.find_all(exp.Table):
        meant[table.alias_or_name.lower()].add(table.name.lower())
    every = set().union(*meant.values())
    stars = (star for star in tree.find_all(exp.Columns, exp.Star) if not isinstance(star.parent, exp.Count))
    if any(stars):  # COLUMNS(…), or a star that could not be resolved
        return {
            (raw.lower(), name.lower()) for raw, columns in raws.items() if raw.lower() in every for name in columns
        }
    turned = every if tree.find(exp.Pivot) else set()
    return {
        (table, column.name.lower())
        for column in tree.find_all(exp.Column)
        for table in (meant.get(column.table.lower(), turned) if column.table else every)
    }
