"""The beginning of every raw table in an unknown folder, held by the engine under the table's own name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.basis.errors import InputRefused
from analysis.extracts.draft.beginnings import Beginning, beginning
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.mapping import Format
from analysis.extracts.raw_files import RawFiles

MONTHLY = re.compile(
    r"(?P<stem>.*[^\W_])??[ _.-]*(?:(?:19|20)\d\d[ _.-]?(?:0[1-9]|1[0-2]|q[1-4])|(?:19|20)\d\d年\d{1,2}月)",
    re.IGNORECASE,
)
_ODD = "of another kind, or beside one of that name. Save it as .csv, .xlsx or .parquet under a name of its own."


@dataclass(frozen=True)
class RawTable:
    """A raw table as a draft reads it: `relation` stands in FROM, `held` is the engine's name of its sample.

    `members` are the raw tables that the relation is made of: one, or those of one month each that it puts together;
    `notes` say what was done about them.
    """

    name: str
    relation: str
    held: str
    columns: tuple[str, ...]
    shown: str
    members: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Sampled:
    """What was read of a folder; `skipped` are files that could not be, with the reason."""

    format: Format
    tables: list[RawTable] = field(default_factory=list)
    beginnings: dict[str, Beginning] = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def sampled(files: RawFiles, format: Format, *, engine: Engine) -> Sampled:
    """Read the beginning of each raw table, at most a few megabytes; files of one month each are put together."""
    got = Sampled(format, skipped=[(name, f"{name}: {_ODD}") for name in files.odd])
    for name, paths in files.tables.items():
        try:
            begun = beginning(paths, files, name, usual=format, engine=engine)
        except InputRefused as refusal:
            got.skipped.append((files.name(paths[0]), str(refusal)))
            continue
        got.beginnings[name] = begun
    got.tables = _grouped(got.beginnings, files, engine=engine)
    return got


def _grouped(beginnings: dict[str, Beginning], files: RawFiles, *, engine: Engine) -> list[RawTable]:
    """Raw tables, those that differ by a month in their names and have the same columns made one."""
    families: dict[tuple[str, frozenset[str]], list[str]] = {}
    for name, begun in beginnings.items():
        match = MONTHLY.fullmatch(name)
        stem = (match["stem"] or "") if match else name
        families.setdefault((stem if match else f"={name}", frozenset(begun.columns)), []).append(name)
    tables = []
    for (stem, _), names in families.items():
        shown = files.name(files.tables[names[0]][0])
        if len(names) == 1:
            only = names[0]
            tables.append(RawTable(only, quoted(only), only, beginnings[only].columns, shown, (only,)))
        else:
            tables.append(_together(stem or names[0], names, beginnings[names[0]].columns, shown, engine=engine))
    return tables


def _together(stem: str, names: Sequence[str], columns: tuple[str, ...], shown: str, *, engine: Engine) -> RawTable:
    every = ", ".join(quoted(column) for column in (*columns, "_file", "_line"))
    selects = [f"SELECT {every} FROM {quoted(name)}" for name in names]
    relation = "(\n    " + "\n    UNION ALL\n    ".join(selects) + "\n)"
    held = engine.fresh_name()
    engine.execute(f"CREATE VIEW {quoted(held)} AS SELECT * FROM {relation}")
    note = (
        f"{len(names)} files of one month each lie side by side: they are put together here by name. Put them into a "
        f"folder {stem}/ and read FROM {quoted(stem)}, and next month's file is read without an edit."
    )
    return RawTable(stem, relation, held, columns, shown, tuple(names), (note,))
