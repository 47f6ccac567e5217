"""The accelerated failure time candidate: for some customers time runs faster than for others."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import log_ndtr

from analysis.models.candidates.features import TIMELESS, linear, linear_columns
from analysis.models.candidates.learning import DRAWS, SEED, Learning, NotFitted, whole_customers
from analysis.models.counts import Floats
from analysis.models.encoder import Encoder
from analysis.models.forecast import tenure_ahead

MOST_ROWS = 10_000  # episodes of the fit, which lifelines makes by general-purpose search
FEWEST_EVENTS = 10  # per coefficient, below which coefficients are drawn towards none


class Law(NamedTuple):
    """A law of lifetimes: lifelines' fitter, its names of scale and shape, and H(log time, log scale, shape)."""

    fitter: str
    scale: str
    shape: str
    hazard: Callable[[Floats, Floats, float], Floats]


LAWS = (
    Law("WeibullAFTFitter", "lambda_", "rho_", lambda at, scale, shape: np.exp(shape * (at - scale))),
    Law("LogNormalAFTFitter", "mu_", "sigma_", lambda at, scale, shape: -log_ndtr((scale - at) / shape)),
    Law("LogLogisticAFTFitter", "alpha_", "beta_", lambda at, scale, shape: np.logaddexp(0, shape * (at - scale))),
)


@dataclass(frozen=True)
class Aft:
    """A fitted law: coefficients of the log scale (intercept last), log of the shape last of all, and covariance."""

    encoder: Encoder
    columns: list[str]
    law: Law
    estimate: Floats
    covariance: Floats

    def hazards(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`."""
        return self.ahead(rows, self.design(rows), self.estimate)

    def draws(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`: all parameters from their covariance."""
        design = self.design(rows)
        return np.stack([self.ahead(rows, design, one).astype(np.float32) for one in self.drawn])

    @cached_property
    def drawn(self) -> Floats:
        """Equally likely parameters, a row per draw."""
        sizes, directions = np.linalg.eigh(self.covariance)
        luck = np.random.default_rng(SEED).standard_normal((DRAWS, len(self.estimate)))
        return np.asarray(self.estimate + (luck * np.sqrt(np.clip(sizes, 0, None))) @ directions.T)

    def design(self, rows: pd.DataFrame) -> Floats:
        """What the coefficients of the log scale are multiplied by: the columns, then 1."""
        columns = linear(self.encoder, rows, without=TIMELESS)[self.columns].to_numpy("float64")
        return np.column_stack([columns, np.ones(len(rows))])

    def ahead(self, rows: pd.DataFrame, design: Floats, parameters: Floats) -> Floats:
        """H(t + u) - H(t) at tenure t, for a design and parameters."""
        tenure = rows["tenure_months"].to_numpy("float64")[:, None]
        scale, shape = (design @ parameters[:-1])[:, None], float(np.exp(parameters[-1]))
        with np.errstate(divide="ignore"):
            reached = self.law.hazard(np.log(tenure), scale, shape)
        return np.asarray(self.law.hazard(np.log(tenure + tenure_ahead(rows)), scale, shape) - reached)


def fit_aft(learning: Learning) -> Aft:
    """Fit the law of the greatest likelihood to a sample of whole customers, with late entry.

    The law is chosen without covariates; with fewer than ten leavers per coefficient these are drawn towards none.

    Raises
    ------
    NotFitted
        No covariate varies, or the search comes to no end.

    References
    ----------
    Kalbfleisch and Prentice (1980); the fits are those of lifelines (Davidson-Pilon, 2019).
    """
    rows = whole_customers(learning.rows, most=MOST_ROWS)
    event = "event" if learning.left == "leaves" else "voluntary"
    design = linear(learning.encoder, rows, without=TIMELESS)
    varying = [name for name in linear_columns(learning.encoder, without=TIMELESS) if design[name].std() > 0]
    if not varying or not rows[event].any():
        raise NotFitted("No covariate varies, or nobody left, among the customers it learns from.")
    times = pd.DataFrame({"entry": rows["start"], "exit": rows["stop"], "event": rows[event]})
    law = max(LAWS, key=lambda one: _fitted(one, times, penalty=0.0).log_likelihood_)
    # Names of our own: lifelines reads a covariate's name as a formula.
    plain = design[varying].set_axis([f"x{place:04d}" for place in range(len(varying))], axis=1)
    missing = max(0.0, FEWEST_EVENTS * len(varying) - float(rows[event].sum()))
    fit = _fitted(law, pd.concat([plain, times], axis=1), penalty=missing / len(rows))
    order = [*((law.scale, name) for name in plain.columns), (law.scale, "Intercept"), (law.shape, "Intercept")]
    covariance = fit.variance_matrix_.loc[order, order].to_numpy("float64")
    return Aft(learning.encoder, varying, law, fit.params_.loc[order].to_numpy("float64"), covariance)


def _fitted(law: Law, table: pd.DataFrame, *, penalty: float) -> Any:
    import lifelines

    fitter = getattr(lifelines, law.fitter)(penalizer=penalty)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            fitter.fit(table, "exit", event_col="event", entry_col="entry")
        except (lifelines.exceptions.StatError, ValueError, np.linalg.LinAlgError) as error:
            raise NotFitted("The search for its parameters came to no end.") from error
    return fitter
