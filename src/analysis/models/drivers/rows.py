"""The rows that drivers are learned from: answers to surveys, and customers with the margin they bring."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.answered import Tables, answered
from analysis.frames.observation import Observation
from analysis.measures.margin import Margin, ahead_fees
from analysis.models.drivers.study import sampled

MINUTES = 60


def answer_rows(tables: Tables, spells: nw.LazyFrame[Any], observation: Observation) -> pd.DataFrame:
    """Table, one row per answer to a survey with what was known the day before: see `frames.answered`.

    At most 50,000, evenly over time; none where the source gives no surveys.
    """
    if "surveys" not in tables:
        return pd.DataFrame({"survey_id": [], "customer_id": [], "landmark": []}, dtype=object)
    return sampled(to_pandas(answered(tables, spells, observation)), order_by=["landmark", "survey_id"])


def margin_rows(customers: pd.DataFrame, margin: Margin) -> pd.DataFrame:
    """Table, one row per active customer who holds a product with a fee: the features, and `margin`.

    The margin of the coming month: fees less discounts at the products' gross margins, before the cost to serve. At
    most 50,000 customers, evenly over their time of joining.
    """
    active = customers[customers["state"] == "active"].reset_index(drop=True)
    worth = ahead_fees(margin, active["customer_id"], horizon=1)[:, 0]
    rows = active.assign(margin=worth)
    if "outage_minutes_3m" in rows:
        rows["outage_hours"] = rows["outage_minutes_3m"] / MINUTES
    known = rows[rows["margin"].notna()]
    return sampled(known.drop(columns="landmark", errors="ignore"), order_by=["spell_start", "customer_id"])
