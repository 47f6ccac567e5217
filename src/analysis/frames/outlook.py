"""What came after each landmark, as far as it is known at the as-of date: what a forecast is learned from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.frames.observation import Observation
from analysis.frames.retention import retention_contacts

KEYS = ["customer_id", "spell", "landmark"]
QUARTER_BEGINS = (1, 4, 7, 10)  # months
BY_CHOICE = "voluntary"


def with_outlook(
    episodes: nw.LazyFrame[Any],
    spells: nw.LazyFrame[Any],
    tables: Mapping[str, nw.LazyFrame[Any]],
    observation: Observation,
) -> nw.LazyFrame[Any]:
    """`episodes` with what followed each landmark until the as-of date; none of it is ever a covariate.

    Give it bare episodes, let the engine hold the result, and take `features` of that: a lazy frame that carries
    features would compute them twice, and features of a lazy frame compute it once for each of their parts.
    A landmark inside a bridged gap (or before the first product) knows its future: the spell lasts although
    nothing is held. `features` leaves `products` missing there; learning and scoring leave such rows out.

    Parameters
    ----------
    episodes : table, one row per customer, spell and landmark.
    spells : table that the episodes were cut from, one row per customer and spell.

    Returns
    -------
    Table with the rows of `episodes` and
    `ahead_days` : whole days from the landmark to the spell's end, or to the as-of date where it has not ended;
    `left` : 1 when the spell ended by the as-of date, else 0;
    `left_kind` : kind of that leaving. Who came back left by choice, for the dead, the moved and those cut off
        seldom return. Missing when not left, when unknown, and where the source gives no kinds at all;
    `contact_days` : whole days from the landmark to the first contact of a retention campaign after it, by the as-of
        date and before the spell's end; missing when none is known (nothing is before `contacts` is covered);
    `held_out_days` : the same until the customer was first held out of such a campaign by lot;
    `at_quarter_end` : 1 when the landmark is a quarter end or the eve of observation, 0 for a spell's own start.
    """
    ends = _endings(spells, observation.as_of)
    joined = episodes.join(ends, on=["customer_id", "spell"], how="left")
    rows = episodes.select(KEYS).join(ends, on=KEYS[:2], how="inner")
    contacted, held_out = (_first_days(rows, days, observation) for days in _contacts(tables, rows))
    return (
        joined.with_columns(
            ahead_days=_days_to("until"),
            at_quarter_end=_at_quarter_end(observation.entry),
        )
        .join(contacted.rename({"days": "contact_days"}), on=KEYS, how="left")
        .join(held_out.rename({"days": "held_out_days"}), on=KEYS, how="left")
        .drop("until")
    )


def _endings(spells: nw.LazyFrame[Any], as_of: dt.date) -> nw.LazyFrame[Any]:
    """Table, one row per spell: `until` (its end, or the as-of date), `left`, `left_kind`."""
    told = spells.select(kinds=nw.col("kind").count())
    last = nw.col("spell").max().over("customer_id")
    ended = nw.coalesce(nw.col("end") <= as_of, nw.lit(False))
    ends = spells.with_columns(last=last, ended=ended).join(told, how="cross")
    came_back = (nw.col("spell") < nw.col("last")) & (nw.col("kinds") > 0)
    kind = nw.when(came_back).then(nw.lit(BY_CHOICE)).otherwise(nw.col("kind"))
    return ends.select(
        "customer_id",
        "spell",
        nw.when(nw.col("ended")).then(nw.col("end")).otherwise(nw.lit(as_of)).alias("until"),
        nw.col("ended").cast(nw.Int64).alias("left"),
        nw.when(nw.col("ended")).then(kind).alias("left_kind"),
    )


def _contacts(tables: Mapping[str, nw.LazyFrame[Any]], rows: nw.LazyFrame[Any]) -> list[nw.LazyFrame[Any]]:
    """Days of contacts of retention campaigns, and days on which customers were held out of one by lot."""
    if "contacts" not in tables:
        return [rows.filter(nw.col("spell") < 1).select("customer_id", day=nw.col("landmark"))] * 2
    return [retention_contacts(tables, held_out=held_out) for held_out in (False, True)]


def _first_days(rows: nw.LazyFrame[Any], days: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Table, one row per row of `rows` with such a day after it and within the spell: keys and `days` until then."""
    known = days.filter(nw.col("day") <= observation.as_of).unique()
    after = rows.join(known, on="customer_id", how="inner").filter(nw.col("day") > nw.col("landmark"))
    during = after.filter((nw.col("day") < nw.col("until")) | (nw.col("left") == 0))
    return during.group_by(KEYS).agg(day=nw.col("day").min()).select(*KEYS, days=_days_to("day"))


def _days_to(column: str) -> nw.Expr:
    return (nw.col(column) - nw.col("landmark")).cast(nw.Int64)


def _at_quarter_end(eve: dt.date) -> nw.Expr:
    following = nw.col("landmark").dt.offset_by("1d")
    begins = (following.dt.day() == 1) & following.dt.month().is_in(QUARTER_BEGINS)
    return (begins | (nw.col("landmark") == eve)).cast(nw.Int64)
