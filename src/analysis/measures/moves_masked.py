"""What may be told of who moved between classes: no group too small, and none that other tables give away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.measures.class_rules import NOT_AVAILABLE
from analysis.measures.disclosure import Floats, gives_away, withheld

JOINED, LEFT, BEFORE = "joined", "left", "left before"
ALL, ENTERED, EXPOSED = "", "entered", "exposed"  # totals, and what the table of churn rates adds up

MONEY = ("revenue_before", "revenue_after", "change", "low", "high")

DIRECTIONS = ("changed", "up", "down")
OUTSIDE = (JOINED, LEFT, BEFORE, NOT_AVAILABLE)
DEAR = {"stayed": 1, "shares": 2, "nobody": 3, "moved": 4}

Cell = tuple[str, str]  # from and to
Sum = dict[Cell, int]


def published(
    cells: pd.DataFrame,
    classes: pd.DataFrame,
    *,
    unseen: Mapping[Cell, int],
    scale: Sequence[str],
    smallest: int,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The moves of one dimension as they may be shown.

    Hidden is every cell of 1 to `smallest` - 1 customers, and further cells until neither the rows and columns, nor
    the sizes and leavers of `classes`, nor the share of customers who moved up or down give a hidden one away; where
    that cannot be reached, all of them. Who left is told of the classes of which the table of churn rates tells it.

    Parameters
    ----------
    cells : one row per from and to, zeros included, with `customers` and money.
    classes : rows of `class_table` of this dimension.
    unseen : customers who are shown nowhere, but other tables less this one would give them away: `(ENTERED, class)`,
        who joined and stayed, by the class on joining; `(JOINED, LEFT)`, who joined and left.
    scale : classes that are higher and lower, rising; empty where they are not.

    Returns
    -------
    The cells that somebody is in, or that are hidden, with `share` (of the customers of `from`), `masked`,
    `money_masked`; figures missing where hidden. And of which `DIRECTIONS` the share of customers may be told.
    """
    customers = {(str(one), str(other)): int(n) for one, other, n in cells[["from", "to", "customers"]].to_numpy()}
    hidden, steps = _hidden(customers, unseen, classes, scale=scale, smallest=smallest)
    ends = list(zip(cells["from"], cells["to"], strict=True))
    masked = pd.Series([hidden[end] for end in ends], index=cells.index)
    whole = cells["from"].map(cells.groupby("from")["customers"].sum())
    whole_masked = pd.Series([hidden.get((one, ALL), False) for one, _ in ends], index=cells.index)
    money = _money_masked(cells["customers"], masked, smallest=smallest)
    shown = cells.assign(
        customers=cells["customers"].mask(masked),
        share=(cells["customers"] / whole.where(whole > 0)).mask(masked | whole_masked),
        **{name: cells[name].mask(money) for name in MONEY},
        masked=masked,
        money_masked=money,
    )
    return shown[(cells["customers"] > 0) | masked], steps


def _money_masked(customers: pd.Series, masked: pd.Series, *, smallest: int) -> pd.Series:
    """Where money is hidden: with the customers, and in further cells while all that is hidden is of too few.

    The revenue of the quarter less what is shown would be theirs.
    """
    money = masked.copy()
    while 0 < customers[money].sum() < smallest and (~money & (customers > 0)).any():
        money[customers[~money & (customers > 0)].idxmin()] = True
    return money


def _hidden(
    customers: Mapping[Cell, int],
    unseen: Mapping[Cell, int],
    classes: pd.DataFrame,
    *,
    scale: Sequence[str],
    smallest: int,
) -> tuple[dict[Cell, bool], tuple[str, ...]]:
    """Whether each cell, and the total of each row, is hidden; and which shares of who moved may be told."""
    names = [one for one, other in customers if one == other and one != BEFORE]
    values = _with_totals(customers, unseen, names)
    places = {cell: place for place, cell in enumerate(values)}
    counts = np.array([[count] for count in values.values()], dtype=float)
    outside, elsewhere = _elsewhere(classes, names)
    small = {cell for cell, count in values.items() if 0 < count < smallest}
    start = np.array([cell in outside or (cell in small and cell not in elsewhere) for cell in places])
    nobody = not any(count for (one, _), count in values.items() if one == JOINED)
    dear = np.array([_dear(cell, count) for cell, count in values.items()], dtype=float)
    # Where it is known that nobody joined, no hidden nought would hide anything.
    dear[[cell in elsewhere or (nobody and cell[0] == JOINED) for cell in places]] = np.inf
    rated = bool(classes["customers"].isna().any() or (classes["customers"] > 0).any())
    sums, inside = _sums(names, rated=rated), [cell for cell in customers if cell != (BEFORE, BEFORE)]
    for told in (DIRECTIONS, DIRECTIONS[:1], ()):
        matrix = _matrix([*sums, *_shares(inside, scale, told)], places)
        found = withheld(matrix, counts, hidden=start, minimum=smallest, dear=dear)
        if not (leaks := gives_away(matrix, counts, hidden=found, minimum=smallest)):
            break
    few = 0 < customers.get((BEFORE, BEFORE), 0) < smallest
    hidden = {cell: leaks or bool(found[place]) for cell, place in places.items()} | {(BEFORE, BEFORE): few}
    return hidden, () if leaks else told


def _dear(cell: Cell, count: int) -> float:
    """What is hidden first, where there is a choice: what is not shown anyway, who stayed, shares, noughts, moves."""
    one, other = cell
    if one == ENTERED or cell == (JOINED, LEFT):
        return 0
    if not count:
        return DEAR["nobody"]
    return DEAR["stayed"] if one in (other, JOINED) else DEAR["shares"] if other == ALL else DEAR["moved"]


def _with_totals(customers: Mapping[Cell, int], unseen: Mapping[Cell, int], names: Sequence[str]) -> dict[Cell, int]:
    """The cells of the matrix, the totals of its rows and columns, and what the table of churn rates adds up."""
    inside = {cell: count for cell, count in customers.items() if cell != (BEFORE, BEFORE)}
    opening = {(name, ALL): sum(count for (one, _), count in inside.items() if one == name) for name in names}
    closing = {(ALL, name): sum(count for (_, other), count in inside.items() if other == name) for name in names}
    entered = {(ENTERED, name): unseen.get((ENTERED, name), 0) for name in names}
    exposed = {(EXPOSED, name): opening[name, ALL] + entered[ENTERED, name] for name in names}
    return inside | opening | closing | entered | exposed | {(JOINED, LEFT): unseen.get((JOINED, LEFT), 0)}


def _sums(names: Sequence[str], *, rated: bool) -> list[Sum]:
    """What a reader can add up: rows, columns, joiners, leavers, all classes, and the customers behind each rate."""
    rows: list[Sum] = [{(one, other): 1 for other in [*names, LEFT]} | {(one, ALL): -1} for one in names]
    columns: list[Sum] = [{(one, other): 1 for one in [*names, JOINED]} | {(ALL, other): -1} for other in names]
    edges: list[Sum] = [
        {(JOINED, name): 1 for name in [*names, LEFT]},
        {(name, LEFT): 1 for name in names},
        {(name, ALL): 1 for name in names} | {(JOINED, LEFT): -1},
        {(ALL, name): 1 for name in names},
    ]
    rates: list[Sum] = [{(name, ALL): 1, (ENTERED, name): 1, (EXPOSED, name): -1} for name in names]
    return rows + columns + edges + (rates if rated else [])


def step_of(start: pd.Series, end: pd.Series, scale: Sequence[str]) -> pd.DataFrame:
    """Whether the way from one class to another is each of `DIRECTIONS`.

    Who joined or left moved nowhere, and of a class that is not available nobody knows; up and down are of bands.
    """
    places = {name: place for place, name in enumerate(scale)}
    step = end.map(places).astype("float64") - start.map(places).astype("float64")
    known = ~start.isin(OUTSIDE) & ~end.isin(OUTSIDE)
    return pd.DataFrame({"changed": known & (start != end), "up": step > 0, "down": step < 0})


def _shares(cells: Sequence[Cell], scale: Sequence[str], directions: Sequence[str]) -> list[Sum]:
    """What the shares of customers who moved add up."""
    table = pd.DataFrame(list(cells), columns=["from", "to"])
    steps = step_of(table["from"], table["to"], scale)
    return [{cells[int(place)]: 1 for place in np.flatnonzero(steps[name])} for name in directions if steps[name].any()]


def _matrix(sums: Sequence[Sum], places: dict[Cell, int]) -> Floats:
    found = np.zeros((len(sums), len(places)))
    for row, one in enumerate(sums):
        for cell, sign in one.items():
            found[row, places[cell]] = sign
    return found


def _elsewhere(classes: pd.DataFrame, names: Sequence[str]) -> tuple[set[Cell], set[Cell]]:
    """The cells that the tables of classes hide, and all that they decide on."""
    sizes = set(classes.loc[classes["masked"], "class"])
    rates = set(classes.loc[classes["rate_masked"], "class"])
    hidden = {(ALL, name) for name in sizes} | {cell for name in rates for cell in ((name, LEFT), (EXPOSED, name))}
    decided = {cell for name in names for cell in ((ALL, name), (name, LEFT), (EXPOSED, name))}
    return hidden, decided
