"""Text files as raw tables: the engine's reader where a file is plain, Python's where line numbers need care.

The engine's reader is many times faster but counts neither blank lines nor lines inside quotes. Where records and
physical lines agree one to one, its row number *is* the line; everywhere else `records` reads again.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

from analysis.basis.errors import InputRefused
from analysis.extracts.apart import set_apart
from analysis.extracts.engine import Engine, SqlError, literal, quoted
from analysis.extracts.part import Part, Remark, Severity, check_header
from analysis.extracts.probe import Probe, probe
from analysis.extracts.reading import Reading
from analysis.extracts.records import read_records, unclosed
from analysis.extracts.text_file import TextFile, quotes_are_escaped, shown_delimiter, usual_delimiter

_WRITE = "Write it into source.yml if it is right."
_SHOWN: dict[str, tuple[Severity, str, str]] = {
    "utf-16": ("fixed", "text in UTF-16, as its byte-order mark says", _WRITE),
    "gb18030": ("note", "text in GB18030, as its header shows", _WRITE),
    "utf-8-sig": ("fixed", "text in UTF-8, as its byte-order mark says", "Read as that."),
}  # encoding that a file shows by itself → how sure that is, and what to do


def read_csv(path: Path, *, name: str, engine: Engine, table: str, how: Reading) -> Part:
    """One text file as the engine's table `table`: every cell text, blank missing; `line` of the part tells the line.

    Records with another number of fields than the header, and others that are no rows, are unreadable: kept apart
    with line and text.

    Raises
    ------
    InputRefused
        When the file is no such text, has no usable header, or not one record that fits it.
    """
    facts = probe(path, name=name, how=how)
    text = TextFile(path, facts.encoding, how.csv.delimiter or usual_delimiter(path), facts.lines)
    if how.csv.delimiter is None:
        text = replace(text, delimiter=shown_delimiter(text))
    part = Part(name=name, sha256=facts.sha256, bytes=facts.bytes, columns=_header(text, name=name))
    if facts.plain and not set("*?[") & set(str(path)):  # a path with wildcards would be read as several
        part.records = _read_fast(text, part, engine=engine, table=table)
    if part.records == 0:
        part.line = "_line"
        _read_exact(text, part, facts=facts, engine=engine, table=table)
    set_apart(part, engine=engine, table=table, separator=text.delimiter)
    [(part.parsed,)] = engine.rows(f"SELECT count(*) FROM {quoted(table)}")
    part.remarks += _remarks(text, part, facts=facts, how=how)
    return part


def _header(text: TextFile, *, name: str) -> list[str]:
    try:
        header = next(text.records(text.physical_lines()), [])
    except csv.Error:
        raise unclosed(name, 1) from None
    check_header(header, where=f"{name}, line 1")
    return header


def _read_fast(text: TextFile, part: Part, *, engine: Engine, table: str) -> int:
    """Records read by the engine, as the file's lines count them; 0, and no table, when the two do not agree."""
    types = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in part.columns)
    cells = ", ".join(f"nullif({quoted(column)}, '') AS {quoted(column)}" for column in part.columns)
    # Rows keep the order of the file, so the place of each tells its line: counting them on the way would let one
    # thread read at a time.
    part.line = "rowid + 2"
    packed = "gzip" if text.path.suffix == ".gz" else "none"
    try:
        # Fields of nothing beyond the header's are let through when they equal `nullstr`; no text holds chr(0).
        engine.execute(
            f"CREATE TABLE {quoted(table)} AS SELECT {cells} "
            f"FROM read_csv({literal(str(text.path))}, columns = {{{types}}}, header = true, auto_detect = false, "
            f"delim = {literal(text.delimiter)}, quote = '\"', escape = '\"', "
            f"nullstr = chr(0), strict_mode = true, compression = {literal(packed)})"
        )
    except SqlError:
        return 0
    [(rows,)] = engine.rows(f"SELECT count(*) FROM {quoted(table)}")
    if rows + 1 != text.lines or rows == 0:
        engine.drop(table)
        return 0
    return text.lines - 1


def _read_exact(text: TextFile, part: Part, *, facts: Probe, engine: Engine, table: str) -> None:
    """Record by record: quotes written twice inside quotes, or else, where that fails, behind a backslash."""
    try:
        ends = read_records(text, part, engine=engine, table=table)
        failed = any(bad.rule == "quotes" for bad in part.unreadable)
    except InputRefused:
        if not (facts.escaped and _read_escaped(text, part, engine=engine, table=table)):
            raise
        return
    if failed and facts.escaped and _read_escaped(text, part, engine=engine, table=table):
        return
    if facts.mixed_ends:
        part.remarks += _mixed(ends)


def _read_escaped(text: TextFile, part: Part, *, engine: Engine, table: str) -> bool:
    """Whether a backslash before quotes inside quotes makes every record a row; `part` and `table` are then so read."""
    fresh, again = replace(part, records=0, unreadable=[]), engine.fresh_name()
    try:
        if not quotes_are_escaped(text):
            return False
        read_records(replace(text, escape="\\"), fresh, engine=engine, table=again)
        if fresh.unreadable:
            return False
        part.records, part.unreadable = fresh.records, []
        engine.drop(table)
        engine.execute(f"ALTER TABLE {quoted(again)} RENAME TO {quoted(table)}")
    except InputRefused:
        return False
    finally:
        engine.drop(again)
    expected, found = "quotes inside quotes written twice", "a backslash before them, and no other backslash"
    part.remarks.append(Remark("quotes", "fixed", part.records, expected, found, "Read without it."))
    return True


def _mixed(ends: Counter[str]) -> list[Remark]:
    """Lines that end otherwise than most; the last line of a file may end in nothing."""
    names = {"\n": "LF", "\r": "CR", "CRLF": "CRLF"}
    counts = [(names[end], count) for end, count in ends.most_common() if end in names]
    if len(counts) < 2:
        return []
    found = ", ".join(f"{count:,} in {end}" for end, count in counts)
    others = sum(count for _, count in counts[1:])
    return [Remark("line_ends", "fixed", others, "lines that all end the same way", found, "Read all the same.")]


def _remarks(text: TextFile, part: Part, *, facts: Probe, how: Reading) -> list[Remark]:
    """What the text showed by itself, and the source does not say."""
    remarks = []
    if how.csv.delimiter is None and text.delimiter != usual_delimiter(text.path):
        found = f"columns separated by {text.delimiter!r}, as the header shows"
        expected = f"columns separated by {usual_delimiter(text.path)!r}"
        remarks.append(Remark("delimiter", "fixed", part.records, expected, found, _WRITE))
    if facts.encoding.removesuffix("-sig") != codecs.lookup(how.encoding).name.removesuffix("-sig"):
        severity, found, do = _SHOWN[facts.encoding]
        remarks.append(Remark("encoding", severity, part.records, f"text in {how.encoding}", found, do))
    if facts.marked and facts.encoding != "utf-16":
        do = "It is no part of the first column's name."
        remarks.append(Remark("mark", "fixed", 1, "the header first", "a byte-order mark before it", do))
    return remarks
