"""What stands between a clean clone and a report: the set-up's messages, and what `make clean` may remove."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ["python3.13", "python3.12", "python3.11", "python3", "python"]


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that set-up reads, in a folder with a blank in its name, and an empty folder for programs."""
    folder = tmp_path / "a clone"
    (folder / ".ci").mkdir(parents=True)
    for name in (".ci/setup", "pyproject.toml", "uv.lock", "Makefile"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "programs").mkdir()
    return folder


def setup(clone: Path, target: str = "setup", **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{clone / 'programs'}:/usr/bin:/bin"
    return subprocess.run(
        ["make", target],
        cwd=clone,
        env={"PATH": path, "HOME": str(clone), **environment},
        capture_output=True,
        text=True,
    )


def test_a_python_that_is_too_old_is_refused_by_its_version(clone: Path):
    for name in NAMES:
        script(clone / "programs" / name, 'case "$2" in *sys.exit*) exit 1;; *) echo 3.9;; esac')
    got = setup(clone)
    assert got.returncode != 0
    assert "expected Python 3.11, 3.12 or 3.13 on the path, found 3.9." in got.stderr
    assert "make setup PYTHON=" in got.stderr
    assert not (clone / ".venv").exists()


def test_the_python_that_was_asked_for_is_the_only_one_tried(clone: Path):
    script(clone / "programs/python3", f'exec "{sys.executable}" "$@"')
    got = setup(clone, PYTHON="python9")
    assert got.returncode != 0
    assert "PYTHON=python9: expected Python 3.11, 3.12 or 3.13, found no Python that runs." in got.stderr


def test_where_no_environment_can_be_made_the_package_to_install_is_named(clone: Path):
    real = f'exec "{sys.executable}" "$@"'
    script(
        clone / "programs/python3.13",
        f'[ "$2" = venv ] && mkdir .venv && echo "ensurepip is not available" && exit 1\n{real}',
    )
    got = setup(clone)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert got.returncode != 0
    assert "ensurepip is not available" in got.stderr
    assert f"apt-get install python{version}-venv" in got.stderr
    assert not (clone / ".venv").exists()


def standing(clone: Path, *, made_in: Path) -> None:
    """An environment without libraries, as if set-up had finished in the folder given."""
    (clone / ".venv/bin").mkdir(parents=True)
    script(clone / ".venv/bin/python", f'echo "$*" >>"{clone}/called"\nexec "{sys.executable}" "$@"')
    (clone / ".venv/bin/pip").write_text(f"#!{made_in}/.venv/bin/python\n", encoding="utf-8")


def test_an_environment_that_was_moved_is_made_again(clone: Path):
    standing(clone, made_in=Path("/elsewhere"))
    script(
        clone / "programs/python3.13", f'[ "$2" = venv ] && echo "made again" && exit 1\nexec "{sys.executable}" "$@"'
    )
    got = setup(clone)
    assert "setup: making .venv with python3.13" in got.stdout
    assert "made again" in got.stderr


@pytest.fixture
def ready(clone: Path) -> Path:
    """A clone whose set-up is done: the sum of all that it was made from is the text of a file."""
    standing(clone, made_in=clone)
    script(clone / "programs/cksum", "cat >/dev/null; cat sum")
    for name in ("sum", ".venv/made-from"):
        (clone / name).write_text("the same", encoding="utf-8")
    return clone


def test_an_environment_that_stands_is_left_alone(ready: Path):
    got = setup(ready)
    assert (got.returncode, got.stdout) == (0, "")
    assert "pip" not in (ready / "called").read_text(encoding="utf-8")


def test_an_environment_is_brought_up_to_date_when_the_list_of_libraries_changed(ready: Path):
    script(ready / ".venv/bin/python", f'echo "$*" >>"{ready}/called"\nexit 0')
    script(ready / ".venv/bin/uv", f'echo "uv $*" >>"{ready}/called"')
    (ready / "sum").write_text("another", encoding="utf-8")
    got = setup(ready)
    assert "setup: installing what uv.lock names" in got.stdout
    assert "uv sync --locked" in (ready / "called").read_text(encoding="utf-8")
    assert (ready / ".venv/made-from").read_text(encoding="utf-8") == "another"


def demos_written(clone: Path) -> int:
    """Has `make demo` done its work, and counts how often the simulator ran so far."""
    got = setup(clone, target="demo")
    assert got.returncode == 0, got.stderr
    return (clone / "called").read_text(encoding="utf-8").count("-m analysis demo")


def test_the_demo_is_written_again_only_when_its_simulator_changed_or_another_lies_there(ready: Path):
    writes = "mkdir -p data/raw/demo && touch data/raw/demo/usage.csv"
    script(ready / ".venv/bin/python", f'echo "$*" >>"{ready}/called"; [ "$3" != demo ] || {{ {writes}; }}')
    (ready / "src/analysis/extracts/demo").mkdir(parents=True)
    (ready / "src/analysis/extracts/demo/world.py").touch()
    assert [demos_written(ready), demos_written(ready)] == [1, 1]
    (ready / "data/raw/.demo").write_text("made by another version", encoding="utf-8")
    assert [demos_written(ready), demos_written(ready)] == [2, 2]
    later = time.time() + 60
    os.utime(ready / "data/raw/demo/usage.csv", (later, later))
    assert demos_written(ready) == 3


def clean(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-f", str(ROOT / "Makefile"), "clean", *arguments], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Two runs and two reports, the older untouched for ten days; `latest` names the older."""
    for name, days in (("2026-Q2", 10), ("2026-Q3", 0)):
        for folder in (tmp_path / "data/runs" / name / "tables", tmp_path / "reports" / name):
            folder.mkdir(parents=True)
            (folder / "file").touch()
            for path in (
                (folder / "file", folder, folder.parent) if folder.name == "tables" else (folder / "file", folder)
            ):
                os.utime(path, (time.time() - days * 86_400,) * 2)
    (tmp_path / "data/raw").mkdir()
    (tmp_path / "reports/latest").symlink_to("2026-Q2")
    return tmp_path


def left(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in [*folder.glob("data/*"), *folder.glob("data/runs/*"), *folder.glob("reports/*")]
    )


def test_clean_removes_runs_and_reports_and_never_the_extracts(runs: Path):
    assert clean(runs).returncode == 0
    assert left(runs) == ["data/raw"]


def test_clean_with_an_age_keeps_what_was_touched_since(runs: Path):
    got = clean(runs, "OLDER_THAN=7")
    assert got.returncode == 0, got.stderr
    assert left(runs) == ["data/raw", "data/runs", "data/runs/2026-Q3", "reports/2026-Q3"]


def test_clean_keeps_a_run_of_which_any_file_is_young(runs: Path):
    (runs / "data/runs/2026-Q2/tables/file").touch()
    clean(runs, "OLDER_THAN=7")
    assert "data/runs/2026-Q2" in left(runs)


def test_clean_refuses_an_age_that_is_no_number(runs: Path):
    before = left(runs)
    got = clean(runs, "OLDER_THAN=a week")
    assert got.returncode != 0
    assert "OLDER_THAN: expected a number of days, found a week." in got.stderr
    assert left(runs) == before
