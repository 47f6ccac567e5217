"""What a SELECT says about its own rows beside the contract's columns: repairs, systems, versions, keys translated."""

from __future__ import annotations

from analysis.extracts.cast import Cast, cast, trimmed
from analysis.extracts.contract import Column
from analysis.extracts.engine import literal, quoted
from analysis.extracts.mapping import Source
from analysis.extracts.rules import Rule
from analysis.extracts.selected import CROSSWALK, MARKS, REPAIRED, SYSTEM, TRANSLATED, Selected

AMBIGUOUS = 3  # values of `_crosswalk` from here on: the key in that column of TRANSLATED is of several customers


def version(selected: Selected, *, source: Source) -> list[Cast]:
    """The column by which the latest row is kept, as a time; empty where nothing is declared."""
    if selected.kept is None:
        return []
    column = Column("_kept", "time")
    return [cast(column, selected.kept, dict(selected.columns)[selected.kept], source=source, table=selected.table)]


def given_marks(selected: Selected) -> list[str]:
    """The marks of a row as the SELECT gives them, as SQL."""
    given = [
        f"{trimmed(f'CAST({quoted(spelling)} AS VARCHAR)')} AS {name}"
        for name in MARKS
        if (spelling := selected.named(name))
    ]
    return given + [name for name in (CROSSWALK,) if selected.named(name)]


def held_marks(selected: Selected) -> list[str]:
    """The marks of a row as they are held, as SQL: numbers where they can be, for tables are long."""
    held = [name for name in (REPAIRED, CROSSWALK) if selected.named(name)]
    place = f"CAST(list_position({_systems(selected)}, {SYSTEM}) AS UTINYINT)"
    return held + [f"{place} AS {name}" for name in selected.ranked]


def mark_rules(selected: Selected) -> list[Rule]:
    """Rules on marks: a system that `precedence` does not name, a key of several customers."""
    rules = []
    if selected.ranked:
        unknown = f"list_contains({_systems(selected)}, {SYSTEM}) IS NOT TRUE"
        rules.append(Rule(f"accepted_values:{SYSTEM}", SYSTEM, unknown, SYSTEM))
    if selected.named(CROSSWALK):
        rules += [
            Rule(f"crosswalk:{name}", name, f"{CROSSWALK} IS NOT DISTINCT FROM {AMBIGUOUS + place}", "NULL")
            for place, name in enumerate(TRANSLATED)
            if selected.named(name)
        ]
    return rules


def _systems(selected: Selected) -> str:
    return "[" + ", ".join(literal(system) for system in selected.systems) + "]"
