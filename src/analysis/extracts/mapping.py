"""A source: where a company's extracts lie, how they are written, and which SELECT makes each contract table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field

from analysis.basis.documents import Document, read_yaml, validated
from analysis.basis.errors import ParamsError, together
from analysis.extracts.contract import CONTRACT
from analysis.extracts.database import Database, PostgresKeys, check_place, database
from analysis.extracts.declared import code_objections, format_objections, order_objections
from analysis.extracts.form import CsvFormat, DateOrder, Moment
from analysis.extracts.identity import Crosswalk, objections
from analysis.extracts.selects import read_selects
from analysis.extracts.sheet_keys import HeaderRow, Sheet

__all__ = ["ADDRESS", "CsvFormat", "Format", "Source", "read_source", "shown_folder"]

Format = Literal["csv", "excel", "parquet", "postgres"]
OnBadBytes = Literal["refuse", "quarantine"]
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # http:, s3: and the like; one letter is a Windows drive


@dataclass(frozen=True)
class Source:
    """A source folder, read and checked; `shown` is the folder's name in messages.

    `files` is where the extracts lie; for a database, which has no files, the folder itself.
    """

    name: str
    folder: Path
    format: Format
    files: Path
    observed_from: dt.date
    currency: str
    timezone: str
    covers_from: dict[str, dt.date] = field(default_factory=dict)
    known_at: dict[str, str] = field(default_factory=dict)
    snapshot_date: dt.date | None = None
    csv: CsvFormat = field(default_factory=CsvFormat)
    date_order: DateOrder | None = None
    extracted_at: dt.date | dt.datetime | None = None
    codes: dict[str, list[str]] = field(default_factory=dict)
    optional: list[str] = field(default_factory=list)
    on_bad_bytes: OnBadBytes = "refuse"
    max_file_gb: float = 4.0
    sheet: str | dict[str, str] | None = None
    header_row: int | dict[str, int] | None = None
    keep: dict[str, str] = field(default_factory=dict)
    precedence: list[str] = field(default_factory=list)
    crosswalk: Crosswalk | None = None
    database: Database | None = None
    selects: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        return shown_folder(self.folder)

    @property
    def extracted_on(self) -> dt.date | None:
        """The day on which the extract was taken."""
        taken = self.extracted_at
        return taken.date() if isinstance(taken, dt.datetime) else taken

    @property
    def whole_until(self) -> dt.date | None:
        """The last day that lies whole in the extract: the eve, where it was taken at an hour of the day."""
        taken = self.extracted_at
        return taken.date() - dt.timedelta(days=1) if isinstance(taken, dt.datetime) else taken


class _Keys(BaseModel):
    """source.yml, key by key."""

    model_config = ConfigDict(extra="forbid")

    name: str
    format: Format
    files: str | None = None
    observed_from: dt.date
    currency: str
    timezone: str
    covers_from: dict[str, dt.date] = {}
    known_at: dict[str, str] = {}
    snapshot_date: dt.date | None = None
    csv: CsvFormat = CsvFormat()
    date_order: DateOrder | None = None
    extracted_at: Moment | None = None
    codes: dict[str, list[str]] = {}
    optional: list[str] = []
    on_bad_bytes: OnBadBytes = "refuse"
    max_file_gb: float = Field(default=4.0, gt=0)
    sheet: Sheet = None
    header_row: HeaderRow = None
    keep: dict[str, str] = {}
    precedence: list[str] = []
    crosswalk: Crosswalk | None = None
    postgres: PostgresKeys | None = None


def read_source(folder: Path, *, environ: Mapping[str, str]) -> Source:
    """The source described by `folder`: its source.yml and one SELECT per contract table.

    Parameters
    ----------
    folder
        Holds source.yml and, where a raw table has not the contract's name and columns, `<table>.sql`.
    environ
        Where `${VARIABLE:-default}` at the beginning of `files`, and the variable `postgres:` names, are looked up.

    Raises
    ------
    ParamsError
        When source.yml is missing, or a key or a SELECT cannot be used.
    """
    where = f"{shown_folder(folder)}/source.yml"
    document = read_yaml(_text(folder, where=where), name=where)
    check_place(document)
    refused = _no_observed_from(document, where=where)
    if refused:  # with any day in its place, to see what else is wrong
        document = Document(document.data | {"observed_from": dt.date(1970, 1, 1)}, document.positions)
    try:
        keys = validated(document, _Keys)
    except ParamsError as error:
        raise together([*refused, error]) from None
    refused += list(_wrong_values(keys, document))
    if refused:
        raise together(refused)
    files = (folder / _local_files(keys.files or ".", environ, at=_at(document, ("files",)))).resolve()
    held = database(keys.postgres, document, environ) if keys.postgres else None
    fields = {name: getattr(keys, name) for name in _Keys.model_fields if name not in ("files", "postgres")}
    selects = read_selects(folder, shown=shown_folder(folder), snapshot_date=keys.snapshot_date)
    return Source(**fields, folder=folder, files=files, database=held, selects=selects)


def shown_folder(folder: Path) -> str:
    """A folder as messages name it: from `params/` on, else its own name (never a path of this machine)."""
    parts = folder.resolve().parts
    start = len(parts) - 1 - parts[::-1].index("params") if "params" in parts else len(parts) - 1
    return "/".join(parts[start:])


def _text(folder: Path, *, where: str) -> str:
    try:
        return (folder / "source.yml").read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        siblings = sorted(path.parent.name for path in folder.parent.glob("*/source.yml"))
        do = f"Sources beside it: {', '.join(siblings)}." if siblings else "See params/README.md for its keys."
        raise ParamsError(where, expected="a source description", found="no such file", do=do) from None
    except UnicodeDecodeError as error:
        found = f"a byte that is not UTF-8 at offset {error.start}"
        raise ParamsError(where, expected="text in UTF-8", found=found, do="Save the file as UTF-8.") from None
    except OSError as error:
        found = error.strerror or "an error"
        raise ParamsError(where, expected="a file that can be read", found=found, do="Check its rights.") from None


def _no_observed_from(document: Document, *, where: str) -> list[ParamsError]:
    """What is wrong with a source without `observed_from`: the field's commonest silent error has its own words."""
    if document.data.get("observed_from") is not None:
        return []
    expected = "observed_from, the first day whose leavers are in the extract"
    do = (
        "Without it everyone who left earlier is missing unseen, and survival comes out far too long. Ask who "
        "made the extract since when leavers are kept, and write it here, e.g. `observed_from: 2024-01-01`."
    )
    return [ParamsError(where, expected=expected, found="no such key", do=do)]


def _wrong_values(keys: _Keys, document: Document) -> Iterator[ParamsError]:
    """Values that are well typed but mean nothing."""
    if not re.fullmatch(r"[A-Z]{3}", keys.currency):
        expected = "an ISO 4217 code of three capitals, like EUR"
        yield _value(document, ("currency",), expected=expected, found=keys.currency)
    try:
        ZoneInfo(keys.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        expected = "a time zone like Europe/Berlin"
        yield _value(document, ("timezone",), expected=expected, found=keys.timezone)
    named: list[tuple[tuple[str | int, ...], str]] = [(("covers_from", table), table) for table in keys.covers_from]
    named += [(("optional", place), table) for place, table in enumerate(keys.optional)]
    for path, table in named:
        if table not in CONTRACT:
            expected = "the name of a contract table"
            yield _value(document, path, expected=expected, found=table, of=list(CONTRACT))
    for column, moment in keys.known_at.items():
        yield from _wrong_known_at(column, moment, document)
    for wrong in objections(keys.keep, keys.precedence):
        yield _value(document, wrong.path, expected=wrong.expected, found=wrong.found, of=wrong.options)
    yield from _wrong_writing(keys.csv, document)
    order = [] if keys.date_order is None else order_objections(keys.date_order.column, keys.date_order.by)
    for odd in (*format_objections(keys.csv.ways), *order, *code_objections(keys.codes)):
        yield _value(document, odd.path, expected=odd.expected, found=odd.found, of=odd.of)


def _wrong_writing(csv: CsvFormat, document: Document) -> Iterator[ParamsError]:
    """A delimiter or an encoding that cannot be worked with."""
    if csv.delimiter is not None and (len(csv.delimiter) != 1 or csv.delimiter in '"\r\n'):
        expected = "a delimiter of one character"
        yield _value(document, ("csv", "delimiter"), expected=expected, found=csv.delimiter)
    for encoding in csv.encoding.values() if isinstance(csv.encoding, dict) else [csv.encoding]:
        try:
            "a".encode(encoding)
        except (LookupError, UnicodeError):
            expected = "an encoding like utf-8 or gb18030"
            yield _value(document, ("csv", "encoding"), expected=expected, found=encoding)


def _wrong_known_at(column: str, moment: str, document: Document) -> Iterator[ParamsError]:
    tables = (CONTRACT["customers"], CONTRACT["subscriptions"])
    if not column.startswith("attr_") and not any(column in table.names for table in tables):
        names = sorted({name for table in tables for name in table.names})
        expected = "a column of customers or subscriptions, or attr_…"
        yield _value(document, ("known_at", column), expected=expected, found=column, of=names)
    dates = sorted({c.name for table in tables for c in table.columns if c.type in ("date", "time", "month")})
    known = ["signup", "observed_from", "snapshot", *dates]
    if moment not in known and not moment.startswith("attr_"):
        expected = "signup, observed_from, snapshot or a date column"
        yield _value(document, ("known_at", column), expected=expected, found=moment, of=known)


def _value(
    document: Document, path: tuple[str | int, ...], *, expected: str, found: str, of: Sequence[str] = ()
) -> ParamsError:
    close = get_close_matches(found, of, n=1, cutoff=0.5)
    do = f"Did you mean {close[0]}?" if close else f"Correct `{path[0]}`."
    return ParamsError(_at(document, path), expected=expected, found=repr(found), do=do)


def _at(document: Document, path: tuple[str | int, ...]) -> str:
    return "{}:{}:{}".format(*document.positions.get(path, document.positions[()]))


def _local_files(files: str, environ: Mapping[str, str], *, at: str) -> str:
    """`files`, expanded; refused when it is an address, before or after."""
    expanded = _expanded(files, environ, at=at)
    if ADDRESS.match(expanded):
        do = "Addresses are not read: copy the extracts here and name their path."
        raise ParamsError(at, expected="a folder or file on this machine", found="an address", do=do)
    return expanded


def _expanded(files: str, environ: Mapping[str, str], *, at: str) -> str:
    """`files` with a leading `${VARIABLE}` or `${VARIABLE:-default}` looked up; an empty variable counts as unset."""
    match = re.match(r"\$\{(\w+)(?::-([^}]*))?\}", files)
    if match is None:
        return files
    value = environ.get(match[1]) or match[2]
    if not value:
        do = f"Set it to the folder of the extracts, or write ${{{match[1]}:-default}}."
        raise ParamsError(at, expected=f"the environment variable {match[1]}", found="that it is not set", do=do)
    return value + files[match.end() :]
