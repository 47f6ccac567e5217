"""Variables put on one scale, learned from some customers and applied to any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.models.clusters.variables import Kind, coded
from analysis.models.counts import Floats, Truths

Method = Literal["z_score", "robust", "sigmoid"]
QUARTILES = 1.349  # standard deviations between the quartiles of a normal distribution
FEWEST_ALIKE = 100  # customers of one kind of access with a value, from whom its usual value is told
LEAST_KNOWN = 0.5  # of the variables that a customer needs
DIGITS = 9  # of what a model keeps, so that it is the same on every machine


@dataclass(frozen=True)
class Scaling:
    """How variables become comparable numbers.

    `usual` is the usual value by kind of access ("" for any other), on the scale of `coded`; `centre` and `spread` are
    of what is left. A customer's use is compared with that of customers with the same access, so that groups are not
    merely product lines again.
    """

    variables: tuple[str, ...]
    kinds: tuple[Kind, ...]
    usual: tuple[Mapping[str, float], ...]
    centre: tuple[float, ...]
    spread: tuple[float, ...]
    method: Method

    def scaled(self, rows: pd.DataFrame) -> Floats:
        """A row per customer, a column per variable; missing where the customer has no value."""
        values = coded(rows, dict(zip(self.variables, self.kinds, strict=True)))
        return _shaped((_compared(values, rows, self.usual) - self.centre) / self.spread, self.method)


def learned(rows: pd.DataFrame, variables: Sequence[str], *, kinds: Mapping[str, Kind], method: Method) -> Scaling:
    """The scaling of `variables`, from `rows`: table, one row per customer.

    z_score: less the mean, ÷ the standard deviation. robust: less the median, ÷ the distance of the quartiles as a
    standard deviation. sigmoid: robust, then 4 ÷ (1 + e^−x) − 2, which keeps the slope in the middle and draws in
    what is extreme.
    """
    chosen = {name: kinds[name] for name in variables}
    values = coded(rows, chosen)
    usual = tuple(_usual(values[name], access(rows)) for name in variables)
    left = _compared(values, rows, usual)
    centre, spread = np.nanmean(left, axis=0), np.nanstd(left, axis=0)
    if method != "z_score":
        low, centre, high = np.nanquantile(left, [0.25, 0.5, 0.75], axis=0)
        spread = np.where(high > low, (high - low) / QUARTILES, spread)
    whole = np.where(spread > 0, spread, 1.0)
    return Scaling(tuple(variables), tuple(chosen.values()), usual, _kept(centre), _kept(whole), method)


def access(rows: pd.DataFrame) -> pd.Series:
    """The kind of access each customer has: broadband, mobile or other; one for all where the source does not say."""
    if "has_broadband" not in rows.columns:
        return pd.Series("", index=rows.index)
    mobile = rows["has_mobile"].eq(1) if "has_mobile" in rows.columns else pd.Series(False, index=rows.index)
    other = pd.Series(np.where(mobile, "mobile", "other"), index=rows.index)
    return other.mask(rows["has_broadband"].eq(1), "broadband")


def known_enough(scaled: Floats) -> Truths:
    """Whether each customer has a value of at least half of the variables."""
    return np.asarray(np.isfinite(scaled).mean(axis=1) >= LEAST_KNOWN)


def _usual(values: pd.Series, of: pd.Series) -> dict[str, float]:
    found = {"": round(float(values.median()), DIGITS)}
    for name, part in values.dropna().groupby(of):
        if len(part) >= FEWEST_ALIKE:
            found[str(name)] = round(float(part.median()), DIGITS)
    return found


def _compared(values: pd.DataFrame, rows: pd.DataFrame, usual: Sequence[Mapping[str, float]]) -> Floats:
    of = access(rows)
    expected = [of.map(one).fillna(one[""]).to_numpy("float64") for one in usual]
    return np.asarray(values.to_numpy("float64") - np.column_stack(expected))


def _shaped(values: Floats, method: Method) -> Floats:
    return np.asarray(4 / (1 + np.exp(-values)) - 2) if method == "sigmoid" else np.asarray(values)


def _kept(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), DIGITS) for value in values)
