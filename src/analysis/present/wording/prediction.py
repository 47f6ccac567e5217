"""Sentences of the forecast: how many will leave next, by which model, and how far it can be trusted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.leavers_ahead import LeaversAhead
from analysis.models.candidates.field import NULL
from analysis.models.choice import GOOD
from analysis.present.block import Block
from analysis.present.columns import CANDIDATES
from analysis.present.numbers import Number, count, day, decimal, finite, interval, months, percent, quarter
from analysis.present.page import Caution, Note
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, counted, whole_or_part

ALONE = "time with the company alone"
EQUAL = "customers of equal tenure are given equal probabilities"
NAMES = {
    NULL: "Tenure alone (life table)",
    "cox": "Cox regression",
    "aft": "Accelerated failure time",
    "logistic": "Logistic hazards",
    "boosting": "Boosted trees",
}
MAKERS = {
    NULL: "the life table by tenure",
    "cox": "a Cox regression",
    "aft": "an accelerated failure time model",
    "logistic": "logistic regressions of the hazard",
    "boosting": "boosted trees",
}


NONE = {  # verdicts without a forecast → why there is none
    "nobody_left": (
        "No forecast is made: nobody is known to have left while under observation, and nothing tells who will."
    ),
    "nobody_followed": "No forecast is made: nobody was under observation, and nothing tells who will leave.",
    "too_few": "No forecast is made: it would speak of single customers, so few are active and hold a product.",
}


def bottom_line(ahead: Mapping[str, LeaversAhead], *, period: str, said: str) -> str:
    """How many of the active customers are expected to leave in the quarter after `period`.

    `ahead` has the expected leavers by metric: `churn_3m`, and `voluntary_3m` where the source gives kinds; `said` is
    the verdict.
    """
    if said in NONE:
        return NONE[said]
    all_kinds = ahead["churn_3m"]
    if not all_kinds.customers:
        return "Nobody is active at quarter end: nobody can be expected to leave."
    said = (
        f"Of {counted(all_kinds.customers, 'active customer', 'active customers')} {count(all_kinds.leavers)} are "
        f"expected to leave in {quarter(Quarter.parse(period).next)} "
        f"({interval(all_kinds.low, all_kinds.high, count)}), {percent(all_kinds.share)}"
    )
    by_choice = ahead.get("voluntary_3m")
    return f"{said}." if by_choice is None else f"{said}; {count(by_choice.leavers)} of them by choice."


def months_left(stay: tuple[float, float, float], *, beyond: float, horizon: int) -> str:
    """How long active customers are expected to stay; `stay` is the mean with its interval, `beyond` the share of it
    at tenures later than any well observed.
    """
    if finite(stay[0]) is None:
        return "How long customers will stay is not told: nobody was scored."
    ahead = months(horizon, 0)
    rest = (
        f"{whole_or_part(beyond)} of that time lies at tenures later than any at which enough customers were observed"
        if beyond > 0
        else "all of it lies at tenures at which enough customers were observed"
    )
    return (
        f"An active customer is expected to stay {decimal(stay[0])} of the next {ahead} "
        f"({interval(stay[1], stay[2], decimal)}). The first year is the model's, the time after it the life table's; "
        f"{rest}."
    )


def name(candidate: str) -> str:
    """A model as a reader writes it."""
    return NAMES.get(candidate, candidate.replace("_", " "))


def maker(candidate: str) -> str:
    """A model inside a sentence, as what makes the forecast."""
    return MAKERS.get(candidate, name(candidate))


def verdict(candidates: pd.DataFrame, *, said: str, landmark: dt.date | None, horizon: int | None) -> list[str]:
    """By which model the forecast is made, and whether it foretold a period it had not seen better than tenure alone.

    `candidates` is the table of the choice, `said` its verdict, see `Prediction`.
    """
    if said in NONE:
        return ["No model was tried. The survival curve above says what was observed, and of how many customers."]
    if said == "not_judged" or landmark is None or horizon is None:
        return [
            (
                "Not judged: too little history. No past quarter end has both enough leavers before it to learn from "
                "and enough months after it to hold a forecast against."
            ),
            f"The forecast therefore rests on {ALONE}, the simplest model: {EQUAL}.",
        ]
    period = f"the {months(horizon, 0)} after {day(landmark)}"
    if said == "null_not_beaten":
        return [
            f"No model foretold who would leave in {period} clearly better than {ALONE}.",
            f"The forecast therefore rests on that: {EQUAL}.",
        ]
    row = candidates[candidates["chosen"] == 1].iloc[0]
    return [
        f"The forecast is made by {maker(row['candidate'])}.",
        f"Judged on {period}, of which it had seen nothing, {_gain(row)}.",
        _agreement(row, horizon=horizon),
    ]


def _gain(row: pd.Series) -> str:
    """By how much the error is smaller than the null's, relative to that of the null."""
    null = row["ibs"] - row["difference"]
    less, low, high = (-row[f"difference{end}"] / null for end in ("", "_high", "_low"))
    return f"its error was {percent(less)} smaller than that of {ALONE} ({interval(low, high, percent)})"


def _agreement(row: pd.Series, *, horizon: int) -> str:
    """Leavers per hundred predicted for the months judged."""
    left, low, high = (100 * row[f"ratio{end}"] for end in ("", "_low", "_high"))
    if finite(left) is None:
        return "Whether as many left as predicted cannot be told."
    return (
        f"For every {count(100)} leavers it predicted for those {months(horizon, 0)}, {count(left)} left "
        f"({interval(low, high, count)})."
    )


def reason_for_choice(candidates: pd.DataFrame, *, said: str) -> str:
    """Why this model and no other, from the figures of the table."""
    if candidates.empty:
        return "No model was compared with another."
    judged = candidates.dropna(subset=["ibs"])
    others = judged[judged["candidate"] != NULL]
    best = others.sort_values(["ibs", "place"]).iloc[0] if len(others) else None
    if said == "null_not_beaten":
        return _nothing_beaten(best)
    row = judged[judged["chosen"] == 1].iloc[0]
    if best is None or best["candidate"] == row["candidate"]:
        return f"{name(row['candidate'])} erred least of {counted(len(judged), 'model', 'models')}{_fit_to_use(row)}."
    return f"{name(best['candidate'])} erred least, but {_against(best, row)}; in use is {maker(row['candidate'])}."


def _fit_to_use(row: pd.Series) -> str:
    """Whether the probabilities are as far apart as what happened."""
    low, high = finite(row["slope_low"]), finite(row["slope_high"])
    if low is None or high is None:
        return ""
    slope = f"slope {_with_ends(row, 'slope')}; right is 1"
    if low < GOOD[0] and high > GOOD[1]:
        return f"; whether its probabilities are as far apart as they should be, too few left to tell ({slope})"
    if low <= 1 <= high:
        return f", and its probabilities are as far apart as they should be ({slope})"
    if GOOD[0] <= high and low <= GOOD[1]:
        return f", and its probabilities are nearly as far apart as they should be ({slope})"
    return f"; its probabilities were not as far apart as they should be ({slope}), and that has been put right"


def _against(best: pd.Series, used: pd.Series) -> str:
    """Why not the one that erred least."""
    if not best["difference_high"] < 0:
        return f"not clearly less than {ALONE}"
    if not best["slope_low"] > 0:
        return f"by its level alone: it ranks nobody (slope {_with_ends(best, 'slope')})"
    if _off(best) and not _off(used):
        return f"its probabilities are not to be trusted (slope {_with_ends(best, 'slope')}; right is 1)"
    return "a simpler model keeps nearly all that it gains"


def _off(row: pd.Series) -> bool:
    """Whether the probabilities are clearly too far apart or too close together."""
    return bool(row["slope_high"] < GOOD[0] or row["slope_low"] > GOOD[1])


def _nothing_beaten(best: pd.Series | None) -> str:
    if best is None:
        return "No model but the life table could be fitted."
    if best["difference_high"] < 0:
        slope = f"slope {_with_ends(best, 'slope')}"
        return f"{name(best['candidate'])} erred less by its level alone: it ranks nobody ({slope})."
    return (
        f"{name(best['candidate'])} came nearest: its error differs from that of {ALONE} by "
        f"{decimal(best['difference'], 4)} ({interval(best['difference_low'], best['difference_high'], _fine)}), and "
        "only a difference clearly below zero would have counted."
    )


def _fine(value: Number) -> str:
    return decimal(value, 4)


def _with_ends(row: pd.Series, metric: str) -> str:
    ends = interval(row[f"{metric}_low"], row[f"{metric}_high"], lambda end: decimal(end, 2))
    return decimal(row[metric], 2) + ("" if ends == MISSING else f", interval {ends}")


def candidate_rows(candidates: pd.DataFrame) -> pd.DataFrame:
    """The candidates as the table shows them, simplest first: `name`, and `used` for the one in use."""
    if candidates.empty:
        return pd.DataFrame(columns=[part for column in CANDIDATES for part in column.names])
    ordered = candidates.sort_values("place", kind="stable")
    used = ordered["chosen"].map({1: "yes"}).fillna("")
    less = ordered["difference"].where(ordered["candidate"] != NULL)
    return ordered.assign(name=ordered["candidate"].map(name), used=used, difference=less)


def candidate_words(candidates: pd.DataFrame, *, landmark: dt.date | None, horizon: int | None) -> Captions:
    """Above the table of candidates."""
    if landmark is None or horizon is None:
        return {
            "finding": "No model was judged: too little history, or too few left",
            "subtitle": "Models judged on a later period",
        }
    return {
        "finding": f"{counted(len(candidates), 'model', 'models')} judged on what they had not seen",
        "subtitle": (
            f"Fitted on what was known on {day(landmark)}, judged on the {months(horizon, 0)} after it. Error: "
            "integrated Brier score, the mean squared distance of probability and outcome, smaller is better. "
            "AUC: how often a leaver was ranked above a stayer, 0.5 is chance. Slope and left ÷ predicted: 1 is right. "
            "95 % intervals by bootstrap over customers"
        ),
    }


def suspicion(candidates: pd.DataFrame) -> Block:
    """What to be careful about: models that rank too well to be true, and a forecast whose level was far off."""
    if candidates.empty:
        return Note("No model was judged: how well it ranks customers is not known.")
    told = candidates["suspect"].dropna()
    found = sorted({str(words) for words in told if str(words).strip()})
    found += [words for words in [_off_level(candidates[candidates["chosen"] == 1])] if words]
    if found:
        return Caution(" ".join(found))
    return Note("No model ranks customers so well that something known only after leaving must be suspected in it.")


def _off_level(used: pd.DataFrame) -> str:
    """What to say where clearly more or fewer left than the model in use predicted."""
    low, high = (finite(used[name].iloc[0]) if len(used) else None for name in ("ratio_low", "ratio_high"))
    if low is None or high is None or (low <= GOOD[1] and high >= GOOD[0]):
        return ""
    left = f"{count(100 * used['ratio'].iloc[0])} left for every {count(100)} predicted"
    return (
        f"In the period judged, {left} ({interval(100 * low, 100 * high, count)}). Either leaving changed after that "
        "day, by a price, a competitor or a fault, or a feature tells of leavers what is not yet written of those who "
        "are still there. Look at the features below before acting on single probabilities."
    )
