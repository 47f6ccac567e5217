"""Who customers are and what they permitted, read anew from the source for a hand-over: none of it is ever stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from analysis.extracts.check import Checked
from analysis.extracts.crosswalk import Customers, crosswalk_table
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.erasure import ERASED, set_erased_aside
from analysis.extracts.judging import Raw, checked_tables
from analysis.extracts.key import Key
from analysis.extracts.mapping import Source
from analysis.extracts.pseudonyms import pseudonym_tables
from analysis.extracts.read import offered, read_raw
from analysis.extracts.rules import STOOD_FOR
from analysis.extracts.selected import IDENTITIES, SYSTEM, raw_tables

Rows = nw.LazyFrame[Any]
TOLD = ("customers", "consents", IDENTITIES)
LAST_DAY = dt.date(2200, 12, 31)  # nothing is too late: a permission withdrawn after the as-of date is withdrawn


@dataclass(frozen=True)
class People:
    """What the source says of persons now, under the keys that the run uses.

    Attributes
    ----------
    tables
        `customers`, `consents` and `identities`, as far as the source gives them: their good rows, whatever their date,
        without customers who asked to be erased.
    ids
        Table, one row per key: `customer_id` (the run's), `source_id` (the source's own).
    unclear
        Table of `customer_id`: customers with a row of `consents` that cannot be read.
    erased
        Keys of customers who asked to be erased, as the run writes them.
    """

    tables: dict[str, Rows]
    ids: Rows
    unclear: Rows
    erased: list[str]


def read_people(source: Source, engine: Engine, *, key: Key | None) -> People:
    """Customers, their consents and identities, through the source's ordinary mapping.

    With a `key` every id is hashed as the run hashed it, which is the only way back from a pseudonym.

    Raises
    ------
    InputRefused
        When a file, or a whole column, cannot be read as what the contract needs.
    """
    source, files = _without_idle_precedence(source), offered(source)
    needs = {name: raws for name in TOLD if (raws := raw_tables(source, files, name))}
    common = crosswalk_table(source, files)
    spare = set().union(*(needs[name] for name in needs if name in source.optional))
    first = common.union(*needs.values()) if source.database else common
    with read_raw(source, files, sorted(first | spare), engine=engine, may_be_empty=spare) as read:
        given = {name: raws - common for name, raws in needs.items() if not raws & read.empty}
        checked = checked_tables(Raw(source, files, read), given, Customers(source, engine=engine), as_of=LAST_DAY)
    gone = set_erased_aside(checked, as_of=LAST_DAY, engine=engine)
    return _under_the_runs_keys(checked, gone, key, engine=engine)


def _without_idle_precedence(source: Source) -> Source:
    """The source without `precedence`, where only tables that are not read here come from several systems."""
    told = any(SYSTEM in source.selects.get(name, "").casefold() for name in TOLD)
    return source if told else replace(source, precedence=[])


def _under_the_runs_keys(checked: Mapping[str, Checked], gone: list[str], key: Key | None, *, engine: Engine) -> People:
    names = pseudonym_tables(checked, key, engine=engine) if key else None
    tables = {}
    for name, one in checked.items():
        columns = ", ".join(map(quoted, one.table.names))
        plain = f"SELECT {columns} FROM {quoted(one.held)} WHERE _rule IS NULL"
        tables[name] = engine.select(names.select(one, one.table.names) if names else plain)
    if names:
        ids = engine.select(f"SELECT pseudonym AS customer_id, id AS source_id FROM {quoted(names.names)}")
    else:
        ids = engine.select(f"SELECT customer_id, customer_id AS source_id FROM ({_ids(checked)})")
    unclear = engine.select(_unclear(checked)).join(ids, left_on="id", right_on="source_id", how="inner")
    erased = [key.pseudonym(one) for one in gone] if key else gone
    return People(tables, ids, unclear.select("customer_id"), erased)


def _ids(checked: Mapping[str, Checked]) -> str:
    parts = [f"SELECT customer_id FROM {quoted(one.held)} WHERE _rule IS NULL" for one in checked.values()]
    return " UNION ".join(parts) or "SELECT CAST(NULL AS VARCHAR) AS customer_id WHERE false"


def _unclear(checked: Mapping[str, Checked]) -> str:
    """Ids with a row of consents that was set aside: what it was meant to say is not known."""
    if "consents" not in checked:
        return "SELECT CAST(NULL AS VARCHAR) AS id WHERE false"
    fine = "', '".join([*STOOD_FOR, ERASED])
    return (
        f"SELECT DISTINCT customer_id AS id FROM {quoted(checked['consents'].held)} "
        f"WHERE _rule IS NOT NULL AND _rule NOT IN ('{fine}') AND customer_id IS NOT NULL"
    )
