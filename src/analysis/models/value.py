"""What customers are worth: the margin they are expected to bring while they stay, discounted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from analysis.measures.interval import standard_normal_quantile
from analysis.measures.margin import FeesAhead, Margin
from analysis.models.counts import Floats
from analysis.models.growth import Growth, Sales

CHUNK = 20_000  # customers at a time: more of them take no more memory, but for what is kept of each
DRAWS = 20
LEVEL = 0.80  # of the intervals of single customers
PUBLISHED = 0.95  # of those of the base's figures
YEAR = 12


class Figures(NamedTuple):
    """Figures of the whole base: share of fees that is billed, drift of revenue a year, cost to serve a month."""

    realisation: float
    drift: float
    cost: float


class Outlook(NamedTuple):
    """What lies ahead of some customers, a row each: survival and net fees by month, months of tenure seen, draws."""

    survival: Floats
    fees: Floats
    seen_months: Floats
    paces: Floats


@dataclass(frozen=True)
class Valuation:
    """The value of customers, and what it rests on.

    customers : Table, one row per customer: see `customer_value`.
    draws : array, one row per draw and one column per customer: `current_value` as it would be by that draw.
    potential_draws : the same of `potential_value`; nothing where it is not told.
    by_month : Table, one row per month ahead: `month`, `value` (discounted, of all customers), `beyond_tenure` (the
        part of it at tenures later than any that were well observed).
    followed_months : months of the calendar that observation covers.
    """

    customers: pd.DataFrame
    draws: Floats
    potential_draws: Floats
    by_month: pd.DataFrame
    followed_months: float

    @property
    def clv_draws(self) -> Floats:
        """The same of `clv`."""
        return self.draws + self.potential_draws


def customer_value(
    margin: Margin, ahead: pd.DataFrame, *, discount_rate: float, growth: Growth | None = None, intervals: bool = True
) -> Valuation:
    """The value of every scored customer over the months ahead.

    current_value = Σ_k S(t + k | t) · m_k / (1 + d)^(k / 12)
    m_k = (fees − discounts)_k · gross margin · realisation · drift^(k / 12) − cost to serve
    potential_value = Σ_k S(t + k | t) · g_k · realisation / (1 + d)^(k / 12), g_k what further sales bring by then

    Revenue of a month counts when the customer is still there at its end. The margin received so far is shown apart
    and is part of no value: it does not leave with the customer.

    Parameters
    ----------
    margin : see `measures.margin`.
    ahead : table of `models.extension.survival_ahead`, one row per customer: `customer_id`, `seen_months`,
        `survival_01` …, `pace_01` …; without paces the intervals hold what is unknown of the margin only.
    discount_rate : effective rate a year (0.08 is eight per cent).
    growth : what further sales are expected to bring, see `models.growth`; None where nothing tells it.
    intervals : without them nothing is drawn, and all lows and highs are missing.

    Returns
    -------
    In `customers`, in the order of `ahead`: `customer_id`, `received_value`, `current_value`, `current_value_low`,
    `current_value_high` (80 % interval of the expected value, from the draws of the model and of the margin's
    figures), `potential_value` (missing without `growth`), `clv` (current and potential value), `value_tier` (missing),
    `potential_value_low`, `potential_value_high`. Values are missing for who holds no product with a fee. Money of the
    source.

    References
    ----------
    Gupta, Lehmann and Stuart (2004).
    """
    survival = [name for name in ahead.columns if name.startswith("survival_")]
    paced = [name for name in ahead.columns if name.startswith("pace_")]
    figures, drawn = expected_figures(margin), drawn_figures(margin, draws=len(paced) or DRAWS) if intervals else []
    worth = (1 + discount_rate) ** (-np.arange(1, len(survival) + 1) / YEAR)
    values, draws, months = [], [], np.zeros((2, len(survival)))
    potential: list[Floats] = []
    fees = FeesAhead(margin, ahead["customer_id"], horizon=len(survival))
    sales = None if growth is None else Sales(growth, ahead["customer_id"])
    for begin in range(0, len(ahead), CHUNK):
        some = ahead.iloc[begin : begin + CHUNK]
        stretch = (begin, begin + len(some))
        outlook = Outlook(
            some[survival].to_numpy("float64"),
            fees.of(*stretch),
            some["seen_months"].to_numpy("float64"),
            some[paced].to_numpy("float64") if paced else np.ones((len(some), DRAWS)),
        )
        value, by_month = _valued(outlook, figures, worth)
        values.append(value)
        draws.append(_drawn(outlook, drawn, worth))
        if sales is not None:
            brings = (sales.of(*stretch, layer=layer) for layer in range(1 + len(drawn)))
            potential.append(_potential(outlook, brings, [figures, *drawn], worth))
        months += by_month
    by_month = pd.DataFrame({"month": np.arange(1, len(survival) + 1), "value": months[0], "beyond_tenure": months[1]})
    every = np.concatenate(draws, axis=1) if draws else np.zeros((len(drawn), 0))
    current = np.concatenate(values) if values else np.zeros(0)
    further = np.concatenate(potential, axis=1) if potential else np.full((1 + len(drawn), len(current)), np.nan)
    table = _table(margin, ahead["customer_id"], current, every, further)
    return Valuation(table, every, np.nan_to_num(further[1:]), by_month, margin.followed_months)


def expected_figures(margin: Margin) -> Figures:
    """The figures of the whole base as measured or assumed."""
    value = margin.figures.set_index("item")["value"]
    return Figures(value["realisation"], value["drift"], value["contact_cost"] + value["service_cost"])


def drawn_figures(margin: Margin, *, draws: int = DRAWS, seed: int = 1) -> list[Figures]:
    """The same as they could be, a draw each from normal laws as wide as their intervals; what is assumed is certain.

    Each figure takes the evenly spaced quantiles of its law in an order of its own: a few draws then have the right
    mean and spread.
    """
    known = margin.figures.set_index("item")
    spread = (known["high"] - known["low"]).fillna(0.0) / 2 / standard_normal_quantile(PUBLISHED)
    quantiles = ndtri((np.arange(draws) + 0.5) / draws)
    steps = quantiles / (quantiles.std(ddof=1) if draws > 1 else 1.0)
    random = np.random.default_rng(seed)
    names = ("realisation", "drift", "contact_cost")
    moved = {name: known["value"][name] + spread[name] * random.permutation(steps) for name in names}
    service = float(known["value"]["service_cost"])
    return [
        Figures(max(float(r), 0.0), max(float(d), 0.0), float(c) + service)
        for r, d, c in zip(*(moved[name] for name in names), strict=True)
    ]


def _valued(outlook: Outlook, figures: Figures, worth: Floats) -> tuple[Floats, Floats]:
    """Value of each customer; and of all of them by month ahead, in total and beyond the tenures observed."""
    horizon = len(worth)
    drift = figures.drift ** (np.arange(1, horizon + 1) / YEAR)
    margins = outlook.survival * (outlook.fees * (figures.realisation * drift) - figures.cost) * worth
    beyond = np.arange(1, horizon + 1) > outlook.seen_months[:, None]
    sums = np.stack([np.nansum(margins, axis=0), np.nansum(np.where(beyond, margins, 0.0), axis=0)])
    return np.asarray(margins.sum(axis=1)), sums


def _drawn(outlook: Outlook, drawn: list[Figures], worth: Floats) -> Floats:
    """Value of each customer by each draw."""
    hazards = np.log(np.maximum(outlook.survival, np.finfo(float).tiny))
    values = np.empty((len(drawn), len(hazards)))
    for number, figures in enumerate(drawn):
        survival = np.exp(hazards * outlook.paces[:, number, None])
        values[number] = _valued(outlook._replace(survival=survival), figures, worth)[0]
    return values


def _potential(outlook: Outlook, brings: Iterable[Floats], drawn: list[Figures], worth: Floats) -> Floats:
    """What further sales are worth: the estimate in the first row, a draw in each further one."""
    hazards = np.log(np.maximum(outlook.survival, np.finfo(float).tiny))
    values = np.empty((len(drawn), len(hazards)))
    for layer, (figures, sold) in enumerate(zip(drawn, brings, strict=True)):
        survival = np.exp(hazards * outlook.paces[:, layer - 1, None]) if layer else outlook.survival
        values[layer] = np.einsum("ij,ij,j->i", survival, sold, figures.realisation * worth)
    return np.where(np.isnan(outlook.fees).any(axis=1), np.nan, values)


def _table(margin: Margin, customer_id: pd.Series, current: Floats, draws: Floats, further: Floats) -> pd.DataFrame:
    identity = customer_id.reset_index(drop=True)
    received = margin.customers.set_index("customer_id")["received_value"].reindex(identity).to_numpy("float64")
    potential, reach, wider = further[0], _reach(draws), _reach(further[1:])
    return pd.DataFrame(
        {
            "customer_id": identity, "received_value": received, "current_value": current,
            "current_value_low": current - reach, "current_value_high": current + reach,
            "potential_value": potential, "clv": current + np.nan_to_num(potential),
            "value_tier": pd.Series([None] * len(identity), dtype=object),
            "potential_value_low": np.maximum(potential - wider, np.minimum(potential, 0.0)),
            "potential_value_high": potential + wider,
        }
    )  # fmt: skip


def _reach(draws: Floats) -> Floats:
    """Half the width of each customer's interval, from few draws; missing with fewer than two."""
    count = len(draws)
    if count < 2:
        return np.full(draws.shape[1], np.nan)
    return np.asarray(stdtrit(count - 1, (1 + LEVEL) / 2) * draws.std(axis=0, ddof=1))
