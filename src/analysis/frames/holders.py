"""Who held which product at the ends of quarters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from analysis.frames.behaviour import landmark_points
from analysis.frames.held import products_on
from analysis.frames.observation import Observation
from analysis.frames.profile import profile
from analysis.frames.window import KEYS

Rows = nw.LazyFrame[Any]

GROUPS = ("households", "businesses")
KINDS = {"household": GROUPS[0], "business": GROUPS[1], "government": GROUPS[1], "education": GROUPS[1]}
PLACES = ("region", "area_type")


def bases(tables: Mapping[str, Rows], spells: Rows, observation: Observation, days: Sequence[dt.date]) -> Rows:
    """Everyone on the books at the end of each day: `customer_id`, `landmark`, `group`, `region`, `area_type`.

    `group` is households or businesses (government and education among them); missing where the type is not known.
    """
    there = nw.concat([landmark_points(spells, day) for day in days])
    told = profile(there.select(*KEYS).unique(), tables["customers"], observation)
    group = nw.lit(None, dtype=nw.String)
    for name, kind in KINDS.items():
        group = nw.when(nw.col("customer_type") == name).then(nw.lit(kind)).otherwise(group)
    return there.join(told, on=KEYS, how="left").select(*KEYS, *PLACES, group=group)


def holders(tables: Mapping[str, Rows], days: Sequence[dt.date]) -> Rows:
    """The different products held at the end of each day: `customer_id`, `landmark`, `product`."""
    return nw.concat([products_on(day, tables).with_columns(landmark=nw.lit(day)) for day in days])
