"""Keeping a library written in C quiet, which prints past Python."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STDOUT = 1


@contextmanager
def nothing_printed() -> Iterator[None]:
    """What C prints meanwhile to the standard output of the process goes nowhere.

    HiGHS prints a line of its own when it mends a solution, though told to print nothing (scipy 1.17), and a chapter
    that prints is no report.
    """
    libc = ctypes.CDLL(None)
    sys.stdout.flush()
    libc.fflush(None)
    kept, nowhere = os.dup(STDOUT), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDOUT)
    try:
        yield
    finally:
        libc.fflush(None)  # what C still holds would come out later
        os.dup2(kept, STDOUT)
        os.close(kept)
        os.close(nowhere)
