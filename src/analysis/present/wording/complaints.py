"""Sentences about complaints: their time limits, which are overdue, and the few causes of most of them."""

from __future__ import annotations

import pandas as pd

from analysis.frames.desk import NOT_GRADED, ServiceRules
from analysis.measures.root_causes import MOST, OTHERS
from analysis.models.served import Served
from analysis.present.numbers import count, decimal, finite, money, percent, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, at_least_few, capital, listed

NAMED = 5  # causes that a title names; of more, the first and how many others
HEAVIER = 0.02  # of the cost, beyond the share of complaints, from which a cause is said to be dear
NOT_TOLD = "The source does not say which contacts are complaints"


def complaint_finding(figures: pd.DataFrame, served: Served, *, smallest: int) -> str:
    """How many complaints, how many in time, and how many are open too long."""
    lack = _lack(served, smallest)
    if lack:
        return f"{lack}."
    first = f"{count(served.counts['all'])} contacts of the quarter are complaints"
    row = figures.set_index("metric").loc["complaints_in_time"]
    if finite(row["value"]) is not None:
        between = spread(row["low"], row["high"], percent)
        first += (
            f"; {percent(row['value'])}{'' if between == MISSING else f' ({between})'} were closed within their limit"
        )
    return f"{first}. {_open(served, smallest)}"


def _lack(served: Served, smallest: int) -> str:
    if not served.given:
        return "Complaints cannot be told: the source gives no tickets"
    if not served.counts["told"]:
        return NOT_TOLD
    many = served.counts["all"]
    if not many and not served.waiting["open"]:
        return "No contact of the quarter is a complaint, and none is open"
    if many < smallest:
        return (
            f"Fewer than {smallest} contacts of the quarter are complaints: nothing more is told of them"
            if many
            else ""
        )
    return ""


def _open(served: Served, smallest: int) -> str:
    """How many are open at the as-of date, and how many of them for too long."""
    waiting = served.waiting
    if not waiting["open"]:
        return "None is open." if _closing_told(served) else "The source does not say which are open."
    said = f"{capital(at_least_few(waiting['open'], 'complaint is', 'complaints are', smallest=smallest))} open"
    few = waiting["open_people"] < smallest
    rest = waiting["open_people"] - waiting["overdue_people"]
    if not waiting["limited"] or few or 0 < rest < smallest:
        return f"{said}."
    late = at_least_few(waiting["overdue"], "is", "are", smallest=smallest)
    return f"{said}, of which {late} overdue." if waiting["overdue"] else f"{said}, none of them overdue."


def _closing_told(served: Served) -> bool:
    return len(served.closings) > 0 or (served.statuses["state"] != "not told").any()


def grade_rows(served: Served) -> pd.DataFrame:
    """The grades as the table shows them."""
    return served.grades.assign(grade=served.grades["grade"].astype(object))


def grade_words(served: Served, *, smallest: int) -> Captions:
    """Above the table of grades."""
    subtitle = (
        "Complaints of the quarter by grade, and those open at the as-of date whenever they were opened; hours of "
    )
    subtitle += "the calendar, nights and weekends counted"
    if _lack(served, smallest) or served.grades.empty:
        return {"finding": "There are no grades of complaints to show", "subtitle": subtitle}
    known = served.grades[served.grades["in_time"].notna() & ~served.grades["in_time_masked"]]
    if known.empty and served.grades["in_time_masked"].any():
        return {"finding": "Too few complaints to tell how many were closed in time", "subtitle": subtitle}
    if known.empty:
        return {"finding": "Whether complaints were closed in time cannot be told", "subtitle": subtitle}
    worst = known.loc[known["in_time"].idxmin()]
    if worst["in_time"] == 1 and served.grades["in_time_masked"].any():
        names = listed([str(name) for name in known["grade"]])
        return {"finding": f"Of the grades told, all complaints were closed in time: {names}", "subtitle": subtitle}
    if worst["in_time"] == 1:
        return {"finding": "Every complaint that can be judged was closed in time", "subtitle": subtitle}
    limit = f"{decimal(worst['limit'], 0)} hours"
    finding = f"Furthest from its limit{_of_told(served.grades)}: grade “{worst['grade']}”, "
    finding += f"{percent(worst['in_time'], 0)} closed within {limit}"
    return {"finding": finding, "subtitle": subtitle}


def _of_told(grades: pd.DataFrame) -> str:
    """A limit to what a title says, where a grade is masked."""
    return ", of the grades told" if grades["in_time_masked"].any() else ""


def shown_grades(served: Served, *, smallest: int) -> pd.DataFrame:
    """The rows of the table of grades; none where nothing may be told of complaints."""
    return grade_rows(served).iloc[:0] if _lack(served, smallest) else grade_rows(served)


def complaint_bullets(served: Served, rules: ServiceRules, *, smallest: int) -> list[str]:
    """How complaints were graded, and what is not known of them."""
    counts = served.counts
    if _lack(served, smallest) or not counts["all"]:
        return ["There are no complaints to grade."]
    limits = [f"{name} {decimal(hours, 0)} hours" for name, hours in rules.limit_hours.items()]
    said = [f"Time limits come from the params: {listed(limits)}."] if limits and counts["limited"] else []
    if counts["without"]:
        why = (
            "their severity is none that the params know"
            if counts["unknown"]
            else "the source gives no severity of them"
        )
        if 0 < counts["unknown"] < counts["without"]:
            why = "their severity is missing, or none that the params know"
        many = at_least_few(counts["without"], "complaint is", "complaints are", smallest=smallest)
        said.append(f"{capital(many)} {NOT_GRADED} and without a time limit: {why}.")
    if counts["repeated"] and rules.repeated_grade:
        many = at_least_few(counts["repeated"], "complaint was", "complaints were", smallest=smallest)
        said.append(
            f"{capital(many)} repeated (the customer had complained in the {count(rules.repeated_days)} days before) "
            f"and graded {rules.repeated_grade} at least."
        )
    return said


def cause_words(causes: pd.DataFrame, served: Served, *, smallest: int) -> Words:
    """Around the causes of complaints."""
    subtitle = "Complaints of the quarter by category: share of all, and the shares added up; the line marks "
    subtitle += percent(MOST, 0)
    vital = causes[causes["vital"]]
    if vital.empty:
        lack = _lack(served, smallest)
        finding = lack or _no_cause(served)
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    share = vital["share"].sum()
    more = [f"{count(len(vital) - NAMED)} more"] if len(vital) > NAMED else []
    names = listed([*(str(name) for name in vital["category"].head(NAMED)), *more])
    told = [f"{row.category} {percent(row.share, 0)}" for row in causes.itertuples()]
    if share < MOST - 1e-9:  # most of the rest is told together: these are not what most complaints come from
        verb = "makes" if len(vital) == 1 else "together make"
        finding = f"No few categories make up most complaints: {names} {verb} up {percent(share, 0)}"
    elif len(vital) == 1:
        finding = f"One category, {names}, makes up {percent(share, 0)} of the complaints"
    else:
        finding = f"{count(len(vital))} causes make up {percent(share, 0)} of the complaints: {names}"
    return {
        "finding": finding,
        "subtitle": subtitle,
        "alt": f"{finding}. {capital(listed(told))}.",
    }


def _no_cause(served: Served) -> str:
    """Why no category stands out as a cause."""
    if served.counts["categorised"]:
        return "What complaints are about is not told by category: too few customers complained of each"
    if not served.counts["all"]:
        return "No contact of the quarter is a complaint"
    return "What complaints are about cannot be told by category: the source gives none"


def cause_bullets(causes: pd.DataFrame, *, currency: str, costs_told: bool) -> list[str]:
    """What the few causes cost."""
    vital = causes[causes["vital"]]
    if not costs_told:
        return ["What the causes cost is not told: the source gives no cost of contacts."]
    if vital.empty:
        return ["What the causes cost is not told: no cause is told."]
    dearest = causes[~causes["category"].eq(OTHERS)]
    dear = dearest.loc[(dearest["cost_share"] - dearest["share"]).idxmax()]
    total = money(causes["cost"].sum(), currency, 0)
    part = percent(vital["cost_share"].sum(), 0)
    one = len(vital) == 1
    which = f"{vital['category'].iloc[0]} makes up" if one else "the causes named above make up"
    said = f"Complaints cost {total} in the quarter; {which} {part} of that."
    if dear["cost_share"] - dear["share"] > HEAVIER:
        shares = f"({percent(dear['cost_share'], 0)}) than in number ({percent(dear['share'], 0)})"
        said += f" {capital(str(dear['category']))} weighs more in cost {shares}."
    return [said]
