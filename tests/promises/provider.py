"""Small providers whose extracts are wrong on purpose, and what the product says of them."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from tests.promises.cases import Outcome, Seen

from analysis.basis.errors import LinecardError
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import Extracts, intake
from analysis.extracts.mapping import read_source

ROOT = Path(__file__).parents[2]
AS_OF = dt.date(2024, 12, 31)
DESCRIPTION = {
    "name": "Acme Broadband",
    "format": "csv",
    "files": "raw",
    "observed_from": "2024-01-01",
    "currency": "EUR",
    "timezone": "Europe/Berlin",
}
SEVERITIES: Mapping[str, Outcome] = {"set_aside": "QUAR", "fixed": "FIX", "note": "NOTE"}
Files = Mapping[str, str | bytes]


@dataclass(frozen=True)
class Taken:
    """What came of a source: the refusal, or tables, quarantine, doors and findings, held as pandas."""

    refusal: LinecardError | None
    tables: Mapping[str, pd.DataFrame]
    quarantine: Mapping[str, pd.DataFrame]
    doors: pd.DataFrame
    findings: pd.DataFrame

    @property
    def refused(self) -> Seen:
        """The refusal; fails when there was none."""
        assert self.refusal is not None, f"not refused; findings: {self.rules}"
        return Seen("GATE" if self.refusal.exit_code == 5 else "REFUSE", str(self.refusal))

    @property
    def rules(self) -> list[str]:
        """Rules that struck, by table."""
        assert self.refusal is None, str(self.refusal)
        return [f"{row.table}: {row.rule}" for row in self.findings.itertuples()]

    def found(self, rule: str, *, rows: int | None = None, table: str | None = None) -> Seen:
        """The one finding of a rule, of `rows` rows where given; fails when there is none, or another number."""
        struck = [f"{row.table}: {row.rule}" for row in self.findings.itertuples()] if self.refusal is None else []
        assert self.refusal is None, str(self.refusal)
        kept = self.findings[self.findings["rule"] == rule]
        kept = kept if table is None else kept[kept["table"] == table]
        assert len(kept) == 1, f"{rule}: expected one finding, found {struck}"
        row = kept.iloc[0]
        assert rows is None or row["rows"] == rows, f"{rule}: expected {rows} rows, found {row['rows']}"
        expected = f"expected {row['expected']}, " if row["expected"] else ""
        return Seen(SEVERITIES[row["severity"]], f"{row['where']}: {expected}found {row['found']}. {row['do']}")

    def plain(self) -> Seen:
        """Accepted without any finding; fails when something was found."""
        assert not self.rules, f"expected no finding, found {self.rules}"
        return Seen("OK", "accepted, nothing to mention")

    def column(self, table: str, name: str) -> list[object]:
        """A column of the accepted rows, in the order of their lines; missing values are None."""
        rows = self.tables[table].sort_values("_line" if "_line" in self.tables[table] else name)
        return [None if pd.isna(value) else value for value in rows[name].astype(object)]


def described(folder: Path, files: Files, *, selects: Mapping[str, str] | None = None, **keys: str) -> Path:
    """Write a source: `folder`/params/sources/acme with its source.yml, SELECTs, and raw files; the source's folder.

    `keys` are further lines of source.yml, as YAML text.
    """
    source = folder / "params" / "sources" / "acme"
    (source / "raw").mkdir(parents=True, exist_ok=True)
    lines = [f"{key}: {value}" for key, value in (DESCRIPTION | keys).items()]
    (source / "source.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, content in files.items():
        path = source / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    for table, sql in (selects or {}).items():
        (source / f"{table}.sql").write_text(sql, encoding="utf-8")
    return source


def take(source: Path, *, as_of: dt.date = AS_OF) -> Taken:
    """Take a source in, as every run does first."""
    with Engine(threads=1) as engine:
        try:
            extracts = intake(read_source(source, environ={}), engine, as_of=as_of)
        except LinecardError as refusal:
            return Taken(refusal, {}, {}, pd.DataFrame(), pd.DataFrame())
        return _held(extracts)


def _held(extracts: Extracts) -> Taken:
    tables = {name: to_pandas(table) for name, table in extracts.tables.items()}
    quarantine = {name: to_pandas(table) for name, table in extracts.quarantine.items()}
    return Taken(None, tables, quarantine, extracts.doors, extracts.findings)


def taken(folder: Path, files: Files, *, as_of: dt.date = AS_OF, **more: object) -> Taken:
    """`described`, then `take`."""
    return take(described(folder, files, **more), as_of=as_of)  # type: ignore[arg-type]


def linecard(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The real command line, run in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "analysis", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environ},
        capture_output=True,
        text=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )
