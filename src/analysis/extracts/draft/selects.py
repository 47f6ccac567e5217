"""The text of each drafted SELECT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.extracts.draft.expressions import Line, line
from analysis.extracts.draft.keys import Keys
from analysis.extracts.draft.kinds import kind_lines
from analysis.extracts.draft.plan import Planned
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.stand_ins import stand_in_lines
from analysis.extracts.engine import quoted
from analysis.extracts.pseudonyms import FREE_TEXT
from analysis.extracts.selected import IDENTITIES


@dataclass
class Drafted:
    """A contract table's drafted SELECT and its lines; `doubts` are about the table as a whole."""

    plan: Planned
    sql: str
    lines: list[Line]
    doubts: list[str] = field(default_factory=list)


def personal_notes(drafted: Drafted) -> list[str]:
    """What is to be known of the personal data that a drafted table reads."""
    if drafted.plan.table == IDENTITIES:
        return ["names and addresses are read for the check for duplicates, and stored in no run"]
    texts = [one for one in drafted.lines if one.name in FREE_TEXT.get(drafted.plan.table, ())]
    kept = f"data/runs/<report>/tables/{drafted.plan.table}.parquet"
    return [
        f"{one.name} is free text, which may name people: it is kept in {kept} unless the quarterly file says "
        "`pseudonymise: true`. If nobody needs it, take its line out"
        for one in texts
    ]


@dataclass(frozen=True)
class Places:
    """How a SELECT writes its raw columns: by alias where it joins several tables."""

    aliases: Mapping[str, str]

    def of(self, column: Column) -> str:
        alias = self.aliases[column.table]
        return f"{alias}.{quoted(column.name)}" if len(self.aliases) > 1 else quoted(column.name)

    def alias(self, raw: str) -> str:
        return f"{self.aliases[raw]}." if len(self.aliases) > 1 else ""


def places(plan: Planned) -> Places:
    """One alias per raw table of the plan."""
    return Places({raw.name: f"t{place}" for place, raw in enumerate(plan.raws, start=1)})


def lines_of(plan: Planned, columns: Mapping[str, Sequence[Column]], *, date_format: str) -> list[Line]:
    """The drafted lines of a plan, in the contract's order: raw columns, and what stands in for missing dates."""
    at, clock = places(plan), _clock(plan, columns)
    clocked = (at.of(clock), clock.written.text) if clock and clock.written else None
    lines = [
        line(match, at.of(match.column), date_format=date_format, clock=clocked)
        for match in plan.found
        if not match.target.name.startswith("_")
    ]
    drafted = {one.name for one in lines}
    return lines + stand_in_lines(plan, at.of, drafted) + kind_lines(plan, at.of, drafted)


def _clock(plan: Planned, columns: Mapping[str, Sequence[Column]]) -> Column | None:
    """The one column that holds nothing but a time of day."""
    found = [
        column for raw in plan.raws for column in columns[raw.name] if column.written and column.written.kind == "clock"
    ]
    return found[0] if len(found) == 1 else None


def plain_select(plan: Planned, lines: Sequence[Line], keys: Keys) -> str:
    """A SELECT over the plan's raw tables, joined by the customer's key where there are several."""
    at = places(plan)
    body = [_written(one) for one in lines]
    main = at.alias(plan.raws[0].name)
    body += [
        f"    -- unsure: {name} is required, and no column was found for it\n    NULL AS {name}"
        for name in plan.missing
        if name not in {one.name for one in lines}
    ]
    body += [f"    {main}_file", f"    {main}_line"]
    return "SELECT\n" + ",\n".join(body) + "\n" + from_clause(plan, keys)


def from_clause(plan: Planned, keys: Keys) -> str:
    """FROM the first raw table, LEFT JOIN the others."""
    first, *others = plan.raws
    at = places(plan)
    if not others:
        return f"FROM {first.relation}" + ("" if first.relation.startswith('"') else " AS r")
    own = f"{at.aliases[first.name]}.{quoted(keys.customer[first.name])}"
    text = f"FROM {first.relation} AS {at.aliases[first.name]}"
    for raw in others:
        alias = at.aliases[raw.name]
        text += f"\nLEFT JOIN {raw.relation} AS {alias} ON {alias}.{quoted(keys.customer[raw.name])} = {own}"
    return text


def _written(one: Line) -> str:
    doubts = "".join(f"    -- unsure: {plain_comment(doubt)}\n" for doubt in one.doubts)
    bare = one.sql == quoted(one.name)
    return f"{doubts}    {one.name if bare else f'{one.sql} AS {one.name}'}"


def plain_comment(text: str) -> str:
    """Text that cannot end a comment."""
    return " ".join(text.split())
