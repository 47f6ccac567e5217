"""Rule classes: which group a customer belongs to, by rules a manager can read."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from itertools import chain
from typing import Any

import narwhals as nw

from analysis.measures.class_rules import NOT_AVAILABLE, SUFFIX, ClassRules, Condition, Dimension, Percentile, Threshold

HELD = {"below": operator.lt, "at_least": operator.ge, "at_most": operator.le, "above": operator.gt}
HELD_OF_RANK = {"below": operator.le, "at_least": operator.gt, "at_most": operator.le, "above": operator.gt}
AMONG = "_among"  # the customers that are compared with each other


def classified(customers: nw.LazyFrame[Any], rules: ClassRules) -> nw.LazyFrame[Any]:
    """`customers` (or rows at landmarks) with one class per dimension, in columns `<dimension>_class`.

    Every row is in exactly one class of each dimension; where a value is missing, or the source does not
    give its column, the class is "not available". A percentile is that of the rows that are still customers at the
    landmarks of one quarter: of a past landmark, nothing that came later decides. Classes that other classes are
    made of are made first.
    """
    names = list(customers.collect_schema().names())
    known = set(names)
    ranked = _ranked(customers, rules, known)
    layers: list[list[Dimension]] = [
        [one for one in rules.values() if not _of_classes(one)],
        [one for one in rules.values() if _of_classes(one)],
    ]
    for layer in layers:
        ranked = ranked.with_columns(_class(one, known).alias(one.name + SUFFIX) for one in layer)
        known |= {one.name + SUFFIX for one in layer}
    return ranked.select(*names, *(name + SUFFIX for name in rules))


def _of_classes(dimension: Dimension) -> bool:
    return any(name.endswith(SUFFIX) for name in dimension.reads)


def _class(dimension: Dimension, known: set[str]) -> nw.Expr:
    """The class of one dimension: the last resort first, then every rule laid over those that come after it."""
    needed = {name for name in (dimension.column, *dimension.needs) if name is not None}
    rules = {name: _all_hold(parts, known) for name, parts in dimension.rules.items() if _columns(parts) & known}
    if not needed <= known or not (rules or dimension.column):
        return nw.lit(NOT_AVAILABLE)
    chosen = _without_rule(dimension)
    for name, holds in reversed(rules.items()):
        chosen = chosen if holds is None else nw.when(holds).then(nw.lit(name)).otherwise(chosen)
    for name in dimension.needs:
        chosen = nw.when(nw.col(name).is_null()).then(nw.lit(NOT_AVAILABLE)).otherwise(chosen)
    return chosen


def _columns(parts: Mapping[str, Condition]) -> set[str]:
    return set(parts) | {one.of for one in parts.values() if one.of}


def _without_rule(dimension: Dimension) -> nw.Expr:
    if dimension.column is None:
        return nw.lit(dimension.otherwise or NOT_AVAILABLE)
    value = nw.col(dimension.column)
    if not dimension.bands:
        return nw.coalesce(value.cast(nw.String), nw.lit(dimension.otherwise or NOT_AVAILABLE))
    band = nw.lit(dimension.otherwise or NOT_AVAILABLE)
    for name, edge in dimension.bands.items():
        reached = ~value.is_null() if edge is None else _bound(dimension.column, "at_least", edge)
        band = nw.when(reached).then(nw.lit(name)).otherwise(band)
    return band


def _all_hold(parts: Mapping[str, Condition], known: set[str]) -> nw.Expr | None:
    """Whether all conditions hold; None where one reads a column that the source does not give."""
    if not _columns(parts) <= known:
        return None
    return nw.all_horizontal(*(_holds(column, one) for column, one in parts.items()), ignore_nulls=False)


def _holds(column: str, condition: Condition) -> nw.Expr:
    value = nw.col(column)
    parts = [_bound(column, name, bound, of=condition.of) for name, bound in condition.bounds.items()]
    if condition.one_of:
        parts.append(value.is_in(list(condition.one_of)))
    if condition.missing is not None:
        parts.append(value.is_null() if condition.missing else ~value.is_null())
    holds = nw.coalesce(nw.all_horizontal(*parts, ignore_nulls=False), nw.lit(False))
    return holds | value.is_null() if condition.or_missing else holds


def _bound(column: str, name: str, bound: Threshold, *, of: str | None = None) -> nw.Expr:
    if isinstance(bound, Percentile):
        held: nw.Expr = HELD_OF_RANK[name](nw.col(_rank(column)), bound.of_hundred / 100)
        return held
    limit = nw.lit(bound) if of is None else bound * nw.col(of)
    told: nw.Expr = HELD[name](nw.col(column), limit)
    return told


# -------------------------------------------------------------------------------------------------------- percentiles


def _rank(column: str) -> str:
    return f"_rank_{column}"


def _by_rank(rules: ClassRules) -> list[str]:
    """The columns that a percentile is taken of, each once."""
    found: list[str] = []
    for one in rules.values():
        conditions = chain.from_iterable(parts.items() for parts in one.rules.values())
        found += [column for column, each in conditions if _has_percentile(each.bounds)]
        found += [one.column] if one.column and _has_percentile(one.bands) else []
    return sorted(set(found))


def _has_percentile(bounds: Mapping[str, Threshold | None]) -> bool:
    return any(isinstance(bound, Percentile) for bound in bounds.values())


def _ranked(rows: nw.LazyFrame[Any], rules: ClassRules, known: set[str]) -> nw.LazyFrame[Any]:
    """Rows with the share of customers who have less, or as much, of each column that a percentile is taken of."""
    columns = [name for name in _by_rank(rules) if name in known]
    if not columns:
        return rows
    compared = rows.with_columns(among(known).alias(AMONG))
    return compared.with_columns(
        (nw.col(name).rank("max").over(AMONG) / nw.col(name).count().over(AMONG)).alias(_rank(name)) for name in columns
    )


def among(known: set[str]) -> nw.Expr:
    """Which rows are compared with each other: customers at the landmarks of one quarter, leavers apart."""
    number = nw.lit(0)
    if "landmark" in known:
        after = nw.col("landmark").dt.offset_by("1d")
        number = after.dt.year() * 4 + (after.dt.month() - 1) // 3
    gone = nw.when(nw.col("state") == "left").then(1).otherwise(0) if "state" in known else nw.lit(0)
    return (number * 2 + gone).cast(nw.Int64)
