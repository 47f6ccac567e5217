"""Sentences about ARPU: why it moved since the quarter before, its trend and its season."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.arpu_bridge import Bridge
from analysis.measures.arpu_season import FEWEST, Season
from analysis.present.numbers import change, count, interval, money, quarter
from analysis.present.wording.phrase import Captions, Words, counted, listed

NAMES = {
    "left": "Customers who left",
    "joined": "Customers who joined",
    "price": "Prices of products kept",
    "discount": "Discounts begun or ended",
    "plan": "Changes of plan",
    "added": "Products added",
    "dropped": "Products given up",
    "usage": "Charges for use",
    "one_off": "One-off charges",
    "credit": "Credits",
    "unexplained": "Not explained by fees",
    "other": "Other, taken together",
}
SAID = {  # as the subject of a sentence: where the part raised ARPU, and where it lowered it
    "left": ("customers who left", "customers who left"),
    "joined": ("customers who joined", "customers who joined"),
    "price": ("higher prices", "lower prices"),
    "discount": ("discounts that ended", "new discounts"),
    "plan": ("changes of plan", "changes of plan"),
    "added": ("products added", "products added"),
    "dropped": ("products given up", "products given up"),
    "usage": ("charges for use", "lower charges for use"),
    "one_off": ("one-off charges", "fewer one-off charges"),
    "credit": ("fewer credits", "more credits"),
    "unexplained": ("what fees do not explain", "what fees do not explain"),
    "other": ("the other parts together", "the other parts together"),
}
CLEAR = 0.05  # of chance: rarer than this, the quarters of the year are told to differ

NO_BRIDGE = {
    "one quarter": "Why ARPU moved is told from the second quarter on",
    "not billed": "Why ARPU moved cannot be told: this quarter or the one before it is not billed whole",
    "nobody stayed": "Why ARPU moved cannot be told: nobody was there throughout both quarters",
    "too few": "Why ARPU moved is not told: too few customers stand behind it",
}


def bottom_line(bridge: Bridge, *, currency: str) -> str:
    """Whether ARPU moved, and what moved it most either way."""
    if bridge.why:
        return f"{NO_BRIDGE[bridge.why]}."
    return f"{_finding(bridge, currency, most=2)}."


def _finding(bridge: Bridge, currency: str, *, most: int) -> str:
    """How ARPU moved, and at most so many parts that raised and that lowered it."""
    amount = partial(money, currency=currency)
    way = f"{'rose' if bridge.change > 0 else 'fell'} by {amount(abs(bridge.change))} to"
    moved = f"ARPU {way if bridge.change else 'stayed at'} {amount(bridge.now)}"
    brought, took = (_leading(bridge, currency, way=way, most=most) for way in (1, -1))
    told = [words for words in ((brought, took) if bridge.change >= 0 else (took, brought)) if words]
    return f"{moved}: {'; '.join(told)}" if told else moved


def _leading(bridge: Bridge, currency: str, *, way: int, most: int) -> str:
    """The parts that raised (or lowered) ARPU most: "products added brought €0.51 and higher prices €0.47"."""
    verb = "brought" if way > 0 else "took"
    rows = bridge.parts[bridge.parts["shown"] * way > 0].sort_values("shown", ascending=way < 0, kind="stable")
    said = [(SAID[row.part][way < 0], money(abs(row.shown), currency)) for row in rows.head(most).itertuples()]
    return " and ".join(f"{who} {amount if place else f'{verb} {amount}'}" for place, (who, amount) in enumerate(said))


def waterfall_rows(bridge: Bridge) -> pd.DataFrame:
    """The parts as the picture names them; `low` and `high` around what is shown."""
    rows = bridge.parts.assign(name=[NAMES[part] for part in bridge.parts["part"]])
    return rows[rows["shown"] != 0].reset_index(drop=True)


def ends(bridge: Bridge, now: Quarter) -> dict[str, tuple[str, float]]:
    """The two totals of the picture, each with its name."""
    return {
        "start": (f"ARPU {quarter(now.previous)}", bridge.before),
        "end": (f"ARPU {quarter(now)}", bridge.now),
    }


def waterfall_words(bridge: Bridge, now: Quarter, *, currency: str) -> Words:
    """Around the picture of the way from one ARPU to the next."""
    subtitle = (
        f"Revenue per customer and month, {quarter(now.previous)} to {quarter(now)}; the thin line is the 95 % interval"
    )
    if bridge.why or bridge.parts.empty:
        title = "There is nothing to draw between two quarters" if bridge.why else _finding(bridge, currency, most=1)
        return {"finding": title, "subtitle": subtitle, "alt": f"{title}."}
    title = _finding(bridge, currency, most=1)
    signed = partial(change, previous=0.0, unit="money_per_month", currency=currency)
    told = listed([f"{NAMES[row.part]} {signed(row.shown)}" for row in waterfall_rows(bridge).itertuples()])
    alt = f"Waterfall from {money(bridge.before, currency)} to {money(bridge.now, currency)}. {told}."
    return {"finding": title, "subtitle": subtitle, "alt": alt}


def table_rows(bridge: Bridge, now: Quarter, *, currency: str) -> pd.DataFrame:
    """All parts, and the two totals around them: `name`, `shown`, `interval`."""
    if bridge.why:
        return pd.DataFrame(columns=["name", "shown", "interval"])
    amount = partial(money, currency=currency)
    signed = partial(change, previous=0.0, unit="money_per_month", currency=currency)
    rows = [
        (NAMES[row.part], signed(row.shown) if row.shown else amount(0.0), interval(row.low, row.high, amount))
        for row in bridge.parts.itertuples()
    ]
    (first, before), (last, after) = ends(bridge, now).values()
    whole = signed(bridge.change) if bridge.change else amount(0.0)
    total = ("Change", whole, interval(bridge.low, bridge.high, amount))
    rows = [(first, amount(before), "–"), *rows, total, (last, amount(after), "–")]
    return pd.DataFrame(rows, columns=["name", "shown", "interval"])


def table_words(bridge: Bridge) -> Captions:
    """Above the table of the parts."""
    if bridge.why:
        return {"finding": "There are no parts to list", "subtitle": "Revenue per customer and month"}
    clear = bridge.low > 0 or bridge.high < 0
    said = "more than chance among customers explains" if clear else "no more than chance among customers explains"
    parts = counted(len(bridge.parts), "part", "parts")
    return {
        "finding": f"The change in {parts}: in all {said}",
        "subtitle": "Revenue per customer and month; the parts are rounded so that they add up to the change",
    }


def how_counted(bridge: Bridge, given: Collection[str]) -> list[str]:
    """How the parts are counted, as far as the source gives them."""
    if bridge.why:
        return []
    told = [
        (
            "Who joined or left in either quarter moves ARPU by what they pay above or below those who were there "
            "every day of both; all other parts are changes in the bills of these."
        ),
        (
            "Prices and discounts are those of products kept on the same plan. A product added or given up counts at "
            "its fee less discount; its share of a change of price is told with the prices."
        )
        if "subscriptions" in given
        else "The source gives no subscriptions: what recurs on the bills is not divided into prices and products.",
    ]
    if "invoices" not in given:
        told.append("The source gives no invoices: fees stand for bills, so charges for use and credits are not known.")
    if bridge.parts["part"].eq("unexplained").any() and "subscriptions" in given:
        told.append(
            "Not explained by fees: recurring lines that differ from what the products held were due, for instance "
            "bills made before a change, or in part of a month."
        )
    if bridge.parts["part"].eq("other").any():
        told.append("Parts that too few customers stand behind are told as one, with the next smallest.")
    return told


def season_told(season: Season | None, arpu: pd.DataFrame, *, currency: str) -> list[str]:
    """Trend and season of ARPU, or why they cannot be told."""
    if season is None:
        have = counted(len(arpu), "billed quarter", "billed quarters")
        return [f"Trend and season of ARPU cannot be told apart with {have}: it takes {count(FEWEST)}."]
    amount = partial(money, currency=currency)
    value, low, high = season.trend
    first, last = (quarter(arpu["quarter"].iloc[place]) for place in (0, -1))
    way = "has risen" if low > 0 else "has fallen" if high < 0 else "has neither clearly risen nor fallen"
    by = f" by {amount(abs(value))} a quarter" if low > 0 or high < 0 else ""
    trend = f"Trend: from {first} to {last} ARPU {way}{by} (95 % interval {interval(low, high, amount)} a quarter)."
    return [trend, _season(season, currency)]


def _season(season: Season, currency: str) -> str:
    """Which quarters of the year stand out from the trend."""
    signed = partial(change, previous=0.0, unit="money_per_month", currency=currency)
    amount = partial(money, currency=currency)
    each = listed(
        [
            f"Q{row.number} {signed(row.effect)} ({interval(row.low, row.high, amount)})"
            for row in season.quarters.itertuples()
        ]
    )
    beside = f"Against the trend, with 95 % intervals: {each}."
    if season.p < CLEAR:
        return f"Season: ARPU differs with the quarter of the year by more than chance explains. {beside}"
    return f"Season: the quarters of the year differ by no more than chance explains. {beside}"
