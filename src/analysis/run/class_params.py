"""The key `classes` of params/standards.yml: rules of classification, checked, and as the measures take them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from itertools import pairwise, product
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, field_validator, model_validator

from analysis.basis.failures import shown
from analysis.measures.class_rules import (
    NOT_AVAILABLE,
    OWN,
    POTENTIAL,
    READABLE,
    SUFFIX,
    ClassRules,
    Condition,
    Dimension,
    Percentile,
    Threshold,
)

BOUNDS = ("below", "at_least", "at_most", "above")
PARTS = (*BOUNDS, "one_of", "of", "missing", "or_missing")
LOWEST, PERCENTILE = "lowest", "percentile"
CURRENCY = re.compile("[A-Z]{3}")
NAME = re.compile("[a-z][a-z0-9_]*")
Plain = str | float | bool | Mapping[str, Any] | list[Any]


def refused(expected: str, value: object, do: str) -> ValueError:
    """The error of a key that cannot be used: what was expected, what was found, what to do."""
    return ValueError(f"expected {expected}, found {shown(value)}. {do}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _column(value: object, *, readable: Collection[str] = READABLE) -> str:
    """The name of a column that rules may read, of a class already made, or of a column of the source's own."""
    if isinstance(value, str) and (value in readable or value.startswith(OWN) or value.endswith(SUFFIX)):
        return value
    close = get_close_matches(str(value), sorted(readable), n=1)
    raise refused(
        "a column of the customer table", value,
        f"Did you mean `{close[0]}`?" if close else "params/README.md lists the columns.",
    )  # fmt: skip


def _threshold(value: object) -> Any:
    """A number; or amounts by currency, and for any other the percentile of the customers that stands in."""
    if _is_number(value):
        return value
    if not isinstance(value, Mapping):
        raise refused("a number, or {percentile: 80}", value, "Write a plain number.")
    share = value.get(PERCENTILE)
    if share is None or not _is_number(share) or not 0 < share < 100:
        do = "It holds where the source's currency is not among those named."
        raise refused("`percentile` between 0 and 100 here", share, do)
    for name, amount in value.items():
        if name != PERCENTILE and not (CURRENCY.fullmatch(name) and _is_number(amount)):
            do = "Write amounts as {CNY: 100, percentile: 80}."
            raise refused("currencies (ISO 4217) and their amounts", name, do)
    return dict(value)


def _edge(value: object) -> Any:
    return value if value == LOWEST else _threshold(value)


def _condition(value: object, *, readable: Collection[str] = READABLE) -> Any:
    """What a column must be: a value, a list of values, or bounds."""
    if isinstance(value, str) or (_is_number(value)):
        return value
    if isinstance(value, list) and value and all(isinstance(one, str) or _is_number(one) for one in value):
        return list(value)
    if not isinstance(value, Mapping) or not value:
        do = "Write a value, a list of values, or a bound like {below: 3}."
        raise refused("what the column must be", value, do)
    for name, part in value.items():
        _checked_part(name, part, readable)
    if ("missing" in value) == any(name in value for name in (*BOUNDS, "one_of")):
        do = "Write a bound or `one_of`, or `missing` alone."
        raise refused("either bounds or `missing`", value, do)
    _can_hold(value)
    return dict(value)


def _can_hold(value: Mapping[str, Any]) -> None:
    """Bounds between which something lies; amounts are compared by currency, and percentiles with percentiles."""
    ends = {name: _by_kind(value[name]) for name in BOUNDS if name in value}
    for low, high in product(("at_least", "above"), ("below", "at_most")):
        for kind in ends.get(low, {}).keys() & ends.get(high, {}).keys():
            least, most = ends[low][kind], ends[high][kind]
            if least > most or (least == most and (low, high) != ("at_least", "at_most")):
                found = f"{low}: {least:g}, {high}: {most:g}" + (f" ({kind})" if kind else "")
                raise refused("bounds that a value can lie between", found, "As it stands, nobody can be meant.")


def _by_kind(bound: Any) -> dict[str, float]:
    """A bound by currency or percentile; under no name where it is a plain number."""
    return dict(bound) if isinstance(bound, Mapping) else {"": bound}


def _checked_part(name: str, part: object, readable: Collection[str]) -> None:
    if name not in PARTS:
        raise refused("a known part of a condition", name, f"Known here: {', '.join(PARTS)}.")
    if name in BOUNDS:
        _threshold(part)
    elif name == "of":
        _column(part, readable=readable)
    elif name in ("missing", "or_missing") and not isinstance(part, bool):
        raise refused(f"`{name}` to be true or false", part, "Write true or false.")
    elif name == "one_of" and not (isinstance(part, list) and part):
        raise refused("`one_of` to be a list of values", part, "Write [a, b].")


def _named(names: list[str], what: str) -> None:
    again = [name for place, name in enumerate(names) if name in names[:place]]
    if again:
        raise refused(f"each {what} once", again[0], "Leave one of the two out.")


def conditions(given: Mapping[str, object], *, readable: Collection[str]) -> dict[str, Any]:
    """Conditions on columns that rules may read, checked; ValueError says what is wrong with the first that is."""
    return {_column(column, readable=readable): _condition(one, readable=readable) for column, one in given.items()}


def made_conditions(given: Mapping[str, Any], *, currency: str) -> dict[str, Condition]:
    """Checked conditions as the measures take them, amounts in the source's currency."""
    return {column: _made(one, currency) for column, one in given.items()}


def _plain(check: Callable[[object], Any]) -> Any:
    return Annotated[Any, PlainValidator(check)]


Column = Annotated[str, PlainValidator(_column)]


class DimensionKeys(BaseModel):
    """One dimension of classes; see `analysis.measures.class_rules.Dimension` for what each key means."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    label: str = Field(min_length=1)
    version: int = Field(ge=1)
    says: str = Field(min_length=1)
    rules: dict[str, dict[Column, _plain(_condition)]] = {}  # type: ignore[valid-type]
    column: Column | None = None
    bands: dict[str, _plain(_edge)] = {}  # type: ignore[valid-type]
    otherwise: str | None = None
    needs: list[Column] = []
    order: list[str] = []
    focus: dict[str, str] = {}
    compared: bool = True
    only_describes: bool = False
    shown: bool = True

    @model_validator(mode="after")
    def _gives_classes(self) -> Self:
        if self.bands and self.column is None:
            raise refused("`column` beside `bands`", None, "Name the column that the bands divide.")
        if not self.rules and self.column is None:
            raise refused("a rule: `column`, `bands` or `rules`", None, "Say what gives the class.")
        names = [*self.rules, *self.bands, *([self.otherwise] if self.otherwise else [])]
        _named(names, "class")
        _named(self.order, "class")
        if NOT_AVAILABLE in names:
            do = "It is the class of whom nothing tells; choose another name."
            raise refused(f"another name than “{NOT_AVAILABLE}”", NOT_AVAILABLE, do)
        if names and (
            stray := [name for name in (*self.order, *self.focus) if name not in (*names, POTENTIAL) and not self._open]
        ):
            raise refused("a class of this dimension", stray[0], f"There are: {', '.join(names)}.")
        if empty := [name for name, parts in self.rules.items() if not parts]:
            raise refused("at least one condition", empty[0], "Say what a column must be.")
        return self

    @field_validator("bands")
    @classmethod
    def _rising(cls, bands: dict[str, Any]) -> dict[str, Any]:
        if LOWEST in list(bands.values())[1:]:
            raise refused(f"`{LOWEST}` for the first band only", LOWEST, "Write the edges in rising order.")
        edges = [edge for edge in bands.values() if edge != LOWEST]
        kinds = {tuple(sorted(edge)) if isinstance(edge, Mapping) else () for edge in edges}
        if len(kinds) > 1:
            raise refused("edges of one kind", list(bands), "Give all as numbers, or all with the same currencies.")
        for kind in next(iter(kinds), ()) or (None,):
            told = [edge if kind is None else edge[kind] for edge in edges]
            if wrong := [b for a, b in pairwise(told) if b <= a]:
                raise refused("each edge above the one before", wrong[0], "Write the bands in rising order.")
        return bands

    @property
    def _open(self) -> bool:
        """Whether the values of a column are classes too."""
        return self.column is not None and not self.bands

    def dimension(self, name: str, *, currency: str) -> Dimension:
        """The dimension as the measures take it, amounts in the source's currency."""
        rules = {klass: made_conditions(parts, currency=currency) for klass, parts in self.rules.items()}
        bands = {klass: None if edge == LOWEST else _amount(edge, currency) for klass, edge in self.bands.items()}
        order = tuple(self.order) or tuple(reversed(self.bands))
        plain = self.model_dump(exclude={"rules", "bands", "needs", "order"})
        return Dimension(name, bands=bands, rules=rules, needs=tuple(self.needs), order=order, **plain)


def class_rules(keys: Mapping[str, DimensionKeys], *, currency: str) -> ClassRules:
    """The dimensions of the params in the order they are written, amounts in the source's currency."""
    return {name: one.dimension(name, currency=currency) for name, one in keys.items()}


def checked_names(keys: dict[str, DimensionKeys]) -> dict[str, DimensionKeys]:
    """The dimensions, each with a name that can be a column and a label of its own; classes they read stand earlier."""
    _named([one.label for one in keys.values()], "label")
    for name, one in keys.items():
        if not NAME.fullmatch(name):
            raise refused("a name in small letters, digits and _", name, "It becomes the column `<name>_class`.")
        for read in one.dimension(name, currency="").reads:
            made_of = read.removesuffix(SUFFIX)
            if read.endswith(SUFFIX) and (made_of not in keys or _reads_classes(keys[made_of])):
                do = "A class is made of columns, or of classes that are made of columns."
                raise refused(f"`{read}` to be the class of another dimension", read, do)
    return keys


def _reads_classes(one: DimensionKeys) -> bool:
    return any(read.endswith(SUFFIX) for read in one.dimension("", currency="").reads)


def _amount(value: Any, currency: str) -> Threshold:
    if not isinstance(value, Mapping):
        return float(value)
    return float(value[currency]) if currency in value else Percentile(float(value[PERCENTILE]))


def _made(value: Any, currency: str) -> Condition:
    if isinstance(value, list):
        return Condition(one_of=tuple(value))
    if not isinstance(value, Mapping):
        return Condition(one_of=(value,))
    bounds = {name: _amount(value[name], currency) for name in BOUNDS if name in value}
    rest = {name: value[name] for name in ("of", "missing", "or_missing") if name in value}
    return Condition(tuple(value.get("one_of", ())), bounds, **rest)
