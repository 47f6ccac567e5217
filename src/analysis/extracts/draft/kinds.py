"""Kinds of leaving, read off the reasons that a source gives in their place."""

from __future__ import annotations

from collections.abc import Callable, Set

from analysis.extracts.draft.expressions import Line
from analysis.extracts.draft.likeness import words
from analysis.extracts.draft.plan import Planned
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.targets import translated
from analysis.extracts.draft.value_words import VALUE_WORDS
from analysis.extracts.engine import literal
from analysis.extracts.spellings import both_ways

KIND = ("customers", "churn_kind")
FEWEST = 0.5  # of the different reasons whose kind is told by their words; of fewer nothing is drafted


def kind_lines(plan: Planned, place: Callable[[Column], str], drafted: Set[str]) -> list[Line]:
    """churn_kind as a CASE over the reasons, where there are reasons and no kinds; a reason not told has no kind."""
    reasons = plan.match("churn_reason")
    if plan.table != "customers" or reasons is None or "churn_kind" in drafted:
        return []
    kinds = {value: kind_of(value) for value in reasons.column.listed}
    told = {value: kind for value, kind in kinds.items() if kind}
    if not told or len(told) < FEWEST * len(kinds):
        return []
    whens = "\n        ".join(f"WHEN {literal(value)} THEN {literal(kind)}" for value, kind in told.items())
    doubts = ["read off the words of the reasons: check each"]
    left = [value for value in kinds if value not in told]
    if left:
        some = ", ".join(map(repr, left[:6])) + (" and more" if len(left) > 6 else "")
        doubts.append(f"what kind is {some}? Until it is said, it has none")
    return [
        Line("churn_kind", f"CASE {place(reasons.column)}\n        {whens}\n    END", doubts, raw=reasons.column.name)
    ]


def kind_of(reason: str) -> str | None:
    """The kind whose spellings a reason is, or else holds; None where none is, or words of several kinds are in it."""
    exact = translated(*KIND, reason)
    if exact:
        return exact
    said = words(reason)
    found = {
        kind
        for kind, spellings in VALUE_WORDS[KIND].items()
        if kind != "other"
        for spelling in spellings.split("|")
        for way in both_ways(spelling)
        if words(way) and words(way) <= said
    }
    return found.pop() if len(found) == 1 else None
