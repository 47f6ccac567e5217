"""Whether a run may be used again for a day after it: its params, and the report that came after it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.basis.errors import ParamsError
from analysis.run.finished import check_params, is_finished
from analysis.run.params import Params

FILE = "2026-Q3.yml"


def params(**keys: object) -> Params:
    return Params.model_validate({"quarter": "2026-Q3", "source": "demo", **keys})


@pytest.fixture
def made(tmp_path: Path):
    """The run of a report made with the params as shipped, opened with others."""
    told = {"status": "succeeded", "params": params().model_dump(mode="json")}
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    return lambda **keys: SimpleNamespace(folder=tmp_path, params=params(**keys))


def test_the_params_of_the_report_fit_and_so_do_keys_that_decide_no_order(made) -> None:
    check_params(made(), FILE)
    check_params(made(memory_gb=8.0, export={"unnamed": "Kunde"}, allow_partial=True), FILE)


def test_other_params_are_refused_by_name_with_what_to_do(made) -> None:
    with pytest.raises(ParamsError) as raised:
        check_params(made(holdout=0.0, source="other"), FILE)
    assert str(raised.value) == (
        "2026-Q3.yml: expected the params that the report was made with, found others: holdout, source. "
        "Run the report again (linecard run 2026-Q3.yml), or take the change back."
    )


def test_a_report_is_finished_when_it_is_there_and_its_run_succeeded(tmp_path: Path, made) -> None:
    run = made()
    assert is_finished(run.folder, tmp_path)
    assert not is_finished(run.folder, tmp_path / "none")
    (tmp_path / "manifest.json").write_text('{"status": "failed"}')
    assert not is_finished(run.folder, tmp_path)
