"""Sentences about how long customers stay, and in which months they leave."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.models.by_class import MONTHS
from analysis.models.returns import YEAR, Returns
from analysis.present.numbers import count, decimal, interval, months, percent
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, capital, inside, listed, tens

TENURE, CONTRACT, PROMOTION = "", "Around the end of a contract", "Around the end of a promotion"
ALONG = {
    TENURE: "months since joining",
    CONTRACT: "months from the contract's end",
    PROMOTION: "months from the promotion's end",
}
TERMS = {CONTRACT: "contract", PROMOTION: "promotion"}
CLEARLY = 2.0  # difference of AIC from which a law is told to be worse
NEW_SPELL = "A return begins a new spell, with a tenure of its own."
LAWS = {"exponential": "exponential", "weibull": "Weibull", "log-normal": "log-normal", "log-logistic": "log-logistic"}


# ------------------------------------------------------------------------------------------------------- mean months


def with_means(readings: pd.DataFrame, means: pd.DataFrame) -> pd.DataFrame:
    """The table of readings with `mean`, `mean_low`, `mean_high`: months stayed of so many."""
    own = means[["months", "mean", "low", "high"]].rename(columns={"low": "mean_low", "high": "mean_high"})
    return readings.merge(own, on="months", how="left")


def mean_sentence(means: pd.DataFrame) -> str:
    """How many of its first months a customer stays: of the longest stretch of `MONTHS` that was observed."""
    known = means[means["months"].isin(MONTHS)].dropna(subset=["mean"])
    if known.empty:
        return (
            "How many of its first months a customer stays cannot be told: at some tenure on the way too few were "
            "at risk."
        )
    last = known.iloc[-1]
    between = interval(last["low"], last["high"], decimal)
    said = f"Of its first {months(last['months'], 0)} a customer stays {decimal(last['mean'])} on average"
    return f"{said} (95 % interval {between})." if between != MISSING else f"{said}: nobody left."


def class_mean_rows(means: pd.DataFrame, rules: ClassRules) -> pd.DataFrame:
    """The means as the table shows them, a row per class: `label`, `class`, `at_risk`, `after_12`, …, `difference`."""
    rows = []
    for (dimension, name), own in means.groupby(["dimension", "class"], sort=False):
        ends = own.dropna(subset=["mean"])["at_risk"]
        texts = {f"after_{row.months:.0f}": _with_interval(row.mean, row.low, row.high) for row in own.itertuples()}
        last = own.dropna(subset=["difference"]).tail(1)
        gap = [
            _with_interval(row.difference, row.difference_low, row.difference_high, signed=True)
            for row in last.itertuples()
        ]
        named = {"label": rules[str(dimension)].label, "class": name, "at_risk": ends.iloc[-1] if len(ends) else None}
        rows.append(named | texts | {"difference": (gap or [MISSING])[0]})
    columns = ["label", "class", "at_risk", *(f"after_{month}" for month in MONTHS), "difference"]
    return pd.DataFrame(rows, columns=columns)


def _with_interval(value: float, low: float, high: float, *, signed: bool = False) -> str:
    between = interval(low, high, decimal)
    text = ("+" if signed and value > 0 else "") + decimal(value)
    return text if MISSING in (text, between) else f"{text} ({between})"


def class_mean_words(means: pd.DataFrame, rules: ClassRules, *, smallest: int) -> Captions:
    """Above the table of restricted means by class."""
    subtitle = (
        "Months that a customer stays of the first so many (restricted mean life), with the 95 % interval; at risk, "
        "and the difference from the first class of the dimension, at the end of the longest stretch observed; – where "
        f"fewer than {smallest} customers were at risk at some tenure on the way"
    )
    clear = means[(means["difference_low"] > 0) | (means["difference_high"] < 0)] if len(means) else means
    if means.empty or means["mean"].isna().all():
        return {"finding": "How long classes stay of their first months cannot be told", "subtitle": subtitle}
    if clear.empty:
        return {"finding": "No class stays clearly longer than the largest of its dimension", "subtitle": subtitle}
    top = clear.loc[clear["difference"].abs().idxmax()]
    than = "more" if top["difference"] > 0 else "less"
    finding = (
        f"By {inside(rules[top['dimension']].label)}: of the first {months(top['months'], 0)} “{top['class']}” stay "
        f"{decimal(top['mean'])}, {decimal(abs(top['difference']))} {than} than “{top['beside']}”"
    )
    return {"finding": finding, "subtitle": subtitle}


# --------------------------------------------------------------------------------------------------- months of leaving


def tenure_words(found: pd.DataFrame) -> Words:
    """Around the picture of hazards by month of tenure."""
    subtitle = (
        "Leavers per customer and month, from half a month before each month of tenure to half a month after it, with "
        "the 95 % interval"
    )
    if found.empty:
        return {"finding": "Nobody or too few left to show in which months", "subtitle": subtitle, "alt": "No data."}
    clear = found[found["stands_out"] == 1]
    usual = _pace(found[found["stands_out"] == 0])
    if clear.empty:
        last, widths = round(found["ends"].max() - 0.5), found["ends"] - found["begins"]
        finding = f"No month of the first {last} stands out: about {percent(usual)} leave in each"
        if widths[widths > 1].sum() > widths.sum() / 2:  # months taken together hide one in which many leave
            finding = f"Too few left to tell single months apart: {percent(usual)} a month leave in the first {last}"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    told = listed([f"{_month(row)}" for row in clear.to_dict("records")])
    top = clear.loc[clear["hazard"].idxmax()].to_dict()
    finding = (
        f"Many leave around {told} months: {percent(top['hazard'])} in the month around {_month(top)}, "
        f"{percent(usual)} in other months"
    )
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}


def around_words(panels: Mapping[str, pd.DataFrame], refused: pd.DataFrame) -> Words:
    """Around the picture of hazards by the months to the end of a contract or promotion.

    `refused` has a row for `contract_end_date` where it is not believed, see `models.contract_ends`.
    """
    subtitle = (
        "Leavers per customer and month by the end as it was known when the quarter began, whether the terms were "
        "prolonged or not, with the 95 % interval"
    )
    told = [_at_the_end(name, found) for name, found in panels.items() if _has_end(found)]
    missing = [_why_not(name, refused) for name, found in panels.items() if not _has_end(found)]
    finding = capital("; ".join([*told, *missing]))
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}


def drawn(panels: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Those of the pictures around an end in which the month of the end can be told."""
    return {name: found for name, found in panels.items() if _has_end(found)}


def _has_end(found: pd.DataFrame) -> bool:
    return bool(len(found) > 1 and _of_the_end(found).any())


def _of_the_end(found: pd.DataFrame) -> pd.Series:
    """The band that holds the day itself."""
    return (found["begins"] < 0) & (found["ends"] > 0)


def _at_the_end(name: str, found: pd.DataFrame) -> str:
    then, before = found[_of_the_end(found)].iloc[0], found[found["ends"] <= 0]
    said = f"around the end of a {TERMS[name]} {percent(then['hazard'])} leave in a month"
    return f"{said}, {percent(_pace(before))} before it" if len(before) else said


def _why_not(name: str, refused: pd.DataFrame) -> str:
    if name == CONTRACT and (refused["covariate"] == "contract_end_date").any():
        return "the ends of contracts are not believed, for renewals may write over them"
    return f"when {TERMS[name]}s end is not told, or too few left around it"


def _pace(bands: pd.DataFrame) -> float:
    """Leavers per customer and month over several bands; missing without any."""
    return float(bands["leavers"].sum() / bands["lived"].sum()) if len(bands) else float("nan")


def _month(band: pd.Series) -> str:
    """A band by the whole months that it is around."""
    first, last = round(band["begins"] + 0.5), round(band["ends"] - 0.5)
    return f"{first}" if first >= last else f"{first} to {last}"


# ------------------------------------------------------------------------------------------------ laws and those back


def law_sentence(laws: pd.DataFrame) -> str:
    """Which law of lifetimes the curve follows best."""
    if laws.empty:
        return "Nobody or too few left to tell which law of lifetimes tenure follows."
    first, *others = laws.to_dict("records")
    near = [row for row in others if row["difference"] < CLEARLY]
    far = [f"{LAWS[row['law']]} {decimal(row['difference'])}" for row in others if row["difference"] >= CLEARLY]
    said = f"Of {count(len(laws))} laws of lifetimes the {LAWS[first['law']]} comes nearest to tenure by AIC"
    said += f", the {listed([LAWS[row['law']] for row in near])} as near" if near else ""
    worse = f" ({listed(far)} above it)" if far else ""
    return f"{said}{worse}. {_shape(str(first['law']))} None of them knows of months in which terms end."


def _shape(law: str) -> str:
    shapes = {
        "exponential": "It says that customers leave at one pace, however long they have stayed.",
        "weibull": "It says that the pace of leaving rises or falls steadily with tenure.",
    }
    return shapes.get(law, "It says that the pace of leaving rises at first and falls for those who stay long.")


def return_sentence(back: Returns, *, smallest: int) -> str:
    """How many of those who left have come back, and after how long."""
    if not back.left:
        return "Nobody has left under observation long enough ago to have come back."
    if not back.back:
        return "Nobody of those who left has come back so far."
    if min(back.back, back.left - back.back) < smallest:
        few = "come back" if back.back < smallest else "stayed away"
        return f"Fewer than {smallest} of those who left have {few} so far."
    said = f"Of about {tens(back.left)} times that a customer left, {tens(back.back)} have ended in a return so far"
    if math.isnan(back.share):
        return f"{said}. {NEW_SPELL}"
    between = interval(back.low, back.high, percent)
    return (
        f"{said}: within {months(YEAR, 0)} of leaving {percent(back.share)} are back ({between}), half of them within "
        f"{months(back.middle)}. {NEW_SPELL}"
    )
