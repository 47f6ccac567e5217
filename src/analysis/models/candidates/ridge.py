"""Logistic regression whose coefficients are drawn towards a first guess, as far as the data do not contradict it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.models.candidates.learning import LARGEST
from analysis.models.counts import Floats, Integers

ITERATIONS, SETTLED = 40, 7  # Newton steps at most; those after which penalties and information stay
INNER = 8  # updates of the penalties in each of these
CLOSE = 1e-7
FIRST, SMALLEST = 10.0, 1.0  # penalty to begin with; and least: effects above e to one per unit are rare
INTERCEPT = 1.0  # how firmly the level is drawn towards the guess: as by one customer who left


class Problem(NamedTuple):
    """Rows to learn from: `design` (the first column is 1), who `left` (0 or 1), `weight`, `offset` (log odds).

    `group` numbers the columns but the first, from 0: those of a group have a penalty in common.
    """

    design: Floats
    left: Floats
    weight: Floats
    offset: Floats
    group: Integers


class Ridge(NamedTuple):
    """What was learned: `coefficients`, the penalty of each (`pull`), and the inverse of the penalised information."""

    coefficients: Floats
    pull: Floats
    covariance: Floats
    residuals: Floats  # weight x (left - probability), per row


def ridge(problem: Problem, guess: Floats) -> Ridge:
    """Fit log odds = offset + design · b with b drawn towards `guess`.

    maximise  sum of weight · log likelihood - sum of penalty / 2 · (b - guess)²

    The penalties, one per group of columns, are those under which the data are most likely when b is normal around
    the guess with variance 1 / penalty: a group with effects is left free, one that tells nothing is drawn to the
    guess. Newton's method with halved steps.

    References
    ----------
    MacKay (1992) for the penalties; Hoerl and Kennard (1970).
    """
    b, pull = guess.copy(), np.append(INTERCEPT, np.full(len(guess) - 1, FIRST))
    design, odds = problem.design.astype(np.float32), log_odds(problem, b)
    for number in range(ITERATIONS):
        probability, gradient = _slope(problem, odds)
        if number < SETTLED:
            information = _information(design, problem.weight * probability * (1 - probability))
            pull = _likelier(pull, information, gradient + information @ (b - guess), group=problem.group)
        step = _solved(information + np.diag(pull), gradient - pull * (b - guess))
        towards = problem.design @ step
        length = _shortened(problem, (odds, towards), (b - guess, step), pull=pull)
        b, odds = b + length * step, odds + length * towards
        if number >= SETTLED and np.abs(step).max() < CLOSE:
            break
    covariance = _solved(information + np.diag(pull), np.eye(len(b)))
    return Ridge(b, pull, covariance, problem.weight * (problem.left - _slope(problem, odds)[0]))


def log_odds(problem: Problem, b: Floats) -> Floats:
    """The log odds of each row."""
    return np.asarray(problem.offset + problem.design @ b)


def _slope(problem: Problem, odds: Floats) -> tuple[Floats, Floats]:
    """Probabilities, and the gradient of the weighted log likelihood."""
    probability = 1 / (1 + np.exp(-odds))
    return probability, problem.design.T @ (problem.weight * (problem.left - probability))


def _information(design: npt.NDArray[np.float32], spread: Floats) -> Floats:
    """Information of the weighted log likelihood. Six digits are enough: it only shows the way to the maximum."""
    scaled = design * np.sqrt(spread).astype(np.float32)[:, None]
    return np.asarray(scaled.T @ scaled, dtype=np.float64)


def _likelier(pull: Floats, information: Floats, pulled: Floats, *, group: Integers) -> Floats:
    """Penalties that make a quadratic likelihood likelier; `pulled` is information · best b, less the guess.

    penalty = free parameters of the group / sum of its (b - guess)²
    """
    size = np.bincount(group)
    for _ in range(INNER):
        covariance = _solved(information + np.diag(pull), np.eye(len(pull)))
        drawn = (covariance @ pulled)[1:] ** 2
        free = size - np.bincount(group, pull[1:] * np.diag(covariance)[1:])
        penalty = np.maximum(free, 0.0) / np.maximum(np.bincount(group, drawn), 1 / LARGEST**2)
        pull = np.append(INTERCEPT, np.clip(penalty, SMALLEST, LARGEST)[group])
    return pull


def _solved(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.solve(left, right), dtype=np.float64)


def _shortened(problem: Problem, odds: tuple[Floats, Floats], apart: tuple[Floats, Floats], *, pull: Floats) -> float:
    """1, or the half, quarter, … of a step that does not lose what it should gain.

    `odds` and `apart` are log odds and distances from the guess, each with what a whole step adds to it.
    """

    def gained(length: float) -> float:
        at, away = odds[0] + length * odds[1], apart[0] + length * apart[1]
        likelihood = (problem.weight * (problem.left * at - np.logaddexp(0, at))).sum()
        return float(likelihood - (pull * away**2).sum() / 2)

    before, length = gained(0.0), 1.0
    while gained(length) < before - 1e-9 * abs(before) and length > 1e-4:
        length /= 2
    return length
