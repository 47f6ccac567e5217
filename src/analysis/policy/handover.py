"""Lists for a CRM: what each customer is, and what is to be done; who is left out of each, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import narwhals as nw

from analysis.measures.class_rules import SUFFIX
from analysis.policy.actions import HOLD_OUT
from analysis.policy.handover_consent import latest_words, left_alone, permitted, with_channel

Rows = nw.LazyFrame[Any]
Kind = Literal["fields", "service", "marketing", "orders"]

ACTIVE = "active"
GONE = "erased, or no longer in the source"
NOT_ACTIVE = "no active customer"
ALONE = "asked not to be contacted"
NO_CONSENT = "no consent to the channel"
AGAIN = "a further row of the same customer"
HELD_OUT = "held out by lot, to measure what the action brings"
ACTIONS = ("action", "reason", "priority", "cost", "expected_benefit", "due_date", "owner")
WARNED = ("reasons", "warned_by", "leaving_1m", "at_risk")  # of warnings alone
WIN_BACK = (*ACTIONS, "months_since")
SERVICE = {  # stage table → its columns for a list, and the order in which a customer's first row is taken
    "fault_notices": (("priority", "area_id", "since", "evidence", "value_tier"), ("priority",)),
    "usage_anomalies": (("month", "measure", "direction", "used", "usual"), ("-month", "-strangeness")),
    "credit_risk": (("bucket", "owed", "default_3m", "expected_loss"), ("-owed",)),
}


@dataclass(frozen=True)
class HandList:
    """A list to hand over: `rows` with `customer_id`, ordered by `order` (a name with - in front: falling).

    `fields` are facts for a CRM's own fields and name no way to reach anybody; `service` lists need no consent to
    marketing, `marketing` lists do, channel by channel; of `orders`, which need none either, each row names its channel
    and shows no other way to reach its customer. `columns` are shown after the customer's.
    """

    name: str
    kind: Kind
    rows: Rows
    columns: tuple[str, ...]
    order: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True)
class Known:
    """What is known of persons when lists are handed over, under the keys that customers hold now.

    `people` is a table, one row per customer whom the source still holds: `customer_id`, `source_id`. `words` are
    theirs on channels (`latest_words`), `unclear` is who said something that cannot be read. `channels` are those that
    marketing may take, the first choice first. `told` is whether the source gives consents at all.
    """

    people: Rows
    words: Rows
    unclear: Rows
    channels: Sequence[str] = field(default_factory=tuple)
    told: bool = True


def hand_lists(stages: Mapping[str, Rows], *, service_actions: Sequence[str] = ()) -> list[HandList]:
    """Every list that the stage tables of a run give; a table that is absent gives none.

    Parameters
    ----------
    stages : `customers`, and as far as they are there `customer_value`, `clusters`, `churn_scores`, `actions`,
        `warnings`, `win_back`, `largest_accounts` and those of `SERVICE`.
    service_actions : actions that need no consent to marketing, where `actions` has no column `marketing`; there every
        other one does.
    """
    lists = [segments(stages)]
    for name, (columns, order) in SERVICE.items():
        if name in stages:
            rows = stages[name]
            if _has(rows, "owed"):
                rows = rows.filter(nw.col("owed") > 0)
            if _has(rows, "explained"):  # nobody need call for what is known
                rows = rows.filter(nw.col("explained").is_null())
            lists.append(HandList(name, "service", rows, _there(rows, columns), _there(rows, order)))
    if "largest_accounts" in stages:
        rows = stages["largest_accounts"].rename({"account": "customer_id"})
        shown = _there(rows, ("place", "amount", "share", "customers"))
        lists.append(HandList("largest_accounts", "fields", rows, shown, _there(rows, ("place",)), active=False))
    for name in ("actions", "warnings"):
        lists += _order_lists(name, stages[name], service_actions) if name in stages else []
    return lists + ([_win_back(stages["win_back"])] if "win_back" in stages else [])


def segments(stages: Mapping[str, Rows]) -> HandList:
    """One row per active customer: its classes, value tier, group, chance of leaving and first reason."""
    rows = stages["customers"].filter(nw.col("state") == ACTIVE)
    classes = tuple(name for name in rows.collect_schema().names() if name.endswith(SUFFIX))
    rows, shown = rows.select("customer_id", *classes), list(classes)
    for table, names in (
        ("customer_value", ("value_tier",)), ("clusters", ("cluster",)), ("churn_scores", ("churn_3m", "reason_1")),
    ):  # fmt: skip
        there = list(_there(stages[table], names)) if table in stages else []
        rows = rows.join(stages[table].select("customer_id", *there), on="customer_id", how="left") if there else rows
        shown += there
    return HandList("segments", "fields", rows, (*shown, "do_not_contact"))


def placed(one: HandList, customers: Rows, known: Known) -> Rows:
    """The list's rows with `source_id`, `customer_type`, `do_not_contact`, `__place` (their order), and `why` they are
    left out (missing: they are not).

    Parameters
    ----------
    customers : stage table `customers`.
    """
    rows = one.rows
    if one.kind == "marketing":
        rows = with_channel(rows, permitted(known.words, unclear=known.unclear), known.channels)
    kept = [name for name in one.columns if name in rows.collect_schema().names()]
    order = [name.removeprefix("-") for name in one.order]
    needed = ["channel"] if one.kind == "marketing" else []
    needed += ["arm"] if _has(rows, "arm") else []
    extra = list(dict.fromkeys([*kept, *order, *needed]))
    rows = rows.select("customer_id", *extra)
    alone = left_alone(known.words).with_columns(alone=nw.lit(True))
    types = customers.select("customer_id", "state", "customer_type")
    rows = (
        rows.join(known.people, on="customer_id", how="left")
        .join(types, on="customer_id", how="left")
        .join(alone, on="customer_id", how="left")
        .with_columns(do_not_contact=~nw.col("alone").is_null() if known.told else nw.lit(None, nw.Boolean))
    )
    rows = _ordered(rows.with_columns(why=_why(one, rows)), one.order)
    first = rows.filter(nw.col("why").is_null()).group_by("customer_id").agg(first=nw.col("__place").min())
    marked = rows.join(first, on="customer_id", how="left")
    again = nw.col("why").is_null() & (nw.col("__place") != nw.col("first"))
    why = nw.when(again).then(nw.lit(AGAIN)).otherwise(nw.col("why"))
    return marked.with_columns(why=why).drop("alone", "state", "first")


def _why(one: HandList, rows: Rows) -> nw.Expr:
    """Why a row is left out, the first reason that holds; missing where none does."""
    why: nw.Expr = nw.lit(None, nw.String)
    if _has(rows, "arm"):
        why = nw.when(nw.col("arm") == HOLD_OUT).then(nw.lit(HELD_OUT)).otherwise(why)
    if one.kind == "marketing":
        why = nw.when(nw.col("channel").is_null()).then(nw.lit(NO_CONSENT)).otherwise(why)
    if one.kind != "fields":
        why = nw.when(~nw.col("alone").is_null()).then(nw.lit(ALONE)).otherwise(why)
    if one.active:
        idle = nw.col("state").is_null() | (nw.col("state") != ACTIVE)
        why = nw.when(idle).then(nw.lit(NOT_ACTIVE)).otherwise(why)
    return nw.when(nw.col("source_id").is_null()).then(nw.lit(GONE)).otherwise(why)


def _ordered(rows: Rows, order: Sequence[str]) -> Rows:
    """The rows with `__place`, their number in the list's order, ties by the customer and then by all they say."""
    keys, turned = [], {}
    for place, name in enumerate(order):
        plain = name.removeprefix("-")
        turned[f"__o{place}"] = -nw.col(plain).rank("dense") if name.startswith("-") else nw.col(plain).rank("dense")
        keys.append(f"__o{place}")
    rest = [name for name in rows.collect_schema().names() if name not in ("customer_id", "why")]
    ranked = rows.with_columns(**turned) if turned else rows
    return ranked.with_row_index("__place", order_by=[*keys, "customer_id", *sorted(rest)]).drop(keys)


def _order_lists(name: str, orders: Rows, service_actions: Sequence[str]) -> list[HandList]:
    """Actions, or orders of warnings, in two lists; what is not plainly service is marketing."""
    orders = orders.rename({"chance": "leaving_1m"}) if _has(orders, "chance") else orders  # a lead's is another
    service = nw.col("action").is_in(list(service_actions))
    if _has(orders, "marketing"):
        service = nw.col("marketing").cast(nw.Int64) == 0
    service = service.fill_null(False)
    columns, order = _there(orders, (*ACTIONS, *WARNED)), _there(orders, ("priority",))
    checks = name == "warnings" and _has(orders, "channel")  # a check of an account contacts nobody
    kind: Kind = "orders" if checks else "service"
    return [
        HandList(name, kind, orders.filter(service), (*columns, "channel") if checks else columns, order),
        HandList(f"marketing_{name}", "marketing", orders.filter(~service), (*columns, "channel"), order),
    ]


def _win_back(rows: Rows) -> HandList:
    """Who left and is to be asked back: all of it is marketing, and none of them is an active customer."""
    columns, order = (*_there(rows, WIN_BACK), "channel"), _there(rows, ("priority",))
    return HandList("win_back", "marketing", rows, columns, order, active=False)


def _there(rows: Rows, names: Sequence[str]) -> tuple[str, ...]:
    given = rows.collect_schema().names()
    return tuple(name for name in names if name.removeprefix("-") in given)


def _has(rows: Rows, name: str) -> bool:
    return name in rows.collect_schema().names()


def known_words(consents: Rows | None, nobody: Rows) -> Rows:
    """The latest words on channels; none where the source gives no consents."""
    if consents is not None:
        return latest_words(consents)
    yes = nw.lit(True)
    return nobody.select("customer_id", channel=nw.col("customer_id"), granted=yes, asked=yes)
