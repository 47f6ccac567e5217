"""Sentences of the summary on service, network, debts and prices, from the KPIs the chapter recorded."""

from __future__ import annotations

import pandas as pd

from analysis.present.numbers import Number, count, finite, interval, money, percent, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import counted, moved


def service_points(base: pd.DataFrame, *, currency: str) -> list[str]:
    """What a manager should know of how customers are served; `base` are the KPIs of the whole base."""
    row = base.set_index("metric")
    told = [_served(row), _network(row), _unpaid(row, currency), _prices(row)]
    return [text for text in told if text]


def _served(row: pd.DataFrame) -> str:
    if "complaints_in_time" not in row.index or finite(row.at["complaints_in_time", "value"]) is None:
        return ""
    one = row.loc["complaints_in_time"]
    change = moved(one["value"], one["n"], one["previous"], one["n"])  # the quarter before had about as many
    between = interval(one["low"], one["high"], percent)
    return (
        f"How they are served: {percent(one['value'], 0)} of the complaints were closed within their time limit "
        f"({between}{', ' + change if change else ''})."
    )


def _network(row: pd.DataFrame) -> str:
    if "areas_judged" not in row.index:
        return ""
    areas = counted(row.at["areas_judged", "value"], "area", "areas")
    signals = row.at["areas_signalled", "value"]
    if not signals:
        return f"Where the network fails: none of {areas} has a signal in the last month."
    calls = finite(row["value"].get("fault_calls"))
    call = f"; {count(calls)} customers there should be called first" if calls else ""
    has = "has" if signals == 1 else "have"
    return f"Where the network fails: {count(signals)} of {areas} {has} a signal in the last month{call}."


def _unpaid(row: pd.DataFrame, currency: str) -> str:
    if "expected_loss" not in row.index or "owed_total" not in row.index:
        return ""

    def amount(value: Number) -> str:
        return money(value, currency, places=0)

    loss = row.loc["expected_loss"]
    between = spread(loss["low"], loss["high"], amount)
    told = f"What is not paid: {amount(row.at['owed_total', 'value'])} is owed, of which {amount(loss['value'])}"
    return f"{told}{'' if between == MISSING else f' ({between})'} is expected never to be paid."


def _prices(row: pd.DataFrame) -> str:
    if "price_elasticity" not in row.index or finite(row.at["price_elasticity", "low"]) is None:
        return ""
    one = row.loc["price_elasticity"]
    between = interval(one["low"], one["high"], percent)
    if one["low"] <= 0 <= one["high"]:
        return f"What price rises did: no clear effect on leaving by choice ({between} more for each per cent)."
    way = "more" if one["value"] > 0 else "less"
    return (
        f"What price rises did: for each per cent of price {percent(abs(one['value']))} {way} leave by choice in the "
        f"months after ({between})."
    )
