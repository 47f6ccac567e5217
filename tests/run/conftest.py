from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SRC = Path(__file__).parents[2] / "src"
SOURCE = """\
name: Tiny Broadband
format: csv
files: ../../../data/raw/tiny
observed_from: 2024-01-01
currency: EUR
timezone: Europe/Berlin
"""
CUSTOMERS = """\
customer_id,signup_date,churn_date,status
a1,2024-01-05,,active
a2,2024-02-05,2026-08-01,churned
"""
USAGE = """\
customer_id,month,download_gb
a1,2026-09,12.5
a2,2026-07,3
"""
OPEN = "from analysis.run.store import open_run\nrun = open_run(params_file)"


@dataclass(frozen=True)
class Project:
    """A folder to run reports in: one source of two small tables, and the notebooks a test gives it."""

    root: Path

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def params(self, name: str = "tiny", text: str = "quarter: 2026-Q3\nsource: tiny\n") -> Path:
        return self.write(f"params/quarterly/{name}.yml", text)

    def notebook(self, name: str, *cells: str) -> Path:
        parameters = new_code_cell('params_file: str = "params/quarterly/tiny.yml"', metadata={"tags": ["parameters"]})
        book = new_notebook(cells=[new_markdown_cell(f"# About {name}"), parameters, *map(new_code_cell, cells)])
        for number, cell in enumerate(book.cells):
            cell["id"] = f"cell-{number}"
        path = self.root / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(book, path)
        return path

    def environ(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(SRC), "MPLBACKEND": "agg"}

    def linecard(self, *arguments: str, out: int | IO[str] = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "analysis", *arguments]
        return subprocess.run(
            command,
            cwd=self.root,
            env=self.environ(),
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )

    def files(self, folder: str) -> list[str]:
        """Everything under a folder, hidden names too, relative to it."""
        top = self.root / folder
        return sorted(str(path.relative_to(top)) for path in top.rglob("*")) if top.exists() else []


def fill(root: Path) -> Project:
    project = Project(root)
    project.params()
    project.write("params/sources/tiny/source.yml", SOURCE)
    project.write("data/raw/tiny/customers.csv", CUSTOMERS)
    project.write("data/raw/tiny/usage.csv", USAGE)
    return project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("PYTHONPATH", str(SRC))  # for kernels, which this process starts
    return fill(tmp_path)


@pytest.fixture(scope="module")
def lasting_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return fill(tmp_path_factory.mktemp("project"))
