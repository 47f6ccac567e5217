"""Sentences about the net promoter score and satisfaction: their level, how they moved, and which score to use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.class_rules import SUFFIX, ClassRules
from analysis.measures.survey_rows import Surveys
from analysis.present.numbers import MINUS, count, decimal, finite, interval, percent, quarter
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, capital, inside, listed

Row = Mapping[Any, Any]

NAMES = {"nps": "Net promoter score", "csat": "Satisfaction (1 to 5)"}
WAYS = {"answered": "of who answered", "weighted": "of all customers, weighted"}
WHEN = {"before": "the quarter before", "year": "a year ago"}
PLACES = {"nps": 1, "csat": 2}
KINDS = {
    "promoter": "Promoters (9 or 10)",
    "passive": "Passives (7 or 8)",
    "detractor": "Detractors (0 to 6)",
}
NO_SURVEYS = "The source gives no surveys: what customers say cannot be told"


def bottom_line(surveys: Surveys, levels: pd.DataFrame, changes: pd.DataFrame) -> str:
    """The score of all customers, its interval, and whether it moved."""
    now = surveys.quarters[0]
    score = leading(levels, str(now))
    if score is None:
        return f"{nothing(surveys, now)}."
    row, plain = _row(levels, str(now), score, "weighted"), _row(levels, str(now), score, "answered")
    said = f"{capital(_name(score))} in {quarter(now)} is {_written(row['value'], score)} for all customers"
    said += f" ({_between(row, score)}), {_written(plain['value'], score)} as answered."
    return " ".join([said, *_moves(changes, score)])


def nothing(surveys: Surveys, now: Quarter) -> str:
    """Why no score can be told of a quarter."""
    if not surveys.given:
        return NO_SURVEYS
    if surveys.answers.empty:
        return "No survey was answered in the quarters that are looked at: what customers say cannot be told"
    return f"Too few answered in {quarter(now)} to tell what customers say, or too few said anything else"


def leading(levels: pd.DataFrame, now: str) -> str | None:
    """The score that leads: the recommendation where it can be told, else satisfaction; None where neither can."""
    known = set(levels.loc[levels["quarter"] == now, "score"])
    return next((score for score in NAMES if score in known), None)


def _name(score: str) -> str:
    return "the net promoter score (NPS)" if score == "nps" else "satisfaction, from 1 to 5,"


def _row(levels: pd.DataFrame, now: str, score: str, way: str) -> pd.Series:
    return levels[(levels["quarter"] == now) & (levels["score"] == score) & (levels["way"] == way)].iloc[0]


def _written(value: float, score: str) -> str:
    return decimal(value, PLACES[score])


def _between(row: Row | pd.Series, score: str) -> str:
    return interval(row["low"], row["high"], lambda end: decimal(end, PLACES[score]))


def _signed(value: float, score: str) -> str:
    size = decimal(abs(value), PLACES[score])
    return size if not any(digit in "123456789" for digit in size) else ("+" if value > 0 else MINUS) + size


def _moves(changes: pd.DataFrame, score: str) -> list[str]:
    """Whether the weighted score moved, beside the quarter before and a year ago."""
    rows = changes[(changes["score"] == score) & (changes["way"] == "weighted")].to_dict("records")
    if not rows:
        return ["No earlier quarter can be compared with."]
    unmoved = [WHEN[row["against"]] for row in rows if row["low"] <= 0 <= row["high"]]
    said = [
        f"It {'rose' if row['change'] > 0 else 'fell'} by {_written(abs(row['change']), score)} since "
        f"{WHEN[row['against']]} ({_between(row, score)})."
        for row in rows
        if not row["low"] <= 0 <= row["high"]
    ]
    return [*said, f"It is not clearly different from {' or '.join(unmoved)}."] if unmoved else said


def trend_rows(levels: pd.DataFrame) -> pd.DataFrame:
    """The leading score by quarter and way, as the picture draws it."""
    score = leading(levels, str(levels["quarter"].iloc[0])) if len(levels) else None
    rows = levels[levels["score"] == score]
    names = {"weighted": "All, weighted", "answered": "Who answered"}
    parts = [rows[rows["way"] == way].assign(name=name) for way, name in names.items()]
    return pd.concat(parts, ignore_index=True)


def trend_words(surveys: Surveys, levels: pd.DataFrame, changes: pd.DataFrame) -> Words:
    """Around the score by quarter."""
    now = str(surveys.quarters[0])
    score = leading(levels, now)
    if score is None:
        finding = nothing(surveys, surveys.quarters[0])
        return {"finding": finding, "subtitle": "Net promoter score by quarter", "alt": f"{finding}."}
    rows = changes[(changes["score"] == score) & (changes["way"] == "weighted")].to_dict("records")
    moved = [row for row in rows if not row["low"] <= 0 <= row["high"]]
    finding = f"{NAMES[score]} {_written(_row(levels, now, score, 'weighted')['value'], score)}"
    if moved:
        first = moved[0]
        finding += f", {_signed(first['change'], score)} since {WHEN[first['against']]}"
    elif rows:
        finding += f", not clearly different from {' or '.join(WHEN[row['against']] for row in rows)}"
    subtitle = "Surveys sent in each quarter and answered by its end, with the 95 % interval of each line"
    alt = f"{finding}. Two lines over {count(levels['quarter'].nunique())} quarters: weighted and as answered."
    return {"finding": finding, "subtitle": subtitle, "alt": alt}


def score_rows(levels: pd.DataFrame, changes: pd.DataFrame, *, now: str) -> pd.DataFrame:
    """Both scores, as answered and weighted, with their changes, as the table writes them."""
    rows = [_told(row, changes) for row in levels[levels["quarter"] == now].to_dict("records")]
    names = ["name", "value", "between", "before", "before_between", "year", "year_between", "answers", "effective"]
    return pd.DataFrame(rows, columns=names)


def _told(row: Row, changes: pd.DataFrame) -> dict[str, Any]:
    score, way = row["score"], row["way"]
    told = {
        "name": f"{NAMES[score]} {WAYS[way]}", "value": _written(row["value"], score), "between": _between(row, score),
        "answers": row["answers"], "effective": row["effective"],
    }  # fmt: skip
    for against in WHEN:
        same = changes[(changes["score"] == score) & (changes["way"] == way) & (changes["against"] == against)]
        known = len(same) > 0
        told[against] = _signed(same["change"].iloc[0], score) if known else MISSING
        told[f"{against}_between"] = _between(same.iloc[0], score) if known else MISSING
    return told


def score_words(surveys: Surveys, levels: pd.DataFrame) -> Captions:
    """Above the table of scores."""
    now = surveys.quarters[0]
    subtitle = f"Surveys sent in {quarter(now)}, the last answer of each customer; changes in points of the score"
    score = leading(levels, str(now))
    if score is None:
        return {"finding": nothing(surveys, now), "subtitle": subtitle}
    gap = _gap(levels, str(now), score)
    if not any(digit in "123456789" for digit in _written(abs(gap), score)):
        return {"finding": "Weighting to all customers changes the score by next to nothing", "subtitle": subtitle}
    side = "lower" if gap < 0 else "higher"
    finding = f"Weighted to all customers the score is {_written(abs(gap), score)} points {side} than as answered"
    return {"finding": finding, "subtitle": subtitle}


def _gap(levels: pd.DataFrame, now: str, score: str) -> float:
    return float(_row(levels, now, score, "weighted")["value"] - _row(levels, now, score, "answered")["value"])


def use_bullets(surveys: Surveys, levels: pd.DataFrame, responses: pd.DataFrame, rules: ClassRules) -> list[str]:
    """Which score to use, how many answered, and what weighting cannot mend."""
    now = str(surveys.quarters[0])
    score = leading(levels, now)
    if score is None:
        return []
    row = _row(levels, now, score, "weighted")
    named = [inside(rules[name.removesuffix(SUFFIX)].label) for name in surveys.dimensions]
    if not named:
        use = (
            "Answers cannot be weighted: the source tells no class of customers. Use the score as answered, with care."
        )
        return [use, *_responded(responses, now)]
    return [
        (
            "Use the weighted score to judge the company and to compare quarters: it stands for all customers. Use the "
            "score as answered only beside scores of other companies, which are seldom weighted."
        ),
        (
            f"Answers are weighted so that {listed(named)} are spread among them as among everyone on the books. The "
            f"{count(row['answers'])} answers tell as much as {count(row['effective'])} of equal weight."
        ),
        *_responded(responses, now),
        "What weighting cannot mend: within a class those who answer may feel otherwise than those who are silent.",
    ]


def _responded(responses: pd.DataFrame, now: str) -> list[str]:
    told = responses[~responses["masked"].astype(bool)]
    rows = told[told["quarter"] == now].to_dict("records")
    if not rows:
        return ["How many answered cannot be told."]
    row = rows[0]
    said = (
        f"{percent(row['response'])} of the {count(row['sent'])} surveys sent in the quarter were answered by its end "
        f"({interval(row['low'], row['high'], percent)})"
    )
    before = told[told["quarter"] < now]
    if len(before) and finite(before["response"].iloc[0]) is not None:
        said += f", {percent(before['response'].iloc[0])} in the quarter before"
    return [f"{said}."]


def kind_rows(kinds: pd.DataFrame) -> pd.DataFrame:
    """Promoters, passives and detractors by name."""
    return kinds.assign(name=kinds["kind"].map(KINDS))


def kind_words(kinds: pd.DataFrame, *, now: Quarter) -> Captions:
    """Above promoters, passives and detractors."""
    subtitle = f"Answers of {quarter(now)} to how likely one would recommend the company, from 0 to 10"
    if kinds.empty:
        return {"finding": "Promoters and detractors are too few to be told apart", "subtitle": subtitle}
    share = kinds.set_index("kind")["share"]
    finding = f"{percent(share['promoter'], 0)} would recommend the company, {percent(share['detractor'], 0)} would not"
    return {"finding": finding, "subtitle": subtitle}
