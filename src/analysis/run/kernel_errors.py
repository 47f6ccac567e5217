"""What a notebook raised in its kernel, as an error of this process."""

from __future__ import annotations

import re

from papermill.exceptions import PapermillExecutionError

from analysis.basis import errors
from analysis.basis.errors import AnalysisFailed, LinecardError, StorageFailed

_SENTENCE = re.compile(r"(.+?): expected (.+?), found (.*?)\. (.*)", flags=re.DOTALL)
_FULL_DISK = ("[Errno 28]", "No space left on device")
_MEMORY = ("MemoryError", "OutOfMemoryException", "ArrowMemoryError", "_ArrayMemoryError")


def raised_in_kernel(error: PapermillExecutionError, *, where: str) -> LinecardError:
    """An error of our own as it was raised, any other as AnalysisFailed with its first line."""
    known = getattr(errors, error.ename, None)
    match = _SENTENCE.fullmatch(error.evalue)
    if match and isinstance(known, type) and issubclass(known, LinecardError):
        return known(match[1], expected=match[2], found=match[3], do=match[4])
    first = f"{error.ename}: {error.evalue}".strip().partition("\n")[0][:200]
    if any(words in first for words in _FULL_DISK):
        do = "Free some space, then run the report again."
        return StorageFailed(where, expected="room on the disk", found=first, do=do)
    do = "Open the notebook in JupyterLab with the same params to see the whole error."
    if error.ename in _MEMORY:
        do = "Free memory, run with --jobs 1, or take fewer months or customers."
    return AnalysisFailed(where, expected="a cell that runs to its end", found=first, do=do)
