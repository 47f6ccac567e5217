"""Exhibits that repeat for every dimension of classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from analysis.measures.class_rules import NOT_AVAILABLE, ClassRules
from analysis.models.by_class import survival_shown
from analysis.present.block import Block
from analysis.present.charts.survival import survival_chart
from analysis.present.columns import MOST_CLASSES
from analysis.present.page import Note
from analysis.present.wording.churn import MOST_DRAWN, curve_words, no_curves

MONTH = 24  # at which the wording compares classes


def for_reading(rows: pd.DataFrame, rules: ClassRules) -> pd.DataFrame:
    """Rows of classes, in the order of the dimensions; ordered classes in their order.

    A dimension that is not shown, or that the source does not support, is left out; one with very many classes shows
    the largest.
    """
    return _chosen(rows, rules, lambda part: part.head(MOST_CLASSES))


def for_picture(rates: pd.DataFrame, rules: ClassRules, *, value: str = "churn_rate") -> pd.DataFrame:
    """As `for_reading`, with fewer classes of a dimension: the largest, and always the one with the highest value."""
    return _chosen(rates, rules, lambda part: _largest_and_highest(part, value))


def _chosen(rows: pd.DataFrame, rules: ClassRules, choice: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
    parts = [
        choice(_ordered(part, rules[str(name)].order))
        for name, part in rows.groupby("dimension", sort=False)
        if rules[str(name)].shown and _supported(part)
    ]
    return pd.concat(parts, ignore_index=True) if parts else rows.iloc[0:0]


def _supported(part: pd.DataFrame) -> bool:
    return bool((part["class"] != NOT_AVAILABLE).any())


def _ordered(part: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    places = {name: place for place, name in enumerate(order)}
    last = len(places) + 1
    place = part["class"].map(lambda name: last if name == NOT_AVAILABLE else places.get(name, len(places)))
    return part.assign(place=place).sort_values("place", kind="stable").drop(columns="place")


def _largest_and_highest(part: pd.DataFrame, value: str) -> pd.DataFrame:
    rate = part[value].where(part["class"] != NOT_AVAILABLE)
    highest = part.index == (rate.idxmax() if rate.notna().any() else None)
    return part[(pd.RangeIndex(len(part)) < MOST_DRAWN) | highest]


def survival_pages(
    curves: Mapping[str, Mapping[str, pd.DataFrame]],
    tests: pd.DataFrame,
    *,
    horizon_months: float,
    smallest: int,
    source: str,
) -> Block:
    """One chart of survival by class for each dimension in `curves`, in that order; a note where there is none."""
    if not curves:
        return Note(no_curves())
    told = tests.set_index("dimension")
    charts = [
        survival_chart(
            classes, horizon_months=horizon_months, smallest=smallest, source=source,
            **curve_words(
                str(told.at[dimension, "label"]),
                _at(classes, MONTH, smallest=smallest),
                month=MONTH,
                p_value=float(told.at[dimension, "p_value"]),
            ),
        )
        for dimension, classes in curves.items()
    ]  # fmt: skip
    return Block("".join(chart._repr_html_() for chart in charts), " · ".join(chart.finding for chart in charts))


def _at(classes: Mapping[str, pd.DataFrame], month: float, *, smallest: int) -> dict[str, float]:
    """Survival of each class at a month; missing beyond what was observed of it, or where too few were at risk."""
    seen = {name: curve for name, curve in classes.items() if curve["time"].max() >= month}
    read = {name: survival_shown(curve, [month], smallest=smallest)["survival"].iloc[0] for name, curve in seen.items()}
    return {name: float(read.get(name, float("nan"))) for name in classes}
