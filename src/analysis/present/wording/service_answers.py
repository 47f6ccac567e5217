"""Sentences about how well the service desk answered: the sheet of figures, by group, and how to read them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd

from analysis.basis.metric import METRICS
from analysis.basis.quarter import Quarter
from analysis.frames.after_contact import AFTER, WITHOUT
from analysis.frames.desk import NOT_NAMED, NOW, OTHERS, ServiceRules
from analysis.measures.satisfaction import difference
from analysis.models.served import Served
from analysis.present.numbers import count, decimal, finite, formatted, interval, money, percent, quarter, spread
from analysis.present.table import Column
from analysis.present.wording.phrase import Captions, at_least_few, capital, extremes, inside, listed
from analysis.present.wording.service import beside, contacts_of, figure, told

DIMENSIONS = {"channel": "Channel", "category": "Category", "region": "Region"}
WAYS = {"channel": "by", "category": "about", "region": "from"}
MOST_GROUPS = 12  # of a dimension in the table
SHOWN = (
    "contacts_per_100", "complaints_per_100", "self_service_share", "handling_minutes", "first_contact_resolution",
    "judged_resolution", "lasting_resolution", "hours_to_close", "closed_in_a_day", "cost_per_contact",
    "contact_cost_month", "csat_after_contact", "complaints_in_time",
)  # fmt: skip


def figure_rows(figures: pd.DataFrame, *, currency: str) -> pd.DataFrame:
    """The sheet of figures as the table writes it; what the source does not tell is left out."""
    rows = [_written(row, currency) for row in figures.dropna(subset=["value"]).to_dict("records")]
    shown = pd.DataFrame(rows, columns=["metric", "name", "value", "between", "before", "year"])
    return shown.set_index("metric").reindex([name for name in SHOWN if name in set(shown["metric"])]).reset_index()


def _written(row: dict[Any, Any], currency: str) -> dict[str, str]:
    metric = METRICS[row["metric"]]
    write = partial(formatted, unit=metric.unit, currency=currency)
    if metric.unit == "money":  # of one contact: cents count
        write = partial(money, currency=currency)
    between = spread(row["low"], row["high"], write)
    return {
        "metric": metric.name, "name": metric.label, "value": write(row["value"]), "between": between,
        "before": write(row["previous"]), "year": write(row["year_ago"]),
    }  # fmt: skip


def figure_words(figures: pd.DataFrame, *, now: Quarter) -> Captions:
    """Above the sheet of figures."""
    subtitle = f"Contacts of {quarter(now)}, beside the quarter before and the same quarter a year ago; definitions in "
    subtitle += "the methods chapter"
    row = figure(figures, "lasting_resolution")
    if figures["value"].isna().all():
        return {"finding": "How well the desk answered cannot be told", "subtitle": subtitle}
    if finite(row["value"]) is None:
        return {"finding": "What the source tells of how contacts were answered", "subtitle": subtitle}
    finding = f"{percent(row['value'])} of contacts were resolved at once and needed no second one{beside(row)}"
    return {"finding": finding, "subtitle": subtitle}


def group_rows(served: Served) -> pd.DataFrame:
    """The figures by channel, category and region, the largest groups of each."""
    shown = served.groups.groupby("dimension", sort=False).head(MOST_GROUPS)
    by_channel = shown["dimension"] == "channel"  # a channel is self-service or is not: all or none of it
    alone = shown["self_service"].mask(by_channel)
    return shown.assign(dimension=shown["dimension"].map(DIMENSIONS), self_service=alone)


def told_rows(rows: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """The rows; none where none of the columns has a figure."""
    return rows if any(one.align != "text" for one in filled(rows, columns)) else rows.iloc[:0]


def filled(rows: pd.DataFrame, columns: Sequence[Column]) -> list[Column]:
    """The columns of which at least one row has a value; those of names always."""
    return [one for one in columns if one.align == "text" or rows[list(one.names)].notna().any().any()]


def asked_words(served: Served, *, now: Quarter) -> Captions:
    """Above what was asked by channel, category and region."""
    subtitle = f"Contacts of {quarter(now)}, with what the source tells of them; the largest of each"
    known = served.groups[~served.groups["contacts_masked"].astype(bool)]
    known = known[~known["group"].isin([NOT_NAMED, OTHERS])]
    if known.empty:
        return {"finding": "Contacts are not told apart by channel, category or region", "subtitle": subtitle}
    firsts = known.sort_values(["contacts", "group"], ascending=[False, True]).groupby("dimension", sort=False).first()
    whole = contacts_of(served)["bottom"]
    rows = [(way, firsts.loc[name]) for name, way in WAYS.items() if name in firsts.index]
    named = [f"{way} {row['group']} ({percent(row['contacts'] / whole, 0)})" for way, row in rows]
    return {"finding": f"Contacts came most often {listed(named)}", "subtitle": subtitle}


def group_words(served: Served, *, now: Quarter) -> Captions:
    """Above how contacts were answered by channel, category and region."""
    subtitle = f"Contacts of {quarter(now)}; resolved at once as the source says, and without a further contact after, "
    subtitle += "both of the contacts of known customers that can be judged; the largest of each"
    rows = served.groups[~served.groups["lasting_masked"].astype(bool)].rename(columns={"group": "name"})
    best: tuple[float, str, pd.Series, pd.Series] | None = None
    for dimension, part in rows.groupby("dimension", sort=False):
        ends = extremes(part, "lasting")
        if ends is not None and ends[0]["lasting_low"] > ends[1]["lasting_high"]:
            gap = float(ends[0]["lasting"] - ends[1]["lasting"])
            if best is None or gap > best[0]:
                best = (gap, str(dimension), *ends)
    if best is not None:
        most, least = best[2], best[3]
        each = [f"{percent(row['lasting'], 0)} of “{row['name']}”" for row in (most, least)]
        finding = f"What is resolved at once and for good differs most by {inside(best[1])}: {', '.join(each)}"
        return {"finding": finding, "subtitle": subtitle}
    if served.groups.empty:
        return {"finding": "Contacts are not told apart by channel, category or region", "subtitle": subtitle}
    resolved = rows["lasting"].notna().any()
    finding = "No channel, category or region stands out clearly"
    if not resolved:
        finding = "Whether contacts were resolved is not told by channel, category or region"
    return {"finding": finding, "subtitle": subtitle}


def answered_bullets(
    figures: pd.DataFrame, served: Served, *, rules: ServiceRules, per_contact: str, smallest: int
) -> list[str]:
    """How the figures are counted, and what cannot be told."""
    if contacts_of(served)["people"] < smallest:
        return ["There is nothing to read."]
    return [
        *_resolution(figures, served, rules, smallest),
        *_closing(figures, served),
        *_costs(served, per_contact, smallest),
        *_said(served, rules),
    ]


def _ratio(served: Served, name: str) -> pd.Series | None:
    rows = served.periods[(served.periods["ratio"] == name) & (served.periods["group"] == NOW)]
    return rows.iloc[0] if len(rows) else None


def _resolution(figures: pd.DataFrame, served: Served, rules: ServiceRules, smallest: int) -> list[str]:
    if not told(figures, "first_contact_resolution"):
        return [_unresolved(served)]
    names = ("first_contact_resolution", "judged_resolution", "lasting_resolution")
    first, judged, lasting = (finite(figure(figures, name)["value"]) for name in names)
    if lasting is None:
        return []
    counts = _ratio(served, "too_new")
    new = 0 if counts is None else counts["top"]
    many = at_least_few(new, "contact", "contacts", smallest=smallest)
    left = f"; {many} of the last {count(rules.follow_up_days)} days cannot be judged yet and are left out"
    said = f"As the source says, {percent(first)} of all contacts were resolved at first contact. "
    said += "Of those of known customers that can be judged "
    both = "" if judged is None else f"{percent(judged)} were, and "
    after = f"without a further contact of the same customer within {count(rules.follow_up_days)} days"
    return [f"{said}{both}{percent(lasting)} {after}{left if new else ''}."]


def _unresolved(served: Served) -> str:
    """Why it is not told how many contacts were resolved at once."""
    row = _ratio(served, "resolved")
    if row is None or not row["bottom"]:
        return "The source does not say which contacts were resolved at once."
    return "How many contacts were resolved at once is not told: too few customers were, or too few were not."


def _closing(figures: pd.DataFrame, served: Served) -> list[str]:
    if told(figures, "hours_to_close") or told(figures, "closed_in_a_day"):
        return []
    if (served.closings["group"] == NOW).any():
        return ["How long contacts stay open is not told: half of them are open still, or too few were closed."]
    if served.statuses.empty:
        return ["How long contacts stay open is not told: the source gives no day of closing."]
    each = [f"{row.status} {count(row.tickets)}" for row in served.statuses.itertuples()]
    said = "How long contacts stay open is not told: the source gives no day of closing."
    return [f"{said} By its own words they stand so: {listed(each)}."]


def _costs(served: Served, per_contact: str, smallest: int) -> list[str]:
    row = _ratio(served, "costed")
    if row is None or row["value"] == 1:
        return []
    if not row["top"]:
        return [f"The source gives no cost of contacts; elsewhere in this report each counts as {per_contact}."]
    many = at_least_few(row["bottom"] - row["top"], "contact has", "contacts have", smallest=smallest)
    return [f"{capital(many)} no cost of their own and count as {per_contact} each."]


def _said(served: Served, rules: ServiceRules) -> list[str]:
    gap, low, high = difference(served.csat)
    if finite(gap) is None:
        return []
    rows = served.csat[served.csat["period"] == NOW].set_index("after")["value"]
    way = "lower" if gap < 0 else "higher"
    ends = _ends(low, high) if low > 0 or high < 0 else ""
    far = f"{decimal(abs(gap), 2)} {way} ({ends})" if ends else "a difference that chance explains"
    said = f"Satisfaction is {decimal(rows[AFTER], 2)} of 5 within {count(rules.survey_days)} days after a contact and "
    said += f"{decimal(rows[WITHOUT], 2)} without one, {far}."
    return [f"{said} Who contacts the desk has a reason to: it is not what the contact did."]


def _ends(low: float, high: float) -> str:
    """The interval of a difference that is sure of its sign, as sizes."""
    near, far = sorted((abs(low), abs(high)))
    return interval(near, far, partial(decimal, places=2))


def costs_told(served: Served) -> bool:
    """Whether the source gives the cost of any of the quarter's contacts."""
    row = _ratio(served, "costed")
    return row is not None and row["top"] > 0
