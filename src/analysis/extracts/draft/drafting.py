"""`linecard map`: a drafted source folder from a folder of extracts nobody has described."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.basis.errors import InputRefused
from analysis.extracts.draft.keys import found_keys
from analysis.extracts.draft.plan import planned
from analysis.extracts.draft.profile import profiled
from analysis.extracts.draft.samples import Sampled, sampled
from analysis.extracts.draft.selects import Drafted, personal_notes, plain_comment
from analysis.extracts.draft.source_text import source_text
from analysis.extracts.draft.tables import drafted_tables
from analysis.extracts.draft.wide import long_table
from analysis.extracts.engine import Engine
from analysis.extracts.mapping import Format, Source
from analysis.extracts.raw_files import SUFFIXES, RawFiles, format_of, raw_files
from analysis.extracts.selects import checked_select, parameters_of
from analysis.extracts.unread import unread_columns

_ANY_DAY = dt.date(2024, 12, 31)  # stands for $snapshot_date where a draft is only bound, never run


@dataclass
class Draft:
    """What was drafted: the text of every file, and what to say of it.

    `unmapped` are raw columns no SELECT uses, by raw table; `unused` raw tables that look like no contract table.
    """

    files: dict[str, str]
    tables: list[Drafted]
    sampled: Sampled
    unmapped: dict[str, list[str]] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)


def draft(folder: Path, *, name: str, files: str, engine: Engine) -> Draft:
    """Read the beginning of every extract and draft the mapping; nothing is written.

    Parameters
    ----------
    folder
        The extracts, one file or one folder of files per raw table.
    name, files
        What source.yml says of the company and of where the extracts lie.

    Raises
    ------
    InputRefused
        When the folder holds no extracts, or none of them can be read.
    """
    kind, found = _files(folder)
    read = sampled(found, kind, engine=engine)
    if not read.tables:
        do = f"The first one said: {read.skipped[0][1]}"
        raise InputRefused(f"{folder.name}/", expected="an extract that can be read", found="none", do=do)
    raws = [long_table(raw, engine=engine) for raw in read.tables]
    columns = {raw.name: profiled(raw, engine=engine) for raw in raws}
    keys = found_keys(raws, [column for some in columns.values() for column in some], engine=engine)
    plans = planned(raws, columns, keys)
    tables = drafted_tables(plans, columns, keys)
    result = Draft({}, tables, read)
    _left_over(result)
    result.files |= {f"{one.plan.table}.sql": _text(one, result.unmapped) for one in tables}
    for one in tables:
        _check(one.plan.table, result.files[f"{one.plan.table}.sql"], engine=engine)
    every = [each for plan in plans for each in plan.every]
    needs_snapshot = any("$snapshot_date" in one.sql for one in tables)
    result.files["source.yml"] = source_text(name, files, sampled=read, plans=every, needs_snapshot=needs_snapshot)
    return result


def _files(folder: Path) -> tuple[Format, RawFiles]:
    """The format most of the extracts have, and the raw tables."""
    try:
        files = raw_files(_provisional(folder, "csv"))
    except InputRefused:
        some = sorted(ending for endings in SUFFIXES.values() for ending in endings)
        do = "Name the folder that holds the extracts, one file or one folder of files per table."
        raise InputRefused(
            f"{folder.name}/", expected=f"files ending in {', '.join(some)}", found="none", do=do
        ) from None
    [(best, _)] = Counter(format_of(paths[0], "csv") for paths in files.tables.values()).most_common(1)
    return best, raw_files(_provisional(folder, best))


def _provisional(folder: Path, format: Format) -> Source:
    return Source("", folder, format, folder, _ANY_DAY, "", "")


def _text(one: Drafted, unmapped: Mapping[str, Sequence[str]]) -> str:
    names = ", ".join(raw.shown for raw in one.plan.every_raw)
    head = f"-- Drafted by `linecard map` from {names}. Read every line; those above which `unsure` stands first.\n"
    notes = "".join(f"-- unsure: {doubt}\n" for doubt in one.doubts)
    notes += "".join(f"-- personal data: {note}\n" for note in personal_notes(one))
    left = "".join(
        f"-- left over in {plain_comment(raw.shown)}: {plain_comment(', '.join(unmapped[raw.name]))}\n"
        for raw in one.plan.every_raw
        if raw.name in unmapped
    )
    return f"{head}{notes}{left}{one.sql}\n"


def _check(table: str, text: str, *, engine: Engine) -> None:
    """Hold a drafted SELECT against the policy, and bind it: a draft that cannot run is a defect."""
    sql = checked_select(text, where=f"{table}.sql")
    engine.columns(sql, {"snapshot_date": _ANY_DAY} if parameters_of(sql) else None)


def _left_over(draft: Draft) -> None:
    """Raw columns and raw tables that no SELECT uses."""
    used = {raw.name for one in draft.tables for raw in one.plan.every_raw}
    columns = {name: begun.columns for name, begun in draft.sampled.beginnings.items()}
    unread = unread_columns([one.sql for one in draft.tables], columns)
    for raw in draft.sampled.tables:
        if raw.name not in used:
            draft.unused.append(raw.name)
        elif raw.members[0] in unread:
            draft.unmapped[raw.name] = unread[raw.members[0]]
