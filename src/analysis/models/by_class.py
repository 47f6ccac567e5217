"""Survival curves and log-rank tests for the classes of a dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.measures.class_rules import NOT_AVAILABLE, SUFFIX, ClassRules
from analysis.measures.risk_sets import risk_counts
from analysis.models.logrank import log_rank
from analysis.models.restricted import differences, restricted_means
from analysis.models.survival import kaplan_meier, survival_at

MONTHS = (12, 24, 36)  # ends of restricted means
FEWEST_EXPECTED = 5  # leavers of a class at everyone's pace, below which the chi-squared law does not hold


def observed_curve(counts: pd.DataFrame) -> pd.DataFrame:
    """The Kaplan–Meier curve with late entry; one row without a survival where nobody was under observation."""
    if counts["n"].sum() > 0:
        return kaplan_meier(counts)
    nobody = {"time": 0.0, "at_risk": 0, "events": 0, "censored": 0}
    return pd.DataFrame([nobody | dict.fromkeys(("survival", "low", "high"), float("nan"))])


def survival_shown(curve: pd.DataFrame, months: Sequence[float], *, smallest: int) -> pd.DataFrame:
    """Survival at whole months, as `survival_at`; missing where the last step had fewer than `smallest` at risk.

    So is the number at risk itself where it is 1 to `smallest` - 1.
    """
    read = survival_at(curve, months)
    steps = curve["at_risk"].to_numpy()[np.searchsorted(curve["time"], read["time"], "right") - 1]
    hidden = pd.Series((steps < smallest) & (read["time"] > 0).to_numpy(), index=read.index)
    few = (read["at_risk"] > 0) & (read["at_risk"] < smallest)
    shown = {name: read[name].mask(hidden) for name in ("survival", "low", "high")}
    return read.assign(**shown, at_risk=read["at_risk"].mask(few))


def class_counts(episodes: nw.LazyFrame[Any], *, dimensions: ClassRules) -> dict[str, pd.DataFrame]:
    """Counts by entry, exit, event and class (column `class`) of every dimension whose curves are compared.

    Unknown classes are left out, and so is a dimension that is itself a matter of tenure.
    """
    columns = {name: name + SUFFIX for name, one in dimensions.items() if one.compared}
    known = {
        name: risk_counts(episodes.filter(nw.col(column) != NOT_AVAILABLE), by=column)
        for name, column in columns.items()
    }
    return {name: counts.rename(columns={columns[name]: "class"}) for name, counts in known.items()}


def curves_by_class(
    counts: Mapping[str, pd.DataFrame], classes: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, pd.DataFrame]]:
    """The Kaplan–Meier curve with late entry of each named class of each named dimension."""
    return {
        dimension: {name: kaplan_meier(counts[dimension][counts[dimension]["class"] == name]) for name in names}
        for dimension, names in classes.items()
    }


def means_by_class(
    counts: Mapping[str, pd.DataFrame], classes: Mapping[str, Sequence[str]], *, smallest: int
) -> pd.DataFrame:
    """Restricted mean life of each named class of each named dimension, and how far it is from that of the largest.

    Returns
    -------
    Table, one row per dimension, class and month: `dimension`, `class`, `beside` (the first class of the dimension),
    the columns of `analysis.models.restricted.restricted_means`, and `difference`, `difference_low`,
    `difference_high` (months; missing for the first class).
    """
    parts = []
    for dimension, names in classes.items():
        rows = counts[dimension]
        means = {name: restricted_means(rows[rows["class"] == name], MONTHS, smallest=smallest) for name in names}
        gaps = differences(means, to=names[0])
        own = pd.concat([table.assign(**{"class": name}) for name, table in means.items()], ignore_index=True)
        parts.append(own.merge(gaps, on=["class", "months"]).assign(dimension=dimension, beside=names[0]))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["dimension", "class", "beside"])


def log_rank_tests(counts: Mapping[str, pd.DataFrame], *, dimensions: ClassRules) -> pd.DataFrame:
    """Log-rank tests with late entry of all dimensions that have at least two classes to test, the clearest first.

    A class of whom fewer than five would have left at everyone's pace is left out: the chi-squared law needs that
    many (Cochran, 1954).

    Returns
    -------
    Table, one row per dimension: `dimension`, `label`, `classes` and `leavers` (those tested), `statistic`,
    `degrees_of_freedom`, `p_value`.
    """
    testable = {name: _testable(rows) for name, rows in counts.items()}
    tests = [
        (name, rows, log_rank(rows, group="class")) for name, rows in testable.items() if rows["class"].nunique() > 1
    ]
    table = pd.DataFrame(
        [
            (
                name,
                dimensions[name].label,
                rows["class"].nunique(),
                int((rows["n"] * rows["event"]).sum()),
                test.statistic,
                test.degrees_of_freedom,
                test.p_value,
            )
            for name, rows, test in tests
        ],
        columns=["dimension", "label", "classes", "leavers", "statistic", "degrees_of_freedom", "p_value"],
    )
    per_degree = table["statistic"] / table["degrees_of_freedom"].where(table["degrees_of_freedom"] > 0)
    order = table.assign(clear=per_degree).sort_values(
        ["clear", "dimension"], ascending=[False, True], ignore_index=True
    )
    return order.drop(columns="clear")


def _testable(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts of the classes with enough expected leavers."""
    if counts.empty:
        return counts
    classes = log_rank(counts, group="class").groups
    return counts[counts["class"].isin(classes.loc[classes["expected"] >= FEWEST_EXPECTED, "class"])]
