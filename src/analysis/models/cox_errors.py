"""Standard errors of a Cox model that hold when the rows of a customer are not independent."""

from __future__ import annotations

import numpy as np

from analysis.models.counts import Floats, Integers
from analysis.models.cox_newton import Maximum, Risk, Slopes
from analysis.models.cox_products import crossed
from analysis.models.cox_sums import RiskSets


def clustered_covariance(sets: RiskSets, z: Floats, fit: Maximum, *, cluster: Integers) -> Floats:
    """Covariance of the coefficients from what every customer's rows together pull at them.

    V = I^-1 (sum over customers of u u') I^-1, with u the sum of the score residuals of a customer's rows

    References
    ----------
    Lin and Wei (1989); Binder (1992) for late entry.
    """
    pulls = np.zeros((int(cluster.max()) + 1, z.shape[1]))
    for j in range(z.shape[1]):
        pulls[:, j] = np.bincount(cluster, score_residuals(sets, z, fit.risk, fit.slopes, column=j))
    moved = np.linalg.solve(fit.information, crossed(pulls, pulls, np.ones(len(pulls))))
    return np.asarray(np.linalg.solve(fit.information, moved.T))


def score_residuals(sets: RiskSets, z: Floats, risk: Risk, slopes: Slopes, *, column: int) -> Floats:
    """What each row adds to the first derivative of the log likelihood by one coefficient; their sum is the derivative.

    With Efron's ties: a leaver is compared with the mean of the means its slot goes through, and counts as at risk
    for the fraction of the slot that it is still there.
    """
    share, fraction, slot = risk.share, sets.fraction, sets.leaver_slot
    together = np.bincount(slot, minlength=len(sets.time))
    mean = (slopes.at_risk[slot, column] - fraction * slopes.leaving[slot, column]) * share
    a, b = sets.per_slot(share), sets.per_slot(fraction * share)
    a_mean, b_mean = sets.per_slot(share * mean), sets.per_slot(fraction * share * mean)
    own = z[:, column]
    residual = risk.hazard * (sets.while_at_risk(a_mean) - own * sets.while_at_risk(a))
    leavers = sets.leavers
    own_mean = sets.per_slot(mean)[slot] / together[slot]
    still = risk.hazard[leavers] * (own[leavers] * b[slot] - b_mean[slot])
    residual[leavers] += own[leavers] - own_mean + still
    return np.asarray(residual)
