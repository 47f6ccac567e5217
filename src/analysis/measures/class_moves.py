"""Who moved between classes since the quarter before: customers and money, from class to class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.fees import EXACT
from analysis.measures.class_rules import NOT_AVAILABLE, ClassRules, Dimension, telling
from analysis.measures.class_table import sizes
from analysis.measures.interval import mean_interval, share_interval
from analysis.measures.moves import FROM, TO
from analysis.measures.moves_masked import (
    BEFORE,
    DIRECTIONS,
    ENTERED,
    JOINED,
    LEFT,
    MONEY,
    Cell,
    published,
    step_of,
)

Rows = nw.LazyFrame[Any]

CENTS = nw.Decimal(18, 4)
SQUARES = nw.Decimal(38, 8)  # a sum of floats would differ in its last bit from run to run
MONTHS = 3
MOST_CLASSES = 20  # of a dimension whose moves are counted: beyond them a matrix tells nothing
PAIRS = (
    "place", "dimension", "label", "from", "to", "customers", "share", "revenue_before", "revenue_after",
    "change", "low", "high", "masked", "money_masked",
)  # fmt: skip
STEPS = ("place", "dimension", "label", "direction", "customers", "of", "share", "low", "high")


@dataclass(frozen=True)
class Moves:
    """Who moved, as it may be published.

    pairs : one row per dimension, from and to, in the order of the classes: `place`, `dimension`, `label`, `from`,
        `to`, `customers`, `share` (of the customers of `from`, 0 to 1), `revenue_before`, `revenue_after` (billed for
        the months of each quarter; their sums are the quarters' revenue), `change` (mean change of what one pays a
        month, of who was there in both quarters from the first day; missing where these are too few), `low`, `high`
        (its 95 % interval), `masked`, `money_masked`. One row "left before" holds what was billed to customers who
        had left; it is in no class.
    steps : one row per dimension and direction: `dimension`, `label`, `direction` (changed; up and down, where the
        classes are bands), `customers`, `of` (the customers at the quarter's start), `share`, `low`, `high` (Wilson's
        95 % interval). What may not be told is not there.
    """

    pairs: pd.DataFrame
    steps: pd.DataFrame


def class_moves(
    rows: Rows | None, classes: pd.DataFrame, *, dimensions: ClassRules, billed: bool, smallest: int
) -> Moves:
    """How many customers went from which class to which, what they paid, and how that changed.

    Counted are the dimensions in which somebody moved; none where `rows` is None, in the first quarter observed.
    Who joined comes from "joined" and who left goes to "left"; who did both within the quarter goes from the class on
    joining to "left", as in the table of churn rates. So, of each dimension:

        rows of a class = its customers at the quarter's start + its customers who joined and left within the quarter
        columns of a class = its customers at the quarter's end

    Parameters
    ----------
    rows : table of `moves`.
    classes : table of `class_table`: what it hides, these tables do not give away.
    billed : whether both quarters are billed; else money is missing.
    """
    pairs: list[pd.DataFrame] = []
    steps: list[dict[str, Any]] = []
    for one, counted in _every(rows, dimensions):
        if _somebody_moved(counted):
            there = classes[classes["dimension"] == one.name]
            cells, unseen = _cells(counted, there, one, billed=billed, smallest=smallest)
            shown, told = published(cells, there, unseen=unseen, scale=tuple(one.bands), smallest=smallest)
            pairs.append(shown.assign(dimension=one.name, label=one.label))
            steps += _steps(cells, one, passing=unseen[JOINED, LEFT], told=told, smallest=smallest)
    return Moves(_table(pd.concat(pairs) if pairs else pd.DataFrame(), PAIRS), _table(pd.DataFrame(steps), STEPS))


def _every(rows: Rows | None, dimensions: ClassRules) -> Iterator[tuple[Dimension, pd.DataFrame]]:
    """The dimensions that are shown and tell something, each with its counts."""
    for one in telling(dimensions).values():
        if rows is not None:
            yield one, _counted(rows, one)


def _table(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The rows with these columns, numbered; with the same types when there are none."""
    kinds = dict.fromkeys(("dimension", "label", "from", "to", "direction"), "object")
    kinds |= {"place": "int64", "masked": "bool", "money_masked": "bool"}
    numbered = rows.assign(place=range(len(rows))).reset_index(drop=True).reindex(columns=list(columns))
    return numbered.astype({name: kinds.get(name, "float64") for name in columns})


def _counted(rows: Rows, dimension: Dimension) -> pd.DataFrame:
    """Customers and exact sums by class on either side, and by whether they joined."""
    sides = {"from": nw.col(dimension.name + FROM), "to": nw.col(dimension.name + TO)}
    zero = nw.lit(0).cast(EXACT)
    more = (nw.coalesce(nw.col("after"), zero) - nw.coalesce(nw.col("before"), zero)).cast(CENTS)
    gain = nw.when(nw.col("followed") == 1).then(more).otherwise(nw.lit(0).cast(CENTS))
    known = rows.select("joined", "followed", "before", "after", **sides, gain=gain)
    change = nw.col("gain").cast(nw.Float64)  # the square of a large decimal would not fit into one
    return to_pandas(
        known.group_by("from", "to", "joined").agg(
            followed=nw.col("followed").sum(),
            customers=nw.len(),
            revenue_before=nw.col("before").sum(),
            revenue_after=nw.col("after").sum(),
            gain=nw.col("gain").sum(),
            squares=(change * change).round(8).cast(SQUARES).sum(),
        )
    )


def _somebody_moved(counted: pd.DataFrame) -> bool:
    few = counted["from"].nunique() <= MOST_CLASSES
    there = counted[counted["joined"] == 0]
    return few and bool(step_of(there["from"], there["to"], ())["changed"].any())


def _cells(
    counted: pd.DataFrame, classes: pd.DataFrame, dimension: Dimension, *, billed: bool, smallest: int
) -> tuple[pd.DataFrame, dict[Cell, int]]:
    """The moves of one dimension, none hidden yet, and the groups that are shown nowhere."""
    joined, left = counted["joined"] == 1, counted["to"] == LEFT
    entered = counted[joined & ~left].groupby("from")["customers"].sum()
    unseen = {(ENTERED, str(name)): int(count) for name, count in entered.items()}
    unseen[JOINED, LEFT] = int(counted.loc[joined & left, "customers"].sum())
    known = counted.assign(**{"from": counted["from"].mask(joined & ~left, JOINED)}).drop(columns="joined")
    cells = _priced(known, list(_in_order(counted, classes, dimension)), smallest=smallest)
    unknown = not (counted[["revenue_before", "revenue_after"]] != 0).any().all()
    return (cells if billed and not unknown else cells.assign(**dict.fromkeys(MONEY, float("nan")))), unseen


def _steps(
    cells: pd.DataFrame, dimension: Dimension, *, passing: int, told: Sequence[str], smallest: int
) -> Iterator[dict[str, Any]]:
    """How many changed their class, and went up and down the bands, of all who were there at the start."""
    steps = step_of(cells["from"], cells["to"], tuple(dimension.bands))
    counts = {name: int(cells.loc[steps[name], "customers"].sum()) for name in DIRECTIONS}
    of = int(cells.loc[~cells["from"].isin([JOINED, BEFORE]), "customers"].sum()) - passing
    beside = counts["changed"] - counts["up"] - counts["down"]  # to a class that is no band, or from one
    for direction in told[:1] if 0 < beside < smallest else told:
        count = counts[direction]
        none = not of or (direction != DIRECTIONS[0] and not dimension.bands)
        if not none and not any(0 < n < smallest for n in (count, of - count)):
            low, high = share_interval(count, of)
            yield {
                "dimension": dimension.name, "label": dimension.label, "direction": direction, "customers": count,
                "of": of, "share": count / of, "low": low, "high": high,
            }  # fmt: skip


def _priced(known: pd.DataFrame, names: list[str], *, smallest: int) -> pd.DataFrame:
    """A row per pair of ends, those without customers included, with the mean change of what one pays a month."""
    pairs = [(one, other) for one in [*names, JOINED] for other in [*names, LEFT] if (one, other) != (JOINED, LEFT)]
    sums = known.groupby(["from", "to"]).sum().reindex([*pairs, (BEFORE, BEFORE)], fill_value=0).reset_index()
    stayed = ~sums["from"].isin([JOINED, BEFORE]) & (sums["to"] != LEFT)
    n = sums["followed"].where(stayed & (sums["followed"] >= smallest))
    spread = ((sums["squares"] - sums["gain"] ** 2 / n) / (n - 1).where(n > 1)).clip(lower=0) ** 0.5
    change = sums["gain"] / n / MONTHS
    low, high = mean_interval(change, spread / MONTHS, n)
    return sums.assign(change=change, low=low, high=high).drop(columns=["gain", "squares", "followed"])


def _in_order(counted: pd.DataFrame, classes: pd.DataFrame, dimension: Dimension) -> Iterator[str]:
    """The classes that somebody was in: those that have a place first, then the largest, "not available" last."""
    found = set(counted["from"]) | set(counted["to"])
    by_size = sizes(classes[classes["dimension"] == dimension.name])["class"].tolist()
    places = list(dict.fromkeys([*dimension.order, *by_size, *sorted(found)]))
    yield from (name for name in places if name in found - {LEFT, BEFORE, NOT_AVAILABLE})
    yield from (name for name in (NOT_AVAILABLE,) if name in found)
