"""How a command ends when something went wrong: a message, and an exit code."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from types import TracebackType

import typer

from analysis.basis.errors import LinecardError
from analysis.run.plain import plain

CLOSED_PIPE = 141  # as programs end that write where nobody reads: `linecard check … | head`


class Endings:
    """A context that turns whatever is raised inside into a line on stderr and an exit code."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, BrokenPipeError | SystemExit):  # who read the output had enough (rich exits by itself)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left to write goes nowhere
            raise typer.Exit(CLOSED_PIPE) from None
        if error is not None:
            typer.echo(last_words(error), err=True)
            raise typer.Exit(exit_code(error)) from None


def exit_code(error: BaseException) -> int:
    """What the command ends with: the error's own code, 6 for the disk, 130 for Ctrl-C, 1 for what nobody foresaw."""
    if isinstance(error, OSError):
        return 6
    return int(getattr(error, "exit_code", 130 if isinstance(error, KeyboardInterrupt) else 1))


def last_words(error: BaseException) -> str:
    """What a person reads when a command fails: never a traceback."""
    if isinstance(error, LinecardError):
        return "\n".join(map(plain, str(error).splitlines()))
    if isinstance(error, OSError):
        return plain(f"{error.filename or 'the disk'}: {error.strerror or error}.")
    if exit_code(error) == 1:
        return f"Internal error ({type(error).__name__}). The traceback is in {written_traceback(error)}."
    return "Stopped. The reports are as they were."


def written_traceback(error: BaseException) -> str:
    """Writes an error's traceback, without the values of variables, where only this user reads it; returns the path."""
    handle, path = tempfile.mkstemp(prefix="linecard-error-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
    return path
