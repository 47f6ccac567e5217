"""A source, taken in: raw files through the first door, contract tables through the second."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.errors import LinecardError
from analysis.extracts.cast import ENGINE_TYPES
from analysis.extracts.check import Checked, dated_later
from analysis.extracts.codes import code_findings, code_or_other, declared_codes
from analysis.extracts.contract import CONTRACT
from analysis.extracts.copied import copied_lines
from analysis.extracts.crosswalk import Customers, crosswalk_findings, crosswalk_table
from analysis.extracts.doors import Values, absolve_later, doors_of
from analysis.extracts.duplicates import POSSIBLE, possible_duplicates
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.erasure import ERASED, erased_rows, erasure_finding, set_erased_aside, without_erased
from analysis.extracts.file_findings import raw_findings
from analysis.extracts.findings import findings_table, table_findings
from analysis.extracts.in_time import time_findings
from analysis.extracts.judging import Raw, checked_tables
from analysis.extracts.key import Key
from analysis.extracts.known import known_at
from analysis.extracts.left_out import left_out, never_read, unread_files
from analysis.extracts.mapping import Source
from analysis.extracts.notes import further_notes
from analysis.extracts.order_words import order_findings
from analysis.extracts.periods import shared_months
from analysis.extracts.precedence import conflict_findings
from analysis.extracts.pseudonyms import Pseudonyms, pseudonym_tables
from analysis.extracts.read import offered, read_raw
from analysis.extracts.rules import STOOD_FOR
from analysis.extracts.selected import only_optional, wanted
from analysis.extracts.signed_later import forget_later_signups

_DOORS = ("table", "selected", "accepted", "set_aside", "duplicates", "later")
UNREADABLE = "unreadable"  # the quarantine of records that never became rows


@dataclass(frozen=True)
class Extracts:
    """A source as it was known on the as-of date, and an account of every row that was read.

    Attributes
    ----------
    tables
        Contract table → its accepted rows: every contract column, typed (missing where the source has none), then
        attr_ columns, then `_file` and `_line` where the SELECT keeps them and ids are no pseudonyms. `customers` is
        made from the ids of the other tables where the source has none. `identities` is never among them.
    supplied, ignored
        Contract table → contract columns the source gives; columns it gives that the contract does not know, and, by
        file, columns of raw tables that no SELECT reads.
    quarantine
        Contract table → rows set aside, none of them dated after the as-of date: rule, column, file, line, key,
        found, row (JSON text); under `unreadable`, records of raw files that are no rows; and under
        `possible_duplicates`, customers who may be one person. Holds raw values: never published.
    doors
        Table, one row per contract table read: table, selected, accepted, set_aside, duplicates, later.
    people
        The same of `identities`, where the source gives it: it is read for the check for duplicates alone.
    columns
        Table, one row per contract table and column the source gives: table, column, rows (dated by the as-of date,
        good or not), given (values there, read or not), failed (those that could not be read, or are not known).
    raw
        Table, one row per raw file: file, lines (records below the header), parsed, unreadable.
    findings
        Table, one row per rule that struck: table, rule, column, severity (set_aside, fixed, note), rows, where,
        expected, found, do.
    files
        One entry per raw file: file (relative to `files`), sha256, bytes. Of a table of a database: schema.table,
        a digest of its rows in whatever order, and no bytes.
    erased
        Contract table → rows among those set aside that are no defect: their customer asked to be erased.
    """

    tables: dict[str, nw.LazyFrame[Any]]
    supplied: dict[str, list[str]]
    ignored: dict[str, list[str]]
    quarantine: dict[str, nw.LazyFrame[Any]]
    doors: pd.DataFrame
    columns: pd.DataFrame
    raw: pd.DataFrame
    findings: pd.DataFrame
    files: list[dict[str, object]]
    erased: dict[str, int] = field(default_factory=dict)
    people: pd.DataFrame = field(default_factory=pd.DataFrame)


def intake(source: Source, engine: Engine, *, as_of: dt.date, key: Key | None = None) -> Extracts:
    """Read, map and check a source, and mask it as it was known on `as_of`.

    Only raw tables that a SELECT names, or that bear a contract table's name, are read. With a `key`, ids are
    pseudonyms in `tables`, and only the quarantine holds them as they were.

    Raises
    ------
    InputRefused
        When a file, or a whole column, cannot be read as what the contract needs.
    ParamsError
        When a SELECT does not run.
    """
    files = offered(source)
    needs = wanted(source, files)
    common, spare = crosswalk_table(source, files), only_optional(source, needs)
    raws = common.union(*needs.values())
    # A database is read in one moment; of files, what every table needs, and what decides which tables there are.
    first = raws if source.database else common | spare
    with read_raw(source, files, sorted(first), engine=engine, may_be_empty=spare) as read:
        given = [name for name in needs if not needs[name] & read.empty]
        customers = Customers(source, engine=engine)
        asked = {name: needs[name] - common for name in given}
        checked = checked_tables(Raw(source, files, read), asked, customers, as_of=as_of)
    read.tables = dict(sorted(read.tables.items()))  # whatever the order in which they were needed
    gone = set_erased_aside(checked, as_of=as_of, engine=engine)
    overwritten = forget_later_signups(checked, as_of=as_of, engine=engine)
    for one in checked.values():
        absolve_later(one, as_of=as_of, engine=engine)
    counts = {name: doors_of(one, as_of=as_of, engine=engine) for name, one in checked.items()}
    doors: list[dict[str, Any]] = [{"table": name} | went for name, (went, _) in counts.items()]
    _check_doors(doors)
    names = pseudonym_tables(checked, key, engine=engine) if key else None
    tables = {name: _accepted(one, names, source=source, as_of=as_of, engine=engine) for name, one in checked.items()}
    if "customers" not in tables:
        tables = {"customers": _derived_customers(tables, engine=engine)} | tables
    erased = erased_rows(checked, engine=engine) if gone else {}
    found = raw_findings(read) + unread_files(source, files, raws) + left_out(source, given) + erasure_finding(erased)
    found += customers.findings + overwritten
    for name, one in checked.items():
        found += [*table_findings(one, source=source, engine=engine), *order_findings(one)]
        found += conflict_findings(one, source=source)
        found += time_findings(one, source=source, as_of=as_of, engine=engine)
        if sum(len(files.tables[raw]) for raw in needs[name]) > 1:
            found += shared_months(one, engine=engine)
        found += code_findings(one, source=source, as_of=as_of, engine=engine)
        found += copied_lines(one, source=source, as_of=as_of, engine=engine)
    found += crosswalk_findings(checked, source=source, engine=engine)
    found += further_notes(checked, source=source, as_of=as_of, engine=engine)
    quarantine = _quarantine(checked, without_erased(read.unreadable(), gone), engine=engine)
    people = possible_duplicates(source, files, customers, checked=checked, as_of=as_of)
    found += people.findings
    if people.listed is not None:
        quarantine[POSSIBLE] = people.listed
    read.tables |= {raw: parts for raw, parts in people.read.tables.items() if raw not in read.tables}
    return Extracts(
        tables=tables,
        supplied={"customers": ["customer_id"]} | {name: one.selected.supplied for name, one in checked.items()},
        ignored={name: one.selected.ignored for name, one in checked.items()} | never_read(source, files, read),
        quarantine=quarantine,
        doors=pd.DataFrame(doors, columns=list(_DOORS)),
        columns=_columns({name: values for name, (_, values) in counts.items()}),
        raw=read.doors(),
        findings=findings_table(found),
        files=read.files(),
        erased=erased,
        people=pd.DataFrame(people.doors, columns=list(_DOORS)),
    )


def _check_doors(doors: Sequence[dict[str, Any]]) -> None:
    """Stop when a row went missing between a SELECT and its contract table."""
    for door in doors:
        kept = sum(door[name] for name in ("accepted", "set_aside", "duplicates", "later"))
        if kept != door["selected"]:
            do = "This is an error in Linecard: please report it with this line."
            raise LinecardError(str(door["table"]), expected=f"{door['selected']:,} rows", found=f"{kept:,}", do=do)


def _columns(values: dict[str, list[Values]]) -> pd.DataFrame:
    rows = [(name, one.column, one.rows, one.given, one.failed) for name, found in values.items() for one in found]
    return pd.DataFrame(rows, columns=["table", "column", "rows", "given", "failed"])


def _accepted(
    checked: Checked, names: Pseudonyms | None, *, source: Source, as_of: dt.date, engine: Engine
) -> nw.LazyFrame[Any]:
    columns = [*checked.table.names, *checked.selected.extra]
    columns += ["_file", "_line"] if checked.selected.has_lines else []
    plain = f"SELECT {', '.join(map(quoted, columns))} FROM {quoted(checked.held)} WHERE _rule IS NULL"
    chosen = names.select(checked, columns) if names else plain
    if checked.selected.kept:
        chosen += f" AND NOT {dated_later(checked, as_of)}"
    if codes := declared_codes(source, checked.table):
        told = (f"{code_or_other(name, codes[name])} AS {quoted(name)}" for name in codes)
        chosen = f"SELECT * REPLACE ({', '.join(told)}) FROM ({chosen})"
    good = engine.select(chosen)
    return known_at(good, checked.table.name, as_of)


def _derived_customers(tables: dict[str, nw.LazyFrame[Any]], *, engine: Engine) -> nw.LazyFrame[Any]:
    """Customers named in other tables, one row each, with nothing else known of them."""
    ids = [table.select("customer_id") for name, table in tables.items() if "customer_id" in CONTRACT[name].names]
    nobody = engine.select("SELECT CAST(NULL AS VARCHAR) AS customer_id")
    held = engine.fresh_name()
    engine.table(nw.concat([nobody, *ids]).drop_nulls("customer_id").unique(), held)
    columns = ", ".join(
        quoted(column.name)
        if column.name == "customer_id"
        else f"CAST(NULL AS {ENGINE_TYPES[column.type]}) AS {quoted(column.name)}"
        for column in CONTRACT["customers"].columns
    )
    return engine.select(f"SELECT {columns} FROM {quoted(held)}")


def _quarantine(
    checked: dict[str, Checked], unreadable: pd.DataFrame, *, engine: Engine
) -> dict[str, nw.LazyFrame[Any]]:
    """Rows set aside, table by table; tables without any are left out."""
    quarantine = {}
    for name, one in checked.items():
        parts = ", '|', ".join(quoted(column) for column in (one.table.key or one.table.names[:1]))
        key = f"CASE WHEN _rule <> '{ERASED}' THEN concat({parts}) END"
        rows = engine.select(
            f"SELECT _rule AS rule, split_part(_rule, ':', 2) AS \"column\", _file AS file, _line AS line, "
            f"{key} AS key, _found AS found, _row AS row FROM {quoted(one.held)} "
            f"WHERE _rule IS NOT NULL AND _rule NOT IN {STOOD_FOR}"
        )
        if engine.rows(f"SELECT 1 FROM {quoted(one.held)} WHERE _rule NOT IN {STOOD_FOR} LIMIT 1"):
            quarantine[name] = rows
    if len(unreadable):
        quarantine[UNREADABLE] = engine.table(unreadable)
    return quarantine
