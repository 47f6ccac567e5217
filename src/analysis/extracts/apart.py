"""Lines that look like rows of a table and are none: the header again, and a closing line of totals."""

from __future__ import annotations

from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.part import Part, Unreadable

TOTALS = ("total", "totals", "grand total", "sum", "summe", "gesamt", "gesamtsumme", "合计", "总计", "总和", "小计")
_NUMBER = r"[-+]?[\d., %]+"


def set_apart(part: Part, *, engine: Engine, table: str, separator: str) -> None:
    """Take the header's repeats, and a last line that begins with "Total" and holds else only numbers, out of `table`.

    They go to `part.unreadable`, in order of their lines. One look at a column or two, where there are none.
    """
    again = " AND ".join(f"{quoted(name)} = {literal(name)}" for name in part.columns)
    found = [(*row, "header", "the header line again") for row in _rows(again, part, engine=engine, table=table)]
    [(last,)] = engine.rows(f"SELECT coalesce(max({part.line}), 0) FROM {quoted(table)}")
    total = f"{part.line} = {last} AND {_totals(part)}"
    found += [(*row, "total", "a line of totals") for row in _rows(total, part, engine=engine, table=table)]
    if found:
        lines = ", ".join(str(line) for line, *_ in found)
        engine.execute(f"DELETE FROM {quoted(table)} WHERE {part.line} IN ({lines})")
        apart = [
            Unreadable(part.name, line, words, separator.join(cell or "" for cell in cells), rule)
            for line, cells, rule, words in found
        ]
        part.unreadable = sorted(part.unreadable + apart, key=lambda bad: bad.line)


def _rows(condition: str, part: Part, *, engine: Engine, table: str) -> list[tuple[int, list[str | None]]]:
    cells = ", ".join(quoted(name) for name in part.columns)
    rows = engine.rows(f"SELECT {part.line} AS line, [{cells}] FROM {quoted(table)} WHERE {condition} ORDER BY line")
    return [(int(line), list(row)) for line, row in rows]


def _totals(part: Part) -> str:
    """Whether the first cell with something in it is a word for totals, and every other one a number."""
    filled = f"list_filter([{', '.join(quoted(name) for name in part.columns)}], lambda cell: cell IS NOT NULL)"
    words = ", ".join(literal(word) for word in TOTALS)
    first = f"lower(trim({filled}[1], {literal(' :：')})) IN ({words})"
    rest = f"len(list_filter({filled}[2:], lambda cell: NOT regexp_full_match(trim(cell), {literal(_NUMBER)}))) = 0"
    return f"coalesce({first}, false) AND {rest}"
