"""The floors hold: a module imports only from those below its own, and only the engine knows DuckDB."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ["basis", "extracts", "frames", "measures", "models", "policy", "present", "run"]


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the package in a folder that has src/ and pyproject.toml."""
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "NO_COLOR": "1", "COLUMNS": "120"},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    return tmp_path


def test_the_folders_of_the_package_are_its_floors_in_alphabetical_order():
    folders = sorted(
        path.name for path in (ROOT / "src/analysis").iterdir() if path.is_dir() and path.name != "__pycache__"
    )
    assert folders == [floor for floor in FLOORS if floor in folders]
    assert sorted(FLOORS) == FLOORS


def test_every_floor_says_in_one_line_what_it_is():
    said = {
        path.parent.name: path.read_text(encoding="utf-8") for path in (ROOT / "src/analysis").glob("*/__init__.py")
    }
    folders = {path.name for path in (ROOT / "src/analysis").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert set(said) == folders
    assert [floor for floor, text in said.items() if not text.startswith('"""')] == []


def test_a_module_imports_only_from_the_floors_below():
    got = linted(ROOT)
    assert got.returncode == 0, got.stdout + got.stderr
    assert "2 kept, 0 broken" in got.stdout


def test_an_import_from_a_floor_above_is_found(copy: Path):
    (copy / "src/analysis/basis/wrong.py").write_text("from analysis.extracts import contract\n", encoding="utf-8")
    got = linted(copy)
    assert got.returncode == 1
    assert "analysis.basis.wrong -> analysis.extracts.contract" in got.stdout


def test_a_second_module_that_knows_the_engine_is_found(copy: Path):
    (copy / "src/analysis/frames/wrong.py").write_text(
        "def f():\n    import duckdb\n    return duckdb\n", encoding="utf-8"
    )
    got = linted(copy)
    assert got.returncode == 1
    assert "analysis.frames.wrong -> duckdb" in got.stdout
