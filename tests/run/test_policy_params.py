"""The policy table: read with its line where something is wrong, and for every class."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.basis.errors import ParamsError
from analysis.run.params import read_params, shipped_classes, shipped_policies, shipped_teams
from analysis.run.policy_params import policies, policy_faults, teams

QUARTERLY = "quarter: 2026-Q3\nsource: demo\n"


def read(tmp_path: Path, text: str):
    path = tmp_path / "q.yml"
    path.write_text(QUARTERLY + text, encoding="utf-8")
    return read_params(path, base=tmp_path)


def test_the_shipped_table_is_for_every_class_and_stage_and_has_no_fault() -> None:
    rows = shipped_policies()
    assert list(policy_faults(rows, of=shipped_teams(), dimensions=shipped_classes())) == []
    stages = {klass for row in policies(rows) for klass in row.who["lifecycle"]}
    assert stages == {"potential", "new", "growing", "mature", "declining", "churned"}
    assert all(team.owner and team.capacity for team in teams(shipped_teams()).values())


def test_a_quarterly_file_changes_a_single_key(tmp_path: Path) -> None:
    got = read(tmp_path, "policies: {price: {effect: 0.3}}\nteams: {service: {capacity: 5}}\nbudget: null\n")
    assert got.policies["price"].effect == 0.3
    assert got.policies["price"].cost == 6
    assert got.teams["service"].capacity == 5
    assert got.budget is None


FAULTS = {
    "team: retenton": "expected a team, found 'retenton'. Did you mean retention",
    "reason: prize": "expected a family of reasons, found 'prize'. Did you mean price",
    "who: {lifecycle: [old]}": "expected a class of lifecycle, found 'old'",
    "who: {mood: [bad]}": "expected the name of a dimension, found 'mood'",
    "effect: 1.5": "",
    "discount: 3": "",
    "who: {lifecycle: 3}": "",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_fault_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(ParamsError, match=rf"q\.yml:5:\d+: .*{re.escape(FAULTS[line])}"):
        read(tmp_path, f"policies:\n  price:\n    {line}\n")


def test_a_class_without_a_policy_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="a policy for every class, found .none for lifecycle “potential”"):
        read(tmp_path, "policies:\n  leads:\n    who: {lifecycle: churned}\n")


def test_a_quarterly_file_leaves_a_line_out_with_null_where_every_class_keeps_one(tmp_path: Path) -> None:
    got = read(tmp_path, "policies: {competitor: null}\n")
    assert "competitor" not in got.policies
    assert "price" in got.policies
    with pytest.raises(ParamsError, match="none for lifecycle “potential”"):
        read(tmp_path, "policies: {leads: null}\n")


def test_a_table_of_ones_own_is_the_whole_table(tmp_path: Path) -> None:
    own = tmp_path / "params" / "policy.yml"
    own.parent.mkdir()
    line = "{action: call, offer: help, team: desk, channel: phone, effect: 0.1, days: 7}"
    warned = "warnings: {check: {team: desk}}\n"
    own.write_text(f"{warned}teams: {{desk: {{owner: Head of desk}}}}\npolicies:\n  everyone: {line}\n")
    got = read(tmp_path, "")
    assert list(got.policies) == ["everyone"]
    assert list(got.teams) == ["desk"]
    assert got.holdout == 0.1
    own.write_text(f"{warned}teams: {{desk: {{capacity: 5}}}}\npolicies:\n  everyone: {line}\n")
    with pytest.raises(ParamsError, match=r"policy\.yml:2:\d+: .*owner"):
        read(tmp_path, "")
