"""What the first door found, in words: records that are no rows, and files that were read although they are odd."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from analysis.extracts.findings import Finding, set_aside_in
from analysis.extracts.part import EXPECTED, Part, Remark
from analysis.extracts.read import RawRead


def raw_findings(read: RawRead) -> list[Finding]:
    """What became of the records of each file, by rule; what holds of several files of one table is said once."""
    found = [finding for part in read.parts for finding in _unreadable(part)]
    for table in read.tables.values():
        found += _remarks(table)
    return found


def _unreadable(part: Part) -> Iterator[Finding]:
    for rule, group in groupby(sorted(part.unreadable, key=attrgetter("rule", "line")), key=attrgetter("rule")):
        bad = list(group)
        where, do = f"{part.name}, line {bad[0].line:,}", set_aside_in("unreadable", len(bad))
        yield Finding(part.name, rule, None, "set_aside", len(bad), where, EXPECTED[rule], bad[0].found, do)


def _remarks(parts: list[Part]) -> Iterator[Finding]:
    together: dict[tuple[str, str, str, str], list[tuple[Part, Remark]]] = {}
    for part in parts:
        for remark in part.remarks:
            words = (remark.rule, remark.severity, remark.expected, remark.do)
            together.setdefault(words, []).append((part, remark))
    for (rule, severity, expected, do), cases in together.items():
        part, first = cases[0]
        more = f" (and so in {len(cases) - 1:,} more)" if len(cases) > 1 else ""
        rows = sum(remark.rows for _, remark in cases)
        yield Finding(part.name, rule, None, severity, rows, f"{part.name}{more}", expected, first.found, do)
