"""Which chapters of an earlier run may be used again, and which no longer fit."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from typing import Any

import analysis
from analysis.basis.errors import ParamsError
from analysis.extracts.inputs import database_inputs
from analysis.extracts.key import Key
from analysis.extracts.mapping import Source
from analysis.run.params import Params
from analysis.run.stages import Stage
from analysis.run.writing import storage, write_json

PACKAGES = (
    "adbc-driver-postgresql", "duckdb", "lifelines", "matplotlib", "narwhals", "nbconvert", "numpy", "pandas",
    "papermill", "pyarrow", "pydantic", "ruamel.yaml", "scikit-learn", "scipy", "seaborn", "sqlglot", "typst",
)  # fmt: skip
LISTING = "*"
AGAIN = "Run the whole report once, without --only and --from."


def versions() -> dict[str, str]:
    """Versions of Linecard, of Python, and of the libraries whose numbers or pictures are in a report."""
    found = {"linecard": analysis.__version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    return found


def fingerprint(params: Params, source: Source, key: Key | None = None) -> str:
    """A digest of all that decides a report but the extracts: params, key, source.yml, SELECTs, code, libraries."""
    digest = hashlib.sha256(json.dumps(versions(), sort_keys=True).encode())
    digest.update(params.model_dump_json(exclude={"export"}).encode())  # decides no figure
    digest.update(key.id.encode() if key else b"")
    package = Path(analysis.__file__).parent
    for folder, kinds in ((source.folder, ("*.yml", "*.sql")), (package, ("*.py", "*.j2", "*.css", "*.mplstyle"))):
        for path in sorted(path for kind in kinds for path in folder.rglob(kind)):
            digest.update(f"{path.relative_to(folder)}\0{file_digest(path)}\0".encode())
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file; `absent` when there is none."""
    if not path.is_file():
        return "absent"
    with storage(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def chapter_log(folder: Path, chapter: str) -> dict[str, Any]:
    """What a notebook noted through `run.store`; empty when it noted nothing."""
    path = folder / "chapters" / f"{chapter}.json"
    log: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return log


def manifest_of(folder: Path) -> dict[str, Any]:
    """What the last run of a report said of itself; empty where it cannot be read."""
    try:
        told: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told


def made_files(folder: Path, chapter: str) -> list[str]:
    """Files a chapter left in the run folder, relative to it: stage tables, KPIs, its log, its notebook."""
    tables = [f"{name}.parquet" for name in sorted(chapter_log(folder, chapter).get("tables", {}))]
    return [*tables, f"kpis/{chapter}.json", f"chapters/{chapter}.json", f"notebooks/{chapter}.ipynb"]


def forget(folder: Path, chapters: Iterable[str]) -> None:
    """Remove what earlier runs of these chapters left, so that nothing old can be taken for new."""
    for chapter in chapters:
        for name in made_files(folder, chapter):
            with storage(folder / name):
                (folder / name).unlink(missing_ok=True)


def logged_chapters(folder: Path) -> list[str]:
    """Every chapter that ever left a log, JupyterLab's included."""
    return sorted(path.stem for path in (folder / "chapters").glob("*.json"))


class State:
    """What `data/runs/<report>/state.json` says of each finished chapter: what it was made from, and what it made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._guard = Lock()  # chapters finish in threads
        self._chapters: dict[str, dict[str, Any]] = {}
        path = folder / "state.json"
        if path.is_file():
            try:
                self._chapters = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                self._chapters = {}  # a damaged note is as good as none: the chapters are made again

    @property
    def finished(self) -> bool:
        """Whether any chapter was ever finished."""
        return bool(self._chapters)

    def has(self, names: Iterable[str]) -> bool:
        """Whether all these chapters were finished, and none was begun anew since."""
        return set(names) <= self._chapters.keys()

    def forget(self, names: Iterable[str]) -> None:
        """Drop the notes on these chapters."""
        self._chapters = {name: note for name, note in self._chapters.items() if name not in set(names)}
        self._write()

    def note(self, stage: Stage, *, notebook: str, fingerprint: str, source: Source) -> None:
        """Note a chapter that has just finished; `notebook` is the digest of the file that was executed."""
        made = {name: file_digest(self.folder / name) for name in made_files(self.folder, stage.name)}
        inputs = {file["file"]: file["sha256"] for file in chapter_log(self.folder, stage.name).get("inputs", [])}
        with self._guard:
            self._chapters[stage.name] = {
                "fingerprint": fingerprint,
                "notebook": notebook,
                "inputs": inputs | listing(source) if inputs else {},
                "needs": {need: self._digest(need) for need in stage.needs},
                "made": made,
            }
            self._write()

    def check_reusable(self, names: Sequence[str], *, fingerprint: str, source: Source, notebooks: Path) -> None:
        """Raises ParamsError unless every one of these chapters lies there and was made from what is there now."""
        for name in names:
            note = self._chapters.get(name)
            found = self._misfit(note, file_digest(notebooks / f"{name}.ipynb"), fingerprint) if note else "none"
            if note and not found and note["inputs"] != inputs_now(note["inputs"], source):
                found = "one made from other extracts"
            if found:
                raise ParamsError(name, expected="a chapter of an earlier run that fits", found=found, do=AGAIN)

    def check_consistent(self, stages: Sequence[Stage], reused: Sequence[str]) -> None:
        """Raises ParamsError when a reused chapter was made from tables that a newer run has changed."""
        for stage in stages:
            for need, before in self._chapters.get(stage.name, {}).get("needs", {}).items():
                if stage.name in reused and before != self._digest(need):
                    found, do = f"one made from other numbers of {need}", f"Run again with --from {need}."
                    raise ParamsError(stage.name, expected="a chapter that fits", found=found, do=do)

    def changed(self) -> list[str]:
        """Files of stage tables that are not what their chapter made any more; tables of the source aside."""
        made = {file: digest for note in self._chapters.values() for file, digest in note["made"].items()}
        tables = {file: digest for file, digest in made.items() if file.endswith(".parquet") and "/" not in file}
        return sorted(file for file, digest in tables.items() if file_digest(self.folder / file) != digest)

    def _misfit(self, note: Mapping[str, Any], notebook: str, fingerprint: str) -> str | None:
        if note["fingerprint"] != fingerprint:
            return "one made with other params, another key, another source description or another version"
        if note["notebook"] != notebook:
            return "one of another version of the notebook"
        if any(file_digest(self.folder / file) != digest for file, digest in note["made"].items()):
            return "one whose tables were changed since"
        return None

    def _digest(self, name: str) -> str:
        """One digest of the tables and KPIs a chapter made; its notebook and log do not count."""
        made = self._chapters.get(name, {}).get("made", {})
        lasting = {file: digest for file, digest in made.items() if not file.startswith(("notebooks/", "chapters/"))}
        return hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()

    def _write(self) -> None:
        write_json(self.folder / "state.json", self._chapters)


def inputs_now(before: Mapping[str, str], source: Source) -> dict[str, str]:
    """The digests of the same inputs as they are now; nothing for a chapter that read none."""
    if not before:
        return {}
    if source.database:
        return database_inputs(source)
    folder = input_folder(source)
    return {file: file_digest(folder / file) for file in before if file != LISTING} | listing(source)


def listing(source: Source) -> dict[str, str]:
    """A digest of the names of all files in the source's folder: a new file is a new input.

    None for a database: whoever asks again reads all tables that are then of use, new ones too.
    """
    if source.database:
        return {}
    folder = input_folder(source)
    names = sorted(str(path.relative_to(folder)) for path in folder.glob("**/*") if path.is_file())
    return {LISTING: hashlib.sha256("\0".join(names).encode()).hexdigest()}


def input_folder(source: Source) -> Path:
    """The folder that the names of inputs are relative to."""
    return source.files if source.files.is_dir() else source.files.parent
