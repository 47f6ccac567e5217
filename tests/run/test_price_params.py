"""The key `price_fit`: what it may hold, and how it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.basis.errors import ParamsError
from analysis.measures.price_fit import FitRules
from analysis.run.params import Params, read_params

if TYPE_CHECKING:
    from pathlib import Path


def read(root: Path, keys: str) -> Params:
    path = root / "q.yml"
    path.write_text(f"quarter: 2026-Q3\nsource: demo\n{keys}", encoding="utf-8")
    return read_params(path, base=root)


def test_rules_are_shipped_and_one_can_be_changed(tmp_path: Path) -> None:
    assert read(tmp_path, "").price_fit.rules == FitRules(near_cap_months=2, low_use=0.5, high_use=0.9)
    got = read(tmp_path, "price_fit: {high_use: 0.8, near_cap: 0.9}\n").price_fit
    assert (got.rules.high_use, got.near_cap, got.felt_months) == (0.8, 0.9, 3)


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("{low_use: 0.9}", "`low_use` below `high_use`"),
        ("{near_cap_months: 4}", "a number ≤ 3"),
        ("{felt_months: 6}", "a number ≤ 5"),
        ("{near_cap: 80}", "a number ≤ 1"),
        ("{cap: 1}", "cap"),
    ],
)
def test_what_makes_no_rule_is_refused(tmp_path: Path, keys: str, found: str) -> None:
    with pytest.raises(ParamsError, match=found):
        read(tmp_path, f"price_fit: {keys}\n")
