"""What each covariate adds to a customer's log hazard of the next three months, against the mean of a base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.models.candidates.aft import Aft
from analysis.models.candidates.boosting import Boosting
from analysis.models.candidates.cox import CoxFit
from analysis.models.candidates.paced import Paced
from analysis.models.counts import Floats
from analysis.models.encoder import SEASON, TENURE
from analysis.models.families import FAMILIES, family
from analysis.models.forecast import GRID
from analysis.models.reasons.lines import MONTHS, SHARES, Line, line_of, log_hazard_of_nobody, log_of
from analysis.models.reasons.trees import tree_shares

Beside = Mapping[str, Floats]  # covariate → what it adds to each row beside the line


class Parts(NamedTuple):
    """Contributions: `values`, a row per customer and a column per covariate; `drawn`, those of families in draws.

    `drawn` has a layer per equally likely estimate, a row per customer and a column per family of `FAMILIES`.
    """

    values: Floats
    drawn: Floats


@dataclass(frozen=True)
class Explained:
    """A fitted model whose forecasts are taken apart, against the mean of a base of customers.

    What its covariates add sums, but for a constant, to the log hazard of the three months: of Cox and AFT models
    exactly. Of logistic hazards it is the mean over the months of the log odds, which at odds of a few per cent is the
    log hazard; what trees and the pace of the quarter multiply that hazard by is added. The trees are the same in all
    draws: no formula tells their error.
    """

    fit: object
    base: pd.DataFrame

    @property
    def covariates(self) -> list[str]:
        """The covariates, in the order of the columns of `Parts.values`."""
        return sorted({*self._line.covariates, *self._beside_base})

    def states(self, rows: pd.DataFrame) -> dict[str, npt.NDArray[np.object_]]:
        """What rows' values are called, of the covariates that have names for them."""
        return self._line.encoder.states(rows)

    def of(self, rows: pd.DataFrame) -> Parts:
        """The contributions of rows, less their means over the base."""
        found, means = self._of_base if rows is self.base else self._parts(rows), self._means
        return Parts(found.values - means.values, found.drawn - means.drawn[:, None, :])

    @cached_property
    def _line(self) -> Line:
        line = line_of(self.fit)
        if line is None:
            raise TypeError(f"{type(self.fit).__name__} knows no covariates")
        return line

    @cached_property
    def _beside_base(self) -> Beside:
        return beside(self.fit, self.base, self.base)

    @cached_property
    def _of_base(self) -> Parts:
        return self._parts(self.base)

    @cached_property
    def _means(self) -> Parts:
        return Parts(self._of_base.values.mean(axis=0), self._of_base.drawn.mean(axis=1))

    def _parts(self, rows: pd.DataFrame) -> Parts:
        design, line, covariates = self._line.design(rows), self._line, self.covariates
        values = design @ (line.estimate[:, None] * _flags(line.covariates, covariates))
        families = _flags([family(name) for name in line.covariates], FAMILIES)
        drawn = np.stack([design @ (one[:, None] * families) for one in line.drawn])
        added = self._beside_base if rows is self.base else beside(self.fit, rows, self.base)
        for covariate, each in added.items():
            values[:, covariates.index(covariate)] += each
            drawn[:, :, FAMILIES.index(family(covariate))] += each
        return Parts(values, drawn)


def beside(fit: object, rows: pd.DataFrame, base: pd.DataFrame) -> Beside:
    """What a model adds to the log hazard of rows beside its line."""
    if isinstance(fit, Paced):
        inner = beside(fit.fitted, rows, base)
        return {**inner, SEASON: inner.get(SEASON, 0.0) + _pace(fit, rows)}
    if isinstance(fit, Boosting) and fit.trees is not None:
        return _added_by_trees(fit, rows, base)
    if isinstance(fit, CoxFit):
        return {TENURE: log_of(fit.baseline(rows)[:, GRID.index(MONTHS)])}
    return {TENURE: log_hazard_of_nobody(fit, rows)} if isinstance(fit, Aft) else {}


def of_families(values: Floats, covariates: Sequence[str]) -> Floats:
    """Contributions of covariates (columns) summed to those of `FAMILIES`."""
    return np.asarray(values @ _flags([family(name) for name in covariates], FAMILIES))


def knows_trees(fit: object) -> bool:
    """Whether trees take part in a forecast."""
    inner = fit.fitted if isinstance(fit, Paced) else fit
    return isinstance(inner, Boosting) and inner.trees is not None


def _pace(fit: Paced, rows: pd.DataFrame) -> Floats:
    """The log pace of the coming quarter, of everyone and of the customer's groups."""
    mean, deviation = fit.paces(rows)
    return np.asarray((mean + deviation**2 / 2)[:, : len(SHARES)] @ np.array(SHARES))


def _added_by_trees(fit: Boosting, rows: pd.DataFrame, base: pd.DataFrame) -> Beside:
    known, players = np.unique(np.array(fit.covariates, dtype=str), return_inverse=True)
    steps = zip(SHARES, fit.columns(rows), fit.columns(base), strict=False)
    parts = [share * tree_shares(fit.trees, own, players=players, base=theirs) for share, own, theirs in steps]
    return dict(zip(known.tolist(), sum(parts[1:], parts[0]).T, strict=True))


def _flags(names: Sequence[str], columns: Sequence[str]) -> Floats:
    """1 where a name (row) is a column's."""
    return (np.array(names, dtype=str)[:, None] == np.array(columns, dtype=str)).astype(np.float64)
