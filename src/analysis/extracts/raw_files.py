"""Which raw tables a source offers: names and files, nothing opened."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from analysis.basis.errors import InputRefused
from analysis.extracts.mapping import Format, Source

SUFFIXES: dict[Format, tuple[str, ...]] = {
    "csv": (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz"),
    "excel": (".xlsx",),
    "parquet": (".parquet",),
}
OURS = ("source.yml", ".sql")  # the mapping, which may lie among the files it describes


@dataclass(frozen=True)
class RawFiles:
    """What lies under `files`: raw table → its files, in order of name; `suffixes` are those looked for first.

    `odd` are files beside them that are none: of a format that is not read, or of the name of a raw table.
    """

    root: Path
    tables: dict[str, tuple[Path, ...]]
    suffixes: tuple[str, ...]
    odd: tuple[str, ...] = ()

    def name(self, path: Path) -> str:
        """A file's name relative to `files`, the way messages and `_file` give it."""
        return path.relative_to(self.root).as_posix() if path != self.root else path.name

    def where(self, table: str) -> str:
        """A raw table's first file, as messages name it."""
        return self.name(self.tables[table][0])

    def missing(self, table: str) -> tuple[str, str]:
        """What was looked for where a raw table is not there, and what would help."""
        looked = ", ".join(f"{table}{suffix}" for suffix in self.suffixes)
        return f"none of {looked} and no folder {table}/ in {self.root.name}/", "Put the file there"

    def find(self, table: str) -> str | None:
        """The raw table of that name, compared as SQL compares names."""
        return next((name for name in self.tables if name.casefold() == table.casefold()), None)


def raw_files(source: Source) -> RawFiles:
    """The raw tables a source offers, without opening one.

    A file `<table>.csv` (.tsv, .txt, .gz; .xlsx; .parquet) is a raw table, a folder `<table>` of such files too; of two
    of one name the one in the source's own format. `files` may also be one file, or one workbook whose sheets `sheet`
    names, each a raw table.

    Raises
    ------
    InputRefused
        When `files` is not there, holds no such file, or two files of one name and format.
    """
    suffixes = SUFFIXES[source.format]
    if source.files.is_file() and isinstance(source.sheet, dict):
        return RawFiles(source.files, dict.fromkeys(source.sheet, (source.files,)), suffixes)
    if source.files.is_file():
        return RawFiles(source.files, {_stem(source.files, suffixes) or source.files.stem: (source.files,)}, suffixes)
    if not source.files.is_dir():
        raise _no_folder(source)
    tables: dict[str, tuple[Path, ...]] = {}
    odd: list[str] = []
    for path in sorted(_visible(source.files), key=lambda path: not _raw_table(path, source.format)[1]):
        name, files = _any_raw_table(path, source.format)
        twin = next((other for other in tables if other.casefold() == name.casefold()), None)
        if files and twin is None:
            tables[name] = files
            odd += [f"{path.name}/{file.name}" for file in _visible(path) if file.is_file() and file not in files]
        elif files and format_of(files[0], source.format) == format_of(tables[twin or name][0], source.format):
            found = f"{tables[twin or name][0].name} and {path.name}"
            raise InputRefused(source.files.name, expected="one file per raw table", found=found, do="Remove one.")
        elif path.is_file() and path.name != OURS[0] and path.suffix != OURS[1]:
            odd.append(path.name)
    if not tables:
        expected = f"files ending in {', '.join(suffixes)}"
        do = "Set `files:` in source.yml to the folder of the extracts, and `format:` to their kind."
        raise InputRefused(f"{source.files.name}/", expected=expected, found="none", do=do)
    return RawFiles(source.files, dict(sorted(tables.items())), suffixes, tuple(sorted(odd)))


def format_of(path: Path, usual: Format) -> Format:
    """The format that a file's name says; the source's usual one where it says none."""
    return next((kind for kind, suffixes in SUFFIXES.items() if _stem(path, suffixes)), usual)


def _any_raw_table(path: Path, usual: Format) -> tuple[str, tuple[Path, ...]]:
    """The raw table at `path` in the usual format, else in the one that all of its files have."""
    for kind in (usual, *SUFFIXES):
        name, files = _raw_table(path, kind)
        if files and (kind == usual or path.is_file() or len(files) == len(_visible(path))):
            return name, files
    return path.name, ()


def _visible(folder: Path) -> list[Path]:
    """What lies in a folder, in order of name, but for hidden and lock files; nothing where it is none."""
    inside = sorted(folder.iterdir(), key=lambda path: path.name) if folder.is_dir() else []
    return [path for path in inside if not path.name.startswith((".", "~$"))]


def _raw_table(path: Path, format: Format) -> tuple[str, tuple[Path, ...]]:
    """Name and files of the raw table at `path` in one format; no files when it is none."""
    if path.is_dir():
        return path.name, tuple(file for file in _visible(path) if file.is_file() and _raw_table(file, format)[1])
    stem = _stem(path, SUFFIXES[format])
    return (stem, (path,)) if stem else (path.name, ())


def _stem(path: Path, suffixes: tuple[str, ...]) -> str:
    """The name before the suffix; empty when the suffix is none of these."""
    ends = [end for end in suffixes if path.name.lower().endswith(end)]
    return path.name[: -len(max(ends, key=len))] if ends else ""


def _no_folder(source: Source) -> InputRefused:
    parent = next((folder for folder in source.files.parents if folder.is_dir()), None)
    names = sorted(path.name for path in parent.iterdir()) if parent else []
    close = get_close_matches(source.files.name, names, n=3, cutoff=0.5)
    do = f"Nearest: {', '.join(close)}. " if close else ""
    return InputRefused(
        f"{source.shown}/source.yml",
        expected=f"a folder or file of extracts named {source.files.name}",
        found="none",
        do=f"{do}Correct `files:`, or put the extracts there.",
    )
