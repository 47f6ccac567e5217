"""Sentences about who is likely to stop paying, and why that is another matter than who wants to leave."""

from __future__ import annotations

import pandas as pd

from analysis.models.credit_study import Study
from analysis.models.default_study import Overlap
from analysis.models.payment_default import MODEL, NULL, RULE, Judged
from analysis.present.numbers import count, day, decimal, percent, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words

WAY_NAMES = {MODEL: "Regression", RULE: "Late in the last 6 months", NULL: "The same for everybody"}
UNJUDGED = (
    "Who is likely to stop paying cannot be judged: too few customers fell more than 60 days behind in the quarters on "
    "record."
)
UNTOLD = "Who is likely to stop paying cannot be told: that takes bills, and on record who paid them."
APART = (
    "Who does not pay is another matter than who wants to leave: no retention offer is meant for it. What helps is a "
    "reminder in time, a way to pay in parts, or direct debit."
)
BY_CHANCE = 0.1  # share of any tenth that is in any other tenth, were the two unrelated


def verdict(found: Judged | None, *, told: bool = True) -> str:
    """Whether the regression tells more than a plain rule, and which of the two is used.

    `told` is whether bills tell who pays.
    """
    if found is None:
        return UNJUDGED if told else UNTOLD
    by = found.table.set_index("way")
    rule = by.loc[RULE]
    if MODEL not in by.index:
        return (
            f"A plain rule tells who stops paying: AUC {decimal(rule['auc'], 2)}; there was nothing else to learn from."
        )
    model = by.loc[MODEL]
    auc = f"AUC {decimal(model['auc'], 2)} ({_between(model, 'auc')}) against {decimal(rule['auc'], 2)}"
    if found.used == MODEL:
        return f"How customers paid so far tells who will stop paying, better than the plain rule: {auc}."
    return (
        f"The regression does not tell clearly more than the plain rule whether a bill was late in the last 6 months: "
        f"{auc}. So the rule is used."
    )


def _between(row: pd.Series, name: str) -> str:
    return spread(row[f"{name}_low"], row[f"{name}_high"], lambda end: decimal(end, 2))


def way_rows(found: Judged) -> pd.DataFrame:
    """The ways of telling as the table names them."""
    return found.table.assign(name=found.table["way"].map(WAY_NAMES))


def way_words(found: Judged, *, smallest: int) -> Captions:
    """Above the table of ways of telling."""
    rows = found.rows
    came = int(rows["default"].sum())
    told = count(came) if came >= smallest else f"fewer than {smallest}"
    subtitle = (
        f"{count(len(rows))} customers not more than 60 days overdue on {day(found.landmark)}, of whom {told} "
        f"fell behind by more within 3 months, or were cut off; learned from earlier quarters. AUC: 0.5 "
        "is chance, 1 is sure. "
        "Brier score: squared error, lower is better"
    )
    ratio = found.table.set_index("way").loc[found.used]
    between = _between(ratio, "ratio")
    known = "" if between == MISSING else f" ({between})"
    finding = f"{WAY_NAMES[found.used]}: {decimal(ratio['ratio'], 2)} times as many as foretold stopped paying{known}"
    return {"finding": finding, "subtitle": subtitle}


GROUP_NAMES = ("The likeliest tenth", "The next tenth", "All others")


def group_rows(groups: pd.DataFrame) -> pd.DataFrame:
    """The groups as the table names them."""
    return groups.assign(name=[GROUP_NAMES[int(group)] for group in groups["group"]])


def tenth_words(found: Judged, groups: pd.DataFrame) -> Captions:
    """Above the table of foretold against real defaults."""
    subtitle = f"Share who fell more than 60 days behind within 3 months of {day(found.landmark)}, foretold and real"
    known = groups.dropna(subset=["observed"])
    if known.empty:
        return {"finding": "How many fell behind cannot be told by group", "subtitle": subtitle}
    row = known.iloc[0]
    finding = f"{row['name']}: {percent(row['predicted'])} were foretold to fall behind, {percent(row['observed'])} did"
    return {"finding": finding, "subtitle": subtitle}


def apart(study: Study | None, *, smallest: int) -> list[str]:
    """Why not paying is kept apart from leaving by choice, and how far the two meet."""
    return [overlap_told(study.both, smallest=smallest), APART] if study else [APART]


def overlap_told(both: Overlap | None, *, smallest: int) -> str:
    """How far those likely not to pay are those likely to leave by choice."""
    if both is None:
        return (
            "How far those who may not pay are those who may leave by choice cannot be told: one of the two is unknown."
        )
    shared = both.share * both.customers
    if min(shared, both.customers - shared) < smallest:
        return (
            "Of the tenth likeliest to leave by choice, too few are in the tenth likeliest not to pay to say how many: "
            "the two are different customers."
            if shared < smallest
            else "Nearly all of the tenth likeliest to leave by choice are in the tenth likeliest not to pay."
        )
    between = spread(both.low, both.high, percent)
    known = "" if between == MISSING else f" ({between})"
    told = (
        f"Of the tenth likeliest to leave by choice, {percent(both.share)}{known} are also in the tenth "
        "likeliest not to pay"
    )
    if both.low > BY_CHANCE:
        return (
            f"{told}: more than the {percent(BY_CHANCE, 0)} that chance would give, so the two are related, "
            "yet most differ."
        )
    if both.high < BY_CHANCE:
        return f"{told}: fewer than the {percent(BY_CHANCE, 0)} that chance would give."
    return f"{told}: not clearly other than the {percent(BY_CHANCE, 0)} that chance would give."


def class_words(classes: pd.DataFrame, overdue: tuple[int, int], *, smallest: int) -> Words:
    """Around the picture of overdue bills by class."""
    subtitle = "Share of active customers with a bill past its due date, with its 95 % interval"
    known = classes.dropna(subset=["share"])
    if classes["masked"].any():
        subtitle += f"; masked where groups of fewer than {smallest} could be told"
    if known.empty:
        finding = "Who has overdue bills cannot be told by class"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    clear = known[known["low"] > overdue[0] / max(overdue[1], 1)]
    top = (clear if len(clear) else known).sort_values("share", ascending=False, kind="stable").iloc[0]
    finding = f"Overdue bills are most common in {top['label'].lower()} “{top['class']}”: {percent(top['share'])}"
    if len(clear) == 0:
        finding = "No class has clearly more overdue bills than the others"
    alt = f"{finding}. Highest {percent(known['share'].max())}, lowest {percent(known['share'].min())}."
    return {"finding": finding, "subtitle": subtitle, "alt": alt}
