"""Sentences about areas whose network fails, and whom to call about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.fault_notices import CALL, LATELY, NEVER, OTHER, CallRule, Notices
from analysis.models.area_panel import FEWEST
from analysis.models.area_signals import BOTH, COMPLAINTS, FALSE_SHARE, NETWORK
from analysis.present.numbers import count, money, percent
from analysis.present.wording.phrase import Captions, Words, at_least_few, capital, counted, listed

EVIDENCE = {
    BOTH: "more complaints and a worse network",
    NETWORK: "a worse network, complaints not clearly more",
    COMPLAINTS: "more complaints, network as usual",
}
NAMED = 4  # areas in a sentence
WORDS = {"value": "measured", "usual": "usual for the area", "marked": "month with a signal"}
MAP_WORDS = {"marked": "area with a signal", "others": "other areas; the larger, the more customers"}
STEPS = {
    OTHER: "Of other value tiers, or without a value",
    NEVER: "Asked not to be contacted",
    LATELY: "Spoken to lately",
    CALL: "To call",
}


def absent(tables: Mapping[str, object]) -> str:
    """What is missing for any signal, or nothing."""
    if "network" not in tables and "tickets" not in tables:
        return "The source gives neither the network nor the service desk: no area can be judged."
    if "network" not in tables:
        return "The source does not give the network: what follows rests on complaints alone."
    if "tickets" not in tables:
        return "The source does not give the service desk: what follows rests on the measured network alone."
    return ""


def bottom_line(areas: pd.DataFrame, *, judged: int, quarter: Quarter) -> str:
    """Where the network fails now, and where it did in the quarter."""
    if not judged:
        return f"No area can be judged yet: that takes {count(FEWEST)} earlier months of complaints or measurements."
    standing, month = areas[areas["standing"].astype(bool)], f"{quarter.months[-1]:%B %Y}"
    if judged == 1:
        said = "has a signal" if len(standing) else "has no signal"
        return f"The only area that can be judged {said} in {month}."
    if standing.empty:
        over = len(areas)
        was = f"; {counted(over, 'area', 'areas')} had one earlier in the quarter" if over else ""
        return f"None of the {counted(judged, 'area', 'areas')} judged has a signal in {month}{was}."
    has = "has" if len(standing) == 1 else "have"
    of = f"{count(len(standing))} of the {counted(judged, 'area', 'areas')} judged {has} a signal in {month}"
    return f"{of}: {_named(standing['area_id'])}."


def _named(ids: Sequence[object]) -> str:
    names = [str(one) for one in ids]
    more = len(names) - NAMED
    shown = names[:NAMED] if more > 1 else names
    return listed([*shown, f"{count(more)} more"] if more > 1 else shown)


def basis(tables: Mapping[str, object], *, judged: int, marked: bool) -> list[str]:
    """What a signal is, how many are chance, and what is missing; `marked`: whether complaints are marked as such."""
    missing = absent(tables)
    if not judged:
        return [missing] if missing and "neither" in missing else []
    contacts = "" if marked else "The source does not mark complaints: every contact counts as one."
    return [text for text in (missing, contacts, _how_sure()) if text]


def _how_sure() -> str:
    return (
        "A signal says that complaints and the measured network of an area’s month, taken together, are worse than in "
        f"the months before and than in the other areas at the time. Of all signals at most {percent(FALSE_SHARE, 0)} "
        "are expected to be chance. Evidence from complaints alone has other causes than the network."
    )


def area_rows(areas: pd.DataFrame, *, most: int = 20) -> pd.DataFrame:
    """The areas as the table shows them."""
    shown = areas.head(most).copy()
    shown["evidence"] = shown["evidence"].map(EVIDENCE)
    since = "since " + pd.to_datetime(shown["since"]).dt.strftime("%b %Y")
    shown["state"] = since.where(shown["standing"].astype(bool), "over, " + since)
    shown["speed"] = shown["speed_share"] / shown["speed_usual"] - 1
    return shown


def area_words(areas: pd.DataFrame, *, judged: int) -> Captions:
    """Above the ranked list."""
    if areas.empty:
        said = "No area had a signal in the quarter" if judged else "No area could be judged, so that none is listed"
        return {"finding": said, "subtitle": "Areas with a signal"}
    both = int((areas["evidence"] == BOTH).sum())
    told = counted(both, "area", "areas")
    finding = f"In {told} complaints rose while the network got worse" if both else f"{capital(_alone(areas))}"
    subtitle = (
        "Areas with a signal in the quarter, those that stand first; figures of the month with the strongest signal; "
        "speed against the area’s usual, complaints as a multiple of those expected"
    )
    return {"finding": finding, "subtitle": subtitle}


def _alone(areas: pd.DataFrame) -> str:
    network = int((areas["evidence"] == NETWORK).sum())
    if network == len(areas):
        return "all signals come from the network alone: customers have not clearly complained"
    return "no area shows more complaints and a worse network together"


def course_rows(signals: pd.DataFrame, areas: pd.DataFrame, *, months: int = 12) -> pd.DataFrame:
    """Measured speed of the areas with a signal over the last year, beside the usual one."""
    last = signals["month"].max()
    recent = signals[signals["month"] > last - pd.DateOffset(months=months)]
    order = {area: place for place, area in enumerate(areas["area_id"])}
    rows = recent[recent["area_id"].isin(order)].copy()
    rows["place"] = rows["area_id"].map(order)
    return rows.sort_values(["place", "month"], ignore_index=True)


def course_words(areas: pd.DataFrame, *, most: int) -> Words:
    """Around the small pictures of the areas with a signal."""
    slow = areas[areas["speed_share"] < areas["speed_usual"]]
    if areas.empty:
        finding = "No area with a signal, so no picture of one"
    elif slow.empty:
        finding = "Speed is not what is wrong in the areas with a signal"
    else:
        worst = slow.assign(fall=1 - slow["speed_share"] / slow["speed_usual"]).nlargest(1, "fall").iloc[0]
        finding = f"Speed fell most in {worst['area_id']}: {percent(worst['fall'], 0)} below its usual"
    shown = min(len(areas), most)
    of = f"{counted(shown, 'area', 'areas')} with a signal in the quarter"
    subtitle = f"Measured download as a share of the advertised, month by month; {of}"
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. A small line picture for each area."}


def map_words(areas: pd.DataFrame, *, placed: int) -> Words:
    """Around the map."""
    standing = areas[areas["standing"].astype(bool)]
    if not placed:
        finding = "No map: the source does not tell where areas lie"
    elif standing.empty:
        finding = "No area on the map has a signal now"
    else:
        finding = f"The signals that stand lie in {_named(standing['area_id'])}"
    subtitle = f"{counted(placed, 'area', 'areas')} by the latitude and longitude of their middle; north is up"
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. A map of dots, a dot for each area."}


def call_line(notices: Notices, failing: pd.DataFrame, *, judged: int, currency: str, smallest: int) -> str:
    """How many customers to call, and what they are worth."""
    if not judged:
        return "Whom to call about a fault cannot be told: no area could be judged."
    if failing.empty:
        return "Nobody has to be called about a fault: no area has a signal from its network now."
    areas, rows = counted(len(failing), "area", "areas"), notices.rows
    if rows.empty:
        return f"Nobody is to be called in the {areas} with a failing network: no customer of these tiers is left."
    told = at_least_few(len(rows), "customer", "customers", smallest=smallest)
    worth = f", together worth {money(rows['clv'].sum(), currency, 0)}" if len(rows) >= smallest else ""
    return f"{capital(told)} in the {areas} with a failing network should be called first{worth}."


def step_words(steps: pd.DataFrame, failing: pd.DataFrame, rule: CallRule) -> Captions:
    """Above the table of what became of the customers of failing areas."""
    finding = "No area with a failing network, and so nobody to place"
    if len(failing):
        calls, everyone = steps.loc[steps["step"] == CALL, "customers"].sum(min_count=1), steps["customers"].sum()
        told = "Some" if pd.isna(calls) or steps["masked"].any() else percent(calls / max(everyone, 1), 0)
        finding = f"{told} of the active customers of these areas are to be called"
    return {
        "finding": finding,
        "subtitle": (
            f"Active customers in areas with a failing network: those of {listed(list(rule.tiers))} value are called, "
            f"unless spoken to within the last {count(rule.quiet_days)} days"
        ),
    }


def step_rows(steps: pd.DataFrame, failing: pd.DataFrame) -> pd.DataFrame:
    """The steps as the table shows them; none where no network fails."""
    named = steps.assign(name=steps["step"].map(STEPS))
    return named if len(failing) else named.iloc[:0]


NOTICE = (
    "A notice of a fault is service and needs no consent to marketing; who asked not to be contacted is left alone. "
    "The list lies in the run’s table “fault_notices”, not in this report; a person decides whom to call."
)
