"""What `linecard map` says: what became of each raw table, what is unsure, what is left over, what to do next."""

from __future__ import annotations

from analysis.extracts.draft.drafting import Draft
from analysis.extracts.draft.selects import Drafted, personal_notes

MOST_LISTED = 40  # left-over columns named in a line


def told(draft: Draft, *, shown: str) -> list[str]:
    """Lines for the terminal; `shown` is the drafted folder as messages name it."""
    lines = [f"Drafted {shown}/ from the beginning of each extract.", "", "Tables"]
    width = max(len(one.plan.table) for one in draft.tables) if draft.tables else 0
    lines += [_table(one, width) for one in draft.tables] or ["  none: no extract looks like a table of the contract"]
    unsure = [line for one in draft.tables for line in _unsure(one)]
    lines += ["", "Unsure (marked in the files)", *unsure] if unsure else []
    personal = [f"  {one.plan.table}: {note}." for one in draft.tables for note in personal_notes(one)]
    lines += ["", "Personal data", *personal] if personal else []
    if draft.unmapped:
        lines += ["", "Columns that nothing was drafted from"]
        lines += [f"  {raw}: {_some(names)}" for raw, names in draft.unmapped.items()]
    if draft.unused or draft.sampled.skipped:
        lines += ["", "Extracts that are not used"]
        lines += [f"  {name}: looks like no table of the contract" for name in draft.unused]
        lines += [f"  {why}" for _, why in draft.sampled.skipped]
    return [*lines, "", "Next", *_next(draft, shown)]


def _table(one: Drafted, width: int) -> str:
    raws = ", ".join(raw.shown for raw in one.plan.every_raw)
    known = len({line.name for line in one.lines})
    doubts = sum(bool(line.doubts) for line in one.lines)
    said = ("1 column" if known == 1 else f"{known} columns") + (f", {doubts} unsure" if doubts else "")
    return f"  {one.plan.table.ljust(width)}  {said}  from {raws}"


def _unsure(one: Drafted) -> list[str]:
    lines = [f"  {one.plan.table}: {doubt}." for doubt in one.doubts]
    for line in one.lines:
        taken = f" from {line.raw!r}" if line.raw else ""
        lines += [f"  {one.plan.table}.{line.name}{taken}: {'; '.join(line.doubts)}."] if line.doubts else []
    return lines


def _some(names: list[str]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def _next(draft: Draft, shown: str) -> list[str]:
    source = draft.files["source.yml"]
    keys = [key for key in ("observed_from", "currency", "timezone", "snapshot_date") if _is_open(key, source)]
    name = shown.rpartition("/")[2]
    steps = [f"Fill in {', '.join(keys)} in {shown}/source.yml."] if keys else []
    steps.append(
        "Read each SELECT, the lines marked `-- unsure:` first."
        if draft.tables
        else f"Write a SELECT into {shown}/ for each table of the contract that an extract holds, such as "
        "customers.sql: data/README.md describes them."
    )
    steps.append(f"Copy a file of params/quarterly/, set `source: {name}` in it, and run `linecard check` on it.")
    return [f"  {place}. {step}" for place, step in enumerate(steps, start=1)]


def _is_open(key: str, source: str) -> bool:
    return f"# {key}:" in source or f'{key}: "?"' in source
