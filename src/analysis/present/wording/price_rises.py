"""Sentences about what price rises did, and the warning where that cannot be told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.models.price_effect import PriceEffect
from analysis.models.price_payback import PER
from analysis.models.price_study import Study
from analysis.present.charts.ratios import times
from analysis.present.numbers import Number, count, decimal, finite, interval, money, months, percent, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, counted

NO_SUBSCRIPTIONS = "What price rises did cannot be told: the source gives no subscriptions, and so no fees."
LACKS = {
    "no rise": "no fee is seen to rise on a line that went on, within the months that can be followed; a source that "
    "keeps only the latest fee of a line shows none",
    "few leavers": "too few customers left by choice in the months of a rise",
    "all at once": "all customers alike had their rises in the same months, and what else happened in them cannot be "
    "told apart from the rise",
    "no maximum": "the rises coincide with something else that decided who left",
}


def finding(study: Study) -> str:
    """By how much faster customers left after a rise, or why that is not told."""
    effect, paid = study.effect, study.paid
    if effect is None:
        return NO_SUBSCRIPTIONS
    if paid is None:
        known = "cannot be told" if effect.lack == "no rise" else "is not identified"
        return f"What price rises did {known}: {LACKS[effect.lack]}."
    ratio, low, high = paid.ratio
    between = interval(low, high, lambda one: decimal(one, 2))
    how = _leaving(effect)
    if low > 1:
        return (
            f"After a rise of {percent(paid.share, 0)} of the fees {how} {times(ratio)} as fast as otherwise "
            f"({between}) for {months(study.asked.felt, 0)}."
        )
    if high < 1:
        slower = f"After price rises {how} more slowly than otherwise, {times(ratio)} ({between})"
        return f"{slower}: something else is at work."
    return (
        f"Price rises did not clearly make customers leave: after one of {percent(paid.share, 0)} of the fees {how} "
        f"{times(ratio)} as fast as otherwise ({between})."
    )


def _leaving(effect: PriceEffect) -> str:
    return "customers left by choice" if effect.kinds else "customers left"


def warning(study: Study) -> str:
    """The plain warning where the effect is not identified; empty where it is."""
    effect = study.effect
    if effect is None or not effect.lack:
        return ""
    return (
        "No figure is given, and none should be read into the churn of those months: a rise is judged against "
        f"customers who had none in the same month. Here, {LACKS[effect.lack]}."
    )


def ratio_rows(effect: PriceEffect) -> pd.DataFrame:
    """The rows of the chart: by size of the rise, and by the months since one of the usual size."""
    by_size = [
        {"group": "By the size of the rise, share of the fees", "name": _band(row.begins, row.ends)} | _figures(row)
        for row in effect.sizes.itertuples()
    ]
    since = f"By calendar month, after a rise of {percent(effect.usual)}"
    by_month = [{"group": since, "name": _month(int(row.month))} | _figures(row) for row in effect.courses.itertuples()]
    return pd.DataFrame([*by_size, *by_month], columns=["group", "name", "ratio", "low", "high"])


def _figures(row: object) -> dict[str, float]:
    return {name: float(getattr(row, name)) for name in ("ratio", "low", "high")}


def _band(begins: float, ends: float) -> str:
    if not np.isfinite(ends):
        return f"more than {percent(begins, 0)}"
    return f"up to {percent(ends, 0)}" if begins == 0 else f"{percent(begins, 0)} to {percent(ends, 0)}"


def _month(month: int) -> str:
    return "the month of the rise" if month == 0 else "the month after" if month == 1 else f"{month} months after"


def ratio_words(study: Study) -> Words:
    """What stands around the chart."""
    effect = study.effect
    what = "leaving by choice" if effect is None or effect.kinds else "leaving"
    subtitle = (
        f"How many times as fast as customers without a rise in the same month; {what}, 95 % interval; grey where it "
        "may be chance"
    )
    if effect is None or effect.lack or effect.sizes.empty:
        return Words(finding="What price rises did is not told", subtitle=subtitle, alt="")
    told = _steps(effect.sizes)
    alt = f"Dots on intervals around one, by size of the rise and by month since. {told}."
    return Words(finding=told, subtitle=subtitle, alt=alt)


def _steps(sizes: pd.DataFrame) -> str:
    first, last = sizes.iloc[0], sizes.iloc[-1]
    if len(sizes) == 1:
        return f"In the months of a rise customers left {times(first['ratio'])} as fast"
    grows = last["ratio"] > first["ratio"] and last["low"] > 1
    if grows:
        return (
            f"The larger the rise, the more leave: {times(first['ratio'])} {_band(first['begins'], first['ends'])}, "
            f"{times(last['ratio'])} where it is {_band(last['begins'], last['ends'])}"
        )
    return "Larger rises did not clearly make more customers leave than small ones"


def payback_rows(study: Study, *, currency: str) -> pd.DataFrame:
    """What a rise would cost in customers, and bring."""
    paid = study.paid
    columns = ["name", "value", "between"]
    if paid is None:
        return pd.DataFrame(columns=columns)
    lines = [
        ("Leaving, times as fast as without", *_texts(paid.ratio, lambda one: decimal(one, 2))),
        ("More leaving per 1 % of price", *_texts(paid.percent, percent)),
        (f"Extra leavers of {count(PER)} customers", *_texts(paid.extra, decimal)),
        ("Brings a month, from them", money(paid.brings, currency, 0), MISSING),
    ]
    if finite(paid.lost[0]) is not None:
        lines += [
            ("Value lost with the extra leavers", *_texts(paid.lost, lambda one: money(one, currency, 0))),
            ("Months until it has brought that", *_texts(paid.months, decimal)),
        ]
    return pd.DataFrame(lines, columns=columns)


def _texts(values: tuple[float, float, float], write: Callable[[Number], str]) -> tuple[str, str]:
    return write(values[0]), spread(values[1], values[2], write)


def payback_words(study: Study) -> Captions:
    """What stands above that table."""
    paid = study.paid
    if paid is None:
        return Captions(finding="What a rise would bring is not told, for the reason given above", subtitle="")
    subtitle = (
        f"A rise of {percent(paid.share, 0)} of the fees, felt as those so far; before tax. Leavers are those of the "
        "months in which it is felt; the value is that of an average customer, the interval that of the effect alone"
    )
    lasts = finite(paid.months[0])
    if lasts is None:
        extra = f"{decimal(paid.extra[0])} more of {count(PER)} customers leave"
        return Captions(finding=f"A rise of {percent(paid.share, 0)} makes {extra} than without", subtitle=subtitle)
    if paid.extra[1] <= 0:
        finding = "Whether a rise brings more than the customers it costs cannot be told: its effect may be chance"
        return Captions(finding=finding, subtitle=subtitle)
    finding = (
        f"What a rise of {percent(paid.share, 0)} brings makes up for the customers it costs after {months(lasts)}"
    )
    return Captions(finding=finding, subtitle=subtitle)


def how_told(study: Study) -> list[str]:
    """What the effect rests on, and what it is not."""
    effect = study.effect
    if effect is None or effect.lack:
        return []
    extra, low, high = effect.attributed
    sample = (
        f" Estimated from {counted(effect.seen, 'customer', 'customers')} of {count(effect.everyone)}, taken "
        "evenly by id."
        if effect.seen < 0.999 * effect.everyone
        else ""
    )
    said = [
        (
            f"{counted(effect.customers, 'customer', 'customers')} had a rise that could be followed; "
            f"{count(effect.leavers)} left {'by choice ' if effect.kinds else ''}in its months, of whom "
            f"{count(extra)} ({interval(low, high, count)}) would have stayed without.{sample}"
        ),
        (
            "A rise is a higher fee on a line that went on with the same plan, without a new contract. Held equal, as "
            "far as known: the calendar month, plan, technology, kind of customer, products, fees, tenure, contract "
            "and its end, discounts and their end. A difference that is on no record is not allowed for."
        ),
        (
            f"{percent(effect.alone, 0)} of the differences in rises are settled neither by the calendar nor by what "
            "else is known: the effect is read from these. What a rise adds to the dissatisfaction and the calls of "
            "those months is part of it; some who left would have left later without it."
        ),
    ]
    if not effect.kinds:
        said.append("The source does not tell why customers left: all leaving is counted.")
    return said
