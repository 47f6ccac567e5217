"""Scores of recency, frequency and monetary value, and what the classes need beside the features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw

from analysis.frames.features import Part
from analysis.frames.fees import monthly_margins
from analysis.frames.observation import Observation
from analysis.frames.rfm import rfm
from analysis.measures.class_rules import SCORES
from analysis.measures.classes import AMONG, among
from analysis.measures.margin import Costs

FIFTHS = 5


def worth(
    months: nw.LazyFrame[Any], tables: Mapping[str, nw.LazyFrame[Any]], observation: Observation, costs: Costs
) -> tuple[Part, ...]:
    """What customers bring, as parts of `features`: recency, frequency, monetary value, and the monthly margin."""

    def bought(keys: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        return rfm(keys, months, tables, observation)

    def margin(keys: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        shares, each = costs.gross_margin, costs.per_month
        return monthly_margins(keys, tables, observation, gross_margin=shares, per_month=each)

    return (bought, margin) if "subscriptions" in tables else (bought,)


def scored(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """`rows` with `r_score`, `f_score` and `m_score`: the fifth of the customers each value falls in, 5 the best.

    score = ceil(5 · customers whose value is not better ÷ customers with a value)

    Equal values get equal scores, the best that any of them reaches. Compared are the rows at the landmarks of one
    quarter, who left apart from who is there. Missing where the value is.
    """
    known = set(rows.collect_schema().names())
    compared = rows.with_columns(among(known).alias(AMONG))
    scores = [_score(name).alias(score) for name, score in SCORES.items() if name in known]
    return compared.with_columns(scores).drop(AMONG) if scores else rows


def _score(column: str) -> nw.Expr:
    value = -nw.col(column) if column == "recency" else nw.col(column)
    not_better, everyone = value.rank("max").over(AMONG), nw.col(column).count().over(AMONG)
    return ((not_better * FIFTHS - 1) // everyone + 1).cast(nw.Int64)
