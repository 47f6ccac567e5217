"""Measured tables as the KPI rows that are published."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.basis.metric import Kpi
from analysis.measures.control import Control
from analysis.measures.leavers_ahead import LeaversAhead
from analysis.measures.quality import door_totals

COUNTED = {"customers": "closing", "joiners": "joiners", "leavers": "leavers"}
Earlier = tuple[float | None, float | None]  # the quarter before, and a year ago
YEAR = 5  # quarters from one to the same of the year before, both counted
JUDGED = {"model_auc_3m": "auc", "model_calibration_3m": "calibration_ratio"}


def tells_single_ones(kpi: Kpi, *, smallest: int) -> bool:
    """Whether fewer than `smallest` customers stand behind a value, though some do."""
    behind = kpi.value if kpi.metric == "customers_active" else kpi.n
    return behind is not None and 0 < behind < smallest


def data_kpis(doors: pd.DataFrame) -> list[Kpi]:
    """Rows accepted and set aside, over all tables."""
    total = door_totals(doors)
    return [Kpi("rows_accepted", total["accepted"]), Kpi("rows_set_aside", total["set_aside"])]


def quality_kpis(quality: pd.DataFrame) -> list[Kpi]:
    """How many measures of quality are good and bad, and how far bills agree with products; none that none judged."""
    judged = quality[quality["status"] != "unknown"]
    if judged.empty:
        return []
    share = float((judged["status"] == "good").mean())
    counts = [Kpi("quality_good", share), Kpi("quality_bad", int((judged["status"] == "bad").sum()))]
    billed = judged[judged["rule"] == "billed_as_due"].to_dict("records")
    return counts + [Kpi("billed_as_due", row["value"], previous=row["previous"]) for row in billed]


def base_kpis(base: pd.DataFrame) -> list[Kpi]:
    """The last quarter's base and churn, beside the quarter before and that of a year ago.

    `base` has one row for every quarter, none left out.
    """
    if base.empty:
        return []
    last = base.iloc[-1]
    before, year = (base.iloc[-ago] if len(base) >= ago else pd.Series(dtype=float) for ago in (2, YEAR))
    if not any(pd.isna(last[name]) or last[name] for name in ("opening", "joiners")):
        return []
    exposed, opening = last["opening"] + last["joiners"], last["opening"]
    counts = [
        Kpi(name, last[column], previous=before.get(column), year_before=year.get(column))
        for name, column in COUNTED.items()
    ]
    rate = Kpi(
        "churn_rate",
        *(last["churn_rate"], _whole(exposed), last["low"], last["high"], before.get("churn_rate")),
        year_before=year.get("churn_rate"),
    )
    of_opening = Kpi(
        "churn_of_opening", last["churn_of_opening"], _whole(opening), previous=before.get("churn_of_opening")
    )
    return [*counts, rate, of_opening]


def _whole(count: float) -> int | None:
    return None if pd.isna(count) else int(count)


def product_kpis(*, active: int, per_customer: float, earlier: Earlier = (None, None)) -> list[Kpi]:
    """Active customers, and how many different products one holds, `earlier` too; none where nobody is."""
    if not active:
        return []
    held = Kpi("products_per_customer", per_customer, active, previous=earlier[0], year_before=earlier[1])
    return [Kpi("customers_active", active), *([] if pd.isna(per_customer) else [held])]


def class_kpis(sizes: pd.DataFrame) -> list[Kpi]:
    """Customers at quarter end of every class that is not masked."""
    rows = sizes[~sizes["masked"]].to_dict("records")
    return [
        Kpi("class_customers", row["closing"], int(row["closing"]), dimension=row["dimension"], klass=row["class"])
        for row in rows
    ]


def revenue_class_kpis(shares: pd.DataFrame) -> list[Kpi]:
    """Share of revenue of every class that is not masked."""
    rows = shares[~shares["masked"]].dropna(subset=["revenue_share"]).to_dict("records")
    return [
        Kpi(
            "class_revenue_share",
            row["revenue_share"],
            int(row["closing"]),
            dimension=row["dimension"],
            klass=row["class"],
        )
        for row in rows
    ]


def move_kpis(steps: pd.DataFrame) -> list[Kpi]:
    """Share of customers who moved between the classes of each dimension, up and down where its classes are bands."""
    return [
        Kpi(
            "class_moved",
            row["share"],
            int(row["of"]),
            row["low"],
            row["high"],
            None,
            row["dimension"],
            row["direction"],
        )
        for row in steps.to_dict("records")
    ]


def churn_class_kpis(rates: pd.DataFrame) -> list[Kpi]:
    """Quarterly churn rate of every class that is not masked."""
    rows = rates[~rates["masked"] & (rates["customers"] > 0)].to_dict("records")
    return [
        Kpi(
            "class_churn_rate",
            row["churn_rate"],
            int(row["customers"]),
            row["low"],
            row["high"],
            row["previous"],
            row["dimension"],
            row["class"],
        )
        for row in rows
    ]


def control_kpis(found: Control) -> list[Kpi]:
    """How many classes are beyond their limits; none where no class can be judged."""
    return [Kpi("churn_signals", len(found.signals))] if len(found.classes) else []


def survival_kpis(reading: Mapping[str, pd.DataFrame]) -> list[Kpi]:
    """Survival at whole months of tenure, by metric: `survival` and `survival_naive`."""
    return [
        Kpi(metric, row.survival, int(row.at_risk), row.low, row.high, dimension="months", klass=f"{row.time:g}")
        for metric, rows in reading.items()
        for row in rows.dropna(subset=["survival"]).itertuples()
    ]


def median_kpi(median: tuple[float, float, float]) -> Kpi:
    """The median life with its interval; no one number of customers stands behind a point of the curve."""
    middle, low, high = median
    return Kpi("median_life", middle, low=low, high=high)


def restricted_kpis(means: pd.DataFrame) -> list[Kpi]:
    """Months stayed of the first so many, where they could be told; `n` are those at risk at the end."""
    return [
        Kpi(
            "restricted_life",
            row.mean,
            int(row.at_risk),
            row.low,
            row.high,
            dimension="months",
            klass=f"{row.months:g}",
        )
        for row in means.itertuples()
        if row.mean == row.mean
    ]


def return_kpi(share: float, *, low: float, high: float, left: int) -> list[Kpi]:
    """The share of those who left that is back within a year; none where it cannot be told."""
    return [Kpi("returned_12m", share, left, low, high)] if share == share else []


def forecast_kpis(ahead: Mapping[str, LeaversAhead]) -> list[Kpi]:
    """Expected leavers of the coming quarter, and the expected share of leavers by metric (`churn_3m`, …).

    None where nobody is active.
    """
    quarter = ahead["churn_3m"]
    if not quarter.customers:
        return []
    shares = [Kpi(metric, one.share, one.customers, one.share_low, one.share_high) for metric, one in ahead.items()]
    return [Kpi("expected_leavers_3m", quarter.leavers, quarter.customers, quarter.low, quarter.high), *shares]


def stay_kpi(months: tuple[float, float, float], *, customers: int) -> list[Kpi]:
    """Expected months left per active customer, with its interval; none where nobody is active."""
    mean, low, high = months
    return [Kpi("months_left", mean, customers, low, high)] if customers else []


def judgement_kpis(metrics: pd.DataFrame, candidates: pd.DataFrame) -> list[Kpi]:
    """How the forecast did on periods it had not seen; none where it could not be judged.

    `metrics` has `horizon`, `kind`, `metric`, `value`, `low`, `high`, `rows`; `candidates` is the table of the choice.
    """
    quarter = metrics[(metrics["horizon"] == 3) & (metrics["kind"] == "all")].set_index("metric")
    told = [
        Kpi(metric, row["value"], int(row["rows"]), row["low"], row["high"])
        for metric, name in JUDGED.items()
        if name in quarter.index
        for row in [quarter.loc[name]]
    ]
    year = metrics[(metrics["horizon"] == 12) & (metrics["kind"] == "all") & (metrics["metric"] == "calibration_ratio")]
    told += [
        Kpi("model_calibration_12m", row["value"], int(row["rows"]), row["low"], row["high"])
        for row in year.to_dict("records")
    ]
    used = candidates[candidates["chosen"] == 1].to_dict("records")
    return told + [
        Kpi("model_brier_difference", row["difference"], row["rows"], row["difference_low"], row["difference_high"])
        for row in used
        if row["difference"] < 0 or row["difference"] > 0
    ]


def reason_kpis(groups: pd.DataFrame, *, again: float, customers: int) -> list[Kpi]:
    """How often each family is the first reason of a customer at the highest risk, and how often that stays the same.

    `groups` is the table of `first_reasons` of so many `customers`; `again` is missing where it cannot be told.
    """
    told = [
        Kpi("first_reason_share", row["share"], customers, row["low"], row["high"], None, "reason", row["reason"])
        for row in groups[~groups["masked"]].to_dict("records")
    ]
    return told if pd.isna(again) else [*told, Kpi("first_reason_stays", again, customers)]


def account_kpis(totals: pd.DataFrame, classes: pd.DataFrame) -> list[Kpi]:
    """How many left of those foretold, in all and by class; the latter to two places, lest a count follow from it."""
    whole = totals[totals["group"] == "all"].dropna(subset=["ratio"]).to_dict("records")
    told = classes[~classes["masked"].astype(bool)].dropna(subset=["ratio"]).to_dict("records")
    return [
        *(Kpi("forecast_ratio_3m", row["ratio"], int(row["customers"]), row["low"], row["high"]) for row in whole),
        *(
            Kpi(
                "class_forecast_ratio_3m",
                *(round(row["ratio"], 2), int(row["customers"]), round(row["low"], 2), round(row["high"], 2)),
                dimension=row["dimension"],
                klass=row["class"],
            )
            for row in told
        ),
    ]


def value_kpis(whole: pd.Series, *, parts: pd.DataFrame, tenths: pd.DataFrame, received: float) -> list[Kpi]:
    """The value of the base, per customer, and how it is spread; none where nobody has a value.

    `whole` is a row of `base_value`, `parts` and `tenths` are the tables of `value_parts` and `value_tenths`.
    """
    n, shares = int(whole["customers"]), parts.set_index("part")["share"]
    if not n:
        return []
    top = [Kpi("value_top_tenth", row.share, n, row.low, row.high) for row in tenths.head(1).itertuples()]
    return [
        Kpi("value_total", whole["total"], n, whole["low"], whole["high"]),
        Kpi("value_per_customer", whole["mean"], n, whole["mean_low"], whole["mean_high"]),
        *top,
        Kpi("value_beyond_observed", shares["beyond_tenure"], n),
        Kpi("value_beyond_history", shares["beyond_history"], n),
        Kpi("received_value", received, n),
    ]


def offer_kpis(hits: pd.DataFrame, *, method: str) -> list[Kpi]:
    """How often the offers in use named what was added, and how much more often than popularity; by offers named.

    `hits` is the table of `hit_rates`; none where it is empty.
    """
    figures = {"offer_hits": ("rate", "low", "high"), "offer_gain": ("difference", "difference_low", "difference_high")}
    used = hits[hits["method"] == method].to_dict("records")
    return [
        Kpi(metric, row[value], int(row["adders"]), row[low], row[high], None, "offers named", f"{row['places']}")
        for metric, (value, low, high) in figures.items()
        for row in used
        if not pd.isna(row[value])
    ]


def driver_kpis(effects: pd.DataFrame, *, fit: tuple[float, float, float], rows: int) -> list[Kpi]:
    """The effect of an hour of outage on the recommendation score, and how much the drivers tell; none without.

    `effects` has `driver`, `effect`, `low`, `high`; `rows` are the answers behind them.
    """
    hours = effects[effects["driver"] == "outage_hours"].to_dict("records")
    told = [Kpi("nps_per_outage_hour", row["effect"], rows, row["low"], row["high"]) for row in hours]
    share, low, high = fit
    return told if pd.isna(share) else [*told, Kpi("drivers_fit", share, rows, low, high)]
