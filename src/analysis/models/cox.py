"""The Cox model: how much faster or slower customers leave, by what is known of them, at equal tenure.

Our own, since lifelines gives a wrong baseline where customers come under observation late, and takes ten times as
long. Tests hold its coefficients, errors and baseline equal to those of R's package survival.

A fit has one result for any order of the rows and any number of threads: rows are sorted first, and sums and products
are made in a fixed order. Another processor or linear-algebra library may round the last bit otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from analysis.basis.errors import AnalysisFailed
from analysis.measures.interval import standard_normal_quantile
from analysis.models.counts import Floats
from analysis.models.cox_baseline import baseline_hazard, hazard_until
from analysis.models.cox_errors import clustered_covariance
from analysis.models.cox_newton import Maximum, maximum
from analysis.models.cox_products import combined
from analysis.models.cox_rows import Labels, Rows, cox_rows

CHUNK = 65_536  # rows scored at a time


@dataclass(frozen=True, eq=False)
class Cox:
    """A fitted Cox model.

    Attributes
    ----------
    names : covariates, in the order of the fit.
    coefficients : table, one row per covariate: `covariate`, `coefficient` (of the log hazard, per unit of it), `se`,
        `robust_se` (missing without clusters), `low`, `high` (95 %), `z`, `p_value`; the last four use the robust
        error where there is one.
    covariance : of the coefficients, robust where there are clusters.
    means : of the covariates over the rows of the fit.
    baseline : see `analysis.models.cox_baseline.baseline_hazard`; for covariates at their means.
    log_likelihood : partial, without the penalty.
    events, rows, iterations : numbers of leavings, of episodes and of Newton steps.
    """

    names: tuple[str, ...]
    coefficients: pd.DataFrame
    covariance: Floats
    means: Floats
    baseline: pd.DataFrame
    log_likelihood: float
    events: int
    rows: int
    iterations: int

    def log_hazard(self, covariates: pd.DataFrame) -> Floats:
        """Log of each row's hazard relative to a customer with mean covariates.

        Raises
        ------
        AnalysisFailed
            A covariate of the fit is absent.
        """
        absent = [name for name in self.names if name not in covariates.columns]
        if absent:
            raise AnalysisFailed(
                "Cox model",
                expected="the covariates it was fitted with",
                found=f"no {', '.join(absent)}",
                do="Make the table with the encoder of the fit.",
            )
        columns = covariates if tuple(covariates.columns) == self.names else covariates[list(self.names)]
        beta = self.coefficients["coefficient"].to_numpy()
        result = np.empty(len(columns))
        for start in range(0, len(columns), CHUNK):
            rows = columns.iloc[start : start + CHUNK].to_numpy("float64", na_value=np.nan)
            result[start : start + CHUNK] = combined(rows - self.means, beta)
        return result

    def cumulative_hazard(self, tenure: npt.ArrayLike, stratum: Any | None = None) -> Floats:
        """Cumulative hazard of a customer with mean covariates: a step function, see `hazard_until`."""
        return hazard_until(self.baseline, tenure, stratum=stratum)


def fit_cox(
    covariates: pd.DataFrame,
    *,
    times: pd.DataFrame,
    strata: Labels | None = None,
    cluster: Labels | None = None,
    penalty: float = 0.0,
) -> Cox:
    """Fit a Cox model with late entry and Efron's ties.

    Parameters
    ----------
    covariates : Table of numbers, one row per episode, no cell missing. Without columns the baseline is all there is.
    times : Table, the same rows: `entry`, `exit` (months of tenure; at risk in (entry, exit]), `event` (1 left, 0 not).
    strata : label of each row; each stratum has a baseline of its own.
    cluster : customer of each row; rows of one customer are not independent, and the errors allow for it.
    penalty : of half the sum of squares of the coefficients per deviation of their covariate; 0 for none.

    Raises
    ------
    AnalysisFailed
        Nobody left, or a row cannot be used: see `analysis.models.cox_rows.cox_rows`.
    NoMaximum
        Covariates repeat one another, never differ, or settle alone who leaves. `analysis.models.preflight` finds such.

    References
    ----------
    Cox (1972); Efron (1977); Andersen and Gill (1982); Lin and Wei (1989); Verweij and van Houwelingen (1994) for the
    penalty.
    """
    rows = cox_rows(covariates, times=times, strata=strata, cluster=cluster)
    if not len(rows.sets.leavers):
        raise AnalysisFailed(
            "Cox model", expected="customers who leave while observed", found="none", do="Leave the model out."
        )
    names = tuple(map(str, covariates.columns))
    fit = maximum(rows.sets, rows.z, names=names, penalty=penalty)
    scale = np.outer(rows.deviation, rows.deviation)
    plain = np.linalg.inv(fit.information) / scale
    robust = _robust(rows, fit)
    return Cox(
        names=names,
        coefficients=_coefficients(names, fit.beta / rows.deviation, plain=plain, robust=robust),
        covariance=plain if robust is None else robust,
        means=rows.mean,
        baseline=baseline_hazard(rows.sets, fit.risk, strata=rows.strata),
        log_likelihood=fit.risk.log_likelihood,
        events=len(rows.sets.leavers),
        rows=len(times),
        iterations=fit.steps,
    )


def conditional_survival(
    cox: Cox,
    covariates: pd.DataFrame,
    *,
    tenure: npt.ArrayLike,
    ahead: npt.ArrayLike,
    stratum: Labels | None = None,
) -> Floats:
    """Chance of each customer to be there so many months ahead, given that it is there at its tenure.

    S(t + u | t) = exp(-(H(t + u) - H(t)) x relative hazard)

    Past the last leaving time of its fit the model knows of no hazard, and the chance stays level: a tail is for
    `analysis.models.remaining`.

    Parameters
    ----------
    covariates : Table, one row per customer, with the covariates of the fit.
    tenure : months, one per customer.
    ahead : months ahead of it, 0 or more.
    stratum : label of each customer, where the model has strata.

    Returns
    -------
    Array, one row per customer and one column per month ahead. Memory beyond it does not grow with the customers.

    Raises
    ------
    AnalysisFailed
        A covariate is absent, a stratum unknown, or a tenure negative or missing.
    """
    months, horizons = np.asarray(tenure, dtype=np.float64), np.atleast_1d(np.asarray(ahead, dtype=np.float64))
    labels = None if stratum is None else np.asarray(stratum)
    result = np.empty((len(months), len(horizons)))
    for start in range(0, len(months), CHUNK):
        chunk = slice(start, start + CHUNK)
        relative = np.exp(cox.log_hazard(covariates.iloc[chunk]))
        hazard = _hazard_ahead(cox, months[chunk], horizons, labels=None if labels is None else labels[chunk])
        np.exp(-hazard * relative[:, None], out=result[chunk])
    return result


def _hazard_ahead(cox: Cox, tenure: Floats, ahead: Floats, *, labels: npt.NDArray[Any] | None) -> Floats:
    """Baseline hazard between each tenure and the months ahead of it."""
    hazard = np.empty((len(tenure), len(ahead)))
    for label in [None] if labels is None else pd.unique(labels):
        own = slice(None) if label is None else labels == label
        months, place = np.unique(tenure[own], return_inverse=True)  # few distinct ones, each looked up once
        until = cox.cumulative_hazard(months[:, None] + ahead, label) - cox.cumulative_hazard(months, label)[:, None]
        hazard[own] = until[place]
    return hazard


def _robust(rows: Rows, fit: Maximum) -> Floats | None:
    if rows.cluster is None:
        return None
    covariance = clustered_covariance(rows.sets, rows.z, fit, cluster=rows.cluster)
    return np.asarray(covariance / np.outer(rows.deviation, rows.deviation))


def _coefficients(names: tuple[str, ...], beta: Floats, *, plain: Floats, robust: Floats | None) -> pd.DataFrame:
    se = np.sqrt(np.diag(plain))
    robust_se = np.full(len(beta), np.nan) if robust is None else np.sqrt(np.diag(robust))
    used = se if robust is None else robust_se
    reach = standard_normal_quantile(0.95) * used
    z = beta / used
    return pd.DataFrame(
        {
            "covariate": names,
            "coefficient": beta,
            "se": se,
            "robust_se": robust_se,
            "low": beta - reach,
            "high": beta + reach,
            "z": z,
            "p_value": 2 * ndtr(-np.abs(z)),
        }
    )
