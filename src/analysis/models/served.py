"""Everything the chapter on service tells of the desk, from the contract tables to what may be published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd
import pyarrow as pa

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.after_contact import answers_told
from analysis.frames.desk import NOW, ServiceRules, desk
from analysis.measures import complaints as graded
from analysis.measures.class_rules import ClassRules
from analysis.measures.contact_rates import customer_quarters, elsewhere, first_classes, quarterly_rates, rates_by_class
from analysis.measures.desk_figures import by_class, by_group, by_period
from analysis.measures.root_causes import hidden_alike, hidden_complaints, root_causes
from analysis.measures.satisfaction import satisfaction, satisfaction_by_group
from analysis.models.time_to_close import closing, closing_by_group

Rows = nw.LazyFrame[Any]

_TICKETS = pa.schema(
    [
        (name, pa.string())
        for name in ("ticket_id", "customer_id", "status", "channel", "category", "text", "severity", "region")
    ]
    + [(name, pa.timestamp("us")) for name in ("opened_at", "closed_at")]
    + [("handle_minutes", pa.float64()), ("cost", pa.decimal128(18, 4))]
    + [(name, pa.bool_()) for name in ("is_complaint", "resolved_first_contact", "mentions_competitor")]
)


@dataclass(frozen=True)
class Asked:
    """What the figures are made of: tables of the population and stage tables, and the rules of reading."""

    tables: Mapping[str, Rows]
    months: Rows
    exposures: Rows
    rules: ServiceRules
    dimensions: ClassRules
    as_of: dt.date
    covered: dt.date
    per_contact: float
    smallest: int

    @property
    def quarter(self) -> Quarter:
        """The quarter reported."""
        return Quarter.of(self.as_of)

    def tickets(self, engine: Engine) -> Rows:
        """The tickets; an empty table where the source gives none."""
        return self.tables["tickets"] if "tickets" in self.tables else engine.table(_TICKETS.empty_table())


@dataclass(frozen=True)
class Served:
    """How customers were served, as tables that may be published; of a source without tickets all are empty.

    `covered` : whether tickets are filled from the quarter's first day on, or earlier.
    `contacts` and `complaints` are rows in the engine, for what else is asked of them. `periods`, `groups`, `rates`,
    `classes`, `whose`, `closings`, `csat`, `in_time`, `grades`, `waiting`, `causes` are those of the functions that
    make them; `statuses` counts the quarter's tickets by the source's own word.
    """

    given: bool
    covered: bool
    contacts: Rows
    complaints: Rows
    periods: pd.DataFrame
    groups: pd.DataFrame
    rates: pd.DataFrame
    classes: pd.DataFrame
    whose: dict[str, int]
    closings: pd.DataFrame
    csat: pd.DataFrame
    in_time: pd.DataFrame
    grades: pd.DataFrame
    waiting: dict[str, float]
    counts: dict[str, int]
    causes: pd.DataFrame
    statuses: pd.DataFrame


def served(asked: Asked, *, engine: Engine) -> Served:
    """How the service desk served customers in the quarter, beside the quarter before and the same a year ago."""
    given, tickets = "tickets" in asked.tables, asked.tickets(engine)
    read = desk(tickets, asked.rules, as_of=asked.as_of, covered=asked.covered, per_contact=asked.per_contact)
    contacts = engine.table(read)
    own = engine.table(graded.complaints(contacts))
    by_customer = engine.table(customer_quarters(contacts, asked.months, covered=asked.covered))
    now = by_customer.filter(nw.col("quarter") == asked.quarter.first_day)
    small = asked.smallest
    grouped = by_group(contacts, smallest=small)
    causes = root_causes(own, smallest=small, hidden=hidden_complaints(grouped))
    alike = hidden_alike(grouped, causes)
    return Served(
        given, asked.covered <= asked.quarter.first_day, contacts, own,
        periods=by_period(contacts),
        groups=_with_closing(alike, contacts, _answers(asked, contacts, engine), small),
        rates=quarterly_rates(by_customer, smallest=small),
        classes=_classes(asked, now, contacts),
        whose=elsewhere(contacts, by_customer, quarter=asked.quarter),
        closings=closing(contacts, by="period", smallest=small),
        csat=satisfaction(_answers(asked, contacts, engine), smallest=small),
        in_time=graded.in_time_by_period(own),
        grades=graded.by_grade(own, asked.rules, smallest=small),
        waiting=graded.waiting_in_all(own),
        counts=graded.complaint_counts(contacts, own),
        causes=causes,
        statuses=_statuses(contacts, small),
    )  # fmt: skip


def _classes(asked: Asked, now: Rows, contacts: Rows) -> pd.DataFrame:
    """How often each class contacts the desk, beside what was resolved for good and came by self-service."""
    dimensions, smallest = asked.dimensions, asked.smallest
    rates = rates_by_class(now, asked.exposures, dimensions=dimensions, smallest=smallest)
    if not to_pandas(now.select(n=nw.col("contacts").sum()))["n"].fillna(0).iloc[0]:
        rates = rates.iloc[
            :0
        ]  # without a single contact there are no tickets of the quarter, and not none per customer
    classes = first_classes(asked.exposures, dimensions)
    answers = by_class(contacts, classes, dimensions=dimensions, smallest=smallest)
    joined = rates.merge(answers, on=["dimension", "class"], how="left")
    flags = [f"{name}_masked" for name in ("lasting", "self_service")]
    return joined.assign(**{flag: joined[flag].astype("boolean").fillna(False).astype(bool) for flag in flags})


def _answers(asked: Asked, contacts: Rows, engine: Engine) -> Rows:
    empty = pa.schema(
        [(name, pa.string()) for name in ("survey_id", "customer_id")]
        + [("answered_at", pa.timestamp("us")), ("csat_score", pa.int64())]
    ).empty_table()
    surveys = asked.tables["surveys"] if "surveys" in asked.tables else engine.table(empty)
    told = answers_told(surveys, contacts, days=asked.rules.survey_days, as_of=asked.as_of, covered=asked.covered)
    return engine.table(told)


def _with_closing(groups: pd.DataFrame, contacts: Rows, answers: Rows, smallest: int) -> pd.DataFrame:
    """The groups with the hours until half of their tickets are closed, and satisfaction after a contact."""
    hours = closing_by_group(contacts, smallest=smallest)[["dimension", "group", "median"]]
    csat = satisfaction_by_group(answers, smallest=smallest)[["dimension", "group", "value", "masked"]]
    named = csat.rename(columns={"value": "csat", "masked": "csat_masked"})
    joined = groups.merge(hours, on=["dimension", "group"], how="left").merge(
        named, on=["dimension", "group"], how="left"
    )
    joined = joined.assign(**dict.fromkeys(_telling_nothing(joined), float("nan")))
    few = joined["contacts_masked"].astype(bool)
    unasked = joined["csat_masked"].astype("boolean").fillna(False).astype(bool)
    return joined.assign(median=joined["median"].mask(few), median_masked=few, csat_masked=unasked)


def _telling_nothing(groups: pd.DataFrame) -> list[str]:
    """Figures that tell no group from another: what each is taken to cost, and shares that are all none or all one."""
    alike = [name for name in ("self_service", "complaints") if groups[name].dropna().isin([0, 1]).all()]
    by_channel = groups.loc[groups["dimension"] == "channel", "self_service"]
    alike = [name for name in alike if name != "self_service" or not by_channel.gt(0).any()]
    assumed = [] if groups["costed"].gt(0).any() else ["cost"]
    return [f"{name}{end}" for name in [*alike, *assumed] for end in ("", "_low", "_high")]


def _statuses(contacts: Rows, smallest: int) -> pd.DataFrame:
    """The quarter's tickets by status, the most frequent first; those of too few are told together, or not at all."""
    own = contacts.filter((nw.col("period") == NOW) & ~nw.col("status").is_null())
    counted = own.group_by("status", "state").agg(tickets=nw.len(), people=nw.col("caller").n_unique())
    found = to_pandas(counted).sort_values(["tickets", "status"], ascending=[False, True], ignore_index=True)
    enough = (found["people"] >= smallest).all()
    return found[["status", "state", "tickets"]] if enough else found.iloc[0:0][["status", "state", "tickets"]]
