"""The figures of the service desk on one sheet: this quarter, the one before, and the same a year ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.basis.kpi import Kpi
from analysis.basis.quarter import Quarter
from analysis.frames.after_contact import AFTER
from analysis.frames.desk import BEFORE, NOW, YEAR_AGO, compared_quarters
from analysis.measures.desk_figures import SHARES
from analysis.measures.interval import standard_normal_quantile
from analysis.models.served import Served

PERIODS = (NOW, BEFORE, YEAR_AGO)
OF_CONTACTS = {
    "handling_minutes": "handling",
    "first_contact_resolution": "resolved",
    "judged_resolution": "at_once",
    "lasting_resolution": "lasting",
    "self_service_share": "self_service",
    "cost_per_contact": "cost",
}
OF_CUSTOMERS = {"contacts_per_100": "rate", "complaints_per_100": "complaint_rate", "contact_cost_month": "cost_month"}
OF_CLOSING = {"closed_in_a_day": ("day", "day_low", "day_high"), "hours_to_close": ("median", "low", "high")}


@dataclass(frozen=True)
class _Figure:
    """A value with its interval and the customers behind it; missing where too few are."""

    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    people: float = 0.0


def service_figures(served: Served, quarter: Quarter, *, smallest: int) -> pd.DataFrame:
    """All figures of the desk, as they may be published.

    Returns
    -------
    Table, one row per metric: `metric`, `value`, `low`, `high`, `people` (customers behind it), `previous`, `year_ago`,
    `moved`, `moved_year` (whether the value differs from those by more than chance allows). A value is missing where
    the source does not tell it, or where fewer customers stand behind it, or its contrary, than may be published.
    """
    found: dict[str, list[_Figure]] = {}
    for metric, ratio in OF_CUSTOMERS.items():
        named = {name: str(one) for name, one in compared_quarters(quarter.last_day, dt.date.min).items()}
        rows = served.rates[served.rates["ratio"] == ratio].set_index("group")
        told = ratio != "complaint_rate" or served.counts["told"] > 0
        found[metric] = [_of_ratio(rows, named[name], smallest) if told else _Figure() for name in PERIODS]
    for metric, ratio in OF_CONTACTS.items():
        rows = served.periods[served.periods["ratio"] == ratio].set_index("group")
        told = _told(served, ratio)
        found[metric] = [
            _of_ratio(rows, name, smallest, share=ratio in SHARES) if told else _Figure() for name in PERIODS
        ]
    found["judged_resolution"] = [
        _Figure() if np.isnan(again.value) else figure
        for figure, again in zip(found["judged_resolution"], _came_again(served, smallest), strict=True)
    ]
    rows = served.in_time[served.in_time["ratio"] == "in_time"].set_index("group")
    found["complaints_in_time"] = [_of_ratio(rows, name, smallest, share=True) for name in PERIODS]
    for metric, columns in OF_CLOSING.items():
        found[metric] = [_of_closing(served, name, columns, smallest) for name in PERIODS]
    after = served.csat[served.csat["after"] == AFTER].set_index("period")
    found["csat_after_contact"] = [_of_mean(after, name) for name in PERIODS]
    return pd.DataFrame([_row(metric, *figures) for metric, figures in found.items()])


def service_kpis(figures: pd.DataFrame, served: Served, *, smallest: int) -> list[Kpi]:
    """The figures that have a value, and the complaints that are open and overdue.

    No number of customers stands beside rates of all of them: with the opening base it would tell of few joiners.
    """
    told = [
        Kpi(
            row["metric"],
            row["value"],
            *(_people(row), row["low"], row["high"], row["previous"]),
            year_before=row["year_ago"],
            moved=None if pd.isna(row["previous"]) else row["moved"],
        )
        for row in figures.dropna(subset=["value"]).to_dict("records")
    ]
    if not served.counts["told"]:
        return told
    waiting = served.waiting
    told.append(Kpi("complaints_open", waiting["open"], int(waiting["open_people"])))
    # Of few that are open and not overdue the two counts together would tell.
    rest = waiting["open_people"] - waiting["overdue_people"]
    if (served.counts["limited"] or waiting["limited"]) and not 0 < rest < smallest:
        told.append(Kpi("complaints_overdue", waiting["overdue"], int(waiting["overdue_people"])))
    return told


def _people(row: dict[Hashable, Any]) -> int | None:
    return None if row["metric"] in OF_CUSTOMERS else int(row["people"])


def _told(served: Served, ratio: str) -> bool:
    """Whether a figure says something: no channel that is self-service tells none, nor costs of which none is known."""
    needs = {"self_service": "self_service", "cost": "costed"}.get(ratio)
    if needs is None:
        return True
    rows = served.periods[served.periods["ratio"] == needs]
    return bool((rows["top"] > 0).any())


def _of_ratio(rows: pd.DataFrame, name: str, smallest: int, *, share: bool = False) -> _Figure:
    if name not in rows.index:
        return _Figure()
    row = rows.loc[name]
    counts = [row["people"]]
    if share:
        counts += [row["with_top"], row["without"]]
    if any(0 < one < smallest for one in counts):
        return _Figure()
    return _Figure(row["value"], row["low"], row["high"], row["people"])


def _came_again(served: Served, smallest: int) -> list[_Figure]:
    """What was resolved at once and yet came again, by period: what stayed so beside what did not would tell it."""
    rows = served.periods[served.periods["ratio"] == "again"].set_index("group")
    return [_of_ratio(rows, name, smallest, share=True) for name in PERIODS]


def _of_closing(served: Served, name: str, columns: tuple[str, str, str], smallest: int) -> _Figure:
    rows = served.closings[served.closings["group"] == name]
    who = served.periods[(served.periods["group"] == name) & (served.periods["ratio"] == "contacts")]
    if rows.empty or who["people"].sum() < smallest:
        return _Figure()
    row = rows.iloc[0]
    value, low, high = (float(row[column]) for column in columns)
    if columns[0] == "day" and not _enough(value, row["contacts"], smallest):
        return _Figure()
    return _Figure(value, low, high, float(who["people"].sum()))


def _enough(share: float, of: float, smallest: int) -> bool:
    """Whether neither those who are counted in a share nor the others are few."""
    parts = (share * of, (1 - share) * of)
    return not any(0.5 <= part < smallest for part in parts)


def _of_mean(rows: pd.DataFrame, name: str) -> _Figure:
    if name not in rows.index or bool(rows.at[name, "masked"]):
        return _Figure()
    row = rows.loc[name]
    return _Figure(row["value"], row["low"], row["high"], row["people"])


def _row(metric: str, now: _Figure, before: _Figure, year: _Figure) -> dict[str, object]:
    return {
        "metric": metric, "value": now.value, "low": now.low, "high": now.high, "people": now.people,
        "previous": before.value, "year_ago": year.value,
        "moved": _differ(now, before), "moved_year": _differ(now, year),
    }  # fmt: skip


def _differ(one: _Figure, other: _Figure) -> bool:
    """Whether two figures lie further apart than chance allows, as if no customer were in both."""
    z = standard_normal_quantile(0.95)
    errors = [(figure.high - figure.low) / 2 / z for figure in (one, other)]
    return bool(abs(one.value - other.value) > z * float(np.hypot(errors[0], errors[1])))
