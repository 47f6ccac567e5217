"""The chance that what has not happened yet still does, by how long it has not: leads, and customers who left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures.interval import share_interval, standard_normal_quantile
from analysis.models.survival import kaplan_meier, survival_at

Floats = npt.NDArray[np.float64]
NAN = float("nan")
COLUMNS = ("seen", "until", "at_risk", "events", "chance", "low", "high", "masked")


class Half(NamedTuple):
    """The time by which half of those who ever get there have, and its 95 % interval; missing where few do."""

    time: float
    low: float
    high: float


def chances(counts: pd.DataFrame, spans: Sequence[tuple[float, float]], *, smallest: int) -> pd.DataFrame:
    """Of those to whom it has not happened by a time, the share to whom it does by a later one.

    1 - S(until) / S(seen), by Kaplan-Meier over those still waiting at `seen`

    Parameters
    ----------
    counts : see `models.counts`: `entry`, `exit`, `event` (1 it happened), `n`.
    spans : (seen, until), in the unit of the counts.

    Returns
    -------
    Table, one row per span: `seen`, `until`, `at_risk` (waiting just after `seen`), `events` (until then), `chance`,
    `low`, `high` (95 %; Wilson's where it happened to nobody), `masked`. Missing where fewer than `smallest` were
    followed to the end; masked where it happened to fewer, but to some.

    References
    ----------
    Kaplan and Meier (1958); Wilson (1927).
    """
    rows = [_chance(counts, seen, until, smallest) for seen, until in spans]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _chance(counts: pd.DataFrame, seen: float, until: float, smallest: int) -> dict[str, Any]:
    waiting = counts[(counts["exit"] > seen) & (counts["n"] > 0)]
    waiting = waiting.assign(entry=waiting["entry"].clip(lower=seen))
    here = int(waiting.loc[waiting["entry"] <= seen, "n"].sum())
    told = {"seen": seen, "until": until, "at_risk": here, "events": 0, "chance": NAN, "low": NAN, "high": NAN}
    if waiting.empty or until <= seen:
        return told | {"masked": False}
    at = survival_at(kaplan_meier(waiting), [until]).iloc[0]
    events = int(waiting.loc[(waiting["event"] == 1) & (waiting["exit"] <= until), "n"].sum())
    told["events"] = events
    if at["at_risk"] < smallest or 0 < events < smallest:
        return told | {"masked": bool(0 < events < smallest)}
    ends = (1 - at["high"], 1 - at["low"]) if events else share_interval(0, at["at_risk"])
    return told | {"chance": 1 - at["survival"], "low": ends[0], "high": ends[1], "masked": False}


def last_seen(counts: pd.DataFrame, *, longest: float, smallest: int) -> float:
    """The longest time to which at least `smallest` were followed, `longest` at most; 0 where nobody was."""
    rows = counts[counts["n"] > 0].sort_values("exit", ascending=False)
    followed = rows.loc[rows["n"].cumsum() >= smallest, "exit"]
    return float(min(followed.max(), longest)) if len(followed) else 0.0


def half_time(counts: pd.DataFrame, *, horizon: float, smallest: int) -> Half:
    """The time by which half of those to whom it happens by the horizon have got there.

    F(t) = F(h) / 2; the interval by the times at which F is so far off a half as chance allows among so many.

    References
    ----------
    Woodruff (1952) for the interval of a median.
    """
    happened = int(counts.loc[(counts["event"] == 1) & (counts["exit"] <= horizon), "n"].sum())
    if happened < smallest:
        return Half(NAN, NAN, NAN)
    curve = kaplan_meier(counts)
    within = curve[curve["time"] <= horizon]
    reached = (1 - within["survival"].to_numpy()) / (1 - float(within["survival"].iloc[-1]))
    reach = standard_normal_quantile(0.95) * np.sqrt(0.25 / happened)
    wanted = np.clip([0.5, 0.5 - reach, 0.5 + reach], 0.0, 1.0) - 1e-12
    places = np.searchsorted(reached, wanted)
    return Half(*within["time"].to_numpy()[np.minimum(places, len(within) - 1)].tolist())


def chance_left(counts: pd.DataFrame, seen: Floats, *, horizon: float) -> Floats:
    """Of each that has waited so long, the chance that it happens by the horizon; none is left after it."""
    curve = kaplan_meier(counts)
    end = survival_at(curve, [horizon])["survival"].iloc[0]
    now = survival_at(curve, seen)["survival"].to_numpy() if len(seen) else np.empty(0)
    left = 1 - end / np.where(now > 0, now, np.nan)
    return np.where(seen < horizon, np.nan_to_num(left), 0.0)
