"""`linecard map`: the drafted source, written and told."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TextIO

from analysis.basis.errors import InputRefused, ParamsError, StorageFailed
from analysis.extracts.draft.drafting import draft
from analysis.extracts.draft.told import told
from analysis.extracts.engine import Engine
from analysis.run.places import local_path
from analysis.run.plain import plain


def print_draft(folder: str, *, name: str, root: Path, out: TextIO) -> None:
    """Draft the source `name` from a folder of extracts, write it to params/sources/, and say what is in it.

    Raises
    ------
    ParamsError
        When the name is none, or there is a source of that name.
    InputRefused
        When the folder holds nothing that can be read.
    StorageFailed
        When the draft cannot be written.
    """
    target = _target(name, root=root)
    extracts = local_path(folder)
    if not extracts.exists():
        do = "Name the folder that holds the extracts."
        raise InputRefused(extracts.name, expected="a folder of extracts", found="none of that name", do=do)
    with Engine() as engine:
        drafted = draft(extracts, name=name, files=_files(extracts.resolve(), target, root=root), engine=engine)
    _write(drafted.files, target)
    out.writelines(plain(line) + "\n" for line in told(drafted, shown=f"params/sources/{name}"))


def _target(name: str, *, root: Path) -> Path:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        expected = "a name of letters, digits, - and _"
        raise ParamsError("--name", expected=expected, found=repr(name), do="It names the folder in params/sources/.")
    target = root / "params" / "sources" / name
    if target.exists():
        do = "Choose another --name, or move that folder away: a draft never overwrites a mapping."
        raise ParamsError(f"params/sources/{name}", expected="no source of that name", found="one", do=do)
    return target


def _files(extracts: Path, target: Path, *, root: Path) -> str:
    """Where the extracts lie, as source.yml says it: relative where they are inside the project."""
    inside = extracts.is_relative_to(root.resolve())
    return Path(os.path.relpath(extracts, target.resolve())).as_posix() if inside else extracts.as_posix()


def _write(files: dict[str, str], target: Path) -> None:
    """All files of the draft, or none."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name, text in sorted(files.items()):
            (partial / name).write_text(text, encoding="utf-8")
        partial.rename(target)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        found = (error.strerror or "an error").lower()
        do = "Free some room, or open the folder for writing."
        raise StorageFailed("params/sources", expected="a folder to write in", found=found, do=do) from None
