"""Everything that is told about leads: how many become customers, when, and what those still open are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.leads import followed_leads
from analysis.frames.observation import Observation
from analysis.measures.lead_conversion import conversion_by, lead_conversion, ripe_quarters
from analysis.models.lead_chances import LeadCourse, chances_by_age, lead_course, open_lead_chances
from analysis.models.lead_value import lead_values, worth_of_leads, worth_of_won

Rows = nw.LazyFrame[Any]


@dataclass(frozen=True)
class LeadStudy:
    """What is told about leads.

    quarters : table of `lead_conversion`, oldest first, of every quarter whose leads were followed long enough.
    values : table of `lead_values`; no row where there is no such quarter.
    course : when leads become customers.
    open_leads : private: one row per open lead, by id: `lead_id`, `channel`, `segment`, `created_at`, `days`, `chance`
        (that it still becomes a customer), `fresh` (of a new lead of its kind), `worth` (of a customer won from such
        leads), `expected_value` (chance × worth); worth and value are missing where nothing tells them.
    ages : table of `chances_by_age`.
    """

    quarters: pd.DataFrame
    values: pd.DataFrame
    course: LeadCourse
    open_leads: pd.DataFrame
    ages: pd.DataFrame


def lead_study(
    tables: Mapping[str, Rows],
    observation: Observation,
    *,
    customer_value: Rows | None,
    engine: Engine,
    smallest: int,
) -> LeadStudy | None:
    """What is told about leads; None where the source gives none.

    Parameters
    ----------
    tables : the population's.
    customer_value : table with `customer_id` and `clv`; None where nobody has a value.
    """
    if "leads" not in tables:
        return None
    leads = engine.table(followed_leads(tables, observation))
    ripe = ripe_quarters(observation)
    won = worth_of_won(leads, customer_value, as_of=observation.as_of)
    course = lead_course(leads, smallest=smallest)
    waiting = _open(leads, course, won)
    by_class = conversion_by(leads, ripe, smallest=smallest)
    return LeadStudy(
        lead_conversion(leads, ripe),
        lead_values(by_class, won, smallest=smallest),
        course,
        waiting,
        chances_by_age(course, waiting["days"], smallest=smallest),
    )


def _open(leads: Rows, course: LeadCourse, won: pd.DataFrame) -> pd.DataFrame:
    kept = leads.filter(nw.col("converted") == 0).select("lead_id", "channel", "segment", "created_at", "days")
    rows = to_pandas(kept.sort("lead_id"))
    chance, fresh = open_lead_chances(course, rows)
    worth = worth_of_leads(won, rows)
    value = np.round(chance * worth, 2) if course.horizon else np.full(len(rows), np.nan)
    return rows.assign(chance=chance, fresh=fresh, worth=worth, expected_value=value)


def open_of(study: LeadStudy | None) -> pd.DataFrame:
    """The open leads of a study; none where the source gives no leads."""
    return _NONE_OPEN if study is None else study.open_leads


_TEXTS, _NUMBERS = ("lead_id", "channel", "segment"), ("days", "chance", "fresh", "worth", "expected_value")
_NONE_OPEN = pd.DataFrame(
    {name: pd.Series(dtype="object") for name in _TEXTS}
    | {"created_at": pd.Series(dtype="datetime64[us]")}
    | {name: pd.Series(dtype="float64") for name in _NUMBERS}
)


def lead_kpis(study: LeadStudy | None, *, smallest: int) -> list[Kpi]:
    """Conversion of the newest quarter that was followed long enough, beside the one before; values of leads."""
    if study is None:
        return []
    quarters, values = study.quarters, study.values
    shown = quarters[quarters["converted"].ge(smallest) & (quarters["leads"] - quarters["converted"]).ge(smallest)]
    told = shown.set_index("quarter")
    found: list[Kpi] = []
    if len(quarters) and quarters["quarter"].iloc[-1] in told.index:
        row = told.iloc[-1]
        before = quarters["quarter"].iloc[-2] if len(quarters) > 1 else None
        year = str(Quarter.parse(str(quarters["quarter"].iloc[-1])).year_before)
        earlier = [float(told.loc[one, "share"]) if one in told.index else None for one in (before, year)]
        share = (row["share"], int(row["leads"]), row["low"], row["high"])
        found.append(Kpi("lead_conversion", *share, earlier[0], year_before=earlier[1]))
    for row in values[~values["masked"].astype(bool)].to_dict("records"):
        of = (None, None) if row["dimension"] == "all" else (f"lead {row['dimension']}", row["class"])
        if of[0] is not None:
            found.append(Kpi("lead_conversion_by", row["share"], int(row["leads"]), row["low"], row["high"], None, *of))
        if row["value"] == row["value"]:
            found.append(Kpi("lead_value", row["value"], None, row["value_low"], row["value_high"], None, *of))
    return found
