"""The scorecard: the figures a quarter is led by, against their targets and against before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from analysis.basis.metric import METRICS, Kpi, Metric
from analysis.measures.interval import clearly_different

MET, MISSED, UNCLEAR, NO_TARGET = "met", "missed", "unclear", "none"
BETTER, WORSE, HIGHER, LOWER, SAME = "better", "worse", "higher", "lower", "same"
COLUMNS = (
    "place", "metric", "label", "unit", "value", "low", "high", "n", "target", "previous", "year_before", "owner",
    "light", "moved",
)  # fmt: skip
# A change that a chapter measures itself, with an interval over the same customers, says more than two levels do.
CHANGE_OF = {"arpu": "arpu_change"}


class Scorecard(NamedTuple):
    """`rows`: table, one row per figure, see `scorecard`; `absent`: metrics of the params that no chapter told."""

    rows: pd.DataFrame
    absent: tuple[str, ...]


def light(value: float | None, ends: tuple[float | None, float | None], target: float | None, metric: Metric) -> str:
    """How a figure stands against its target: `met`, `missed`, `unclear` (it cannot be told) or `none` (no target).

    `met` only where the whole interval lies on the good side of the target, `missed` only where all of it lies on the
    bad side; a figure without an interval was counted, and stands for itself. `none` too without a value, or where
    neither direction is better.
    """
    if value is None or pd.isna(value) or target is None or metric.better == "neither":
        return NO_TARGET
    low, high = (value if end is None or pd.isna(end) else end for end in ends)
    good, bad = (low >= target, high < target) if metric.better == "higher" else (high <= target, low > target)
    return MET if good else MISSED if bad else UNCLEAR


def moved(kpi: Kpi, change: Kpi | None = None) -> str | None:
    """Whether a figure is off that of the quarter before by more than chance allows, and which way.

    `better` or `worse` (`higher` or `lower` where neither is), `same` where chance explains it, None where nobody can
    tell: what the chapter tested holds, else the interval of the measured `change`, else of a share the test of two
    shares, as if as many customers had stood behind the earlier one.
    """
    if change is not None and change.low is not None and change.high is not None:
        return _way(change.value or 0.0, METRICS[kpi.metric], clear=change.low > 0 or change.high < 0)
    if kpi.value is None or kpi.previous is None:
        return None
    clear = kpi.moved
    if clear is None and METRICS[kpi.metric].unit == "share" and kpi.n:
        clear = clearly_different(kpi.value, kpi.n, kpi.previous, kpi.n)
    return None if clear is None else _way(kpi.value - kpi.previous, METRICS[kpi.metric], clear=clear)


def _way(change: float, metric: Metric, *, clear: bool) -> str:
    if not clear or change == 0:
        return SAME
    if metric.better == "neither":
        return HIGHER if change > 0 else LOWER
    return BETTER if (change > 0) == (metric.better == "higher") else WORSE


def scorecard(kpis: Sequence[Kpi], *, owners: Mapping[str, str], targets: Mapping[str, float]) -> Scorecard:
    """The figures of the params, as the chapters recorded them.

    Parameters
    ----------
    kpis : what the chapters of a run recorded.
    owners : metric → who answers for it, in the order of the scorecard.
    targets : metric → its goal.

    Returns
    -------
    Scorecard, whose `rows` is a table, one row per figure that was recorded: `place`, `metric`, `label`, `unit`,
    `value`, `low`, `high`, `n`, `target`, `previous`, `year_before`, `owner`, `light` (see `light`), `moved` (see
    `moved`); missing where there is none.
    """
    whole = {kpi.metric: kpi for kpi in kpis if kpi.dimension is None and kpi.value is not None}
    told = [name for name in owners if name in whole]
    rows = [
        _row(whole[name], whole.get(CHANGE_OF.get(name, "")), owner=owners[name], target=targets.get(name))
        for name in told
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS[1:])).rename_axis("place").reset_index()
    return Scorecard(table.astype(TYPES), tuple(name for name in owners if name not in whole))


TYPES = dict.fromkeys(("value", "low", "high", "n", "target", "previous", "year_before"), "float64")


def _row(kpi: Kpi, change: Kpi | None, *, owner: str, target: float | None) -> dict[str, object]:
    metric = METRICS[kpi.metric]
    return {
        "metric": metric.name, "label": metric.label, "unit": metric.unit, "value": kpi.value, "low": kpi.low,
        "high": kpi.high, "n": kpi.n, "target": target, "previous": kpi.previous, "year_before": kpi.year_before,
        "owner": owner, "light": light(kpi.value, (kpi.low, kpi.high), target, metric), "moved": moved(kpi, change),
    }  # fmt: skip
