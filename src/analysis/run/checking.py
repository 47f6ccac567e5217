"""`linecard check`: the source against the contract, without writing anything."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from analysis.extracts.engine import Engine
from analysis.extracts.findings import row_count
from analysis.extracts.intake import Extracts, intake
from analysis.extracts.mapping import read_source
from analysis.policy.reach import unheard_channels
from analysis.present.wording.effects import unheard
from analysis.present.wording.quality_rules import EXPECTED, quality_notes
from analysis.run.gates import check_drift, check_shares, incomplete_notices, period_notices
from analysis.run.measured import measured
from analysis.run.params import key_for, read_params
from analysis.run.places import local_path, report_name, run_folder, source_folder
from analysis.run.plain import plain
from analysis.run.policy_params import policies
from analysis.run.quarter_before import check_told, gone_notices, quarter_before

RAW_HEADS = {"file": "file", "lines": "lines", "parsed": "parsed", "unreadable": "unreadable"}
DOOR_HEADS = {
    "table": "table",
    "selected": "rows",
    "accepted": "accepted",
    "set_aside": "set aside",
    "duplicates": "duplicates",
    "later": "after the as-of date",
}


def print_check(params_file: str, *, root: Path, out: TextIO) -> None:
    """Print both doors and every finding of a source, then let the gates speak.

    Raises
    ------
    LinecardError
        What `linecard run` would raise before its first number.
    """
    path = local_path(params_file)
    params = read_params(path, base=root)
    source = read_source(source_folder(params.source, params_file=path, base=root), environ=os.environ)
    key = key_for(params, params_file=path, project=root)
    with Engine(memory_limit=f"{params.memory_gb:g}GB") as engine:
        extracts = intake(source, engine, as_of=params.quarter.last_day, key=key)
        before = quarter_before(run_folder(root, report_name(path)), params, engine)
        quality = measured(extracts, source, params, before)
        extracts = replace(extracts, findings=pd.concat([extracts.findings, quality_notes(quality)], ignore_index=True))
        out.writelines(plain(line) + "\n" for line in check_lines(extracts))
        out.flush()
        notices = period_notices(extracts, source, params) + incomplete_notices(quality, params.quarter)
        notices += unheard(unheard_channels(extracts.tables, policies(params.policies))) + gone_notices(quality)
        out.writelines(plain(notice) + "\n" for notice in notices)
        check_told(before, extracts, source=source.shown)
        check_shares(extracts, params)
        check_drift(quality, params)


def check_lines(extracts: Extracts) -> list[str]:
    """What a person reads: raw files, tables, then one entry per rule that struck, the gravest first."""
    doors = pd.concat([extracts.doors, extracts.people])
    lines = ["Files", *aligned(extracts.raw, RAW_HEADS), "", "Tables", *aligned(doors, DOOR_HEADS), ""]
    ignored = [f"  {table}: {', '.join(columns)}" for table, columns in sorted(extracts.ignored.items()) if columns]
    lines += ["Columns that are not used", *ignored, ""] if ignored else []
    if extracts.findings.empty:
        return [*lines, "Nothing is wrong with the source."]
    findings = by_gravity(extracts.findings, extracts).to_dict("records")
    return [*lines, "Findings, the gravest first", *(line for row in findings for line in finding_lines(row))]


def by_gravity(findings: pd.DataFrame, extracts: Extracts) -> pd.DataFrame:
    """What set rows aside, the largest share of its table or file first; what the measures noticed; then the rest."""
    measured = findings["rule"].str.partition(":")[0].isin(list(EXPECTED))
    rank = findings["severity"].map({"set_aside": 0, "fixed": 2, "note": 3}).mask(measured, 1)
    tables = extracts.doors.set_index("table")["selected"].to_dict() | extracts.raw.set_index("file")["lines"].to_dict()
    share = findings["rows"] / findings["table"].map(tables).fillna(0).clip(lower=1)
    ordered = findings.assign(rank=rank, share=(-share).where(rank == 0, 0))
    return ordered.sort_values(["rank", "share"], kind="stable").drop(columns=["rank", "share"])


def finding_lines(row: dict[Any, Any]) -> list[str]:
    """One finding: its rule and how many rows it struck, then where, what was expected, what was found, what to do."""
    column = f".{row['column']}" if isinstance(row["column"], str) and row["column"] else ""
    head = f"  {row['severity']}: {row['table']}{column}, {row['rule']}, {row_count(int(str(row['rows'])))}"
    expected = f"expected {row['expected']}, " if row["expected"] else ""
    return [head, f"    {row['where']}: {expected}found {row['found']}. {row['do']}"]


def aligned(table: pd.DataFrame, heads: dict[str, str]) -> list[str]:
    """A table as lines of text: words to the left, numbers to the right, two spaces before each column."""
    cells = [list(heads.values()), *(_cells(row) for row in table[list(heads)].itertuples(index=False))]
    widths = [max(len(row[index]) for row in cells) for index in range(len(heads))]
    return [_line(row, widths) for row in cells]


def _cells(row: Sequence[object]) -> list[str]:
    return [value if isinstance(value, str) else f"{int(str(value)):,}" for value in row]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (plain(cell) for cell in row)
    aligned_right = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
    return "  " + "  ".join([first.ljust(widths[0]), *aligned_right])
