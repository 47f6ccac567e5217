"""The coefficients of a Cox model: Newton's method on Efron's partial likelihood, with a ridge penalty if asked for.

Sums over rows are made column by column or in tiles, so that little memory is needed beyond the rows themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.basis.errors import AnalysisFailed
from analysis.models.counts import Floats, Truths
from analysis.models.cox_products import combined, crossed
from analysis.models.cox_sums import RiskSets

MOST_STEPS = 30
MOST_HALVINGS = 20
SMALLEST_STEP = 1e-9  # deviations of a covariate; Newton squares the error at each step, so what is left is smaller
ROUNDING = 1e-11  # relative, of a log likelihood: a sum over up to millions of leavers
NOTHING = 1e-9  # of a leaver: information on a coefficient below which there is none
DEPENDENT = 1e-11  # eigenvalue of the information, scaled to correlations, that is taken for 0
FADED = 1e-7  # of the information at the start, below which a coefficient has run away
SMALLEST_HAZARD = 1e-140  # at risk, relative to the largest hazard of a row: its square is still a number


class NoMaximum(AnalysisFailed):
    """The likelihood has no single highest point; `covariates` names those to blame, in the order given."""

    def __init__(self, covariates: Sequence[str], *, found: str, do: str) -> None:
        self.covariates = tuple(covariates)
        super().__init__(
            "Cox model",
            expected="covariates whose coefficients the episodes can tell",
            found=f"{found}: {', '.join(self.covariates)}",
            do=do,
        )


class Risk(NamedTuple):
    """Relative hazards exp(lp - shift) of the rows and their sums by slot, at some coefficients.

    `share` is, per leaver, one over the hazard at risk while it leaves, less the fraction of those leaving with it
    that counts as gone.
    """

    log_likelihood: float
    hazard: Floats
    shift: float
    at_risk: Floats
    leaving: Floats
    share: Floats


class Slopes(NamedTuple):
    """First derivative of the log likelihood, minus the second, and the sums of hazard x z by slot they are made of."""

    gradient: Floats
    information: Floats
    at_risk: Floats
    leaving: Floats


class Maximum(NamedTuple):
    """A finished fit in deviations of the covariates; `information` has the penalty in it."""

    beta: Floats
    risk: Risk
    slopes: Slopes
    information: Floats
    steps: int


def maximum(sets: RiskSets, z: Floats, *, names: Sequence[str], penalty: float) -> Maximum:
    """The coefficients at which the log likelihood less penalty / 2 x their sum of squares is highest.

    Raises
    ------
    NoMaximum
        Covariates repeat one another or never differ among those at risk, or coefficients grow without end.

    References
    ----------
    Efron (1977); Andersen and Gill (1982) for late entry.
    """
    beta = np.zeros(z.shape[1])
    risk = risk_at(sets, z, beta)
    ridge = penalty * np.eye(len(beta))
    slopes = slopes_at(sets, z, risk)
    at_start = np.diag(slopes.information + ridge)
    for steps in range(MOST_STEPS + 1):
        information = slopes.information + ridge
        _refuse_flat(information, at_start if steps else None, names=names, leavers=len(sets.leavers))
        step = np.asarray(np.linalg.solve(information, slopes.gradient - penalty * beta), dtype=np.float64)
        if np.abs(step).max(initial=0.0) < SMALLEST_STEP:
            return Maximum(beta, risk, slopes, information, steps)
        beta, risk = _uphill(sets, z, (beta, risk), step=step, penalty=penalty)
        slopes = slopes_at(sets, z, risk)
    raise _runaway(names, np.abs(step) >= 0.1 * np.abs(step).max())


def risk_at(sets: RiskSets, z: Floats, beta: Floats) -> Risk:
    """Likelihood and sums of relative hazards at `beta`; the likelihood is minus infinity where a sum vanishes."""
    log_hazard = combined(z, beta)
    shift = float(log_hazard.max())
    hazard = np.exp(log_hazard - shift)
    leaving = sets.leaving(hazard)
    at_risk = np.maximum(sets.at_risk(hazard), leaving)
    there = at_risk[sets.leaver_slot] - sets.fraction * leaving[sets.leaver_slot]
    if not (there > SMALLEST_HAZARD).all():
        return Risk(-np.inf, hazard, shift, at_risk, leaving, np.zeros_like(there))
    likelihood = (log_hazard[sets.leavers] - shift).sum() - np.log(there).sum()
    return Risk(float(likelihood), hazard, shift, at_risk, leaving, 1 / there)


def slopes_at(sets: RiskSets, z: Floats, risk: Risk, *, weight: Floats | None = None) -> Slopes:
    """Derivatives of the log likelihood by coefficient, at the coefficients that `risk` was made with.

    `weight`: one per slot, by which what happens in it counts; 1 each without. With a function of time, and with its
    square, these are the derivatives by coefficients that change with it.
    """
    counts = np.ones(len(sets.leaver_slot)) if weight is None else weight[sets.leaver_slot]
    share, fraction = risk.share, sets.fraction
    a, b = sets.per_slot(counts * share), sets.per_slot(counts * fraction * share)
    at_risk, leaving = np.zeros((len(a), z.shape[1])), np.zeros((len(a), z.shape[1]))
    gradient = np.zeros(z.shape[1])
    hazard_leaving = risk.hazard[sets.leavers]
    for j in range(z.shape[1]):
        z_leaving = z[sets.leavers, j]
        at_risk[:, j] = sets.at_risk(risk.hazard * z[:, j])
        leaving[:, j] = sets.per_slot(hazard_leaving * z_leaving)
        gradient[j] = (counts * z_leaving).sum() - (a * at_risk[:, j]).sum() + (b * leaving[:, j]).sum()
    squares = _squares(sets, z, risk, at_risk=a, leaving=b)
    means = _products(sets, counts * share**2, at_risk=at_risk, leaving=leaving)
    return Slopes(gradient, squares - means, at_risk, leaving)


def _squares(sets: RiskSets, z: Floats, risk: Risk, *, at_risk: Floats, leaving: Floats) -> Floats:
    """Sum over leavers of the mean of z z' among those at risk, given the sums of shares by slot."""
    weight = risk.hazard * sets.while_at_risk(at_risk)
    weight[sets.leavers] -= risk.hazard[sets.leavers] * leaving[sets.leaver_slot]
    return crossed(z, z, weight)


def _products(sets: RiskSets, square: Floats, *, at_risk: Floats, leaving: Floats) -> Floats:
    """Sum over leavers of the product of the mean of z among those at risk with itself; `square` of their shares."""
    fraction = sets.fraction
    aa, ab, bb = (sets.per_slot(each) for each in (square, fraction * square, fraction**2 * square))
    mixed = crossed(at_risk, leaving, ab)
    return np.asarray(crossed(at_risk, at_risk, aa) - mixed - mixed.T + crossed(leaving, leaving, bb))


def _uphill(
    sets: RiskSets, z: Floats, here: tuple[Floats, Risk], *, step: Floats, penalty: float
) -> tuple[Floats, Risk]:
    """Coefficients one Newton step on, or the largest half, quarter, … of it that does not lower the likelihood."""
    beta, risk = here
    lowest = _height(risk, beta, penalty) - ROUNDING * abs(risk.log_likelihood)
    for halvings in range(MOST_HALVINGS):
        ahead = beta + step / 2**halvings
        risk = risk_at(sets, z, ahead)
        if _height(risk, ahead, penalty) >= lowest:
            break
    return ahead, risk


def _height(risk: Risk, beta: Floats, penalty: float) -> float:
    return risk.log_likelihood - penalty / 2 * float(beta @ beta)


def _refuse_flat(information: Floats, at_start: Floats | None, *, names: Sequence[str], leavers: int) -> None:
    """Raise NoMaximum where the likelihood is level in a direction: at the start a repetition, later a runaway."""
    sizes = np.diag(information)
    if at_start is not None and (sizes < FADED * at_start).any():
        raise _runaway(names, sizes < FADED * at_start)
    if (sizes < NOTHING * leavers).any():
        raise _repeated(names, sizes < NOTHING * leavers)
    scale = np.sqrt(sizes)
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if (values < DEPENDENT).any():
        blamed = np.abs(vectors[:, 0]) > 0.1
        raise _repeated(names, blamed) if at_start is None else _runaway(names, blamed)


def _repeated(names: Sequence[str], blamed: Truths) -> NoMaximum:
    return NoMaximum(
        [name for name, bad in zip(names, blamed, strict=True) if bad],
        found="covariates that never differ among those at risk, or repeat one another",
        do="Drop them first (analysis.models.preflight finds which), or give a penalty.",
    )


def _runaway(names: Sequence[str], blamed: Truths) -> NoMaximum:
    return NoMaximum(
        [name for name, bad in zip(names, blamed, strict=True) if bad],
        found="coefficients that grow without end, since these covariates alone settle who leaves",
        do="Drop them first (analysis.models.preflight finds which), or give a penalty.",
    )
