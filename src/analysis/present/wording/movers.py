"""Sentences about the ways customers leave by, and about what moves leaving."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.models.families import FAMILIES
from analysis.models.movers.catalogue import MOVERS, Group
from analysis.models.movers.periods import AVERAGE, EARLY, LATE, SAME, SPLIT, STILL, STRATIFIED
from analysis.models.movers.study import Study
from analysis.present.charts.ratios import times
from analysis.present.numbers import count, decimal, interval, months, percent
from analysis.present.text import MISSING
from analysis.present.wording.churn import KINDS, p_text
from analysis.present.wording.phrase import Captions, Words, capital, listed, tens

LEAVING = {
    "voluntary": "leaving by choice", "non_payment": "leaving for unpaid bills", "moved": "moving away",
    None: "leaving",
}  # fmt: skip
FAMILY = {
    "price": "Price", "service": "Service and network", "competitor": "Competitor", "use": "Use",
    "contract": "Contract", "payment": "Payment", "contact": "Contact", "season": "Season", "profile": "Who they are",
}  # fmt: skip
GROUPS = frozenset(one.words for one in MOVERS if isinstance(one, Group))
AFTER = {
    "voluntary": "left by choice", "non_payment": "left for unpaid bills", "moved": "moved away", None: "left",
}  # fmt: skip
DONE = {
    SPLIT: "Each is told for both periods.",
    STILL: "Each is told for both periods, and goes on changing within them: both are averages.",
    STRATIFIED: "Too few left to tell it for both periods: customers are compared within it only.",
    AVERAGE: "Too few left to tell it for both periods: its ratio is an average.",
}
NOTHING_TO_ASK = ("It is empty.", "It is the same for everyone.")
WHEN = {EARLY: "early", LATE: "later"}
MOST_NAMED = 3  # things in one sentence


# -------------------------------------------------------------------------------------------------- ways they left by


def share_rows(shares: pd.DataFrame) -> pd.DataFrame:
    """Shares by kind and month as the picture shows them, with `name` and `way`."""
    ways = [capital(KINDS.get(kind, "left, it is not known why")) for kind in shares["kind"]]
    return shares.assign(way=ways, name=[f"after {months(month, 0)}" for month in shares["months"]])


def share_words(shares: pd.DataFrame) -> Words:
    """Around the picture of who has left in which way."""
    subtitle = (
        "Share of customers who have left in each way by months since joining (Aalen–Johansen), with the 95 % interval"
    )
    if shares.empty:
        return {"finding": "Nobody or too few left to tell by which way", "subtitle": subtitle, "alt": "No data."}
    last = shares[shares["months"] == shares["months"].max()].sort_values("incidence", ascending=False, kind="stable")
    told = [
        f"{percent(row.incidence)} {KINDS.get(row.kind, 'left for reasons not known')}" for row in last.itertuples()
    ]
    named = told
    if len(told) > MOST_NAMED + 1:  # one more is told by its name as shortly as by that of a rest
        named = [*told[:MOST_NAMED], f"{percent(last['incidence'].iloc[MOST_NAMED:].sum())} left in other ways"]
    finding = f"After {months(last['months'].iloc[0], 0)} {listed(named)}"
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {listed(told)}."}


# --------------------------------------------------------------------------------------------------- what moves leaving


def first_told(studies: Sequence[Study]) -> Study:
    """The study that is drawn: the first with ratios, else the first."""
    return next((one for one in studies if not one.verdict), studies[0])


def drawn_rows(study: Study) -> pd.DataFrame:
    """The ratios as they are drawn: `name`, `family` in words, `ratio`, `low`, `high`; by family, the farthest first.

    Who customers are, by columns of levels, is left to the table.
    """
    rows = study.ratios[~study.ratios["mover"].isin(GROUPS)]
    return _ordered(rows).assign(name=_names, family=lambda table: table["family"].map(FAMILY))


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """By family; in it the mover of the farthest ratio first, its levels and periods together."""
    far = -np.log(rows["ratio"].astype(float)).abs()
    keys = {
        "family_": rows["family"].map(FAMILIES.index),
        "mover_": far.groupby(rows["mover"]).transform("min"),
        "what_": far.groupby(rows["what"]).transform("min"),
        "period_": rows["period"].map({EARLY: 1, LATE: 2}).fillna(0),
    }
    order = rows.assign(**keys).sort_values([*keys, "what"], kind="stable")
    return order.drop(columns=list(keys)).reset_index(drop=True)


def _names(rows: pd.DataFrame) -> list[str]:
    return [f"{row.what}, {WHEN[row.period]}" if row.period else str(row.what) for row in rows.itertuples()]


def drawn_words(study: Study) -> Words:
    """Around the picture of ratios."""
    about = LEAVING[study.kind]
    subtitle = (
        f"Hazard of {about} of who has it ÷ of who has not, or for a step; tenure, quarter and all else equal; known "
        "when the quarter began; 95 % interval; grey: not clearly different from 1"
    )
    subtitle += _early(study)
    if study.verdict:
        finding = f"What moves {about} cannot be told. {study.verdict}"
        return {"finding": finding.rstrip("."), "subtitle": subtitle, "alt": finding}
    rows = _ordered(study.ratios)
    clear = rows[_clear(rows)]
    finding = f"Nothing asked for clearly moves {about}"
    if len(clear):
        far = clear.loc[np.log(clear["ratio"].astype(float)).abs().sort_values(ascending=False).index]
        named = far.head(3).assign(name=_names)
        told = [f"{row.name} ({times(row.ratio)})" for row in named.itertuples(index=False)]
        finding = f"What moves {about} most: {listed(told)}"
    told = [f"{row.name} {times(row.ratio)}" for row in drawn_rows(study).itertuples(index=False)]
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {listed(told) or 'No data'}."}


def table_rows(studies: Sequence[Study]) -> pd.DataFrame:
    """What is clear and not drawn: `family`, `what`, and a text in a column for each way of leaving.

    That is who customers are, and what is clear in a way of leaving that has no picture.
    """
    told = [one for one in studies if not one.verdict]
    parts = [one.ratios.assign(way=way(one), name=_names(one.ratios)) for one in told]
    if not parts:
        return pd.DataFrame(columns=["family", "what"])
    rows = pd.concat(parts, ignore_index=True)
    clear = _clear(rows)
    drawn = (rows["way"] == way(first_told(studies))) & ~rows["mover"].isin(GROUPS)
    shown = _ordered(rows[rows["what"].isin(rows.loc[clear & ~drawn, "what"])])
    text = [_with_interval(row.ratio, row.low, row.high) for row in shown.itertuples()]
    wide = shown.assign(text=text).pivot(index="name", columns="way", values="text")
    first = shown.drop_duplicates("name").set_index("name")
    ways = [way(one) for one in told]
    table = wide.reindex(index=first.index, columns=ways).fillna(MISSING).reset_index(names="what")
    return table.assign(family=first["family"].map(FAMILY).to_numpy())


def way(study: Study) -> str:
    """The name of a study's column."""
    return study.kind or "all"


def _with_interval(ratio: float, low: float, high: float) -> str:
    return f"{times(ratio)} ({interval(low, high, lambda end: decimal(end, 2))})"


def table_words(studies: Sequence[Study]) -> Captions:
    """Above the table of what else is clear."""
    told = [one for one in studies if not one.verdict]
    leavers = listed([f"about {tens(one.leavers)} {AFTER[one.kind]}" for one in told])
    early = next((_early(one) for one in told if one.turn), "")
    subtitle = f"Ratio of hazards, all else equal, with the 95 % interval; {leavers}; – not compared{early}"
    nothing = [LEAVING[one.kind] for one in told if not _clear(one.ratios).any()]
    some = [LEAVING[one.kind] for one in told if _clear(one.ratios).any()]
    finding = "What else is clear: who customers are, and other ways of leaving"
    if len(told) == 1:
        finding = "Who leaves sooner"
    elif nothing:
        finding = f"What else goes with {listed(some)}; with {listed(nothing)} nothing clearly does"
    if table_rows(studies).empty:
        finding = "Nothing else that was asked for is clear"
    if not told:
        return {"finding": "Who leaves sooner cannot be told either", "subtitle": "Ratios of hazards"}
    return {"finding": finding, "subtitle": subtitle}


def _early(study: Study) -> str:
    """What early means, where ratios are told by period."""
    return f"; early: in the first {months(study.turn, 0)}" if study.turn else ""


def _clear(rows: pd.DataFrame) -> pd.Series:
    """Whether each interval leaves out 1."""
    return (rows["low"] > 1) | (rows["high"] < 1)


# ---------------------------------------------------------------------------------------- whether one ratio will do


def checks(studies: Sequence[Study]) -> list[str]:
    """What the test of proportional hazards found, and what was done about it, a sentence for each."""
    told = [one for one in studies if not one.verdict]
    steady = [one for one in told if (one.tests["done"] == SAME).all()]
    said = [_steady(steady)] if steady else []
    said += [sentence for one in told for sentence in _changes(one)]
    if any(one.tests["done"].isin([STILL, AVERAGE]).any() for one in told):
        said.append("Where a ratio is an average only, the forecast says more: it is judged by what happened.")
    return said


def _steady(studies: Sequence[Study]) -> str:
    about = capital(listed([LEAVING[one.kind] for one in studies]))
    least = min(float(one.tests["p_value"].min()) for one in studies)
    return (
        f"{about}: every ratio may be taken for the same early and late in a customer's life (test of proportional "
        f"hazards, the least {p_text(least)}, which many tests give by chance)."
    )


def _changes(study: Study) -> list[str]:
    """What does not count the same at all tenures, by what was done about it."""
    about = capital(LEAVING[study.kind])
    said = []
    for done, words in DONE.items():
        movers = study.tests.loc[study.tests["done"] == done, "mover"].tolist()
        if movers:
            said.append(
                f"{about}, not the same early and late: {listed([_change(one, study) for one in movers])}. {words}"
            )
    return said


def _change(mover: str, study: Study) -> str:
    """A mover, with its ratio early and late where there is one of each."""
    own = study.ratios[study.ratios["mover"] == mover].set_index("period")["ratio"]
    early_and_late = len(own) == 2 and {EARLY, LATE} == set(own.index)
    return f"{mover} ({times(own[EARLY])}, then {times(own[LATE])})" if early_and_late else mover


def left_out(studies: Sequence[Study]) -> list[str]:
    """What was not compared, and why: a sentence for each reason, where it is one of those who left for each way."""
    every = pd.concat([one.remarks for one in studies], ignore_index=True).drop_duplicates()
    same = every[every["reason"].isin(NOTHING_TO_ASK)]
    said = [f"Not asked: {_few(rows['what'])}. {reason}" for reason, rows in same.groupby("reason")]
    for one in studies:
        about = capital(LEAVING[one.kind])
        if one.verdict and one is not first_told(studies):  # of which the picture's finding says so
            said.append(f"{about}: {one.verdict}")
        own = one.remarks[~one.remarks["reason"].isin(NOTHING_TO_ASK)]
        said += [f"{about}, not told: {_few(rows['what'])}. {why}" for why, rows in own.groupby("reason", sort=False)]
    return said


def _few(names: pd.Series) -> str:
    """The first names as a list, and how many more there are."""
    more, quoted = len(names) - MOST_NAMED, [f"“{name}”" for name in names.head(MOST_NAMED)]
    return listed([*quoted, *([f"{count(more)} more"] if more > 0 else [])])
