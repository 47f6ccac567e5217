"""The keys of warnings: as shipped, changed one by one, and refused with what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.basis.errors import ParamsError
from analysis.run.params import read_params
from analysis.run.warning_params import WarningKeys

QUARTERLY = "quarter: 2026-Q3\nsource: demo\n"


def read(tmp_path: Path, text: str) -> WarningKeys:
    path = tmp_path / "q.yml"
    path.write_text(QUARTERLY + text, encoding="utf-8")
    return read_params(path, base=tmp_path).warnings


def test_what_is_shipped_is_what_the_code_takes_without_it(tmp_path: Path) -> None:
    assert read(tmp_path, "") == WarningKeys()


def test_a_quarterly_file_changes_a_single_key(tmp_path: Path) -> None:
    got = read(tmp_path, "warnings: {chance: 0.1, check: {cost: 2}}\n")
    assert (got.chance, got.budget, got.open_days) == (0.1, 1_000, 30)
    policy = got.check.policy()
    assert (policy.name, policy.action, policy.costs, policy.marketing, policy.who) == (
        "check", "account check", 2, False, {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("warnings: {chance: 3}", "q.yml:3:"),
        ("warnings: {open_days: 400}", "q.yml:3:"),
        ("warnings: {chances: 0.1}", "chances"),
        (
            "warnings: {check: {team: retenton}}",
            "q.yml:3:20: expected a team for warnings.check, found 'retenton'. There are: ret",
        ),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ParamsError, match=re.escape(said)):
        read(tmp_path, text + "\n")
