"""Warning signs as rules: which customers each of them flags, at past quarter ends and today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.frames.billed import BILLED, billed
from analysis.frames.observation import Observation
from analysis.measures.class_rules import READABLE, SUFFIX, ClassRules, Dimension
from analysis.measures.classes import classified

Rows = nw.LazyFrame[Any]

FLAGGED, OTHERS = "flagged", "not flagged"
NAMED = "risk_"  # stands before the rule's name, so that no dimension of classes has the same
RISK_READABLE = READABLE | frozenset(BILLED)
BY_CHOICE = "voluntary"


def risk_rule(name: str, conditions: Mapping[str, Any], **words: Any) -> Dimension:
    """A warning sign: who fulfils all conditions is flagged. It is told as a dimension of two classes."""
    return Dimension(NAMED + name, rules={FLAGGED: conditions}, otherwise=OTHERS, **words)


class Unavailable(NamedTuple):
    """Why a rule cannot be used here: columns that nobody fills, or one that is refused for what it gives away."""

    columns: tuple[str, ...]
    refused: str = ""


def unavailable(rules: ClassRules, *, known: Collection[str], refused: pd.DataFrame) -> dict[str, Unavailable]:
    """The rules that cannot be used here, each with the reason.

    Parameters
    ----------
    known : columns there are, filled for anybody at all.
    refused : table of the columns refused as covariates for what they give away, with `covariate` and `reason`.
    """
    why = {str(name): str(reason) for name, reason in zip(refused["covariate"], refused["reason"], strict=True)}
    found = {}
    for name, one in rules.items():
        missing = tuple(column for column in one.reads if column not in known)
        given_away = tuple(column for column in one.reads if column in why)
        if missing or given_away:
            found[name] = Unavailable(missing) if missing else Unavailable(given_away[:1], why[given_away[0]])
    return found


def landmark_rows(episodes: Rows, *, landmarks: Sequence[dt.date]) -> Rows:
    """Customers at past quarter ends and what came of them within the quarter, with what was known of them then.

    Returns
    -------
    Rows of `episodes` at the landmarks of customers who held a product, with `chose` (1 when they left in the quarter
    by choice; of those who came back later, that is taken for granted).
    """
    at = episodes.filter(nw.col("landmark").is_in(list(landmarks)) & (nw.col("at_quarter_end") == 1))
    chose = (nw.col("event") == 1) & (nw.coalesce(nw.col("left_kind"), nw.lit("")) == BY_CHOICE)
    return _holding_a_product(at).with_columns(chose=chose.cast(nw.Int64))


def todays_rows(customers: Rows, *, as_of: dt.date) -> Rows:
    """The active customers, with what is known of them today."""
    active = customers.filter(nw.col("state") == "active")
    return _holding_a_product(active).with_columns(landmark=nw.lit(as_of))


def with_bills(rows: Rows, tables: Mapping[str, Rows], observation: Observation) -> Rows:
    """Rows with what was billed lately, where the source gives bills."""
    if "invoices" not in tables:
        return rows
    keys = rows.select("customer_id", "landmark").unique()
    return rows.join(billed(keys, tables["invoices"], observation), on=["customer_id", "landmark"], how="left")


def flags(rows: Rows, rules: ClassRules, *, keep: Sequence[str]) -> Rows:
    """Which rules flag each row: a column per rule, 1 or 0; missing at landmarks of which nobody's columns are known.

    Parameters
    ----------
    rows : table of `landmark_rows` or `todays_rows`.
    rules : those that can be used.
    keep : columns of `rows` to keep beside.
    """
    told = classified(rows, {one.name: one for one in rules.values()})
    shown = [_flag(name, one) for name, one in rules.items()]
    return told.select(*keep, *shown)


def _flag(name: str, rule: Dimension) -> nw.Expr:
    covered = nw.all_horizontal(
        *(nw.col(column).count().over("landmark") > 0 for column in rule.reads), ignore_nulls=False
    )
    holds = (nw.col(rule.name + SUFFIX) == FLAGGED).cast(nw.Int64)
    return nw.when(covered).then(holds).alias(name)


def _holding_a_product(rows: Rows) -> Rows:
    """A landmark inside a bridged gap knows its future: the spell goes on although nothing is held."""
    known = "products" in rows.collect_schema().names()
    return rows.filter(nw.coalesce(nw.col("products"), nw.lit(0)) > 0) if known else rows
