"""A chunk's book as contract tables, column by column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.extracts.demo import names
from analysis.extracts.demo.book import Columns
from analysis.extracts.demo.campaigns import rounds
from analysis.extracts.demo.cells import Cells, dates, flags, ids, integers, money, numbers, times, words
from analysis.extracts.demo.contacts import arm_names
from analysis.extracts.demo.names import Language
from analysis.extracts.demo.parameters import PRODUCTS
from analysis.extracts.demo.state import Ints
from analysis.extracts.demo.world import World

PER_CHUNK = 10_000  # customer numbers kept for a chunk
ROWS_PER_CHUNK = 1_000_000  # numbers of a chunk's tickets, surveys, leads and work orders


@dataclass(frozen=True)
class Labels:
    """What codes stand for in a chunk: customers' ids by account, and words in a language."""

    world: World
    language: Language
    chunk: int
    number: Ints  # customer number of each account; -1 for those not in the extract
    customers: Cells  # ids by account
    households: Cells

    def plan_names(self) -> list[str]:
        place = 0 if self.language == "en" else 1
        return [plan.names[place] for plan in self.world.parameters.plans]

    def row_ids(self, letter: str, rows: Columns) -> Cells:
        size = len(rows["number"])
        return ids(letter, self.chunk * ROWS_PER_CHUNK + rows["number"], 10) if size else words(np.empty(0, int), [""])


def area_ids(world: World) -> list[str]:
    """Ids of the areas, in their order."""
    return [f"A{number + 1:02d}" for number in range(len(world.areas.weight))]


def subscriptions(rows: Columns, labels: Labels) -> dict[str, Cells]:
    """Numbered within each customer by start, so that later rows never change an id."""
    order = np.lexsort((rows["product"], rows["start_date"], labels.number[rows["customer"]]))
    rows = {name: values[order] for name, values in rows.items()}
    number = labels.number[rows["customer"]]
    first = np.r_[True, number[1:] != number[:-1]]
    place = np.arange(len(number)) - np.maximum.accumulate(np.where(first, np.arange(len(number)), 0))
    plans = labels.world.parameters.plans
    technologies = [plan.technology or None for plan in plans]
    return {
        "subscription_id": ids("S", number * 1_000 + place, 11),
        "customer_id": words(rows["customer"], labels.customers),
        "product": words(rows["product"], PRODUCTS),
        "plan": words(rows["plan"], labels.plan_names()),
        "technology": words(rows["plan"], technologies),
        "bandwidth_mbps": numbers(np.array([plan.mbps for plan in plans])[rows["plan"]], 0),
        "data_cap_gb": numbers(np.array([plan.cap_gb for plan in plans])[rows["plan"]], 0),
        "monthly_fee": money(rows["monthly_fee"]),
        "discount": money(rows["discount"]),
        "discount_end_date": dates(rows["discount_end_date"]),
        "contract_months": integers(rows["contract_months"]),
        "contract_end_date": dates(rows["contract_end_date"]),
        "payment_method": words(rows["payment_method"], names.PAYMENT_METHODS),
        "start_date": dates(rows["start_date"]),
        "end_date": dates(rows["end_date"]),
    }


def invoices(rows: Columns, labels: Labels) -> dict[str, Cells]:
    """All lines of a customer's month carry the same bill number."""
    month = pc.strftime(dates(rows["month"]).cast(pa.timestamp("s")), format="%Y%m")
    bill = ids("B", labels.number[rows["customer"]], 8)
    return {
        "invoice_id": pc.binary_join_element_wise(bill, month, "-"),
        "customer_id": words(rows["customer"], labels.customers),
        "month": dates(rows["month"]),
        "issued_on": dates(rows["issued_on"]),
        "kind": words(rows["kind"], names.INVOICE_KINDS),
        "amount": money(rows["amount"]),
        "tax": money(rows["tax"]),
        "due_date": dates(rows["due_date"]),
        "paid_date": dates(rows["paid_date"]),
    }


def usage(rows: Columns, labels: Labels) -> dict[str, Cells]:
    """Gigabytes to the megabyte, minutes to a tenth."""
    return {
        "customer_id": words(rows["customer"], labels.customers),
        "month": dates(rows["month"]),
        "download_gb": numbers(rows["download_gb"], 3),
        "upload_gb": numbers(rows["upload_gb"], 3),
        "voice_minutes": numbers(rows["voice_minutes"], 1),
        "active_days": integers(rows["active_days"]),
        "app_logins": integers(rows["app_logins"]),
        "evening_share": numbers(rows["evening_share"], 4),
    }


def tickets(rows: Columns, labels: Labels) -> dict[str, Cells]:
    """Numbered in the order of the months; a few rows come twice."""
    return {
        "ticket_id": labels.row_ids("T", rows),
        "opened_at": times(rows["opened_at"]),
        "customer_id": words(rows["customer"], labels.customers),
        "closed_at": times(rows["closed_at"]),
        "status": words(rows["status"], names.TICKET_STATUSES),
        "channel": words(rows["channel"], names.TICKET_CHANNELS),
        "category": words(rows["category"], names.CATEGORIES),
        "text": words(rows["text"], names.TICKET_TEXTS[labels.language]),
        "severity": words(rows["severity"], names.SEVERITIES),
        "is_complaint": flags(rows["is_complaint"]),
        "handle_minutes": numbers(rows["handle_minutes"], 1),
        "resolved_first_contact": flags(rows["resolved_first_contact"]),
        "cost": money(rows["cost"]),
        "mentions_competitor": flags(rows["mentions_competitor"]),
        "region": words(rows["region"], names.REGIONS[labels.language]),
    }


def surveys(rows: Columns, labels: Labels) -> dict[str, Cells]:
    """Scores are empty where nobody answered."""
    return {
        "survey_id": labels.row_ids("V", rows),
        "customer_id": words(rows["customer"], labels.customers),
        "sent_at": times(rows["sent_at"]),
        "answered_at": times(rows["answered_at"]),
        "nps_score": integers(rows["nps_score"]),
        "csat_score": integers(rows["csat_score"]),
    }


def contacts(rows: Columns, labels: Labels) -> dict[str, Cells]:
    """A control is asked nothing: its answer is empty."""
    return {
        "campaign_id": words(rows["campaign"], [one.id for one in rounds(labels.world)]),
        "customer_id": words(rows["customer"], labels.customers),
        "arm": words(rows["arm"], arm_names(labels.world.parameters)),
        "contacted_at": times(rows["contacted_at"]),
        "contact_cost": money(rows["contact_cost"]),
        "offer_cost": money(rows["offer_cost"]),
        "responded": flags(rows["responded"]),
        "converted_at": times(rows["converted_at"]),
        "outcome_amount": money(rows["outcome_amount"]),
    }


def leads(rows: Columns, labels: Labels) -> dict[str, Cells]:
    """Those that became customers name them."""
    return {
        "lead_id": labels.row_ids("L", rows),
        "created_at": times(rows["created_at"]),
        "channel": words(rows["channel"], names.CHANNELS),
        "segment": words(rows["segment"], names.SEGMENTS),
        "area_id": words(rows["area"], area_ids(labels.world)),
        "converted_customer_id": words(rows["converted_customer_id"], labels.customers),
        "converted_at": times(rows["converted_at"]),
    }


def work_orders(rows: Columns, labels: Labels) -> dict[str, Cells]:
    """Calls and visits handed out."""
    return {
        "work_order_id": labels.row_ids("W", rows),
        "customer_id": words(rows["customer"], labels.customers),
        "action": words(rows["action"], names.ORDER_ACTIONS),
        "status": words(rows["status"], names.ORDER_STATUSES),
        "opened_at": times(rows["opened_at"]),
        "closed_at": times(rows["closed_at"]),
        "outcome": words(rows["outcome"], names.ORDER_OUTCOMES),
    }


def consents(rows: Columns, labels: Labels) -> dict[str, Cells]:
    """A row per change."""
    return {
        "customer_id": words(rows["customer"], labels.customers),
        "channel": words(rows["channel"], names.CONSENT_CHANNELS),
        "granted": flags(rows["granted"]),
        "changed_at": times(rows["changed_at"]),
    }
