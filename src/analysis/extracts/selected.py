"""Which SELECT makes each contract table of a source, and what columns it gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from analysis.basis.errors import AnalysisFailed, InputRefused, LinecardError, ParamsError
from analysis.extracts.contract import CONTRACT, Table
from analysis.extracts.engine import Engine, SqlError, quoted
from analysis.extracts.identity import latest_by
from analysis.extracts.mapping import Source
from analysis.extracts.part import RESERVED
from analysis.extracts.raw_files import RawFiles
from analysis.extracts.selects import joins_rows, parameters_of, raw_names
from analysis.extracts.spellings import renamed

IDENTITIES = "identities"  # who a customer is: read only by the export and the duplicate check
REPAIRED = "_repaired"  # a SELECT's own column: the contract column that it filled by a rule of its own
SYSTEM = "_system"  # and the system a row comes from, where several give rows
MARKS = (REPAIRED, SYSTEM)
CROSSWALK = "_crosswalk"  # what became of a row's keys when they were translated into customers
TRANSLATED = ("customer_id", "parent_id", "replaces_customer_id", "converted_customer_id")  # columns of such keys


@dataclass(frozen=True)
class Selected:
    """A contract table's SELECT before it runs: `columns` are its names and engine types, `where` names it.

    `renamed` are headers of a table read without a SELECT of its own, and the contract columns they were read as.
    `kept` is the column by which the latest of several rows of one key is known; `systems` are those that give rows,
    in order of precedence; both are empty where source.yml declares nothing. `joins`: rows meet rows in it.
    """

    table: Table
    sql: str
    parameters: Mapping[str, object]
    columns: Sequence[tuple[str, str]]
    where: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    kept: str | None = None
    systems: Sequence[str] = ()
    joins: bool = False

    def named(self, name: str) -> str | None:
        """The SELECT's own spelling of a column; None when it has none."""
        return next((column for column, _ in self.columns if column.casefold() == name.casefold()), None)

    @property
    def supplied(self) -> list[str]:
        """Contract columns the SELECT gives, in the contract's order."""
        return [name for name in self.table.names if self.named(name)]

    @property
    def extra(self) -> list[str]:
        """Columns kept beside the contract's: attr_…"""
        return [name for name, _ in self.columns if name.startswith("attr_")]

    @property
    def ignored(self) -> list[str]:
        known = {
            name.casefold() for name in (*self.table.names, *self.extra, *RESERVED, *MARKS, CROSSWALK, self.kept or "")
        }
        return [name for name, _ in self.columns if name.casefold() not in known]

    @property
    def ranked(self) -> list[str]:
        """The held column with a row's place in the order of systems, in a table with a key that several give."""
        return ["_rank"] if self.systems and self.table.key and self.named(SYSTEM) else []

    @property
    def has_lines(self) -> bool:
        return all(self.named(name) for name in RESERVED)


def wanted(source: Source, files: RawFiles) -> dict[str, set[str]]:
    """Contract table → the raw tables it is made from, for every table the source can give.

    A table that the source calls optional is left out where one of its raw tables is not there.

    Raises
    ------
    InputRefused
        When a SELECT names a raw table that is not there, or the source gives no contract table at all.
    """
    needs = {name: raw for name in CONTRACT if name != IDENTITIES and (raw := raw_tables(source, files, name))}
    if not needs:
        do = f"Write a SELECT for one in {source.shown}/, or name a file for it: {', '.join(CONTRACT)}."
        found = f"raw tables {some(list(files.tables))}"
        raise InputRefused(f"{source.shown}/source.yml", expected="a contract table", found=found, do=do)
    return needs


def only_optional(source: Source, needs: Mapping[str, set[str]]) -> set[str]:
    """Raw tables that nothing but optional contract tables is made from."""
    spare = set().union(*(raws for name, raws in needs.items() if name in source.optional))
    return spare - set().union(*(raws for name, raws in needs.items() if name not in source.optional))


def raw_tables(source: Source, files: RawFiles, name: str) -> set[str]:
    """The raw tables that the contract table `name` is made from; none where the source does not give it."""
    if name in source.selects:
        raws = sorted(raw_names(source.selects[name]))
        if not raws:
            where, do = f"{source.shown}/{name}.sql", "Name the raw table it reads in FROM, or remove the file."
            raise ParamsError(where, expected="a SELECT from a raw table", found="none that it names", do=do)
        if name in source.optional and not all(files.find(raw) for raw in raws):
            return set()
        return {_found(raw, name, source, files) for raw in raws}
    own = files.find(name)
    return {own} if own else set()


def prepared(source: Source, files: RawFiles, name: str, *, engine: Engine) -> Selected:
    """The SELECT of the contract table `name` with its columns, bound but not run.

    Raises
    ------
    InputRefused
        When it names a column the raw tables do not have, or two columns of a raw table mean the same.
    ParamsError
        When it cannot be run for another reason.
    """
    names: dict[str, str] = {}
    if name in source.selects:
        sql, where = source.selects[name], f"{source.shown}/{name}.sql"
    else:
        own = files.find(name) or name
        sql, where = f"SELECT * FROM {quoted(own)}", files.where(own)
        header = [column for column, _ in engine.columns(sql)]
        names = renamed(header, CONTRACT[name], where=where, sql=f"{source.shown}/{name}.sql")
        pairs = ", ".join(f"{quoted(spelt)} AS {quoted(column)}" for spelt, column in names.items())
        sql = f"SELECT * RENAME ({pairs}) FROM {quoted(own)}" if names else sql
    parameters = {"snapshot_date": source.snapshot_date} if "snapshot_date" in parameters_of(sql) else {}
    try:
        _check_relations(sql, where=where, engine=engine)
        columns = engine.columns(sql, parameters)
    except SqlError as error:
        raise select_refused(error, sql, where=where, engine=engine) from None
    counts = Counter(column.casefold() for column, _ in columns)
    again = [
        column for column in counts if counts[column] > 1 and (column in CONTRACT[name].names or "attr_" in column)
    ]
    if again:
        do = "Give one of them another name with AS."
        raise ParamsError(where, expected="each column once", found=f"{again[0]} twice", do=do)
    kept = _kept(source, name, columns, where=where)
    return Selected(
        CONTRACT[name], sql, parameters, columns, where, names, kept, tuple(source.precedence), joins_rows(sql)
    )


def _kept(source: Source, name: str, columns: Sequence[tuple[str, str]], *, where: str) -> str | None:
    """The SELECT's spelling of the column by which `keep:` knows the latest row."""
    by = latest_by(source.keep.get(name))
    if by is None:
        return None
    names = [column for column, _ in columns]
    found = next((column for column in names if column.casefold() == by.casefold()), None)
    if found is None:
        do = f"Select it, or correct `keep:` in {source.shown}/source.yml."
        expected = f"a column {by}, by which the latest row is kept"
        raise ParamsError(where, expected=expected, found=f"columns {some(names)}", do=do)
    return found


def select_refused(error: SqlError, sql: str, *, where: str, engine: Engine) -> LinecardError:
    """The engine's refusal of a SELECT in the house's words, without a value it may quote."""
    if error.trouble == "column" and (match := re.search(r'column "([^"]+)"', error.message)):
        columns = sorted({name for raw in raw_names(sql) for name, _ in engine.columns(f"SELECT * FROM {quoted(raw)}")})
        close = get_close_matches(match[1], columns, n=3, cutoff=0.4)
        do = f"Closest: {some(close)}. " if close else ""
        return InputRefused(
            where,
            expected=f"a column {match[1]!r} in its raw tables",
            found=f"columns {some(columns)}",
            do=f"{do}Correct the SELECT, or ask for the extract with that column.",
        )
    if error.trouble == "value":
        do = "Use TRY_CAST, or leave the text as it is: the contract casts after the SELECT."
        return InputRefused(where, expected="values the SELECT can convert", found="one that it cannot", do=do)
    if error.trouble == "memory":
        do = "Close other programs, or run on a machine with more memory."
        return AnalysisFailed(where, expected="enough memory and disk to check its rows", found="too little", do=do)
    message = re.sub(r"\s+", " ", error.message).rstrip(".")
    return ParamsError(where, expected="a SELECT that runs", found=message, do="Correct it; the dialect is DuckDB's.")


def _found(raw: str, name: str, source: Source, files: RawFiles) -> str:
    """The raw table a SELECT means."""
    found = files.find(raw)
    if found is not None:
        return found
    close = get_close_matches(raw, files.tables, n=3, cutoff=0.4)
    there = f"Nearest: {some(close)}." if close else f"There: {some(list(files.tables))}."
    looked, remedy = files.missing(raw)
    raise InputRefused(
        f"{source.shown}/{name}.sql",
        expected=f"a raw table {raw!r}",
        found=looked,
        do=f"{there} {remedy}, or correct the SELECT.",
    )


def _check_relations(sql: str, *, where: str, engine: Engine) -> None:
    """Refuse what the engine's own parser would read beyond raw tables: two parsers must agree that nothing is."""
    bound = re.sub(r"\$\w+", "NULL", sql)  # the engine lists tables of complete statements only
    odd = sorted(relation for relation in engine.relations(bound) if not engine.has(relation))
    if odd:
        do = "A SELECT reads the source's raw tables only."
        raise ParamsError(where, expected="raw tables in FROM", found=repr(odd[0]), do=do)


def some(names: list[str], most: int = 8) -> str:
    """The first names, quoted, and how many more there are."""
    listed = ", ".join(repr(name) for name in names[:most])
    return listed + (f" and {len(names) - most} more" if len(names) > most else "")
