"""What `sheet` and `header_row` of source.yml may say: one thing for every raw table, or each table's own."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from analysis.basis.failures import shown


def _sheet(value: Any) -> Any:
    return _checked(value, _is_name, "the name of a sheet", "Kunden")


def _header_row(value: Any) -> Any:
    return _checked(value, _is_row, "the number of a row, from 1", "3")


Sheet = Annotated[str | dict[str, str] | None, BeforeValidator(_sheet)]
HeaderRow = Annotated[int | dict[str, int] | None, BeforeValidator(_header_row)]


def _checked(value: Any, fits: Any, what: str, example: str) -> Any:
    """The value, when it or every entry of it fits; ValueError in the house's words else."""
    wrong = [one for one in (value.values() if isinstance(value, dict) else [value]) if not fits(one)]
    if wrong:
        do = f"Write `{example}`, or `{{raw table: {example}}}`; a name of digits in quotes."
        raise ValueError(f"expected {what}, found {shown(wrong[0])}. {do}")
    return value


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_row(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
