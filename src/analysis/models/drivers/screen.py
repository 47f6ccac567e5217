"""Before a regression is fitted: whether it can be, and which columns would tell nothing of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.models.counts import Floats
from analysis.models.drivers.design import Column, Design

FEWEST_ROWS = 100
ROWS_PER_COLUMN = 10
LARGEST_VIF = 10.0


def verdict(outcome: Floats, what: str, *, levels: int = 2) -> str:
    """Why no effect on an outcome can be told; empty when one can.

    Parameters
    ----------
    outcome : the known values.
    what : what a value is, in the plural: "answers".
    levels : different values that the outcome must have.
    """
    if not len(outcome):
        return f"There are no {what}."
    if len(np.unique(outcome)) < levels:
        return f"All {what} are the same, so nothing tells what moves them."
    if len(outcome) < FEWEST_ROWS:
        return f"There are {len(outcome):,} {what}: fewer than {FEWEST_ROWS}, so no effect is told."
    return ""


def screened(design: Design) -> Design:
    """The columns that the rows allow: ten rows for each, and none that earlier ones nearly tell.

    The variance inflation factor of a column beside the earlier ones, 1 / (1 − R²), is at most 10. Later columns go,
    by the order of the catalogue.

    References
    ----------
    Peduzzi et al. (1996) for ten rows per coefficient; Marquardt (1970) for the factor and its limit.
    """
    most = len(design.values) // ROWS_PER_COLUMN - 1
    few = f"{len(design.values):,} rows allow {max(most, 0):,} coefficients, at {ROWS_PER_COLUMN} rows for each."
    places = list(range(len(design.columns)))
    cut = [(_called(design.columns[place]), few) for place in places[most:]] if most < len(places) else []
    kept, repeated = _independent(design.values, design.columns, places[: max(most, 0)])
    return design.kept(kept, _once([*repeated, *cut]))


def inflation(design: Design) -> Floats:
    """The variance inflation factor of every column beside all others."""
    if not design.columns:
        return np.zeros(0)
    return np.asarray(
        np.diag(np.linalg.inv(np.corrcoef(design.values, rowvar=False).reshape((len(design.columns),) * 2)))
    )


def _independent(
    values: Floats, columns: Sequence[Column], places: Sequence[int]
) -> tuple[list[int], list[tuple[str, str]]]:
    """Places whose column is not nearly a combination of earlier ones; and those that are, with the sentence."""
    kept: list[int] = []
    basis = np.zeros((len(values), 0))
    repeated: list[tuple[str, str]] = []
    for place in places:
        own = values[:, place] - values[:, place].mean()
        length = float(np.linalg.norm(own))
        rest = own - basis @ (basis.T @ own)
        rest = rest - basis @ (basis.T @ rest)
        if length == 0 or np.linalg.norm(rest) ** 2 < length**2 / LARGEST_VIF:
            repeated.append((_called(columns[place]), _along(values, columns, kept, own)))
            continue
        kept.append(place)
        basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
    return kept, repeated


def _along(values: Floats, columns: Sequence[Column], kept: Sequence[int], own: Floats) -> str:
    """The sentence that names the earlier column most like this one."""
    if not kept or not own.any():
        return "It is the same for everyone."
    alike = [abs(np.corrcoef(values[:, place], own)[0, 1]) for place in kept]
    return f"What is known already nearly tells it, above all “{_called(columns[kept[int(np.argmax(alike))]])}”."


def _called(column: Column) -> str:
    return column.driver if column.level is None else f"{column.driver}: {column.level}"


def _once(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(pairs))
