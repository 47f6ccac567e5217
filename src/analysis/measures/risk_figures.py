"""Which warning signs earn their place: how many of the flagged left, how many of those who left were flagged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.extracts.engine import to_pandas
from analysis.measures.interval import share_interval, standard_normal_quantile

Rows = nw.LazyFrame[Any]
Figure = tuple[float, float, float]

EARNS, LITTLE, NOTHING, FEWER, FEW = "earns", "little", "nothing", "fewer", "few"
USEFUL = 1.2  # times as many leavers among the flagged as among all: less is not worth a call
SUMS = ("n", "flagged", "left", "hits", "all_hits")
FIGURES = (
    "rule", "landmarks", "customers", "rate", "precision", "low", "high", "precision_all", "recall", "recall_low",
    "recall_high", "usual", "lift", "lift_low", "lift_high", "masked", "verdict",
)  # fmt: skip


def risk_figures(past: Rows, rules: Mapping[str, Any], *, target: str, smallest: int) -> pd.DataFrame:
    """Precision, recall and lift of each warning sign, over past quarter ends.

    precision = flagged who left ÷ flagged
    recall = flagged who left ÷ all who left
    lift = precision ÷ share of all who left

    Intervals are those of ratios of sums over customers (Cochran, 1977), who are flagged at several quarter ends.

    Parameters
    ----------
    past : table of `flags`, one row per customer and quarter end: a column per rule, `event` (1 when the customer left
        within the quarter) and `target`, the leaving that counts: `chose` (by choice), or `event` where no kinds are
        known.

    Returns
    -------
    Table, one row per rule: `rule`, `landmarks` (quarter ends it was known at), `customers` (ever flagged), `rate`
    (share flagged), `precision`, `low`, `high`, `precision_all` (left in any way; missing where few left otherwise),
    `recall`, `recall_low`, `recall_high`, `usual` (share of all who left), `lift`, `lift_low`, `lift_high`, `masked`
    (too few flagged, leavers or stayers to tell), `verdict` (earns, little, nothing, fewer, few).
    """
    found = [_figures(name, past, target=target, smallest=smallest) for name in rules]
    return pd.DataFrame(found, columns=list(FIGURES))


def _figures(name: str, past: Rows, *, target: str, smallest: int) -> dict[str, Any]:
    known = past.filter(~nw.col(name).is_null())
    cells = _cells(known, name, target)
    total = {one: int((cells[one] * cells["customers"]).sum()) for one in SUMS}
    told: dict[str, Any] = dict.fromkeys(FIGURES, float("nan"))
    landmarks = len(to_pandas(known.select("landmark").unique()))
    told |= {"rule": name, "landmarks": landmarks, "masked": _too_few(total, smallest), "verdict": FEW}
    told["customers"] = int(cells.loc[cells["flagged"] > 0, "customers"].sum())
    if told["masked"] or not total["flagged"] or not total["left"]:
        return told | ({"customers": float("nan")} if told["masked"] else {})
    precision, recall = _share(cells, "hits", "flagged"), _share(cells, "hits", "left")
    usual, lift, otherwise = total["left"] / total["n"], _lift(cells, total), total["all_hits"] - total["hits"]
    return told | {
        "rate": total["flagged"] / total["n"],
        "usual": usual,
        "precision_all": float("nan") if 0 < otherwise < smallest else total["all_hits"] / total["flagged"],
        **dict(zip(("precision", "low", "high"), precision, strict=True)),
        **dict(zip(("recall", "recall_low", "recall_high"), recall, strict=True)),
        **dict(zip(("lift", "lift_low", "lift_high"), lift, strict=True)),
        "verdict": _verdict(lift),
    }


def _cells(known: Rows, name: str, target: str) -> pd.DataFrame:
    """Customers counted by their sums over quarter ends: few different ones, however many customers there are."""
    flag = nw.col(name)
    each = known.group_by("customer_id").agg(
        n=nw.len(),
        flagged=flag.sum(),
        left=nw.col(target).sum(),
        hits=(flag * nw.col(target)).sum(),
        all_hits=(flag * nw.col("event")).sum(),
    )
    return to_pandas(each.group_by(*SUMS).agg(customers=nw.len()).sort(*SUMS)).astype("int64")


def _too_few(total: Mapping[str, int], smallest: int) -> bool:
    """Whether a small group stands behind the figures: the flagged, their leavers or stayers, or missed leavers."""
    left_apart = (total["flagged"] - total["hits"], total["left"] - total["hits"])
    return any(0 < group < smallest for group in (total["flagged"], total["hits"], *left_apart))


def _share(cells: pd.DataFrame, part: str, whole: str) -> Figure:
    """A share of sums, with Wilson's interval at the number of independent cases that would tell as much."""
    weight = cells["customers"].to_numpy(dtype=float)
    top, bottom = (cells[name].to_numpy(dtype=float) for name in (part, whole))
    size = float(weight @ bottom)
    share = float(weight @ top) / size
    spread = float(weight @ (top - share * bottom) ** 2) / size**2
    cases = min(share * (1 - share) / spread, size) if spread > 0 else size
    low, high = share_interval(share * cases, cases)
    return share, float(low), float(high)


def _lift(cells: pd.DataFrame, total: Mapping[str, int]) -> Figure:
    """How many times as many of the flagged left as of all; the interval is that of its logarithm."""
    lift = total["hits"] * total["n"] / (total["flagged"] * total["left"])
    if not total["hits"]:
        _, _, high = _share(cells, "hits", "flagged")
        return 0.0, 0.0, high * total["n"] / total["left"]
    sides = [cells[name].to_numpy(dtype=float) / total[name] for name in ("hits", "flagged", "left", "n")]
    moved = sides[0] - sides[1] - sides[2] + sides[3]
    reach = standard_normal_quantile(0.95) * float(np.sqrt(cells["customers"].to_numpy(dtype=float) @ moved**2))
    return lift, lift * float(np.exp(-reach)), lift * float(np.exp(reach))


def _verdict(lift: Figure) -> str:
    value, low, high = lift
    if low > 1:
        return EARNS if value >= USEFUL else LITTLE
    if high < 1:
        return FEWER
    return NOTHING if high < USEFUL else FEW


def risk_kpis(figures: pd.DataFrame) -> list[Kpi]:
    """How many warning signs earn their place, and precision and lift of each that can be told."""
    told = figures[~figures["masked"] & figures["lift"].notna()].to_dict("records")
    if not told:
        return []
    kpis = [Kpi("risk_rules_earning", sum(row["verdict"] == EARNS for row in told))]
    for row in told:
        key = (None, "risk rule", row["rule"])
        n = int(row["customers"])
        kpis.append(Kpi("risk_rule_precision", row["precision"], n, row["low"], row["high"], *key))
        kpis.append(Kpi("risk_rule_lift", row["lift"], n, row["lift_low"], row["lift_high"], *key))
    return kpis
