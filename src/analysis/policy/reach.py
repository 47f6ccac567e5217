"""Who may be approached, and how: consents, do-not-contact, who was approached lately, and open work orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from analysis.extracts.engine import to_pandas
from analysis.policy.open_orders import open_in_source
from analysis.policy.table import Policy

Rows = nw.LazyFrame[Any]

DO_NOT_CONTACT, CONTROL = "do_not_contact", "control"


def reach(
    customers: Rows, tables: Mapping[str, Rows], *, policies: Sequence[Policy], as_of: dt.date, quiet_days: int
) -> Rows:
    """What stands against approaching each customer.

    The latest word counts; of two at the same time the refusal does. Without `consents` nobody has consented.

    Parameters
    ----------
    customers : table, one row per customer: `customer_id`.
    quiet_days : who a campaign approached within so many days is `approached`; the control arm was not.

    Returns
    -------
    Table, one row per customer: `customer_id`, `refuses` (asked not to be contacted), `approached`, `ordered` (a work
    order is open), and `consents_<channel>`; 1 or 0.
    """
    found = customers.select("customer_id")
    channels = sorted({policy.channel for policy in policies})
    parts = {"refuses": _word(tables, DO_NOT_CONTACT)}
    parts |= {f"consents_{channel}": _word(tables, channel) for channel in channels}
    parts["approached"] = _approached(tables, as_of - dt.timedelta(days=quiet_days))
    parts["ordered"] = _ordered(tables)
    for name, part in parts.items():
        if part is None:
            found = found.with_columns(nw.lit(0).alias(name))
        else:
            found = found.join(part.rename({"said": name}), on="customer_id", how="left")
            found = found.with_columns(nw.coalesce(nw.col(name), nw.lit(0)).alias(name))
    return found


def unheard_channels(tables: Mapping[str, Rows], policies: Sequence[Policy]) -> list[str]:
    """Channels of policies that need consent and of which `consents` does not say a word: misspelt, perhaps."""
    if "consents" not in tables:
        return []
    said = to_pandas(tables["consents"].select(nw.col("channel").str.to_lowercase()).unique())["channel"]
    asked = {policy.channel for policy in policies if policy.marketing}
    return sorted(one for one in asked if one.lower() not in set(said.dropna()))


def with_ours(reached: Rows, ours: Rows) -> Rows:
    """The table of `reach`, where `ordered` is also who has one of `ours` (`customer_id`): our own that are open."""
    mine = ours.select("customer_id").unique().with_columns(__ours=nw.lit(1))
    either = nw.max_horizontal(nw.col("ordered"), nw.coalesce(nw.col("__ours"), nw.lit(0)))
    return reached.join(mine, on="customer_id", how="left").with_columns(ordered=either).drop("__ours")


def _word(tables: Mapping[str, Rows], channel: str) -> Rows | None:
    """Whether the latest word on a channel grants it."""
    if "consents" not in tables:
        return None
    said = tables["consents"].filter(nw.col("channel").str.to_lowercase() == channel.lower())
    last = said.group_by("customer_id").agg(changed_at=nw.col("changed_at").max())
    latest = said.join(last, on=["customer_id", "changed_at"], how="inner")
    granted = nw.col("granted").cast(nw.Int64)
    # A refusal of contact is a row that is granted: the careful reading differs.
    careful = granted.max() if channel == DO_NOT_CONTACT else granted.min()
    return latest.group_by("customer_id").agg(said=careful)


def _approached(tables: Mapping[str, Rows], after: dt.date) -> Rows | None:
    if "contacts" not in tables:
        return None
    lately = nw.col("contacted_at").dt.date() > after
    rows = tables["contacts"].filter((nw.col("arm") != CONTROL) & lately)
    return rows.select("customer_id").unique().with_columns(said=nw.lit(1))


def _ordered(tables: Mapping[str, Rows]) -> Rows | None:
    if "work_orders" not in tables:
        return None
    rows = open_in_source(tables["work_orders"])
    return rows.select("customer_id").unique().with_columns(said=nw.lit(1))
