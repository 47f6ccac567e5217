"""The rules of classification in words, with their thresholds."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.measures.class_rules import SUFFIX, ClassRules, Condition, Dimension, Percentile, Threshold
from analysis.models.families import label
from analysis.present.numbers import decimal
from analysis.present.wording.phrase import capital

BOUNDS = {"below": "below", "at_least": "at least", "at_most": "at most", "above": "above"}
# What columns are called in a rule, where their general name does not say enough.
NAMES = {
    "tenure_months": "tenure in months", "contract_months": "contract term in months",
    "recency_months": "months since the last purchase", "monetary_month": "revenue a month",
    "r_score": "recency score", "f_score": "frequency score", "m_score": "monetary score",
}  # fmt: skip
HOLDS = "has_"  # columns that are 1 where a product is held, 0 where not
PLACES = 6  # of a threshold: as many as it was written with


def rules_table(rules: ClassRules) -> pd.DataFrame:
    """The rules in words, with their thresholds: `dimension`, `version`, `rule`."""
    rows = [(one.label, str(one.version), _rule(one, rules)) for one in rules.values()]
    return pd.DataFrame(rows, columns=["dimension", "version", "rule"])


def _rule(one: Dimension, rules: ClassRules) -> str:
    """What it says of itself, then its classes, the first that applies."""
    chosen = [f"“{name}” where {conditions_told(parts, rules)}" for name, parts in one.rules.items()]
    bands = _bands(one.bands)
    last = [f"“{one.otherwise}”"] if one.otherwise else []
    told = [*chosen, *([", ".join(bands)] if bands else []), *last]
    if not told:
        return one.says
    return f"{one.says} {capital('; else '.join(told))}."


def conditions_told(parts: Mapping[str, Condition], rules: ClassRules) -> str:
    """What must hold, in words: all of it."""
    return " and ".join(_told(column, one, rules) for column, one in parts.items())


def _told(column: str, one: Condition, rules: ClassRules) -> str:
    if column.startswith(HOLDS) and one in (Condition((0,)), Condition((1,))):
        verb = "held" if one.one_of == (1,) else "not held"
        return f"{label(column.removeprefix(HOLDS))} is {verb}"
    return f"{_named(column, rules)} {_condition(one, rules)}"


def _condition(one: Condition, rules: ClassRules) -> str:
    told = [f"is {' or '.join(_value(value) for value in one.one_of)}"] if one.one_of else []
    if one.missing is not None:
        told.append("is not known" if one.missing else "is known")
    told += [f"is {BOUNDS[name]} {_amount(bound)}" for name, bound in one.bounds.items()]
    words = " and ".join(told)
    words += f" of {_named(one.of, rules)}" if one.of else ""
    return f"{words} or not known" if one.or_missing else words


def _bands(bands: Mapping[str, Threshold | None]) -> list[str]:
    """Each band by its lower edge; one that has none by the edge of the next."""
    if not bands:
        return []
    after = [*list(bands.values())[1:], None]
    told = []
    for (name, edge), upper in zip(bands.items(), after, strict=True):
        below = "of any size" if upper is None else f"below {_amount(upper)}"
        told.append(f"“{name}” {below if edge is None else f'from {_amount(edge)}'}")
    return told


def _amount(bound: Threshold) -> str:
    if isinstance(bound, Percentile):
        return f"what {number(bound.of_hundred)} of a hundred customers have"
    return number(bound)


def number(value: float) -> str:
    """A threshold with the digits it was written with."""
    text = decimal(value, PLACES)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)


def _named(column: str, rules: ClassRules) -> str:
    made_of = column.removesuffix(SUFFIX)
    return (
        f"“{rules[made_of].label}”"
        if column.endswith(SUFFIX) and made_of in rules
        else NAMES.get(column, label(column))
    )
