"""People under two ids, as their names, phones, addresses and e-mail addresses tell: counted, listed, never merged.

Beside the hand-over to a CRM (`people`) the only reader of `identities`. Nothing of it outlasts the check but the
customers' keys, in quarantine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals as nw

from analysis.extracts.check import Checked, check_rows, dated_later
from analysis.extracts.crosswalk import Customers, crosswalk_table
from analysis.extracts.doors import doors_of
from analysis.extracts.engine import Engine, SqlError, literal, quoted
from analysis.extracts.file_findings import raw_findings
from analysis.extracts.findings import Finding, row_count
from analysis.extracts.likeness import FOLDED, digits, folded, letters
from analysis.extracts.mapping import Source
from analysis.extracts.raw_files import RawFiles
from analysis.extracts.read import RawRead, read_raw
from analysis.extracts.refusals import check_columns
from analysis.extracts.selected import IDENTITIES, Selected, prepared, raw_tables, select_refused

POSSIBLE = "possible_duplicates"  # the quarantine of customers who may be one person
SMALLEST = 10  # a group of fewer is told as that
_NAMES = ("last_name", "account_name", "company")
_SHARED = {"phone": "a phone", "email": "an e-mail address", "address": "an address"}


@dataclass
class Duplicates:
    """What the check read, what it found, and who may be one person: rule, column, …, key, found (a group's number).

    `doors` is one row, of `identities`, where it was read.
    """

    read: RawRead = field(default_factory=RawRead)
    doors: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    listed: nw.LazyFrame[Any] | None = None


def possible_duplicates(
    source: Source, files: RawFiles, customers: Customers, *, checked: Mapping[str, Checked], as_of: dt.date
) -> Duplicates:
    """Customers who share a name and a phone, an e-mail address or an address with another one.

    Texts are compared without case, accents, blanks and punctuation, full-width characters as their usual ones and ß as
    ss; phones by their last eight digits, so that a country's prefix does not matter. Customers meet in groups of one
    key, so the work grows with the number of customers and not with its square.

    Parameters
    ----------
    checked
        The source's other tables: only customers they know at `as_of` are compared.
    """
    needed, engine = raw_tables(source, files, IDENTITIES), customers.engine
    if not needed:
        return Duplicates()
    spare, raws = needed if IDENTITIES in source.optional else set(), needed | crosswalk_table(source, files)
    with read_raw(source, files, sorted(raws), engine=engine, may_be_empty=spare) as read:
        if needed & read.empty:
            return Duplicates(read)
        selected = customers.translated(prepared(source, files, IDENTITIES, engine=engine))
        held = _held(selected, source=source, as_of=as_of, engine=engine)
    engine.teach(FOLDED, folded)
    people, named = engine.fresh_name(), engine.fresh_name()
    went, _ = doors_of(held, as_of=as_of, engine=engine)
    known = _known_sql(checked, as_of)
    engine.execute(f"CREATE TABLE {quoted(people)} AS {_people_sql(held, known)}")
    notes = [*_unreadable(read), *_unnamed(held, engine=engine), *_unknown(held, known, engine=engine)]
    found = Duplicates(read, [{"table": IDENTITIES} | went], notes)
    groups = " UNION ALL ".join(_groups_sql(people, what) for what in _SHARED)
    engine.execute(f"CREATE TABLE {quoted(named)} AS {groups}")
    found.findings += _shared(named, engine=engine)
    found.listed = _listed(named, engine=engine)
    for table in (held.held, people):
        engine.drop(table)
    return found


def _held(selected: Selected, *, source: Source, as_of: dt.date, engine: Engine) -> Checked:
    check_columns(selected, source=source)
    try:
        return check_rows(selected, source=source, as_of=as_of, engine=engine)
    except SqlError as error:
        raise select_refused(error, selected.sql, where=selected.where, engine=engine) from None


def _known_sql(checked: Mapping[str, Checked], as_of: dt.date) -> str:
    """Customers of the report, each with the one it replaces: those of `customers`, else whom the tables name."""
    tables = [checked["customers"]] if "customers" in checked else list(checked.values())
    parts = [
        f"SELECT customer_id, {'replaces_customer_id' if one.table.name == 'customers' else 'NULL'} AS replaces "
        f"FROM {quoted(one.held)} WHERE _rule IS NULL AND NOT {dated_later(one, as_of)}"
        for one in tables
        if "customer_id" in one.selected.supplied
    ]
    return " UNION ".join(parts) or "SELECT NULL AS customer_id, NULL AS replaces WHERE false"


def _people_sql(held: Checked, known: str) -> str:
    """One row per person told of: the customer, the one it replaces, and the texts made alike."""
    name = ", ".join(letters(f"i.{name}") for name in _NAMES)
    return f"""
        SELECT DISTINCT i.customer_id, CAST(c.replaces AS VARCHAR) AS replaces, coalesce({name}) AS name,
            {digits("i.phone")} AS phone, {letters("i.email")} AS email, {letters("i.address")} AS address
        FROM {quoted(held.held)} AS i JOIN ({known}) AS c USING (customer_id) WHERE i._rule IS NULL
    """


def _groups_sql(people: str, what: str) -> str:
    """One row per group that shares a name and `what`: its customers, those counted once that replace each other."""
    return f"""
        SELECT {literal(what)} AS what, ids, people FROM (
            SELECT list_sort(list(customer_id)) AS ids, list(replaces) AS replaced,
                len(ids) - len(list_intersect(ids, replaced)) AS people
            FROM (SELECT DISTINCT customer_id, replaces, name, {what} FROM {quoted(people)})
            WHERE name IS NOT NULL AND {what} IS NOT NULL GROUP BY name, {what} HAVING count(*) > 1
        ) WHERE people > 1"""


def _shared(named: str, *, engine: Engine) -> list[Finding]:
    counts = engine.rows(
        f"SELECT what, sum(people)::BIGINT, count(*), max(people) FROM {quoted(named)} GROUP BY what ORDER BY what"
    )
    found = []
    for what, people, groups, largest in counts:
        size = f"fewer than {SMALLEST}" if largest < SMALLEST else f"{largest:,}"
        in_groups = f"in {groups:,} groups, the largest of {size}" if groups > 1 else f"in one group of {size}"
        shared = f"{people:,} customers who share {_SHARED[what]} and a name with another one, {in_groups}"
        do = (
            f"They are not merged. A run lists them in quarantine/{POSSIBLE}.parquet; "
            "`crosswalk` in source.yml makes one customer of those who are one person."
        )
        rule, expected = f"possible_duplicate:{what}", "each person under one id"
        found.append(Finding("customers", rule, None, "note", people, IDENTITIES, expected, shared, do))
    return found


def _listed(named: str, *, engine: Engine) -> nw.LazyFrame[Any] | None:
    """Who may be one person, with the quarantine's columns: `found` is the number of the group."""
    if not engine.rows(f"SELECT 1 FROM {quoted(named)} LIMIT 1"):
        return None
    return engine.select(
        f"SELECT concat('possible_duplicate:', what) AS rule, what AS \"column\", CAST(NULL AS VARCHAR) AS file, "
        f"CAST(NULL AS BIGINT) AS line, unnest(ids) AS key, CAST(place AS VARCHAR) AS found, "
        f"CAST(NULL AS VARCHAR) AS row "
        f"FROM (SELECT *, row_number() OVER (PARTITION BY what ORDER BY ids) AS place FROM {quoted(named)})"
    )


def _unreadable(read: RawRead) -> list[Finding]:
    """What the first door found, without a word of what the records say."""
    do = "The check for duplicates goes without them."
    return [
        replace(one, found="records that are no rows", do=do) if one.severity == "set_aside" else one
        for one in raw_findings(read)
    ]


def _unnamed(held: Checked, *, engine: Engine) -> list[Finding]:
    """Rows of people without a usable id."""
    [(rows,)] = engine.rows(f"SELECT count(*) FROM {quoted(held.held)} WHERE _rule IS NOT NULL")
    if not rows:
        return []
    what, do = f"none in {row_count(rows)}", "The check for duplicates goes without them."
    return [
        Finding(IDENTITIES, "not_null:customer_id", None, "note", rows, IDENTITIES, "a usable customer_id", what, do)
    ]


def _unknown(held: Checked, known: str, *, engine: Engine) -> list[Finding]:
    """Rows of people whom the report does not know: where they are many, ids may be written in another way."""
    unknown = f"customer_id NOT IN (SELECT customer_id FROM ({known}))"
    [(rows,)] = engine.rows(f"SELECT count(*) FROM {quoted(held.held)} WHERE _rule IS NULL AND {unknown}")
    if not rows:
        return []
    what, do = f"one that the report does not know in {row_count(rows)}", "The check for duplicates goes without them."
    rule = "relationships:customer_id"
    return [Finding(IDENTITIES, rule, "customer_id", "note", rows, IDENTITIES, "a customer_id of use", what, do)]
