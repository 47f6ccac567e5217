from __future__ import annotations

import os
from pathlib import Path

import pytest

from analysis.basis.errors import Locked, StorageFailed
from analysis.run.publish import building_folder, clear_remains, locked, publish


def listing(reports: Path) -> list[str]:
    return sorted(path.name for path in reports.iterdir())


def build(reports: Path, text: str, report: str = "q") -> None:
    with building_folder(reports, report) as folder:
        (folder / "report.html").write_text(text, encoding="utf-8")
        publish(folder, reports, report)


def test_a_report_appears_whole_and_latest_points_to_it(tmp_path: Path) -> None:
    build(tmp_path, "first")
    assert listing(tmp_path) == ["latest", "q"]
    assert (tmp_path / "latest").readlink() == Path("q")
    assert (tmp_path / "latest" / "report.html").read_text(encoding="utf-8") == "first"


def test_a_newer_report_takes_the_place_of_the_older(tmp_path: Path) -> None:
    build(tmp_path, "first")
    (tmp_path / "q" / "extra.txt").write_text("x", encoding="utf-8")
    build(tmp_path, "other", report="r")
    build(tmp_path, "second")
    assert [path.name for path in (tmp_path / "q").iterdir()] == ["report.html"]
    assert (tmp_path / "q" / "report.html").read_text(encoding="utf-8") == "second"
    assert listing(tmp_path) == ["latest", "q", "r"]
    assert (tmp_path / "latest").readlink() == Path("q")


def test_latest_does_not_lead_to_a_report_of_some_chapters(tmp_path: Path) -> None:
    build(tmp_path, "first")
    with building_folder(tmp_path, "part") as folder:
        (folder / "report.html").write_text("part", encoding="utf-8")
        publish(folder, tmp_path, "part", whole=False)
    assert listing(tmp_path) == ["latest", "part", "q"]
    assert (tmp_path / "latest").readlink() == Path("q")


def test_a_failure_leaves_the_reports_as_they_were(tmp_path: Path) -> None:
    build(tmp_path, "first")
    with pytest.raises(IsADirectoryError), building_folder(tmp_path, "q") as folder:
        folder.write_text("half", encoding="utf-8")
    assert listing(tmp_path) == ["latest", "q"]
    assert (tmp_path / "q" / "report.html").read_text(encoding="utf-8") == "first"


def test_a_move_the_disk_refuses_puts_the_older_report_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, "first")
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target == tmp_path / "q" and path.name.endswith(str(os.getpid())):
            raise OSError(28, "No space left on device")
        return rename(path, target)

    with monkeypatch.context() as patch, building_folder(tmp_path, "q") as folder:
        (folder / "report.html").write_text("second", encoding="utf-8")
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(StorageFailed, match="No space left on device"):
            publish(folder, tmp_path, "q")
    assert (tmp_path / "q" / "report.html").read_text(encoding="utf-8") == "first"
    assert listing(tmp_path) == ["latest", "q"]


def test_what_a_killed_run_left_is_cleared_and_other_reports_are_not_touched(tmp_path: Path) -> None:
    for name in (".q.123", ".r.123", ".q-2.123", "q", ".q.x"):
        (tmp_path / name).mkdir()
    clear_remains(tmp_path, "q")
    assert listing(tmp_path) == [".q-2.123", ".q.x", ".r.123", "q"]


def test_a_report_killed_in_the_middle_of_a_swap_comes_back(tmp_path: Path) -> None:
    (tmp_path / ".q.123.old").mkdir()
    (tmp_path / ".q.123.old" / "report.html").write_text("first", encoding="utf-8")
    (tmp_path / ".q.123").mkdir()
    clear_remains(tmp_path, "q")
    assert listing(tmp_path) == ["q"]
    assert (tmp_path / "q" / "report.html").read_text(encoding="utf-8") == "first"


def test_a_reports_folder_that_is_a_file_is_refused_before_anything(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("", encoding="utf-8")
    words = r"reports: expected a folder reports/ that can be written to, found a file of that name\. Move it away"
    with pytest.raises(StorageFailed, match=words), building_folder(tmp_path / "reports", "q"):
        raise AssertionError("the folder was given")


def test_a_link_that_leads_nowhere_is_refused_and_one_to_a_folder_is_not(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.symlink_to(tmp_path / "gone")
    words = "expected a folder reports/ that can be written to, found a link of that name that leads nowhere"
    with pytest.raises(StorageFailed, match=words), building_folder(reports, "q"):
        raise AssertionError("the folder was given")
    (tmp_path / "gone").mkdir()
    with building_folder(reports, "q") as folder:
        assert folder.is_dir()


def test_two_runs_of_one_report_exclude_each_other_and_others_do_not(tmp_path: Path) -> None:
    with locked(tmp_path / "q", report="q"), locked(tmp_path / "r", report="r"):
        message = rf"report q: expected no other run of it, found process {os.getpid()}, started \d{{4}}-"
        with pytest.raises(Locked, match=message), locked(tmp_path / "q", report="q"):
            raise AssertionError("the lock was given twice")
    with locked(tmp_path / "q", report="q"):
        pass


def test_a_lock_file_of_a_process_that_is_gone_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text(
        "process 1, started 2020-01-01 00:00:00 and a longer line than ours", encoding="utf-8"
    )
    with locked(tmp_path, report="q"):
        assert (tmp_path / ".lock").read_text(encoding="utf-8").startswith(f"process {os.getpid()}, started ")
