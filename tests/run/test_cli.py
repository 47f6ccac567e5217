from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from analysis.basis.errors import Locked, ParamsError, TimeLimit
from analysis.extracts import demo
from analysis.run import job, report
from analysis.run.cli import app
from analysis.run.endings import exit_code
from analysis.run.stop import Interrupted

if TYPE_CHECKING:
    from tests.run.conftest import Project

runner = CliRunner()


def test_help_names_what_is_built_and_nothing_else() -> None:
    got = runner.invoke(app, ["--help"])
    assert got.exit_code == 0
    assert re.findall(r"^│ (\w+) ", got.output, flags=re.MULTILINE) == [
        "run",
        "check",
        "map",
        "customer",
        "export",
        "warn",
        "demo",
    ]


def test_the_options_of_run_are_those_of_the_design() -> None:
    output = re.sub(r"\x1b\[[0-9;]*m", "", runner.invoke(app, ["run", "--help"], env={"COLUMNS": "200"}).output)
    assert set(re.findall(r"--[a-z-]+", output)) == {
        "--only",
        "--from",
        "--jobs",
        "--engine",
        "--allow-partial",
        "--help",
    }
    assert "duckdb" in output
    assert "spark" not in output


def test_help_answers_in_half_a_second(project: Project) -> None:
    command = [sys.executable, "-m", "analysis", "--help"]
    times = []
    for _ in range(5):
        start = time.process_time() + sum(os.times()[2:4])
        subprocess.run(command, env=project.environ(), check=True, capture_output=True)
        times.append(time.process_time() + sum(os.times()[2:4]) - start)
    assert min(times) < 0.5  # of processor time: a busy machine must not fail the test


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["run"],
        ["run", "p.yml", "--engine", "spark"],
        ["run", "p.yml", "--jobs", "0"],
        ["run", "p.yml", "--resume"],
        ["demo", "--customers", "0"],
        ["demo", "--names", "fr"],
    ],
)
def test_a_wrong_command_line_ends_with_2(arguments: list[str]) -> None:
    got = runner.invoke(app, arguments)
    assert got.exit_code == 2
    assert "Usage: " in got.output


def test_run_hands_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    asked = []

    def read(order: job.Order, *, root: Path) -> SimpleNamespace:
        asked.append((order, root))
        return SimpleNamespace(folder=root, stages=())

    monkeypatch.setattr(job, "read_job", read)
    monkeypatch.setattr(report, "make_report", lambda _: tmp_path / "reports" / "q")
    options = ["--only", "20_base", "--only", "40_churn", "--jobs", "3", "--engine", "duckdb", "--allow-partial"]
    got = runner.invoke(app, ["run", "q.yml", *options])
    assert (got.exit_code, got.output) == (0, "reports/q/report.html\n")
    runner.invoke(app, ["run", "q.yml", "--from", "40_churn"])
    assert asked == [
        (job.Order("q.yml", ("20_base", "40_churn"), None, 3, True), tmp_path),
        (job.Order("q.yml", (), "40_churn", None, False), tmp_path),
    ]


def test_demo_hands_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = []
    monkeypatch.setattr(demo, "write_demo", lambda folder, **options: asked.append((folder, options)))
    options = ["--customers", "50", "--months", "6", "--seed", "7", "--out", str(tmp_path), "--names", "zh"]
    options += ["--no-truth", "--new-type-from", "2026-04-01"]
    new = demo.Parameters().with_newcomer(date(2026, 4, 1))
    assert runner.invoke(app, ["demo", *options]).exit_code == 0
    assert runner.invoke(app, ["demo"]).output == "data/raw/demo\n"
    usual = {"customers": 8000, "months": 36, "seed": 1, "names": "en"}
    assert asked == [
        (tmp_path, {"customers": 50, "months": 6, "seed": 7, "names": "zh", "truth": False, "parameters": new}),
        (Path("data/raw/demo"), {**usual, "truth": True, "parameters": demo.Parameters()}),
    ]


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ParamsError("q.yml:1:1", expected="a", found="b", do="Do c."), 2, "q.yml:1:1: expected a, found b. Do c."),
        (
            Locked("report q", expected="a", found="\x1b[31mb", do="Wait."),
            7,
            "report q: expected a, found [31mb. Wait.",
        ),
        (TimeLimit("x", expected="a", found="b", do="two\nlines"), 8, "x: expected a, found b. two\nlines"),
        (PermissionError(13, "Permission denied", "reports"), 6, "reports: Permission denied."),
        (Interrupted(2), 130, "Stopped. The reports are as they were."),
        (Interrupted(15), 143, "Stopped. The reports are as they were."),
        (KeyboardInterrupt(), 130, "Stopped. The reports are as they were."),
    ],
)
def test_an_error_is_one_message_and_a_code(
    error: BaseException, code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raise_it(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(demo, "write_demo", raise_it)
    got = runner.invoke(app, ["demo"])
    assert (got.exit_code, got.stderr, got.stdout) == (code, words + "\n", "")
    assert exit_code(error) == code


def test_what_nobody_foresaw_ends_with_1_and_a_private_traceback_without_values(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object, **__: object) -> None:
        password = "canary" + "secret"
        raise ZeroDivisionError(len(password))

    monkeypatch.setattr(demo, "write_demo", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    got = runner.invoke(app, ["demo"])
    assert got.exit_code == 1
    (path,) = tmp_path.iterdir()
    assert got.stderr == f"Internal error (ZeroDivisionError). The traceback is in {path}.\n"
    text = path.read_text(encoding="utf-8")
    assert "ZeroDivisionError: 12" in text
    assert "canarysecret" not in text
    assert path.stat().st_mode & 0o077 == 0


def test_map_writes_a_draft_and_never_over_a_mapping(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    lines = "".join(f"K{n:03},2024-01-{n:02}\n" for n in range(1, 31))
    (tmp_path / "raw" / "客户.csv").write_text(f"客户编号,开户日期\n{lines}", encoding="utf-8")
    got = runner.invoke(app, ["map", "raw", "--name", "acme"])
    assert got.exit_code == 0
    assert "  1. Fill in observed_from, currency, timezone in params/sources/acme/source.yml.\n" in got.output
    folder = tmp_path / "params" / "sources" / "acme"
    assert sorted(path.name for path in folder.iterdir()) == ["customers.sql", "source.yml"]
    assert 'files: "../../../raw"\n' in (folder / "source.yml").read_text(encoding="utf-8")
    (folder / "customers.sql").write_text("mine", encoding="utf-8")
    again = runner.invoke(app, ["map", "raw", "--name", "acme"])
    assert again.exit_code == 2
    assert again.stderr == (
        "params/sources/acme: expected no source of that name, found one. "
        "Choose another --name, or move that folder away: a draft never overwrites a mapping.\n"
    )
    assert (folder / "customers.sql").read_text(encoding="utf-8") == "mine"


def test_check_says_what_a_draft_still_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    lines = "".join(f"K{n:03},2024-01-{n:02}\n" for n in range(1, 31))
    (tmp_path / "raw" / "customers.csv").write_text(f"customer_id,signup_date\n{lines}", encoding="utf-8")
    runner.invoke(app, ["map", "raw", "--name", "acme"])
    (tmp_path / "q.yml").write_text("quarter: 2024-Q4\nsource: acme\n", encoding="utf-8")
    source, said = tmp_path / "params" / "sources" / "acme" / "source.yml", []
    for marked, known in (("# observed_from", "observed_from"), ('y: "?"', "y: EUR"), ('e: "?"', "e: UTC"), ("", "")):
        said.append(runner.invoke(app, ["check", "q.yml"]).output)
        source.write_text(source.read_text(encoding="utf-8").replace(marked, known), encoding="utf-8")
    assert "expected observed_from, the first day whose leavers are in the extract, found no such key" in said[0]
    assert "expected an ISO 4217 code of three capitals, like EUR, found '?'" in said[1]
    assert "expected a time zone like Europe/Berlin, found '?'" in said[2]
    assert "customers    30        30" in said[3]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["map", "none", "--name", "acme"], 3, "none: expected a folder of extracts, found none of that name."),
        (["map", "http://x/y", "--name", "acme"], 2, "expected a file on this machine, found an address"),
        (["map", ".", "--name", "../acme"], 2, "--name: expected a name of letters, digits, - and _"),
        (["map", "."], 2, "Missing option '--name'"),
    ],
)
def test_an_order_to_map_that_cannot_be_followed_is_told(
    arguments: list[str], code: int, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    got = runner.invoke(app, arguments)
    assert got.exit_code == code
    assert said in re.sub(r"\x1b\[[0-9;]*m", "", got.output)
