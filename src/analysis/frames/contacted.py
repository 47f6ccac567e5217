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
PAUSE = 21  # days without a contact, after which a campaign that asks the same customers again is another round
# A round's own date at the end of a name: "Stay 2026-07", "Stay (Q3 2026)", "Stay 07/2026".
_DATED = (
    r"[\s_\-–—,(]+(?:(?:19|20)\d{2}(?:[-/.]?(?:0[1-9]|1[0-2]|[1-9]|Q[1-4]))?|Q[1-4][\s\-/]?(?:19|20)\d{2}"
    r"|(?:0?[1-9]|1[0-2])[/.](?:19|20)\d{2})\)?$"
)


def rounds(campaigns: Rows, contacts: Rows | None = None) -> pd.DataFrame:
    """Rounds of one campaign under one name: what is named alike but for a date at its end.

    With `contacts`, a row of `campaigns` that asked the same customers again after weeks is a round for each time: see
    `_waves`. Each has its share of the fixed cost by its contacts.

    Returns
    -------
    Table, one row per round (a row of `campaigns`, or a part of it), by id: `round`, `campaign`, `objective`,
    `randomised` (missing counts as not), `start`, `fixed_cost` (0 where none is given). Rounds that differ in objective
    or in being drawn by lot keep their own names.
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
    rows = rows.assign(campaign=bare.where(alike, rows["name"])).drop(columns="name")
    return rows if contacts is None else _split(rows, _waves(contacts))


def _waves(contacts: Rows) -> pd.DataFrame:
    """The days of each campaign's contacts, and the round that each day belongs to.

    A campaign that pauses for three weeks or more and then asks some of the same customers again drew anew: taken as
    one round, who fell into both arms would be left out, and with them most of those who stayed long enough to be asked
    twice. Other campaigns are one round, however long.

    Returns
    -------
    Table, one row per campaign and day: `campaign_id`, `day`, `contacts`, `round` (the campaign's id for the first).
    """
    dated = contacts.select("campaign_id", "customer_id", day=nw.col("contacted_at").dt.date())
    days = to_pandas(dated.group_by("campaign_id", "day").agg(contacts=nw.len()).sort("campaign_id", "day"))
    each = dated.group_by("campaign_id", "customer_id").agg(first=nw.col("day").min(), last=nw.col("day").max())
    twice = each.filter((nw.col("last") - nw.col("first")).cast(nw.Int64) >= PAUSE).select("campaign_id").unique()
    again = set(to_pandas(twice)["campaign_id"])
    day = pd.to_datetime(days["day"])
    paused = day.groupby(days["campaign_id"]).diff().dt.days >= PAUSE
    wave = (paused & days["campaign_id"].isin(again)).groupby(days["campaign_id"]).cumsum()
    own = days["campaign_id"].astype(object)
    return days.assign(day=day, round=own.where(wave == 0, own + " #" + (wave + 1).astype(int).astype(str)))


def _split(rows: pd.DataFrame, waves: pd.DataFrame) -> pd.DataFrame:
    """`rows` of `rounds`, one for each round of `waves`; one that nobody was contacted in stays as it is."""
    by = waves.groupby(["campaign_id", "round"], as_index=False).agg(began=("day", "min"), contacts=("contacts", "sum"))
    share = by["contacts"] / by.groupby("campaign_id")["contacts"].transform("sum")
    parts = by.assign(share=share).rename(columns={"round": "wave"})
    joined = rows.merge(parts, left_on="round", right_on="campaign_id", how="left")
    later = joined["wave"].notna() & (joined["wave"] != joined["round"])
    start = pd.to_datetime(joined["start"]).where(~later, joined["began"])
    cost = joined["fixed_cost"] * joined["share"].fillna(1.0)
    named = joined.assign(round=joined["wave"].fillna(joined["round"]), start=start, fixed_cost=cost)
    return named[rows.columns].sort_values("round", ignore_index=True)


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
    told = rounds(tables["campaigns"], tables["contacts"])
    known = engine.table(told[["round", "campaign", "objective", "randomised"]])
    firsts = _by_customer(tables["contacts"], _waves(tables["contacts"]), engine=engine).join(
        known, on="round", how="inner"
    )
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


def _by_customer(contacts: Rows, waves: pd.DataFrame, *, engine: Engine) -> Rows:
    arm = nw.col("arm").str.strip_chars()
    plain = nw.when(arm.str.to_lowercase() == CONTROL).then(nw.lit(CONTROL)).otherwise(arm)
    told = contacts.select(
        "campaign_id",
        "customer_id",
        arm=plain,
        day=nw.col("contacted_at").dt.date(),
        responded=nw.col("responded").cast(nw.Int64),
        converted=nw.when(nw.col("converted_at").is_null()).then(0).otherwise(1),
        amount=_cents("outcome_amount"),
        cost=_cents("contact_cost") + _cents("offer_cost"),
        costed=nw.when(nw.col("contact_cost").is_null() & nw.col("offer_cost").is_null()).then(0).otherwise(1),
    )
    days = engine.table(waves[["campaign_id", "day", "round"]]).with_columns(nw.col("day").cast(nw.Date))
    told = told.join(days, on=["campaign_id", "day"], how="inner")
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
