"""Months that several files of a table hold: two extracts of one period, or two parts of one."""

from __future__ import annotations

from analysis.extracts.check import Checked
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.findings import Finding


def shared_months(checked: Checked, *, engine: Engine) -> list[Finding]:
    """A note on the first month whose rows come from more than one file, and how many more there are."""
    if "month" not in checked.selected.supplied or not checked.selected.has_lines:
        return []
    shared = engine.rows(
        f"SELECT strftime(month, '%Y-%m'), min(_file), max(_file), count(*) FROM {quoted(checked.held)} "
        "WHERE _rule IS NULL GROUP BY month HAVING min(_file) <> max(_file) ORDER BY month"
    )
    if not shared:
        return []
    month, first, last, _ = shared[0]
    more = f", and {len(shared) - 1:,} more in several files" if len(shared) > 1 else ""
    found = f"{month} in {first} and in {last}{more}"
    rows, do = sum(row[3] for row in shared), "If one replaces the other, remove it: the rows of both count."
    table = checked.table.name
    return [Finding(table, "periods", "month", "note", rows, table, "each month in one file", found, do)]
