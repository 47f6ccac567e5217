"""What each check of quality found, in words, and as entries of the list of findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.extracts.findings import Finding, findings_table
from analysis.measures.arrival import GONE
from analysis.measures.drift import BEYOND
from analysis.measures.standing import FILES, OF_CUSTOMERS, OLDEST, WORST
from analysis.present.numbers import count, decimal, finite, percent
from analysis.present.wording.phrase import counted, whole_or_part

Row = Mapping[Any, Any]


def place(row: Row) -> str:
    """The table, the column, the table's month, or the file that a measure is about."""
    if row["table"] == FILES:
        return str(row["column"])
    if row.get("month"):
        return f"{row['table']} of {row['month']}"
    return f"{row['table']}.{row['column']}" if row["column"] else str(row["table"])


def _lost(one: str, many: str) -> Callable[[Row], str]:
    return lambda row: f"{counted(row['rows'], one, many)} ({whole_or_part(1 - row['value'], 2)})"


def _volume(row: Row) -> str:
    about = "about " if row.get("table") in OF_CUSTOMERS else ""
    now, before = counted(row["value"], "row", "rows"), count(row["previous"])
    return f"{about}{now} in the quarter, {about}{before} in the one before"


def _fresh(row: Row) -> str:
    least = "at least " if row.get("table") in OF_CUSTOMERS and row["value"] >= OLDEST else ""
    age = f"the last row is {least}{counted(row['value'], 'day', 'days')} old"
    usual = finite(row["threshold"])
    return age if usual is None else f"{age}, and {counted(usual, 'day', 'days')} were the longest usual gap"


def _month_rows(row: Row) -> str:
    return f"{_no_or(row['value'], 'row', 'rows')} in the month, about {count(row['previous'])} in those around it"


def _no_or(number: float, one: str, many: str) -> str:
    return counted(number, one, many) if number else f"no {many}"


def _month_customers(row: Row) -> str:
    what = "a bill" if row.get("table") == "invoices" else "use"
    now, usual = percent(row["value"]), percent(row["previous"])
    lacking = counted(row["rows"], "customer lacks", "customers lack")
    return f"{now} of those who held a product all month have {what}, {usual} usually: {lacking} it"


def _jump(row: Row) -> str:
    new, old = decimal(row["value"], 2), decimal(row["previous"], 2)
    return f"the median went from {old} to {new}, as if written in another unit"


def _filled(row: Row) -> str:
    return f"filled in {percent(row['value'])} of the quarter's rows, {percent(row['previous'])} the quarter before"


WHAT: dict[str, Callable[[Row], str]] = {
    "not_null": _lost("row without a value", "rows without a value"),
    "filled": _filled,
    "valid": _lost("value wrong or unreadable", "values wrong or unreadable"),
    "fields": _lost("record unreadable", "records unreadable"),
    "unique": _lost("row double or contradicting", "rows double or contradicting"),
    "relationships": _lost("row names one that is not there", "rows name one that is not there"),
    "total": _lost(
        "customer whose bills are far from monthly fee × tenure",
        "customers whose bills are far from monthly fee × tenure",
    ),
    "billed_as_due": _lost(
        "customer's month billed otherwise than the products cost",
        "customers' months billed otherwise than their products cost",
    ),
    "billed_of_due": lambda row: f"billed is {decimal(row['value'], 2)} times what the products held cost",
    "billed_without_product": _lost(
        "bill line of a customer without a product", "bill lines of customers without a product"
    ),
    "used_without_product": _lost(
        "customer's month of use without a product", "customers' months of use without a product"
    ),
    "product_before_signup": _lost(
        "customer holds a product from before signup", "customers hold a product from before their signup"
    ),
    "days_exchanged": _lost(
        "customer's signup fits the first product only once day and month change places",
        "customers' signups fit their first product only once day and month change places",
    ),
    "product_after_leaving": _lost("closed account still holds a product", "closed accounts still hold a product"),
    "churned_without_a_day": _lost(
        "account has status churned without a churn_date", "accounts have status churned without a churn_date"
    ),
    "last_row": _fresh,
    "row_count": _volume,
    GONE: lambda row: f"no row any more, {counted(row['previous'], 'row', 'rows')} in the run of the quarter before",
    "month_rows": _month_rows,
    "month_customers": _month_customers,
    "psi": lambda row: f"its values are spread otherwise than the quarter before (PSI {decimal(row['value'], 2)})",
    "jump": _jump,
    "outlier": lambda row: f"{counted(row['rows'], 'value', 'values')} more than {count(BEYOND)} times the median",
}
EXPECTED = {  # rule of a note → what was expected, and what to do
    "filled": ("as filled as the quarter before", "Ask what changed in the extract or the system."),
    "total": ("about monthly fee × tenure", "Nothing was changed. Check fees and bills for another unit or period."),
    "billed_as_due": ("bills that equal fees less discounts", "Compare price list, discounts and bills."),
    "billed_of_due": (
        "about what fees and discounts come to",
        "See whether bills are missing; else, whether fees or bills are in another unit.",
    ),
    "billed_without_product": ("a product for who is billed", "Complete subscriptions, or stop the bills."),
    "used_without_product": ("a product for who uses one", "Complete subscriptions."),
    "product_before_signup": ("no product before signup", "Correct signup_date, or map the first signup."),
    "days_exchanged": (
        "signup near the first product's start",
        "Day and month look exchanged: ask for the extract again, or declare the column's date_format or date_order.",
    ),
    "product_after_leaving": ("no product once the account is closed", "Correct churn_date, or close the products."),
    "churned_without_a_day": ("a churn_date for who has left", "Map churn_date, or the end dates of products."),
    "last_row": ("rows as fresh as usual", "Ask for the latest extract."),
    "row_count": ("about as many rows as usual", "Ask whether the extract is whole."),
    GONE: ("rows, as the run of the quarter before had them", "Ask for the whole extract, and run the report again."),
    "month_rows": (
        "about as many rows as in the months around it",
        "Ask for the rows of this month: quarters that hold it are incomplete until then.",
    ),
    "month_customers": (
        "rows of nearly all who held a product all month",
        "The month looks incomplete: ask whether the file was cut off, and for what is missing.",
    ),
    "psi": ("values spread as the quarter before", "Ask what changed: a code, a unit, a part left out."),
    "jump": ("values of the size they had", "Convert them in the SELECT if they are in another unit."),
    "outlier": (f"at most {BEYOND:,} times the median", "Nothing was changed. Correct them at the source if wrong."),
}
TOLD_BY_MONTH = {"invoices": "revenue and ARPU", "usage": "use", "tickets": "service", "network": "the network"}
ALWAYS = ("total", "outlier", "jump")  # worth a mention however few they are


def quality_notes(quality: pd.DataFrame) -> pd.DataFrame:
    """Findings of what the measures noticed, the bad ones first: columns as of the doors' findings, severity `note`."""
    rows = quality[quality["rule"].isin(list(EXPECTED))]
    struck = rows[rows["status"].isin(["watch", "bad"]) | (rows["rule"].isin(ALWAYS) & (rows["rows"] > 0))]
    ranked = struck.assign(
        rank=struck["status"].map({name: at for at, name in enumerate(WORST)}), later=struck["month"] == ""
    )
    ordered = ranked.sort_values(["rank", "later"], kind="stable")
    return findings_table([_note(row) for row in ordered.to_dict("records")])


def _note(row: Row) -> Finding:
    expected, do = EXPECTED[row["rule"]]
    rule = ":".join(str(part) for part in (row["rule"], row["column"], row["month"]) if part)
    return Finding(
        str(row["table"]), rule, str(row["column"]) or None, "note", int(row["rows"]), place(row), expected,
        WHAT[row["rule"]](row), do,
    )  # fmt: skip
