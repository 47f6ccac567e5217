"""What happened to one customer, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

Events = Iterator[tuple[Any, ...]]
COLUMNS = ("day", "event", "what", "before", "after")


def timeline(tables: Mapping[str, pd.DataFrame], *, left: Mapping[str, Any], grace_days: int) -> pd.DataFrame:
    """Joining, products, prices, tickets, contacts, answers and leaving of one customer.

    A row of subscriptions that follows another of its product within the days of grace is a change of plan, a new
    price, or a renewal; else the product begins, or ends.

    Parameters
    ----------
    tables : contract tables, the rows of this customer only; an empty table where the source has none.
    left : `churn_date`, `churn_kind` and `churn_reason` of the customer, where known.

    Returns
    -------
    Table, one row per event, newest first: `day`, `event` (joined, account, begins, ends, plan, price, renewed,
    ticket, complaint, contact, answer, work_order, left), `what` (a product, a campaign, …), `before` and `after`
    (plans, fees, or what came of it; missing where the event has none).
    """
    found = [
        *_accounts(tables["customers"]),
        *_products(tables["subscriptions"], grace_days=grace_days),
        *_tickets(tables["tickets"]),
        *_contacts(tables["contacts"], tables["campaigns"]),
        *_answers(tables["surveys"]),
        *_work_orders(tables["work_orders"]),
    ]
    if pd.notna(left.get("churn_date")):
        found.append((left["churn_date"], "left", left.get("churn_kind"), None, left.get("churn_reason")))
    events = pd.DataFrame(found, columns=list(COLUMNS), dtype=object)
    events["day"] = pd.to_datetime(events["day"])
    return events.sort_values("day", ascending=False, kind="stable", ignore_index=True)


def _accounts(customers: pd.DataFrame) -> Events:
    for place, row in enumerate(customers.sort_values(["signup_date", "customer_id"]).to_dict("records")):
        yield row["signup_date"], "account" if place else "joined", row["acquisition_channel"], None, None


def _products(lines: pd.DataFrame, *, grace_days: int) -> Events:
    if lines.empty:
        return
    ordered = lines.sort_values(["start_date", "subscription_id"])
    for product, rows in ordered.groupby("product", sort=True):
        open_rows: list[Mapping[Any, Any]] = []
        for row in rows.to_dict("records"):
            ended = [old for old in open_rows if _follows(row, old, grace_days)]
            same = [old for old in ended if old["plan"] == row["plan"]]
            before = next(iter([*same, *ended]), None)
            if before is None:
                yield row["start_date"], "begins", product, row["plan"], row["monthly_fee"]
            else:
                open_rows.remove(before)
                yield (row["start_date"], *_change(str(product), before, row))
            open_rows.append(row)
        for row in open_rows:
            if pd.notna(row["end_date"]):
                yield row["end_date"], "ends", product, row["plan"], None


def _follows(row: Mapping[Any, Any], old: Mapping[Any, Any], grace_days: int) -> bool:
    return bool(pd.notna(old["end_date"]) and 0 <= (row["start_date"] - old["end_date"]).days <= grace_days)


def _change(product: str, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> tuple[Any, ...]:
    if old["plan"] != new["plan"] and not (pd.isna(old["plan"]) and pd.isna(new["plan"])):
        return "plan", product, old["plan"], new["plan"]
    if old["monthly_fee"] != new["monthly_fee"]:
        return "price", product, old["monthly_fee"], new["monthly_fee"]
    return "renewed", product, None, new["contract_months"]


def _tickets(tickets: pd.DataFrame) -> Events:
    for row in _in_order(tickets, "opened_at", "ticket_id"):
        yield (
            row["opened_at"],
            "complaint" if row["is_complaint"] is True else "ticket",
            row["category"],
            None,
            row["status"],
        )


def _contacts(contacts: pd.DataFrame, campaigns: pd.DataFrame) -> Events:
    names = {} if campaigns.empty else dict(zip(campaigns["campaign_id"], campaigns["name"], strict=True))
    for row in _in_order(contacts, "contacted_at", "campaign_id"):
        yield row["contacted_at"], "contact", names.get(row["campaign_id"]), row["arm"], row["responded"]


def _answers(surveys: pd.DataFrame) -> Events:
    answered = surveys if surveys.empty else surveys[surveys["answered_at"].notna()]
    for row in _in_order(answered, "answered_at", "survey_id"):
        yield row["answered_at"], "answer", None, row["nps_score"], row["csat_score"]


def _work_orders(orders: pd.DataFrame) -> Events:
    for row in _in_order(orders, "opened_at", "work_order_id"):
        yield row["opened_at"], "work_order", row["action"], row["status"], row["outcome"]


def _in_order(rows: pd.DataFrame, day: str, key: str) -> list[dict[Any, Any]]:
    return [] if rows.empty else rows.sort_values([day, key]).to_dict("records")
