"""Lines that look like rows of a table and are none: the header again, and closing lines of totals."""

from __future__ import annotations

from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.part import Part, Unreadable

TOTALS = (
    "total", "totals", "grand total", "sum", "summe", "gesamt", "gesamtsumme", "insgesamt",
    "合计", "总计", "总和", "小计",
)  # fmt: skip
_COUNTS = (  # what a closing line may count
    "customers", "accounts", "rows", "lines", "records", "entries", "invoices", "kunden", "zeilen", "datensätze",
    "einträge", "rechnungen", "verträge", "stück", "clients", "lignes", "clientes", "filas", "客户", "户", "条", "行",
)  # fmt: skip
_NUMBER = r"[-+]?[\d., %]+"
_SIGN = r"([€$£¥%]|[A-Z]{3})"
_AMOUNT = rf"[-+]?\s*({_SIGN}\s*)?{_NUMBER}\s*{_SIGN}?"
_COUNTED = rf"\d[\d., ]*\s*({'|'.join(_COUNTS)})"
_TOTAL = rf"({'|'.join(TOTALS)})\s*[:：]?"
_DAY = r"(\d{4}-\d\d?-\d\d?|\d\d?[./]\d\d?[./]\d{2,4})([ T]\d\d?:\d\d(:\d\d)?)?"
_ALONE = (  # what stands in one cell of a line that has no other
    rf"({'|'.join(TOTALS)})\s*[:：]\s*{_NUMBER}",
    rf"((anzahl|number of|count of|nombre de|número de)\s+)?({'|'.join(_COUNTS)})\s*[:：]\s*{_NUMBER}",
    rf"(anzahl|count|总数)\s*[:：]\s*{_NUMBER}",
    rf"(stand|as of|datum|date|erstellt am|exported on|截至)\s*[:：]\s*{_DAY}",
)
MOST = 3  # closing lines of a file


def set_apart(part: Part, *, engine: Engine, table: str, separator: str) -> None:
    """Take the header's repeats and the closing lines, as `_closing` knows them, out of `table`.

    They go to `part.unreadable`, in order of their lines. One look at a column or two, where there are none.
    """
    again = " AND ".join(f"{quoted(name)} = {literal(name)}" for name in part.columns)
    found = [(*row, "header", "the header line again") for row in _rows(again, part, engine=engine, table=table)]
    found += [(*row, "total", "a line of totals") for row in _closing_rows(part, engine=engine, table=table)]
    if found:
        lines = ", ".join(str(line) for line, *_ in found)
        engine.execute(f"DELETE FROM {quoted(table)} WHERE {part.line} IN ({lines})")
        apart = [
            Unreadable(part.name, line, words, separator.join(cell or "" for cell in cells), rule)
            for line, cells, rule, words in found
        ]
        part.unreadable = sorted(part.unreadable + apart, key=lambda bad: bad.line)


def _closing_rows(part: Part, *, engine: Engine, table: str) -> list[tuple[int, list[str | None]]]:
    """The last lines that are closing ones, the last of all first."""
    found: list[tuple[int, list[str | None]]] = []
    for _ in range(MOST):
        before = f"WHERE {part.line} < {found[-1][0]}" if found else ""
        [(last,)] = engine.rows(f"SELECT coalesce(max({part.line}), 0) FROM {quoted(table)} {before}")
        rows = _rows(f"{part.line} = {last} AND {_closing(part)}", part, engine=engine, table=table)
        if not rows:
            break
        found += rows
    return found


def _rows(condition: str, part: Part, *, engine: Engine, table: str) -> list[tuple[int, list[str | None]]]:
    cells = ", ".join(quoted(name) for name in part.columns)
    rows = engine.rows(f"SELECT {part.line} AS line, [{cells}] FROM {quoted(table)} WHERE {condition} ORDER BY line")
    return [(int(line), list(row)) for line, row in rows]


def _closing(part: Part) -> str:
    """Whether the first cell with something in it is a word for totals, and every other one a number or a count.

    Or whether the only cell says how many there are, or of which day they are: "Anzahl Kunden: 59".
    """
    cells = ", ".join(f"trim({quoted(name)})" for name in part.columns)
    filled = f"list_filter([{cells}], lambda cell: cell <> '')"
    first = f"regexp_full_match({filled}[1], {literal(_TOTAL)}, 'i')"
    number = f"regexp_full_match(cell, {literal(_AMOUNT)}) OR regexp_full_match(cell, {literal(_COUNTED)}, 'i')"
    rest = f"len(list_filter({filled}[2:], lambda cell: NOT ({number}))) = 0"
    alone = f"len({filled}) = 1 AND regexp_full_match({filled}[1], {literal('|'.join(_ALONE))}, 'i')"
    return f"coalesce(({first} AND {rest}) OR ({alone}), false)"
