"""Which columns of a linear model's design stand for which covariate."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.models.counts import Floats, Integers
from analysis.models.derived import USE
from analysis.models.families import label, place
from analysis.models.readings import Coded
from analysis.models.terms import Bands, Levels, Number, Term, banded, fitted_bands, fitted_levels, fitted_number

ALIKE = 0.02  # of the rarer side: two 0/1 columns that differ in no more rows say the same
MONTHS = (1, 3, 6, 9, 12)


def _ending(what: str) -> dict[str, str]:
    names = {"first": "ends within {b:g} month{s}", "middle": "ends in {a:g} to {b:g} months"}
    names |= {"last": "ends after {a:g} months", "any": "running"}
    return {name: f"{what} {words}" for name, words in names.items()} | {"missing": f"no {what} running"}


def _counted(what: str) -> dict[str, str]:
    names = {"first": "at most {b:g}", "middle": "{b:g}", "last": "more than {a:g}", "any": "any number"}
    return {name: f"{what}: {words}" for name, words in names.items()} | {"missing": f"{what} not known"}


_AGED = {"first": "aged up to {b:g}", "middle": "aged over {a:g}, up to {b:g}", "last": "aged over {a:g}"}
BANDS: dict[str, tuple[tuple[float, ...], dict[str, str]]] = {
    "contract_months_left": (MONTHS, _ending("contract")),
    "first_term_months_left": (MONTHS, _ending("first term")),
    "promotion_months_left": (MONTHS, _ending("promotion")),
    "overdue_bills": ((0, 1, 2), _counted("bills overdue")),
    "late_bills_6m": ((0, 1, 2, 3), _counted("bills paid late, last 6 months")),
    "age": ((29, 39, 49, 64), _AGED | {"any": "age known", "missing": "age not known"}),
}
AS_LEVELS = ("contract_months",)
AS_THEY_ARE = ("price_rise_", "promotion_lost_", "fee_rise_", "discount", "change of", "fall of", "tenure ", "tenure,")

# Left out where other columns say it: column → those. A level of use is told once, its changes beside it.
TOLD: dict[str, tuple[str, ...]] = {
    "tenure_months": ("tenure_months",),
    "discount": ("monthly_fee",),
    "contract_bound": ("contract_months_left",),
    "plan": ("technology", "bandwidth_mbps"),
    **{f"fee_rise_{k}m": (f"price_rise_{k}m", f"promotion_lost_{k}m") for k in (1, 2, 3)},
    **{f"{use}_{window}": (f"{use}_3m",) for use in USE for window in ("1m", "previous_3m")},
}


class Read(NamedTuple):
    """Columns of a feature table: those that hold numbers, derived ones among them, and those read as levels."""

    numbers: Mapping[str, Floats]
    levels: Mapping[str, Coded]


def fitted_terms(read: Read, left: Integers | None, *, covariates: Mapping[str, str]) -> list[tuple[str, Term]]:
    """Covariate and term of everything that varies, in the order of families and names.

    `covariates` names those that derived columns belong to.
    """
    told = {name for name in TOLD if _told(name, {*read.numbers, *read.levels})}
    found: list[tuple[str, Term | None]] = [
        (covariates.get(name, name), _number_term(name, values))
        for name, values in read.numbers.items()
        if name not in told and name not in AS_LEVELS
    ]
    found += [
        (name, fitted_levels(name, label(name), values, left))
        for name, values in read.levels.items()
        if name not in told
    ]
    varying = [(covariate, term) for covariate, term in found if term is not None]
    return sorted(varying, key=lambda one: (place(one[0]), one[1].column))


def written(term: Term, read: Read) -> list[tuple[str, Floats]]:
    """The design columns of a term: names and values."""
    if isinstance(term, Levels):
        return list(term.design(read.levels[term.column]))
    return list(term.design(read.numbers[term.column]))


def called(term: Bands | Levels, read: Read) -> npt.NDArray[np.object_]:
    """What each value of a term is called; a level that was not learned has no name."""
    if isinstance(term, Bands):
        return np.array(term.names, dtype=object)[banded(read.numbers[term.column], term.edges)]
    names = [*(f"{term.label}: {level}" for level in term.levels), None]
    return np.array(names, dtype=object)[term.places(read.levels[term.column])]


def telling(design: Mapping[str, Floats]) -> list[str]:
    """The columns that vary and say what none before them says: of two 0/1 columns that hardly differ, the first."""
    varying = [name for name, values in design.items() if len(values) and values.min() < values.max()]
    flags = [name for name in varying if np.isin(design[name], (0.0, 1.0)).all()]
    repeated = _repeated(flags, design)
    return [name for name in varying if name not in repeated]


def _told(name: str, present: Collection[str]) -> bool:
    return name in TOLD and set(TOLD[name]) <= set(present)


def _number_term(name: str, values: Floats) -> Number | Bands | None:
    if name in BANDS:
        edges, words = BANDS[name]
        return fitted_bands(name, values, edges=edges, words=words)
    return fitted_number(name, label(name), values, skewed=False if name.startswith(AS_THEY_ARE) else None)


def _repeated(flags: list[str], design: Mapping[str, Floats]) -> set[str]:
    """The 0/1 columns that equal, or are the opposite of, an earlier one in nearly all rows."""
    if not flags:
        return set()
    # Whole numbers below 2^24, so exact in single precision.
    table = np.column_stack([design[name].astype(np.float32) for name in flags])
    both, rows = (table.T @ table).astype(np.float64), len(table)
    ones = np.diag(both)
    differ = ones[:, None] + ones[None, :] - 2 * both
    rarer = np.minimum(ones, rows - ones)
    alike = np.minimum(differ, rows - differ) <= ALIKE * np.minimum(rarer[:, None], rarer[None, :])
    repeated: set[str] = set()
    for i, name in enumerate(flags):
        if any(alike[i, j] for j in range(i) if flags[j] not in repeated):
            repeated.add(name)
    return repeated
