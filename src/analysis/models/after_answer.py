"""What came of answers: who left after them, of promoters, passives and detractors."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.basis.quarter import DAYS_PER_MONTH
from analysis.extracts.engine import to_pandas
from analysis.measures.class_rules import SUFFIX
from analysis.measures.ratios_by import published_ratios, ratios_by
from analysis.measures.survey_rows import Surveys
from analysis.measures.survey_scores import KINDS, kind_of
from analysis.models.cox import fit_cox
from analysis.models.cox_newton import NoMaximum
from analysis.models.drivers.study import sampled

Rows = nw.LazyFrame[Any]

HORIZONS = (3, 12)  # months after the answer
FEWEST = 20  # who left after an answer, below which no ratio of hazards is told
LEFT = {"left": ("left", "each")}
RATES = ("months", "kind", "customers", "rate", "low", "high", "masked")
VOLUNTARY = "voluntary"


class Hazards(NamedTuple):
    """How many times as fast detractors leave as promoters, with its 95 % interval; not-a-number with a reason."""

    ratio: float
    low: float
    high: float
    left: int
    answers: int
    reason: str


class After(NamedTuple):
    """`rates`: table of `left_after`; `hazards`; `by_choice`: whether only who left by choice counts."""

    rates: pd.DataFrame
    hazards: Hazards
    by_choice: bool


def after_answers(surveys: Surveys, *, as_of: dt.date, smallest: int) -> After:
    """Who left within three and twelve months after an answer, and how much faster detractors did.

    Leaving is by choice where the source tells kinds of leaving, else in any way.
    """
    if not surveys.given:
        nobody = Hazards(*(float("nan"),) * 3, 0, 0, "the source has no surveys")
        return After(pd.DataFrame(columns=list(RATES)).astype({"masked": bool}), nobody, by_choice=False)
    rows = _answers(surveys, as_of)
    by_choice = bool(to_pandas(rows.filter(nw.col("kind") == VOLUNTARY).select(n=nw.len()))["n"].iloc[0])
    gone = ~nw.col("spell_end").is_null() & (nw.col("spell_end") <= as_of)
    gone = gone & (nw.coalesce(nw.col("kind") == VOLUNTARY, nw.lit(False)) if by_choice else nw.lit(True))
    told = rows.with_columns(gone=gone)
    rates = [left_after(told, months, as_of=as_of, smallest=smallest) for months in HORIZONS]
    return After(pd.concat(rates, ignore_index=True), _hazards(told, as_of, smallest), by_choice)


def _answers(surveys: Surveys, as_of: dt.date) -> Rows:
    """Answers with a recommendation score of customers who had not left by then."""
    given = surveys.sent.filter((nw.col("answered") == 1) & ~nw.col("nps").is_null() & (nw.col("answered_on") < as_of))
    return given.filter(nw.coalesce(nw.col("spell_end") > nw.col("answered_on"), nw.lit(True)))


def left_after(rows: Rows, months: int, *, as_of: dt.date, smallest: int) -> pd.DataFrame:
    """The share of answers after which the customer left within so many months, of those followed so long.

    Returns
    -------
    Table, one row per kind of answer: `months`, `kind`, `customers`, `rate`, `low`, `high` (95 %; several answers of
    a customer are one case), `masked`.
    """
    until = nw.col("answered_on").dt.offset_by(f"{months}mo").cast(nw.Date)
    score = nw.col("nps")
    kind = nw.when(score >= 9).then(nw.lit(KINDS[0])).otherwise(nw.lit(KINDS[1]))
    kind = nw.when(score <= 6).then(nw.lit(KINDS[2])).otherwise(kind)
    followed = rows.filter(until <= as_of).with_columns(
        said=kind, left=nw.when(nw.col("gone") & (nw.col("spell_end") <= until)).then(nw.lit(1)).otherwise(nw.lit(0))
    )
    found = published_ratios(
        ratios_by(followed, LEFT, by="said", key="customer_id"), smallest=smallest, shares=["left"]
    )
    told = found.rename(columns={"group": "kind", "value": "rate", "people": "customers"}).assign(months=months)
    told["low"] = told["low"].clip(lower=0.0)
    order = told["kind"].map({name: place for place, name in enumerate(KINDS)})
    return told.iloc[np.argsort(order.to_numpy("float64"), kind="stable")][list(RATES)].reset_index(drop=True)


def _hazards(rows: Rows, as_of: dt.date, smallest: int) -> Hazards:
    """A Cox model by tenure with late entry, a baseline for each contract, followed to the next answer or a year."""
    contract = "contract" + SUFFIX
    names = ["customer_id", "survey_id", "answered_on", "spell_start", "spell_end", "gone", "nps"]
    names += [contract] if contract in rows.collect_schema().names() else []
    order = ["customer_id", "answered_on", "survey_id"]
    episodes = _episodes(to_pandas(rows.select(*names).sort(*order)), as_of)
    kept = sampled(episodes, order_by=["answered_on", "survey_id"])
    kinds = kind_of(kept["nps"].to_numpy("float64"))
    left = {kind: int(kept.loc[kinds == kind, "event"].sum()) for kind in KINDS}
    total = sum(left.values())
    few = Hazards(*(float("nan"),) * 3, total, len(kept), "too few left after an answer")
    if total < FEWEST or min(left["promoter"], left["detractor"]) < smallest:
        return few
    covariates = pd.DataFrame({kind: (kinds == kind) * 1.0 for kind in KINDS[1:] if (kinds == kind).any()})
    strata = kept.get(contract, None)
    try:
        fit = fit_cox(covariates, times=kept[["entry", "exit", "event"]], strata=strata, cluster=kept["customer_id"])
    except NoMaximum:
        return few
    row = fit.coefficients.set_index("covariate").loc["detractor"]
    ratio, low, high = (float(np.exp(row[name])) for name in ("coefficient", "low", "high"))
    return Hazards(ratio, low, high, total, len(kept), "")


def _episodes(rows: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """From each answer to the next one of the same customer, the end, or a year later, in months of tenure."""
    days = {name: pd.to_datetime(rows[name]) for name in ("answered_on", "spell_start", "spell_end")}
    following = days["answered_on"].groupby(rows["customer_id"]).shift(-1)
    last = days["answered_on"] + pd.DateOffset(months=max(HORIZONS))
    ends = pd.concat([days["spell_end"], following, last], axis=1).min(axis=1).clip(upper=pd.Timestamp(as_of))
    event = (rows["gone"].astype(bool) & (ends == days["spell_end"])).astype("int64")
    entry = (days["answered_on"] - days["spell_start"]).dt.days / DAYS_PER_MONTH
    leave = (ends - days["spell_start"]).dt.days / DAYS_PER_MONTH
    made = rows.assign(entry=entry, exit=leave, event=event)
    return made[made["exit"] > made["entry"]].reset_index(drop=True)


def hazard_kpis(after: After) -> list[Kpi]:
    """The ratio of hazards, where it can be told."""
    found = after.hazards
    if np.isnan(found.ratio):
        return []
    return [Kpi("detractor_hazard_ratio", found.ratio, found.answers, found.low, found.high)]
