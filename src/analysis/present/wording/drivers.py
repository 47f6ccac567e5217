"""Sentences about what drives value and satisfaction."""

from __future__ import annotations

import pandas as pd

from analysis.models.drivers.study import Study
from analysis.present import numbers
from analysis.present.numbers import count, decimal, interval, money
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, capital, counted, listed

OUTCOMES = {
    "nps": "the recommendation score (0 to 10)",
    "csat": "the satisfaction score",
    "margin": "the monthly margin",
}
STEPS = {
    "outage_hours": "one more hour of outage a month",
    "speed_share": "speed 10 points nearer to the advertised",
    "net_fee": "{ten} a month more, same products",
    "price_risen": "a price rise in 3 months",
    "promotion_lost": "a promotion ended in 3 months",
    "products": "one more product held",
    "bandwidth": "100 Mbit/s more",
    "contract_bound": "bound by a contract",
    "tenure": "twice as long a customer",
    "age": "ten years older",
    "complaints": "one more complaint in 3 months",
    "tickets": "one more contact in 3 months",
    "overdue": "one more bill overdue",
    "download": "twice the download",
}
NAMES = {
    "outage_hours": "Hours of outage a month, last 3 months", "speed_share": "Measured speed ÷ advertised speed",
    "net_fee": "Paid a month, after discounts", "bandwidth": "Bandwidth, Mbit/s", "age": "Age, years",
    "tenure": "Time with the company, in doublings of a year and more", "products": "Products held",
    "outage_hours_earlier": "Hours of outage, 3 months before those",
    "outage_hours_now": "Outage in the month of the answer",
    "price_rises_4_6m": "Price rises 4 to 6 months ago", "price_rises_7_12m": "Price rises 7 to 12 months ago",
    "year": "Time of the answer", "technology": "Technology", "customer_type": "Customer type",
    "area_type": "Area", "acquisition_channel": "Acquisition channel", "overdue": "Bills overdue",
}  # fmt: skip
CAUTION = (
    "These are differences between customers and moments, all else on record being equal. What is not on record may "
    "stand behind both sides, so an effect is what to expect of a change only as far as nothing of that kind is at "
    "work; a trial with a control group would tell."
)
BENT = 0.05
MOST_LISTED = 4


def bottom_line(nps: Study, *, currency: str) -> str:
    """What moves satisfaction most."""
    if nps.verdict:
        return f"What drives satisfaction cannot be told. {nps.verdict}"
    clear = _clear(nps.effects[nps.effects["level"].isna()])
    if clear.empty:
        return "Nothing on record clearly goes with a higher or lower recommendation score (0 to 10)."
    told = [_phrase(row, currency) for row in clear.head(3).to_dict("records")]
    return f"Clearest of what goes with the recommendation score (0 to 10): {listed(told)}."


def outage_worth(nps: Study, margin: Study, *, currency: str) -> str:
    """What one less hour of outage would be worth, with its interval and a warning."""
    row = _row(nps, "outage_hours")
    if row is None:
        return "What one less hour of outage would be worth cannot be told: answers and outages are not both on record."
    between = interval(-row["high"], -row["low"], lambda end: decimal(end, 2))
    change = f"{decimal(abs(row['effect']), 2)} points {'lower' if row['effect'] > 0 else 'higher'}"
    clear = row["high"] < 0 or row["low"] > 0
    said = (
        f"One less hour of outage a month, for three months, goes with a recommendation score {change} "
        f"(95 % interval {between})"
    )
    said += "." if clear else ": not clearly different from nothing."
    return f"{said} {_outage_money(margin, currency)} {CAUTION}"


def _outage_money(margin: Study, currency: str) -> str:
    row = _row(margin, "outage_hours")
    if row is None or not (row["high"] < 0 or row["low"] > 0):
        return (
            "In money it is not told here: the margin of the products held does not move with outages, and what comes "
            "of customers who leave is the question of the chapters on leaving and value."
        )
    between = interval(row["low"], row["high"], lambda end: money(end, currency))
    apart = money(row["effect"], currency)
    return f"The margin of customers whose area had an hour more differs by {apart} a month ({between})."


def effect_rows(study: Study, *, currency: str, smallest: int, numbers_only: bool = False) -> pd.DataFrame:
    """The effects as they are shown: `name`, `effect`, `low`, `high`, `inflation`; the largest first.

    Classes that fewer than `smallest` rows stand behind are left out.
    """
    rows = study.effects[study.effects["rows"] >= smallest]
    rows = rows[rows["level"].isna()] if numbers_only else rows
    named = rows.assign(name=[_name(row, currency) for row in rows.to_dict("records")])
    order = named.assign(size=named["effect"].abs()).sort_values(["size", "name"], ascending=[False, True])
    return order.drop(columns="size").reset_index(drop=True)


def effect_words(study: Study, outcome: str, rows: pd.DataFrame, *, currency: str) -> Words:
    """Around the picture of effects; `outcome` is one of `OUTCOMES`."""
    what = OUTCOMES[outcome]
    subtitle = f"Change of {what} by a step of each, all else equal, with the 95 % interval; {_whom(study, outcome)}"
    if study.verdict:
        finding = f"What moves {what} cannot be told. {study.verdict}"
        return {"finding": finding, "subtitle": subtitle, "alt": finding}
    clear = _clear(rows)
    finding = f"Nothing shown clearly moves {what}"
    if len(clear):
        top = clear.iloc[0]
        finding = f"{top['name']}: {_signed(top['effect'], outcome, currency)} on {what}, the most of what is clear"
        asked = len(rows)
        finding += f"; {count(len(clear))} of {count(asked)} are clear" if asked > 1 else ""
    told = listed(
        [f"{row['name']} {_signed(row['effect'], outcome, currency)}" for row in rows.head(12).to_dict("records")]
    )
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {told}."}


def effect_table_words(study: Study, outcome: str) -> Captions:
    """Above the table of effects."""
    what = OUTCOMES[outcome]
    if study.verdict:
        return {"finding": f"What moves {what} cannot be told. {study.verdict}", "subtitle": "Effects"}
    subtitle = f"{_whom(study, outcome)}; inflation: how many times the others blow up the variance, at most about ten"
    return {"finding": f"Everything that may move {what}, all else equal", "subtitle": capital(subtitle)}


def curve_words(study: Study, outcome: str, driver: str | None) -> Words:
    """Around the picture of the effect along a number."""
    what = OUTCOMES[outcome]
    if driver is None:
        finding = f"No number is told along which {what} could be drawn"
        return {"finding": finding, "subtitle": what, "alt": f"{finding}."}
    one = study.curves[driver]
    shape = "differs along the way" if one.bent < BENT else "is about the same all along"
    finding = f"{NAMES.get(driver, capital(driver))}: the effect {shape}"
    ends = one.points.iloc[[0, -1]].to_dict("records")
    alt = listed([f"{decimal(end['effect'], 2)} at {decimal(end['x'], 2)}" for end in ends])
    subtitle = f"Difference of {what} from that of the middle row, all else equal, with the 95 % interval"
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. From {alt}."}


def first_curve(study: Study) -> tuple[str | None, pd.DataFrame]:
    """The clearest number with a line of its own, and its points; none where there is none."""
    for driver, one in study.curves.items():
        return driver, one.points
    return None, pd.DataFrame({"x": [], "effect": [], "low": [], "high": []})


def along(driver: str | None) -> str:
    """The name of a number under its axis."""
    return NAMES.get(driver or "", MISSING)


def _whom(study: Study, outcome: str) -> str:
    rows = (
        counted(study.rows, "customer", "customers")
        if outcome == "margin"
        else counted(study.rows, "answer", "answers")
    )
    return f"{rows}, errors by {count(study.clusters)} areas" if study.by_area else f"{rows}"


def _row(study: Study, driver: str) -> dict[str, float] | None:
    rows = study.effects[study.effects["driver"] == driver]
    return None if study.verdict or rows.empty else rows.to_dict("records")[0]


def _clear(rows: pd.DataFrame) -> pd.DataFrame:
    """Those whose interval leaves out nothing, the largest effect first."""
    clear = rows[(rows["low"] > 0) | (rows["high"] < 0)]
    return clear.loc[clear["effect"].abs().sort_values(ascending=False, kind="stable").index]


def _phrase(row: dict[str, float], currency: str) -> str:
    return f"{step_words(str(row['driver']), currency)} ({_signed(row['effect'], 'nps', currency)})"


def step_words(driver: str, currency: str) -> str:
    """The step of a driver in words."""
    return STEPS.get(driver, driver.replace("_", " ")).format(ten=money(10, currency, 0))


def _name(row: dict[str, object], currency: str) -> str:
    if isinstance(row["level"], str):
        return f"{NAMES.get(str(row['driver']), str(row['driver']))}: {row['level']}"
    return capital(step_words(str(row["driver"]), currency))


def _signed(value: float, outcome: str, currency: str) -> str:
    size = money(abs(value), currency) if outcome == "margin" else decimal(abs(value), 2)
    return ("+" if value > 0 else numbers.MINUS) + size
