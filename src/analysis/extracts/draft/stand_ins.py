"""Dates of a source that has none: reckoned from the day it was taken, the tenure and the flag of leaving."""

from __future__ import annotations

from collections.abc import Callable, Set

from analysis.extracts.draft.expressions import Line
from analysis.extracts.draft.plan import Planned
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.value_words import TRUE_WORDS
from analysis.extracts.engine import literal

_ASSUMED = "reckoned: the source has no such column"


def stand_in_lines(plan: Planned, place: Callable[[Column], str], drafted: Set[str]) -> list[Line]:
    """signup_date, churn_date, status and birth_year of customers, where only tenure, flag and age are there."""
    if plan.table != "customers":
        return []
    signup, churn = signup_sql(plan, place), churn_sql(plan, place)
    age = plan.match("_age")
    found = []
    if signup and "signup_date" not in drafted:
        found.append(Line("signup_date", signup, [f"{_ASSUMED}, snapshot less tenure"]))
    if churn and "churn_date" not in drafted:
        found.append(
            Line(
                "churn_date",
                f"CASE WHEN {churn} THEN $snapshot_date END",
                [f"{_ASSUMED}, who left is dated to the snapshot"],
            )
        )
    if churn and "status" not in drafted:
        found.append(Line("status", f"CASE WHEN {churn} THEN 'churned' ELSE 'active' END"))
    if age and "birth_year" not in drafted:
        years = f"TRY_CAST({place(age.column)} AS INTEGER)"
        found.append(
            Line("birth_year", f"year($snapshot_date) - {years}", [f"{_ASSUMED}, year of the snapshot less age"])
        )
    return found


def signup_sql(plan: Planned, place: Callable[[Column], str]) -> str | None:
    """The first day of tenure: the snapshot less whole days of its months; None where no column tells tenure."""
    tenure = plan.match("_tenure_months")
    if tenure is None:
        return None
    months = f"TRY_CAST({place(tenure.column)} AS DOUBLE)"
    return f"$snapshot_date - CAST(floor({months} * 30.4375) AS INTEGER)"


def churn_sql(plan: Planned, place: Callable[[Column], str]) -> str | None:
    """Whether a customer has left; None where no column tells."""
    flag = plan.match("_churned")
    if flag is None:
        return None
    true = [value for value in flag.column.listed if value.casefold() in TRUE_WORDS.split("|")]
    return f"{place(flag.column)} IN ({', '.join(map(literal, true)) or literal('1')})"
