"""The real command in a small project: what it leaves, what it ends with, and what it never touches."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.run.conftest import Project

FILE = "params/quarterly/tiny.yml"
OPEN = "from analysis.run.store import open_run\nrun = open_run(params_file)"
TAKE_IN = (
    "from analysis.basis.metric import Kpi\nextracts = run.intake()\n"
    "run.record(Kpi('customers', 2.0), Kpi('churn_rate', 0.5, n=20))"
)
SHOW = "from analysis.present.page import Note\nNote('Two customers <script>alert(1)</script>.')"
SUM_UP = "from analysis.present.page import Note\nNote(f'{len(run.kpis())} figures.')"


def build(project: Project) -> Project:
    """A project of two chapters that works, and its finished report."""
    project.notebook("10_data", OPEN, TAKE_IN, SHOW)
    project.notebook("00_summary", OPEN, SUM_UP)
    project.write("params/economics.yml", "targets: {churn_rate: 0.4}\n")
    got = project.linecard("run", FILE)
    assert (got.returncode, got.stderr) == (0, "")
    return project


@pytest.fixture(scope="module")
def finished(lasting_project: Project) -> Project:
    return build(lasting_project)


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def untouched(finished: Project) -> Project:
    """The finished project; the test fails when it leaves `reports/` other than it found it."""
    before = content(finished.root / "reports")
    notebooks = content(finished.root / "notebooks")
    yield finished
    for name, data in notebooks.items():
        (finished.root / "notebooks" / name).write_bytes(data)
    finished.params()
    assert content(finished.root / "reports") == before


def manifest(project: Project) -> dict[str, object]:
    return json.loads((project.root / "data/runs/tiny/manifest.json").read_text(encoding="utf-8"))


def test_a_report_is_pages_numbers_and_an_account_and_latest_points_to_it(finished: Project) -> None:
    assert finished.files("reports") == [
        "latest",
        "tiny",
        "tiny/manifest.json",
        "tiny/notebooks",
        "tiny/notebooks/00_summary.ipynb",
        "tiny/notebooks/10_data.ipynb",
        "tiny/report.html",
        "tiny/report.pdf",
        "tiny/summary.json",
    ]
    assert (finished.root / "reports" / "latest").readlink() == Path("tiny")
    html = (finished.root / "reports/tiny/report.html").read_text(encoding="utf-8")
    assert html.index("About 00_summary") < html.index("About 10_data")
    assert "2 figures." in html
    assert "<script" not in html
    assert (finished.root / "reports/tiny/report.pdf").read_bytes().startswith(b"%PDF-")


def test_the_summary_holds_every_kpi_with_its_target(finished: Project) -> None:
    rows = json.loads((finished.root / "reports/tiny/summary.json").read_text(encoding="utf-8"))
    got = [(row["metric"], row["value"], row["target"], row["status"], row["quarter"]) for row in rows]
    assert got == [("churn_rate", 0.5, 0.4, "missed", "2026-Q3"), ("customers", 2.0, None, "none", "2026-Q3")]


def test_the_manifest_accounts_for_inputs_rows_versions_and_time(finished: Project) -> None:
    got = json.loads((finished.root / "reports/tiny/manifest.json").read_text(encoding="utf-8"))
    assert (got["status"], got["exit_code"], got["as_of"], got["params"]["quarter"]) == (
        "succeeded", 0, "2026-09-30", "2026-Q3",
    )  # fmt: skip
    assert [(row["file"], len(row["sha256"])) for row in got["inputs"]] == [("customers.csv", 64), ("usage.csv", 64)]
    assert got["rows"]["10_data"]["tables/customers"] == 2
    assert [(row["table"], row["selected"], row["accepted"]) for row in got["doors"]] == [
        ("customers", 2, 2),
        ("usage", 2, 2),
    ]
    assert set(got["seconds"]) == {"10_data", "00_summary", "html", "pdf"}
    assert got["warnings"] == []
    assert {"source.yml: csv", "source.yml: currency"} <= set(got["mapping"])
    assert got["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert got == manifest(finished)


def test_the_params_of_a_run_are_frozen_in_its_folder(finished: Project) -> None:
    text = (finished.root / "data/runs/tiny/params/tiny.yml").read_text(encoding="utf-8")
    assert f"source: {finished.root}/params/sources/tiny" in text
    assert "grace_days: 30" in text
    executed = (finished.root / "reports/tiny/notebooks/10_data.ipynb").read_text(encoding="utf-8")
    assert 'params_file = \\"data/runs/tiny/params/tiny.yml\\"' in executed


def test_the_same_run_again_gives_the_same_bytes(finished: Project) -> None:
    before = content(finished.root / "reports")
    got = finished.linecard("run", FILE, "--jobs", "1")
    assert got.returncode == 0
    assert [line.split(" … ")[0] for line in got.stdout.splitlines()] == [
        "10_data", "00_summary", "html", "pdf", "reports/tiny/report.html",
    ]  # fmt: skip
    after = content(finished.root / "reports")
    timed = {"tiny/manifest.json", "latest/manifest.json"}
    assert {name: data for name, data in after.items() if name not in timed} == {
        name: data for name, data in before.items() if name not in timed
    }


def test_one_chapter_can_be_run_again_beside_the_others(finished: Project) -> None:
    html = (finished.root / "reports/tiny/report.html").read_bytes()
    got = finished.linecard("run", FILE, "--only", "00_summary")
    assert got.returncode == 0, got.stderr
    assert "10_data" not in got.stdout
    assert (finished.root / "reports/tiny/report.html").read_bytes() == html
    assert manifest(finished)["reused"] == ["10_data"]


def test_a_chapter_that_needs_no_other_can_be_the_first_of_a_new_report(finished: Project) -> None:
    finished.write("params/quarterly/fresh.yml", "quarter: 2026-Q3\nsource: tiny\n")
    asked = ("run", "params/quarterly/fresh.yml", "--only")
    needy = finished.linecard(*asked, "00_summary")
    assert (needy.returncode, "10_data: expected a chapter of an earlier run" in needy.stderr) == (2, True)
    got = finished.linecard(*asked, "10_data")
    assert (got.returncode, got.stderr) == (0, "")
    html = (finished.root / "reports/fresh/report.html").read_text()
    assert "Chapters left out: 00_summary; run it without --only for them." in html


def test_other_params_do_not_fit_the_chapters_that_are_there(untouched: Project) -> None:
    untouched.params(text="quarter: 2026-Q3\nsource: tiny\ngrace_days: 10\n")
    got = untouched.linecard("run", FILE, "--only", "00_summary")
    assert got.returncode == 2
    assert got.stderr.startswith(
        "10_data: expected a chapter of an earlier run that fits, found one made with other params"
    )


def test_bad_params_end_with_2_before_anything_is_run(untouched: Project) -> None:
    untouched.params(text="quarter: 2026-Q3\nsource: tiny\ngrace_dayz: 10\n")
    got = untouched.linecard("run", FILE)
    assert (got.returncode, got.stdout) == (2, "")
    assert got.stderr == f"{FILE}:3:1: expected a known key, found 'grace_dayz'. Did you mean `grace_days`?\n"


def test_a_failing_notebook_ends_with_4_and_the_manifest_says_so(untouched: Project) -> None:
    untouched.notebook("10_data", "1 / 0")
    got = untouched.linecard("run", FILE)
    assert got.returncode == 4
    assert got.stderr.startswith(
        "10_data.ipynb, code cell 2: expected a cell that runs to its end, found ZeroDivisionError"
    )
    assert "Traceback" not in got.stderr
    found = manifest(untouched)
    assert (found["status"], found["exit_code"], found["message"]) == ("failed", 4, got.stderr.strip())


def test_a_missing_file_ends_with_3_and_bad_rows_with_5(project: Project) -> None:
    project.notebook("10_data", OPEN, TAKE_IN, SHOW)
    project.write("data/raw/tiny/usage.csv", "customer_id,month,download_gb\na1,2026-09,-5\n")
    got = project.linecard("run", FILE)
    assert (got.returncode, "usage: 1 of 1 rows set aside (100 %)" in got.stderr) == (5, True)
    checked = project.linecard("check", FILE)
    assert (checked.returncode, "usage.csv, line 2: expected download_gb" in checked.stdout) == (5, True)
    project.write("data/raw/tiny/usage.csv", "")
    empty = project.linecard("check", FILE)
    assert (empty.returncode, "usage.csv" in empty.stderr) == (3, True)
    assert project.files("reports") == []


def test_a_partial_report_says_so_in_its_account_and_on_its_first_page(project: Project) -> None:
    project.notebook("10_data", OPEN, TAKE_IN, SHOW)
    project.params()
    project.write("data/raw/tiny/usage.csv", "customer_id,month,download_gb\na1,2026-08,1\n")
    got = project.linecard("run", FILE, "--allow-partial")
    assert (got.returncode, got.stderr) == (0, "")
    (notice,) = json.loads((project.root / "reports/tiny/manifest.json").read_text(encoding="utf-8"))["notices"]
    assert notice.startswith("Partial quarter: for 2026-Q3 this report needs usage or invoices of 2026-09")
    assert notice in (project.root / "reports/tiny/report.html").read_text(encoding="utf-8")


def test_a_librarys_warning_stops_no_report_and_stands_in_the_manifest(project: Project) -> None:
    project.notebook("10_data", OPEN, TAKE_IN, f"import warnings\nwarnings.warn('0 / 0', RuntimeWarning)\n{SHOW}")
    got = project.linecard("run", FILE)
    assert (got.returncode, got.stderr) == (0, "")
    (warning,) = json.loads((project.root / "reports/tiny/manifest.json").read_text(encoding="utf-8"))["warnings"]
    assert warning.startswith("10_data.ipynb, cell ")
    assert warning.endswith(": RuntimeWarning: 0 / 0")
    assert "RuntimeWarning" not in (project.root / "reports/tiny/report.html").read_text(encoding="utf-8")


def test_what_is_to_be_put_right_is_said_at_the_end_of_the_run_and_stands_in_the_manifest(project: Project) -> None:
    project.notebook("10_data", OPEN, TAKE_IN, f"run.caution(['policies.x.campaign: none'])\n{SHOW}")
    got = project.linecard("run", FILE)
    assert (got.returncode, got.stderr) == (0, "policies.x.campaign: none\n")
    told = json.loads((project.root / "reports/tiny/manifest.json").read_text(encoding="utf-8"))["warnings"]
    assert told == ["policies.x.campaign: none"]


def test_a_copy_opened_in_jupyterlab_does_not_keep_a_chapter_from_being_made_again(project: Project) -> None:
    project.notebook("10_data", OPEN, TAKE_IN, SHOW)
    project.notebook("00_summary", OPEN, SUM_UP)
    assert project.linecard("run", FILE).returncode == 0
    kpis = project.root / "data/runs/tiny/kpis"
    (kpis / "10_data-Copy1.json").write_bytes((kpis / "10_data.json").read_bytes())
    got = project.linecard("run", FILE, "--only", "00_summary")
    assert (got.returncode, got.stderr) == (0, "")


def test_an_output_folder_that_cannot_be_written_ends_with_6_before_any_notebook(project: Project) -> None:
    project.notebook("10_data", OPEN, TAKE_IN, SHOW)
    project.write("reports", "a file in the way")
    got = project.linecard("run", FILE)
    assert (got.returncode, got.stdout) == (6, "")
    words = "reports: expected a folder reports/ that can be written to, found a file of that name. Move it away"
    assert words in got.stderr


def test_a_second_run_of_the_same_report_ends_with_7_at_once(untouched: Project) -> None:
    with (untouched.root / "data/runs/tiny/.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        got = untouched.linecard("run", FILE)
    assert got.returncode == 7
    assert got.stderr.startswith("report tiny: expected no other run of it, found process ")


def started(project: Project, *, marker: str) -> subprocess.Popen[str]:
    """A run that sleeps in its first notebook; returns once it does."""
    project.notebook(
        "10_data", f"import os, pathlib, time\npathlib.Path('{marker}').write_text(str(os.getpid()))\ntime.sleep(120)"
    )
    command = [sys.executable, "-m", "analysis", "run", FILE]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=project.root, env=project.environ(), start_new_session=True, **pipes)
    patience = time.monotonic() + 90
    while not (path := project.root / marker).exists() or not path.read_text(encoding="utf-8"):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < patience
        time.sleep(0.05)
    return process


def gone(project: Project, marker: str, *, within_s: float) -> bool:
    """Whether the kernel that wrote the marker ends in time."""
    state = Path(f"/proc/{(project.root / marker).read_text(encoding='utf-8')}/stat")
    patience = time.monotonic() + within_s
    while state.exists() and state.read_text(encoding="utf-8").split()[2] != "Z":
        if time.monotonic() > patience:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_the_run_in_ten_seconds_and_leaves_nothing_half_made(
    signum: signal.Signals, code: int, untouched: Project
) -> None:
    process = started(untouched, marker=f"kernel-{code}")
    start = time.monotonic()
    process.send_signal(signum)
    _, told = process.communicate(timeout=60)
    assert time.monotonic() - start < 10
    assert (process.returncode, told) == (code, "Stopped. The reports are as they were.\n")
    assert (manifest(untouched)["status"], manifest(untouched)["exit_code"]) == ("interrupted", code)
    assert gone(untouched, f"kernel-{code}", within_s=1)


def test_a_killed_run_leaves_no_kernel_no_lock_and_no_work_for_the_next(project: Project) -> None:
    process = started(project, marker="kernel")
    process.kill()
    process.communicate(timeout=60)
    assert gone(project, "kernel", within_s=10)
    assert [name for name in project.files("reports") if name.startswith(".tiny.")] != []
    build(project)
    assert [name for name in project.files("reports") if name.startswith(".")] == []
