"""Price rises: days on which a line went on at a higher fee without its customer having chosen anything."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from analysis.frames.held import known_lines
from analysis.frames.observation import Observation

LINE = ["customer_id", "account_id", "product", "plan"]
EXACT = nw.Decimal(38, 6)  # a sum of floats would differ in its last bit from run to run


def price_rises(subscriptions: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """What became dearer for each customer in each month, and how much that was of all fees.

    share = fees added ÷ fees of everything held the evening before

    A rise is a line that ends on a day and goes on that day, or the next, in the same account with the same product
    and plan at a higher fee. Lines of one plan are taken together, so that a cheaper one makes up for a dearer one;
    with more or fewer lines than before nothing can be compared. Who changes the plan or moves house chose the new
    price, and so did who has a contract afterwards that ends later than the one before. Discounts are another matter.

    Returns
    -------
    Table, one row per customer and month of a rise since `subscriptions` is covered: `customer_id`, `month` (its first
    day), `day` (the first rise in it), `added` (money a month), `share` (0.05 is five per cent).
    """
    lines = _compared(subscriptions, observation)
    after = _side(lines, nw.col("start_date"), name="after")
    ended = lines.filter(~nw.col("end_date").is_null())
    before = nw.concat([
        _side(ended, nw.col("end_date"), name="before"),
        _side(ended, nw.col("end_date").dt.offset_by("1d").cast(nw.Date), name="before"),
    ])  # fmt: skip
    pairs = before.join(after, on=[*LINE, "day"], how="inner")
    alike = nw.col("lines_before") == nw.col("lines_after")
    risen = pairs.filter(alike & (nw.col("fee_after") > nw.col("fee_before")) & ~_chosen())
    covered = risen.filter(
        (nw.col("day") >= observation.covered_from("subscriptions")) & (nw.col("day") <= observation.as_of)
    )
    added = nw.col("fee_after") - nw.col("fee_before")
    rises = covered.with_columns(added=added).group_by("customer_id", "day").agg(added=nw.col("added").sum())
    shares = _with_fees(rises, lines).filter(nw.col("fees") > 0)
    month = nw.col("day").dt.truncate("1mo").cast(nw.Date)
    part = (nw.col("added").cast(nw.Float64) / nw.col("fees").cast(nw.Float64)).round(9).cast(nw.Decimal(38, 9))
    sums = shares.with_columns(month=month, share=part).group_by("customer_id", "month")
    return sums.agg(
        day=nw.col("day").min(),
        added=nw.col("added").sum().cast(nw.Float64),
        share=nw.col("share").sum().cast(nw.Float64),
    )


def _compared(subscriptions: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Lines with a fee, under a plan that is a text; what was known only later is missing."""
    dated = subscriptions.with_columns(landmark=nw.lit(observation.as_of))
    known = known_lines(dated, observation).filter(~nw.col("monthly_fee").is_null())
    return known.select(
        "customer_id", "account_id", "product", "start_date", "end_date", "contract_end_date",
        plan=nw.coalesce(nw.col("plan"), nw.lit("")), fee=nw.col("monthly_fee").cast(EXACT),
    )  # fmt: skip


def _side(lines: nw.LazyFrame[Any], day: nw.Expr, *, name: str) -> nw.LazyFrame[Any]:
    """Lines of a plan that end, or begin, on a day: how many, for how much, bound until when."""
    return (
        lines.with_columns(day=day)
        .group_by(*LINE, "day")
        .agg(
            nw.len().alias(f"lines_{name}"),
            nw.col("fee").sum().alias(f"fee_{name}"),
            nw.col("contract_end_date").max().alias(f"bound_{name}"),
        )
    )


def _chosen() -> nw.Expr:
    """Whether a contract was concluded with the new fee: its end lies later than that of the one before."""
    new = nw.col("bound_after") > nw.coalesce(nw.col("bound_before"), nw.col("day"))
    return nw.coalesce(new, nw.lit(False))


def _with_fees(rises: nw.LazyFrame[Any], lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Adds the fees of everything held on the evening before each rise."""
    held = rises.select("customer_id", "day").join(
        lines.select("customer_id", "start_date", "end_date", "fee"), on="customer_id", how="inner"
    )
    gone = nw.col("end_date").dt.offset_by("1d").cast(nw.Date) < nw.col("day")
    ended = nw.coalesce(gone, nw.lit(False))
    there = held.filter((nw.col("start_date") < nw.col("day")) & ~ended)
    fees = there.group_by("customer_id", "day").agg(fees=nw.col("fee").sum())
    return rises.join(fees, on=["customer_id", "day"], how="inner")
