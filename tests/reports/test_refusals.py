"""What cannot become a report is refused in words a person can act on, and the reports stay as they were."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess

    from tests.reports.conftest import Project, Report

PARAMS = "params/quarterly/2026-Q3.yml"
HOUSE_STYLE = r"(?P<where>[^\n]+?): expected (?P<expected>.+?), found (?P<found>.+?)\. (?P<do>[A-Z].+)\n"


@pytest.fixture
def project(few: Project, demo: Report, tmp_path: Path) -> Project:
    """A project with few customers and a good earlier report of the same name."""
    for name in ("params", "data"):
        shutil.copytree(few.root / name, tmp_path / name)
    shutil.copytree(demo.folder, tmp_path / "reports" / demo.name)
    (tmp_path / "reports" / "latest").symlink_to(demo.name)
    return type(few)(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, hidden names and empty folders too."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


def refusal(project: Project, params: str = PARAMS) -> tuple[int, dict[str, str]]:
    """The exit code and the parts of the message of a run that must leave the reports alone."""
    before = contents(project.root / "reports")
    assert before
    ended = project.linecard("run", params)
    assert contents(project.root / "reports") == before
    return ended.returncode, parts(ended)


def parts(ended: subprocess.CompletedProcess[str]) -> dict[str, str]:
    match = re.fullmatch(HOUSE_STYLE, ended.stderr, flags=re.DOTALL)
    assert match, ended.stderr
    assert "Traceback" not in ended.stderr
    return match.groupdict()


@pytest.mark.parametrize(
    ("text", "where", "expected", "found", "do"),
    [
        ("quarter: 2026-Q3\nsource: demo\ngrace_day: 10\n", f"{PARAMS}:3:1", "known key", "grace_day", "`grace_days`"),
        ("quarter: 2026-Q3\nsource: demo\ngrace_days: soon\n", f"{PARAMS}:3:1", "whole number", "soon", "grace_days"),
        ("quarter: 2026-Q3\nsource: demo\nquarter: 2026-Q2\n", f"{PARAMS}:3:1", "once", "quarter", "Correct this line"),
    ],
)
def test_bad_params_are_refused_where_they_stand(
    project: Project, text: str, where: str, expected: str, found: str, do: str
) -> None:
    (project.root / PARAMS).write_text(text)
    code, got = refusal(project)
    assert code == 2
    assert got["where"] == where
    assert expected in got["expected"]
    assert found in got["found"]
    assert do in got["do"]
    assert not (project.root / "data/runs").exists()


def test_a_params_file_that_is_not_there_is_refused_with_those_that_are(project: Project) -> None:
    code, got = refusal(project, "params/quarterly/2026-Q4.yml")
    assert (code, got["where"]) == (2, "params/quarterly/2026-Q4.yml")
    assert got["found"] == "no such file"
    assert "2026-Q3.yml" in got["do"]


def without_a_column(usage: list[str]) -> list[str]:
    return [",".join(line.split(",")[:1] + line.split(",")[2:]) for line in usage]


def with_wrong_months(usage: list[str]) -> list[str]:
    return [usage[0], *(re.sub(r",(\d{4})-(\d\d)-(\d\d),", r",\3/\2/\1,", line, count=1) for line in usage[1:])]


@pytest.mark.parametrize(
    ("spoilt", "where", "expected", "found"),
    [
        (without_a_column, "usage.csv", "a column month", "columns 'customer_id', 'download_gb'"),
        (with_wrong_months, "usage.csv, line 2", "", "'01/01/2024', and no good value"),
        (lambda usage: [], "usage.csv", "", ""),
        (lambda usage: usage[:1], "usage.csv", "", ""),
    ],
    ids=["missing column", "wrong type", "empty file", "header only"],
)
def test_a_table_that_cannot_be_read_is_refused(
    project: Project, spoilt: Callable[[list[str]], list[str]], where: str, expected: str, found: str
) -> None:
    path = project.extracts / "usage.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(spoilt([line for line in lines if "CANARY" not in line])), encoding="utf-8")
    code, got = refusal(project)
    assert code == 3
    assert where in got["where"]
    assert expected in got["expected"]
    assert found in got["found"]
    assert str(project.root) not in " ".join(got.values())


def test_extracts_that_are_not_there_are_refused(project: Project) -> None:
    shutil.rmtree(project.extracts)
    code, got = refusal(project)
    assert code == 3
    assert got["where"] == "params/sources/demo/source.yml"
    assert (got["expected"], got["found"]) == ("a folder or file of extracts named demo", "none")


def test_a_file_that_a_select_names_and_nobody_delivered_is_refused(project: Project, shared_data: Path) -> None:
    raw = project.root / "data/raw/ibm_telco_multitable"
    ignored = shutil.ignore_patterns("*status*", "xlsx")
    shutil.copytree(shared_data / "ibm_telco_multitable", raw, ignore=ignored)
    before = contents(project.root / "reports")
    ended = project.linecard("run", "params/quarterly/ibm-2019-Q3.yml", LINECARD_SHARED_DATA="")
    assert ended.returncode == 3
    assert "Telco_customer_churn_status" in parts(ended)["expected"]
    assert contents(project.root / "reports") == before


def test_too_many_rows_set_aside_shut_the_gate(project: Project) -> None:
    path = project.extracts / "usage.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    spoilt = [re.sub(r"(\d-01),", r"\1,-", row, count=1) if n % 50 == 0 else row for n, row in enumerate(rows)]
    path.write_text("".join([header, *spoilt]), encoding="utf-8")
    code, got = refusal(project)
    assert code == 5
    assert re.search(r"usage: \d+ of [\d,]+ rows set aside \(2\.\d+ %\)", got["found"])


def test_a_refused_first_report_leaves_nothing_behind(project: Project) -> None:
    shutil.rmtree(project.root / "reports")
    (project.extracts / "usage.csv").write_text("")
    ended = project.linecard("run", PARAMS)
    assert ended.returncode == 3
    assert contents(project.root / "reports") == {}
    manifest = (project.root / "data/runs/2026-Q3/manifest.json").read_text()
    assert '"exit_code": 3' in manifest
    assert '"succeeded"' not in manifest
