"""Every answer to a survey with what was known on the day before: the rows from which drivers are learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.frames.features import features
from analysis.frames.observation import Observation
from analysis.frames.prices import price_history
from analysis.frames.profile import profile
from analysis.frames.window import KEYS, QUARTER, months_before

SCORES = ("nps_score", "csat_score")
LOOK = 12  # months before a landmark from which price rises are told
NETWORK = {
    "outage_hours": ("outage_hours", range(QUARTER)),
    "speed_share": ("speed_share", range(QUARTER)),
    "outage_hours_earlier": ("outage_hours", range(QUARTER, 2 * QUARTER)),
}

Tables = Mapping[str, nw.LazyFrame[Any]]


def answered(tables: Tables, spells: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Answers of customers on the books, with their features at the landmark: the day before the answer.

    Returns
    -------
    Table, one row per answered survey: `survey_id`, `customer_id`, `landmark`, `spell_start`, `nps_told`, `csat_told`
    (the answer itself; missing where a score was left out), then the columns of `features`, whose `nps_score` and
    `csat_score` are those of the answer before, and those of `history`.
    """
    given = tables["surveys"].filter(~nw.col("answered_at").is_null())
    told = given.select(
        "survey_id", "customer_id",
        landmark=nw.col("answered_at").dt.date().dt.offset_by("-1d").cast(nw.Date),
        nps_told="nps_score", csat_told="csat_score",
    )  # fmt: skip
    here = spells.select("customer_id", "spell", spell_start="start", spell_end="end")
    paired = told.join(here, on="customer_id", how="inner").filter(nw.col("spell_start") <= nw.col("landmark"))
    points = paired.filter(nw.coalesce(nw.col("spell_end") > nw.col("landmark"), nw.lit(True))).drop("spell_end")
    return with_history(points, tables, observation)


def with_history(points: nw.LazyFrame[Any], tables: Tables, observation: Observation) -> nw.LazyFrame[Any]:
    """The features of points (see `features`), and what only drivers ask for.

    `outage_hours` and `speed_share` (measured ÷ advertised) are means a month of the last three whole months in the
    customer's area, `outage_hours_earlier` those of the three before, `outage_hours_now` of the month under way on the
    day after the landmark, of which a part comes later. `price_rises_4_6m` and `price_rises_7_12m` are the months
    with a rise so long before the landmark. Missing where the tables do not reach so far back.
    """
    # From the bare keys, as in `features`: lazy frames repeat what they stand on.
    keys = points.select(*KEYS).unique()
    known = features(points, tables, observation)
    if "subscriptions" in tables:
        known = known.join(_risen(keys, tables, observation), on=KEYS, how="left")
    if "network" in tables:
        places = profile(keys, tables["customers"], observation).select(*KEYS, "area_id")
        known = known.join(_network(places, tables["network"], observation), on=KEYS, how="left")
    return known


def _risen(keys: nw.LazyFrame[Any], tables: Tables, observation: Observation) -> nw.LazyFrame[Any]:
    """Months in which a price rose, in the quarters that end three, six and nine months before each landmark."""
    earlier = nw.concat([_months_before(keys, months) for months in range(QUARTER, LOOK, QUARTER)])
    points = earlier.select("customer_id", landmark="day").unique()
    history = price_history(points, tables["subscriptions"], observation)
    months = [(nw.col(f"price_rise_{month}m") > 0).cast(nw.Int64) for month in range(1, QUARTER + 1)]
    dated = history.select("customer_id", day="landmark", rises=months[0] + months[1] + months[2])
    looks = earlier.join(dated, on=["customer_id", "day"], how="left")
    first = nw.when(nw.col("back") == QUARTER).then(nw.col("rises"))
    later = nw.when(nw.col("back") > QUARTER).then(nw.col("rises"))
    return looks.group_by(KEYS).agg(price_rises_4_6m=first.sum(), price_rises_7_12m=later.sum())


def _months_before(keys: nw.LazyFrame[Any], months: int) -> nw.LazyFrame[Any]:
    day = nw.col("landmark").dt.offset_by(f"-{months}mo").cast(nw.Date)
    return keys.with_columns(day=day, back=nw.lit(months))


def _network(located: nw.LazyFrame[Any], network: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    places = located.select("area_id", "landmark").unique().filter(~nw.col("area_id").is_null())
    share = nw.when(nw.col("advertised_mbps") > 0).then(nw.col("download_mbps") / nw.col("advertised_mbps"))
    monthly = network.select("area_id", "month", outage_hours=nw.col("outage_minutes") / 60, speed_share=share)
    covered = observation.covered_from("network")
    means = months_before(places, monthly, by="area_id", windows=NETWORK, covered=covered)
    under_way = nw.col("landmark").dt.offset_by("1d").dt.truncate("1mo").cast(nw.Date)
    now = monthly.select("area_id", "month", outage_hours_now="outage_hours")
    dated = located.with_columns(month=under_way).join(now, on=["area_id", "month"], how="left")
    found = dated.join(means, on=["area_id", "landmark"], how="left")
    return found.select(*KEYS, *NETWORK, "outage_hours_now")
