"""The pace to be expected of a class in a quarter: from its own past, and from how the rest of the base moved."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.measures.interval import standard_normal_quantile
from analysis.measures.quarter_pace import (
    COMMON,
    LEVEL,
    OWN,
    Floats,
    Outlook,
    averaged,
    covariances,
    excess,
    outlook,
    series,
    weights,
)

OPEN = 1.0  # variance of the common pace where it is taken as it was seen

Expected = tuple[float, float]  # mean and variance of the log pace


class Pace(NamedTuple):
    """What is expected of a class in the quarter that is judged, as log pace over its level.

    alone : from past quarters only.
    usual : knowing how the rest of the base moved, as far as quarters usually share their movement.
    open : taking all of that movement as common.
    rest_out : whether the rest of the base went beyond what its own past lets expect.
    left_out : of each past quarter the mean and variance that all others let expect, a row per quarter.
    """

    level: float
    alone: Expected
    usual: Expected
    open: Expected
    rest_out: bool
    left_out: Floats


def whole_pace(customers: Floats, leavers: Floats) -> tuple[Pace, Floats]:
    """The pace of the whole base from its own past, and the covariance over quarters that all classes share.

    Parameters
    ----------
    customers, leavers : by quarter, oldest first; the last one is judged, and its leavers are not looked at.
    """
    past, common = np.arange(len(customers) - 1), covariances(len(customers), COMMON.readings)
    known = series(leavers[:-1], customers[:-1])
    ahead = outlook(LEVEL**2 + common, past, value=known.value, variance=known.variance)
    weight = weights(ahead.evidence + COMMON.log_prior)
    expected = _expected(weight, ahead.mean[:, 0], ahead.covariance[:, 0, 0])
    pace = Pace(known.level, expected, expected, expected, False, _left_out(weight, ahead, len(past)))
    return pace, np.einsum("t,tij->ij", weight, common)


def class_paces(customers: Floats, leavers: Floats, *, whole: Floats, common: Floats, dimensions: int) -> list[Pace]:
    """The pace of each class beside the rest of the base.

    log pace of the class = level + common + own · √(1 - f),  of the rest = level + common + other · √f

    with `f` the share of customers who are in the class: what it has of its own, the base has the less the larger it
    is. How large season, luck and drift of its own are is told by all classes together (of several dimensions every
    customer is in several, so that evidence counts by their number less), and by the class's own past beside.

    Parameters
    ----------
    customers, leavers : a row per class, a column per quarter; the last one is judged.
    whole : customers and leavers of the whole base, a row each.
    common : covariance over quarters that all classes share.
    dimensions : of how many dimensions the classes are.
    """
    own = covariances(customers.shape[1], OWN.readings)
    told = [beside(n, x, whole=whole, common=common, own=own) for n, x in zip(customers, leavers, strict=True)]
    evidence = [one.ahead.evidence - one.ahead.evidence.max() for one in told]
    pooled = OWN.log_prior + np.sum(evidence, axis=0) / dimensions
    return [one.pace(weights(pooled + each * (1 - 1 / dimensions))) for one, each in zip(told, evidence, strict=True)]


class Told(NamedTuple):
    """What the past tells of a class and of the rest (`ahead`, in this order), and what is known of the rest now."""

    level: float
    ahead: Outlook
    rest: Expected
    quarters: int

    def pace(self, weight: Floats) -> Pace:
        """The pace, all readings averaged by their weight."""
        mean, of = self.ahead.mean, self.ahead.covariance
        rest_mean, rest_variance = _expected(weight, mean[:, 1], of[:, 1, 1])
        apart = abs(self.rest[0] - rest_mean) / np.sqrt(rest_variance + self.rest[1])
        return Pace(
            self.level,
            alone=_expected(weight, mean[:, 0], of[:, 0, 0]),
            usual=self._given_the_rest(weight, 0.0),
            open=self._given_the_rest(weight, OPEN),
            rest_out=bool(apart > standard_normal_quantile(0.95)),
            left_out=_left_out(weight, self.ahead, self.quarters),
        )

    def _given_the_rest(self, weight: Floats, more: float) -> Expected:
        """The pace of the class, knowing that of the rest; the common pace may differ by the variance `more` beyond."""
        mean, of = self.ahead.mean, self.ahead.covariance + more
        share = of[:, 0, 1] / (of[:, 1, 1] + self.rest[1])
        return _expected(weight, mean[:, 0] + share * (self.rest[0] - mean[:, 1]), of[:, 0, 0] - share * of[:, 0, 1])


def beside(customers: Floats, leavers: Floats, *, whole: Floats, common: Floats, own: Floats) -> Told:
    """What a class's past and the rest of the base tell of it, for each reading of what it has of its `own`.

    Parameters
    ----------
    customers, leavers : of the class by quarter; `whole` has those of the base, a row each.
    common, own : covariance over quarters of what all share, and of what a class has beside it: a layer per reading.
    """
    others, gone = whole[0] - customers, whole[1] - leavers
    quarters = len(customers) - 1
    mine, theirs = series(leavers[:-1], customers[:-1]), series(gone[:-1], others[:-1])
    share = float((customers / np.maximum(whole[0], 1)).mean())
    covariance = np.tile(common, (len(own), 2, 2))
    for side, part in ((slice(0, quarters + 1), 1 - share), (slice(quarters + 1, None), share)):
        covariance[:, side, side] += LEVEL**2 + part * own
    past = np.concatenate([np.arange(quarters), quarters + 1 + np.arange(quarters)])
    values = [np.concatenate([getattr(mine, name), getattr(theirs, name)]) for name in ("value", "variance")]
    ahead = outlook(covariance, past, value=values[0], variance=values[1])
    value, variance = excess(gone[-1:], others[-1:], level=theirs.level)
    return Told(mine.level, ahead, (float(value[0]), float(variance[0])), quarters)


def _expected(weight: Floats, mean: Floats, variance: Floats) -> Expected:
    middle, spread = averaged(weight, mean, variance)
    return float(middle), max(float(spread), 0.0)


def _left_out(weight: Floats, ahead: Outlook, quarters: int) -> Floats:
    return np.column_stack(averaged(weight, *(ahead.left_out[:, :quarters, place] for place in (0, 1))))
