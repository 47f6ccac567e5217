"""Whether a warning sign would bring more with another threshold, chosen on earlier quarters than it is judged on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.kpi import Kpi
from analysis.extracts.engine import to_pandas
from analysis.measures.class_rules import SUFFIX, Condition, Dimension, Percentile
from analysis.measures.classes import classified
from analysis.measures.interval import standard_normal_quantile
from analysis.measures.risk_rules import FLAGGED

Rows = nw.LazyFrame[Any]

JUDGED = 2  # quarters at the end that chose nothing
TIMES = (0.6, 0.75, 0.9, 1.1, 1.25, 1.5)  # of a threshold that is a share or an amount
STEPS = (-2, -1, 1, 2, 3)  # from one that is a small whole number
SMALL = 20
CHANGE, KEEP, NO_CASE, NEVER, FEW, SHORT = "change", "keep", "no case", "never", "few", "short"
COLUMNS = (
    "rule", "column", "bound", "of", "now", "best", "flagged", "flagged_best", "precision", "precision_best", "recall",
    "recall_best", "money", "money_best", "gain", "low", "high", "verdict",
)  # fmt: skip


class Sign(NamedTuple):
    """A warning sign with one numeric threshold, and what flagging a customer brings and costs.

    kept : currency that a leaver who is flagged brings (effect of the policy × what a customer is worth).
    cost : of approaching one who is flagged.
    """

    rule: Dimension
    column: str
    bound: str
    of: str | None
    now: float
    kept: float
    cost: float


def numeric_threshold(rule: Dimension) -> tuple[str, str, str | None, float] | None:
    """Column, bound, column it is a multiple of, and number of a sign's only threshold; None where it has no such."""
    bounds = [
        (column, name, condition.of, edge)
        for column, condition in rule.rules[FLAGGED].items()
        for name, edge in condition.bounds.items()
    ]
    if len(bounds) != 1:
        return None
    column, name, of, edge = bounds[0]
    return None if isinstance(edge, Percentile) else (column, name, of, float(edge))


def grid(now: float, *, multiple: bool) -> list[float]:
    """Thresholds around the present one, that among them: steps of one for small whole numbers, else multiples."""
    if not multiple and now == int(now) and abs(now) < SMALL:
        steps = [now + step for step in STEPS]
        return sorted({now, *(step for step in steps if step >= min(now, 1))})
    return sorted({now, *(float(f"{now * times:.2g}") for times in TIMES)})


def with_threshold(sign: Sign, value: float, *, name: str) -> Dimension:
    """The sign with another threshold, under another name."""
    conditions = dict(sign.rule.rules[FLAGGED])
    own: Condition = conditions[sign.column]
    conditions[sign.column] = replace(own, bounds={sign.bound: value})
    return replace(sign.rule, name=name, rules={FLAGGED: conditions})


def judged_thresholds(past: Rows, signs: Mapping[str, Sign], *, smallest: int) -> pd.DataFrame:
    """For each warning sign the threshold that brought most, and what it would have brought since.

    money = leavers flagged × effect × what a customer is worth − flagged × cost of approaching one

    The best threshold is chosen on all past quarter ends but the last two, of those that flag enough customers more or
    fewer to be told, and judged on these two: by how much more money it would have brought there, with an interval over
    customers (who are flagged at several ends). As several signs are asked, the interval is as much wider as keeps the
    chance of one false proposal among them at 5 % (Bonferroni).

    Parameters
    ----------
    past : table of `risk_rules.landmark_rows`, with what was billed; leaving by choice counts (`chose`), or leaving in
        any way (`event`) where nobody is known to have left by choice.

    Returns
    -------
    Table, one row per sign: the present threshold (`now`), the `best` one, and for both over the last two ends
    `flagged` (a quarter), `precision`, `recall`, `money`; `gain`, `low`, `high` (of the best over the present one, both
    quarters together); `verdict`: `change` (the gain is clear), `no case` (it is not), `keep` (none was better),
    `never` (approaching everybody flagged cost more than it brought with every threshold: none is proposed for losing
    less), `few` (too few to tell), `short` (too few quarters).

    References
    ----------
    Dunn (1961) for several intervals at once.
    """
    if not signs:
        return pd.DataFrame(columns=list(COLUMNS))
    target = _target(past)
    tried = {name: grid(sign.now, multiple=sign.of is not None) for name, sign in signs.items()}
    every = _sums(past, signs, tried, target=target)
    sums = {name: _tellable(every[name], sign, smallest) for name, sign in signs.items()}
    chosen = {name: _best(sums[name], sign) for name, sign in signs.items()}
    asked = [
        name for name, best in chosen.items() if best not in (None, signs[name].now) and _paid(sums[name], signs[name])
    ]
    gains = _gains(past, {name: signs[name] for name in asked}, chosen, sums, target=target)
    rows = [
        _with_gain(_row(name, sign, chosen[name], sums[name], smallest=smallest), gains.get(name))
        for name, sign in signs.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _target(past: Rows) -> str:
    chosen = to_pandas(past.select(n=nw.col("chose").sum()))["n"].fillna(0).iloc[0]
    return "chose" if chosen > 0 else "event"


def _variants(signs: Mapping[str, Sign], tried: Mapping[str, Sequence[float]]) -> dict[tuple[str, float], Dimension]:
    return {
        (name, value): with_threshold(sign, value, name=f"{name}_{place}")
        for name, sign in signs.items()
        for place, value in enumerate(tried[name])
    }


def _flag(rule: Dimension) -> nw.Expr:
    return (nw.col(rule.name + SUFFIX) == FLAGGED).cast(nw.Int64)


def _sums(
    past: Rows, signs: Mapping[str, Sign], tried: Mapping[str, Sequence[float]], *, target: str
) -> dict[str, pd.DataFrame]:
    """By sign: a row per quarter end at which it was known and threshold: `landmark`, `value`, `flagged`, `hits`,
    `left`, `n`.
    """
    variants = _variants(signs, tried)
    rules = {rule.name: rule for rule in variants.values()}
    told = classified(past, rules)
    parts = {f"{rule.name}__n": _flag(rule).sum() for rule in rules.values()}
    parts |= {f"{rule.name}__hits": (_flag(rule) * nw.col(target)).sum() for rule in rules.values()}
    reads = sorted({column for sign in signs.values() for column in sign.rule.reads})
    parts |= {f"known__{column}": nw.col(column).count() for column in reads}
    ends = to_pandas(told.group_by("landmark").agg(n=nw.len(), left=nw.col(target).sum(), **parts)).sort_values(
        "landmark"
    )
    found = {}
    for name, sign in signs.items():
        known = ends[ends[[f"known__{column}" for column in sign.rule.reads]].gt(0).all(axis=1)]
        cells = [
            known[["landmark", "n", "left"]].assign(
                value=value, flagged=known[f"{rule.name}__n"], hits=known[f"{rule.name}__hits"]
            )
            for (of, value), rule in variants.items()
            if of == name
        ]
        found[name] = pd.concat(cells, ignore_index=True)
    return found


def _last(sums: pd.DataFrame) -> list[Any]:
    """The quarter ends that judge; none where no other would be left to choose by."""
    ends = sorted(sums["landmark"].unique())
    return ends[-JUDGED:] if len(ends) > JUDGED else []


def _money(sums: pd.DataFrame, sign: Sign) -> pd.Series:
    by = sums.groupby("value")[["hits", "flagged"]].sum()
    return by["hits"] * sign.kept - by["flagged"] * sign.cost


def _earlier(sums: pd.DataFrame) -> pd.DataFrame:
    """The quarter ends by which a threshold is chosen."""
    return sums[~sums["landmark"].isin(_last(sums))]


def _tellable(sums: pd.DataFrame, sign: Sign, smallest: int) -> pd.DataFrame:
    """The rows of the present threshold, and of those that flagged enough customers otherwise to be told apart from it
    before the last two ends.
    """
    before = _earlier(sums).groupby("value")[["left", "flagged", "hits"]].sum()
    if sign.now not in before.index:
        return sums
    told = [value for value in before.index if not _few([before.loc[sign.now], before.loc[value]], smallest)]
    return sums[sums["value"].isin({*told, sign.now})]


def _paid(sums: pd.DataFrame, sign: Sign) -> bool:
    """Whether any threshold brought more than it cost before the last two quarters."""
    return bool(_money(_earlier(sums), sign).max() > 0)


def _best(sums: pd.DataFrame, sign: Sign) -> float | None:
    """The threshold that brought most before the last two ends; of equals the present one, then the nearest to it."""
    if not _last(sums):
        return None
    money = _money(_earlier(sums), sign)
    order = sorted(money.index, key=lambda value: (-round(float(money[value]), 6), abs(value - sign.now), value))
    return float(order[0])


def _gains(
    past: Rows,
    signs: Mapping[str, Sign],
    chosen: Mapping[str, float | None],
    sums: Mapping[str, pd.DataFrame],
    *,
    target: str,
) -> dict[str, tuple[float, float, float]]:
    """By how much more the best threshold brought in the last two quarters, with its interval."""
    if not signs:
        return {}
    z = standard_normal_quantile(1 - 0.05 / len(signs))
    found = {}
    for name, sign in signs.items():
        pair = [
            with_threshold(sign, float(value), name=f"{name}_{at}")
            for at, value in enumerate(_pair(sign, chosen[name]))
        ]
        own = past.filter(nw.col("landmark").is_in(_last(sums[name])))
        told = classified(own, {rule.name: rule for rule in pair})
        worth = nw.col(target) * sign.kept - sign.cost
        more = told.with_columns(more=(_flag(pair[1]) - _flag(pair[0])) * worth)
        each = more.group_by("customer_id").agg(more=nw.col("more").sum().round(6))
        row = to_pandas(
            each.select(n=nw.len(), total=nw.col("more").sum(), squares=(nw.col("more") * nw.col("more")).sum())
        ).iloc[0]
        n, total = float(row["n"]), float(row["total"])
        spread = max(float(row["squares"]) - total**2 / n, 0.0) * n / max(n - 1, 1)
        reach = z * float(np.sqrt(spread))
        found[name] = (total, total - reach, total + reach)
    return found


def _pair(sign: Sign, best: float | None) -> tuple[float, float]:
    return sign.now, sign.now if best is None else best


def _row(name: str, sign: Sign, best: float | None, sums: pd.DataFrame, *, smallest: int) -> dict[str, Any]:
    """A sign's figures over the last two quarters; `keep` until a gain says otherwise."""
    told: dict[str, Any] = dict.fromkeys(COLUMNS, float("nan"))
    told |= {"rule": name, "column": sign.column, "bound": sign.bound, "of": sign.of, "now": sign.now}
    ends = _last(sums)
    if best is None or not ends:
        return told | {"verdict": SHORT}
    paid = _paid(sums, sign)
    best = best if paid else sign.now
    told["best"] = best if paid else float("nan")
    since = sums[sums["landmark"].isin(ends)].groupby("value")[["n", "left", "flagged", "hits"]].sum()
    pair = [since.loc[value] for value in _pair(sign, best)]
    if _few(pair, smallest):
        return told | {"verdict": FEW}
    for suffix, one in zip(("", "_best") if paid else ("",), pair, strict=False):
        told[f"flagged{suffix}"] = float(one["flagged"]) / len(ends)
        told[f"precision{suffix}"] = float(one["hits"] / one["flagged"]) if one["flagged"] else float("nan")
        told[f"recall{suffix}"] = float(one["hits"] / one["left"]) if one["left"] else float("nan")
        told[f"money{suffix}"] = float(one["hits"] * sign.kept - one["flagged"] * sign.cost)
    return told | {"verdict": KEEP if paid else NEVER}


def _with_gain(row: dict[str, Any], gain: tuple[float, float, float] | None) -> dict[str, Any]:
    """The row of a sign that has a better threshold, with what that would have brought."""
    if gain is None or row["verdict"] != KEEP:
        return row
    named = dict(zip(("gain", "low", "high"), gain, strict=True))
    return row | named | {"verdict": CHANGE if gain[1] > 0 else NO_CASE}


def _few(pair: Sequence[pd.Series], smallest: int) -> bool:
    """Whether a small group stands behind the figures of either threshold, or behind their difference."""
    counts = []
    for one in (*pair, (pair[1] - pair[0]).abs()):
        counts += [one["flagged"], one["hits"], one["flagged"] - one["hits"]]
    counts += [one["left"] - one["hits"] for one in pair]
    return any(0 < count < smallest for count in counts)


def threshold_kpi(found: pd.DataFrame) -> list[Kpi]:
    """How many changes are proposed; none where no threshold could be judged."""
    judged = found[~found["verdict"].isin([FEW, SHORT])]
    return [Kpi("threshold_changes", int((judged["verdict"] == CHANGE).sum()))] if len(judged) else []
