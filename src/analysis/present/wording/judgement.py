"""Sentences around the pictures and tables that hold a forecast against what happened."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.basis.quarter import Quarter, months_later
from analysis.present.numbers import count, day, decimal, months, percent
from analysis.present.wording.phrase import Captions, Words, counted, listed

QUARTER = 3  # months ahead
SHOWN = {"auc": "auc", "ratio": "calibration_ratio", "slope": "calibration_slope"}
ENDS = {"": "value", "_low": "low", "_high": "high"}
ARMS = {"all": "all", "voluntary": "by choice"}


def judged_from(as_of: dt.date, *, months: int) -> dt.date:
    """The last quarter end from which `months` months ahead can be seen to their end on `as_of`."""
    last = months_later(as_of, -months)
    ended = Quarter.of(last)
    return last if last == ended.last_day else ended.previous.last_day


def group_words(groups: pd.DataFrame, *, landmark: dt.date, horizon: int) -> Words:
    """Around the picture of predicted and real leaving; `groups` has `predicted`, `observed`, `low` and `high`."""
    known = groups.dropna(subset=["predicted", "observed"])
    if known.empty:
        finding = "Too few were seen leaving to hold probabilities against what happened"
        return {"finding": finding, "subtitle": "Predicted and real share of leavers", "alt": f"{finding}."}
    inside = int(((known["low"] <= known["predicted"]) & (known["predicted"] <= known["high"])).sum())
    of = f"{count(inside)} of {counted(len(known), 'group', 'groups')}" if inside < len(known) else "every group"
    first, last = known.iloc[known["predicted"].argmin()], known.iloc[known["predicted"].argmax()]
    alt = (
        f"From the group of the lowest risk ({percent(first['predicted'])} predicted, {percent(first['observed'])} "
        f"left) to that of the highest ({percent(last['predicted'])} predicted, {percent(last['observed'])} left)."
    )
    finding = f"In {of} as many left as predicted, within chance"
    return {
        "finding": finding,
        "subtitle": (
            f"Share of customers leaving within {months(horizon, 0)} of {day(landmark)}, in groups by "
            "predicted risk; with the 95 % interval of what happened"
        ),
        "alt": f"{finding}. {alt}",
    }


def lift_rows(lift: pd.DataFrame) -> pd.DataFrame:
    """The customers most at risk as the picture names them: `name` added."""
    return lift.assign(name=[f"{percent(share, 0)} most at risk" for share in lift["top"]])


def lift_words(lift: pd.DataFrame, *, landmark: dt.date, horizon: int) -> Words:
    """Around the picture of how many leavers the customers most at risk hold."""
    hidden = lift["masked"] if "masked" in lift else pd.Series(data=False, index=lift.index)
    known = lift[~hidden].dropna(subset=["leavers_held"])
    subtitle = "Share of those who left found among the customers of the highest predicted risk"
    if known.empty:
        finding = "Too few left to tell how well the forecast finds them"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    middle = known.iloc[len(known) // 2]
    times = decimal(middle["leavers_held"] / middle["top"])
    finding = (
        f"Of those who left, {percent(middle['leavers_held'], 0)} were among the {percent(middle['top'], 0)} most at "
        f"risk, {times} times as many as by chance"
    )
    told = listed(
        [f"{percent(row['leavers_held'])} among the {percent(row['top'], 0)} most at risk" for row in _rows(known)]
    )
    return {
        "finding": finding,
        "subtitle": f"{subtitle}; within {months(horizon, 0)} of {day(landmark)}, with the 95 % interval",
        "alt": f"{finding}. Of all who left: {told}.",
    }


def _rows(data: pd.DataFrame) -> list[dict[str, float]]:
    return [{str(name): value for name, value in row.items()} for row in data.to_dict("records")]


def horizon_rows(metrics: pd.DataFrame) -> pd.DataFrame:
    """The figures of each horizon side by side: `months`, `whose` leaving, and each figure with its interval.

    `metrics` has a row per horizon, kind and metric.
    """
    rows = [
        {"months": horizon, "whose": kind(str(name))} | _side_by_side(part)
        for (horizon, name), part in metrics.groupby(["horizon", "kind"], sort=False)
    ]
    return pd.DataFrame(rows, columns=["months", "whose", *(f"{one}{end}" for one in SHOWN for end in ENDS)])


def _side_by_side(part: pd.DataFrame) -> dict[str, float]:
    figures = part.set_index("metric")
    return {
        f"{name}{end}": figures.at[metric, value]
        for name, metric in SHOWN.items()
        if metric in figures.index
        for end, value in ENDS.items()
    }


def horizon_words(rows: pd.DataFrame) -> Captions:
    """Above the table of how good the forecast of each horizon is."""
    if rows.empty:
        return {
            "finding": "No horizon could be judged: too little history",
            "subtitle": "Forecasts by horizon",
        }
    known = [count(months) for months in dict.fromkeys(rows["months"])]
    return {
        "finding": f"The same model held against what happened {listed(known)} months ahead",
        "subtitle": (
            "Each horizon from the last quarter end that it could be followed from. AUC: how often a leaver was ranked "
            "above a stayer, 0.5 is chance; left ÷ predicted and slope: 1 is right"
        ),
    }


def kind(arm: str) -> str:
    """Whose leaving a row of the table speaks of."""
    return ARMS.get(arm, arm.replace("_", " "))
