"""Sentences of the summary on campaigns and on what to do next, from the KPIs the chapter recorded."""

from __future__ import annotations

import pandas as pd

from analysis.present.numbers import Number, finite, formatted, interval, money
from analysis.present.wording.phrase import counted, listed

WHOM = {
    "actions": ("customer", "customers"),
    "win_back_asked": ("former customer", "former customers"),
    "leads_called": ("lead", "leads"),
}


def strategy_points(base: pd.DataFrame, *, currency: str, budget: float | None) -> list[str]:
    """What campaigns returned, and what the list of actions costs and is expected to bring.

    Parameters
    ----------
    base : the KPIs of the whole base.
    budget : what actions may cost in the quarter; None without a limit.
    """
    row = base.set_index("metric")
    return [text for text in (_campaigns(row), _actions(row, currency, budget)) if text]


def _campaigns(row: pd.DataFrame) -> str:
    if "campaigns_roi" not in row.index or finite(row.at["campaigns_roi", "value"]) is None:
        return ""
    one = row.loc["campaigns_roi"]
    told = f"What campaigns did: those of a year that were drawn by lot returned {_return(one['value'])} of their cost"
    if finite(one["low"]) is None:
        return f"{told}; too few to say how sure that is."
    between = interval(one["low"], one["high"], _return)
    if one["low"] > 0:
        return f"{told} ({between}): they clearly paid."
    if one["high"] < 0:
        return f"{told} ({between}): they clearly brought less than they cost within three months."
    return f"{told} ({between}): whether they paid within three months cannot be told."


def _return(value: Number) -> str:
    return formatted(value, "return")


def _actions(row: pd.DataFrame, currency: str, budget: float | None) -> str:
    named = [counted(row.at[metric, "value"], *words) for metric, words in WHOM.items() if metric in row.index]
    if not named:
        return ""
    told = f"What to do next: actions are proposed for {listed(named)}"
    if "list_cost" not in row.index:
        return f"{told}."

    def amount(metric: str) -> str:
        return money(row.at[metric, "value"], currency, places=0)

    of = "" if budget is None else f" of a budget of {money(budget, currency, places=0)}"
    return (
        f"{told}. The actions whose numbers may be told cost {amount('list_cost')}{of}, and are expected to "
        f"bring {amount('list_net')} more than that; {amount('list_low')} if every effect is at its low end."
    )
