"""The true behaviour of every customer at each quarter's end, and how clearly the use of the quarter shows it.

How clear: the chance of the true behaviour given the mean of each measure (logs and logits, `usage.measured`) over the
last three months with usage on record, by Bayes' formula under the simulator's own mixture,

    P(k | x) = w_k prod_j N(x_j; level_kj, s_j^2 + v_j^2 / n_j) / sum over all behaviours,

with shares w of the population, s the spread of customers of one behaviour and v that of a month. A measure that the
products held do not show (no gigabytes without a data line, no minutes without a telephone) is left out. A fall of use
or a suspended line moves the mean away from the behaviour's level and makes it less clear, as it would to any reader.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.extracts.demo.behaviour import MEASURES, MIDDLE_AGE, QUARTER, Who, chances, everyone, levels
from analysis.extracts.demo.book import Book
from analysis.extracts.demo.cells import dates, words
from analysis.extracts.demo.days import day_of, first_day, first_days
from analysis.extracts.demo.parameters import Parameters
from analysis.extracts.demo.state import Floats, Ints
from analysis.extracts.demo.tables import Labels
from analysis.extracts.demo.world import World

PLACES = 6  # decimals kept
CLEAR = 0.9  # chance of the true behaviour from which it counts as clear
MAINS = 3  # products that an account can hang on


def types_table(book: Book, labels: Labels) -> pa.Table:
    """A row per customer and quarter's end of the window at which it is active: `type` and `posterior`."""
    rows = book.rows("behaviour") or {name: np.empty(0, dtype=np.int64) for name in ("customer", "month", "behaviour")}
    there = labels.world
    known = [one.name for one in everyone(there.parameters.behaviours)]
    posterior = np.round(clearness(rows, book.rows("measured"), there), PLACES)
    return pa.table(
        {
            "customer_id": words(rows["customer"], labels.customers),
            "quarter_end": dates(first_days(rows["month"] + 1) - 1),
            "type": words(rows["behaviour"], known),
            "posterior": pa.array(posterior, mask=np.isnan(posterior)),
        }
    )


def clearness(rows: dict[str, NDArray[Any]], measured: dict[str, NDArray[Any]], there: World) -> Floats:
    """Chance of the true behaviour given the use of the quarter, by row; nan where none is on record."""
    got = np.full(len(rows["month"]), np.nan)
    for month in np.unique(rows["month"]) if measured else ():
        at = rows["month"] == month
        mean, count = quarter_means(measured, int(month), size=int(rows["customer"].max()) + 1)
        mean, count = mean[:, rows["customer"][at]], count[:, rows["customer"][at]]
        by_behaviour = posteriors(mean, count, there.parameters, month=int(month))
        chance = by_behaviour[np.arange(int(at.sum())), rows["behaviour"][at]]
        got[at] = np.where(count.any(axis=0), chance, np.nan)
    return got


def quarter_means(measured: dict[str, NDArray[Any]], month: int, *, size: int) -> tuple[Floats, Ints]:
    """Mean of each measure over the quarter that ends with a month, and of how many months: a row per measure."""
    at = (measured["month"] > month - QUARTER) & (measured["month"] <= month) & (measured["customer"] < size)
    customer = measured["customer"][at]
    values = np.stack([measured[name][at] for name in MEASURES])
    known = ~np.isnan(values)
    count = np.stack([np.bincount(customer[there], minlength=size) for there in known])
    pairs = zip(values, known, strict=True)
    total = np.stack([np.bincount(customer[there], weights=row[there], minlength=size) for row, there in pairs])
    return total / np.maximum(count, 1), count


def posteriors(mean: Floats, count: Ints, parameters: Parameters, *, month: int) -> Floats:
    """Chance of each behaviour given the means: a row per customer."""
    use = parameters.use
    monthly = np.array(use.noise)[:, None] ** 2 / np.maximum(count, 1)
    variance = np.array(use.spreads)[:, None] ** 2 + monthly
    level = levels(parameters.behaviours)[:, :-1]
    squares = (mean[:, :, None] - level[:, None, :]) ** 2 / variance[:, :, None] * (count > 0)[:, :, None]
    with np.errstate(divide="ignore"):
        log = np.log(shares(parameters, month=month)) - squares.sum(axis=0) / 2
    weights = np.exp(log - log.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def shares(parameters: Parameters, *, month: int) -> Floats:
    """Share of each behaviour among those who join in a month; those who took up a newcomer count as it."""
    population, behaviours = parameters.population, parameters.behaviours
    low, high = population.birth_years
    year, household = month // 12, population.type_shares[0]
    age = np.append(year - np.arange(low, high + 1), MIDDLE_AGE)
    weight = np.append(np.full(len(age) - 1, household / (len(age) - 1)), 1 - household)
    business = np.arange(len(age)) == len(age) - 1
    by_main = [chances(Who(business, age, np.full(len(age), main), age), behaviours) for main in range(MAINS)]
    known = np.array(population.main_product) @ (weight @ np.stack(by_main))
    new = behaviours.newcomer
    if new is None:
        return known
    taken = new.existing if first_day(month + 1) > day_of(new.begins) else 0.0
    return np.append(known * (1 - taken), taken)
