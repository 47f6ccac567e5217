"""What customers are expected to buy beside what they hold: chances of additions and steps up, and what these bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.basis.quarter import months_later
from analysis.extracts.engine import to_pandas
from analysis.frames.first_lines import TERMS, first_lines
from analysis.frames.observation import Observation
from analysis.measures.margin import Costs
from analysis.models.adoption import Adoption, design_of, fit_adoption, holds, open_to
from analysis.models.counts import Floats
from analysis.models.next_product import CELL, basket_cells
from analysis.models.next_table import UP, upgrade_chances
from analysis.models.product_rules import PRIOR_HOLDERS

DRAWS, SEED = 20, 1
QUARTER, YEAR = 3, 12
HALF = 0.5  # of a month's fee, on average, is billed for the month in which a product is taken
FEWEST = 5  # first lines of a product from which it is told what a new one brings


class Offered(NamedTuple):
    """Who could take what on a day, and how often such things were taken before it.

    products : in the order of the bits of a basket.
    baskets : table, one row per customer: `customer_id` and the columns of a cell.
    past : table of `basket_cells` with `added`, of quarters that were over on the day.
    steps : table, one row per customer and product with a better plan to be had: `customer_id`, `product`, `plan`,
        `customer_type`, `gain` (what the better plan costs more, money a month).
    stepped : table of `upgrade_chances`, of quarters that were over on the day.
    first : table of `frames.first_lines`.
    """

    products: Sequence[str]
    baskets: pd.DataFrame
    past: pd.DataFrame
    steps: pd.DataFrame
    stepped: pd.DataFrame
    first: pd.DataFrame


class Growth(NamedTuple):
    """Margin a month expected of further sales, by month ahead, of who is still a customer then.

    `added` and `stepped` have the estimate in their first layer and a draw in each further one. `place` tells the row
    of `added` (money a month) of each customer; `steps` has, of each step, the customer, its row of `stepped` (share
    that has taken it) and its `gain` (margin a month).
    """

    place: pd.Series
    added: Floats
    steps: pd.DataFrame
    stepped: Floats

    def ahead(self, customer_id: pd.Series, *, layer: int) -> Floats:
        """Margin of each customer asked for, a column per month; nothing of who holds no product."""
        return Sales(self, customer_id).of(0, len(customer_id), layer=layer)


class Sales:
    """`Growth` for customers in an order, a stretch of them at a time: each is looked up once."""

    def __init__(self, growth: Growth, customer_id: pd.Series) -> None:
        index, self.growth = pd.Index(customer_id), growth
        self.cell = growth.place.reindex(index).to_numpy("float64", na_value=-1).astype(np.int64)
        place = index.get_indexer(growth.steps["customer_id"])
        order = np.argsort(place, kind="stable")[np.count_nonzero(place < 0) :]
        self.place, self.step = place[order], growth.steps["place"].to_numpy()[order]
        self.gain = growth.steps["gain"].to_numpy("float64")[order]

    def of(self, begin: int, end: int, *, layer: int) -> Floats:
        """Those of the customers from one place to before another."""
        cells, added = self.cell[begin:end], self.growth.added[layer]
        found = np.zeros((end - begin, added.shape[1]))
        found[cells >= 0] = added[cells[cells >= 0]]
        some = slice(*np.searchsorted(self.place, (begin, end)))
        gained = self.gain[some, None] * self.growth.stepped[layer][self.step[some]]
        np.add.at(found, self.place[some] - begin, gained)
        return found


class Sold(NamedTuple):
    """Tables of `frames.baskets.baskets` (`rows`, with its `products`) and `frames.plan_steps.plan_steps`."""

    rows: nw.LazyFrame[Any]
    steps: nw.LazyFrame[Any]
    products: Sequence[str]


def offered_on(
    day: dt.date, sold: Sold, *, tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation
) -> Offered:
    """What is known on a landmark of who could take what; of earlier quarters only those that were over by then."""
    over, on_day = nw.col("landmark") <= months_later(day, -QUARTER), nw.col("landmark") == day
    held = to_pandas(sold.rows.filter(on_day).select("customer_id", *CELL).sort("customer_id"))
    steps = sold.steps.filter(on_day).select("customer_id", *UP, "gain").sort("customer_id", "product")
    first = first_lines(day, tables, observation) if sold.products else pd.DataFrame(columns=TERMS)
    past, stepped = basket_cells(sold.rows.filter(over), "added"), upgrade_chances(sold.steps.filter(over))
    return Offered(sold.products, held, past, to_pandas(steps), stepped, first)


def growth(offered: Offered, *, costs: Costs, drift: float, horizon: int, draws: int = DRAWS) -> Growth | None:
    """What further sales are expected to bring; None where nothing tells what anybody added.

    margin of a product in month k = Σ_s P(added in month s) · fee less discount, k - s months on · gross margin
                                     · drift^((k - s) / 12)

    The chance of adding a product is that of the model of additions (see `adoption`), the same in every month; that of
    a step up its share in the past by plan and type of customer. Each is taken once. What is added then lasts as what
    is held does (`drift` holds what is given up). Chances are those of past quarters, campaigns of theirs included.
    The draws hold the error of the chances, and how far whole quarters lay from what was expected of them.

    Parameters
    ----------
    drift : what products held bring a year later, as a factor.
    horizon : months ahead.
    """
    known = offered.past.dropna(subset=["added"]).astype({"added": "int64"})
    if not known["added"].any():
        return None
    random = np.random.default_rng(SEED)
    adoption = fit_adoption(known, offered.products)
    cells = offered.baskets.groupby(list(CELL), sort=True).ngroup()
    distinct = offered.baskets.assign(cell=cells).drop_duplicates("cell").sort_values("cell", ignore_index=True)
    lasting = drift ** (np.arange(horizon) / YEAR)
    brings = _brought(offered, costs, lasting)
    common = _common(adoption, known, horizon=horizon) * np.append(0.0, _spread(draws, random))
    chances = _chances(adoption, distinct, draws=draws, random=random) * np.exp(common)[:, None, None]
    added = np.stack([_expected(one, brings) for one in chances])
    return Growth(
        pd.Series(cells.to_numpy(), index=pd.Index(offered.baskets["customer_id"])),
        added,
        *_steps(offered, costs, lasting, common=common, random=random),
    )


def _brought(offered: Offered, costs: Costs, lasting: Floats) -> Floats:
    """Margin of each product (row) some months after it was taken (column), less what is given up by then."""
    found = np.zeros((len(offered.products), len(lasting)))
    for place, product in enumerate(offered.products):
        rows = offered.first[offered.first["product"] == product]
        lines = rows["lines"].sum()
        if lines < FEWEST:
            continue
        until = rows["months"].to_numpy("float64", na_value=np.inf)
        part = np.clip(until[:, None] - np.arange(len(lasting)), 0.0, 1.0)
        net = (rows["fee"].sum() - rows["discount"].to_numpy("float64") @ part) / lines
        found[place] = net * _share(costs, product) * lasting
    return found


def _share(costs: Costs, product: str) -> float:
    return costs.gross_margin.get(product, costs.gross_margin["default"])


def _chances(adoption: Adoption, cells: pd.DataFrame, *, draws: int, random: np.random.Generator) -> Floats:
    """Chance within a quarter: a layer for the estimate and one per draw, a row per cell, a column per product."""
    design, possible = design_of(cells, adoption), open_to(cells, adoption.products)
    found = np.zeros((draws + 1, *possible.shape))
    for place, fit in enumerate(adoption.fits):
        if fit is not None:
            drawn = random.multivariate_normal(fit.coefficients, fit.covariance, size=draws, method="cholesky")
            found[:, :, place] = expit(np.vstack([fit.coefficients, drawn]) @ design.T)
    return found * possible


def _common(adoption: Adoption, past: pd.DataFrame, *, horizon: int) -> float:
    """How far the additions of the quarters ahead may lie from those expected, all together; log.

    From the quarters of the past: spread of additions ÷ expected, of their mean and of that of the quarters ahead.
    """
    expected = _chances(adoption, past, draws=0, random=np.random.default_rng(SEED))[0].sum(axis=1)
    taken = (open_to(past, adoption.products) & holds(past["added"], adoption.products)).sum(axis=1)
    rows = pd.DataFrame({"landmark": past["landmark"], "expected": expected, "taken": taken})
    sums = rows[["expected", "taken"]].mul(past["customers"], axis=0).groupby(rows["landmark"]).sum()
    sums = sums[(sums["expected"] > 0) & (sums["taken"] > 0)]
    if len(sums) < 2:
        return 0.0
    spread = float(np.log(sums["taken"] / sums["expected"]).std(ddof=1))
    return spread * float(np.sqrt(1 / len(sums) + QUARTER / max(horizon, QUARTER)))


def _spread(draws: int, random: np.random.Generator) -> Floats:
    """Standard normal draws with mean 0 and standard deviation 1."""
    drawn = random.standard_normal(draws)
    return (drawn - drawn.mean()) / drawn.std(ddof=1) if draws > 1 else drawn


def _taken_by_month(chance: Floats, *, horizon: int) -> Floats:
    """Chance that something is first taken in each month ahead (last axis), from its chance within a quarter."""
    monthly = 1 - (1 - np.minimum(chance, 1.0)) ** (1 / QUARTER)
    return monthly[..., None] * (1 - monthly[..., None]) ** np.arange(horizon)


def _since(path: Floats) -> Floats:
    """Matrix, a row per month of taking and a column per month ahead: what is then brought of `path`."""
    horizon = len(path)
    later = np.arange(horizon)[None, :] - np.arange(horizon)[:, None]
    return np.where(later >= 0, path[np.maximum(later, 0)], 0.0) * np.where(later == 0, HALF, 1.0)


def _expected(chance: Floats, brings: Floats) -> Floats:
    """Margin by cell (row) and month ahead (column), of all products together."""
    horizon = brings.shape[1]
    return np.asarray(
        sum(_taken_by_month(chance[:, place], horizon=horizon) @ _since(path) for place, path in enumerate(brings))
    )


def _steps(
    offered: Offered, costs: Costs, lasting: Floats, *, common: Floats, random: np.random.Generator
) -> tuple[pd.DataFrame, Floats]:
    """Each customer's steps, and by kind of step the share that has taken it by each month, a layer per draw."""
    told = offered.stepped.reset_index(drop=True)
    taken, count = told["taken"].to_numpy("float64"), told["count"].to_numpy("float64")
    won = taken + PRIOR_HOLDERS
    lost = count + PRIOR_HOLDERS / told["rate"].to_numpy("float64") - won
    drawn = random.beta(won, lost, size=(len(common) - 1, len(told))) if len(told) else np.zeros((len(common) - 1, 0))
    chance = np.vstack([won / (won + lost), drawn]) * np.exp(common)[:, None]
    stepped = _taken_by_month(chance, horizon=len(lasting)) @ _since(lasting)
    mine = offered.steps.merge(told[UP].assign(place=told.index), on=UP, how="inner")
    shares = mine["product"].map(lambda product: _share(costs, product)).astype("float64")
    kept = mine.assign(gain=mine["gain"].astype("float64") * shares)[["customer_id", "place", "gain"]]
    return kept.sort_values(["customer_id", "place"], ignore_index=True), stepped
