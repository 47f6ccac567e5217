"""The key `export` of params/standards.yml: what a CRM is handed over, and under which headers."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from analysis.policy.handover_shapes import MEGABYTE, Fxiaoke, Limits, Zoho
from analysis.run.class_params import refused
from analysis.run.keys import Keys

Module = Literal["Contacts", "Accounts", "Leads"]
MODULES: dict[str, Module] = {
    "household": "Contacts", "business": "Accounts", "government": "Accounts", "education": "Accounts",
}  # fmt: skip
MOST_ROWS, MOST_COLUMNS, MOST_MEGABYTES = 25_000, 200, 25  # of a file, as Zoho's bulk import takes it
_API_NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,49}")


def _api_name(value: object) -> str:
    if isinstance(value, str) and _API_NAME.fullmatch(value):
        return value
    raise refused("an API name: letters, digits and _", value, "Zoho lists them under Setup, Developer Hub, APIs.")


ApiName = Annotated[str, PlainValidator(_api_name)]
Header = Annotated[str, Field(min_length=1, max_length=100)]


class ZohoKeys(Keys):
    """Modules by kind of customer, and API names by column."""

    modules: dict[str, Module] = Field(default=MODULES, min_length=1)
    key: ApiName = "Customer_ID"
    lead_key: ApiName = "Lead_ID"
    fields: dict[str, ApiName] = Field(default={})
    rows_per_file: int = Field(default=MOST_ROWS, ge=1, le=MOST_ROWS)

    def shaped(self) -> Zoho:
        """As the lists are shaped by it."""
        limits = Limits(self.rows_per_file, MOST_COLUMNS, MOST_MEGABYTES * MEGABYTE)
        return Zoho(dict(self.modules), self.key, dict(self.fields), limits)


class FxiaokeKeys(Keys):
    """The tenant's template, or headers by column."""

    template: str | None = None
    fields: dict[str, Header] = Field(default={})
    rows_per_file: int = Field(default=2_000, ge=1, le=100_000)

    def shaped(self, header: list[str]) -> Fxiaoke:
        """As the lists are shaped by it; `header` is the template's, empty without one."""
        return Fxiaoke(dict(self.fields), header, Limits(rows=self.rows_per_file))


class ExportKeys(Keys):
    """What holds for every CRM."""

    unnamed: str = Field(default="Customer", min_length=1, max_length=40)
    channels: list[str] = Field(default=["email", "phone", "sms", "post"])
    service_actions: list[str] = Field(default=[])
    zoho: ZohoKeys = ZohoKeys()
    fxiaoke: FxiaokeKeys = FxiaokeKeys()
