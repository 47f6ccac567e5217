"""Rule classes: which group a customer belongs to, by rules a manager can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw

NOT_AVAILABLE = "not available"
NO_BROADBAND = "no broadband"
NO_USE = "no broadband, no use"

DIMENSIONS = {
    "customer_type": "Customer type",
    "lifecycle": "Life-cycle stage",
    "contract": "Contract",
    "technology": "Technology",
    "usage": "Usage",
    "bandwidth": "Bandwidth",
    "area": "Urban or rural",
    "region": "Region",
}

# Curves by tenure are compared in these only: the life-cycle stage is itself a matter of tenure.
COMPARED = tuple(name for name in DIMENSIONS if name != "lifecycle")

# Classes that have an order keep it in tables and charts; the others are ordered by size.
ORDERED = {
    "lifecycle": ("new", "growing", "mature", "declining", "churned"),
    "contract": ("month to month", "one year", "two years", "other term"),
    "usage": ("heavy", "medium", "light", NO_USE),
    "bandwidth": ("high", "medium", "low", NO_BROADBAND),
}


@dataclass(frozen=True)
class ClassEdges:
    """Where one class ends and the next begins; a pair is (first value of medium, first value of high)."""

    usage_gb: tuple[float, float]
    bandwidth_mbps: tuple[float, float]
    new_below_months: float
    mature_from_months: float
    declining_drop: float


def classified(customers: nw.LazyFrame[Any], edges: ClassEdges) -> nw.LazyFrame[Any]:
    """`customers` (or rows at landmarks) with one class per dimension, in columns `<dimension>_class`.

    Every row is in exactly one class of each dimension; where a value is missing, or the source does not
    give its column, the class is "not available". Usage is the monthly download of the last three months
    in GB; bandwidth that of the main product in Mbit/s.
    """
    known = set(customers.collect_schema().names())
    rules = {
        "customer_type": _as_is("customer_type", known),
        "lifecycle": _lifecycle(edges, known),
        "contract": _contract(known),
        "technology": _technology(known),
        "usage": _bands("download_gb_3m", known, edges.usage_gb, ("light", "medium", "heavy", NO_USE)),
        "bandwidth": _bands("bandwidth_mbps", known, edges.bandwidth_mbps, ("low", "medium", "high", NO_BROADBAND)),
        "area": _as_is("area_type", known),
        "region": _as_is("region", known),
    }
    return customers.with_columns(rule.alias(f"{name}_class") for name, rule in rules.items())


def _as_is(column: str, known: set[str]) -> nw.Expr:
    return nw.coalesce(nw.col(column), nw.lit(NOT_AVAILABLE)) if column in known else nw.lit(NOT_AVAILABLE)


def _bands(column: str, known: set[str], edges: tuple[float, float], names: tuple[str, str, str, str]) -> nw.Expr:
    if column not in known:
        return nw.lit(NOT_AVAILABLE)
    value = nw.col(column)
    band = (
        nw.when(value < edges[0])
        .then(nw.lit(names[0]))
        .otherwise(nw.when(value < edges[1]).then(nw.lit(names[1])).otherwise(nw.lit(names[2])))
    )
    named = nw.when(value.is_null()).then(nw.lit(NOT_AVAILABLE)).otherwise(band)
    if "has_broadband" not in known:
        return named
    none = (nw.col("has_broadband") == 0) & (nw.coalesce(value, nw.lit(0.0)) == 0)
    return nw.when(none).then(nw.lit(names[3])).otherwise(named)


def _lifecycle(edges: ClassEdges, known: set[str]) -> nw.Expr:
    """Churned, then new, then declining, then growing or mature: the first that applies."""
    tenure = nw.col("tenure_months")
    stage = nw.when(tenure < edges.mature_from_months).then(nw.lit("growing")).otherwise(nw.lit("mature"))
    if {"download_gb_3m", "download_gb_previous_3m"} <= known:
        falls = nw.col("download_gb_3m") < (1 - edges.declining_drop) * nw.col("download_gb_previous_3m")
        stage = nw.when(falls).then(nw.lit("declining")).otherwise(stage)
    stage = nw.when(tenure < edges.new_below_months).then(nw.lit("new")).otherwise(stage)
    if "state" in known:
        stage = nw.when(nw.col("state") == "left").then(nw.lit("churned")).otherwise(stage)
    return stage


def _contract(known: set[str]) -> nw.Expr:
    if "contract_months" not in known:
        return nw.lit(NOT_AVAILABLE)
    months = nw.col("contract_months")
    term = (
        nw.when(months <= 1)
        .then(nw.lit("month to month"))
        .otherwise(
            nw.when(months == 12)
            .then(nw.lit("one year"))
            .otherwise(nw.when(months == 24).then(nw.lit("two years")).otherwise(nw.lit("other term")))
        )
    )
    return nw.when(months.is_null()).then(nw.lit(NOT_AVAILABLE)).otherwise(term)


def _technology(known: set[str]) -> nw.Expr:
    """The broadband technology; who holds products without broadband has "no broadband"."""
    if not {"technology", "has_broadband"} <= known:
        return nw.lit(NOT_AVAILABLE)
    named = nw.coalesce(nw.col("technology"), nw.lit(NOT_AVAILABLE))
    return nw.when(nw.col("has_broadband") == 0).then(nw.lit(NO_BROADBAND)).otherwise(named)
