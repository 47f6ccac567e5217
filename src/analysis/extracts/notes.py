"""What deserves a mention though no row is wrong by it: look-alike ids, percents among shares, who holds nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from analysis.basis.errors import ParamsError
from analysis.extracts.check import Checked, dated_later
from analysis.extracts.contract import KEPT_OUT, PRODUCTS
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.findings import Finding, row_count
from analysis.extracts.likeness import plain_text
from analysis.extracts.mapping import Source
from analysis.extracts.selected import REPAIRED


def further_notes(checked: Mapping[str, Checked], *, source: Source, as_of: dt.date, engine: Engine) -> list[Finding]:
    """What the tables say together, and what their SELECTs say they repaired; rows dated after `as_of` do not count."""
    found = []
    for one in checked.values():
        found += _repaired(one, source=source, engine=engine)
        found += _unchecked_join(one, source=source)
        found += _percents(one, source=source, engine=engine)
    if "customers" in checked:
        found += _alike(checked["customers"], as_of=as_of, engine=engine)
    if "subscriptions" in checked:
        found += _other_words(checked["subscriptions"], source=source, engine=engine)
    if {"customers", "subscriptions"} <= checked.keys():
        found += _without_product(checked["customers"], checked["subscriptions"], as_of=as_of, engine=engine)
    return found


def _other_words(checked: Checked, *, source: Source, engine: Engine) -> list[Finding]:
    """Products of which none is called as the contract calls it: no chapter would know who holds broadband."""
    known = ", ".join(literal(product) for product in PRODUCTS)
    [(rows, other)] = engine.rows(
        f"SELECT count(*), count(*) FILTER (lower(product) NOT IN ({known})) FROM {quoted(checked.held)} "
        "WHERE _rule IS NULL"
    )
    if not rows or other < rows:
        return []
    expected, where = f"{', '.join(PRODUCTS)} among the products", f"{source.shown}/{checked.table.name}.sql"
    do = "Translate them there (CASE). Until then nobody is told to hold any of these; technology has no class."
    return [
        Finding("subscriptions", "words:product", "product", "note", rows, where, expected, "other words alone", do)
    ]


def _repaired(checked: Checked, *, source: Source, engine: Engine) -> list[Finding]:
    """Values the SELECT put in itself, as its column `_repaired` tells: the contract column it names, row by row."""
    if not checked.selected.named(REPAIRED):
        return []
    table, sql = checked.table, f"{source.shown}/{checked.table.name}.sql"
    counts = engine.rows(
        f"SELECT {REPAIRED}, count(*) FROM {quoted(checked.held)} "
        f"WHERE {REPAIRED} IS NOT NULL AND _rule IS NULL GROUP BY 1 ORDER BY 1"
    )
    if any(name not in table.names for name, _ in counts):
        do = "Give it the name of the column that the SELECT filled, and nothing where it filled none."
        raise ParamsError(sql, expected=f"{REPAIRED} to name a column of {table.name}", found="another text", do=do)
    do = f"The rule stands in {sql}."
    return [
        Finding(table.name, f"repaired:{name}", name, "fixed", rows, table.name, f"{name} to stand in the extract",
                "one that the SELECT put in by a rule of its own", do)
        for name, rows in counts
    ]  # fmt: skip


def _unchecked_join(checked: Checked, *, source: Source) -> list[Finding]:
    """A SELECT of a table without a key that joins and drops the lines: nothing can tell whether rows multiply."""
    selected = checked.selected
    if checked.table.key or selected.has_lines or not selected.joins:
        return []
    where = f"{source.shown}/{checked.table.name}.sql"
    do = "Whether its JOIN multiplies rows is not known without them."
    expected, found = "_file and _line of the first raw table beside a JOIN", "a SELECT without them"
    return [Finding(checked.table.name, "lines", None, "note", checked.rows, where, expected, found, do)]


def _percents(checked: Checked, *, source: Source, engine: Engine) -> list[Finding]:
    """Shares written as 45 instead of 0.45: set aside as out of range, and explained here."""
    found = []
    for column in checked.table.columns:
        if column.type != "number" or (column.low, column.high) != (0, 1):
            continue
        name = quoted(column.name)
        [(rows,)] = engine.rows(
            f"SELECT count(*) FROM {quoted(checked.held)} "
            f"WHERE _rule = 'range:{column.name}' AND {name} > 1 AND {name} <= 100"
        )
        if rows:
            where, what = checked.table.name, f"values between 1 and 100 in {row_count(rows)}, set aside"
            do = f"If they are percents, divide them by 100 in {source.shown}/{checked.table.name}.sql."
            rule, expected = f"percent:{column.name}", f"{column.name} as a share, 0 to 1"
            found.append(Finding(where, rule, column.name, "note", rows, where, expected, what, do))
    return found


def _alike(customers: Checked, *, as_of: dt.date, engine: Engine) -> list[Finding]:
    """Customers whose ids are the same but for case, blanks, or full-width characters. They are not merged."""
    later = dated_later(customers, as_of)
    [(ids, groups)] = engine.rows(
        f"SELECT coalesce(sum(ids), 0), count(*) FROM (SELECT count(*) AS ids FROM {quoted(customers.held)} "
        f"WHERE _rule IS NULL AND NOT {later} GROUP BY {plain_text('customer_id', blanks=False)} "
        f"HAVING min(customer_id) <> max(customer_id))"
    )
    if not ids:
        return []
    what = f"{ids:,} that are {groups:,} but for case, blanks or full-width characters"
    do = "They are kept apart. If they are the same customers, write their ids one way in the SELECTs."
    rule, expected = "alike:customer_id", "ids that differ visibly"
    return [Finding("customers", rule, "customer_id", "note", int(ids), "customers", expected, what, do)]


def _without_product(customers: Checked, subscriptions: Checked, *, as_of: dt.date, engine: Engine) -> list[Finding]:
    """Customers who never held a product; test and staff lines, of whom no figure speaks, are none."""
    kept_out = ", ".join(f"'{status}'" for status in KEPT_OUT)
    counted = f"coalesce(status NOT IN ({kept_out}), true)" if customers.selected.named("status") else "true"
    later = dated_later(customers, as_of)
    begun_later = dated_later(subscriptions, as_of)
    [(rows,)] = engine.rows(
        f"SELECT count(*) FROM {quoted(customers.held)} WHERE _rule IS NULL AND NOT {later} AND {counted} "
        f"AND customer_id NOT IN ("
        f"SELECT customer_id FROM {quoted(subscriptions.held)} "
        f"WHERE _rule IS NULL AND customer_id IS NOT NULL AND NOT {begun_later})"
    )
    if not rows:
        return []
    expected, what = "a subscription of every customer", f"{rows:,} customers without" if rows > 1 else "one without"
    do = "They hold nothing, so survival leaves them out."
    rule = "relationships:subscriptions"
    return [Finding("customers", rule, "customer_id", "note", rows, "customers", expected, what, do)]
