from __future__ import annotations

from pathlib import Path

import pytest

from analysis.basis.errors import ParamsError
from analysis.run import places


@pytest.mark.parametrize("name", ["2026-Q3", "ibm-2019-Q3", "a", "A_b-9", "x" * 64])
def test_a_report_is_named_for_its_params_file(name: str) -> None:
    assert places.report_name(Path(f"params/quarterly/{name}.yml")) == name


@pytest.mark.parametrize(
    "name", ["-a", "_a", "a b", "a.b", "2026:Q3", "x" * 65, "é", "а", "a\n", "..", "a;b", "$(a)", "２０２６"]
)
def test_a_name_that_could_leave_its_folder_is_refused(name: str) -> None:
    with pytest.raises(ParamsError, match="expected a name of letters, digits, - and _"):
        places.report_name(Path(f"params/{name}.yml"))


@pytest.mark.parametrize("name", ["con", "NUL", "Com1", "lpt9", "aux"])
def test_a_name_windows_keeps_for_itself_is_refused(name: str) -> None:
    with pytest.raises(ParamsError, match="expected a name Windows allows"):
        places.report_name(Path(f"{name}.yml"))


@pytest.mark.parametrize("text", ["http://x/p.yml", "s3://b/p.yml", "file:///p.yml", "HTTPS:p.yml", "git+ssh://x"])
def test_an_address_is_no_path(text: str) -> None:
    with pytest.raises(ParamsError, match="expected a file on this machine, found an address"):
        places.local_path(text)


def test_a_plain_path_is_taken_as_it_is() -> None:
    assert places.local_path("params/quarterly/2026-Q3.yml") == Path("params/quarterly/2026-Q3.yml")


def source_of(text: str, base: Path) -> Path:
    return places.source_folder(text, params_file=base / "params" / "quarterly" / "q.yml", base=base)


def test_a_source_is_a_name_under_params_sources(tmp_path: Path) -> None:
    (tmp_path / "params" / "sources" / "acme").mkdir(parents=True)
    assert source_of("acme", tmp_path) == tmp_path / "params" / "sources" / "acme"


def test_a_source_the_current_folder_lacks_comes_with_the_package(tmp_path: Path) -> None:
    assert source_of("ibm_telco", tmp_path) == places.default_folder() / "params" / "sources" / "ibm_telco"


def test_a_source_is_a_path_relative_to_the_params_file_or_absolute(tmp_path: Path) -> None:
    folder = tmp_path / "params" / "mine"
    (tmp_path / "params" / "quarterly").mkdir(parents=True)
    folder.mkdir()
    assert source_of("./../mine", tmp_path) == folder
    assert source_of(str(folder), tmp_path) == folder


def test_an_unknown_source_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "params" / "sources" / "acme").mkdir(parents=True)
    with pytest.raises(ParamsError, match=r"found 'acmee'\. Did you mean acme\?"):
        source_of("acmee", tmp_path)
    with pytest.raises(ParamsError, match=r"Known sources: acme, .*ibm_telco"):
        source_of("zzzzzz", tmp_path)


@pytest.mark.parametrize("text", ["../acme", "a/b", "http://x", "", "acme/..", "a b", "~/x"])
def test_a_source_that_is_neither_name_nor_path_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="expected a source's name or path"):
        source_of(text, tmp_path)


def test_a_path_to_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=r"expected a folder, found './nowhere', which is none"):
        source_of("./nowhere", tmp_path)


def test_the_project_is_the_nearest_folder_above_with_params(tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "notebooks").mkdir()
    assert places.project_root(Path("params/q.yml"), cwd=tmp_path / "notebooks") == tmp_path
    assert places.project_root(Path("params/q.yml"), cwd=tmp_path) == tmp_path


def test_a_frozen_copy_knows_its_project_whatever_lies_above(tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    inner = tmp_path / "inner"
    frozen = places.frozen_file(inner, "2026-Q3")
    assert places.frozen_root(frozen) == inner
    assert places.project_root(frozen.relative_to(inner), cwd=inner) == inner
    assert places.frozen_root(inner / "params" / "quarterly" / "2026-Q3.yml") is None


def test_notebooks_of_the_current_folder_win(tmp_path: Path) -> None:
    assert places.notebooks_folder(tmp_path) == places.default_folder() / "notebooks"
    (tmp_path / "notebooks").mkdir()
    assert places.notebooks_folder(tmp_path) == tmp_path / "notebooks"
