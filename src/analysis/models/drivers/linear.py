"""Least squares with errors that hold where spreads differ and where rows come from the same area or customer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from scipy.special import fdtrc, stdtrit

from analysis.models.counts import Floats, Integers

LEVEL = 0.95
MANY = 200  # clusters from which sums over them are as good as leaving each out

Errors = str  # "HC3", "jackknife" or "cluster"


@dataclass(frozen=True)
class Linear:
    """A fit: `slope` per unit of each column (the constant left out), its covariance, and the degrees of freedom.

    `errors` says which covariance: HC3 (every row by itself), jackknife (each of few clusters left out in turn, CR3) or
    cluster (sums over many clusters, CR1).
    """

    constant: float
    slope: Floats
    covariance: Floats
    freedom: float
    errors: Errors
    rows: int
    clusters: int
    squares: Floats | None = None  # of few clusters: X'X of each, the constant included

    def freedoms(self, weights: Floats) -> Floats:
        """Degrees of freedom of each weighted sum: one less than the clusters it truly rests on.

        (Σ_g γ_g)² / Σ_g γ_g², with γ_g what cluster g gives to the sum's variance if all errors are alike
        """
        if self.squares is None:
            return np.full(len(weights), self.freedom)
        padded = np.column_stack([np.zeros(len(weights)), weights])
        along = np.linalg.lstsq(self.squares.sum(axis=0), padded.T, rcond=1e-12)[0]
        share = np.einsum("ki,gkl,li->gi", along, self.squares, along)
        whole, squares = share.sum(axis=0) ** 2, (share**2).sum(axis=0)
        # A sum with no weights rests on no cluster: nothing is told of it.
        return np.maximum(np.divide(whole, squares, out=np.full_like(whole, np.nan), where=squares > 0) - 1, 1.0)

    def intervals(self, weights: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Value and 95 % interval of weighted sums of the slopes: one for each row of `weights`."""
        each = np.atleast_2d(np.asarray(weights, dtype=np.float64))
        value = each @ self.slope
        spread = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", each, self.covariance, each), 0))
        reach = stdtrit(self.freedoms(each), (1 + LEVEL) / 2) * spread
        return value, value - reach, value + reach

    def joint(self, places: list[int]) -> float:
        """The p-value that the slopes at these places are all zero (Wald's F)."""
        some, spread = self.slope[places], self.covariance[np.ix_(places, places)]
        wald = float(some @ np.linalg.solve(spread, some)) / len(places)
        return float(fdtrc(len(places), self.freedom, wald))


def fit_linear(values: Floats, outcome: Floats, clusters: Integers | None = None) -> Linear:
    """Least squares of an outcome on columns and a constant.

    Parameters
    ----------
    values : a row per row of `outcome`, a column each; none a combination of the others.
    clusters : which rows belong together, as numbers from 0; None where every row stands for itself.

    References
    ----------
    MacKinnon and White (1985) for HC3; Bell and McCaffrey (2002) and MacKinnon, Nielsen and Webb (2023) for leaving
    clusters out; Carter, Schnepel and Steigerwald (2017) for how many clusters an effect truly rests on.
    """
    design = sm.add_constant(values, has_constant="add")
    model = sm.OLS(outcome, design)
    size = 0 if clusters is None else int(clusters.max()) + 1
    if clusters is None or size == len(outcome):
        return _made(model.fit(cov_type="HC3", use_t=True), "HC3", len(outcome) - design.shape[1], len(outcome), size)
    if size >= MANY:
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
        return _made(fit, "cluster", size - 1, len(outcome), size)
    fit = model.fit()
    got = _made(fit, "jackknife", size - 1, len(outcome), size)
    spread = _jackknifed(design, outcome, clusters, np.asarray(fit.params))
    squares = np.stack([design[clusters == one].T @ design[clusters == one] for one in range(size)])
    return replace(got, covariance=spread[1:, 1:], squares=squares)


def _made(
    fit: sm.regression.linear_model.RegressionResults, errors: Errors, freedom: int, rows: int, size: int
) -> Linear:
    params, spread = np.asarray(fit.params), np.asarray(fit.cov_params())
    return Linear(float(params[0]), params[1:], spread[1:, 1:], float(freedom), errors, rows, size)


def _jackknifed(design: Floats, outcome: Floats, clusters: Integers, whole: Floats) -> Floats:
    """(G − 1) / G · Σ (b_g − b)(b_g − b)', with b_g the fit without cluster g."""
    size = int(clusters.max()) + 1
    order = np.argsort(clusters, kind="stable")
    edges = np.searchsorted(clusters[order], np.arange(size + 1))
    square, product = design.T @ design, design.T @ outcome
    moved = np.zeros((size, design.shape[1]))
    for one in range(size):
        rows = order[edges[one] : edges[one + 1]]
        some = design[rows]
        # Where a column stands on one cluster alone, the rest says nothing of it: the smallest solution is taken.
        without = np.linalg.lstsq(square - some.T @ some, product - some.T @ outcome[rows], rcond=1e-10)[0]
        moved[one] = without - whole
    return np.asarray((size - 1) / size * moved.T @ moved)
