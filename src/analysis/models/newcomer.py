"""What a customer is worth who joins now: the life of a newcomer, and the margin of those who joined lately."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.measures.interval import standard_normal_quantile
from analysis.measures.margin import Margin, ahead_fees
from analysis.models.counts import Floats
from analysis.models.remaining import Life, conditional_life
from analysis.models.value import LEVEL, YEAR, Figures, drawn_figures, expected_figures

DRAWS = 200
FEWEST = 30  # newcomers whose fees stand for a month of tenure


@dataclass(frozen=True)
class Newcomer:
    """The expected value at signup of who joins now.

    mean, low, high : value, with its 80 % interval; missing without customers who joined lately, or without a life.
    stay : months that a newcomer is expected to stay within the horizon.
    joined : customers whose fees it rests on.
    by_month : Table, one row per month of tenure: `month`, `margin`, `low`, `high` (80 %): what is expected to be
        earned in it by a newcomer, who may have left by then; not discounted.
    """

    mean: float
    low: float
    high: float
    stay: float
    joined: int
    by_month: pd.DataFrame


def lately_joined(customers: pd.DataFrame) -> pd.DataFrame:
    """Active customers who joined within the last four quarters: `customer_id`, `tenure_months`."""
    return customers.loc[customers["tenure_months"] < YEAR, ["customer_id", "tenure_months"]]


def newcomer_value(
    margin: Margin, joined: pd.DataFrame, counts: pd.DataFrame, *, horizon: int, discount_rate: float
) -> Newcomer:
    """The expected value of a customer at signup, over the horizon.

    value = Σ_k S(k) · m_k / (1 + d)^(k / 12), S the life table from tenure 0
    m_k = fees_k · realisation · drift^(k / 12) − cost to serve

    fees_k is the mean, in their k-th month of tenure, of those who joined lately: fees less discounts, at the products'
    gross margins, as they are known to run from now on. Only who has not passed month k yet tells of it, so that the
    promotions of the beginning count in the beginning; where too few joined so lately, a few who joined before them
    stand in with what they pay next month.

    The interval holds the sampling of newcomers (bootstrap), of leavers (gamma law of a count, month by month), and of
    the margin's figures.

    Parameters
    ----------
    joined : table of `lately_joined`.
    counts : table of `risk_counts`: `entry`, `exit`, `event`, `n`.

    References
    ----------
    Gupta, Lehmann and Stuart (2004); Efron (1979).
    """
    fees = ahead_fees(margin, joined["customer_id"], horizon=horizon)
    known = ~np.isnan(fees).any(axis=1)
    paths = _by_tenure(fees[known], joined["tenure_months"].to_numpy("float64")[known])
    life = conditional_life(counts)
    survival = life.survival([0.0], np.arange(1, horizon + 1))[0]
    if not len(paths) or np.isnan(survival).any():
        never = float("nan")
        return Newcomer(never, never, never, never, int(known.sum()), _months([], [], []))
    random = np.random.default_rng(1)
    weights = np.vstack([np.ones(len(paths)), random.multinomial(len(paths), [1 / len(paths)] * len(paths), DRAWS)])
    figures = [expected_figures(margin), *drawn_figures(margin, draws=DRAWS)]
    lived = np.vstack([survival, _drawn_survival(life, counts, horizon, random)])
    earned = lived * _margins(_means(paths, weights), figures)
    worth = earned @ (1 + discount_rate) ** (-np.arange(1, horizon + 1) / YEAR)
    low, high = (float(end[0]) for end in _interval(worth[:, None]))
    stay = float(life.expected_months([0.0], horizon)[0])
    return Newcomer(float(worth[0]), low, high, stay, len(paths), _months(earned[0], *_interval(earned)))


def _by_tenure(fees: Floats, tenure: Floats) -> Floats:
    """Fees by month of tenure instead of month ahead: a row per customer, missing for months that have passed."""
    passed = np.floor(tenure).astype("int64")
    horizon = fees.shape[1]
    ahead = np.arange(horizon) - passed[:, None]
    paths = np.where(ahead >= 0, np.take_along_axis(fees, np.clip(ahead, 0, horizon - 1), axis=1), np.nan)
    counts = (ahead >= 0).sum(axis=0)
    first = int(np.argmax(counts >= min(FEWEST, len(fees)))) if len(fees) else 0
    stand_in = (np.arange(horizon) < first) & (passed <= first)[:, None] & (ahead < 0)
    return np.where(stand_in, fees[:, :1], paths)


def _means(paths: Floats, weights: Floats) -> Floats:
    """Mean fees by month of tenure, a row per set of weights; where none of those drawn tells it, that of all."""
    there = ~np.isnan(paths)
    filled = np.where(there, paths, 0.0)
    sums, sizes = weights @ filled, weights @ there
    mean = sums[0] / sizes[0]
    return np.where(sizes > 0, sums / np.where(sizes > 0, sizes, 1.0), mean)


def _margins(fees: Floats, figures: list[Figures]) -> Floats:
    """Margins by month, a row per set of figures."""
    realisation, drift, cost = np.array(figures).T[:, :, None]
    months = np.arange(1, fees.shape[1] + 1)
    return np.asarray(fees * realisation * drift ** (months / YEAR) - cost)


def _drawn_survival(life: Life, counts: pd.DataFrame, horizon: int, random: np.random.Generator) -> Floats:
    """Survival from signup as it could be: each month's hazard by a gamma law with as many events as were seen in it.

    Months beyond the tenures observed move together, as unsure as the leavers of the last year observed let them be.
    """
    ends = np.arange(1, horizon + 1)
    steps = np.diff(life.cumulative_hazard(np.arange(horizon + 1)))
    left = counts[counts["event"] == 1]
    month = np.ceil(left["exit"].to_numpy("float64"))
    events = np.bincount(np.clip(month, 1, horizon + 1).astype(int), weights=left["n"], minlength=horizon + 2)[1:-1]
    beyond = ends > np.ceil(life.observed_until)
    last = (month > life.observed_until - YEAR) & (month <= max(np.ceil(life.observed_until), 1))
    tail = float(left["n"].to_numpy("float64")[last].sum()) if life.observed_until else float(left["n"].sum())
    shape = np.where(beyond, tail, events) + 0.5  # half an event more: where none was seen, some could have been
    factors = random.gamma(shape, size=(DRAWS, horizon)) / shape
    common = random.gamma(tail + 0.5, size=(DRAWS, 1)) / (tail + 0.5)
    return np.asarray(np.exp(-np.cumsum(steps * np.where(beyond, common, factors), axis=1)))


def _interval(figures: Floats) -> tuple[Floats, Floats]:
    """Low and high around the estimate in the first row, as wide as the draws in further rows; one each per column."""
    reach = standard_normal_quantile(LEVEL) * figures[1:].std(axis=0, ddof=1)
    return figures[0] - reach, figures[0] + reach


def _months(margin: Floats | list[float], low: Floats | list[float], high: Floats | list[float]) -> pd.DataFrame:
    return pd.DataFrame({"month": np.arange(1, len(margin) + 1), "margin": margin, "low": low, "high": high})


def newcomer_kpi(newcomer: Newcomer, *, smallest: int) -> list[Kpi]:
    """The value of a newcomer; none where it cannot be told, or rests on few customers."""
    told = newcomer.mean == newcomer.mean and newcomer.joined >= smallest
    return [Kpi("newcomer_value", newcomer.mean, newcomer.joined, newcomer.low, newcomer.high)] if told else []
