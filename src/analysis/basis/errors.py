"""Errors in the house style: where, what was expected, what was found, what to do."""

from __future__ import annotations

from collections.abc import Sequence


class LinecardError(Exception):
    """An error a user can act on; `exit_code` is what the command line ends with."""

    exit_code = 1

    def __init__(self, where: str, *, expected: str, found: str, do: str) -> None:
        self.where, self.expected, self.found, self.do = where, expected, found, do
        super().__init__(f"{where}: expected {expected}, found {found}. {do}")


def together(errors: Sequence[LinecardError]) -> LinecardError:
    """One error that says all of them, a line each, none twice: of the kind of the first, and with its exit code."""
    first, lines = errors[0], list(dict.fromkeys(map(str, errors)))
    more = "".join(f"\n{line}" for line in lines[1:])
    return type(first)(first.where, expected=first.expected, found=first.found, do=first.do + more)


class ParamsError(LinecardError):
    """A params file, a source description or a SELECT cannot be used."""

    exit_code = 2


class InputRefused(LinecardError):
    """The source's data cannot be read as the contract's tables."""

    exit_code = 3


class AnalysisFailed(LinecardError):
    """A notebook or a model stopped before its end."""

    exit_code = 4


class QualityGate(LinecardError):
    """The data was read, but too much of it is wrong to publish numbers from."""

    exit_code = 5


class StorageFailed(LinecardError):
    """A file could not be written."""

    exit_code = 6


class Locked(LinecardError):
    """Another run of the same report is under way."""

    exit_code = 7


class TimeLimit(LinecardError):
    """A notebook took longer than its limit."""

    exit_code = 8
