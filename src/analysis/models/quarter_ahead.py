"""The quarter ahead: base, joiners, leavers, ARPU and revenue, with intervals that are to hold what will come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.measures.interval import standard_normal_quantile
from analysis.models.candidates.season import Excess, expected_excess
from analysis.models.counts import Floats

MONTHS, YEAR = 3, 4  # of a quarter; quarters of a year
LEVEL = 0.80  # of the intervals
DRAWS, SEED = 4000, 1
HALF = 0.5
FEWEST_GROWTHS = 3  # quarters' changes of ARPU from which an interval is told
METRICS = ("base", "joiners", "leavers", "churn_rate", "customer_months", "arpu", "revenue")


class Stayers(NamedTuple):
    """Leavers expected of the opening base within the quarter, the standard deviation of their number, and the months
    that a leaver is expected to be there before.
    """

    expected: float
    deviation: float
    months: float


class Change(NamedTuple):
    """Change by the next quarter, of a logarithm as a rule: mean, standard deviation (missing where few tell it)."""

    mean: float
    deviation: float


def stayers(ahead: pd.DataFrame, *, opening: int, spread: float) -> Stayers:
    """What the model expects of the opening base.

    Parameters
    ----------
    ahead : table, one row per customer scored: `survival_01` … `survival_03`.
    opening : customers on the books; who was not scored is taken to leave as those who were.
    spread : standard deviation of the leavers ÷ expected leavers: chance, model and luck of the quarter.
    """
    survival = ahead[[f"survival_{month:02d}" for month in range(1, MONTHS + 1)]].to_numpy("float64")
    risk = float((1 - survival[:, -1]).sum())
    before = np.hstack([np.ones((len(survival), 1)), survival[:, :-1]])
    lived = float(((before - survival) * (np.arange(MONTHS) + HALF)).sum()) / max(risk, HALF)
    expected = risk * opening / max(len(ahead), 1)
    return Stayers(expected, spread * expected, lived)


def spread_of(leavers: pd.DataFrame) -> float:
    """Standard deviation of the quarter's leavers ÷ those expected.

    `leavers` is the table of `measures.leavers_ahead.as_table`.
    """
    row = leavers[leavers["metric"] == "churn_3m"].iloc[0]
    return float((row["high"] - row["low"]) / 2 / standard_normal_quantile(0.95) / max(row["leavers"], HALF))


def early_leavers(spells: nw.LazyFrame[Any], quarters: Sequence[Quarter], *, seen_after: dt.date) -> float:
    """Share of the joiners of some quarters who left in the quarter in which they joined; 0 without joiners."""
    if not quarters:
        return 0.0
    first = max(quarters[0].first_day, seen_after + dt.timedelta(days=1))
    joined = spells.filter((nw.col("start") >= first) & (nw.col("start") <= quarters[-1].last_day))
    same = nw.lit(False)
    for quarter in quarters:
        same = same | ((nw.col("start") >= quarter.first_day) & (nw.col("end") <= quarter.last_day))
    left = nw.coalesce(same, nw.lit(False)).cast(nw.Int64).sum()
    row = to_pandas(joined.select(left=left, joined=nw.len())).fillna(0).iloc[0]
    return float(row["left"] / max(row["joined"], 1))


def joiners_ahead(base: pd.DataFrame) -> Change:
    """Log of the joiners of the next quarter over the mean of the past ones.

    Level, season, luck and drift of past quarters are weighed against one another: see `expected_excess`.

    Parameters
    ----------
    base : table of `measures.base.movement`, oldest first.
    """
    counts = base["joiners"].to_numpy("float64")
    mean = float(counts.mean()) if len(counts) else 0.0
    numbers = np.array([_number(quarter) for quarter in base["quarter"]], dtype=np.int64)
    if not mean > 0:
        return Change(0.0, 0.0)
    value = np.log((counts + HALF) / (mean + HALF))
    found = expected_excess(Excess(numbers, value, 1 / (counts + HALF)), int(numbers.max()) + 1)
    return Change(found.mean, found.deviation)


def arpu_ahead(arpu: pd.DataFrame) -> Change:
    """Log of the next quarter's ARPU over the last one's: the mean change, and that of this time of year as far as
    it differs from other times by more than quarters of one time differ among themselves.

    Parameters
    ----------
    arpu : table of `measures.arpu.quarterly_arpu`, oldest first.

    References
    ----------
    Bühlmann (1967) for the weight of a season's own mean.
    """
    numbers = np.array([_number(quarter) for quarter in arpu["quarter"]], dtype=np.int64)
    changes = np.diff(np.log(arpu["arpu"].to_numpy("float64")))[np.diff(numbers) == 1]
    seasons = (numbers[1:] % YEAR)[np.diff(numbers) == 1]
    if not len(changes):
        return Change(0.0, np.nan)
    mean, own = float(changes.mean()), changes[seasons == (numbers[-1] + 1) % YEAR]
    if len(changes) < FEWEST_GROWTHS:
        return Change(mean, np.nan)
    within, between = _variances(changes, seasons)
    weight = between / (between + within / len(own)) if len(own) and between > 0 else 0.0
    expected = mean + weight * (float(own.mean()) - mean) if len(own) else mean
    doubt = weight * within / max(len(own), 1) + (1 - weight) * between + within / len(changes)
    return Change(expected, float(np.sqrt(within + doubt)))


def _lasting(arpu: pd.DataFrame) -> tuple[pd.DataFrame, Change]:
    """ARPU without one-off charges and credits, and what these will add to it: as much as in past quarters.

    Where such lines are not the lesser part of the bills in every quarter, as with a shop, all of it is taken to last.
    """
    once = arpu["occasional"].astype("float64")
    lasting = arpu["arpu"] - once
    if not (once.abs() < lasting).all():
        return arpu, Change(0.0, 0.0)
    spread = float(once.std() * (1 + 1 / max(len(once), 1)) ** 0.5)
    return arpu.assign(arpu=lasting), Change(float(once.mean()), spread)


def _variances(changes: Floats, seasons: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[float, float]:
    """Variance within a time of year, and between times of year; all of it within where none has two quarters."""
    groups = [changes[seasons == season] for season in np.unique(seasons)]
    free = len(changes) - len(groups)
    if free < 1:
        return float(changes.var(ddof=1)), 0.0
    within = sum(float(((one - one.mean()) ** 2).sum()) for one in groups) / free
    whole = float(changes.var(ddof=1))
    return within, max(whole - within, 0.0)


class Told(NamedTuple):
    """The quarter ahead (`coming`), what was foretold of the last one (`before`) and by whom, and what came of it.

    Tables of `quarter_ahead`, without rows where nothing can be told. `stored` where `before` is what the report of the
    quarter before printed; else it is computed anew from what was known then. `came` has a value by metric.
    """

    coming: pd.DataFrame
    before: pd.DataFrame
    stored: bool
    came: dict[str, float]


class Past(NamedTuple):
    """Tables of `movement` and `quarterly_arpu` and the spells, up to now; the eve of observation."""

    base: pd.DataFrame
    arpu: pd.DataFrame
    spells: nw.LazyFrame[Any]
    seen_after: dt.date

    def without_last(self) -> Past:
        """The same a quarter ago."""
        last = self.base["quarter"].iloc[-1]
        return self._replace(base=self.base.iloc[:-1], arpu=self.arpu[self.arpu["quarter"] != last])

    def ahead(self, staying: Stayers) -> pd.DataFrame:
        """The quarter after the last of these."""
        quarters = [Quarter.parse(quarter) for quarter in self.base["quarter"]]
        early = early_leavers(self.spells, quarters, seen_after=self.seen_after)
        return quarter_ahead(self.base, self.arpu, staying, early=early)


def quarters_told(
    past: Past, ahead: pd.DataFrame, then: pd.DataFrame, *, leavers: pd.DataFrame, stored: pd.DataFrame | None
) -> Told:
    """The quarter ahead, and the last one as it was foretold.

    Parameters
    ----------
    ahead : table of `extension.survival_ahead`.
    then : table, one row per customer and landmark, columns of `prediction_told.THEN`.
    leavers : see `spread_of`; the spread of the last quarter's forecast is taken to have been the same.
    stored : stage table `forecast` of the report of the quarter before.
    """
    nothing = pd.DataFrame(columns=["metric", "value", "low", "high"])
    if past.base.empty or ahead.empty:
        return Told(nothing, nothing, False, {})
    spread = spread_of(leavers)
    now = stayers(ahead, opening=int(past.base["closing"].iloc[-1]), spread=spread)
    coming, last = past.ahead(now), Quarter.parse(past.base["quarter"].iloc[-1])
    came = {name: float(past.base[name].iloc[-1]) for name in ("joiners", "leavers", "churn_rate")}
    came |= {"base": float(past.base["closing"].iloc[-1])}
    money = past.arpu[past.arpu["quarter"] == str(last)]
    came |= {name: float(money[name].iloc[0]) for name in ("arpu", "revenue", "customer_months") if len(money)}
    if stored is not None and (stored["quarter"] == str(last)).any():
        before = stored.loc[stored["quarter"] == str(last), list(nothing.columns)].reset_index(drop=True)
        return Told(coming, before, True, came)
    scored = then[then["landmark"] == pd.Timestamp(last.previous.last_day)]
    if scored.empty or len(past.base) < 2:
        return Told(coming, nothing, False, came)
    was = stayers(scored, opening=int(past.base["closing"].iloc[-2]), spread=spread)
    return Told(coming, past.without_last().ahead(was), False, came)


def quarter_ahead(base: pd.DataFrame, arpu: pd.DataFrame, staying: Stayers, *, early: float) -> pd.DataFrame:
    """Base, churn, ARPU and revenue of the quarter after the last one.

    closing base = opening + joiners - leavers; revenue = customer-months · ARPU

    Of ARPU, what recurs goes on from its last value; one-off charges and credits are as in all past quarters.

    Parameters
    ----------
    base : table of `measures.base.movement`, oldest first; the last row is the quarter that has just ended.
    arpu : table of `measures.arpu.quarterly_arpu`; ARPU and revenue are missing where its last row is another quarter.
    early : share of joiners who leave in the quarter in which they join.

    Returns
    -------
    Table, one row per figure of `METRICS`: `metric`, `value` (expected), `low`, `high` (80 % interval of what will
    come, chance included). Base and leavers in customers, `churn_rate` leavers ÷ (opening base + joiners), ARPU a
    customer and month, money of the source; no interval of ARPU and revenue where too few quarters tell it.
    """
    random = np.random.default_rng(SEED)
    opening, mean = float(base["closing"].iloc[-1]), float(base["joiners"].mean())
    bills, once = _lasting(arpu)
    more, money = joiners_ahead(base), arpu_ahead(bills)
    z = random.standard_normal((5, DRAWS))
    z[:, 0] = 0.0  # the first draw is the expected quarter
    rate = mean * np.exp(more.mean + more.deviation * z[0])
    joiners = np.maximum(rate + np.sqrt(rate) * z[1], 0.0)
    of_base = np.clip(staying.expected + staying.deviation * z[2], 0.0, opening)
    leavers = of_base + early * joiners
    months = MONTHS * opening - of_base * (MONTHS - staying.months) + MONTHS * HALF * joiners * (1 - early * HALF)
    known = len(arpu) > 0 and arpu["quarter"].iloc[-1] == base["quarter"].iloc[-1]
    last = float(bills["arpu"].iloc[-1]) if known else np.nan
    each = last * np.exp(money.mean + np.append(0.0, money.deviation * z[3][1:]))
    each = each + once.mean + np.append(0.0, once.deviation * z[4][1:])
    drawn = {
        "base": opening + joiners - leavers,
        "joiners": joiners,
        "leavers": leavers,
        "churn_rate": leavers / np.maximum(opening + joiners, 1.0),
        "customer_months": months,
        "arpu": each,
        "revenue": months * each,
    }
    rows = [(name, float(drawn[name][0]), *_interval(drawn[name][1:])) for name in METRICS]
    return pd.DataFrame(rows, columns=["metric", "value", "low", "high"])


def _interval(values: Floats) -> tuple[float, float]:
    if not np.isfinite(values).all():
        return np.nan, np.nan
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _number(quarter: str) -> int:
    known = Quarter.parse(quarter)
    return known.year * YEAR + known.number - 1
