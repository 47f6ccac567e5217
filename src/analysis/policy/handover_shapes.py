"""The shape each CRM imports: which header stands above which column, which module takes whom, what a file may hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.basis.errors import InputRefused, ParamsError
from analysis.policy.handover_labels import CHINESE, OF_CLASS
from analysis.policy.handover_names import ACCOUNT, COMPANY, PERSON
from analysis.policy.handover_text import cells, plain_text

ID, NAME = "source_id", "name"
WAYS = ("phone", "email", "address")
IN_PARTS = (
    "churn",
    "default",
    "share",
    "chance",
    "leaving",
)  # columns of shares: with four decimals; all other numbers with two
MEGABYTE = 1024**2
ZOHO_SWAPS = {'"': "'", "|": "/", "<": "‹", ">": "›"}  # what Zoho's import forbids in data → what stands for it
ZOHO_NAMES: Mapping[str, Mapping[str, str]] = {  # module → columns whose API names differ from module to module
    "Contacts": {PERSON: "Last_Name", "phone": "Phone", "email": "Email", "address": "Mailing_Street"},
    "Accounts": {ACCOUNT: "Account_Name", "phone": "Phone", "email": "Email", "address": "Billing_Street"},
    "Leads": {PERSON: "Last_Name", COMPANY: "Company", "phone": "Phone", "email": "Email", "address": "Street"},
}
LONGEST = {"Last_Name": 80, "Account_Name": 200, "Company": 200}  # characters Zoho keeps of a name


@dataclass(frozen=True)
class Limits:
    """The most that a file may hold: records below the header, columns, bytes; None without a limit."""

    rows: int | None = None
    columns: int | None = None
    bytes: int | None = None

    def check(self, name: str, *, rows: int = 0, columns: int = 0, size: int = 0) -> None:
        """Raises InputRefused where a file would hold more."""
        for what, most, found in (
            ("records", self.rows, rows), ("columns", self.columns, columns), ("bytes", self.bytes, size),
        ):  # fmt: skip
            if most is not None and found > most:
                do = "Nothing was written. Hand over fewer columns, or shorten what stands in them."
                raise InputRefused(name, expected=f"at most {most:,} {what}", found=f"{found:,}", do=do)


@dataclass(frozen=True)
class Shape:
    """How the files of one list look: `columns` (ours) under `headers` (the CRM's), side by side.

    A header without a column of ours (None) stays empty. `types` are the kinds of customers that go into these files;
    empty: all. `missing` are our columns for which the template has no header.
    """

    name: str
    columns: tuple[str | None, ...]
    headers: tuple[str, ...]
    limits: Limits
    types: tuple[str, ...] = ()
    others: bool = True
    module: str | None = None
    missing: tuple[str, ...] = ()
    swaps: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.limits.check(self.name, columns=len(self.headers))
        twice = sorted({header for header in self.headers if self.headers.count(header) > 1})
        if twice:
            do = "Give one of the columns another header under `export`."
            raise ParamsError(self.name, expected="each header once", found=f"{twice[0]} twice", do=do)

    def table(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows as text under the CRM's headers; missing is an empty cell."""
        made = {
            header: pd.Series("", rows.index, dtype="string")
            if name is None
            else self._column(rows[name], name, header)
            for name, header in zip(self.columns, self.headers, strict=True)
        }
        return pd.DataFrame(made).fillna("")

    def _column(self, values: pd.Series, name: str, header: str) -> pd.Series:
        if name == ID or name in WAYS:
            return values.astype("string")
        if name in (NAME, PERSON, ACCOUNT, COMPANY):
            return values.astype("string").str.slice(0, LONGEST.get(header))
        if pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values):
            return plain_text(values, swap=dict(self.swaps))
        return cells(values, decimals=4 if any(part in name for part in IN_PARTS) else 2)


def csv_shape(name: str, columns: Sequence[str], ways: Sequence[str]) -> Shape:
    """Plain CSV: our own names, one file."""
    ours = (ID, NAME, *ways, *columns)
    return Shape(name, ours, ("customer_id", *ours[1:]), Limits())


@dataclass(frozen=True)
class Zoho:
    """A tenant's Zoho CRM: the module of each kind of customer, the API name of the external id, others by column."""

    modules: Mapping[str, str]
    key: str
    fields: Mapping[str, str]
    limits: Limits

    def shapes(self, name: str, columns: Sequence[str], ways: Sequence[str]) -> list[Shape]:
        """One shape per module; who is of no kind named goes into the first."""
        made = []
        for place, module in enumerate(dict.fromkeys(self.modules.values())):
            own = ZOHO_NAMES[module]
            names = [one for one in (PERSON, ACCOUNT, COMPANY) if one in own]
            ours = (ID, *names, *ways, *columns)
            headers = (self.key, *(self.fields.get(one) or own.get(one) or api_name(one) for one in ours[1:]))
            types = tuple(kind for kind, other in self.modules.items() if other == module)
            made.append(
                Shape(f"{name}_{module}", ours, headers, self.limits, types, place == 0, module, swaps=ZOHO_SWAPS)
            )
        return made


@dataclass(frozen=True)
class Fxiaoke:
    """A tenant's Fxiaoke: headers by column, and the header row of the tenant's template where it is given."""

    fields: Mapping[str, str]
    template: Sequence[str]
    limits: Limits

    def shape(self, name: str, columns: Sequence[str], ways: Sequence[str], *, labels: Mapping[str, str]) -> Shape:
        """The columns under Chinese headers, or in the template's order under its own.

        Parameters
        ----------
        labels : column of a class → its label, where there is no Chinese one.
        """
        ours = (ID, NAME, *ways, *columns)
        headers = {one: self.fields.get(one) or chinese(one, labels) for one in ours}
        if not self.template:
            return Shape(name, ours, tuple(headers.values()), self.limits)
        found = {bare(header): one for one, header in headers.items()}
        placed = tuple(found.get(bare(header)) for header in self.template)
        if ID not in placed:
            do = f"Add a column {headers[ID]!r}, or name the template's under `export.fxiaoke.fields.source_id`."
            raise ParamsError("export.fxiaoke.template", expected="a column for the customer's id", found="none", do=do)
        missing = tuple(one for one in ours if one not in placed)
        return Shape(name, placed, tuple(self.template), self.limits, missing=missing)


def api_name(column: str) -> str:
    """`value_tier` as Zoho names a field: Value_Tier."""
    return "_".join(part[:1].upper() + part[1:] for part in column.split("_") if part)


def chinese(column: str, labels: Mapping[str, str]) -> str:
    """The Chinese header of a column; of a class of the params' own, its label."""
    return CHINESE.get(column) or (OF_CLASS + labels[column] if column in labels else column)


def bare(header: str) -> str:
    """A header without the marks that templates put on what is required."""
    for mark in ("（必填）", "(必填)", "*", "＊"):
        header = header.replace(mark, "")
    return header.strip()
