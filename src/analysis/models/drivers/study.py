"""What goes with an outcome: effects of the catalogue's drivers, and what stands behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.models.counts import Floats, Integers
from analysis.models.drivers.catalogue import DRIVERS, GROUPS
from analysis.models.drivers.curve import Curve, curve
from analysis.models.drivers.design import Design, design, with_history
from analysis.models.drivers.fit_quality import NOT_JUDGED, OutOfSample, out_of_sample
from analysis.models.drivers.linear import Linear, fit_linear
from analysis.models.drivers.screen import inflation, screened, verdict

MOST_ROWS = 50_000
FEWEST_AREAS = 10  # below which areas are too few to tell how they differ
MOST_CURVES = 2
EFFECTS = ("driver", "level", "step", "effect", "low", "high", "inflation", "rows")
STARTED = np.datetime64("2000-01-01")


@dataclass(frozen=True)
class Study:
    """Attributes
    ----------
    verdict : why nothing is told; empty where effects are.
    effects : table, one row per told column: `driver`, `level` (missing for numbers), `step`, `effect` (of a step),
        `low`, `high` (95 %), `inflation` (of the variance by the other columns), `rows` (of the rarer side of yes or
        no, such as a level; else all).
    left_out : table, one row per driver that was not fitted: `driver`, `reason`.
    fit : out-of-sample share of the squared error taken away.
    curves : driver → its effect along the driver, of the clearest numbers.
    rows, clusters : on how many rows the fit stands, and how many areas or customers those are of.
    by_area : whether errors are taken by area.
    """

    verdict: str
    effects: pd.DataFrame
    left_out: pd.DataFrame
    fit: OutOfSample
    curves: dict[str, Curve]
    rows: int
    clusters: int
    by_area: bool


@dataclass(frozen=True)
class Prepared:
    """Rows with a known outcome, the screened design over them, and which rows belong together."""

    rows: pd.DataFrame
    outcome: Floats
    design: Design
    clusters: Integers
    by_area: bool

    def only_first(self) -> tuple[Design, list[int]]:
        """The columns of the first stage, and their places in the whole."""
        places = [place for place, column in enumerate(self.design.columns) if column.stage == "first"]
        return self.design.kept(places), places


def sampled(rows: pd.DataFrame, *, order_by: Sequence[str], most: int = MOST_ROWS) -> pd.DataFrame:
    """At most so many rows, evenly over the order of columns that tell every two rows apart."""
    ordered = rows.sort_values(list(order_by), ignore_index=True)
    if len(ordered) <= most:
        return ordered
    return ordered.iloc[np.linspace(0, len(ordered) - 1, most).astype(np.int64)].reset_index(drop=True)


def prepared(rows: pd.DataFrame, outcome: str, *, components: bool) -> Prepared:
    """The rows that know an outcome, with the columns that may explain it.

    `components` is false for an outcome, such as the margin, that is a sum of some of the drivers: those stay out.
    """
    known = rows[rows[outcome].notna()].reset_index(drop=True)
    if "landmark" in known:
        since = pd.to_datetime(known["landmark"]).to_numpy("datetime64[D]") - STARTED
        known = known.assign(year=since.astype(np.float64) / 365.25)
    drivers = [one for one in DRIVERS if components or not one.component]
    groups = [one for one in GROUPS if components or not one.component]
    known = with_history(known, drivers)
    made = screened(design(known, drivers, groups))
    clusters, by_area = _clusters(known, made)
    return Prepared(known, known[outcome].to_numpy("float64"), made, clusters, by_area)


def study(rows: pd.DataFrame, outcome: str, what: str, *, components: bool = True) -> Study:
    """The effects of the drivers on an outcome, by least squares.

    What customers meet is told from a model without what they do about it; the latter from a model with both.

    Parameters
    ----------
    rows : table with the outcome, the columns of features and `customer_id`, one row per answer or customer.
    what : what a row is, in the plural: "answers".
    """
    known = rows[outcome].dropna().to_numpy("float64") if outcome in rows else np.zeros(0)
    reason = verdict(known, what)
    ready = None if reason else prepared(rows, outcome, components=components)
    if ready is None or not ready.design.columns:
        reason = reason or f"Nothing that differs is known of those {what}."
        left = ready.design.left_out if ready else ()
        return Study(reason, _effects([]), _left_out(left), NOT_JUDGED, {}, len(known), 0, False)
    curves = _curves(ready)
    effects = _effects([_over_all_rows(row, curves, ready.design) for row in _told(ready)])
    return Study(
        verdict="",
        effects=effects,
        left_out=_left_out(ready.design.left_out),
        fit=out_of_sample(ready.design.values, ready.outcome, ready.clusters),
        curves={name: curves[name] for name in [one for one in _clearest(effects) if one in curves][:MOST_CURVES]},
        rows=len(ready.outcome),
        clusters=int(ready.clusters.max()) + 1,
        by_area=ready.by_area,
    )


def _clusters(rows: pd.DataFrame, made: Design) -> tuple[Integers, bool]:
    """By area where something acts on areas and there are ten or more, else by customer."""
    acting = any(column.area for column in made.columns)
    if acting and "area_id" in rows and rows["area_id"].nunique() >= FEWEST_AREAS:
        # Customers of no known area are each a cluster of their own.
        keys = rows["area_id"].fillna(rows["customer_id"])
        return np.unique(keys.astype(str), return_inverse=True)[1].astype(np.int64), True
    return np.unique(rows["customer_id"].astype(str), return_inverse=True)[1].astype(np.int64), False


def _told(ready: Prepared) -> list[tuple[Any, ...]]:
    first, places = ready.only_first()
    found = _rows_of(first, fit_linear(first.values, ready.outcome, ready.clusters)) if places else []
    if len(places) < len(ready.design.columns):
        both = fit_linear(ready.design.values, ready.outcome, ready.clusters)
        found += [row for row in _rows_of(ready.design, both) if row[0] in _second(ready.design)]
    return found


def _second(made: Design) -> set[str]:
    return {column.driver for column in made.columns if column.stage == "second"}


def _rows_of(made: Design, fit: Linear) -> list[tuple[Any, ...]]:
    steps = np.diag([column.step for column in made.columns])
    value, low, high = fit.intervals(steps)
    factors, behind = inflation(made), [_behind(made.values[:, i]) for i in range(len(made.columns))]
    return [
        (column.driver, column.level, column.step, value[i], low[i], high[i], factors[i], behind[i])
        for i, column in enumerate(made.columns)
        if column.told
    ]


def _behind(values: Floats) -> int:
    """Rows of the rarer side of what is yes or no; all rows for a number."""
    flags = set(np.unique(values)) <= {0.0, 1.0}
    return int(min(values.sum(), len(values) - values.sum())) if flags else len(values)


def _over_all_rows(row: tuple[Any, ...], curves: Mapping[str, Curve], made: Design) -> tuple[Any, ...]:
    """A row of effects, with the mean of a step over all rows where that can be told.

    The slope of a straight line is that of the few at a long tail's end, where a scale that ends at ten is still open.
    What acts on areas keeps its slope: between few areas a line may bend to anything.
    """
    driver, level = row[:2]
    on_areas = any(column.area for column in made.columns if column.driver == driver)
    if level is not None or on_areas or driver not in curves:
        return row
    return (*row[:3], *curves[driver].mean_step, *row[6:])


def _curves(ready: Prepared) -> dict[str, Curve]:
    """The effects along the numbers of the first stage that take many values."""
    (first, _), near = ready.only_first(), ready.clusters
    told = [(i, column) for i, column in enumerate(first.columns) if column.told and column.level is None]
    made = {
        column.name: curve(first.values, ready.outcome, place, step=column.step, clusters=near)
        for place, column in told
    }
    return {name: one for name, one in made.items() if one is not None}


def _clearest(effects: pd.DataFrame) -> list[str]:
    """Numbers, the one first whose effect stands out most from its interval."""
    reach = (effects["high"] - effects["low"]) / 2
    clear = effects.assign(clear=effects["effect"].abs() / reach.where(reach > 0))
    ordered = clear[clear["level"].isna()].sort_values(["clear", "driver"], ascending=[False, True])
    return list(ordered["driver"])


def _effects(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(EFFECTS)).astype({"level": object})


def _left_out(pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["driver", "reason"]).astype("str")
