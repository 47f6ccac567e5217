"""How well warnings would have warned: signs, model and both, held against who left within a month and a quarter."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.measures.risk_figures import EARNS, FIGURES, risk_figures
from analysis.models.forecast import KEYS, OUTCOMES, QUARTER, came_of, learning_rows

Rows = nw.LazyFrame[Any]

MONTH = 1
WITHIN = {"month": MONTH, "quarter": QUARTER}
ALL, AS_MANY = "all", "as_many"
WAYS = ("sign", "model", "both")
FLAGS = [f"{way}_{size}" for size in (ALL, AS_MANY) for way in WAYS]
SEED = 1  # of the lot among customers with equally many signs


class Tried(NamedTuple):
    """What is tried: the `chance` from which the model warns, and the `share` of customers for whom there are orders.

    `as_of` is the day until which it is known who left; figures of fewer than `smallest` customers are masked.
    """

    chance: float
    share: float
    as_of: dt.date
    smallest: int


def warning_record(then: pd.DataFrame, episodes: Rows, signs: Rows, tried: Tried, *, engine: Engine) -> pd.DataFrame:
    """How many of those warned of left, and how many of those who left were warned of.

    The model of a quarter end had learned nothing that came later, and a sign counts from where it had earned its place
    by then. `all`: everybody whom the sign flags, or whose chance is high enough. `as_many`: as many as orders can be
    handed out, of the flagged those with most signs (then by lot), else the likeliest to leave.

    Parameters
    ----------
    then : stage table `survival_then`: what was foretold at past quarter ends.
    signs : stage table `signs_then`: whom signs flagged at past quarter ends.

    Returns
    -------
    Table of `risk_figures` (its column `rule` is one of `FLAGS`) with `within` (month, quarter) and `by_choice`
    (whether leaving by choice is what counts): one row per way to warn and period; none where nothing was foretold.
    """
    parts = [_warned_then(day, rows, signs, tried) for day, rows in then.groupby("landmark") if len(rows)]
    if not parts:
        return pd.DataFrame(columns=[*FIGURES, "within", "by_choice"])
    flagged, came = pd.concat(parts, ignore_index=True), _came(then, episodes, tried.as_of)
    rows = flagged.merge(came, on=["customer_id", "landmark"], how="inner")
    target = "chose" if rows["chose"].any() else "event"
    found = []
    for name, months in WITHIN.items():
        soon = (rows["ahead"] <= months).astype("int64")
        past = engine.table(rows.assign(event=rows["event"] * soon, chose=rows["chose"] * soon))
        figures = risk_figures(past, dict.fromkeys(FLAGS), target=target, smallest=tried.smallest)
        found.append(figures.assign(within=name, by_choice=target == "chose"))
    return pd.concat(found, ignore_index=True)


def _came(then: pd.DataFrame, episodes: Rows, as_of: dt.date) -> pd.DataFrame:
    """What came of the customers of each quarter end: `ahead` (months), `event` and `chose` (1 or 0)."""
    days = sorted({moment.date() for moment in then["landmark"]})
    wanted = list(dict.fromkeys([*KEYS, *OUTCOMES, "at_quarter_end"]))
    there = [name for name in wanted if name in episodes.collect_schema().names()]
    rows = learning_rows(episodes.filter(nw.col("landmark").is_in(days)).select(there))
    told = pd.concat([came_of(rows, day, as_of=as_of) for day in days], ignore_index=True)
    seen = told[["customer_id", "landmark", "ahead", "chose"]].assign(event=told["leaves"])
    return seen.drop_duplicates(["customer_id", "landmark"])


def _warned_then(day: pd.Timestamp, then: pd.DataFrame, signs: Rows, tried: Tried) -> pd.DataFrame:
    """Of whom each way would have warned at a quarter end: `customer_id`, `landmark`, and `FLAGS` (1 or 0)."""
    known = _earning(signs, day.date(), tried.smallest)
    flags = to_pandas(signs.filter(nw.col("landmark") == day.date()).select("customer_id", *known))
    many = flags.set_index("customer_id")[known].sum(axis=1)
    rows = then.sort_values("customer_id", ignore_index=True)
    by_choice = rows["voluntary_01"].astype(float)
    risk = by_choice.where(by_choice.notna(), 1 - rows["survival_01"].astype(float)).to_numpy("float64")
    number = rows["customer_id"].map(many).fillna(0).to_numpy("float64")
    lot = np.random.default_rng(SEED).permutation(len(rows))
    likely, flagged = risk >= tried.chance, number > 0
    most = math.ceil(tried.share * len(rows))
    ordered = {
        "sign": _first(np.lexsort((lot, -number)), flagged, most),
        "model": _first(np.argsort(-risk, kind="stable"), np.ones(len(rows), dtype=bool), most),
        "both": _first(np.argsort(-risk, kind="stable"), flagged | likely, most),
    }
    found = {f"sign_{ALL}": flagged, f"model_{ALL}": likely, f"both_{ALL}": flagged | likely}
    found |= {f"{way}_{AS_MANY}": taken for way, taken in ordered.items()}
    told = {name: one.astype("int64") for name, one in found.items()}
    return rows[["customer_id", "landmark"]].assign(**told)


def _first(order: np.ndarray, inside: np.ndarray, most: int) -> np.ndarray:
    """Whether each row is among the first so many, in an order of places, of those inside."""
    taken = order[inside[order]][:most]
    found = np.zeros(len(order), dtype=bool)
    found[taken] = True
    return found


def _earning(signs: Rows, day: dt.date, smallest: int) -> list[str]:
    """The signs that had earned their place by a day, from the quarter ends whose outcome was known then."""
    names = [name for name in signs.collect_schema().names() if name not in _NO_SIGNS]
    before = signs.filter(nw.col("landmark") < day)
    target = "chose" if to_pandas(before.select(n=nw.col("chose").sum()))["n"].fillna(0).iloc[0] else "event"
    figures = risk_figures(before, dict.fromkeys(names), target=target, smallest=smallest)
    return [str(name) for name in figures.loc[figures["verdict"] == EARNS, "rule"]]


_NO_SIGNS = ("customer_id", "landmark", "event", "chose")
