"""Small files written whole: under a temporary name first, then renamed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.basis.errors import StorageFailed


@contextmanager
def storage(path: Path) -> Iterator[None]:
    """Turns what the disk says into StorageFailed, naming `path`."""
    try:
        yield
    except OSError as error:
        expected = "a folder that exists, can be written to and has room"
        do = "Free or open it, then run the report again."
        raise StorageFailed(str(path), expected=expected, found=error.strerror or str(error), do=do) from None


def write_bytes(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file whole, its folder too; `mode` is what others may do with it, less the umask."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with storage(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
                file.write(content)
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def write_json(path: Path, content: Any) -> None:
    """Write plain values as JSON with sorted keys: same values, same bytes."""
    write_bytes(path, json_bytes(content))


def json_bytes(content: Any) -> bytes:
    """Plain values as indented JSON with sorted keys; ValueError for a number that is none."""
    return (json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()
