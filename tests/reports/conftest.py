"""Reports made by the real command line, each made once however many test processes ask for it."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdf
import pytest
from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).parents[2]
DEMO, IBM, CDNOW, COMCAST = "2026-Q3", "ibm-2019-Q3", "cdnow-1998-Q2", "comcast-2015-Q2"
HILLSTROM = "hillstrom-2008-Q2"
PLANTED = {  # rows that break a rule, and one equal duplicate: file → lines put at its end; {0} is a customer there
    "customers": ["CANARY-REVERSED,2024-05-01,2024-04-01" + 16 * ",", "CANARY-\u200bHIDDEN" + 18 * ","],
    "usage": [
        "CANARY-ORPHAN,2026-05-01,12.5,1.5,20,20,2,0.4",
        "{0},2026-13-01,12.5,1.5,20,20,2,0.4",
        "{0},2023-02-01,1.5,1.5,20,20,2,0.4",
        "{0},2023-02-01,2.5,1.5,20,20,2,0.4",
        "{0},2023-03-01,3.5,1.5,20,20,2,0.4",
        "{0},2023-03-01,3.5,1.5,20,20,2,0.4",
    ],
    "tickets": ["CANARY-FIELDS,2026-05-01"],
}


@dataclass(frozen=True)
class Project:
    """A folder in which reports are made."""

    root: Path

    @property
    def extracts(self) -> Path:
        return self.root / "data" / "raw" / "demo"

    def linecard(self, *arguments: str, cpus: int | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        """Runs the command line here and keeps what it said; on the first `cpus` processors only, where given."""
        return subprocess.run(
            [sys.executable, "-m", "analysis", *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environ},
            capture_output=True,
            text=True,
            timeout=600,
            stdin=subprocess.DEVNULL,
            preexec_fn=lambda: pin(cpus),
        )

    def make(self, name: str, *options: str, cpus: int | None = None, **environ: str) -> None:
        """Makes a report; `report` reads it, also from another test process."""
        ended = self.linecard("run", f"params/quarterly/{name}.yml", *options, cpus=cpus, **environ)
        (self.root / f"{name}.json").write_text(json.dumps([ended.returncode, ended.stdout, ended.stderr]))

    def report(self, name: str) -> Report:
        code, said, complained = json.loads((self.root / f"{name}.json").read_text())
        assert code == 0, complained
        return Report(name, self.root, said, complained)


@dataclass(frozen=True)
class Report:
    """A finished report, and what the command line said while it was made."""

    name: str
    root: Path
    said: str
    complained: str

    @property
    def folder(self) -> Path:
        return self.root / "reports" / self.name

    @property
    def run(self) -> Path:
        return self.root / "data" / "runs" / self.name

    def bytes(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return json.loads(self.bytes("manifest.json"))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return json.loads(self.bytes("summary.json"))

    @cached_property
    def values(self) -> dict[tuple[str, ...], float]:
        """Metric, then dimension and class where it has them → value."""
        return {
            tuple(part for part in (row["metric"], row["dimension"], row["class"]) if part is not None): row["value"]
            for row in self.rows
        }

    @cached_property
    def html(self) -> BeautifulSoup:
        return BeautifulSoup(self.bytes("report.html").decode(), "html.parser")

    @cached_property
    def pdf(self) -> pypdf.PdfReader:
        return pypdf.PdfReader(io.BytesIO(self.bytes("report.pdf")))

    @cached_property
    def pdf_text(self) -> str:
        """The words of the PDF with one blank between any two."""
        return " ".join(" ".join(page.extract_text() for page in self.pdf.pages).split())

    def chapter(self, title: str) -> Tag:
        (heading,) = [found for found in self.html.find_all("h2") if found.get_text() == title]
        section = heading.find_parent("section")
        assert section is not None
        return section

    def tables(self) -> list[list[list[str]]]:
        """Every table of the HTML as rows of texts, the head first; no-break spaces are blanks."""
        return [
            [[" ".join(cell.get_text().split()) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
            for table in self.html.find_all("table")
        ]


def pin(cpus: int | None) -> None:
    """Keeps this process to its first `cpus` processors, where the system can do that."""
    if cpus and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cpus])


def made_once(folder: Path, make: Callable[[Project], None]) -> Project:
    """A project in `folder`, made by the first test process that asks while the others wait."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(Project(folder))
            (folder / "made").touch()
    return Project(folder)


def with_params(project: Project) -> None:
    shutil.copytree(ROOT / "params", project.root / "params")


def demo_extracts(project: Project, customers: int) -> None:
    """The params, and simulated extracts with a few rows that no report can use."""
    with_params(project)
    ended = project.linecard("demo", "--customers", str(customers), "--seed", "3")
    assert ended.returncode == 0, ended.stderr
    for name, lines in PLANTED.items():
        with (project.extracts / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.writelines(line.format("C00000000") + "\n" for line in lines)


def copy_shuffled(source: Path, target: Path, *, seed: int) -> None:
    """Every CSV of a folder with its rows and columns in another order; records that are no rows stay as they are."""
    chance = random.Random(seed)
    target.mkdir(parents=True)
    for path in sorted(source.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        order = chance.sample(range(len(header)), len(header))
        moved = [[row[i] for i in order] if len(row) == len(header) else row for row in rows]
        chance.shuffle(moved)
        with (target / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([[header[i] for i in order], *moved])


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of this session share."""
    base = tmp_path_factory.getbasetemp()
    shelf = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "reports"
    shelf.mkdir(exist_ok=True)
    return shelf


@pytest.fixture(scope="session")
def few(shelf: Path) -> Project:
    """A project with extracts of few customers, and no report yet."""
    return made_once(shelf / "few", lambda project: demo_extracts(project, customers=300))


@pytest.fixture(scope="session")
def demo_project(shelf: Path) -> Project:
    def make(project: Project) -> None:
        demo_extracts(project, customers=900)  # with fewer, some quarter has too few leavers to be told
        project.make(DEMO, PYTHONHASHSEED="1", LANG="C.UTF-8", TZ="UTC")

    return made_once(shelf / "demo", make)


@pytest.fixture(scope="session")
def demo(demo_project: Project) -> Report:
    """The report on a small demo provider."""
    return demo_project.report(DEMO)


@pytest.fixture(scope="session")
def demo_again(shelf: Path, demo_project: Project) -> Report:
    """The same report made elsewhere: another folder, locale, zone, seed of hashes, number of workers and threads."""

    def make(project: Project) -> None:
        with_params(project)
        shutil.copytree(demo_project.extracts, project.extracts)
        nowhere = {
            "PYTHONHASHSEED": "2",
            "LANG": "C",
            "LC_ALL": "C",
            "TZ": "Pacific/Kiritimati",
            "OMP_NUM_THREADS": "1",
        }
        project.make(DEMO, "--jobs", "1", cpus=1, **nowhere)

    return made_once(shelf / "elsewhere", make).report(DEMO)


@pytest.fixture(scope="session")
def demo_shuffled(shelf: Path, demo_project: Project) -> Report:
    """The same report from extracts whose rows and columns come in another order."""

    def make(project: Project) -> None:
        with_params(project)
        copy_shuffled(demo_project.extracts, project.extracts, seed=7)
        project.make(DEMO)

    return made_once(shelf / "shuffled", make).report(DEMO)


@pytest.fixture(scope="session")
def demo_earlier(shelf: Path, demo_project: Project) -> Report:
    """The report of the quarter one year before, from the same extracts."""

    def make(project: Project) -> None:
        with_params(project)
        shutil.copytree(demo_project.extracts, project.extracts)
        (project.root / "params/quarterly/2025-Q3.yml").write_text("quarter: 2025-Q3\nsource: demo\n")
        project.make("2025-Q3")

    return made_once(shelf / "earlier", make).report("2025-Q3")


@pytest.fixture(scope="session")
def ibm(shelf: Path, shared_data: Path) -> Report:
    """The report on the IBM Telco sample, from its text files."""

    def make(project: Project) -> None:
        with_params(project)
        project.make(IBM, LINECARD_SHARED_DATA=str(shared_data))

    return made_once(shelf / "ibm", make).report(IBM)


@pytest.fixture(scope="session")
def ibm_excel(shelf: Path, shared_data: Path) -> Report:
    """The same report from the sample's workbooks."""

    def make(project: Project) -> None:
        with_params(project)
        described = project.root / "params/sources/ibm_telco/source.yml"
        text = described.read_text().replace("format: csv", "format: excel")
        described.write_text(text.replace("/ibm_telco_multitable", "/ibm_telco_multitable/xlsx"))
        project.make(IBM, LINECARD_SHARED_DATA=str(shared_data))

    return made_once(shelf / "ibm_excel", make).report(IBM)


@pytest.fixture(scope="session")
def cdnow(shelf: Path, shared_data: Path) -> Report:
    """The report on the CDNOW sample: orders of a shop, and nothing that tells who left."""

    def make(project: Project) -> None:
        with_params(project)
        project.make(CDNOW, LINECARD_SHARED_DATA=str(shared_data))

    return made_once(shelf / "cdnow", make).report(CDNOW)


@pytest.fixture(scope="session")
def comcast(shelf: Path, shared_data: Path) -> Report:
    """The report on the Comcast sample: tickets, and nothing else."""

    def make(project: Project) -> None:
        with_params(project)
        project.make(COMCAST, LINECARD_SHARED_DATA=str(shared_data))

    return made_once(shelf / "comcast", make).report(COMCAST)


@pytest.fixture(scope="session")
def hillstrom(shelf: Path, shared_data: Path) -> Report:
    """The report on the Hillstrom sample: an e-mail campaign drawn by lot, and nothing that tells who left."""

    def make(project: Project) -> None:
        with_params(project)
        project.make(HILLSTROM, LINECARD_SHARED_DATA=str(shared_data))

    return made_once(shelf / "hillstrom", make).report(HILLSTROM)


@pytest.fixture(params=["demo", "ibm"])
def either(request: pytest.FixtureRequest) -> Report:
    """One report after the other, for what every report must hold."""
    return request.getfixturevalue(request.param)
