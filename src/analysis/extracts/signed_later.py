"""Customers whose signup lies after the as-of date although they held a product, or were billed, before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from analysis.extracts.check import Checked, dated_later
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.findings import Finding


def forget_later_signups(checked: Mapping[str, Checked], *, as_of: dt.date, engine: Engine) -> list[Finding]:
    """Read such a signup as unknown: a system wrote over it when the contract was renewed, or somebody mistyped it.

    As a row dated later the customer would not be known yet, while the bills are: they would be shared out among the
    others. A first product on a day tells that somebody was a customer; where the source gives no subscriptions, a bill
    for a month that was over does.
    """
    customers = checked.get("customers")
    if customers is None or "signup_date" not in customers.selected.supplied:
        return []
    later = f"_rule IS NULL AND {dated_later(customers, as_of)} AND signup_date > DATE '{as_of}'"
    there = _there(checked, as_of=as_of)
    held = quoted(customers.held)
    if there is None or not engine.rows(f"SELECT 1 FROM {held} WHERE {later} LIMIT 1"):
        return []
    known = f"{later} AND customer_id IN (SELECT customer_id FROM {there})"
    [(rows,)] = engine.rows(f"SELECT count(*) FILTER ({known}) FROM {held}")
    if not rows:
        return []
    engine.execute(f"UPDATE {held} SET signup_date = NULL WHERE {known}")
    expected = f"a signup_date by {as_of} of who held a product, or was billed, by then"
    do = "Read as unknown, so that they count from their first product. Ask whether a renewal writes over the signup."
    found = f"{rows:,} later"
    return [Finding("customers", "later:signup_date", "signup_date", "fixed", rows, "customers", expected, found, do)]


def _there(checked: Mapping[str, Checked], *, as_of: dt.date) -> str | None:
    """SQL of the rows that tell who was a customer; None where the source has none."""
    if "subscriptions" in checked:
        return f"{quoted(checked['subscriptions'].held)} WHERE _rule IS NULL AND start_date <= DATE '{as_of}'"
    if "invoices" in checked:
        over = f"month < date_trunc('month', DATE '{as_of}')"
        return f"{quoted(checked['invoices'].held)} WHERE _rule IS NULL AND {over}"
    return None
