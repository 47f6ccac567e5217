"""What of a source is not used: files, columns, and contract tables that it may lack."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import quoted
from analysis.extracts.findings import Finding
from analysis.extracts.mapping import Source
from analysis.extracts.raw_files import RawFiles
from analysis.extracts.read import RawRead
from analysis.extracts.selected import IDENTITIES, raw_tables, some
from analysis.extracts.unread import unread_columns


def unread_files(source: Source, files: RawFiles, raws: set[str]) -> list[Finding]:
    """Raw tables that no contract table is made of, and files beside them that are none; `raws` are those in use."""
    used = raws | raw_tables(source, files, IDENTITIES)
    unused = [name for name in files.tables if name not in used]
    do = "It is not read. Name it in a SELECT to use it."
    if source.database and unused:  # a schema may hold hundreds of them
        schema, found = source.database.schema, f"{len(unused):,} that no SELECT names ({some(unused)})"
        do = "They are not read. Name one in a SELECT to use it."
        return [Finding(schema, "unread", None, "note", 0, schema, "tables of use", found, do)]
    notes = [
        Finding(name, "unread", None, "note", 0, files.where(name), "", "a file no table uses", do) for name in unused
    ]
    if files.odd:
        where, found = f"{files.root.name}/", f"{some(list(files.odd))}, of another kind or beside one of that name"
        expected = "files of raw tables, each of a name of its own, ending in .csv, .tsv, .txt, .gz, .xlsx or .parquet"
        do = "Not read. Save what is needed of them as one of these."
        notes.append(Finding(files.root.name, "odd_file", None, "note", 0, where, expected, found, do))
    return notes


def never_read(source: Source, files: RawFiles, read: RawRead) -> dict[str, list[str]]:
    """File → columns that reach no contract table, of the raw tables that were read."""
    selects = [source.selects.get(name, f"SELECT * FROM {quoted(name)}") for name in (*source.selects, *CONTRACT)]
    if way := source.crosswalk:
        named = ", ".join(quoted(name) for name in (way.key, way.customer, way.system) if name)
        selects.append(f"SELECT {named} FROM {quoted(way.table)}")
    columns = {raw: parts[0].columns for raw, parts in read.tables.items()}
    return {files.where(raw): names for raw, names in unread_columns(selects, columns).items()}


def left_out(source: Source, given: Sequence[str]) -> list[Finding]:
    """Tables the source calls optional and does not give."""
    do = "What needs it is left out of the report."
    return [
        Finding(name, "optional", None, "note", 0, name, "rows, if there are any", "none", do)
        for name in source.optional
        if name not in given
    ]
