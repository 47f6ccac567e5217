"""What the value of the base depends on: the same valuation with one figure changed at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analysis.measures.margin import Margin
from analysis.models.value import YEAR, Valuation, customer_value

STEP = 0.1  # of the figure itself
COSTS = ("contact_cost", "service_cost")

Inputs = tuple[Margin, pd.DataFrame, float]


def value_sensitivity(margin: Margin, ahead: pd.DataFrame, *, discount_rate: float) -> pd.DataFrame:
    """How much more or less the base is worth when one figure is a tenth lower or higher, all else as it is.

    Each is the valuation itself (`customer_value`) with that figure multiplied by 0.9 or 1.1; a hazard of every month
    so much higher is survival to the power of 1.1.

    Parameters
    ----------
    margin, ahead, discount_rate : as of `customer_value`.

    Returns
    -------
    Table, one row per figure, the one that matters most first: `figure` (gross_margin, churn, cost_to_serve,
    discount_rate), `total` (as it is), `lower`, `higher` (difference from it; money). Empty where nobody has a value.
    """
    inputs = (margin, ahead, discount_rate)
    total = _total(inputs)
    rows = [
        (name, total, _total(changed(inputs, 1 - STEP)) - total, _total(changed(inputs, 1 + STEP)) - total)
        for name, changed in FIGURES.items()
    ]
    table = pd.DataFrame(rows, columns=["figure", "total", "lower", "higher"]).dropna()
    widest = table[["lower", "higher"]].abs().max(axis=1)
    return table.assign(widest=-widest).sort_values(["widest", "figure"], ignore_index=True).drop(columns="widest")


def shorter_horizon(valuation: Valuation) -> tuple[int, float, float] | None:
    """The total with a year less looked ahead: months, total, and the share of the whole that is lost.

    None where no month would be left, or nobody has a value.
    """
    by_month = valuation.by_month
    months, whole = len(by_month) - YEAR, float(by_month["value"].sum())
    if months <= 0 or not whole > 0:
        return None
    total = float(by_month["value"].head(months).sum())
    return months, total, total / whole - 1


def _total(inputs: Inputs) -> float:
    margin, ahead, rate = inputs
    values = customer_value(margin, ahead, discount_rate=rate, intervals=False).customers["current_value"]
    return float(values.sum(min_count=1))


def _gross_margin(inputs: Inputs, factor: float) -> Inputs:
    margin, ahead, rate = inputs
    customers = margin.customers.assign(fee_margin=margin.customers["fee_margin"] * factor)
    discounts = margin.discounts.assign(discount_margin=margin.discounts["discount_margin"] * factor)
    return replace(margin, customers=customers, discounts=discounts), ahead, rate


def _churn(inputs: Inputs, factor: float) -> Inputs:
    margin, ahead, rate = inputs
    survival = [name for name in ahead.columns if name.startswith("survival_")]
    return margin, ahead.assign(**(ahead[survival] ** factor)), rate


def _cost_to_serve(inputs: Inputs, factor: float) -> Inputs:
    margin, ahead, rate = inputs
    costs = margin.figures["item"].isin(COSTS)
    value = margin.figures["value"].mask(costs, margin.figures["value"] * factor)
    return replace(margin, figures=margin.figures.assign(value=value)), ahead, rate


def _discount_rate(inputs: Inputs, factor: float) -> Inputs:
    margin, ahead, rate = inputs
    return margin, ahead, rate * factor


FIGURES: dict[str, Callable[[Inputs, float], Inputs]] = {
    "gross_margin": _gross_margin,
    "churn": _churn,
    "cost_to_serve": _cost_to_serve,
    "discount_rate": _discount_rate,
}
