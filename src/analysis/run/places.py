"""Where a run finds its params, its source and its notebooks, and what may be a name."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

import analysis
from analysis.basis.errors import ParamsError
from analysis.basis.failures import shown
from analysis.extracts.mapping import ADDRESS

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_NAME_WORDS = "a name of letters, digits, - and _ (at most 64, the first a letter or digit)"
_WINDOWS_DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}


def default_folder() -> Path:
    """The folder whose `params/` and `notebooks/` ship with the package.

    In a working copy that is its root; in an installed wheel `analysis/defaults`.
    """
    package = Path(analysis.__file__).parent
    root = package.parent.parent
    return root if (root / "params" / "standards.yml").is_file() else package / "defaults"


def local_path(text: str) -> Path:
    """The path `text` names on this machine; ParamsError for `http:`, `s3:` and every other scheme."""
    if ADDRESS.match(text):
        do = "Copy the file here and name its path."
        raise ParamsError(shown(text), expected="a file on this machine", found="an address", do=do)
    return Path(text)


def report_name(params_file: Path) -> str:
    """The report a params file makes: the file's name without `.yml`."""
    name = params_file.stem
    do = "Rename the params file: the report is named for it."
    if not NAME.fullmatch(name):
        raise ParamsError(shown(str(params_file)), expected=_NAME_WORDS, found=shown(name), do=do)
    if name.lower() in _WINDOWS_DEVICES:
        raise ParamsError(str(params_file), expected="a name Windows allows", found=shown(name), do=do)
    return name


def run_folder(root: Path, report: str) -> Path:
    """Where the stages of a report lie: `data/runs/<report>`."""
    return root / "data" / "runs" / report


def frozen_file(root: Path, report: str) -> Path:
    """The copy of the params, layers merged, that every notebook of one run reads."""
    return run_folder(root, report) / "params" / f"{report}.yml"


def frozen_root(params_file: Path) -> Path | None:
    """The project root above a frozen copy; None when the file is no frozen copy."""
    path = params_file.absolute()
    if len(path.parents) < 5:
        return None
    root = path.parents[4]
    return root if path == frozen_file(root, path.stem) else None


def project_root(params_file: Path, *, cwd: Path) -> Path:
    """The folder that holds `data/` and `reports/`.

    Notebooks in JupyterLab run inside `notebooks/`, so the nearest folder above that holds `params/` counts.
    """
    frozen = frozen_root(cwd / params_file)
    if frozen is not None:
        return frozen
    return next((folder for folder in (cwd, *cwd.parents) if (folder / "params").is_dir()), cwd)


def source_folder(source: str, *, params_file: Path, base: Path) -> Path:
    """The folder that `source:` names: a name under `params/sources/`, or a path that begins with `./` or `/`.

    Raises
    ------
    ParamsError
        When it is neither, or no such folder exists; names the folders searched and the nearest name.
    """
    where = f"{params_file}, source"
    if source.startswith(("./", "/")):
        folder = (params_file.parent / source).resolve()
        if not folder.is_dir():
            do = "Correct the path: it is relative to the params file."
            raise ParamsError(where, expected="a folder", found=f"{shown(source)}, which is none", do=do)
        return folder
    if not NAME.fullmatch(source):
        do = "Name a folder under params/sources, or write a path that begins with ./ or /."
        raise ParamsError(where, expected="a source's name or path", found=shown(source), do=do)
    shelves = [shelf / "params" / "sources" for shelf in (base, default_folder())]
    for shelf in shelves:
        if (shelf / source).is_dir():
            return (shelf / source).resolve()
    known = sorted({folder.name for shelf in shelves for folder in shelf.glob("*/")})
    close = get_close_matches(source, known, n=1)
    do = f"Did you mean {close[0]}?" if close else f"Known sources: {', '.join(known) or 'none'}."
    raise ParamsError(where, expected="a folder under params/sources", found=shown(source), do=do)


def notebooks_folder(base: Path) -> Path:
    """`notebooks/` of the current folder, else the package's own."""
    own = base / "notebooks"
    return own if own.is_dir() else default_folder() / "notebooks"
