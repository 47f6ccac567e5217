"""Whether a run may be used again for a day after it: its params, and the report that came after it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from analysis.basis.errors import ParamsError
from analysis.extracts.mapping import read_source
from analysis.run.finished import check_mapping, check_params, is_finished, is_whole, manifest_of
from analysis.run.params import Params
from analysis.run.source_mapping import mapping_digests

if TYPE_CHECKING:
    from tests.run.conftest import Project

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


DESCRIBED = "name: Acme\nformat: csv\nobserved_from: 2024-01-01\ncurrency: EUR\ntimezone: UTC\n"


@pytest.fixture
def mapped(tmp_path: Path):
    """The run of a report, and its source as it is described now."""
    folder = tmp_path / "params" / "sources" / "acme"
    folder.mkdir(parents=True)

    def opened(keys: str, select: str = "SELECT id AS customer_id FROM people") -> SimpleNamespace:
        files = "" if "files:" in keys else "files: ./september\n"
        (folder / "source.yml").write_text(DESCRIBED + files + keys)
        (folder / "customers.sql").write_text(select)
        return SimpleNamespace(folder=tmp_path, source=read_source(folder, environ={}))

    told = {"status": "succeeded", "mapping": mapping_digests(opened("codes: {region: [north]}\n").source)}
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    return opened


def test_newer_extracts_of_the_same_mapping_fit(mapped) -> None:
    check_mapping(mapped("codes: {region: [north]}\n"), FILE)
    newer = "# of October\nfiles: ./october\nextracted_at: 2026-11-01\nmax_file_gb: 8\nsnapshot_date: 2026-10-31\n"
    check_mapping(mapped(newer + "codes: {region: [north]}\n"), FILE)


@pytest.mark.parametrize(
    ("keys", "select", "found"),
    [
        ("codes: {region: [south]}\n", None, "another in source.yml (codes)."),
        ("codes: {region: [north]}\n", "SELECT nr AS customer_id FROM people", "another in customers.sql."),
        ("csv: {decimal: ','}\n", "SELECT nr AS customer_id FROM people", "in customers.sql, source.yml (codes, csv)."),
    ],
)
def test_another_mapping_is_refused_by_its_files_with_what_to_do(mapped, keys, select, found) -> None:
    with pytest.raises(ParamsError) as raised:
        check_mapping(mapped(keys, select) if select else mapped(keys), FILE)
    said = str(raised.value)
    assert said.startswith("params/sources/acme: expected the mapping that the report was made with, found another in")
    assert said.endswith(f"{found} Run the report again (linecard run 2026-Q3.yml), or take the change back.")


def test_a_select_that_came_since_or_a_report_that_noted_no_mapping_is_refused(mapped, tmp_path: Path) -> None:
    run = mapped("codes: {region: [north]}\n")
    (run.source.folder / "usage.sql").write_text("SELECT 1 AS customer_id")
    run.source = read_source(run.source.folder, environ={})
    with pytest.raises(ParamsError, match=r"found another in usage\.sql\."):
        check_mapping(run, FILE)
    (tmp_path / "manifest.json").write_text('{"status": "succeeded"}')
    with pytest.raises(ParamsError, match=r"found another in customers\.sql, usage\.sql, source\.yml"):
        check_mapping(run, FILE)


def test_a_report_is_finished_when_it_is_there_and_its_run_succeeded(tmp_path: Path, made) -> None:
    run = made()
    assert is_finished(run.folder, tmp_path)
    assert not is_finished(run.folder, tmp_path / "none")
    (tmp_path / "manifest.json").write_text('{"status": "failed"}')
    assert not is_finished(run.folder, tmp_path)


OPEN = "from analysis.run.store import open_run\nrun = open_run(params_file)"


def test_a_run_refused_before_it_touched_a_table_leaves_the_account_of_the_finished_one(project: Project) -> None:
    project.notebook("10_data", OPEN, "extracts = run.intake()")
    project.notebook("00_summary", OPEN, "figures = run.kpis()")
    folder = project.root / "data/runs/tiny"

    def ended(*asked: str, grace_days: int) -> int:
        project.params(text=f"quarter: 2026-Q3\nsource: tiny\ngrace_days: {grace_days}\n")
        return project.linecard("run", "params/quarterly/tiny.yml", *asked).returncode

    assert ended(grace_days=30) == 0
    before = (folder / "manifest.json").read_bytes()
    assert ended("--only", "00_summary", grace_days=10) == 2
    assert (folder / "manifest.json").read_bytes() == before
    assert is_whole(folder)

    project.notebook("10_data", "1 / 0")
    assert ended("--only", "10_data", grace_days=30) == 4
    assert manifest_of(folder)["exit_code"] == 4
    (folder / "manifest.json").write_bytes(before)  # as a run leaves it that is killed in a chapter begun anew
    assert not is_whole(folder)
    assert ended("--only", "00_summary", grace_days=10) == 2
    assert (manifest_of(folder)["status"], manifest_of(folder)["exit_code"]) == ("failed", 2)
