"""A finished report appears as a whole, or not at all."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.basis.errors import Locked, StorageFailed
from analysis.run.writing import storage


@contextmanager
def locked(folder: Path, *, report: str) -> Iterator[None]:
    """Nobody else runs this report meanwhile; the lock ends with the process, however that ends.

    Raises
    ------
    Locked
        When another process runs it; names the process and its start.
    """
    path = folder / ".lock"
    with storage(path):
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(lock, 100).decode(errors="replace") or "another process"
            do = "Wait for it to end, or stop it."
            raise Locked(f"report {report}", expected="no other run of it", found=holder, do=do) from None
        with storage(path):
            os.ftruncate(lock, 0)
            os.write(lock, f"process {os.getpid()}, started {time.strftime('%Y-%m-%d %H:%M:%S')}".encode())
        yield
    finally:
        os.close(lock)


@contextmanager
def building_folder(reports: Path, report: str) -> Iterator[Path]:
    """A folder to build the report in, beside the reports; gone at the end unless it was published.

    What killed runs of the same report left behind is cleared first: hold its lock.
    """
    folder = reports / f".{report}.{os.getpid()}"
    _check_place(reports)
    with storage(reports):
        reports.mkdir(parents=True, exist_ok=True)
        clear_remains(reports, report)
        folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_place(reports: Path) -> None:
    """Refuse a file, or a link that leads nowhere, where the folder of the reports must be."""
    if reports.is_dir() or not os.path.lexists(reports):
        return
    found = "a file of that name" if reports.exists() else "a link of that name that leads nowhere"
    expected = f"a folder {reports.name}/ that can be written to"
    raise StorageFailed(str(reports), expected=expected, found=found, do="Move it away, then run the report again.")


def clear_remains(reports: Path, report: str) -> None:
    """Remove the building folders of killed runs; put a report back that was killed in the middle of a swap."""
    name = re.compile(rf"\.{re.escape(report)}\.\d+(\.old)?")
    for folder in sorted(reports.iterdir()):
        if not name.fullmatch(folder.name):
            continue
        if folder.name.endswith(".old") and not (reports / report).exists():
            folder.rename(reports / report)
        else:
            shutil.rmtree(folder)


def publish(folder: Path, reports: Path, report: str, *, whole: bool = True) -> None:
    """Move a built report into place, in the stead of an older one, and point `latest` at it if it is `whole`."""
    target, old = reports / report, folder.with_name(folder.name + ".old")
    with storage(target):
        if target.exists():
            target.rename(old)
        try:
            folder.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    shutil.rmtree(old, ignore_errors=True)
    if not whole:
        return
    with storage(reports / "latest"):
        link = reports / f".latest.{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(report, target_is_directory=True)
        link.replace(reports / "latest")
