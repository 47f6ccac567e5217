"""Figures of another program can be made again: each script beside them gives what is committed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "tests").rglob("yardsticks/*.R"))


def leaves(value: object, path: str = "") -> dict[str, object]:
    """Every number, text and null of a JSON document by its path; which version of the program made it is left out."""
    if isinstance(value, dict):
        return {
            at: leaf
            for key, each in value.items()
            if key != "made_by"
            for at, leaf in leaves(each, f"{path}/{key}").items()
        }
    if isinstance(value, list):
        return {at: leaf for key, each in enumerate(value) for at, leaf in leaves(each, f"{path}/{key}").items()}
    return {path: value}


def differences(got: dict[str, object], kept: dict[str, object]) -> dict[str, tuple[object, object]]:
    """Leaves that are not there twice, or differ by more than a relative 1e-9."""
    return {
        at: (got.get(at), kept.get(at))
        for at in sorted(got.keys() | kept.keys())
        if at not in got or at not in kept or not same(got[at], kept[at])
    }


def same(one: object, other: object) -> bool:
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return abs(one - other) <= 1e-9 * abs(other) if numbers else one == other


def test_every_yardstick_has_the_script_that_makes_it_and_every_script_its_yardstick():
    kept = sorted((ROOT / "tests").rglob("yardsticks/*.json"))
    assert SCRIPTS
    assert [path.stem for path in kept] == [path.stem for path in SCRIPTS]


def test_a_figure_that_moved_or_is_gone_is_a_difference():
    kept = leaves({"made_by": "R 4", "curve": [1.0, 0.5], "median": None})
    got = leaves({"made_by": "R 5", "curve": [1.0, 0.5 + 1e-8]})
    assert differences(got, kept) == {"/curve/1": (0.5 + 1e-8, 0.5), "/median": (None, None)}
    assert differences(kept, kept) == {}


@pytest.mark.yardstick
def test_the_scripts_give_the_yardsticks_that_are_kept(tmp_path: Path):
    for path in SCRIPTS:
        made = tmp_path / f"{path.stem}.json"
        subprocess.run(["Rscript", str(path), str(made)], check=True, capture_output=True, text=True)
        got = leaves(json.loads(made.read_text(encoding="utf-8")))
        assert differences(got, leaves(json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))) == {}
