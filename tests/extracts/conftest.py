"""Sources small enough to check by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.basis.errors import InputRefused
from analysis.extracts.engine import Engine, quoted, to_pandas
from analysis.extracts.intake import Extracts, intake
from analysis.extracts.mapping import Source, read_source
from analysis.extracts.raw_files import raw_files
from analysis.extracts.read import read_raw

DESCRIPTION = {
    "name": "Acme Broadband",
    "format": "csv",
    "files": "raw",
    "observed_from": "2024-01-01",
    "currency": "EUR",
    "timezone": "Europe/Berlin",
}
Written = Callable[..., Source]
Cells = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty source folder that messages call params/sources/acme, its extracts in raw/."""
    folder = tmp_path / "params" / "sources" / "acme"
    (folder / "raw").mkdir(parents=True)
    return folder


@pytest.fixture
def written(folder: Path) -> Written:
    """Writes raw files and SELECTs, and reads the source back."""

    def write(
        files: Mapping[str, str | bytes] | None = None, /, *, selects: Mapping[str, str] | None = None, **keys: str
    ) -> Source:
        lines = [f"{key}: {value}" for key, value in (DESCRIPTION | keys).items()]
        (folder / "source.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for name, content in (files or {}).items():
            path = folder / "raw" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        for table, sql in (selects or {}).items():
            (folder / f"{table}.sql").write_text(sql, encoding="utf-8")
        return read_source(folder, environ={})

    return write


@dataclass(frozen=True)
class Taken:
    """What came of a source, asked the way tests ask."""

    extracts: Extracts

    def accepted(self, table: str) -> pd.DataFrame:
        """Accepted rows of a table in order of line, or of the first column."""
        rows = to_pandas(self.extracts.tables[table])
        return rows.sort_values("_line" if "_line" in rows else rows.columns[0], ignore_index=True)

    def column(self, table: str, name: str) -> list[object]:
        """A column of the accepted rows; missing values are None."""
        values = self.accepted(table)[name].astype(object)
        return [None if pd.isna(value) else value for value in values]

    def set_aside(self, table: str) -> dict[int, str]:
        """Line → rule of the rows of a table that were set aside."""
        if table not in self.extracts.quarantine:
            return {}
        rows = to_pandas(self.extracts.quarantine[table]).sort_values("line")
        return dict(zip(rows["line"].astype(int), rows["rule"], strict=True))

    def door(self, table: str) -> tuple[int, ...]:
        """Rows of a table: selected, accepted, set aside, equal duplicates, later."""
        row = self.extracts.doors.set_index("table").loc[table]
        return tuple(int(row[name]) for name in ("selected", "accepted", "set_aside", "duplicates", "later"))

    def sentence(self, rule: str) -> str:
        """The message of the one finding of a rule."""
        [row] = self.extracts.findings[self.extracts.findings["rule"] == rule].to_dict("records")
        return f"{row['where']}: expected {row['expected']}, found {row['found']}. {row['do']}"

    def rules(self) -> list[str]:
        return list(self.extracts.findings["rule"])


@pytest.fixture
def taken(written: Written, engine: Engine) -> Callable[..., Taken]:
    """Takes in a source written on the spot, as of 31 December 2024 where nothing else is said."""

    def take(
        files: Mapping[str, str | bytes],
        *,
        selects: Mapping[str, str] | None = None,
        as_of: dt.date = dt.date(2024, 12, 31),
        **keys: str,
    ) -> Taken:
        return Taken(intake(written(files, selects=selects, **keys), engine, as_of=as_of))

    return take


@pytest.fixture
def refused(taken: Callable[..., Taken]) -> Callable[..., str]:
    """The message with which a source is refused."""

    def message(files: Mapping[str, str | bytes], **more: object) -> str:
        with pytest.raises(InputRefused) as error:
            taken(files, **more)
        return str(error.value)

    return message


@pytest.fixture
def cells(engine: Engine) -> Cells:
    """Every cell of one raw table, with `_file` and `_line`."""

    def read(source: Source, table: str) -> list[tuple[Any, ...]]:
        with read_raw(source, raw_files(source), [table], engine=engine):
            return engine.rows(f"SELECT * FROM {quoted(table)} ORDER BY _file, _line")

    return read


@pytest.fixture
def file_refused(engine: Engine) -> Callable[[Source, str], str]:
    """The message with which a raw table is refused."""

    def message(source: Source, table: str) -> str:
        with pytest.raises(InputRefused) as error, read_raw(source, raw_files(source), [table], engine=engine):
            pytest.fail("read")
        return str(error.value)

    return message
