"""The Cox candidate: hazards by tenure, moved up or down by what is known at the landmark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.models.candidates.features import TIMELESS, linear
from analysis.models.candidates.kaplan_meier import KaplanMeier, fit_kaplan_meier
from analysis.models.candidates.learning import DRAWS, SEED, Learning, NotFitted, whole_customers
from analysis.models.counts import Floats
from analysis.models.cox import Cox
from analysis.models.encoder import Encoder
from analysis.models.forecast import tenure_ahead
from analysis.models.preflight import preflight

MOST_ROWS = 25_000  # episodes of the fit
LAST_STRETCH = 24.0  # months of tenure on which the tail is joined to the baseline


@dataclass(frozen=True)
class CoxFit:
    """A Cox model with its encoder, and the life table that goes on where its baseline ends."""

    encoder: Encoder
    cox: Cox
    table: KaplanMeier
    remarks: pd.DataFrame

    def hazards(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`: (H₀(t + u) - H₀(t)) · relative hazard."""
        columns = linear(self.encoder, rows, without=TIMELESS)
        return np.asarray(self.baseline(rows) * np.exp(self.cox.log_hazard(columns))[:, None])

    def draws(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`: coefficients from their robust covariance; the baseline's own error is small beside it."""
        columns = linear(self.encoder, rows, without=TIMELESS)[list(self.cox.names)].to_numpy("float64")
        relative = np.exp((columns - self.cox.means) @ self.drawn.T).T
        return (relative[:, :, None] * self.baseline(rows)).astype(np.float32)

    @cached_property
    def drawn(self) -> Floats:
        """Equally likely coefficients, a row per draw."""
        beta = self.cox.coefficients["coefficient"].to_numpy()
        luck = np.random.default_rng(SEED).standard_normal((DRAWS, len(beta)))
        return np.asarray(beta + luck @ _root(self.cox.covariance).T)

    def baseline(self, rows: pd.DataFrame) -> Floats:
        """Hazard ahead of a customer with mean covariates, past the last leaving at the life table's pace."""
        tenure = rows["tenure_months"].to_numpy("float64")[:, None]
        return np.asarray(self._reached(tenure + tenure_ahead(rows)) - self._reached(tenure))

    def _reached(self, tenure: Floats) -> Floats:
        """Baseline hazard reached at each tenure."""
        inside = np.minimum(tenure, self._end)
        known, place = np.unique(inside, return_inverse=True)
        life = self.table.life
        beyond = life.cumulative_hazard(tenure) - life.cumulative_hazard(inside)
        return np.asarray(self.cox.cumulative_hazard(known)[place.reshape(tenure.shape)] + self._ratio * beyond)

    @property
    def _end(self) -> float:
        """The tenure up to which the life table is well observed and the baseline goes."""
        return min(self.table.life.observed_until, float(self.cox.baseline["time"].max()))

    @cached_property
    def _ratio(self) -> float:
        """Baseline hazard over the life table's on the last stretch that both have observed."""
        begin, end = max(self._end - LAST_STRETCH, 0.0), self._end
        own = np.diff(self.cox.cumulative_hazard(np.array([begin, end])))[0]
        table = np.diff(self.table.life.cumulative_hazard(np.array([begin, end])))[0]
        return float(own / table) if table > 0 else 1.0


def fit_cox_candidate(learning: Learning) -> CoxFit:
    """Fit a Cox model to the episodes of as many whole customers as fit, errors clustered by customer.

    Raises
    ------
    NotFitted
        Nothing can be learned, or no covariate is left.

    References
    ----------
    Cox (1972); van Houwelingen (2007) for covariates as they are at the landmark.
    """
    rows = whole_customers(learning.rows, most=MOST_ROWS)
    event = "event" if learning.left == "leaves" else "voluntary"
    times = pd.DataFrame({"entry": rows["start"], "exit": rows["stop"], "event": rows[event]})
    columns = linear(learning.encoder, rows, without=TIMELESS)
    checked = preflight(columns, times, cluster=rows["customer_id"].to_numpy())
    if checked.fit is None or not checked.kept:
        raise NotFitted(checked.verdict or "No covariate is left of which a coefficient could be told.")
    return CoxFit(learning.encoder, checked.fit, fit_kaplan_meier(learning), checked.remarks)


def _root(covariance: Floats) -> Floats:
    """A matrix whose product with its own transpose is the covariance, also where that is not of full rank."""
    sizes, directions = np.linalg.eigh(covariance)
    return np.asarray(directions * np.sqrt(np.clip(sizes, 0, None)))
