"""One customer in full: what is known at the as-of date, under every account the customer ever held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.population import successors
from analysis.frames.timeline import timeline

Stages = Mapping[str, nw.LazyFrame[Any]]
ROW_PER_CUSTOMER = ("customers", "churn_scores", "reasons", "customer_value")
PROPOSED = ("actions", "warnings", "win_back")  # of several lists that name a customer the first is told
MONTHS = 12  # that the card looks back on
HELD = ("product", "plan", "monthly_fee", "discount", "discount_end_date", "start_date", "contract_end_date")


@dataclass(frozen=True)
class Card:
    """Everything known of one customer at the as-of date.

    Attributes
    ----------
    customer_id, accounts
        The key held now; all keys ever held, oldest first.
    facts
        Column → value of the customer's rows in `customers`, `churn_scores`, `reasons` and `customer_value`, and of
        the account held now in the contract's `customers`; a column is absent where there is no such row.
    products
        Table, one row per product held at the as-of date, dearest first.
    months
        Table, one row per month, newest first: `month`, `revenue`, and what was used in it.
    history
        Table, one row per event, newest first, as `timeline` gives it.
    proposed
        The customer's row in the first of the lists `PROPOSED` that names the customer; empty where none does.
    """

    customer_id: str
    accounts: Sequence[str]
    facts: Mapping[str, Any]
    products: pd.DataFrame
    months: pd.DataFrame
    history: pd.DataFrame
    proposed: Mapping[str, Any] = field(default_factory=dict)


def customer_card(customer_id: str, stages: Stages, *, as_of: dt.date, grace_days: int) -> Card | None:
    """The card of the customer who holds, or held, the account `customer_id`; None where nobody ever did.

    Parameters
    ----------
    stages : stage tables of a finished run by name, contract tables as `tables/<name>`; any but `tables/customers`
        may be missing.
    """
    now, accounts = _accounts(stages["tables/customers"], customer_id)
    account = _rows(stages, "tables/customers", [now])
    if account.empty:
        return None
    facts = dict(account.iloc[0])
    for name in ROW_PER_CUSTOMER:
        row = _rows(stages, name, [now])
        facts |= {} if row.empty else dict(row.iloc[0])
    tables = {name: _rows(stages, f"tables/{name}", accounts) for name in ("subscriptions", "tickets", "surveys")}
    tables |= {name: _rows(stages, f"tables/{name}", accounts) for name in ("contacts", "work_orders")}
    tables["customers"] = _rows(stages, "tables/customers", accounts)
    tables["campaigns"] = to_pandas(stages["tables/campaigns"]) if "tables/campaigns" in stages else pd.DataFrame()
    lines = pd.DataFrame() if facts.get("state") == "left" else tables["subscriptions"]
    return Card(
        now,
        accounts,
        facts,
        products=_held(lines, as_of),
        months=_months(_rows(stages, "months", [now])),
        history=timeline(tables, left=facts, grace_days=grace_days),
        proposed=_proposed(stages, now),
    )


def _proposed(stages: Stages, customer_id: str) -> dict[str, Any]:
    rows = [_rows(stages, name, [customer_id]) for name in PROPOSED]
    return next((dict(one.iloc[0]) for one in rows if len(one)), {})


def _accounts(customers: nw.LazyFrame[Any], asked: str) -> tuple[str, list[str]]:
    """The key held now by whoever holds or held the key `asked`; all keys of that customer, oldest first."""
    moves = successors(customers)
    latest = dict(zip(moves["account_id"], moves["successor"], strict=True))
    now = latest.get(asked, asked)
    keys = [account for account, end in latest.items() if end == now] + [now]
    dated = to_pandas(customers.filter(nw.col("customer_id").is_in(keys)).select("customer_id", "signup_date"))
    signed = dict(zip(dated["customer_id"], dated["signup_date"], strict=True))
    return now, sorted(keys, key=lambda key: (key == now, pd.Timestamp(signed.get(key) or pd.Timestamp.max), key))


def _rows(stages: Stages, name: str, keys: Sequence[str]) -> pd.DataFrame:
    """The rows of a table that bear one of the keys; an empty table where there is no such table."""
    if name not in stages:
        return pd.DataFrame()
    return to_pandas(stages[name].filter(nw.col("customer_id").is_in(list(keys))))


def _held(lines: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    if lines.empty:
        return pd.DataFrame(columns=list(HELD))
    day = pd.Timestamp(as_of)
    held = lines[(lines["start_date"] <= day) & (lines["end_date"].isna() | (lines["end_date"] > day))]
    order = ["monthly_fee", "product", "subscription_id"]
    return held.sort_values(order, ascending=[False, True, True], ignore_index=True)[list(HELD)]


def _months(months: pd.DataFrame) -> pd.DataFrame:
    if months.empty:
        return months
    return months.sort_values("month", ascending=False, ignore_index=True).head(MONTHS)
