"""One customer under several keys: every table's keys translated by a raw table that says whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from analysis.basis.errors import InputRefused
from analysis.extracts.cast import trimmed
from analysis.extracts.check import Checked
from analysis.extracts.engine import Engine, literal, quoted
from analysis.extracts.findings import Finding, row_count
from analysis.extracts.identity import Crosswalk
from analysis.extracts.mapping import Source
from analysis.extracts.marks import AMBIGUOUS
from analysis.extracts.raw_files import RawFiles
from analysis.extracts.rules import PLACEHOLDERS
from analysis.extracts.selected import CROSSWALK, SYSTEM, TRANSLATED, Selected

UNKNOWN, KNOWN, OWN = 0, 1, 2  # `_crosswalk`: a key the table does not hold, one it holds, a customer's own


def crosswalk_table(source: Source, files: RawFiles) -> set[str]:
    """The raw table that `crosswalk:` names; empty where there is none.

    Raises
    ------
    InputRefused
        When it is not there.
    """
    if source.crosswalk is None:
        return set()
    found = files.find(source.crosswalk.table)
    if found is None:
        close = get_close_matches(source.crosswalk.table, files.tables, n=3, cutoff=0.4)
        do = f"Nearest: {', '.join(close)}. " if close else ""
        expected = f"a raw table {source.crosswalk.table!r}, the crosswalk"
        do = f"{do}Put the file there, or correct `crosswalk:`."
        raise InputRefused(f"{source.shown}/source.yml", expected=expected, found="none", do=do)
    return {found}


class Customers:
    """Whose a key is, held by the engine: by system and key, and by key alone.

    A key that stands for several customers is ambiguous: rows with it are set aside, never given to one of them.
    A customer's own id, which no system uses for another, is known too.
    """

    def __init__(self, source: Source, *, engine: Engine) -> None:
        self.crosswalk, self.engine = source.crosswalk, engine
        self.tables: dict[bool, str] = {}
        self.findings = _checked_map(source.crosswalk, source=source, engine=engine) if source.crosswalk else []

    def translated(self, selected: Selected) -> Selected:
        """The SELECT, with customers in place of keys, and what became of `customer_id` as `_crosswalk`."""
        columns = [name for name in TRANSLATED if selected.named(name)]
        if self.crosswalk is None or not columns:
            return selected
        by_system = bool(self.crosswalk.system and selected.named(SYSTEM))
        if by_system not in self.tables:
            self.tables[by_system] = self.engine.fresh_name()
            known = f"{_pairs_sql(self.crosswalk, by_system=by_system)} {_CUSTOMERS}"
            self.engine.execute(f"CREATE TABLE {quoted(self.tables[by_system])} AS {known}")
        sql = _translated_sql(selected, columns, self.tables[by_system], by_system=by_system)
        return replace(selected, sql=sql, columns=self.engine.columns(sql, selected.parameters))


def crosswalk_findings(checked: Mapping[str, Checked], *, source: Source, engine: Engine) -> list[Finding]:
    """How many rows of each table were given to a customer by the crosswalk, and how many it knows nothing of."""
    found = []
    for name, one in checked.items():
        if source.crosswalk is None or not one.selected.named(CROSSWALK):
            continue
        counts = dict(engine.rows(f"SELECT {CROSSWALK}, count(*) FROM {quoted(one.held)} GROUP BY 1"))
        known, own, unknown = (counts.get(code, 0) for code in (KNOWN, OWN, UNKNOWN))
        what = (
            f"{row_count(known)} under a key it translates, {own:,} under the customer's own, {unknown:,} under another"
        )
        do = f"Complete {source.crosswalk.table} where the last are customers it should know." if unknown else ""
        expected = f"customers as {source.crosswalk.table} knows them"
        found.append(Finding(name, "crosswalk", "customer_id", "note", known + own + unknown, name, expected, what, do))
    return found


def _checked_map(crosswalk: Crosswalk, *, source: Source, engine: Engine) -> list[Finding]:
    """What is wrong with the crosswalk's own rows; refused without the columns that source.yml names."""
    table = crosswalk.table
    names = [name for name, _ in engine.columns(f"SELECT * FROM {quoted(table)}")]
    for name in (crosswalk.key, crosswalk.customer, crosswalk.system):
        if name is not None and name.casefold() not in {one.casefold() for one in names}:
            close = get_close_matches(name, names, n=1, cutoff=0.4)
            do = f"Closest: {close[0]}. " if close else ""
            do = f"{do}Correct `crosswalk:` in {source.shown}/source.yml."
            raise InputRefused(table, expected=f"a column {name}", found=f"columns {', '.join(names[:8])}", do=do)
    pairs = _pairs_sql(crosswalk, by_system=True)
    [(rows, good, unclear)] = engine.rows(
        f"{pairs} SELECT (SELECT count(*) FROM pair), coalesce(sum(rows), 0)::BIGINT, count(*) FILTER (customers > 1) "
        f"FROM (SELECT count(*) AS rows, count(DISTINCT customer) AS customers FROM good GROUP BY system, key)"
    )
    found = []
    if rows > good:
        what, do = f"{row_count(rows - good)} without one of them", "They translate nothing."
        found.append(Finding(table, "not_null", None, "note", rows - good, table, "a key and its customer", what, do))
    if unclear:
        what, do = f"{unclear:,} of several", "Rows with such a key are set aside: correct the crosswalk."
        rule, expected = f"unique:{crosswalk.key}", "each key of one customer"
        found.append(Finding(table, rule, crosswalk.key, "note", unclear, table, expected, what, do))
    return found


def _pairs_sql(crosswalk: Crosswalk, *, by_system: bool) -> str:
    """WITH: `pair`, a row of the crosswalk as system, key and customer; `good`, those that say all of it."""
    none = ", ".join(literal(name) for name in PLACEHOLDERS)
    given = crosswalk.system if by_system and crosswalk.system else None
    system = trimmed(quoted(given)) if given else "CAST(NULL AS VARCHAR)"
    key, customer = (trimmed(f"CAST({quoted(name)} AS VARCHAR)") for name in (crosswalk.key, crosswalk.customer))
    told = " AND system IS NOT NULL" if given else ""
    return f"""
        WITH pair AS (
            SELECT {system} AS system, {key} AS key, {customer} AS customer FROM {quoted(crosswalk.table)}
        ), good AS (
            SELECT * FROM pair WHERE upper(key) NOT IN ({none}) AND upper(customer) NOT IN ({none}){told}
        )"""


# One row per key (and system): whose it is, and whether that is certain.
_CUSTOMERS = f"""
        , known AS (
            SELECT system, key, min(customer) AS customer,
                CASE WHEN count(DISTINCT customer) > 1 THEN {AMBIGUOUS} ELSE {KNOWN} END AS code
            FROM good GROUP BY system, key
        )
        SELECT * FROM known
        UNION ALL
        SELECT DISTINCT NULL, customer, customer, {OWN} FROM good WHERE customer NOT IN (SELECT key FROM known)
"""


def _translated_sql(selected: Selected, columns: list[str], table: str, *, by_system: bool) -> str:
    joins, values, codes = [], {}, []
    for place, name in enumerate(TRANSLATED):
        if name not in columns:
            continue
        raw = trimmed(f"CAST(__s.{quoted(selected.named(name) or '')} AS VARCHAR)")
        same = f"__m{place}.key = {raw}"
        if by_system:
            same += f" AND (__m{place}.system = {trimmed(f'__s.{SYSTEM}')} OR __m{place}.system IS NULL)"
        joins.append(f"LEFT JOIN {quoted(table)} AS __m{place} ON {same}")
        values[name] = f"CASE WHEN __m{place}.code < {AMBIGUOUS} THEN __m{place}.customer ELSE {raw} END"
        codes.append(f"WHEN __m{place}.code = {AMBIGUOUS} THEN {AMBIGUOUS + place}")
    if "customer_id" in columns:
        own = trimmed(f"CAST(__s.{quoted(selected.named('customer_id') or '')} AS VARCHAR)")
        codes.append(f"WHEN {own} IS NOT NULL THEN coalesce(__m0.code, {UNKNOWN})")
        for name in values.keys() & {"parent_id", "replaces_customer_id"}:  # both keys may be one customer
            values[name] = f"nullif({values[name]}, {values['customer_id']})"
    replaced = ", ".join(f"{values[name]} AS {quoted(selected.named(name) or '')}" for name in columns)
    return (
        f"SELECT __s.* REPLACE ({replaced}), CAST(CASE {' '.join(codes)} END AS UTINYINT) AS {CROSSWALK} "
        f"FROM (\n{selected.sql}\n) AS __s {' '.join(joins)}"
    )
