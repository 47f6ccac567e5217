"""What was billed to a customer in the months before a landmark, as far as the bills were known then."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from analysis.frames.observation import Observation
from analysis.frames.window import KEYS, QUARTER, first_day, reaches_month

BILLED = {"billed_3m": range(QUARTER), "billed_previous_3m": range(QUARTER, 2 * QUARTER)}
LASTING = ("recurring", "usage")  # kinds of lines: what is bought once, or credited, does not tell how much one uses


def billed(keys: nw.LazyFrame[Any], invoices: nw.LazyFrame[Any], observation: Observation) -> nw.LazyFrame[Any]:
    """Mean monthly bill for recurring charges and use, of the last three whole months and of the three before.

    A bill counts where it was issued by the landmark, in the month it is for. The mean is over the months that have
    one; none in a window, or a window that begins before `invoices` are covered, means missing.

    Parameters
    ----------
    keys : table, one row per customer and landmark: `customer_id`, `landmark`.

    Returns
    -------
    Table with the rows of `keys`, `billed_3m` and `billed_previous_3m` (source's currency a month).
    """
    kind, issued = nw.coalesce(nw.col("kind"), nw.lit(LASTING[0])), nw.coalesce(nw.col("issued_on"), nw.col("month"))
    lines = invoices.select("customer_id", "month", "amount", kind=kind, issued=issued)
    pairs = keys.select(KEYS).join(lines.filter(nw.col("kind").is_in(LASTING)), on="customer_id", how="inner")
    over = nw.col("landmark").dt.offset_by("1d").dt.truncate("1mo").cast(nw.Date)
    recent = (nw.col("month") >= first_day(2 * QUARTER).dt.truncate("1mo")) & (nw.col("month") < over)
    known = pairs.filter((nw.col("issued") <= nw.col("landmark")) & recent)
    months = known.group_by(*KEYS, "month").agg(amount=nw.col("amount").sum())
    late = nw.col("month") >= first_day(QUARTER).dt.truncate("1mo")
    inside = {"billed_3m": late, "billed_previous_3m": ~late}
    # Rounded, for a mean of floats differs in its last bit from run to run.
    amount = nw.col("amount").cast(nw.Float64)
    means = {name: nw.when(rows).then(amount).mean().round(6) for name, rows in inside.items()}
    covered = observation.covered_from("invoices")
    shown = [
        nw.when(reaches_month(window.stop, covered)).then(nw.col(name)).alias(name) for name, window in BILLED.items()
    ]
    return keys.select(KEYS).join(months.group_by(KEYS).agg(**means), on=KEYS, how="left").with_columns(shown)
