"""Which law of lifetimes comes nearest to how customers leave by tenure: the parametric families beside the curve."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import log_ndtr

from analysis.models.counts import Floats, checked_counts

LEAST_LEAVERS = 20  # below which two parameters say nothing
COLUMNS = ("law", "parameters", "log_likelihood", "aic", "difference")


class Law(NamedTuple):
    """A law of lifetimes: H and log h of log time at a log scale and a log shape, and whether its shape is free."""

    name: str
    cumulative: Callable[[Floats, float, float], Floats]
    log_hazard: Callable[[Floats, float, float], Floats]
    shaped: bool = True


def _weibull(at: Floats, scale: float, shape: float) -> Floats:
    return np.asarray(np.exp(np.exp(shape) * (at - scale)))


def _weibull_hazard(at: Floats, scale: float, shape: float) -> Floats:
    return np.asarray(shape - at + np.exp(shape) * (at - scale))


def _log_logistic(at: Floats, scale: float, shape: float) -> Floats:
    return np.asarray(np.logaddexp(0, np.exp(shape) * (at - scale)))


def _log_logistic_hazard(at: Floats, scale: float, shape: float) -> Floats:
    steep = np.exp(shape) * (at - scale)
    return np.asarray(shape - at + steep - np.logaddexp(0, steep))


def _log_normal(at: Floats, scale: float, shape: float) -> Floats:
    return np.asarray(-log_ndtr((scale - at) * np.exp(shape)))


def _log_normal_hazard(at: Floats, scale: float, shape: float) -> Floats:
    away = (at - scale) * np.exp(shape)
    return np.asarray(shape - at - away**2 / 2 - np.log(2 * np.pi) / 2 - log_ndtr(-away))


LAWS = (
    Law("exponential", _weibull, _weibull_hazard, shaped=False),
    Law("weibull", _weibull, _weibull_hazard),
    Law("log-normal", _log_normal, _log_normal_hazard),
    Law("log-logistic", _log_logistic, _log_logistic_hazard),
)


def fitted_laws(counts: pd.DataFrame) -> pd.DataFrame:
    """The laws of lifetimes that parametric (accelerated failure time) models rest on, the best first.

    log likelihood = sum of log h(exit) over leavers - sum of H(exit) - H(entry) over all
    AIC = 2 x parameters - 2 x log likelihood

    Parameters
    ----------
    counts : Table, one row per distinct (entry, exit, event) or finer
        `entry`, `exit` (months of tenure; at risk in (entry, exit]), `event` (1 left, 0 not), `n` (customers).

    Returns
    -------
    Table, one row per law, lowest AIC first: `law`, `parameters`, `log_likelihood`, `aic`, `difference` (of the AIC
    from the lowest). Empty where fewer than 20 left.

    References
    ----------
    Kalbfleisch and Prentice (1980), chapter 3, for the laws; Akaike (1974).
    """
    if not (counts["n"] * counts["event"]).sum() >= LEAST_LEAVERS:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = checked_counts(counts)
    told = [(law.name, 1 + law.shaped, _log_likelihood(law, rows)) for law in LAWS]
    table = pd.DataFrame(told, columns=list(COLUMNS[:3]))
    table["aic"] = 2 * table["parameters"] - 2 * table["log_likelihood"]
    table["difference"] = table["aic"] - table["aic"].min()
    return table.sort_values(["aic", "law"], ignore_index=True)


def _log_likelihood(law: Law, rows: pd.DataFrame) -> float:
    """The highest log likelihood of a law; an episode cut in two counts as one."""
    times, at = np.unique(rows[["entry", "exit"]].to_numpy(), return_inverse=True)
    entry, stop = at.reshape(-1, 2).T
    n, left = rows["n"].to_numpy(), (rows["n"] * rows["event"]).to_numpy()
    lived = np.bincount(stop, n, len(times)) - np.bincount(entry, n, len(times))
    leavers = np.bincount(stop, left, len(times))
    used = (times > 0) & ((lived != 0) | (leavers > 0))
    log_times, lived, leavers = np.log(times[used]), lived[used], leavers[used]
    mean_life = (lived * times[used]).sum() / leavers.sum()

    def loss(parameters: Floats) -> float:
        scale, shape = parameters[0], parameters[1] if law.shaped else 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            height = leavers @ law.log_hazard(log_times, scale, shape) - lived @ law.cumulative(log_times, scale, shape)
        return float(-height) if np.isfinite(height) else 1e300

    begin = np.array([np.log(mean_life), 0.0])[: 1 + law.shaped]
    return -float(minimize(loss, begin, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-7}).fun)
