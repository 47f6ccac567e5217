"""Who may be contacted, and how: the latest word on each channel counts, and do-not-contact beats them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from analysis.measures.fault_notices import DO_NOT_CONTACT

Rows = nw.LazyFrame[Any]


def latest_words(consents: Rows) -> Rows:
    """The latest word of each customer on each channel: `customer_id`, `channel` (small letters), `granted`, `asked`.

    Of several at one moment, `granted` is true only where all permit, and `asked` where any does: a permission must be
    certain, a request not to be contacted need only have been made.
    """
    said = consents.select(
        "customer_id", "changed_at", channel=nw.col("channel").str.to_lowercase(), yes=nw.col("granted").cast(nw.Int64)
    )
    last = said.group_by("customer_id", "channel").agg(changed_at=nw.col("changed_at").max())
    latest = said.join(last, on=["customer_id", "channel", "changed_at"], how="inner")
    counted = latest.group_by("customer_id", "channel").agg(least=nw.col("yes").min(), most=nw.col("yes").max())
    return counted.select("customer_id", "channel", granted=nw.col("least") == 1, asked=nw.col("most") == 1)


def left_alone(words: Rows) -> Rows:
    """Table of `customer_id`: who asked not to be contacted, by the latest word."""
    asked = words.filter((nw.col("channel") == DO_NOT_CONTACT) & nw.col("asked"))
    return asked.select("customer_id").unique()


def permitted(words: Rows, *, unclear: Rows) -> Rows:
    """Channels each customer permits marketing by: `customer_id`, `channel`; none where a word cannot be read."""
    granted = words.filter(nw.col("granted") & (nw.col("channel") != DO_NOT_CONTACT)).select("customer_id", "channel")
    quiet = left_alone(words)
    return granted.join(quiet, on="customer_id", how="anti").join(unclear, on="customer_id", how="anti")


def with_channel(rows: Rows, allowed: Rows, channels: Sequence[str]) -> Rows:
    """The rows with `channel`, by which the customer permits marketing; missing where none is permitted.

    A row that names a channel keeps it where it is permitted, and gets no other; a row that names none gets the first
    of `channels` that is.
    """
    named = rows if "channel" in rows.collect_schema().names() else rows.with_columns(channel=nw.lit(None, nw.String))
    wanted = named.with_columns(wanted=nw.col("channel").cast(nw.String).str.to_lowercase()).drop("channel")
    own = allowed.select("customer_id", wanted="channel", own="channel")
    found = wanted.join(own, on=["customer_id", "wanted"], how="left")
    for place, channel in enumerate(channels):
        yes = allowed.filter(nw.col("channel") == channel).select("customer_id", nw.lit(channel).alias(f"__{place}"))
        found = found.join(yes, on="customer_id", how="left")
    first = nw.coalesce(*(f"__{place}" for place in range(len(channels)))) if channels else nw.lit(None, nw.String)
    chosen = nw.when(nw.col("wanted").is_null()).then(first).otherwise(nw.col("own"))
    helpers = ["wanted", "own", *(f"__{place}" for place in range(len(channels)))]
    return found.with_columns(channel=chosen).drop(helpers)
