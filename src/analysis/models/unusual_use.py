"""Months in which a customer's own use jumps or falls as chance does not explain."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pandas as pd
from scipy import stats

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.usual_use import MEASURES, usual_use

Rows = nw.LazyFrame[Any]
Direction = Literal["up", "down"]

# False alarms of a thousand quiet customers and month: fewer than one, for tails may be heavier than told; and which
# share of them each measure and direction may give.
IN_ALL = 0.75
ALARMS: dict[tuple[str, Direction], float] = {
    ("download_gb", "up"): 0.35,
    ("upload_gb", "up"): 0.15,
    ("voice_minutes", "up"): 0.15,
    ("download_gb", "down"): 0.2,
}
WORTH = 1 / 3  # of a month for a spread: what the median absolute deviation of some ten months makes of it
PRIOR = (4.0, 100.0)  # ordinary months that the spread of all customers counts for beside a customer's own, at most
QUARTILE = stats.norm.isf(0.25)
OF_MEDIAN = np.pi / 2  # variance of a median, in units of that of a mean
INNER, OUTER = 0.80, 0.975  # quantiles that tell how heavy a tail is
DEGREES = np.array([2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0, 20.0, 60.0])  # of freedom, heavy tails first
FEWEST = 2_000  # customer-months of which a tail is told; of fewer it is taken to be that of `CAREFUL`
CAREFUL = 4.0
SEASONAL = 0.5  # of the deviation, seen in the same month a year ago too: then it is the customer's own season


@dataclass(frozen=True)
class UnusualUse:
    """What stands out, and out of how much.

    `rows` : table, one row per customer, month, measure and direction that stands out: `customer_id`, `month`,
        `measure`, `direction`, `used`, `usual` (the measure's unit), `times` (used ÷ usual), `strangeness` (in units
        of the limit, 1 or more), `explained` (`season`; None).
    `judged` : table, one row per measure, direction and month: `customers`, `limit` (in units of a customer's
        ordinary spread), `by_chance` (alarms that quiet customers give), `alarms`, `seasonal` (of them).
    """

    rows: pd.DataFrame
    judged: pd.DataFrame


def unusual_use(
    months: Rows, quarter: Quarter, *, engine: Engine, measures: Collection[str] = tuple(MEASURES)
) -> UnusualUse:
    """Which customers' use of a quarter's months stands out from their own past.

    A deviation is measured in a customer's own ordinary spread, which is pulled towards that of all customers, for a
    year of months says little about one. The limit is where a t distribution, with tails as heavy as those of all
    customers' deviations, lets one quiet customer in a thousand pass a month, over all measures and both directions.
    Only who used anything to speak of before is judged: first use is a new product, no jump.

    Parameters
    ----------
    months : table, one row per customer and month: `customer_id`, `month`, `share` and the measures there are.
    measures : those that are looked at.
    """
    given = set(months.collect_schema().names()) & set(measures)
    rows, judged = [], []
    shares = {alarm: share for alarm, share in ALARMS.items() if alarm[0] in given}
    for measure in [name for name in MEASURES if name in given]:
        strange = _strange(usual_use(months, quarter, measure, engine=engine), measure, engine)
        for direction in _directions(measure):
            # What is not on record leaves its share of the false alarms to the others.
            budget = IN_ALL * shares[measure, direction] / sum(shares.values())
            out, told = _alarms(strange, measure, direction, budget=budget)
            rows.append(out)
            judged.append(told)
    return UnusualUse(_joined(rows, _ROWS), _joined(judged, _JUDGED))


_ROWS = ["customer_id", "month", "measure", "direction", "used", "usual", "times", "strangeness", "explained"]
_JUDGED = ["month", "measure", "direction", "customers", "limit", "by_chance", "alarms", "seasonal"]


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame(columns=columns)
    return pd.concat(kept, ignore_index=True).sort_values(columns[:4], ignore_index=True)


def _directions(measure: str) -> Iterable[Direction]:
    return [direction for name, direction in ALARMS if name == measure]


def _strange(rows: Rows, measure: str, engine: Engine) -> Rows:
    """Deviations of who used enough to be judged, in units of the customer's own ordinary spread."""
    judged = engine.table(rows.filter(nw.col("usual") >= MEASURES[measure]))
    everyone, prior = _prior(judged)
    months = nw.col("known") * WORTH
    variance = (months * nw.col("spread") ** 2 + prior * everyone**2) / (months + prior)
    # The usual level is a median of few months itself.
    unit = (variance * (1 + OF_MEDIAN / nw.col("known"))).sqrt()
    units = nw.when(unit > 0).then(nw.col("deviation") / unit).otherwise(0.0)
    return engine.table(judged.with_columns(strange=units.round(6)))


def _prior(judged: Rows) -> tuple[float, float]:
    """The usual spread, and the months it counts for: the more, the less customers differ in it beyond chance.

    References
    ----------
    Smyth (2004).
    """
    log = nw.col("spread").log()
    quartiles = {f"q{at}": log.quantile(at / 100, interpolation="linear") for at in (25, 50, 75)}
    known = judged.filter(nw.col("spread") > 0)
    told = to_pandas(known.select(**quartiles, months=nw.col("known").mean())).iloc[0]
    if told.isna().any():
        return 0.0, PRIOR[1]
    differ = ((told["q75"] - told["q25"]) / (2 * QUARTILE)) ** 2 - 1 / (2 * WORTH * told["months"])
    return float(np.exp(told["q50"])), float(np.clip(1 / (2 * max(differ, 1e-9)), *PRIOR))


def _alarms(strange: Rows, measure: str, direction: Direction, *, budget: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    sign = 1 if direction == "up" else -1
    signed = strange.with_columns(far=nw.col("strange") * sign, then=nw.col("a_year_ago") * sign)
    told = to_pandas(signed.group_by("month").agg(customers=nw.len()).sort("month"))
    if told.empty:
        return pd.DataFrame(), pd.DataFrame()
    limit = _limit(strange, budget=budget / 1000, judged=int(told["customers"].sum()))
    found = to_pandas(signed.filter(nw.col("far") > limit).sort("customer_id", "month"))
    seasonal = found["then"] >= SEASONAL * found["deviation"].abs()
    found["explained"] = pd.Series("season", index=found.index, dtype=object).where(seasonal, None)
    found["times"] = found["used"] / found["usual"]
    found["strangeness"] = found["far"] / limit
    named = {"measure": measure, "direction": direction}
    counts = found.groupby("month").agg(alarms=("far", "size"), seasonal=("explained", "count")).reset_index()
    judged = told.merge(counts, on="month", how="left").fillna({"alarms": 0, "seasonal": 0})
    by_chance = judged["customers"] * budget / 1000
    return found.assign(**named)[_ROWS], judged.assign(**named, limit=limit, by_chance=by_chance)[_JUDGED]


def _limit(strange: Rows, *, budget: float, judged: int) -> float:
    """The deviation that a quiet customer passes with the chance `budget`, told from the inner part of the tails.

    The outermost deviations are left out of it, and of the two sides the calmer one counts: the others may hold the
    very customers that are looked for.
    """
    edges = {
        f"{name}_{side}": (nw.col("strange") * sign).quantile(share, interpolation="linear")
        for side, sign in (("up", 1), ("down", -1))
        for name, share in (("inner", INNER), ("outer", OUTER))
    }
    told = to_pandas(strange.select(**edges)).iloc[0]
    return min(_passed(told[f"inner_{side}"], told[f"outer_{side}"], budget, judged) for side in ("up", "down"))


def _passed(inner: float, outer: float, budget: float, judged: int) -> float:
    if not inner > 0:
        return float("inf")
    usual = stats.t.isf(1 - OUTER, DEGREES) / stats.t.isf(1 - INNER, DEGREES)
    degrees = np.interp(-outer / inner, -usual, DEGREES) if judged >= FEWEST else CAREFUL
    return float(inner * stats.t.isf(budget, degrees) / stats.t.isf(1 - INNER, degrees))
