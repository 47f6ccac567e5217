"""What price rises did: how much faster customers left by choice in the months after one than others did then."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from analysis.measures.interval import standard_normal_quantile
from analysis.models.counts import Floats
from analysis.models.cox_newton import NoMaximum
from analysis.models.grouped_hazards import GroupedHazards, grouped_hazards
from analysis.models.price_controls import controls
from analysis.models.price_months import RISES, felt_share, price_months

FEWEST = 30  # leavers by choice within the months of a rise, and without one in the same months
ALONE = 0.05  # of the spread of rises, the part that neither the calendar nor anything else known settles
EDGES = (0.0, 0.02, 0.04, 0.06, 0.1)  # of the fees, between the bands of the size of a rise
MOST_ROWS = 250_000  # episodes held in memory
VARIED = 0.1  # spread of the sizes of rises, as a share of their mean, from which level and slope can be told apart
NEWTON = 20  # steps of Newton's method: five are enough

Lack = Literal["", "no rise", "few leavers", "all at once", "no maximum"]


class PriceEffect(NamedTuple):
    """The effect of price rises.

    Attributes
    ----------
    slope, low, high : of the log hazard of leaving by choice, per share of the fees, 95 % interval; missing where
        `lack`.
    usual : the median rise, as a share of the fees.
    sizes, courses : tables of hazard ratios by size of the rise (`begins`, `ends`, `share`) and by month since a rise
        (`month`, of a rise of the usual size): `ratio`, `low`, `high`, `leavers`.
    leavers, others : customers who left by choice in the months of a rise, and in the same months without one.
    attributed : of these leavers, those who would have stayed without the rises, with low and high.
    customers : who had a rise; `rises` : how many rises they had in the months looked at.
    rows, seen, all : episodes the effect was estimated from; customers in them, and customers of all.
    alone : part of the spread of rises that nothing else settles, 0 to 1.
    kinds : whether leaving by choice is told apart.
    """

    lack: Lack
    slope: float
    low: float
    high: float
    usual: float
    sizes: pd.DataFrame
    courses: pd.DataFrame
    leavers: int
    others: int
    attributed: tuple[float, float, float]
    customers: int
    rises: int
    seen: int
    everyone: int
    alone: float
    kinds: bool


def price_effect(
    episodes: pd.DataFrame, rises: pd.DataFrame, *, covered: dt.date, felt: int, everyone: int
) -> PriceEffect:
    """The effect of price rises on leaving by choice, all else known held equal.

    log hazard = level of the month + controls + level of a rise + slope · share by which fees rose

    Every month's leavers are compared with those who were there in that month: rises come on a few days for many at
    once, and what else the season or a competitor did to everyone is no part of the effect. What the rise did through
    dissatisfaction or complaints is. A rise that all customers alike had at the same time tells nothing.

    Parameters
    ----------
    episodes : see `analysis.models.price_months.price_months`; with what was known at each landmark.
    felt : months in which a rise is felt, its own included.
    everyone : customers of whom the episodes are a sample, or all.

    The effect is told as one slope, from no effect at no rise: see `_one_slope`. A slope alone, without a level, would
    bend to the spread of the sizes where small rises upset more than their size.

    References
    ----------
    Prentice and Gloeckler (1978), see `analysis.models.grouped_hazards`.
    """
    rows = _holding(episodes)
    months = price_months(rows, rises, covered=covered)
    share = felt_share(months, felt)
    felt_by = rows["customer_id"].to_numpy()[months["place"].to_numpy()][share > 0]
    own = rises[rises["customer_id"].isin(rows["customer_id"])]
    usual = float(own["share"].median()) if len(own) else np.nan
    kinds = bool(rows.loc[rows["event"] == 1, "kind"].notna().any())
    left, during = months["left"].to_numpy() == 1, _during(months, share)
    counts = (int(left[share > 0].sum()), int(left[(share == 0) & during].sum()))
    known = PriceEffect(
        "", np.nan, np.nan, np.nan, usual, _none("share"), _none("month"), *counts, (np.nan,) * 3,
        len(np.unique(felt_by)), len(own), rows["customer_id"].nunique(), everyone, np.nan, kinds,
    )  # fmt: skip
    if not len(own) or not (share > 0).any():
        return known._replace(lack="no rise")
    if min(counts) < FEWEST:
        return known._replace(lack="few leavers" if counts[0] < FEWEST else "all at once")
    # What is still felt half a year after a rise is no part of those it is compared with.
    others = controls(rows, months, later=months[list(RISES[felt:])].sum(axis=1).to_numpy())
    return _estimated(known, months, others, customers=rows["customer_id"].to_numpy(), felt=felt)


def _holding(episodes: pd.DataFrame) -> pd.DataFrame:
    """Episodes that hold a product with a fee at their landmark."""
    held = episodes["products"].fillna(0) > 0 if "products" in episodes else pd.Series(True, index=episodes.index)
    priced = episodes["monthly_fee"].notna() if "monthly_fee" in episodes else held
    return episodes[held & priced].reset_index(drop=True)


def _during(months: pd.DataFrame, share: Floats) -> np.ndarray:
    """Stretches in calendar months in which anyone feels a rise."""
    return months["month"].isin(months.loc[share > 0, "month"].unique()).to_numpy()


def _estimated(
    known: PriceEffect, months: pd.DataFrame, others: pd.DataFrame, *, customers: np.ndarray, felt: int
) -> PriceEffect:
    share = felt_share(months, felt)
    alone = _alone(share, others, months["month"].to_numpy())
    if alone < ALONE:
        return known._replace(lack="all at once", alone=alone)
    labels = customers[months["place"].to_numpy()]
    try:
        fit = _fit(others.assign(share=share, **_level(share)), months, labels)
    except NoMaximum:
        return known._replace(lack="no maximum", alone=alone)
    hit = share[(share > 0) & (months["left"].to_numpy() == 1)]
    slope, low, high = _one_slope(fit, hit)
    attributed = [float((1 - np.exp(-one * hit)).sum()) for one in (slope, low, high)]
    return known._replace(
        slope=slope, low=low, high=high, alone=alone, attributed=(attributed[0], attributed[1], attributed[2]),
        sizes=_sizes(months, others, labels, share), courses=_courses(months, others, labels, usual=known.usual),
    )  # fmt: skip


def _level(share: Floats) -> dict[str, Floats]:
    """1 while a rise is felt, which may upset by itself; nothing where all rises are of one size."""
    sizes = share[share > 0]
    return {"risen": (share > 0).astype(float)} if sizes.std() > VARIED * sizes.mean() else {}


def _one_slope(fit: GroupedHazards, hit: Floats) -> tuple[float, float, float]:
    """The one slope by which as many would have left, weighed by the size of their rise, as by level and slope.

    sum over leavers of share · (1 − exp(slope · share − (level + own slope · share))) = 0

    Parameters
    ----------
    hit : the rise that each leaver felt.
    """
    own, low, high = _of(fit, "share")
    if "risen" not in fit.coefficients.index:
        return own, low, high
    level, slope = float(fit.coefficients.loc["risen", "coefficient"]), own
    for _ in range(NEWTON):
        weight = hit * np.exp((slope - own) * hit - level)
        slope += float((hit.sum() - weight.sum()) / (weight * hit).sum())
    moved = float(weight.sum() / (weight * hit).sum())  # by the level, a unit of it
    spread = fit.covariance.loc[["share", "risen"], ["share", "risen"]].to_numpy()
    reach = standard_normal_quantile(0.95) * float(np.sqrt(np.array([1, moved]) @ spread @ np.array([1, moved])))
    return slope, slope - reach, slope + reach


def _alone(share: Floats, others: pd.DataFrame, month: np.ndarray) -> float:
    """The part of the spread of rises, over all stretches, that months and controls do not settle (1 − R²)."""
    centred = pd.DataFrame(others).assign(share=share)
    within = (centred - centred.groupby(month).transform("mean")).to_numpy()
    x, y = within[:, :-1], within[:, -1]
    total = float(((share - share.mean()) ** 2).sum())
    rest = y - x @ np.linalg.lstsq(x.T @ x, x.T @ y, rcond=None)[0] if x.shape[1] else y
    return float(rest @ rest) / total if total > 0 else 0.0


def _fit(
    covariates: pd.DataFrame, months: pd.DataFrame, labels: np.ndarray, start: Floats | None = None
) -> GroupedHazards:
    return grouped_hazards(covariates, months, cluster=labels, start=start)


def _of(fit: GroupedHazards, name: str) -> tuple[float, float, float]:
    row = fit.coefficients.loc[name]
    return float(row["coefficient"]), float(row["low"]), float(row["high"])


def _sizes(months: pd.DataFrame, others: pd.DataFrame, labels: np.ndarray, share: Floats) -> pd.DataFrame:
    """Hazard ratios by the size of the rise that is felt; bands of few leavers are joined to the next smaller."""
    left = months["left"].to_numpy()
    edges = _joined([*EDGES, np.inf], share[left == 1])
    bands = {f"band_{i}": (share > low) & (share <= high) for i, (low, high) in enumerate(itertools.pairwise(edges))}
    try:
        fit = _fit(others.assign(**{name: band.astype(float) for name, band in bands.items()}), months, labels)
    except NoMaximum:
        return _none("share")
    rows = [
        {
            "begins": edges[i], "ends": edges[i + 1], "share": float(share[band].mean()),
            **dict(zip(("ratio", "low", "high"), np.exp(_of(fit, name)), strict=True)),
            "leavers": int(left[band].sum()),
        }
        for i, (name, band) in enumerate(bands.items())
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _joined(edges: list[float], sizes: Floats) -> list[float]:
    """Edges between which `FEWEST` leavers lie each; the last band takes what is left over."""
    kept = [edges[0]]
    for edge in edges[1:-1]:
        between = ((sizes > kept[-1]) & (sizes <= edge)).sum()
        if between >= FEWEST and (sizes > edge).sum() >= FEWEST:
            kept.append(edge)
    return [*kept, edges[-1]]


def _courses(months: pd.DataFrame, others: pd.DataFrame, labels: np.ndarray, *, usual: float) -> pd.DataFrame:
    """Hazard ratios of a rise of the usual size by the months since it."""
    left = months["left"].to_numpy() == 1
    told = [name for name in RISES if (left & (months[name] > 0)).sum() >= FEWEST]
    if not told:
        return _none("month")
    try:
        fit = _fit(
            others.drop(columns="later", errors="ignore").assign(**{name: months[name].to_numpy() for name in told}),
            months,
            labels,
        )
    except NoMaximum:
        return _none("month")
    rows = [
        {
            "month": RISES.index(name),
            **dict(zip(("ratio", "low", "high"), np.exp(np.array(_of(fit, name)) * usual), strict=True)),
            "leavers": int((left & (months[name] > 0)).sum()),
        }
        for name in told
    ]
    return pd.DataFrame(rows)


def _none(by: str) -> pd.DataFrame:
    return pd.DataFrame(columns=[by, "ratio", "low", "high", "leavers"])


def ratio_of(effect: PriceEffect, share: float) -> tuple[float, float, float]:
    """The hazard ratio of a rise of a size, with low and high."""
    found = np.exp(np.array([effect.slope, effect.low, effect.high]) * share)
    return float(found[0]), float(found[1]), float(found[2])


def error(effect: PriceEffect) -> float:
    """Standard error of the slope."""
    return (effect.high - effect.low) / 2 / standard_normal_quantile(0.95)
