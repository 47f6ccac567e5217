"""How likely a product is added within a quarter, by what is held, the technology and the type of customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from analysis.measures.interval import standard_normal_quantile
from analysis.models.candidates.ridge import Problem, Ridge, ridge
from analysis.models.counts import Floats, Integers, Truths

TERMS = ("basket", "technology", "customer_type")
KIND, HELD = ["technology", "customer_type"], 0
HALF = 0.5  # additions put in advance, so that a product that nobody added has a chance above zero


class Chances(NamedTuple):
    """A row per cell and a column per product: the chance and its 95 % interval, missing where it cannot be added.

    `taken` are the customer-quarters of the same basket, technology and type in which the product was added.
    """

    chance: Floats
    low: Floats
    high: Floats
    taken: Floats


class Adoption(NamedTuple):
    """What past additions taught: the products, the values that have a column, and one regression per product."""

    products: list[str]
    values: list[tuple[str, str]]
    fits: list[Ridge | None]
    rates: Floats
    learned: pd.DataFrame


def holds(baskets: pd.Series, products: Sequence[str]) -> Truths:
    """Whether each basket (rows) holds each product (columns)."""
    codes = baskets.to_numpy("int64")
    return np.asarray((codes[:, None] >> np.arange(len(products))) & 1 == 1)


def open_to(cells: pd.DataFrame, products: Sequence[str]) -> Truths:
    """Whether the customers of a cell could add a product: it is offered where they are, and they do not hold it."""
    return holds(cells["offered"], products) & ~holds(cells["basket"], products)


def fit_adoption(cells: pd.DataFrame, products: Sequence[str]) -> Adoption:
    """Learn, for each product, who among those who could add it did so within the quarter.

    log odds of adding = level + one term per other product held, technology and type of customer

    Terms are drawn towards zero, that is each chance towards the product's own rate, as far as the data do not
    contradict it (see `ridge`).

    Parameters
    ----------
    cells : table, one row per landmark, `basket`, `technology`, `customer_type`, `offered` and `added`: `customers`.
    """
    values = [(name, str(value)) for name in KIND for value in sorted(cells[name].unique())]
    could, did = open_to(cells, products), holds(cells["added"], products)
    learned = [
        _counted(cells[could[:, place]], did[could[:, place], place]).assign(place=place)
        for place in range(len(products))
    ]
    rates = np.array([_rate(rows) for rows in learned])
    fits = [_fitted(rows, products, values, rate) for rows, rate in zip(learned, rates, strict=True)]
    return Adoption(list(products), values, fits, rates, pd.concat(learned, ignore_index=True))


def _counted(cells: pd.DataFrame, did: Truths) -> pd.DataFrame:
    """Customer-quarters (`count`) and additions (`taken`) by the terms."""
    rows = cells[list(TERMS)].assign(count=cells["customers"], taken=cells["customers"] * did)
    return rows.groupby(list(TERMS), as_index=False, sort=True)[["count", "taken"]].sum()


def _rate(rows: pd.DataFrame) -> float:
    """Share that added the product in a quarter; missing where nobody could."""
    count = float(rows["count"].sum())
    return (float(rows["taken"].sum()) + HALF) / (count + 2 * HALF) if count else float("nan")


def _fitted(
    rows: pd.DataFrame, products: Sequence[str], values: Sequence[tuple[str, str]], rate: float
) -> Ridge | None:
    if rows.empty:
        return None
    once, groups = _design(rows, products, values)
    twice = np.vstack([once, once])
    count, taken = (rows[name].to_numpy("float64") for name in ("count", "taken"))
    did = np.repeat([1.0, 0.0], len(rows))
    weight = np.concatenate([taken, count - taken])
    guess = np.append(logit(rate), np.zeros(twice.shape[1] - 1))
    return ridge(Problem(twice, did, weight, np.zeros(len(did)), groups), guess)


def _design(cells: pd.DataFrame, products: Sequence[str], values: Sequence[tuple[str, str]]) -> tuple[Floats, Integers]:
    """A column of ones, one per product held, one per technology and type; and the groups of all but the first."""
    held = holds(cells["basket"], products).astype(np.float64)
    kinds = [(cells[name].astype(str) == value).to_numpy("float64") for name, value in values]
    design = np.column_stack([np.ones(len(cells)), held, *kinds])
    groups = [HELD] * len(products) + [1 + KIND.index(name) for name, _ in values]
    return design, np.array(groups, dtype=np.int64)


def design_of(cells: pd.DataFrame, adoption: Adoption) -> Floats:
    """What the coefficients of the regressions are multiplied by, a row per cell."""
    return _design(cells, adoption.products, adoption.values)[0]


def chances(adoption: Adoption, cells: pd.DataFrame) -> Chances:
    """The chance that a customer of each cell adds each product within a quarter; missing where none can."""
    design = design_of(cells, adoption)
    possible = open_to(cells, adoption.products)
    z = standard_normal_quantile(0.95)
    found = np.full((3, *possible.shape), np.nan)
    for place, fit in enumerate(adoption.fits):
        if fit is not None:
            middle = design @ fit.coefficients
            reach = z * np.sqrt(np.einsum("ij,jk,ik->i", design, fit.covariance, design))
            found[:, :, place] = expit([middle, middle - reach, middle + reach])
    taken = _taken(adoption, cells)
    return Chances(*(np.where(possible, values, np.nan) for values in (*found, taken)))


def _taken(adoption: Adoption, cells: pd.DataFrame) -> Floats:
    """Additions behind each cell and product; 0 where none of its like was seen."""
    counted = adoption.learned.pivot_table(index=list(TERMS), columns="place", values="taken", aggfunc="sum")
    keys = pd.MultiIndex.from_frame(cells[list(TERMS)])
    wide = counted.reindex(index=keys, columns=range(len(adoption.products)))
    return wide.fillna(0).to_numpy("float64")
