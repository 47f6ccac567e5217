"""Linear models as lines: a coefficient per column of a design, so that products sum to a log hazard."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.models.candidates.aft import Aft
from analysis.models.candidates.boosting import Boosting
from analysis.models.candidates.cox import CoxFit
from analysis.models.candidates.dated import dated_ahead, dated_names
from analysis.models.candidates.features import TIMELESS, linear, linear_columns
from analysis.models.candidates.logistic import EDGES, Logistic
from analysis.models.candidates.paced import Paced
from analysis.models.counts import Floats
from analysis.models.encoder import Encoder
from analysis.models.forecast import GRID

MONTHS = 3  # ahead, of which reasons speak
STEPS = [(low, high) for low, high in EDGES if high <= MONTHS]
SHARES = [(high - low) / MONTHS for low, high in STEPS]
UNMOVED = 1e-9
LEAST = 1e-4  # a hazard of three months that is nobody's: where none was seen leaving, it is taken instead of zero


class Line(NamedTuple):
    """A linear model: `covariates` of its columns, their coefficients, and those of equally likely estimates (rows)."""

    encoder: Encoder
    covariates: list[str]
    estimate: Floats
    drawn: Floats
    design: Callable[[pd.DataFrame], Floats]


def line_of(fit: object) -> Line | None:
    """The line of a candidate; None for one that knows no covariates."""
    if isinstance(fit, Paced):
        return line_of(fit.fitted)
    if isinstance(fit, Boosting):
        return line_of(fit.logistic)
    if isinstance(fit, Logistic):
        return _of_logistic(fit)
    if isinstance(fit, CoxFit):
        return _of_cox(fit)
    return _of_aft(fit) if isinstance(fit, Aft) else None


def _of_logistic(fit: Logistic) -> Line:
    """Log odds, in the mean over the months; where known dates lie is another column for each step."""
    encoder = fit.encoder
    covariates = _covariates(encoder, linear_columns(encoder))
    width, names = len(covariates), dated_names(encoder.numbers)

    def design(rows: pd.DataFrame) -> Floats:
        dated = [dated_ahead(rows, encoder.numbers, low=low, high=high).to_numpy("float64") for low, high in STEPS]
        return np.hstack([linear(encoder, rows).to_numpy("float64"), *dated])

    def weighed(steps: list[Floats]) -> Floats:
        """A row per estimate: features in the mean of the steps, then the dates of each step."""
        parts = [share * of[:, 1 : len(fit.means) + 1] for share, of in zip(SHARES, steps, strict=False)]
        return np.hstack([sum(part[:, :width] for part in parts), *[part[:, width:] for part in parts]])

    dates = [name.removesuffix(" ahead") for name in names]
    estimate = weighed([one.fit.coefficients[None] for one in fit.regressions])[0]
    return Line(
        encoder, covariates + dates * len(STEPS), estimate, weighed([one.drawn for one in fit.regressions]), design
    )


def _of_cox(fit: CoxFit) -> Line:
    names = list(fit.cox.names)
    estimate = fit.cox.coefficients["coefficient"].to_numpy("float64")

    def design(rows: pd.DataFrame) -> Floats:
        return linear(fit.encoder, rows, without=TIMELESS)[names].to_numpy("float64")

    return Line(fit.encoder, _covariates(fit.encoder, names), estimate, fit.drawn, design)


def _of_aft(fit: Aft) -> Line:
    """What stretches a life, times how far the log hazard moves per unit of the log scale between 0 and the customer's.

    So the parts of a customer sum to the whole difference in log hazard (Aumann and Shapley, 1974).
    """

    def design(rows: pd.DataFrame) -> Floats:
        columns = fit.design(rows)[:, :-1]
        stretched = columns @ fit.estimate[: columns.shape[1]]
        moved = log_of(fit.hazards(rows)[:, GRID.index(MONTHS)]) - log_hazard_of_nobody(fit, rows)
        slope = np.where(np.abs(stretched) > UNMOVED, moved / np.where(stretched == 0, 1.0, stretched), 0.0)
        return np.asarray(columns * slope[:, None])

    width = len(fit.columns)
    return Line(fit.encoder, _covariates(fit.encoder, fit.columns), fit.estimate[:width], fit.drawn[:, :width], design)


def log_hazard_of_nobody(fit: Aft, rows: pd.DataFrame) -> Floats:
    """Log hazard of the three months at each tenure, with all columns of the design at 0."""
    nobody = np.zeros((len(rows), len(fit.columns) + 1))
    nobody[:, -1] = 1.0
    return log_of(fit.ahead(rows, nobody, fit.estimate)[:, GRID.index(MONTHS)])


def log_of(hazard: Floats) -> Floats:
    """The log of a hazard of three months."""
    return np.asarray(np.log(np.maximum(hazard, LEAST)))


def _covariates(encoder: Encoder, design: list[str]) -> list[str]:
    return list(encoder.columns.set_index("design").loc[design, "covariate"])
