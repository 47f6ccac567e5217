"""An area's month: how many customers it had, how many complained, and what its network measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.extracts.engine import to_pandas
from analysis.frames.observation import Observation

Rows = nw.LazyFrame[Any]
KEY = ["area_id", "month"]
MEASURED = ("download_mbps", "advertised_mbps", "latency_ms", "outage_minutes")


def area_months(months: Rows, tables: Mapping[str, Rows], observation: Observation) -> Rows:
    """Customers, complaints and the measured network of every area and calendar month.

    A complaint counts in the area where the customer lives now; tickets without a customer are nobody's. Where the
    source does not mark complaints, every contact counts.

    Parameters
    ----------
    months : table, one row per customer and month: `customer_id`, `month`, `share` (of the month on the books).
    tables : contract tables of the population; `customers`, and what there is of `tickets` and `network`.

    Returns
    -------
    Table, one row per area and month in which it had customers: `area_id`, `month` (first day), `customers`
    (customer-months), `complaints`, `complainers` (different customers; both missing where tickets are not given or
    not covered), `speed_share` (measured ÷ advertised download), `latency_ms`, `outage_minutes` (missing where not
    measured).
    """
    places = _places(tables["customers"])
    held = months.filter(nw.col("share") > 0).join(places, on="customer_id", how="inner")
    rows = held.group_by(KEY).agg(customers=nw.col("share").sum().round(6))
    for part in (_complaints(tables, places, observation), _measured(tables)):
        rows = rows.join(part, on=KEY, how="left")
    covered = nw.col("month") >= observation.covered_from("tickets")
    told = covered & nw.lit("tickets" in tables)
    counts = {name: nw.when(told).then(nw.coalesce(nw.col(name), nw.lit(0))) for name in ("complaints", "complainers")}
    return rows.with_columns(**counts)


def area_places(tables: Mapping[str, Rows]) -> Rows:
    """Where areas lie: `area_id`, `latitude`, `longitude` (degrees), as the latest month with both says."""
    if "network" not in tables:
        none = {name: nw.lit(None).cast(nw.Float64) for name in ("latitude", "longitude")}
        return tables["customers"].filter(nw.col("customer_id").is_null()).select("area_id", **none)
    told = tables["network"].filter(~nw.col("latitude").is_null() & ~nw.col("longitude").is_null())
    latest = told.group_by("area_id").agg(month=nw.col("month").max())
    return told.join(latest, on=KEY, how="inner").select("area_id", "latitude", "longitude")


def marks_complaints(tables: Mapping[str, Rows]) -> bool:
    """Whether the source says of any ticket that it is a complaint, or that it is none."""
    if "tickets" not in tables:
        return True
    return len(to_pandas(tables["tickets"].filter(~nw.col("is_complaint").is_null()).select("ticket_id").head(1))) > 0


def _places(customers: Rows) -> Rows:
    """The area of each customer: of several accounts the one that is held under the customer's own key."""
    named = customers.filter(~nw.col("area_id").is_null())
    names = customers.collect_schema().names()
    newest = named.filter(nw.col("account_id") == nw.col("customer_id")) if "account_id" in names else named
    return newest.select("customer_id", "area_id").unique()


def _complaints(tables: Mapping[str, Rows], places: Rows, observation: Observation) -> Rows:
    if "tickets" not in tables:
        none = places.with_columns(month=nw.lit(observation.as_of).cast(nw.Date)).filter(nw.col("area_id").is_null())
        return none.select(*KEY, complaints=nw.lit(0), complainers=nw.lit(0))
    tickets = tables["tickets"].select(
        "customer_id",
        complaint=nw.col("is_complaint"),
        month=nw.col("opened_at").dt.truncate("1mo").cast(nw.Date),
    )
    marked = tickets.select(any=(~nw.col("complaint").is_null()).cast(nw.Int64).max())
    counted = tickets.join(marked, how="cross").filter(nw.coalesce(nw.col("complaint"), nw.col("any") == 0))
    here = counted.join(places, on="customer_id", how="inner")
    return here.group_by(KEY).agg(complaints=nw.len(), complainers=nw.col("customer_id").n_unique())


def _measured(tables: Mapping[str, Rows]) -> Rows:
    if "network" not in tables:
        nothing = {name: nw.lit(None).cast(nw.Float64) for name in ("speed_share", "latency_ms", "outage_minutes")}
        rows = tables["customers"].filter(nw.col("customer_id").is_null()).with_columns(month=nw.col("signup_date"))
        return rows.select(*KEY, **nothing)
    share = nw.when(nw.col("advertised_mbps") > 0).then(nw.col("download_mbps") / nw.col("advertised_mbps"))
    return tables["network"].select(*KEY, "latency_ms", "outage_minutes", speed_share=share)
