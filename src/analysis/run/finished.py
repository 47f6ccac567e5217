"""Whether a report is finished, and what it was made with and from is still there, before its run is used again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.basis.errors import InputRefused, ParamsError
from analysis.run.params import read_params
from analysis.run.places import local_path, report_name, run_folder
from analysis.run.publish import locked
from analysis.run.reuse import State, manifest_of
from analysis.run.source_mapping import changed_files, mapping_digests
from analysis.run.store import Run, open_run

NO_MATTER = {"export", "allow_partial", "minutes_per_notebook", "memory_gb"}  # keys that decide no order


def check_finished(params_file: str, *, root: Path) -> None:
    """Raises InputRefused unless the report was made, and its tables are still there."""
    path = local_path(params_file)
    read_params(path, base=root)
    report = report_name(path)
    folder = run_folder(root, report)
    tables = folder / "customers.parquet"
    do = f"Make it first: linecard run {params_file}"
    for needed, shown in ((root / "reports" / report, f"reports/{report}"), (tables, f"data/runs/{report}")):
        if not needed.exists():
            raise InputRefused(shown, expected="a finished report, and the tables of its run", found="none", do=do)
    if not is_whole(folder):
        found = "one that failed, or was stopped"
        raise InputRefused(f"data/runs/{report}", expected="a run that came to its end", found=found, do=do)


def check_key(run: Run, params_file: str) -> None:
    """Raises ParamsError under another key than the run's: no pseudonym would lead back to anybody."""
    if manifest_of(run.folder).get("pseudonym_key") != (run.key.id if run.key else None):
        expected, found = "the key of pseudonyms that the run was made with, or none as there", "another"
        do = "Give that key, or run the report again."
        raise ParamsError(f"{params_file}, pseudonymise", expected=expected, found=found, do=do)


def check_params(run: Run, params_file: str) -> None:
    """Raises ParamsError where params decide otherwise now than those that the report was made with."""
    before, now = manifest_of(run.folder).get("params", {}), run.params.model_dump(mode="json")
    other = sorted(name for name in {*before, *now} - NO_MATTER if before.get(name) != now.get(name))
    if other:
        do = f"Run the report again (linecard run {params_file}), or take the change back."
        found = f"others: {', '.join(other)}"
        raise ParamsError(params_file, expected="the params that the report was made with", found=found, do=do)


def check_mapping(run: Run, params_file: str) -> None:
    """Raises ParamsError where source.yml or a SELECT reads the extracts otherwise than when the report was made.

    The model was learned from what the mapping made of them then: of another mapping's columns it knows nothing.
    """
    if other := changed_files(manifest_of(run.folder).get("mapping", {}), mapping_digests(run.source)):
        do = f"Run the report again (linecard run {params_file}), or take the change back."
        expected, found = "the mapping that the report was made with", f"another in {', '.join(other)}"
        raise ParamsError(run.source.shown, expected=expected, found=found, do=do)


def check_tables(run: Run, params_file: str) -> None:
    """Raises InputRefused where a stage table is not what the run of the report made any more."""
    for file in State(run.folder).changed():
        found = "another" if (run.folder / file).is_file() else "none"
        do = f"Run the report again: linecard run {params_file}"
        where = f"data/runs/{run.report}/{file}"
        raise InputRefused(where, expected="the table that the run of the report made", found=found, do=do)


def is_whole(folder: Path) -> bool:
    """Whether the last run came to its end, and none of its chapters was begun anew since: no tables of two makings."""
    told = manifest_of(folder)
    return told.get("status") == "succeeded" and State(folder).has(told.get("rows", {}))


def is_finished(folder: Path, published: Path) -> bool:
    """Whether a run came to its end, and its report is there."""
    return published.exists() and manifest_of(folder).get("status") == "succeeded"


@contextmanager
def opened(params_file: str, *, root: Path) -> Iterator[Run]:
    """The run, which nobody changes meanwhile."""
    report = report_name(local_path(params_file))
    with locked(run_folder(root, report), report=report):
        run = open_run(params_file)
        with run.engine:
            yield run
