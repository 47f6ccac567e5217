"""Covariates as a model takes them: learned on some rows, applied to any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.models.derived import derivations, number_columns, offsets, quarter_ahead, with_derived
from analysis.models.designed import AS_LEVELS, TOLD, Read, called, fitted_terms, telling, written
from analysis.models.families import family, place
from analysis.models.readings import Coded, coded, kind
from analysis.models.terms import MOST_LEVELS, Bands, Levels, Number, Term

SEASON, TENURE = "quarter_ahead", "tenure_months"
FEWEST_QUARTERS = 8  # landmarks at quarter ends from which a season can be told from a trend
_TERMS = {term.__name__: term for term in (Number, Bands, Levels)}
_WHY = {
    "date": "It is a day, not a quantity; months to or from it would be one.",
    "empty": "It is missing in every row a model could learn from.",
    "told": "What it says enters through other columns.",
    "constant": "It is the same for all, or nearly all, or says what another column says.",
}


@dataclass(frozen=True)
class Encoder:
    """What was learned about writing covariates as numbers: `design` serves linear models, `raw` serves trees.

    `numbers` are the columns read as such; `terms` write the design and `levels` the categories; `offsets` go with
    changes of use; `kept` are the design columns, each with its covariate; `left_out` are covariates without one, and
    why. Without `tenure` it is read for what is derived from it, and is no column itself.
    """

    tenure: bool
    numbers: tuple[str, ...]
    levels: tuple[Levels, ...]
    terms: tuple[Term, ...]
    offsets: tuple[tuple[str, float], ...]
    kept: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> pd.DataFrame:
        """Table, one row per design column, in its order: `design`, `covariate`, `family`."""
        rows = [(name, covariate, family(covariate)) for name, covariate in self.kept]
        return pd.DataFrame(rows, columns=["design", "covariate", "family"])

    @property
    def remarks(self) -> pd.DataFrame:
        """Table, one row per covariate without a design column: `covariate`, `outcome`, `reason`."""
        rows = [(covariate, "left out", reason) for covariate, reason in self.left_out]
        return pd.DataFrame(rows, columns=["covariate", "outcome", "reason"])

    def design(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Table of float64 without gaps, one row per row, in their order: the columns of `columns`."""
        read, places = self._read(rows), {name: i for i, (name, _) in enumerate(self.kept)}
        matrix = np.zeros((len(rows), len(places)), order="F")
        for term in self.terms:
            for name, values in written(term, read):
                if name in places:
                    matrix[:, places[name]] = values
        return pd.DataFrame(matrix, columns=list(places), index=rows.index, copy=False)

    def raw(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[bool]]:
        """Table of floats with gaps where a value is missing, and per column whether it holds categories.

        Categories are numbers from 0; a level that was not learned is that of "other", or a gap.
        """
        read = self._read(rows)
        categories = {one.column: one.categories(read.levels[one.column]) for one in self.levels}
        values = {name: read.numbers[name] for name in self.raw_columns if name not in categories}
        table = pd.DataFrame(values | categories, index=rows.index, copy=False)
        return table, [name in categories for name in table.columns]

    @property
    def raw_columns(self) -> list[str]:
        """The columns of `raw`, in its order."""
        derived = [one.name for one in derivations(self.numbers) if not one.linear_only]
        plain = [name for name in self.numbers if self.tenure or name != TENURE]
        return [*plain, *derived, *(one.column for one in self.levels)]

    def states(self, rows: pd.DataFrame) -> dict[str, npt.NDArray[np.object_]]:
        """Per covariate that is read by bands or levels, what each row's value is called: "no contract running"."""
        read = self._read(rows)
        return {
            term.column: called(term, read)
            for term in self.terms
            if isinstance(term, Bands | Levels) and term.column not in (SEASON, TENURE)
        }

    def to_dict(self) -> dict[str, Any]:
        """Everything learned, as JSON can hold it."""
        terms = [{"term": type(term).__name__, **asdict(term)} for term in self.terms]
        return {**asdict(self), "terms": terms}

    @classmethod
    def from_dict(cls, learned: Mapping[str, Any]) -> Encoder:
        """The encoder that `to_dict` wrote, also after a way through JSON."""
        terms = tuple(_TERMS[one["term"]](**_without_lists(one)) for one in learned["terms"])
        levels = tuple(Levels(**_without_lists(one)) for one in learned["levels"])
        pairs = {name: tuple((a, b) for a, b in learned[name]) for name in ("offsets", "kept", "left_out")}
        return cls(bool(learned["tenure"]), tuple(learned["numbers"]), levels, terms, **pairs)

    def _read(self, rows: pd.DataFrame) -> Read:
        used = {term.column for term in (*self.levels, *self.terms) if isinstance(term, Levels)}
        made = with_derived(number_columns(rows, self.numbers), dict(self.offsets))
        return Read(made, {name: _levels(rows, name) for name in sorted(used)})


def fit_encoder(rows: pd.DataFrame, columns: Sequence[str], *, tenure: bool = True) -> Encoder:
    """Learn how to write covariates, from the rows a model learns from.

    Numbers are cut at their tails, logged where skewed and standardised, with a column that tells where they are
    missing; texts get a column per common level; months left become bands; and what the trade looks for (changes of
    use, discounts about to end, the first term) is derived. The season enters where the rows have eight or more
    landmarks at quarter ends: with fewer it cannot be told from a trend.

    Parameters
    ----------
    rows : table, one row per customer and landmark
        `landmark`, `tenure_months`, the columns, and `event` (1 or 0) where it is known: a level that nobody left is
        then "other".
    columns : the covariates; those with too many levels, or nothing in them, are left out and named.
    tenure : whether tenure is a covariate too; not for a model whose time scale it is.
    """
    asked = sorted({*columns, TENURE} & {*rows.columns}, key=place)
    kinds = {name: kind(rows[name]) for name in asked}
    named = tuple(name for name in asked if kinds[name] == "number")
    texts = {name: coded(rows[name]) for name in asked if kinds[name] == "text"}
    few = {name: one for name, one in texts.items() if len(one.names) <= MOST_LEVELS}
    added = offsets(rows, named)
    read = Read(with_derived(number_columns(rows, named), added), few | _more_levels(rows, named))
    left = rows["event"].to_numpy("int64") if "event" in rows else None
    covariates = {one.name: one.covariate for one in derivations(named)}
    found = fitted_terms(read, left, covariates=covariates)
    terms = [(name, term) for name, term in found if tenure or name != TENURE]
    kept = _kept(terms, read)
    without = [name for name in asked if name not in {covariate for _, covariate in kept} and name != TENURE]
    return Encoder(
        tenure=tenure,
        numbers=named,
        levels=tuple(term for _, term in terms if isinstance(term, Levels) and term.column not in named),
        terms=tuple(term for _, term in terms),
        offsets=tuple(sorted(added.items())),
        kept=kept,
        left_out=tuple((name, _why(name, kinds[name], texts.get(name), present={*named, *few})) for name in without),
    )


def _kept(terms: Sequence[tuple[str, Term]], read: Read) -> tuple[tuple[str, str], ...]:
    """The design columns that say something of their own, each with its covariate."""
    covariate, design = {}, {}
    for name, term in terms:
        for column, values in written(term, read):
            covariate[column], design[column] = name, values
    return tuple((column, covariate[column]) for column in telling(design))


def _more_levels(rows: pd.DataFrame, numbers: Sequence[str]) -> dict[str, Coded]:
    """Numbers that are read as levels, and the season where it can be told."""
    found = {name: coded(rows[name]) for name in AS_LEVELS if name in numbers}
    return found | ({SEASON: _levels(rows, SEASON)} if _has_seasons(rows) else {})


def _levels(rows: pd.DataFrame, name: str) -> Coded:
    if name == SEASON:
        return coded(quarter_ahead(rows["landmark"]))
    return coded(rows[name]) if name in rows else Coded(np.full(len(rows), -1), [])


def _has_seasons(rows: pd.DataFrame) -> bool:
    """Whether enough landmarks are the last day of a quarter."""
    after = pd.to_datetime(pd.Series(rows["landmark"].unique())) + pd.Timedelta(days=1)
    return int(after.dt.is_quarter_start.sum()) >= FEWEST_QUARTERS


def _why(name: str, kind: str, text: Coded | None, *, present: set[str]) -> str:
    """Why a covariate has no column in the design."""
    if text is not None and len(text.names) > MOST_LEVELS:
        return f"It has {len(text.names):,} different values: too many to tell apart."
    if kind in _WHY:
        return _WHY[kind]
    return _WHY["told" if set(TOLD.get(name, (name,))) <= present - {name} else "constant"]


def _without_lists(learned: Mapping[str, Any]) -> dict[str, Any]:
    """A term's fields with lists as tuples, without its name."""
    named = {name: value for name, value in learned.items() if name != "term"}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in named.items()}
