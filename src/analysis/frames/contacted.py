"""Campaign contacts followed: who was contacted or held out when, at what cost, and what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.observation import Observation
from analysis.frames.outlook import BY_CHOICE
from analysis.frames.retention import CONTROL

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]

SEVERAL = "several arms"
# A round's own date at the end of a name: "Stay 2026-07", "Stay (Q3 2026)", "Stay 07/2026".
_DATED = (
    r"[\s_\-–—,(]+(?:(?:19|20)\d{2}(?:[-/.]?(?:0[1-9]|1[0-2]|[1-9]|Q[1-4]))?|Q[1-4][\s\-/]?(?:19|20)\d{2}"
    r"|(?:0?[1-9]|1[0-2])[/.](?:19|20)\d{2})\)?$"
)


def rounds(campaigns: Rows) -> pd.DataFrame:
    """Rounds of one campaign under one name: what is named alike but for a date at its end.

    Returns
    -------
    Table, one row per round (a row of `campaigns`), by id: `round`, `campaign`, `objective`, `randomised` (missing
    counts as not), `start`, `fixed_cost` (0 where none is given). Rounds that differ in objective or in being drawn by
    lot keep their own names.
    """
    told = campaigns.select(
        "name",
        "objective",
        round=nw.col("campaign_id"),
        start=nw.col("start_date"),
        randomised=nw.coalesce(nw.col("randomised"), nw.lit(False)),
        fixed_cost=nw.coalesce(nw.col("fixed_cost").cast(nw.Float64), nw.lit(0.0)),
    )
    rows = to_pandas(told.sort("round"))
    bare = rows["name"].str.replace(_DATED, "", regex=True).str.strip()
    bare = bare.where(bare != "", rows["name"])
    ways = rows["objective"].astype(object).fillna("") + rows["randomised"].astype(str)
    alike = ways.groupby(bare).transform("nunique") == 1
    return rows.assign(campaign=bare.where(alike, rows["name"])).drop(columns="name")


def contacted(tables: Tables, spells: Rows | None, observation: Observation, *, engine: Engine) -> Rows:
    """Contacts of all rounds, held-out customers among them, with what came after as far as it is known.

    Parameters
    ----------
    tables : contract tables about customers, with `campaigns` and `contacts`.
    spells : table, one row per customer and spell; None where nobody can be followed.

    Returns
    -------
    Table, one row per round and customer (the first contact counts; costs are added up):
    `round`, `campaign`, `objective`, `randomised`, `customer_id`, `arm` (`control` or the variant; `several arms`
    where a round has a customer in more than one), `day`, `month` (its first day), `responded`, `converted` (1 or 0;
    `responded` is missing where not on record), `amount`, `cost` (cents; 0 where there is none), `costed` (1 where a
    cost is on record),
    `spell`, `spell_start` (missing for who was no customer that day), `ahead_days` (to the spell's end or the as-of
    date), `left`, `kind`.
    """
    known = engine.table(rounds(tables["campaigns"])[["round", "campaign", "objective", "randomised"]])
    firsts = _by_customer(tables["contacts"]).join(known, on="round", how="inner")
    firsts = firsts.with_columns(
        randomised=nw.col("randomised").cast(nw.Boolean), month=nw.col("day").dt.truncate("1mo").cast(nw.Date)
    )
    if spells is None:
        nothing = nw.lit(None)
        return firsts.with_columns(
            spell=nothing.cast(nw.Int64), spell_start=nothing.cast(nw.Date), ahead_days=nothing.cast(nw.Int64),
            left=nothing.cast(nw.Int64), kind=nothing.cast(nw.String),
        )  # fmt: skip
    return _followed(firsts, spells, observation.as_of)


def _by_customer(contacts: Rows) -> Rows:
    arm = nw.col("arm").str.strip_chars()
    plain = nw.when(arm.str.to_lowercase() == CONTROL).then(nw.lit(CONTROL)).otherwise(arm)
    told = contacts.select(
        "customer_id",
        round=nw.col("campaign_id"),
        arm=plain,
        day=nw.col("contacted_at").dt.date(),
        responded=nw.col("responded").cast(nw.Int64),
        converted=nw.when(nw.col("converted_at").is_null()).then(0).otherwise(1),
        amount=_cents("outcome_amount"),
        cost=_cents("contact_cost") + _cents("offer_cost"),
        costed=nw.when(nw.col("contact_cost").is_null() & nw.col("offer_cost").is_null()).then(0).otherwise(1),
    )
    by = told.group_by("round", "customer_id").agg(
        first=nw.col("arm").min(), arms=nw.col("arm").n_unique(), day=nw.col("day").min(),
        responded=nw.col("responded").max(), converted=nw.col("converted").max(),
        amount=nw.col("amount").sum().cast(nw.Int64), cost=nw.col("cost").sum().cast(nw.Int64),
        costed=nw.col("costed").max(),
    )  # fmt: skip
    one = nw.when(nw.col("arms") > 1).then(nw.lit(SEVERAL)).otherwise(nw.col("first"))
    return by.with_columns(arm=one).drop("first", "arms")


def _cents(column: str) -> nw.Expr:
    return nw.coalesce((nw.col(column) * 100).round(0).cast(nw.Int64), nw.lit(0))


def _followed(firsts: Rows, spells: Rows, as_of: dt.date) -> Rows:
    """The contacts with the spell that each fell into."""
    told = spells.select(told=nw.col("kind").count())
    lives = spells.with_columns(last=nw.col("spell").max().over("customer_id")).join(told, how="cross")
    ended = nw.coalesce(nw.col("end") <= as_of, nw.lit(False))
    back = (nw.col("spell") < nw.col("last")) & (nw.col("told") > 0)
    kind = nw.when(back).then(nw.lit(BY_CHOICE)).otherwise(nw.col("kind"))
    lives = lives.with_columns(
        until=nw.when(ended).then(nw.col("end")).otherwise(nw.lit(as_of)),
        left=ended.cast(nw.Int64),
        kind=nw.when(ended).then(kind),
    ).select("customer_id", "spell", "until", "left", "kind", spell_start=nw.col("start"))
    pairs = firsts.select("round", "customer_id", "day").join(lives, on="customer_id", how="inner")
    there = (nw.col("spell_start") <= nw.col("day")) & ((nw.col("until") > nw.col("day")) | (nw.col("left") == 0))
    during = pairs.filter(there).with_columns(ahead_days=(nw.col("until") - nw.col("day")).cast(nw.Int64))
    columns = ["round", "customer_id", "spell", "spell_start", "ahead_days", "left", "kind"]
    return firsts.join(during.select(columns), on=["round", "customer_id"], how="left")
