"""Sentences and tables about what the classes bring, and what each stage is managed for."""

from __future__ import annotations

import pandas as pd

from analysis.measures.class_rules import NOT_AVAILABLE, POTENTIAL, ClassRules
from analysis.present.numbers import count, percent
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, listed

MONEY = ("rfm", "margin_band")  # the dimensions that divide customers by what they bring
STAGES = "lifecycle"


def money_rows(shares: pd.DataFrame) -> pd.DataFrame:
    """Two bars per dimension, of customers and of revenue: `bar`, `class`, `part` (share of the whole)."""
    bars = [
        shares.assign(bar=shares["label"] + name, part=shares[column])
        for name, column in (("", "share"), (": revenue", "revenue_share"))
    ]
    rows = pd.concat(bars, ignore_index=True)
    return rows.sort_values(["label", "bar"], kind="stable", ignore_index=True)


def money_words(shares: pd.DataFrame) -> Words:
    """Around the picture of customers and revenue; `shares` is a table of `class_revenue`."""
    subtitle = "Share of the customers at quarter end, and below it of what was billed to them for the quarter"
    known = shares[shares["class"] != NOT_AVAILABLE].dropna(subset=["revenue_share", "share"])
    if known.empty:
        finding = "What the classes bring cannot be told"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    best = known.loc[(known["revenue_share"] - known["share"]).idxmax()]
    finding = (
        f"{best['label']} “{best['class']}”: {percent(best['share'], 0)} of the customers bring "
        f"{percent(best['revenue_share'], 0)} of the revenue"
    )
    told = listed(
        [
            f"{row['class']} {percent(row['share'])} and {percent(row['revenue_share'])}"
            for row in known.head(12).to_dict("records")
        ]
    )
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. Customers and revenue: {told}."}


def money_table_words(shares: pd.DataFrame) -> Captions:
    """Above the table of what the classes bring: the class that brings least for its size."""
    known = shares[shares["class"] != NOT_AVAILABLE].dropna(subset=["revenue_share", "share"])
    finding = "What the classes bring"
    if (known["revenue_share"] < known["share"]).any():
        least = known.loc[(known["revenue_share"] - known["share"]).idxmin()]
        finding = (
            f"{least['label']} “{least['class']}”: {percent(least['share'], 0)} of the customers bring only "
            f"{percent(least['revenue_share'], 0)} of the revenue"
        )
    return {
        "finding": finding,
        "subtitle": "Customers at quarter end, their share of all, and their share of what was billed for the quarter",
    }


def stage_rows(
    shares: pd.DataFrame, rules: ClassRules, *, leads: int | None, left: int | None, smallest: int
) -> pd.DataFrame:
    """The stages in their order, each with what it is managed for: `stage`, `customers`, `share`, `revenue_share`, …

    `leads` are no customers yet and `left` none any more, so neither has a share; None where the source does not tell.
    Fewer than `smallest` are not shown.
    """
    stage = rules[STAGES]
    known = shares[shares["dimension"] == STAGES].set_index("class")
    beside = {POTENTIAL: leads, "churned": left}
    names = [POTENTIAL, *stage.order, *(name for name in known.index if name not in stage.order)]
    rows = []
    for name in names:
        row = known.loc[name].to_dict() if name in known.index else {}
        number = beside.get(name, row.get("closing"))
        few = number is not None and 0 < number < smallest
        rows.append(
            {
                "stage": name,
                "customers": float("nan") if number is None or few else number,
                "share": row.get("share", float("nan")),
                "revenue_share": row.get("revenue_share", float("nan")),
                "focus": stage.focus.get(name, MISSING),
                "masked": bool(row.get("masked", False)) or few,
            }
        )
    return pd.DataFrame(rows)


def stage_words(stages: pd.DataFrame) -> Captions:
    """Above the table of stages."""
    known = stages.dropna(subset=["share"])
    finding = "Life-cycle stages and what each is managed for"
    if not known.empty:
        largest = known.loc[known["share"].idxmax()]
        finding = f"{percent(largest['share'], 0)} of the customers are “{largest['stage']}”"
    return {
        "finding": finding,
        "subtitle": "Customers at quarter end and their share of revenue; leads not won yet and customers who left "
        "since observation began are counted beside them",
    }


def leads_note(leads: int | None, *, smallest: int) -> str:
    """How many potential customers there are."""
    if leads is None:
        return "The source gives no leads: potential customers are not known."
    told = f"fewer than {smallest}" if 0 < leads < smallest else count(leads)
    return f"Potential customers: {told} leads were open at the as-of date. They are in no class of customers."
