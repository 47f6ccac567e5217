"""The input tables, as data: grain, columns, types, keys, dates, and what becomes known when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Type = Literal["text", "date", "time", "month", "money", "number", "integer", "boolean"]


@dataclass(frozen=True)
class Column:
    """A column of a contract table: its type, and the values a row may hold."""

    name: str
    type: Type
    required: bool = False
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def is_label(self) -> bool:
        """Whether it holds words, and is no id."""
        return self.type == "text" and not self.name.endswith("_id")


@dataclass(frozen=True)
class Table:
    """A contract table.

    `own_date` is the day a row becomes known (the first of the columns that is filled); `settled_by`
    maps a date column to the columns whose values are not known before that date.
    `references` maps a column to the table whose primary key it must be found in.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    own_date: tuple[str, ...] = ()
    settled_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _column(text: str, type: Type, *, values: str = "", low: float | None = None, high: float | None = None) -> Column:
    return Column(text.rstrip("*"), type, text.endswith("*"), tuple(values.split()), low, high)


c = _column  # one letter, so that a table still reads as a table

CHURN_KINDS = ("voluntary", "non_payment", "moved", "deceased", "other")
# Columns that are filled when a customer, or a product, is given up.
OF_LEAVERS = {"customers": ("churn_date", "churn_reason", "churn_kind"), "subscriptions": ("end_date",)}
PRODUCTS = ("broadband", "mobile", "voice", "tv", "cloud", "security", "smart_home")  # what chapters know by name
KEPT_OUT = ("test", "staff", "internal")  # customers.status of lines that are nobody's

_TABLES = (
    Table(
        "customers", "an account, past or present",
        (
            c("customer_id*", "text"), c("signup_date", "date"), c("churn_date", "date"), c("churn_reason", "text"),
            c("churn_kind", "text", values=" ".join(CHURN_KINDS)),
            c("status", "text", values="active suspended churned test staff internal"),
            c("customer_type", "text", values="household business government education"),
            c("industry", "text"), c("employees", "integer", low=0), c("birth_year", "integer", low=1880, high=2100),
            c("household_id", "text"), c("parent_id", "text"), c("region", "text"), c("area_id", "text"),
            c("area_type", "text", values="urban rural"), c("acquisition_channel", "text"),
            c("acquisition_cost", "money", low=0), c("account_role", "text", values="administrator ordinary"),
            c("replaces_customer_id", "text"),
        ),
        key=("customer_id",), own_date=("signup_date",),
        settled_by={"churn_date": ("churn_date", "churn_reason", "churn_kind")},
    ),
    Table(
        "subscriptions", "a product held on unchanged terms",
        (
            c("subscription_id*", "text"), c("customer_id*", "text"), c("product*", "text"), c("plan", "text"),
            c("technology", "text"), c("bandwidth_mbps", "number", low=0), c("data_cap_gb", "number", low=0),
            c("monthly_fee*", "money", low=0), c("discount", "money", low=0), c("discount_end_date", "date"),
            c("contract_months", "integer", low=0), c("contract_end_date", "date"), c("payment_method", "text"),
            c("start_date*", "date"), c("end_date", "date"),
        ),
        key=("subscription_id",), own_date=("start_date",), settled_by={"end_date": ("end_date",)},
        references={"customer_id": "customers"},
    ),
    Table(
        "invoices", "a bill line",
        (
            c("invoice_id*", "text"), c("customer_id*", "text"), c("month*", "month"), c("issued_on", "date"),
            c("kind", "text", values="recurring usage one_off credit"), c("amount*", "money"), c("tax", "money"),
            c("due_date", "date"), c("paid_date", "date"),
        ),
        own_date=("issued_on", "month"), settled_by={"paid_date": ("paid_date",)},
        references={"customer_id": "customers"},
    ),
    Table(
        "usage", "a customer's month",
        (
            c("customer_id*", "text"), c("month*", "month"), c("download_gb", "number", low=0),
            c("upload_gb", "number", low=0), c("voice_minutes", "number", low=0),
            c("active_days", "integer", low=0, high=31), c("app_logins", "integer", low=0),
            c("evening_share", "number", low=0, high=1),
        ),
        key=("customer_id", "month"), own_date=("month",), references={"customer_id": "customers"},
    ),
    Table(
        "tickets", "a contact with the service desk",
        (
            c("ticket_id*", "text"), c("opened_at*", "time"), c("customer_id", "text"), c("closed_at", "time"),
            c("status", "text"), c("channel", "text"), c("category", "text"), c("text", "text"),
            c("severity", "text"), c("is_complaint", "boolean"), c("handle_minutes", "number", low=0),
            c("resolved_first_contact", "boolean"), c("cost", "money", low=0), c("mentions_competitor", "boolean"),
            c("region", "text"),
        ),
        key=("ticket_id",), own_date=("opened_at",),
        settled_by={"closed_at": ("closed_at", "status", "handle_minutes", "resolved_first_contact", "cost")},
        references={"customer_id": "customers"},
    ),
    Table(
        "surveys", "a sent survey, answered or not",
        (
            c("survey_id*", "text"), c("customer_id*", "text"), c("sent_at*", "time"), c("answered_at", "time"),
            c("nps_score", "integer", low=0, high=10), c("csat_score", "integer", low=1, high=5),
        ),
        key=("survey_id",), own_date=("sent_at",),
        settled_by={"answered_at": ("answered_at", "nps_score", "csat_score")},
        references={"customer_id": "customers"},
    ),
    Table(
        "network", "an area's month",
        (
            c("area_id*", "text"), c("month*", "month"), c("download_mbps", "number", low=0),
            c("advertised_mbps", "number", low=0), c("latency_ms", "number", low=0),
            c("outage_minutes", "number", low=0, high=44_640), c("latitude", "number", low=-90, high=90),
            c("longitude", "number", low=-180, high=180),
        ),
        key=("area_id", "month"), own_date=("month",),
    ),
    Table(
        "campaigns", "a campaign",
        (
            c("campaign_id*", "text"), c("name*", "text"),
            c("objective", "text", values="retention upsell win_back acquisition"), c("randomised", "boolean"),
            c("start_date*", "date"), c("end_date", "date"), c("fixed_cost", "money", low=0),
        ),
        key=("campaign_id",), own_date=("start_date",), settled_by={"end_date": ("end_date",)},
    ),
    Table(
        "contacts", "a customer in a campaign",
        (
            c("campaign_id*", "text"), c("customer_id*", "text"), c("arm*", "text"), c("contacted_at*", "time"),
            c("contact_cost", "money", low=0), c("offer_cost", "money", low=0), c("responded", "boolean"),
            c("converted_at", "time"), c("outcome_amount", "money"),
        ),
        own_date=("contacted_at",), settled_by={"converted_at": ("converted_at", "responded", "outcome_amount")},
        references={"customer_id": "customers", "campaign_id": "campaigns"},
    ),
    Table(
        "leads", "a potential customer",
        (
            c("lead_id*", "text"), c("created_at*", "time"), c("channel", "text"), c("segment", "text"),
            c("area_id", "text"), c("converted_customer_id", "text"), c("converted_at", "time"),
        ),
        key=("lead_id",), own_date=("created_at",),
        settled_by={"converted_at": ("converted_at", "converted_customer_id")},
    ),
    Table(
        "work_orders", "a work order handed out earlier",
        (
            c("work_order_id*", "text"), c("customer_id*", "text"), c("action", "text"),
            c("status", "text", values="open done refused"), c("opened_at*", "time"), c("closed_at", "time"),
            c("outcome", "text"),
        ),
        key=("work_order_id",), own_date=("opened_at",), settled_by={"closed_at": ("closed_at", "status", "outcome")},
        references={"customer_id": "customers"},
    ),
    Table(
        "consents", "a permission, per channel, dated",
        (
            c("customer_id*", "text"), c("channel*", "text"), c("granted*", "boolean"), c("changed_at*", "time"),
        ),
        own_date=("changed_at",), references={"customer_id": "customers"},
    ),
    Table(
        "identities", "who it is",
        (
            c("customer_id*", "text"), c("last_name", "text"), c("account_name", "text"), c("company", "text"),
            c("phone", "text"), c("email", "text"), c("address", "text"),
        ),
        key=("customer_id",), references={"customer_id": "customers"},
    ),
)

CONTRACT: dict[str, Table] = {table.name: table for table in _TABLES}
