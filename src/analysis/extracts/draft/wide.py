"""A table with a column per month, read as a row per month."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from analysis.extracts.draft.month_names import month_names
from analysis.extracts.draft.samples import RawTable
from analysis.extracts.engine import Engine, literal, quoted

FEWEST = 3  # months side by side that make a table wide
_YEAR, _LETTER = r"(?P<year>(?:19|20)\d\d)", r"[^\W\d_]"
_NAME = "|".join(sorted(map(re.escape, month_names()), key=len, reverse=True))
_PATTERNS = (
    re.compile(rf"(?<!\d){_YEAR}[-_./ ]?(?P<month>0[1-9]|1[0-2])(?:[-_./]01(?: 00:00:00)?)?(?!\d)"),
    re.compile(rf"(?<!\d)(?:01[-_./])?(?P<month>0[1-9]|1[0-2])[-_./ ]{_YEAR}(?!\d)"),
    re.compile(rf"{_YEAR}年(?:(?P<month>\d{{1,2}})月|(?P<name>{_NAME}))份?"),
    re.compile(
        rf"(?<!{_LETTER})(?P<name>{_NAME})(?!{_LETTER})[-_ .']*(?:de )?(?P<year>(?:19|20)?\d\d)(?!\d)", re.IGNORECASE
    ),
    re.compile(rf"(?<!\d){_YEAR}[-_ .']*(?P<name>{_NAME})(?!{_LETTER})\.?", re.IGNORECASE),
)


def month_of(header: str) -> tuple[str, str] | None:
    """Month (`2024-01`) and measure that a header names; None when it names no month.

    `2024-01` alone has an empty measure; `download_2024_01` the measure `download`.
    """
    header = unicodedata.normalize("NFC", header)
    for pattern in _PATTERNS:
        match = pattern.search(header)
        if match:
            parts = match.groupdict()
            month = month_names()[parts["name"].casefold()] if parts.get("name") else int(parts["month"])
            year = int(parts["year"]) + (2000 if int(parts["year"]) < 100 else 0)
            rest = header[: match.start()] + " " + header[match.end() :]
            return f"{year}-{month:02}", re.sub(r"^[\W_]+|[\W_]+$", "", rest)
    return None


def long_table(raw: RawTable, *, engine: Engine) -> RawTable:
    """The table with a row per month, where it has a column per month; else as it is."""
    cells = {name: found for name in raw.columns if (found := month_of(name))}
    measures: dict[str, dict[str, str]] = {}
    for name, (month, measure) in cells.items():
        measures.setdefault(measure, {})[month] = name
    measures = {measure: by_month for measure, by_month in measures.items() if len(by_month) >= FEWEST}
    if not measures:
        return raw
    used = {name for by_month in measures.values() for name in by_month.values()}
    kept = [name for name in raw.columns if name not in used]
    label = next(name for name in ("month", "calendar month") if name not in kept)
    names = {measure: measure or raw.name for measure in measures}
    relation = _relation(raw, kept, label, {names[measure]: by_month for measure, by_month in measures.items()})
    held = engine.fresh_name()
    engine.execute(f"CREATE VIEW {quoted(held)} AS SELECT * FROM {relation}")
    months = sorted({month for by_month in measures.values() for month in by_month})
    gone = [month for month in _every_month(months[0], months[-1]) if month not in months]
    without = f", {', '.join(gone)} not among them" if gone else ""
    note = f"A column per month, {months[0]} to {months[-1]}{without}, read as a row per month"
    note += ": add a line for each new month"
    columns = (*kept, label, *names.values())
    return replace(raw, relation=relation, held=held, columns=columns, notes=(*raw.notes, note))


def _every_month(first: str, last: str) -> list[str]:
    low, high = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (first, last))
    return [f"{place // 12}-{place % 12 + 1:02}" for place in range(low, high + 1)]


def _relation(raw: RawTable, kept: list[str], label: str, measures: dict[str, dict[str, str]]) -> str:
    months = sorted({month for by_month in measures.values() for month in by_month})
    lines = []
    for month in months:
        cells = [f"r.{quoted(by_month[month])}" if month in by_month else "NULL" for by_month in measures.values()]
        lines.append(f"        ({literal(month)}, {', '.join(cells)})")
    named = ", ".join(quoted(name) for name in (label, *measures))
    columns = [f"r.{quoted(name)}" for name in kept] + [f"m.{quoted(name)}" for name in (label, *measures)]
    filled = " OR ".join(f"m.{quoted(name)} IS NOT NULL" for name in measures)
    return (
        f"(\n    SELECT {', '.join(columns)}, r._file, r._line\n    FROM {raw.relation} AS r\n"
        "    CROSS JOIN LATERAL (VALUES\n" + ",\n".join(lines) + f"\n    ) AS m ({named})\n    WHERE {filled}\n)"
    )
