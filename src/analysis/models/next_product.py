"""What to offer next: three ways of ordering the products that a customer could add."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, get_args

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.interval import share_interval
from analysis.models.adoption import TERMS, chances, fit_adoption, holds, open_to
from analysis.models.counts import Floats, Integers
from analysis.models.product_rules import best_rules, product_rules

Method = Literal["additions", "rules", "most_added", "popularity"]
METHODS: tuple[Method, ...] = get_args(Method)
CELL = (*TERMS, "offered")


class Offers(NamedTuple):
    """What a way of choosing says of each cell (row) and product (column); missing where it cannot be added.

    Products are ordered by `confidence`. What it is the chance of depends on the way: of adding the product within a
    quarter (`additions`), or of holding it (`rules`, `popularity`).
    """

    support: Floats
    confidence: Floats
    lift: Floats
    low: Floats
    high: Floats


def basket_cells(rows: nw.LazyFrame[Any], *more: str) -> pd.DataFrame:
    """Customers by landmark, basket, technology, type and what is offered, and by the columns named in `more`."""
    names = ["landmark", *CELL, *more]
    return to_pandas(rows.group_by(names).agg(customers=nw.len()).sort(names))


def basket_counts(rows: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Customers by basket."""
    return to_pandas(rows.group_by("basket").agg(customers=nw.len()).sort("basket"))


def offers(
    method: Method, cells: pd.DataFrame, *, past: pd.DataFrame, now: pd.DataFrame, products: Sequence[str]
) -> Offers:
    """What a way of choosing says of the products that the customers of each cell could add.

    Parameters
    ----------
    method : `additions` learns from what customers with like baskets added in the quarters of `past`, `most_added`
        takes what most who could added in them, whoever is asked; `rules` learns from what is held together in `now`,
        `popularity` takes what most customers hold in `now`.
    cells : table of the customers to choose for: `basket`, `technology`, `customer_type`, `offered`.
    past, now : tables of `basket_cells`: of quarters that are over, with `added`, and of one landmark.
    """
    if method == "additions":
        made = _by_additions(cells, past, products)
    elif method == "most_added":
        made = _alike(cells, *_added(past, products))
    else:
        made = _alike(cells, *_held(now, products))
        made = _by_rules(cells, now, products, otherwise=made) if method == "rules" else made
    possible = open_to(cells, products)
    return Offers(*(np.where(possible, values, np.nan) for values in made))


def _by_additions(cells: pd.DataFrame, past: pd.DataFrame, products: Sequence[str]) -> Offers:
    adoption = fit_adoption(past, products)
    got = chances(adoption, cells)
    support = got.taken / float(past["customers"].sum())
    return Offers(support, got.chance, got.chance / adoption.rates, got.low, got.high)


def _added(past: pd.DataFrame, products: Sequence[str]) -> tuple[Floats, Floats]:
    """Customer-quarters in which each product was added, and in which it could have been."""
    customers, could = past["customers"].to_numpy("float64"), open_to(past, products)
    return customers @ (could & holds(past["added"], products)), customers @ could


def _held(now: pd.DataFrame, products: Sequence[str]) -> tuple[Floats, Floats]:
    """Customers who hold each product, and all customers."""
    customers = now["customers"].to_numpy("float64")
    return customers @ holds(now["basket"], products), np.full(len(products), customers.sum())


def _alike(cells: pd.DataFrame, count: Floats, of: Floats) -> Offers:
    """One share per product, whoever is asked; 0 where there is nobody to tell it."""
    share = count / np.where(of > 0, of, np.inf)
    parts = (share, share, np.ones(len(count)), *share_interval(count, of))
    return Offers(*(np.broadcast_to(part, (len(cells), len(count))) for part in parts))


def _by_rules(cells: pd.DataFrame, now: pd.DataFrame, products: Sequence[str], *, otherwise: Offers) -> Offers:
    """By the rule that fits best; by the share of all where none does."""
    rules = product_rules(now.groupby("basket", as_index=False, sort=True)["customers"].sum(), products)
    if rules.empty:
        return otherwise
    best = best_rules(rules, cells["basket"], products)
    told = rules.assign(lift=rules["drawn"] / rules["share"])[["support", "drawn", "lift", "low", "high"]]
    values = np.moveaxis(told.to_numpy("float64")[best], 2, 0)
    return Offers(*(np.where(best >= 0, own, plain) for own, plain in zip(values, otherwise, strict=True)))


def ranked(offered: Offers) -> Integers:
    """The places of the products of each cell (row), the best first; -1 after the last that can be added.

    Equal ones stand by name, as the columns do.
    """
    score = np.where(np.isnan(offered.confidence), -np.inf, offered.confidence)
    order = np.argsort(-score, axis=1, kind="stable")
    return np.where(np.isneginf(np.take_along_axis(score, order, axis=1)), -1, order)
