"""Weights that give the answers the composition of all customers, and what they do to a mean and its interval."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

FEWEST = 10  # answers of a class; smaller ones are taken together
LARGEST = 5.0  # times the mean, that a weight may be
ROUNDS, CLOSE = 200, 1e-9
TOGETHER = "(taken together)"

Floats = npt.NDArray[np.float64]


class Weights(NamedTuple):
    """`share`: of each answer, of all, summing to 1. `design`: a row per answer, columns that the weights balance."""

    share: Floats
    design: Floats

    @property
    def effective(self) -> float:
        """Answers of equal weight that would tell as much (Kish, 1965)."""
        return float(1 / (self.share**2).sum()) if len(self.share) else 0.0


def equal(answers: int) -> Weights:
    """The same weight for each answer."""
    return Weights(np.full(answers, 1 / answers if answers else np.nan), np.ones((answers, 1)))


def raked(answers: pd.DataFrame, base: pd.DataFrame, dimensions: list[str]) -> Weights:
    """Weights with which the answers have the base's share of every class, dimension by dimension.

    Iterative proportional fitting (Deming and Stephan, 1940), no weight above five times the mean. Classes with fewer
    than 10 answers are taken together, the smallest first; a dimension of one class alone balances nothing.

    Parameters
    ----------
    answers : table, one row per answer, a column per dimension.
    base : table, one row per cell, a column per dimension and `customers`.
    """
    if answers.empty or base.empty:
        return equal(len(answers))
    parts = [_dimension(answers[name], base.groupby(name)["customers"].sum()) for name in dimensions]
    kept = [(codes, targets) for codes, targets in parts if len(targets) > 1]
    dummies = [(codes[:, None] == np.arange(1, len(targets))) * 1.0 for codes, targets in kept]
    return Weights(_fitted(kept, len(answers)), np.hstack([np.ones((len(answers), 1)), *dummies]))


def _dimension(found: pd.Series, base: pd.Series) -> tuple[npt.NDArray[np.int64], Floats]:
    """Each answer's class as a number, and the share of each class in the base."""
    counts = found.value_counts().reindex(base.index.union(found.unique()), fill_value=0)
    names = _pooled(counts)
    targets = base.groupby(base.index.map(names)).sum()
    targets = targets.reindex(sorted(set(names.values())), fill_value=0)
    if (targets == 0).any():  # answers of a class that no customer has any more: nothing can be balanced
        return np.zeros(len(found), dtype=np.int64), np.ones(1)
    places = {name: place for place, name in enumerate(targets.index)}
    codes = found.map(names).map(places).to_numpy("int64")
    return codes, (targets / targets.sum()).to_numpy("float64")


def _pooled(counts: pd.Series) -> dict[str, str]:
    """Class → its name once small classes are taken together, the smallest first, until 10 answers are reached."""
    ordered = counts.sort_index().sort_values(kind="stable")
    names = {str(name): str(name) for name in ordered.index}
    pool: list[str] = []
    size = 0
    for name, answers in ordered.items():
        if answers >= FEWEST and (not pool or size >= FEWEST):
            break
        pool.append(str(name))
        size += int(answers)
    return names | (dict.fromkeys(pool, TOGETHER) if len(pool) > 1 else {})


def _fitted(parts: list[tuple[npt.NDArray[np.int64], Floats]], answers: int) -> Floats:
    share = np.full(answers, 1 / answers)
    for _ in range(ROUNDS):
        before = share
        for codes, targets in parts:
            sums = np.bincount(codes, weights=share, minlength=len(targets))
            share = share * (targets / np.where(sums > 0, sums, 1.0))[codes]
        if np.abs(share - before).max() < CLOSE / answers:
            break
    return _trimmed(share)


def _trimmed(share: Floats) -> Floats:
    """No weight above the cap; what is cut off goes to the other answers, in proportion."""
    cap = LARGEST / len(share)
    capped = np.zeros(len(share), dtype=bool)
    while (share[~capped] > cap).any():
        capped |= share > cap
        left = 1 - cap * capped.sum()
        share = np.where(capped, cap, share * left / share[~capped].sum())
    return share


def influence(values: Floats, weights: Weights) -> Floats:
    """What each answer adds to the error of the weighted mean; the sum of squares is the mean's variance.

    Taylor linearisation: the residuals of a regression on what the weights balance, times the weights (Deville and
    Särndal, 1992), with the degrees of freedom that the regression takes.
    """
    share, design = weights
    root = np.sqrt(share)
    slopes = np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0]
    n, taken = design.shape
    spare = n / (n - taken) if n > taken else np.nan
    return np.asarray(share * (values - design @ slopes) * np.sqrt(spare))
