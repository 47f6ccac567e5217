from __future__ import annotations

import importlib

import pandas as pd
import pytest
from tests.truth.__main__ import PARTS, main
from tests.truth.table import Table


def table(*held):
    rows = pd.DataFrame({"world": ["calm", "stormy", "unjudged"], "bias": [0.01, 0.25, 0.5], "holds": held})
    return Table("ratios", "Hazard ratios", rows)


@pytest.fixture
def part(monkeypatch):
    """Puts tables in place of those of the part `survival`."""
    module = importlib.import_module("tests.truth.survival")
    return lambda *made: monkeypatch.setattr(module, "tables", lambda quick, out: list(made))


def run(tmp_path):
    return main(["--quick", "--only", "survival", "--out", str(tmp_path / "truth")])


def test_tables_that_hold_are_printed_and_kept(part, tmp_path, capsys):
    part(table(True, True, None))
    assert run(tmp_path) == 0
    said = capsys.readouterr().out
    assert (
        "Hazard ratios\n   world   bias holds\n    calm 0.0100   yes\n  stormy 0.2500   yes\nunjudged 0.5000     -"
        in said
    )
    assert "Everything holds." in said
    kept = pd.read_csv(tmp_path / "truth/ratios.csv")
    assert kept["bias"].tolist() == [0.01, 0.25, 0.5]


def test_a_line_that_does_not_hold_ends_the_command_with_1(part, tmp_path, capsys):
    part(table(True, False, None))
    assert run(tmp_path) == 1
    said = capsys.readouterr().out
    assert "stormy 0.2500    NO" in said
    assert "Does not hold: ratios." in said


def test_every_part_can_be_found():
    for name in PARTS:
        assert callable(importlib.import_module(f"tests.truth.{name}").tables)
