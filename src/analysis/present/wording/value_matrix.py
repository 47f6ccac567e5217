"""Sentences about value against behaviour: where is value at risk?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from analysis.measures.value_matrix import OUTSIDE
from analysis.models.leaving import QUARTER
from analysis.present.numbers import finite, money, months, percent, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, capital, listed

NO_GROUPS = (
    "Value by behaviour is left out: no groups by behaviour were found in this quarter, or the chapter that looks for "
    "them was not run."
)
AHEAD = months(QUARTER, 0)


def shown(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells as picture and table name them: `name`, `head`, `remark` added."""
    leave = [f"{percent(row.churn)} leave" if finite(row.churn) is not None else "" for row in cells.itertuples()]
    return cells.assign(
        name=cells["group"].replace({OUTSIDE: capital(OUTSIDE)}),
        head=[f"{capital(tier)} value" for tier in cells["tier"]],
        level=[capital(tier) for tier in cells["tier"]],
        remark=leave,
    )


def picture_words(cells: pd.DataFrame, lost: tuple[float, float, float], *, currency: str, smallest: int) -> Words:
    """Around the picture; `lost` is the value expected to be lost, with its interval."""
    amount = partial(money, currency=currency, places=0)
    between = spread(lost[1], lost[2], amount)
    known = "" if between == MISSING else f" ({between})"
    subtitle = (
        f"Share of the {amount(lost[0])}{known} of lifetime value that customers expected to leave within {AHEAD} "
        "would take along, by group and value tier; below it, the share of customers expected to leave"
    )
    if cells["masked"].any():
        subtitle += f"; fields masked to protect groups of fewer than {smallest}"
    told = cells.dropna(subset=["at_risk"]).sort_values("at_risk", ascending=False, kind="stable")
    if told.empty:
        finding = "Where value is at risk cannot be told"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    finding = _most(told)
    parts = [f"{_named(row)} {percent(row['at_risk'], 0)}" for row in told.head(6).to_dict("records")]
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. Largest shares: {listed(parts)}."}


def _most(told: pd.DataFrame) -> str:
    """The field that clearly holds most of the value at risk; else one that clearly holds more than its share."""
    row = told.iloc[0].to_dict()
    if not (told["at_risk_high"].iloc[1:] >= told["at_risk_low"].iloc[0]).any():
        return (
            f"Most value is at risk among {_named(row)}: {percent(row['at_risk'], 0)} of it, with "
            f"{percent(row['customer_share'], 0)} of the customers"
        )
    above = told[told["at_risk_low"] > told["customer_share"]]
    if above.empty:
        return "Value at risk is spread over the fields: none clearly holds more than its share of the customers"
    row = above.iloc[0].to_dict()
    return (
        f"Value at risk is spread over several fields; {_named(row)} hold {percent(row['at_risk'], 0)} of it with "
        f"{percent(row['customer_share'], 0)} of the customers"
    )


def _named(row: Mapping[Hashable, Any]) -> str:
    group = "customers in no group" if row["group"] == OUTSIDE else f"“{row['group']}”"
    return f"{group} of {row['tier']} value"


def table_words(cells: pd.DataFrame, *, smallest: int) -> Captions:
    """Above the table."""
    subtitle = "Active customers with a value: shares of them, of their revenue of the last quarter, and of the value "
    subtitle += f"at risk; mean chance to leave within {AHEAD}; recommendation score (NPS) of a year’s latest answers"
    if cells["nps"].isna().all():
        subtitle += f", which fewer than {smallest} gave in every field, or no survey asked for"
    return {"finding": _likeliest(cells), "subtitle": subtitle}


def _likeliest(cells: pd.DataFrame) -> str:
    """The field whose customers are likeliest to leave, where it clearly stands out from the least likely."""
    known = cells.dropna(subset=["churn"]).sort_values("churn", kind="stable")
    if len(known) < 2 or not known["churn_low"].iloc[-1] > known["churn_high"].iloc[0]:
        return "No field’s customers are clearly likelier to leave than another’s"
    most, least = known.iloc[-1], known.iloc[0]
    first = f"Likeliest to leave: {_named(most.to_dict())}, {percent(most['churn'])} within {AHEAD}"
    return f"{first}; least likely: {_named(least.to_dict())}, {percent(least['churn'])}"
