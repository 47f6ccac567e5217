"""What time says of rows that are good in themselves: left later, dated beyond the extract, held twice at once."""

from __future__ import annotations

import datetime as dt

from analysis.extracts.check import Checked, dated_later
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.findings import Finding
from analysis.extracts.mapping import Source


def time_findings(checked: Checked, *, source: Source, as_of: dt.date, engine: Engine) -> list[Finding]:
    """Findings of one contract table that need the as-of date, or the day the extract was taken."""
    found = _beyond_extract(checked, source=source, engine=engine)
    if checked.table.name == "customers" and "churn_date" in checked.selected.supplied:
        found += _left_later(checked, as_of=as_of, engine=engine)
    if checked.table.name == "subscriptions":
        found += _held_twice(checked, source=source, as_of=as_of, engine=engine)
    return found


def _beyond_extract(checked: Checked, *, source: Source, engine: Engine) -> list[Finding]:
    """Rows dated after the day the extract was taken: they cannot have happened yet."""
    taken, table = source.extracted_on, checked.table.name
    later = dated_later(checked, taken) if taken else "false"
    if later == "false":
        return []
    [(rows,)] = engine.rows(f"SELECT count(*) FILTER ({later}) FROM {quoted(checked.held)}")
    if not rows:
        return []
    column = next(name for name in checked.table.own_date if name in checked.selected.supplied)
    expected = f"no {column} after the extract was taken, {taken}"
    do = "Correct `extracted_at` in source.yml, or ask how days to come got into the extract."
    return [Finding(table, f"future:{column}", column, "note", rows, table, expected, f"{rows:,} later", do)]


def _left_later(checked: Checked, *, as_of: dt.date, engine: Engine) -> list[Finding]:
    """Customers who leave after the as-of date: on that day they are active, and nothing of their leaving is known."""
    later = dated_later(checked, as_of)
    [(rows,)] = engine.rows(
        f"SELECT count(*) FILTER (_rule IS NULL AND NOT {later} AND churn_date > DATE '{as_of}') "
        f"FROM {quoted(checked.held)}"
    )
    if not rows:
        return []
    expected, found = f"a churn_date by {as_of}, or none", f"{rows:,} later"
    do = "Read as still active on that day: nothing later is used."
    return [Finding("customers", "later:churn_date", "churn_date", "fixed", rows, "customers", expected, found, do)]


def _held_twice(checked: Checked, *, source: Source, as_of: dt.date, engine: Engine) -> list[Finding]:
    """Subscriptions that begin while the same customer holds another of the same product."""
    known = f"_rule IS NULL AND NOT {dated_later(checked, as_of)}"
    candidates = (
        f"SELECT customer_id, product FROM {quoted(checked.held)} WHERE {known} "
        f"GROUP BY customer_id, product HAVING count(*) > 1"
    )
    end = "coalesce(end_date, DATE '9999-12-31')"
    [(rows,)] = engine.rows(
        f"""
        SELECT count(*) FILTER (start_date < reach) FROM (
            SELECT start_date, max({end}) OVER (PARTITION BY customer_id, product
                ORDER BY start_date, {end}, subscription_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
            FROM {quoted(checked.held)} SEMI JOIN ({candidates}) USING (customer_id, product) WHERE {known})
        """
    )
    if not rows:
        return []
    expected, begin = "a product held once at a time", "1 that begins" if rows == 1 else f"{rows:,} that begin"
    found = f"{begin} while the customer holds the same product"
    do = (
        "They make one spell, and each is billed as it stands. Where only one of two is held, close the other in "
        f"{source.shown}/subscriptions.sql."
    )
    return [Finding("subscriptions", "overlap:product", "product", "fixed", rows, "subscriptions", expected, found, do)]
