from __future__ import annotations

import stat
from pathlib import Path

import pytest

from analysis.basis.errors import StorageFailed
from analysis.run.writing import json_bytes, storage, write_bytes, write_json


def test_a_file_is_written_with_its_folder_and_nothing_else(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a" / "b.txt", b"one")
    write_bytes(tmp_path / "a" / "b.txt", b"two")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"two"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]


def test_a_private_file_is_private_from_its_first_byte(tmp_path: Path) -> None:
    write_bytes(tmp_path / "secret", b"x", mode=0o600)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_the_older_file_and_no_remains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bytes(tmp_path / "a.txt", b"old")

    def full(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(
        StorageFailed, match=r"a\.txt: expected a folder .* has room, found No space left on device\. Free"
    ):
        write_bytes(tmp_path / "a.txt", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def test_a_folder_that_is_a_file_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(StorageFailed, match="expected a folder that exists"):
        write_bytes(tmp_path / "a" / "b.txt", b"x")


def test_only_the_disks_errors_are_turned(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), storage(tmp_path):
        raise ZeroDivisionError


def test_json_has_one_form(tmp_path: Path) -> None:
    assert json_bytes({"b": 1, "a": ["é"]}) == '{\n  "a": [\n    "é"\n  ],\n  "b": 1\n}\n'.encode()
    with pytest.raises(ValueError, match="Out of range float"):
        json_bytes({"a": float("nan")})
    write_json(tmp_path / "a.json", {"b": 1})
    assert (tmp_path / "a.json").read_bytes() == b'{\n  "b": 1\n}\n'
