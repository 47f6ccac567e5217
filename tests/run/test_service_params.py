"""The key `service`: what it may hold, how a quarterly file changes it, and how it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.basis.errors import ParamsError
from analysis.run.params import Params, frozen_text, read_params
from analysis.run.service_params import ServiceKeys

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "quarter: 2026-Q3\nsource: demo\n"


def read(root: Path, keys: str) -> Params:
    path = root / "q.yml"
    path.write_text(HEAD + keys, encoding="utf-8")
    return read_params(path, base=root)


def test_what_is_shipped_is_what_the_code_takes_without_it(tmp_path: Path) -> None:
    assert read(tmp_path, "").service == ServiceKeys()


def test_one_limit_can_be_changed_and_the_others_stay(tmp_path: Path) -> None:
    rules = read(tmp_path, "service: {limit_hours: {high: 48}}\n").service.rules
    assert rules.limit_hours == {"urgent": 8, "high": 48, "medium": 72, "low": 168}
    assert rules.grades == ["urgent", "high", "medium", "low", "not graded"]


def test_repeated_complaints_can_be_left_at_their_grade(tmp_path: Path) -> None:
    assert read(tmp_path, "service: {repeated_grade: null}\n").service.rules.repeated_grade is None


def test_a_frozen_copy_reads_as_the_same_rules(tmp_path: Path) -> None:
    params = read(tmp_path, "service: {follow_up_days: 14}\n")
    folder = tmp_path / "frozen"
    folder.mkdir()
    (folder / "q.yml").write_text(frozen_text(params, source=tmp_path), encoding="utf-8")
    assert read_params(folder / "q.yml", base=folder).service == params.service


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("service: {limit_hours: {grave: 3}}", "a grade of `severities`"),
        ("service: {repeated_grade: grave}", "a grade of `severities`"),
        ("service: {severities: {high: [high, medium]}}", "each word once"),
        ("service: {open_statuses: [closed]}", "each word once"),
        ("service: {self_service: [App]}", "words in small letters"),
        ("service: {limit_hours: {high: 0}}", "a number > 0"),
        ("service: {severities: {not graded: [x]}}", "another name for a grade"),
        ("service: {most_themes: 40}", "15"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, keys: str, said: str) -> None:
    with pytest.raises(ParamsError) as refused:
        read(tmp_path, keys + "\n")
    assert said in str(refused.value)
