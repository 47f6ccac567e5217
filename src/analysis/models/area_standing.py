"""Which areas have a signal, since when and on what evidence, as a reader may see it."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.models.area_signals import BOTH, COMPLAINTS, NETWORK

EVIDENCE = (BOTH, NETWORK, COMPLAINTS)
SHOWN = ("speed_share", "speed_usual", "latency_ms", "latency_usual", "outage_minutes", "outage_usual")


def signalled_areas(signals: pd.DataFrame, quarter: Quarter, *, smallest: int) -> pd.DataFrame:
    """Areas with a signal in the quarter: what still stands first, then where complaints and network agree.

    An area is shown with the month of its strongest signal. How many complained is told only where none or enough
    customers did; how many complaints were usual is not told beside it.

    Parameters
    ----------
    signals : table of `area_signals`.

    Returns
    -------
    Table, one row per area: `area_id`, `since` (first month of the signals in a row that end with the last month in
    which there was one), `month` (of the strongest), `standing` (whether the last month of the quarter has one),
    `evidence`, `customers` (of that month, whole; missing when too few), `times` (complaints ÷ expected; missing
    where complaints are), `measured values and usual ones`, `p`, `customers_masked`, `times_masked`.
    """
    inside = signals[signals["month"].between(pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day))]
    flagged = inside[inside["signal"]]
    strongest = flagged.sort_values(["area_id", "p", "month"]).drop_duplicates("area_id")
    told = strongest.merge(_standing(signals, flagged, inside["month"].max()), on="area_id", how="left")
    few = {
        "customers": told["customers"].lt(smallest),
        "times": told["complainers"].between(1, smallest - 1) & told["complaints"].notna(),
    }
    told["customers"] = told["customers"].round().mask(few["customers"])
    told["times"] = (told["complaints"] / told["expected"]).mask(few["times"])
    told = told.assign(**{f"{name}_masked": values for name, values in few.items()})
    told["rank"] = told["evidence"].map({name: place for place, name in enumerate(EVIDENCE)})
    order = ["standing", "rank", "p", "area_id"]
    ordered = told.sort_values(order, ascending=[False, True, True, True], ignore_index=True)
    return ordered[["area_id", "since", "month", "standing", "evidence", "customers", "times", *SHOWN, "p", *_MASKS]]


_MASKS = ["customers_masked", "times_masked"]


def _standing(signals: pd.DataFrame, flagged: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Of each flagged area, since when its latest signals stand in a row, and whether they reach the last month."""
    found = []
    for area, rows in signals[signals["area_id"].isin(flagged["area_id"])].groupby("area_id", sort=True):
        latest = flagged.loc[flagged["area_id"] == area, "month"].max()
        before = rows[rows["month"] <= latest].sort_values("month")
        quiet = before.loc[~before["signal"], "month"].max()
        run = before if pd.isna(quiet) else before[before["month"] > quiet]
        found.append((area, run["month"].min(), latest == last))
    return pd.DataFrame(found, columns=["area_id", "since", "standing"])


def failing_areas(areas: pd.DataFrame) -> pd.DataFrame:
    """Areas that still have a signal and whose network is part of it: `area_id`, `since`, `evidence`."""
    failing = areas[areas["standing"].astype(bool) & areas["evidence"].ne(COMPLAINTS)]
    return failing[["area_id", "since", "evidence"]].reset_index(drop=True)


def mapped_areas(places: pd.DataFrame, signals: pd.DataFrame, areas: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The areas that have a place, with their customers of the last month, and whether a signal stands.

    Areas with too few customers to be told are as small as the smallest that are.

    Returns
    -------
    Table, one row per area: `area_id`, `latitude`, `longitude`, `customers`, `marked`.
    """
    last = signals[signals["month"] == signals["month"].max()][["area_id", "customers"]]
    told = places.merge(last, on="area_id", how="inner").sort_values("area_id", ignore_index=True)
    standing = areas.loc[areas["standing"].astype(bool), "area_id"]
    return told.assign(customers=told["customers"].clip(lower=smallest), marked=told["area_id"].isin(standing))


def customers_in(customers: nw.LazyFrame[Any], areas: pd.DataFrame) -> int:
    """Active customers in the areas whose signal stands."""
    standing = areas.loc[areas["standing"].astype(bool), "area_id"].tolist()
    if not standing:
        return 0
    here = customers.filter((nw.col("state") == "active") & nw.col("area_id").is_in(standing))
    return int(to_pandas(here.select(n=nw.len()))["n"].iloc[0])


def judged_areas(signals: pd.DataFrame, quarter: Quarter) -> int:
    """Areas that could be judged in the last month of the quarter."""
    last = signals[signals["month"] == pd.Timestamp(quarter.months[-1])]
    return int(last["p"].notna().sum())


def network_kpis(areas: pd.DataFrame, *, judged: int, inside: int) -> list[Kpi]:
    """Areas judged and signalled, and active customers in those that are now; none where nothing could be judged."""
    if not judged:
        return []
    standing = areas[areas["standing"].astype(bool)]
    counts = [
        Kpi("areas_judged", judged),
        Kpi("areas_signalled", len(standing)),
        Kpi("areas_signalled_quarter", len(areas)),
    ]
    # Less the areas shown, the sum would tell how many live in one that is too small to be told.
    hidden = standing["customers_masked"].astype(bool).any()
    return counts if hidden else [*counts, Kpi("customers_in_signalled_areas", inside, inside)]
