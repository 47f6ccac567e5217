"""How the extracts are written, and when they were taken, as source.yml says it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, PlainValidator

from analysis.basis.failures import shown
from analysis.extracts.dates import DAY

Formats = str | list[str]


class CsvFormat(BaseModel):
    """How text is written in the extracts; `delimiter` missing means a comma, or what the header shows plainly.

    `date_format` is one format or several, or a mapping: `default`, and a column (`opened_at`, `tickets.opened_at`)
    that is written in another way; `encoding` one, or a mapping: `default`, and a raw table that has another.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    delimiter: str | None = None
    encoding: str | dict[str, str] = "utf-8"
    decimal: Literal[".", ","] = "."
    date_format: Formats | dict[str, Formats] = DAY

    @property
    def ways(self) -> dict[str, list[str]]:
        """Column, or `default` → the formats of its dates, in the order in which they are tried."""
        ways = self.date_format if isinstance(self.date_format, dict) else {"default": self.date_format}
        return {column: [form] if isinstance(form, str) else form for column, form in ways.items()}

    def date_formats(self, table: str, column: str) -> tuple[str, ...]:
        """How the dates of a contract column are written."""
        ways = {"default": [DAY]} | self.ways
        return tuple(ways.get(f"{table}.{column}", ways.get(column, ways["default"])))

    def encoding_of(self, table: str) -> str:
        """The encoding of a raw table's text."""
        if isinstance(self.encoding, str):
            return self.encoding
        return self.encoding.get(table, self.encoding.get("default", "utf-8"))

    @property
    def written_day(self) -> str:
        """How a day that a workbook holds as a day is written for the formats to read it."""
        return self.date_format if isinstance(self.date_format, str) and "%" in self.date_format else DAY


class DateOrder(BaseModel):
    """A date column whose day and month may have changed places, and the id column whose order shows where."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    by: str


def _moment(value: object) -> dt.date | dt.datetime:
    if isinstance(value, dt.date):  # a moment is a day, too
        return value
    expected = "a day like 2026-10-02, or a moment like 2026-10-02 06:00:00"
    raise ValueError(f"expected {expected}, found {shown(value)}. Correct `extracted_at`.")


Moment = Annotated[dt.date | dt.datetime, PlainValidator(_moment)]
