"""Surveys of a run, with the classes their customers were in when asked, beside everyone on the books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.observation import Observation
from analysis.frames.surveyed import number_of, on_the_books, sent_surveys
from analysis.measures.class_rules import NOT_AVAILABLE, SUFFIX, ClassRules
from analysis.measures.classes import classified

Rows = nw.LazyFrame[Any]

QUARTERS = 5  # that are told: the last one, and as many before it as make a year
BALANCED = ("customer_type", "age", "lifecycle", "contract", "technology")  # what answers are weighted by
TOLD = (*BALANCED, "area", "region")  # what scores are told by


@dataclass(frozen=True)
class Surveys:
    """Attributes
    ----------
    given : whether the source gives surveys.
    sent : table, one row per survey, see `frames.surveyed.sent_surveys`, with `<dimension>_class` columns.
    answers : table, the last answer of each customer in each quarter that is told: `quarter`, `customer_id`, `nps`,
        `csat`, the classes.
    base : table, one row per quarter and cell of classes: `quarter`, the classes, `customers` on the books at its end.
    dimensions : class columns that answers are weighted by.
    told : class columns that scores are told by.
    quarters : those told, the last one first.
    """

    given: bool
    sent: Rows
    answers: pd.DataFrame
    base: pd.DataFrame
    dimensions: tuple[str, ...]
    told: tuple[str, ...]
    quarters: tuple[Quarter, ...]

    def answered_in(self, quarter: Quarter, score: str) -> pd.DataFrame:
        """The answers of a quarter that give a score."""
        rows = self.answers[self.answers["quarter"] == number_of(quarter)]
        return rows[rows[score].notna()].reset_index(drop=True)

    def base_of(self, quarter: Quarter) -> pd.DataFrame:
        """The cells of everyone on the books at the end of a quarter."""
        return self.base[self.base["quarter"] == number_of(quarter)].reset_index(drop=True)


def survey_rows(
    tables: Mapping[str, Rows], spells: Rows, observation: Observation, rules: ClassRules, *, engine: Engine
) -> Surveys:
    """The surveys of a run; without rows where the source gives none, or nobody can be followed.

    Classes are those of the rules that need no more than profile, products and tenure; a rule that reads use or bills
    is passed over.
    """
    quarters = _quarters(observation)
    told = tuple(name for name in TOLD if name in rules)
    chosen = {name: rules[name] for name in told}
    everyone = tables["customers"].filter(nw.col("customer_id").is_null()).select("customer_id")
    if "surveys" not in tables or "sent_at" not in tables["surveys"].collect_schema().names():
        return Surveys(False, everyone, pd.DataFrame(), pd.DataFrame(), (), (), quarters)
    sent = engine.table(classified(sent_surveys(tables, spells, observation), chosen))
    days = [quarter.last_day for quarter in quarters]
    there = classified(on_the_books(tables, spells, observation, days), chosen)
    classes = tuple(name + SUFFIX for name in told)
    base = _cells(there, [name for name in classes if name.removesuffix(SUFFIX) in BALANCED])
    answers = _last_answers(sent, number_of(quarters[-1]), classes)
    known = [name for name in classes if (answers[name] != NOT_AVAILABLE).any()]
    balanced = tuple(name for name in known if name.removesuffix(SUFFIX) in BALANCED)
    return Surveys(True, sent, answers, base, balanced, tuple(known), quarters)


def _quarters(observation: Observation) -> tuple[Quarter, ...]:
    seen = list(observation.quarters)[::-1][:QUARTERS]
    return tuple(seen or [Quarter.of(observation.as_of)])


def _cells(there: Rows, classes: list[str]) -> pd.DataFrame:
    """Customers by quarter and cell; the last day of a quarter is the landmark."""
    after = nw.col("landmark")
    number = (after.dt.year() * 4 + (after.dt.month() - 1) // 3).cast(nw.Int64)
    counted = there.with_columns(quarter=number).group_by("quarter", *classes).agg(customers=nw.len())
    return to_pandas(counted.sort("quarter", *classes))


def _last_answers(sent: Rows, since: int, classes: tuple[str, ...]) -> pd.DataFrame:
    """The last answer of each customer in each quarter from one on."""
    given = sent.filter((nw.col("answered") == 1) & (nw.col("quarter") >= since))
    turn = nw.col("survey_id").cum_count().over("customer_id", "quarter", order_by=["answered_on", "survey_id"])
    numbered = given.with_columns(turn=turn)
    last = numbered.with_columns(last=nw.col("turn").max().over("customer_id", "quarter"))
    kept = last.filter(nw.col("turn") == nw.col("last"))
    rows = to_pandas(kept.select("quarter", "customer_id", "nps", "csat", *classes).sort("quarter", "customer_id"))
    return rows.astype({"nps": "float64", "csat": "float64"})
