from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

YARDSTICKS = Path(__file__).parent / "yardsticks"


def leaves(value, path=""):
    """Every number and word of nested JSON, by where it stands; a missing number is not-a-number."""
    if isinstance(value, dict):
        return {k: v for key, inner in value.items() for k, v in leaves(inner, f"{path}/{key}").items()}
    if isinstance(value, list):
        return {k: v for place, inner in enumerate(value) for k, v in leaves(inner, f"{path}/{place}").items()}
    return {path: float("nan") if value is None else value}


@pytest.mark.yardstick
def test_the_script_still_makes_the_committed_yardsticks(tmp_path):
    subprocess.run(["Rscript", YARDSTICKS / "survival.R", tmp_path / "again.json"], check=True)
    got = leaves(json.loads((tmp_path / "again.json").read_text()))
    committed = leaves(json.loads((YARDSTICKS / "survival.json").read_text()))
    del got["/made_by"], committed["/made_by"]
    assert len(got) > 10_000
    assert got == pytest.approx(committed, rel=1e-8, abs=1e-10, nan_ok=True)
