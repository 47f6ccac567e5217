"""Key figures of bills that are not paid, and of what the base rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from analysis.basis.metric import Kpi
from analysis.measures.ageing import Owed
from analysis.measures.composition import Composition
from analysis.measures.concentration import publishable
from analysis.measures.interval import share_interval
from analysis.measures.largest import Largest
from analysis.measures.ratio import Ratio

Estimate = tuple[float, float, float]
Customers = tuple[int, int]  # some of them, and all


def few(customers: int, smallest: int) -> bool:
    """Whether some customers, but too few to be told of, are behind a figure."""
    return 0 < customers < smallest


def overdue_told(owed: Owed, *, smallest: int) -> bool:
    """Whether what is overdue may be told beside all that is owed."""
    return owed.told and owed.overdue_told and not few(owed.late, smallest)


def left_told(owed: Owed, *, smallest: int) -> bool:
    """Whether what is owed by who has left, and by who is here, may be told beside all that is owed."""
    return owed.told and owed.left_told and not few(owed.gone, smallest) and not few(owed.owing - owed.gone, smallest)


def loss_here_told(owed: Owed, *, smallest: int) -> bool:
    """Whether what is expected to be lost by who is here may be told beside all that is."""
    return owed.told and owed.loss_told and not few(owed.gone, smallest) and not few(owed.owing - owed.gone, smallest)


def owed_kpis(
    owed: Owed, *, overdue: Customers, smallest: int, before: Customers | None = None, year: Customers | None = None
) -> list[Kpi]:
    """What is owed, what of it is overdue, and the share of active customers with an overdue bill, unless few have.

    `overdue` are those with such a bill, and all; `before` and `year` the same a quarter and a year ago.
    """
    late, everybody = overdue
    sums = [Kpi("owed_total", owed.amount, owed.owing)] if owed.told else []
    sums += [Kpi("owed_overdue", owed.overdue, owed.late)] if overdue_told(owed, smallest=smallest) else []
    now, then, ago = (_share(one, smallest) for one in (overdue, before, year))
    if now is None:
        return sums
    ends = share_interval(late, everybody)
    return [*sums, Kpi("overdue_customers", now, everybody, *ends, previous=then, year_before=ago)]


def _share(overdue: Customers | None, smallest: int) -> float | None:
    if overdue is None:
        return None
    late, everybody = overdue
    if not everybody or few(late, smallest) or few(everybody - late, smallest):
        return None
    return late / everybody


def loss_kpis(whole: Estimate, here: Estimate | None, *, billed: float, owing: int) -> list[Kpi]:
    """What is expected never to be paid, in money and of a year's bills; none where nothing is told.

    `here` is what customers who are still here are expected never to pay; None where few are behind it, or behind the
    rest.
    """
    found = [Kpi("expected_loss", whole[0], owing, *whole[1:])]
    if here is not None:
        found.append(Kpi("expected_loss_here", here[0], owing, *here[1:]))
    if here is not None and billed > 0:
        found.append(Kpi("expected_loss_share", here[0] / billed, owing, here[1] / billed, here[2] / billed))
    return [kpi for kpi in found if kpi.value is not None and math.isfinite(kpi.value)]


def ratio_kpi(metric: str, ratio: Ratio | None) -> list[Kpi]:
    """A ratio of two sums; none where it is not told."""
    if ratio is None or ratio.value != ratio.value:
        return []
    return [Kpi(metric, ratio.value, ratio.customers, ratio.low, ratio.high)]


def risk_fee_kpi(customers: int, fee: float) -> list[Kpi]:
    """The monthly fees of active customers who are far overdue."""
    return [Kpi("fees_at_risk", fee, customers)] if customers and fee == fee else []


def base_kpis(found: Composition | None, *, smallest: int) -> list[Kpi]:
    """What the base rests on, of the last quarter; none where nothing is told."""
    if found is None:
        return []
    last = {f"{name}_hhi": table[table["quarter"] == found.quarters[-1]] for name, table in found.indices.items()}
    return composition_kpis(found.accounts, last, smallest=smallest)


def composition_kpis(found: Largest, indices: Mapping[str, pd.DataFrame], *, smallest: int) -> list[Kpi]:
    """The share of the largest accounts, the number of equal ones, and the indices, where they may be told.

    Parameters
    ----------
    indices : metric → table of `concentration`, the last row that of the quarter.
    """
    kpis = []
    if len(found.tops) and not found.tops["masked"].iloc[0]:
        top = found.tops.iloc[0]
        kpis.append(
            Kpi("largest_accounts_share", top["share"], int(top["accounts"]), top["share_low"], top["share_high"])
        )
    if len(found.quarters) and not found.quarters["masked"].iloc[-1]:
        last = found.quarters.iloc[-1]
        ends = 1 / last["hhi_high"], 1 / last["hhi_low"]
        kpis.append(Kpi("effective_accounts", 1 / last["hhi"], int(last["accounts"]), *ends))
    for metric, table in indices.items():
        told = publishable(table, smallest=smallest)
        if len(told):
            row = told.iloc[-1]
            kpis.append(Kpi(metric, row["hhi"], int(row["customers"] + row["others"]), row["hhi_low"], row["hhi_high"]))
    return kpis
