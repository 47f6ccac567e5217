"""Lines of a table without a key that equal another: they may be copies, and they may be right. They are counted."""

from __future__ import annotations

import datetime as dt

from analysis.extracts.check import Checked, dated_later
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.findings import Finding
from analysis.extracts.mapping import Source

RULE = "unique:line"


def copied_lines(checked: Checked, *, source: Source, as_of: dt.date, engine: Engine) -> list[Finding]:
    """Used lines that equal an earlier one in every column selected, and the amount they carry.

    Only tables without a key: where there is one, equal rows are left out (`repeated`). 64 bits of a hash stand for
    a line, so one of n lines equals another by chance with a probability of n / 2⁶⁴.
    """
    if checked.table.key:
        return []
    table, has_amount = checked.table.name, "amount" in checked.selected.supplied
    line = f"hash({', '.join(map(quoted, checked.columns))})"
    used = f"FROM {quoted(checked.held)} WHERE _rule IS NULL AND NOT {dated_later(checked, as_of)}"
    # Counting hashes alone takes half the time of groups that carry amounts, and most extracts have no such line.
    [(rows,)] = engine.rows(f"SELECT count(*) - count(DISTINCT {line}) {used}")
    if not rows:
        return []
    worth = "any_value(amount)" if has_amount else "CAST(NULL AS DECIMAL)"
    [(amount, total)] = engine.rows(
        f"""
        SELECT sum((lines - 1) * amount), sum(lines * amount)
        FROM (SELECT count(*) AS lines, {worth} AS amount {used} GROUP BY {line})
        """
    )
    equal = "1 that equals another" if rows == 1 else f"{rows:,} that equal another"
    found = f"{equal} in every column selected{_worth(float(amount or 0), float(total or 0), source)}"
    copies = "it is a copy" if rows == 1 else "they are copies"
    do = (
        f"{'It counts' if rows == 1 else 'They count'}: nothing tells a copy from a line that is right twice. If "
        f"{copies}, write SELECT DISTINCT in {source.shown}/{table}.sql, without _file and _line."
    )
    return [Finding(table, RULE, None, "note", rows, table, "each line once", found, do)]


def _worth(amount: float, total: float, source: Source) -> str:
    """The amount on the repeated lines, and its share of all where that has a meaning."""
    if not amount:
        return ""
    share = f" ({amount / total:.1%} of all)".replace("%", " %") if 0 < amount <= total else ""
    return f", with {amount:,.2f} {source.currency} on them{share}"
