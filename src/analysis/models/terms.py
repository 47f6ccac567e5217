"""One column of a feature table as columns of a linear model's design: a number, bands of a number, or levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.models.counts import Floats, Integers
from analysis.models.readings import Coded

FEWEST = 50  # rows of a band, or of a level of a large table, to stand by itself
SMALL_SHARE, SMALLEST = 0.01, 10  # of a small table: 1 % of the rows, and no fewer than 10
MOST_LEVELS = 30
UNKNOWN = 0.005  # share of missing cells from which their absence is a column
TAIL = 0.005  # cut at either end
SKEWED = 1.0
WIDEST = 20.0  # deviations: what hardly anybody has is not blown up beyond that
MISSING, OTHER = "not given", "other"

Designed = Iterator[tuple[str, Floats]]


@dataclass(frozen=True)
class Number:
    """A number: cut at its tails, on a log scale where that is skewed, standardised; missing is the median.

    `scale` is what the values are divided by before log(1 + x), or missing; 0/1 columns stay as they are.
    """

    column: str
    label: str
    scale: float | None
    low: float
    high: float
    middle: float
    mean: float
    sd: float
    unknown: bool

    def design(self, values: Floats) -> Designed:
        """The design columns: the number, and whether it is missing."""
        missing = np.isnan(values)
        bounded = np.clip(np.where(missing, self.middle, values), self.low, self.high)
        scaled = bounded if self.scale is None else np.log1p(bounded / self.scale)
        yield self.label, (scaled - self.mean) / self.sd
        if self.unknown:
            yield f"{self.label} not known", missing.astype(np.float64)


@dataclass(frozen=True)
class Bands:
    """A number by bands (a, b], with missing a band of its own; the largest is the one others are compared with."""

    column: str
    edges: tuple[float, ...]
    names: tuple[str, ...]  # one more than there are edges, then that of missing
    base: int

    def design(self, values: Floats) -> Designed:
        """A 0/1 column per band but the base."""
        band = banded(values, self.edges)
        return ((name, (band == i).astype(np.float64)) for i, name in enumerate(self.names) if i != self.base)


@dataclass(frozen=True)
class Levels:
    """Levels of a text; rare and unheard-of ones are "other", the commonest is the one others are compared with."""

    column: str
    label: str
    levels: tuple[str, ...]
    base: int

    def places(self, values: Coded) -> Integers:
        """Per row the place of its level; -1 for a level that was not learned where there is no "other"."""
        known = {name: place for place, name in enumerate(self.levels)}
        other, missing = known.get(OTHER, -1), known.get(MISSING, -1)
        lookup = np.array([*(known.get(name, other) for name in values.names), missing], dtype=np.int64)
        return lookup[values.codes]

    def categories(self, values: Coded) -> Floats:
        """The places as floats; not-a-number for a level without one."""
        place = self.places(values).astype(np.float64)
        return np.where(place < 0, np.nan, place)

    def design(self, values: Coded) -> Designed:
        """A 0/1 column per level but the base."""
        place = self.places(values)
        found = ((i, name) for i, name in enumerate(self.levels) if i != self.base)
        return ((f"{self.label}: {name}", (place == i).astype(np.float64)) for i, name in found)


Term = Number | Bands | Levels


def fitted_number(column: str, label: str, values: Floats, *, skewed: bool | None = None) -> Number | None:
    """How to write a number, from the values learned from; None where all but a few are the same.

    The upper end is cut among values other than zero: what most customers have none of is not cut away. The values
    are sorted before they are added up, so that the order of rows changes no bit.
    """
    known = np.sort(values[~np.isnan(values)])
    different, rows = np.unique(known, return_counts=True)
    if len(different) < 2 or len(known) - rows.max() < _fewest(len(values)):
        return None
    unknown = len(known) < (1 - UNKNOWN) * len(values)
    middle = float(np.quantile(known, 0.5, method="lower"))
    if set(different) <= {0.0, 1.0}:
        return Number(column, label, None, 0.0, 1.0, middle, 0.0, 1.0, unknown)
    told = known[known != 0]
    low = float(min(np.quantile(of, TAIL, method="lower") for of in (known, told)))
    high = float(max(np.quantile(of, 1 - TAIL, method="higher") for of in (known, told)))
    bounded = np.clip(known, low, high)
    log = (low >= 0 and not _counts(different) and _skewness(bounded) > SKEWED) if skewed is None else skewed
    scale = _rounded(bounded[bounded > 0].mean()) if log else None
    written = np.log1p(bounded / scale) if scale else bounded
    mean, sd = _rounded(written.mean()), _rounded(max(written.std(), np.ptp(written) / WIDEST))
    return Number(column, label, scale, low, high, middle, mean, sd, unknown) if sd > 0 else None


def fitted_bands(column: str, values: Floats, *, edges: Sequence[float], words: Mapping[str, str]) -> Bands | None:
    """Bands of which each holds 50 rows or more, from edges of which some may have to go; None for a single one.

    `words` name the bands: `first` with {b} and its {s}, `middle` with {a} and {b}, `last` with {a}, and `missing`.
    """
    kept = list(edges)
    while kept:
        counts = np.bincount(banded(values, kept), minlength=len(kept) + 2)[: len(kept) + 1]
        thin = int(counts.argmin())
        if counts[thin] >= _fewest(len(values)):
            break
        kept.pop(min(thin, len(kept) - 1))
    counts = np.bincount(banded(values, kept), minlength=len(kept) + 2)
    if (counts > 0).sum() < 2:
        return None
    return Bands(column, tuple(kept), _band_names(kept, words), int(counts.argmax()))


def fitted_levels(column: str, label: str, values: Coded, left: Integers | None) -> Levels | None:
    """The levels with 50 rows or 1 % of them, and with somebody who left where that is known; None for a single one."""
    size = len(values.names) + 1
    codes = np.where(values.codes < 0, size - 1, values.codes)
    rows = np.bincount(codes, minlength=size)
    gone = rows if left is None else np.bincount(codes, left, minlength=size)
    common = (rows >= _fewest(len(codes))) & (gone > 0)
    names = np.array([*values.names, MISSING], dtype=object)
    counted = dict(zip(names[common], rows[common], strict=True))
    if rows[~common].sum():
        counted[OTHER] = counted.get(OTHER, 0) + rows[~common].sum()
    if len(counted) < 2:
        return None
    levels = tuple(sorted(counted))
    return Levels(column, label, levels, max(range(len(levels)), key=lambda i: (counted[levels[i]], -i)))


def banded(values: Floats, edges: Sequence[float]) -> Integers:
    """The place of each value's band (a, b]; one beyond the last for missing."""
    return np.where(np.isnan(values), len(edges) + 1, np.searchsorted(np.asarray(edges, dtype=np.float64), values))


def _band_names(edges: Sequence[float], words: Mapping[str, str]) -> tuple[str, ...]:
    if not edges:
        return words["any"], words["missing"]
    middle = (words["middle"].format(a=a, b=b) for a, b in pairwise(edges))
    first = words["first"].format(b=edges[0], s="" if edges[0] == 1 else "s")
    return first, *middle, words["last"].format(a=edges[-1]), words["missing"]


def _fewest(rows: int) -> float:
    return max(SMALLEST, min(FEWEST, SMALL_SHARE * rows))


def _counts(different: Floats) -> bool:
    """Whether values, each once and sorted, count things: few whole numbers."""
    return len(different) <= MOST_LEVELS and bool((different == np.floor(different)).all()) and different[-1] <= 100


def _skewness(values: Floats) -> float:
    centred = values - values.mean()
    spread = float((centred**2).mean())
    return float((centred**3).mean()) / spread**1.5 if spread > 0 else 0.0


def _rounded(value: float) -> float:
    """Twelve digits: the last bits of a sum are nobody's."""
    return float(f"{value:.12g}")
