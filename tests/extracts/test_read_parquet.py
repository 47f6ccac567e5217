"""Parquet files: their types stay, their rows are counted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

Cells = Callable[..., list[tuple[Any, ...]]]
Refused = Callable[..., str]


def test_parquet_keeps_its_types_and_counts_its_rows(written: Callable[..., Any], cells: Cells, folder: Path) -> None:
    pq.write_table(pa.table({"a": [1, None], "b": ["x", ""]}), folder / "raw" / "crm.parquet")
    assert cells(written(format="parquet"), "crm") == [(1, "x", "crm.parquet", 1), (None, "", "crm.parquet", 2)]


@pytest.mark.parametrize("cut", [0, 40])
def test_parquet_cut_off_is_refused_without_a_path_of_the_machine(
    written: Callable[..., Any], file_refused: Refused, folder: Path, cut: int
) -> None:
    path = folder / "raw" / "crm.parquet"
    pq.write_table(pa.table({"a": list(range(1000))}), path)
    path.write_bytes(path.read_bytes()[:cut])
    got = file_refused(written(format="parquet"), "crm")
    assert got.startswith("crm.parquet: expected a ")
    assert ("found an empty file" if cut == 0 else "found one that is cut off or damaged") in got
    assert os.fspath(folder) not in got
