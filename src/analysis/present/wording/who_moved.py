"""Sentences about who moved between classes since the quarter before, and why it may not be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.frames.rfm import RFM
from analysis.measures.class_rules import NOT_AVAILABLE, SCORES, ClassRules
from analysis.measures.moves_masked import BEFORE, JOINED, LEFT
from analysis.present.numbers import count, interval, money, percent, quarter
from analysis.present.wording.phrase import Captions, Words, capital, listed

MOST_DRAWN = 7  # classes of the picture: more would be too narrow to read
MOST_TOLD = 5  # moves told in sentences
OF_MONEY = frozenset({*RFM, *SCORES.values(), "monthly_margin", "monthly_fee", "discount", "discount_share"})
OF_TIME = frozenset({"tenure_months", "age"})
DIRECTION = {"changed": "to another class", "up": "up", "down": "down"}
SAME_RULES = (
    "Both dates are classed by today’s rules, the earlier one by what was known then, so a report made under older "
    "rules may have told other classes; scores and bands by percentiles compare the customers of each date."
)
PASSED = "Who joined and left within the quarter is counted among the leavers of the class on joining."
COMPARED = (
    "What one pays is compared for who was there in both quarters from the first day. In the picture and in the list, "
    "dimensions that are made of money or of time come last: who moves in them pays more, or is older, by definition."
)

Row = dict[str, Any]


def absent(quarters: Sequence[Quarter], base: pd.DataFrame, *, snapshot: bool) -> str:
    """Why it cannot be told who moved; empty where it can. `base` is the published movement of the base."""
    if snapshot:
        return "Who moved between classes cannot be told: the source shows one day, and no quarter before it"
    if len(quarters) < 2:
        which = f"{quarter(quarters[-1])} is the first that was observed" if quarters else "no quarter was observed"
        return f"Who moved between classes is told from the second quarter on: {which}"
    if not base.empty and bool(base["joiners_masked"].iloc[-1]):
        return "Too few customers joined, left or stayed to tell who moved between classes"
    return ""


def both_billed(arpu: pd.DataFrame, now: Quarter) -> bool:
    """Whether this quarter and the one before are billed whole; of customers who cannot be followed, nothing tells."""
    return arpu.empty or {str(now), str(now.previous)} <= set(arpu["quarter"])


def drawn(pairs: pd.DataFrame, rules: ClassRules) -> pd.DataFrame:
    """The moves of the dimension whose movers changed the revenue most, its largest classes only.

    Dimensions that are themselves made of money or of time come last: who moves up in them pays more by definition, or
    moves by growing older. Without money it is the dimension in which most moved.
    """
    shown = pairs[pairs["from"] != BEFORE]
    moved = _movers(shown)
    if moved.empty:
        return shown.iloc[0:0]
    size = moved.assign(size=_gain(moved).abs().fillna(0)).groupby("dimension", sort=False)[["size", "customers"]].sum()
    size["plain"] = [_plain(str(name), rules) for name in size.index]
    best = size.sort_values(["plain", "size", "customers"], ascending=False, kind="stable").index[0]
    return _largest_classes(shown[shown["dimension"] == best])


def _plain(dimension: str, rules: ClassRules) -> bool:
    """Whether moving in a dimension is neither a matter of money nor of time."""
    return not (OF_MONEY | OF_TIME) & set(rules[dimension].reads)


def _largest_classes(part: pd.DataFrame) -> pd.DataFrame:
    counted = part.assign(customers=part["customers"].fillna(0))
    sizes = counted.groupby("from")["customers"].sum().add(counted.groupby("to")["customers"].sum(), fill_value=0)
    classes = sizes.drop([JOINED, LEFT], errors="ignore").sort_values(ascending=False, kind="stable")
    kept = {*classes.index[:MOST_DRAWN], JOINED, LEFT}
    return part[part["from"].isin(kept) & part["to"].isin(kept)]


def _movers(pairs: pd.DataFrame) -> pd.DataFrame:
    """Moves from one class to another that may be told."""
    ends = (JOINED, LEFT, BEFORE, NOT_AVAILABLE)
    inside = ~pairs["from"].isin(ends) & ~pairs["to"].isin(ends) & (pairs["from"] != pairs["to"])
    return pairs[inside & ~pairs["masked"] & (pairs["customers"] > 0)]


def _gain(moved: pd.DataFrame) -> pd.Series:
    """What the movers together pay more a month."""
    return moved["change"] * moved["customers"]


def matrix_words(matrix: pd.DataFrame, steps: pd.DataFrame, *, why: str, currency: str) -> Words:
    """Around the picture of one dimension; `matrix` is of `drawn`, `why` of `absent`."""
    subtitle = "Customers by class at the quarter’s start and at its end; share of the class at the start"
    moved = _movers(matrix)
    if moved.empty:
        finding = why or "No move between classes is large enough to be told"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    label = str(moved["label"].iloc[0])
    best = _ordered(moved).iloc[0].to_dict()
    finding = _said(best, currency)
    share = steps[(steps["dimension"] == best["dimension"]) & (steps["direction"] == "changed")]
    told = f" {percent(share['share'].iloc[0])} of the customers changed their class." if len(share) else ""
    moves = listed([f"{count(row['customers'])} from {row['from']} to {row['to']}" for row in _rows(moved)])
    return {
        "finding": finding,
        "subtitle": f"{label}: {subtitle[0].lower()}{subtitle[1:]}",
        "alt": _alt(finding, told, moves),
    }


def _alt(finding: str, told: str, moves: str) -> str:
    return f"{finding}.{told} Moved: {moves}."


def _ordered(moved: pd.DataFrame) -> pd.DataFrame:
    """Moves that changed the revenue clearly first, the largest change first; then those of most customers."""
    clear = (moved["low"] > 0) | (moved["high"] < 0)
    keys = moved.assign(clear=clear, size=_gain(moved).abs().where(clear, 0.0))
    return keys.sort_values(["clear", "size", "customers"], ascending=False, kind="stable")


def _rows(moved: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in moved.to_dict("records")]


def _said(move: Row, currency: str) -> str:
    """One move in words: who, from where to where, and what they pay now."""
    who = f"{count(move['customers'])} customers moved from “{move['from']}” to “{move['to']}”"
    if pd.isna(move["change"]) or pd.isna(move["low"]):
        return who
    between = interval(move["low"], move["high"], lambda end: money(end, currency))
    if move["low"] <= 0 <= move["high"]:
        return f"{who}; what they pay did not clearly change ({between} a month)"
    more = "more" if move["change"] > 0 else "less"
    ends = sorted((abs(move["low"]), abs(move["high"])))
    size = interval(ends[0], ends[1], lambda end: money(end, currency))
    return f"{who} and pay {money(abs(move['change']), currency)} {more} a month ({size})"


def largest(pairs: pd.DataFrame, rules: ClassRules, *, currency: str) -> list[str]:
    """The moves that changed the revenue most, over all dimensions not made of money or time, in sentences."""
    moved = _movers(pairs)
    plain = moved["dimension"].map(lambda name: _plain(str(name), rules)).astype(bool)
    chosen = _ordered(moved[plain] if plain.any() else moved).head(MOST_TOLD)
    return [f"{row['label']}: {_said(row, currency)}." for row in _rows(chosen)] or ["None can be told."]


def step_rows(steps: pd.DataFrame) -> pd.DataFrame:
    """The shares of customers who moved, for reading."""
    return steps.assign(moved=steps["direction"].map(DIRECTION))


def step_words(steps: pd.DataFrame) -> Captions:
    """Above the table of shares."""
    changed = steps[steps["direction"] == "changed"]
    finding = "In which dimensions customers moved cannot be told"
    if not changed.empty:
        most, least = (changed.loc[end()] for end in (changed["share"].idxmax, changed["share"].idxmin))
        finding = f"{capital(str(most['label']))} moved most: {percent(most['share'])} of the customers changed class"
        if len(changed) > 1:
            finding += f"; {least['label']} least, {percent(least['share'])}"
    return {
        "finding": finding,
        "subtitle": "Share of the customers at the quarter’s start who were in another class at its end",
    }


def how(pairs: pd.DataFrame, *, smallest: int) -> str:
    """How to read who moved: the rules, what is hidden, and money that explains itself."""
    if pairs.empty:
        return "Customers are followed from one quarter’s end to the next."
    parts = [SAME_RULES, PASSED, COMPARED]
    if pairs["masked"].any():
        parts.append(f"Moves of fewer than {smallest} customers are masked, and what would give them away.")
    return " ".join(parts)
