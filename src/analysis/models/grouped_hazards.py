"""Proportional hazards for leaving told by the month: every calendar month has a level of its own.

Who leaves at the end of a contract leaves on its day, though it was decided in the weeks before: on such days a large
part of those concerned leaves at once. A hazard by the day would read the share that leaves as a rate, and make every
effect smaller than it is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.measures.interval import standard_normal_quantile
from analysis.models.counts import Floats, Integers
from analysis.models.cox_newton import NoMaximum
from analysis.models.cox_products import combined, crossed

STEPS, CLOSE = 30, 1e-7  # scoring steps at most, and the change of a coefficient (in deviations) that ends them
FARTHEST = 20.0  # of a coefficient: beyond it the covariate settles alone who leaves


class GroupedHazards(NamedTuple):
    """A fit: `coefficients` of the log hazard by covariate, with `low` and `high` (95 %), and their covariance."""

    coefficients: pd.DataFrame
    covariance: pd.DataFrame
    scaled: Floats  # the coefficients per deviation: where a fit of a similar model may begin


class _Rows(NamedTuple):
    z: Floats  # covariates less their mean, in deviations
    left: Floats
    offset: Floats  # log of the part of the month at risk
    month: Integers  # places, 0, 1, …
    months: int


def grouped_hazards(
    covariates: pd.DataFrame, stretches: pd.DataFrame, *, cluster: np.ndarray, start: Floats | None = None
) -> GroupedHazards:
    """Fit a model of proportional hazards to months of customers.

    P(leaves in a stretch) = 1 − exp(−part of the month · exp(level of the month + coefficients · covariates))

    Errors allow for the rows of a customer not being independent of one another. Months in which nobody left tell
    nothing and are left out.

    Parameters
    ----------
    covariates : Table of numbers, one row per stretch, no cell missing.
    stretches : the same rows: `month` (any number), `left` (0 or 1), `part` (of the month at risk; for who left, that
        until which the stretch would have gone on).
    cluster : customer of each row.
    start : coefficients per deviation of the first covariates, to begin with.

    Raises
    ------
    NoMaximum
        Covariates repeat one another, or settle alone who leaves.

    References
    ----------
    Prentice and Gloeckler (1978); Huber (1967) and Liang and Zeger (1986) for the errors.
    """
    some = stretches.groupby("month")["left"].transform("sum").to_numpy() > 0
    whole = covariates.to_numpy("float64")[some]
    mean, deviation = whole.mean(axis=0), whole.std(axis=0)
    names = [str(name) for name in covariates.columns]
    if (deviation <= 1e-12 * np.abs(mean)).any():
        flat = [name for name, size in zip(names, deviation, strict=True) if size == 0]
        raise NoMaximum(flat or names, found="covariates that never differ", do="Leave them out.")
    month, known = pd.factorize(stretches["month"].to_numpy()[some], sort=True)
    rows = _Rows(
        np.asfortranarray((whole - mean) / deviation),
        stretches["left"].to_numpy("float64")[some],
        np.log(stretches["part"].to_numpy("float64")[some]),
        month.astype(np.int64),
        len(known),
    )
    beta = np.zeros(len(names))
    beta[: 0 if start is None else len(start)] = [] if start is None else start
    beta, level = _maximum(rows, beta, names)
    spread = _covariance(rows, beta, level, pd.factorize(np.asarray(cluster)[some])[0])
    covariance = pd.DataFrame(spread / np.outer(deviation, deviation), index=names, columns=names)
    reach = standard_normal_quantile(0.95) * np.sqrt(np.diag(covariance))
    table = pd.DataFrame({"coefficient": beta / deviation}, index=pd.Index(names, name="covariate"))
    both = table.assign(low=table["coefficient"] - reach, high=table["coefficient"] + reach)
    return GroupedHazards(both, covariance, beta)


def _maximum(rows: _Rows, beta: Floats, names: list[str]) -> tuple[Floats, Floats]:
    """Coefficients and levels of the months by Fisher's scoring."""
    lived = np.bincount(rows.month, np.exp(rows.offset + combined(rows.z, beta)), rows.months)
    level = np.log(np.bincount(rows.month, rows.left, rows.months) / lived)
    for _ in range(STEPS):
        residual, weight = _residual(rows, beta, level)
        middle, total = _middle(rows, weight)
        information = crossed(rows.z, rows.z, weight) - (middle.T * total) @ middle
        by_month = np.bincount(rows.month, residual, rows.months)
        slope = crossed(rows.z, residual[:, None], np.ones(len(residual)))[:, 0]
        step = _solved(information, slope - middle.T @ by_month, names)
        share = _shortened(rows, (beta, level), (step, by_month / total - middle @ step))
        beta = beta + share * step
        level = level + share * (by_month / total - middle @ step)
        if np.abs(beta).max(initial=0) > FARTHEST:
            break
        if np.abs(step).max(initial=0) < CLOSE:
            return beta, level
    worst = names[int(np.abs(beta).argmax())]
    raise NoMaximum([worst], found="no highest point of the likelihood", do="Leave it out, or join it to another.")


def _shortened(rows: _Rows, at: tuple[Floats, Floats], step: tuple[Floats, Floats]) -> float:
    """1, or the half, quarter, … of a step that does not lose what it should gain."""
    before, share = _likelihood(rows, *at), 1.0
    while share > 1e-3 and not _likelihood(
        rows, at[0] + share * step[0], at[1] + share * step[1]
    ) >= before - 1e-9 * abs(before):
        share /= 2
    return share


def _likelihood(rows: _Rows, beta: Floats, level: Floats) -> float:
    """Logarithm of the likelihood."""
    hazard = _hazard(rows, beta, level)
    return float((rows.left * np.log(-np.expm1(-hazard)) - (1 - rows.left) * hazard).sum())


def _hazard(rows: _Rows, beta: Floats, level: Floats) -> Floats:
    return np.asarray(np.exp(np.clip(rows.offset + level[rows.month] + combined(rows.z, beta), -30, 5)))


def _residual(rows: _Rows, beta: Floats, level: Floats) -> tuple[Floats, Floats]:
    """What each row adds to the slope of the log likelihood by its log hazard, and its expected information."""
    hazard = _hazard(rows, beta, level)
    ratio = hazard / np.expm1(hazard)  # hazard x P(stays) / P(leaves)
    return rows.left * ratio - (1 - rows.left) * hazard, hazard * ratio


def _middle(rows: _Rows, weight: Floats) -> tuple[Floats, Floats]:
    """Weighted mean of each covariate in each month, and the months' weights."""
    total = np.asarray(np.bincount(rows.month, weight, rows.months), dtype=np.float64)
    sums = [np.bincount(rows.month, weight * rows.z[:, j], rows.months) for j in range(rows.z.shape[1])]
    return np.stack(sums, axis=1) / total[:, None] if sums else np.zeros((rows.months, 0)), total


def _covariance(rows: _Rows, beta: Floats, level: Floats, cluster: Integers) -> Floats:
    """Covariance of the coefficients, from what every customer's rows together pull at the coefficients."""
    residual, weight = _residual(rows, beta, level)
    middle, total = _middle(rows, weight)
    information = crossed(rows.z, rows.z, weight) - (middle.T * total) @ middle
    pulls = np.empty((int(cluster.max()) + 1, rows.z.shape[1]))
    for j in range(rows.z.shape[1]):
        pulls[:, j] = np.bincount(cluster, residual * (rows.z[:, j] - middle[rows.month, j]))
    half = np.linalg.solve(information, crossed(pulls, pulls, np.ones(len(pulls))))
    return np.asarray(np.linalg.solve(information, half.T))


def _solved(information: Floats, slope: Floats, names: list[str]) -> Floats:
    try:
        step = np.linalg.solve(information, slope)
    except np.linalg.LinAlgError:
        step = np.full(len(slope), np.nan)
    if not np.isfinite(step).all():
        raise NoMaximum(names, found="covariates that repeat one another", do="Leave one of them out.")
    return np.asarray(step)
