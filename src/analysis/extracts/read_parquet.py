"""Parquet files as raw tables, their own types kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

from analysis.basis.errors import InputRefused
from analysis.extracts.engine import Engine, SqlError, literal, quoted
from analysis.extracts.part import Part, check_header


def read_parquet(path: Path, *, name: str, engine: Engine, table: str) -> Part:
    """One Parquet file, its own types kept; `_line` is the row's number."""
    if path.stat().st_size == 0:
        raise InputRefused(name, expected="a Parquet file", found="an empty file", do="Export it again.")
    scan = f"read_parquet({literal(str(path))}, file_row_number = true)"
    try:
        columns = [column for column, _ in engine.columns(f"SELECT * EXCLUDE (file_row_number) FROM {scan}")]
        check_header(columns, where=name)
        engine.execute(
            f"CREATE TABLE {quoted(table)} AS SELECT * EXCLUDE (file_row_number), {literal(name)} AS _file, "
            f"file_row_number + 1 AS _line FROM {scan}"
        )
        [(records,)] = engine.rows("SELECT num_rows FROM parquet_file_metadata($path)", {"path": str(path)})
    except SqlError as error:
        found = f"one that is cut off or damaged ({error.message})".replace(str(path), name)
        raise InputRefused(name, expected="a complete Parquet file", found=found, do="Export it again.") from None
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    [(parsed,)] = engine.rows(f"SELECT count(*) FROM {quoted(table)}")
    return Part(name, digest, path.stat().st_size, columns, records=records, parsed=parsed)
