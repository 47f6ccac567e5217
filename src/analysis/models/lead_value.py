"""What a lead is worth: the chance that it becomes a customer, times what a customer won that way brings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.quarter import months_later
from analysis.extracts.engine import to_pandas
from analysis.measures.interval import mean_interval, standard_normal_quantile
from analysis.models.lead_chances import LEAST

Rows = nw.LazyFrame[Any]
Floats = npt.NDArray[np.float64]
YEAR = 12
OF_WORTH: tuple[tuple[str, ...], ...] = (("channel", "segment"), ("segment",), ())
WORTH = ["worth", "worth_low", "worth_high"]
VALUE = ["value", "value_low", "value_high"]


def worth_of_won(leads: Rows, customer_value: Rows | None, *, as_of: dt.date) -> pd.DataFrame:
    """Customers won from leads in the last twelve months, and what each is expected to bring from now on.

    Who has left again counts with nothing, as does who holds nothing with a fee: so the mean is that of customers won,
    not of those who stayed. What they have paid so far is not counted.

    Parameters
    ----------
    leads : table of `frames.leads.followed_leads`.
    customer_value : table with `customer_id`, `clv`; None, or without a value, where nobody has one: then nobody is
        told either.

    Returns
    -------
    Table, one row per customer, by id: `customer_id`, `channel`, `segment`, `worth` (source's currency).
    """
    if customer_value is None or not _anybody(customer_value):
        return pd.DataFrame({"customer_id": [], "channel": [], "segment": [], "worth": []})
    since = months_later(as_of, -YEAR)
    won = leads.filter((nw.col("won") > since) & ~nw.col("customer_id").is_null())
    # A customer may have been two leads: the first that was made counts.
    order = won.with_columns(n=nw.col("lead_id").cum_count().over("customer_id", order_by=["created_at", "lead_id"]))
    first = order.filter(nw.col("n") == 1).select("customer_id", "channel", "segment")
    valued = first.join(customer_value.select("customer_id", worth="clv"), on="customer_id", how="left")
    rows = to_pandas(valued.sort("customer_id"))
    return rows.assign(worth=rows["worth"].astype("float64").fillna(0.0))


def _anybody(customer_value: Rows) -> bool:
    return bool(to_pandas(customer_value.select(n=nw.col("clv").count()))["n"].iloc[0])


def lead_values(conversion: pd.DataFrame, won: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """What a new lead is worth, in all, by channel and by segment.

    value = share that becomes a customer × mean worth of a customer won
    se² = share² · se(worth)² + worth² · se(share)² + se(share)² · se(worth)²

    Parameters
    ----------
    conversion : table of `measures.lead_conversion.conversion_by`.
    won : table of `worth_of_won`.

    Returns
    -------
    The rows of `conversion` with `worth`, `worth_low`, `worth_high` (Student's 95 % among customers won; what the
    model of value does not know is not in it), `value`, `value_low`, `value_high`; missing where masked, or where fewer
    than `smallest` customers were won.

    References
    ----------
    Goodman (1960) for the variance of a product.
    """
    rows = [_worth(_won_of(won, row), smallest) for row in conversion.to_dict("records")]
    table = conversion.assign(**pd.DataFrame(rows, columns=WORTH, index=conversion.index))
    z = standard_normal_quantile(0.95)
    share, worth = table["share"], table["worth"]
    error = (table["high"] - table["low"]) / 2 / z, (table["worth_high"] - table["worth_low"]) / 2 / z
    reach = z * np.sqrt(share**2 * error[1] ** 2 + worth**2 * error[0] ** 2 + error[0] ** 2 * error[1] ** 2)
    value = share * worth
    return table.assign(value=value, value_low=value - reach, value_high=value + reach)


def _won_of(won: pd.DataFrame, row: dict[Any, Any]) -> pd.Series:
    return won["worth"] if row["dimension"] == "all" else won.loc[won[row["dimension"]] == row["class"], "worth"]


def _worth(worth: pd.Series, smallest: int) -> dict[str, float]:
    n = len(worth)
    if n < smallest:
        return dict.fromkeys(WORTH, float("nan"))
    low, high = mean_interval(float(worth.mean()), float(worth.std(ddof=1)), n)
    return {"worth": float(worth.mean()), "worth_low": float(low), "worth_high": float(high)}


def worth_of_leads(won: pd.DataFrame, open_leads: pd.DataFrame) -> Floats:
    """Of each open lead what a customer won from such leads brings: of its channel and segment where enough customers
    were won, else of its segment, else of all; missing where too few were won in all.

    What customers bring hangs more on who they are than on how they came: so the segment goes before the channel.

    Parameters
    ----------
    open_leads : table, one row per lead: `channel`, `segment`.
    """
    found = np.full(len(open_leads), np.nan)
    for by in OF_WORTH:
        if by and len(won):
            means = won.groupby(list(by))["worth"].agg(["size", "mean"])
            kept = means.loc[means["size"] >= LEAST, "mean"].rename("mean").reset_index()
            own = open_leads[list(by)].merge(kept, on=list(by), how="left")["mean"].to_numpy("float64")
        else:
            own = np.full(len(open_leads), won["worth"].mean() if len(won) >= LEAST else np.nan)
        found = np.where(np.isnan(found), own, found)
    return found
