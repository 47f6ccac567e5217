from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from analysis.basis.errors import ParamsError
from analysis.basis.quarter import Quarter
from analysis.extracts.key import Key
from analysis.extracts.mapping import Source
from analysis.run import reuse
from analysis.run.export_params import ExportKeys
from analysis.run.params import Params
from analysis.run.reuse import State, file_digest, fingerprint, forget, listing, logged_chapters
from analysis.run.stages import Stage
from analysis.run.writing import write_bytes, write_json

DATA = Stage("10_data")
BASE = Stage("20_base", needs=("10_data",))
PARAMS = Params(quarter=Quarter(2026, 3), source="tiny")


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """One extract; source.yml and a SELECT beside it."""
    write_bytes(tmp_path / "raw" / "usage.csv", b"one")
    write_bytes(tmp_path / "source" / "source.yml", b"name: Tiny")
    write_bytes(tmp_path / "source" / "usage.sql", b"SELECT 1")
    return Source("Tiny", tmp_path / "source", "csv", tmp_path / "raw", dt.date(2024, 1, 1), "EUR", "UTC")


def finish(folder: Path, stage: Stage, *, source: Source, table: bytes = b"rows", mark: str = "mark") -> None:
    """What a run leaves of one chapter: a table, a log, KPIs, the executed notebook, and the note on them."""
    write_bytes(folder / f"{stage.name}_table.parquet", table)
    inputs = [{"file": "usage.csv", "sha256": file_digest(source.files / "usage.csv")}] if stage == DATA else []
    write_json(folder / "chapters" / f"{stage.name}.json", {"tables": {f"{stage.name}_table": 1}, "inputs": inputs})
    write_bytes(folder / "notebooks" / f"{stage.name}.ipynb", b"executed")
    notebook = folder.parent / "notebooks" / f"{stage.name}.ipynb"
    write_bytes(notebook, b"written")
    State(folder).note(stage, notebook=file_digest(notebook), fingerprint=mark, source=source)


@pytest.fixture
def folder(tmp_path: Path, source: Source) -> Path:
    """A run of two chapters."""
    finish(tmp_path / "run", DATA, source=source)
    finish(tmp_path / "run", BASE, source=source)
    return tmp_path / "run"


def check(folder: Path, source: Source, *, mark: str = "mark") -> None:
    notebooks = folder.parent / "notebooks"
    State(folder).check_reusable(["10_data", "20_base"], fingerprint=mark, source=source, notebooks=notebooks)


def test_an_unchanged_run_may_be_used_again(folder: Path, source: Source) -> None:
    check(folder, source)
    State(folder).check_consistent([DATA, BASE], ["10_data", "20_base"])


def misfit(folder: Path, source: Source, *, mark: str = "mark") -> str:
    with pytest.raises(ParamsError) as caught:
        check(folder, source, mark=mark)
    assert caught.value.do == "Run the whole report once, without --only and --from."
    return f"{caught.value.where}: {caught.value.found}"


def test_other_params_or_another_version_do_not_fit(folder: Path, source: Source) -> None:
    expected = "10_data: one made with other params, another key, another source description or another version"
    assert misfit(folder, source, mark="other") == expected


def test_another_notebook_does_not_fit(folder: Path, source: Source) -> None:
    write_bytes(folder.parent / "notebooks" / "20_base.ipynb", b"edited")
    assert misfit(folder, source) == "20_base: one of another version of the notebook"


def test_tables_that_were_changed_since_do_not_fit(folder: Path, source: Source) -> None:
    write_bytes(folder / "20_base_table.parquet", b"from JupyterLab")
    assert misfit(folder, source) == "20_base: one whose tables were changed since"


def test_stage_tables_that_are_not_what_was_made_are_named(folder: Path) -> None:
    assert State(folder).changed() == []
    write_bytes(folder / "20_base_table.parquet", b"from JupyterLab")
    (folder / "10_data_table.parquet").unlink()
    assert State(folder).changed() == ["10_data_table.parquet", "20_base_table.parquet"]


def test_other_extracts_do_not_fit(folder: Path, source: Source) -> None:
    write_bytes(source.files / "usage.csv", b"two")
    assert misfit(folder, source) == "10_data: one made from other extracts"


def test_a_new_file_among_the_extracts_does_not_fit(folder: Path, source: Source) -> None:
    write_bytes(source.files / "invoices.csv", b"new")
    assert misfit(folder, source) == "10_data: one made from other extracts"


def test_a_chapter_that_is_not_there_does_not_fit(folder: Path, source: Source) -> None:
    (folder / "notebooks" / "20_base.ipynb").unlink()
    assert misfit(folder, source) == "20_base: one whose tables were changed since"
    State(folder).forget(["10_data"])
    assert misfit(folder, source) == "10_data: none"


def test_a_damaged_note_is_as_good_as_none(folder: Path, source: Source) -> None:
    write_bytes(folder / "state.json", b'{"10_data": ')
    assert misfit(folder, source) == "10_data: none"


def test_a_chapter_made_from_older_numbers_is_noticed_afterwards(folder: Path, source: Source) -> None:
    finish(folder, DATA, source=source, table=b"other rows")
    with pytest.raises(
        ParamsError, match=r"20_base: .* found one made from other numbers of 10_data\. Run .* --from 10_data"
    ):
        State(folder).check_consistent([DATA, BASE], ["20_base"])
    State(folder).check_consistent([DATA, BASE], [])


def test_the_same_numbers_made_again_fit(folder: Path, source: Source) -> None:
    finish(folder, DATA, source=source)
    write_bytes(folder / "notebooks" / "10_data.ipynb", b"executed again, other times")
    State(folder).check_consistent([DATA, BASE], ["20_base"])


def test_what_chapters_left_can_be_forgotten(folder: Path) -> None:
    assert logged_chapters(folder) == ["10_data", "20_base"]
    forget(folder, ["20_base", "never_run"])
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
        "10_data_table.parquet",
        "chapters/10_data.json",
        "notebooks/10_data.ipynb",
        "state.json",
    ]


def test_the_fingerprint_moves_with_params_selects_and_code(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(PARAMS, source)
    assert fingerprint(PARAMS, source) == before
    assert fingerprint(PARAMS.model_copy(update={"grace_days": 29}), source) != before
    assert fingerprint(PARAMS.model_copy(update={"export": ExportKeys(unnamed="Kunde")}), source) == before
    write_bytes(source.folder / "README.md", b"words change nothing")
    assert fingerprint(PARAMS, source) == before
    write_bytes(source.folder / "usage.sql", b"SELECT 2")
    assert fingerprint(PARAMS, source) != before
    before = fingerprint(PARAMS, source)
    monkeypatch.setattr(reuse, "versions", lambda: {"linecard": "99"})
    assert fingerprint(PARAMS, source) != before


def test_the_fingerprint_moves_with_the_code(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_bytes(tmp_path / "package" / "__init__.py", b"")
    monkeypatch.setattr(reuse.analysis, "__file__", str(tmp_path / "package" / "__init__.py"))
    before = fingerprint(PARAMS, source)
    write_bytes(tmp_path / "package" / "new.py", b"x = 1")
    assert fingerprint(PARAMS, source) != before


def test_a_source_of_one_file_lists_its_neighbours(source: Source, tmp_path: Path) -> None:
    one = Source("Tiny", source.folder, "csv", source.files / "usage.csv", dt.date(2024, 1, 1), "EUR", "UTC")
    assert listing(one) == listing(source)


def test_the_versions_are_those_of_what_made_the_numbers() -> None:
    got = reuse.versions()
    assert set(got) == {"linecard", "python", *reuse.PACKAGES}
    assert "absent" not in got.values()
    json.dumps(got)


def test_chapters_of_another_key_do_not_fit(source: Source) -> None:
    none, one, other = (fingerprint(PARAMS, source, key) for key in (None, Key(b"1" * 32), Key(b"2" * 32)))
    assert len({none, one, other}) == 3
    assert fingerprint(PARAMS, source, Key(b"1" * 32)) == one
