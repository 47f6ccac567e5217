"""Look-back windows at landmarks: what happened in the months before, missing where the extract does not reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import narwhals as nw


def events_before(points: nw.LazyFrame[Any], events: nw.LazyFrame[Any], *, day: str, months: int) -> nw.LazyFrame[Any]:
    """The events of the `months` calendar months that end with the landmark's day.

    Parameters
    ----------
    points : table, one row per customer and landmark: `customer_id`, `landmark`.
    events : table with `customer_id` and a date column `day`.

    Returns
    -------
    Table, one row per customer, landmark and event in its window, with the columns of both.
    """
    first = nw.col("landmark").dt.offset_by("1d").dt.offset_by(f"-{months}mo")
    paired = points.join(events, on="customer_id", how="inner")
    return paired.filter((nw.col(day) <= nw.col("landmark")) & (nw.col(day) >= first))


def months_before(
    points: nw.LazyFrame[Any], monthly: nw.LazyFrame[Any], *, by: str, values: Sequence[str], months: range
) -> nw.LazyFrame[Any]:
    """Means of monthly values over whole calendar months before the landmark.

    `months` counts back from the last month that was over at the landmark: range(0, 3) is the last three,
    range(3, 6) the three before. A month under way at the landmark is not known yet. The mean is over the
    rows there are; no row in the window means missing.

    Parameters
    ----------
    points : table with `customer_id`, `landmark` and `by`.
    monthly : table with `by` (customer or area), `month` and `values`.

    Returns
    -------
    Table, one row per `by` and landmark with a row in its window: the means under their own names.
    """
    keys = (
        points.select(by, "landmark")
        .unique()
        .with_columns(month=nw.col("landmark").dt.offset_by("1d").dt.truncate("1mo").dt.offset_by("-1mo"))
    )
    copies = [monthly.select(by, *values, month=_shifted(back)) for back in months]
    window = (
        nw.concat(copies)
        .group_by(by, "month")
        .agg(
            *[
                nw.col(value).mean().round(6) for value in values
            ]  # a mean of floats differs in its last bit from run to run
        )
    )
    return keys.join(window, on=[by, "month"], how="inner").select(by, "landmark", *values)


def _shifted(months: int) -> nw.Expr:
    return nw.col("month").dt.offset_by(f"{months}mo").cast(nw.Date) if months else nw.col("month").cast(nw.Date)


def reaches(months: int, covered_from: dt.date) -> nw.Expr:
    """True where a window of whole months before the landmark begins on or after `covered_from`."""
    first = nw.col("landmark").dt.offset_by("1d").dt.offset_by(f"-{months}mo")
    return first >= covered_from


def reaches_month(months: int, covered_from: dt.date) -> nw.Expr:
    """True where the first of the last `months` whole calendar months begins on or after `covered_from`."""
    first = nw.col("landmark").dt.offset_by("1d").dt.truncate("1mo").dt.offset_by(f"-{months}mo")
    return first >= covered_from
