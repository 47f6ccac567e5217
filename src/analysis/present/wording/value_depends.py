"""Sentences on newcomers, on value by plan, channel and area, and on what the value depends on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from analysis.measures.interval import standard_normal_quantile
from analysis.measures.value_groups import DIVISIONS, OTHER
from analysis.measures.value_matrix import OUTSIDE
from analysis.models.newcomer import Newcomer
from analysis.models.sensitivity import STEP
from analysis.models.value import LEVEL, PUBLISHED
from analysis.present.charts.tornado import written
from analysis.present.numbers import count, finite, money, months, percent, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, inside, listed, tens
from analysis.present.wording.value import class_value_words

NAMES = {
    "gross_margin": "Gross margin",
    "churn": "Churn (every month’s hazard)",
    "cost_to_serve": "Cost to serve",
    "discount_rate": "Discount rate",
}
KEYS = (f"{percent(STEP, 0)} lower", f"{percent(STEP, 0)} higher")
NEWCOMER, BASE = "Who joins now", "Today’s base, on average"
ALONG = "Month as a customer"
MANY = 50  # customers from which their number is told, to the nearest ten
DRAWN = 2  # divisions in the picture


def group_words(values: pd.DataFrame, *, horizon: int, currency: str, smallest: int) -> Words:
    """Around the picture of value by behaviour, plan, channel and area."""
    named = values[~values["class"].isin([OTHER, OUTSIDE])]
    return class_value_words(named, horizon=horizon, currency=currency, smallest=smallest)


def group_table_words(values: pd.DataFrame) -> Captions:
    """Above the table."""
    subtitle = "Share of the active customers, of the expected value, and the value of one customer, of the largest of "
    subtitle += "each division; its interval is that of model and margin, for these customers as they are"
    labels = [inside(label) for label in values["label"].unique()]
    missing = [inside(label) for label, _ in DIVISIONS.values() if inside(label) not in labels]
    if missing:
        subtitle += f"; not told: {listed(missing)} (not given, of one class, or of too many small ones)"
    finding = f"Value by {listed(labels)}" if labels else "No value by behaviour, plan, channel or area can be told"
    return {"finding": finding, "subtitle": subtitle}


# ---------------------------------------------------------------------------------------------------------- newcomers


def newcomer_finding(newcomer: Newcomer, whole: Mapping[str, float], *, currency: str, smallest: int) -> str:
    """What a newcomer is worth beside a customer of the base; `whole` has `mean`, `mean_low`, `mean_high` (95 %)."""
    if not _told(newcomer, smallest):
        return (
            f"What a newcomer is worth cannot be told: fewer than {smallest} of today’s customers joined within the "
            "last four quarters and hold a product with a fee, or no leaving was observed."
        )
    amount = partial(money, currency=currency, places=0)
    between = spread(newcomer.low, newcomer.high, amount)
    known = "," if between == MISSING else f" ({between}, an {percent(LEVEL, 0)} interval),"
    first = f"A customer who joins now is worth {amount(newcomer.mean)}{known} before what it costs to win one"
    base = _base(whole)
    if finite(base[0]) is None:
        return f"{first}."
    apart = "more than" if newcomer.low > base[2] else "less than" if newcomer.high < base[1] else ""
    way = apart or "not clearly other than"
    return f"{first}: {way} a customer of today’s base, {amount(base[0])} on average."


def newcomer_rows(newcomer: Newcomer, whole: Mapping[str, float], *, stay: float, smallest: int) -> pd.DataFrame:
    """Newcomer and base side by side: `name`, `mean`, `low`, `high` (80 %), `stay` (months); none without any."""
    if not _told(newcomer, smallest):
        return pd.DataFrame(columns=["name", "mean", "low", "high", "stay"])
    rows = [(NEWCOMER, newcomer.mean, newcomer.low, newcomer.high, newcomer.stay), (BASE, *_base(whole), stay)]
    return pd.DataFrame(rows, columns=["name", "mean", "low", "high", "stay"])


def newcomer_table_words(newcomer: Newcomer, *, horizon: int, smallest: int) -> Captions:
    """Above the table; without rows the finding stands alone."""
    subtitle = (
        f"Expected margin of the next {months(horizon, 0)} per customer, with the {percent(LEVEL, 0)} interval, and "
        f"months expected to stay of them; newcomers from the life of all customers since signup and the fees of "
        f"{_how_many(newcomer.joined)} active customers who joined within the last four quarters; products "
        "added later are not counted"
    )
    finding = (
        "Newcomers beside the base" if _told(newcomer, smallest) else "There is no newcomer to put beside the base"
    )
    return {"finding": finding, "subtitle": subtitle}


def _how_many(joined: int) -> str:
    """About how many they are; of few, only that they are those."""
    return f"about {tens(joined)}" if joined >= MANY else "the"


def newcomer_words(newcomer: Newcomer, *, currency: str, smallest: int) -> Words:
    """Around the picture of what a newcomer brings month by month."""
    subtitle = "Expected margin of each month, the chance of having left by then taken off, with the "
    subtitle += f"{percent(LEVEL, 0)} interval; not discounted"
    path = newcomer.by_month
    if path.empty or not _told(newcomer, smallest):
        finding = "What a newcomer brings month by month cannot be told"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    best, last = path.loc[path["margin"].idxmax()], path.iloc[-1]
    first = path.iloc[0]
    amount = partial(money, currency=currency)
    finding = f"A newcomer brings {amount(first['margin'])} in the first month"
    if best["month"] > 1 and amount(best["margin"]) != amount(first["margin"]):
        finding += f", most in month {count(best['month'])} ({amount(best['margin'])})"
    if last["month"] > best["month"]:
        finding += f", {amount(last['margin'])} in month {count(last['month'])}"
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}


def newcomer_path(newcomer: Newcomer, *, smallest: int) -> pd.DataFrame:
    """The months of the picture; none where a newcomer's value cannot be told."""
    return newcomer.by_month if _told(newcomer, smallest) else newcomer.by_month.head(0)


def _told(newcomer: Newcomer, smallest: int) -> bool:
    return finite(newcomer.mean) is not None and newcomer.joined >= smallest


def _base(whole: Mapping[str, float]) -> tuple[float, float, float]:
    """The mean of the base with an interval of the level that newcomers have."""
    narrower = standard_normal_quantile(LEVEL) / standard_normal_quantile(PUBLISHED)
    mean = whole["mean"]
    return mean, mean - (mean - whole["mean_low"]) * narrower, mean + (whole["mean_high"] - mean) * narrower


# --------------------------------------------------------------------------------------------------------- sensitivity


def tornado_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """The figures as the picture names them: `name` added."""
    return effects.assign(name=effects["figure"].map(NAMES))


def tornado_words(effects: pd.DataFrame, *, horizon: int, currency: str) -> Words:
    """Around the picture of what the value depends on."""
    subtitle = (
        f"Change of the expected margin of products held in the next {months(horizon, 0)} when one figure is "
        f"{percent(STEP, 0)} of itself lower or higher, all else as it is"
    )
    if effects.empty:
        finding = "What the value depends on cannot be told: nobody has one"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    first = effects.iloc[0]
    name = {"churn": "churn"}.get(first["figure"], f"the {NAMES[first['figure']].lower()}")
    finding = f"The value depends most on {name}: {percent(STEP, 0)} more of it changes it by "
    finding += written(first["higher"], first["total"], currency)
    told = [
        f"{NAMES[row['figure']]}: {written(row['lower'], row['total'], currency)} when lower, "
        f"{written(row['higher'], row['total'], currency)} when higher"
        for row in effects.to_dict("records")
    ]
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {'; '.join(told)}."}


def horizon_sentence(shorter: tuple[int, float, float] | None, *, currency: str) -> str:
    """What a year less looked ahead would leave of the total."""
    if shorter is None:
        return "How much of the value the last year looked ahead brings cannot be told."
    ahead, total, change = shorter
    return (
        f"With {months(ahead, 0)} looked ahead, a year less, the base would be worth {money(total, currency, 0)} "
        f"({percent(change)}). Further ahead than the report looks nothing is computed."
    )
