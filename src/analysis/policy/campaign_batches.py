"""Who is compared where nobody was held out by lot: the contacted of some months, and others on the books then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.contacted import SEVERAL
from analysis.frames.observation import Observation
from analysis.frames.outlook import BY_CHOICE
from analysis.frames.retention import CONTROL
from analysis.measures.class_rules import ClassRules
from analysis.policy.campaign_effects import FOLLOWED
from analysis.policy.campaign_rows import thinned

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]

MOST_MONTHS, MOST_TREATED, MOST_OTHERS = 6, 20_000, 40_000
QUIET = 92  # days before: who was contacted in them is still moved by that
AFTERWARDS = 3  # whole months after that of the contact, whose bills are compared


class Asked(NamedTuple):
    """What all comparisons read."""

    contacts: Rows
    spells: Rows
    months: Rows
    tables: Tables
    observation: Observation
    rules: ClassRules
    engine: Engine


def batches(asked: Asked, campaign: str) -> Rows | None:
    """Contacted and others of the last months of contacts that are followed for three months; None without such months.

    Of each round its last month counts, so that the others are not contacted by it soon after; where rounds have no
    last month that is followed, all months do. The others were on the books on the day by which half of the contacts
    were made, and are followed from it; on both sides nobody had been contacted in the three months before.

    Returns
    -------
    Table, one row per customer, spell and month: `customer_id`, `spell`, `spell_start`, `batch` (first day of the
    month), `landmark` (its eve), `treated` (1 or 0), `exit` (whole days until the end, from 1), `way` (0 still there
    after three months, 1 left by choice, 2 otherwise), `told` (kinds of leaving are known), `again` (1 where somebody
    contacted the customer within the three months after), `billed_change` (the month before less the third last),
    `money` (billed in the three months after that of the contact, before credits).
    """
    own = asked.contacts.filter(
        (nw.col("campaign") == campaign) & ~nw.col("arm").is_in([CONTROL, SEVERAL]) & ~nw.col("spell").is_null()
    )
    days = to_pandas(own.group_by("round", "month", "day").agg(n=nw.len()).sort("day", "round"))
    months = _months(days, asked.observation.as_of)
    if not months:
        return None
    each = [_batch(asked, own, month, _middle(days, month)) for month in months]
    treated = thinned(nw.concat([one[0] for one in each]), most=MOST_TREATED)
    others = thinned(nw.concat([one[1] for one in each]), most=MOST_OTHERS)
    both = asked.engine.table(nw.concat([treated, others]))
    return _with_bills(_followed(both, asked), asked.months)


def _months(days: pd.DataFrame, as_of: dt.date) -> list[dt.date]:
    """First days of the months that are compared."""
    last_day = pd.to_datetime(days.groupby("month")["day"].max())
    old = set(last_day.index[last_day <= pd.Timestamp(as_of) - pd.Timedelta(days=FOLLOWED)])
    ends = set(days.groupby("round")["month"].max()) & old
    return [pd.Timestamp(month).date() for month in sorted(ends or old)[-MOST_MONTHS:]]


def _middle(days: pd.DataFrame, month: dt.date) -> dt.date:
    """The day by which half the contacts of a month were made."""
    own = days[pd.to_datetime(days["month"]) == pd.Timestamp(month)]
    half = own["n"].cumsum() >= own["n"].sum() / 2
    return pd.Timestamp(own.loc[half, "day"].iloc[0]).date()


def _batch(asked: Asked, own: Rows, first: dt.date, middle: dt.date) -> tuple[Rows, Rows]:
    """The contacted of a month, and the others."""
    eve = first - dt.timedelta(days=1)
    approached = asked.contacts.filter(nw.col("arm") != CONTROL)
    lately = approached.filter((nw.col("day") < first) & (nw.col("day") >= first - dt.timedelta(days=QUIET)))
    lives = _lives(asked.spells, asked.observation.as_of).filter(nw.col("spell_start") <= eve)
    lives = lives.join(lately.select("customer_id"), on="customer_id", how="anti")
    there = (nw.col("until") > middle) | (nw.col("left") == 0)
    now = approached.filter(nw.col("month") == first).select("customer_id")
    columns = ["customer_id", "spell", "spell_start", "day", "until", "left", "kind"]
    days = own.filter(nw.col("month") == first).group_by("customer_id", "spell").agg(day=nw.col("day").min())
    mine = lives.join(days, on=["customer_id", "spell"], how="inner").select(columns)
    rest = lives.filter(there).join(now, on="customer_id", how="anti").with_columns(day=nw.lit(middle)).select(columns)
    marked = [
        rows.with_columns(treated=nw.lit(side).cast(nw.Int64), batch=nw.lit(first), landmark=nw.lit(eve))
        for rows, side in ((mine, 1), (rest, 0))
    ]
    return marked[0], marked[1]


def _lives(spells: Rows, as_of: dt.date) -> Rows:
    ended = nw.coalesce(nw.col("end") <= as_of, nw.lit(False))
    last = nw.col("spell").max().over("customer_id")
    return spells.with_columns(last=last).select(
        "customer_id", "spell", spell_start=nw.col("start"),
        until=nw.when(ended).then(nw.col("end")).otherwise(nw.lit(as_of)), left=ended.cast(nw.Int64),
        kind=nw.when(ended & (nw.col("spell") < nw.col("last"))).then(nw.lit(BY_CHOICE)).otherwise(nw.col("kind")),
    )  # fmt: skip


def _followed(points: Rows, asked: Asked) -> Rows:
    """The points with `exit`, `way`, `told` and `again`."""
    known = asked.spells.select(kinds=nw.col("kind").count())
    later = asked.contacts.filter(nw.col("arm") != CONTROL).select("customer_id", on=nw.col("day"))
    keys = ["customer_id", "spell", "batch"]
    pairs = points.select(*keys, "day").join(later, on="customer_id", how="inner")
    soon = (nw.col("on") - nw.col("day")).cast(nw.Int64)
    again = pairs.filter((soon > 0) & (soon <= FOLLOWED)).select(keys).unique().with_columns(again=nw.lit(1))
    rows = points.join(again, on=keys, how="left").join(known, how="cross")
    ahead = (nw.col("until") - nw.col("day")).cast(nw.Int64)
    gone = (nw.col("left") == 1) & (ahead <= FOLLOWED)
    chose = nw.coalesce(nw.col("kind") == BY_CHOICE, nw.lit(False)) | (nw.col("kinds") == 0)
    way = nw.when(gone & chose).then(1).otherwise(nw.when(gone).then(2).otherwise(0))
    return rows.with_columns(
        way=way, exit=nw.min_horizontal(ahead, nw.lit(FOLLOWED)) + 1, told=nw.col("kinds") > 0,
        again=nw.coalesce(nw.col("again"), nw.lit(0)),
    ).drop("kinds", "until", "left", "kind", "day")  # fmt: skip


def _with_bills(rows: Rows, months: Rows) -> Rows:
    """The rows with what was billed before and after, where it is known."""
    plain = nw.col("revenue")
    if "credit" in months.collect_schema().names():
        plain = plain - nw.coalesce(nw.col("credit"), nw.lit(0))
    billed = months.select("customer_id", "month", money=plain.cast(nw.Float64))
    found = rows
    for back in (3, 1, -1, -2, -3):
        keyed = billed.with_columns(batch=nw.col("month").dt.offset_by(f"{back}mo").cast(nw.Date)).drop("month")
        found = found.join(keyed.rename({"money": f"b{back}"}), on=["customer_id", "batch"], how="left")
    after = [nw.coalesce(nw.col(f"b-{ahead}"), nw.lit(0.0)) for ahead in range(1, AFTERWARDS + 1)]
    return found.with_columns(
        billed_change=(nw.col("b1") - nw.col("b3")).round(6), money=sum(after[1:], after[0]).round(6)
    ).drop("b3", "b1", "b-1", "b-2", "b-3")
