"""What a source's SELECT may say: one statement, over raw tables, with no door to files, network or clock."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from analysis.basis.errors import ParamsError
from analysis.extracts.contract import CONTRACT

PARAMETERS = ("snapshot_date",)  # written $snapshot_date in a SELECT
_WRITES = (exp.DML, exp.DDL, exp.Into, exp.Command, exp.Copy, exp.Attach, exp.Set, exp.Pragma, exp.Use)
_TABLE_FUNCTIONS = (exp.GenerateSeries, exp.Unnest, exp.Values, exp.Lateral)
_CLOCK = {"now", "today", "get_current_timestamp", "get_current_time", "current_localtime", "current_localtimestamp"}
_CHANCE = {"random", "uuid", "gen_random_uuid", "uuidv4", "uuidv7", "setseed", "nextval", "hash_seed"}
_UNSURE = (
    exp.CurrentDate,
    exp.CurrentTime,
    exp.CurrentTimestamp,
    exp.CurrentDatetime,
    exp.Rand,
    exp.Uuid,
    exp.TableSample,
)
_DOORS = re.compile(
    r"read_|glob$|query|getenv|sniff_|parquet_|duckdb_|pragma_|current_setting|getvariable|json_execute|write_log"
    r"|.*_scan|scan_|checkpoint|force_|http|.*external_resource|copy_|which_secret|currval|__internal"
)


def read_selects(folder: Path, *, shown: str, snapshot_date: dt.date | None) -> dict[str, str]:
    """Contract table → its SELECT in `folder`, in the contract's order; `shown` is the folder's name in messages."""
    found = {path.stem: path for path in sorted(folder.glob("*.sql")) if not path.name.startswith(".")}
    for name in found:
        if name not in CONTRACT:
            close = get_close_matches(name, CONTRACT, n=1, cutoff=0.5)
            do = f"Did you mean {close[0]}.sql?" if close else f"Contract tables: {', '.join(CONTRACT)}."
            where = f"{shown}/{name}.sql"
            raise ParamsError(where, expected="a file named for a contract table", found=f"{name}.sql", do=do)
    selects = {}
    for name in (table for table in CONTRACT if table in found):
        where = f"{shown}/{name}.sql"
        selects[name] = checked_select(found[name].read_text(encoding="utf-8-sig"), where=where)
        if "snapshot_date" in parameters_of(selects[name]) and snapshot_date is None:
            do = "Add `snapshot_date: YYYY-MM-DD`, the day the extract was taken, to source.yml."
            raise ParamsError(where, expected="a snapshot_date in source.yml", found="none", do=do)
    return selects


def checked_select(sql: str, *, where: str) -> str:
    """The text of a SELECT, as written but for a closing semicolon, when the policy lets it run.

    One SELECT (with WITH, UNION, window functions, …) over raw tables. Refused: several statements, anything that
    writes or sets, functions that read files, settings or the network, paths in FROM, the clock and chance
    (two runs of one quarter must agree), parameters other than `$snapshot_date`.

    Raises
    ------
    ParamsError
        Saying what the SELECT holds that it must not.
    """
    tree = _parsed(sql, where=where)
    if not isinstance(tree, exp.Select | exp.SetOperation | exp.Subquery):
        raise _refused(where, found=f"{_kind(tree)}")
    for node in tree.walk():
        found = _objection(node)
        if found:
            raise _refused(where, found=found)
    return _unterminated(sql)


def raw_names(sql: str) -> set[str]:
    """Tables a SELECT reads that it does not define itself, as it writes them."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    sources = (source for scope in traverse_scope(tree) for source in scope.sources.values())
    tables = [source for source in sources if isinstance(source, exp.Table)]
    # A table turned by (UN)PIVOT belongs to no scope, nor does a WITH that consists of one.
    turned = [node.this for node in tree.find_all(exp.Pivot) if isinstance(node.this, exp.Table)]
    made = {cte.alias.casefold(): cte for cte in tree.find_all(exp.CTE)}
    names = {table.name for table in turned if _is_raw(table, made)}
    no_scope = {name for name, cte in made.items() if not isinstance(cte.this, exp.Query)}
    return names | {table.name for table in tables if table.name and table.name.casefold() not in no_scope}


def _is_raw(table: exp.Table, made: Mapping[str, exp.CTE]) -> bool:
    """Whether no WITH makes this table; inside the WITH of its own name it is the raw one that is meant."""
    cte = made.get(table.name.casefold())
    return cte is None or table.find_ancestor(exp.CTE) is cte


def joins_rows(sql: str) -> bool:
    """Whether a SELECT joins its rows to others, by JOIN, by a comma in FROM, or by UNION."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    return tree.find(exp.Join, exp.SetOperation) is not None


def parameters_of(sql: str) -> set[str]:
    """Names written `$name` in a SELECT."""
    return {node.name for node in sqlglot.parse_one(sql, read="duckdb").find_all(exp.Placeholder, exp.Parameter)}


def _unterminated(sql: str) -> str:
    """The text up to its closing semicolon: it is going to stand in brackets."""
    tokens = sqlglot.tokenize(sql, read="duckdb")
    ends = [token.start for token in tokens if token.token_type.name == "SEMICOLON"]
    return (sql[: ends[0]] if ends else sql).strip()


def _parsed(sql: str, *, where: str) -> exp.Expr:
    try:
        parsed = sqlglot.parse(sql, read="duckdb")
        statements = [statement for statement in parsed if not isinstance(statement, exp.Semicolon | None)]
    except SqlglotError as error:
        first = re.sub(r"\x1b\[\d*m", "", str(error)).splitlines()[0].rstrip(".")
        raise ParamsError(where, expected="one SELECT", found=f"SQL that does not parse ({first})", do=_DO) from None
    if len(statements) != 1:
        found = f"{len(statements)} statements" if statements else "no statement"
        raise ParamsError(where, expected="one SELECT", found=found, do=_DO)
    return statements[0]


_DO = "A source's SQL file holds a single SELECT over its raw tables, and nothing else."


def _refused(where: str, *, found: str) -> ParamsError:
    return ParamsError(where, expected="one SELECT over raw tables", found=found, do=_DO)


def _objection(node: exp.Expr) -> str | None:
    """What is wrong with one node of a SELECT; None when nothing is."""
    if isinstance(node, _WRITES):
        return _kind(node)
    if isinstance(node, exp.Table):
        return _table_objection(node)
    if isinstance(node, exp.CTE) and not re.fullmatch(r"\w+", node.alias):
        return f"WITH {node.alias!r}, a name that could be read as a path"
    if isinstance(node, exp.Placeholder | exp.Parameter) and node.name not in PARAMETERS:
        return f"the parameter ${node.name or '?'} (known: $snapshot_date)"
    if isinstance(node, (exp.Func, *_UNSURE)):
        return _function_objection(node)
    return None


def _table_objection(table: exp.Table) -> str | None:
    if isinstance(table.this, exp.Func) and not isinstance(table.this, _TABLE_FUNCTIONS):
        return f"the table function {_name(table.this)}()"
    if table.args.get("db") or table.args.get("catalog"):
        return f"{table.sql(dialect='duckdb')}, a table of another database"
    if isinstance(table.this, exp.Identifier) and re.search(r"[/\\*?:]", table.name):
        return f"the path {table.name!r} in FROM"
    return None


def _function_objection(node: exp.Expr) -> str | None:
    name = _name(node)
    if isinstance(node, _UNSURE) or name in _CLOCK | _CHANCE:
        return f"{name}, which differs from run to run"
    if _DOORS.match(name):
        return f"the function {name}()"
    return None


def _name(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        return node.name.lower()
    return node.sql_name().lower() if isinstance(node, exp.Func) else node.key


def _kind(node: exp.Expr) -> str:
    return str(node.this).upper() if isinstance(node, exp.Command) else node.key.upper()
