"""What the order of ids says about dates, in words."""

from __future__ import annotations

from analysis.extracts.check import Checked
from analysis.extracts.findings import Finding


def order_findings(checked: Checked) -> list[Finding]:
    """Dates whose day and month were exchanged, or should be; nothing where the order of ids agrees with them."""
    order, table = checked.order, checked.table.name
    if order is None or not (order.applied or order.contradicted):
        return []
    rule, expected = f"order:{order.column}", f"dates in the order of {order.by}"
    open_dates = f"{order.open:,} of {order.dates:,} dates could be read both ways, day first or month first"
    if not order.applied:
        share = f"{order.exchanged:,} of {order.kept + order.exchanged + order.unclear:,} looked at"
        found = f"that {open_dates}, and the order contradicts {share} as they are written"
        do = (
            f"No count by month can be trusted. Write `date_order: {{column: {order.column}, by: {order.by}}}` into "
            "source.yml to exchange day and month where the order shows it, or ask for the extract again."
        )
        return [Finding(table, rule, order.column, "note", order.open, table, expected, found, do)]
    do = f"Read with day and month exchanged; {order.kept:,} more are right as written."
    found = f"{order.exchanged:,} with day and month exchanged ({open_dates})"
    findings = [Finding(table, rule, order.column, "fixed", order.exchanged, table, expected, found, do)]
    if order.unclear:
        found = f"{order.unclear:,} that fit among their neighbours both ways, or neither way"
        do = "They stay as written; ask for the extract again if they matter."
        findings.append(
            Finding(table, f"unclear:{order.column}", order.column, "note", order.unclear, table, expected, found, do)
        )
    return findings if order.exchanged else findings[1:]
