"""What was known of customers when they were contacted or held out, as far as a model may read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.contacted import SEVERAL
from analysis.frames.features import features
from analysis.frames.observation import Observation
from analysis.measures.class_rules import SUFFIX, ClassRules
from analysis.measures.classes import classified
from analysis.models.covariates import candidate_columns
from analysis.policy.campaign_effects import CONVERTED, FOLLOWED, LEFT

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]

MOST_ROWS = 120_000  # contacts that are read one by one; of more, every k-th customer's
SNAPSHOT = "snapshot"


def thinned(rows: Rows, *, most: int) -> Rows:
    """The rows of every k-th customer, where there are more rows than `most`."""
    size = int(to_pandas(rows.select(n=nw.len()))["n"].iloc[0])
    every = -(-size // most)
    if every <= 1:
        return rows
    ids = rows.select("customer_id").unique()
    placed = ids.with_columns(place=nw.col("customer_id").cum_count().over(order_by="customer_id"))
    return rows.join(placed.filter(nw.col("place") % every == 0).select("customer_id"), on="customer_id", how="semi")


def known_before(points: Rows, tables: Tables, observation: Observation, rules: ClassRules, *, engine: Engine) -> Rows:
    """The points with everything known on the eve of each, and the rule classes of that day.

    Parameters
    ----------
    points : table, one row per customer and day: `customer_id`, `spell`, `spell_start`, `landmark` (the eve), …
    """
    held = engine.table(points)
    told = engine.table(features(held.select("customer_id", "spell", "spell_start", "landmark"), tables, observation))
    keys = ["customer_id", "landmark"]
    classes = classified(told, rules).drop("spell", "spell_start").unique(keys)
    return held.join(classes, on=keys, how="left")


def readable(rows: pd.DataFrame, observation: Observation, *, own: tuple[str, ...]) -> list[str]:
    """The columns a model may read: known then, and not the contact's own."""
    known_late = {name for name, since in observation.known_at.items() if since == SNAPSHOT}
    return [name for name in candidate_columns(rows) if name not in known_late and name not in own]


OWN = (
    "round", "campaign", "objective", "randomised", "arm", "day", "month", "responded", "converted", "amount", "cost",
    "costed", "good", "treated", "batch", "until",
)  # fmt: skip


def contact_points(contacts: Rows, campaigns: list[str]) -> Rows:
    """The contacts of the campaigns as points: who was in one arm, by the eve of the contact."""
    own = contacts.filter(nw.col("campaign").is_in(campaigns) & (nw.col("arm") != SEVERAL))
    return thinned(own, most=MOST_ROWS).with_columns(landmark=nw.col("day").dt.offset_by("-1d").cast(nw.Date))


def contact_rows(points: Rows) -> pd.DataFrame:
    """The points as pandas, by campaign, round and customer."""
    keys = ["campaign", "round", "customer_id"]
    return to_pandas(points).sort_values(keys, ignore_index=True)


def settled(rows: pd.DataFrame, outcome: str, *, as_of: Any) -> pd.DataFrame:
    """The rows whose outcome is known, with `good` (1 where it is the one wanted): stayed three months, or converted.

    Contacts too young to be followed for three months are left out, whatever became of them so far.
    """
    if outcome == CONVERTED:
        return rows.assign(good=rows["converted"].fillna(0).astype("int64"))
    if outcome == LEFT:
        old = pd.to_datetime(rows["day"]) <= pd.Timestamp(as_of) - pd.Timedelta(days=FOLLOWED)
        known = rows[old & rows["ahead_days"].notna()]
        gone = (known["left"] == 1) & (known["ahead_days"] <= FOLLOWED)
        return known.assign(good=(~gone).astype("int64"))
    return rows.iloc[:0].assign(good=np.array([], dtype="int64"))


def class_columns(rules: ClassRules) -> dict[str, str]:
    """Column of each dimension's class."""
    return {name: name + SUFFIX for name in rules}
