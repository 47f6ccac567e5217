"""The key `composition`: how much may hang on few, how a quarterly file changes it, and how it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.basis.errors import ParamsError
from analysis.measures.exposure import Limits
from analysis.run.params import Params, read_params

if TYPE_CHECKING:
    from pathlib import Path


def read(root: Path, keys: str) -> Params:
    path = root / "q.yml"
    path.write_text("quarter: 2026-Q3\nsource: demo\n" + keys, encoding="utf-8")
    return read_params(path, base=root)


def test_shipped_limits_are_those_of_the_measures_and_one_can_be_changed(tmp_path: Path) -> None:
    assert read(tmp_path, "").composition.limits == Limits()
    assert read(tmp_path, "composition: {region: 0.3}\n").composition.limits == Limits(region=0.3)


@pytest.mark.parametrize("keys", ["{region: 0}", "{region: 1.5}", "{county: 0.5}", "{region: a lot}"])
def test_a_limit_that_is_no_share_is_refused(tmp_path: Path, keys: str) -> None:
    with pytest.raises(ParamsError, match=r"q\.yml"):
        read(tmp_path, f"composition: {keys}\n")
