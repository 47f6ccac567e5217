"""NPS and satisfaction by quarter, as answered and weighted to all customers, and how far they moved."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.interval import share_interval, standard_normal_quantile
from analysis.measures.nps import DETRACTOR, PROMOTER, of_shares
from analysis.measures.raking import Weights, equal, influence, raked
from analysis.measures.survey_rows import Surveys

Floats = npt.NDArray[np.float64]

SCORES = ("nps", "csat")
WAYS = ("answered", "weighted")
KINDS = ("promoter", "passive", "detractor")
LEVELS = ("quarter", "score", "way", "value", "low", "high", "answers", "effective")
CHANGES = ("score", "way", "against", "change", "low", "high", "both")


class Estimate(NamedTuple):
    """A score with its 95 % interval, the answers it rests on, and what each customer adds to its error."""

    value: float
    low: float
    high: float
    answers: int
    effective: float
    error: pd.Series


def kind_of(scores: Floats) -> npt.NDArray[np.str_]:
    """Promoter, passive or detractor, for each answer of 0 to 10."""
    return np.where(scores >= PROMOTER, KINDS[0], np.where(scores <= DETRACTOR, KINDS[2], KINDS[1]))


def points(scores: Floats) -> Floats:
    """What an answer adds to the NPS: 100, 0 or -100."""
    return 100.0 * (scores >= PROMOTER) - 100.0 * (scores <= DETRACTOR)


def estimate(answers: pd.DataFrame, score: str, weights: Weights) -> Estimate:
    """The score of answers so weighted.

    The interval of the NPS is that of as many equally weighted answers as tell as much (its variance by Taylor
    linearisation), that of satisfaction the normal one.

    Parameters
    ----------
    answers : table, one row per customer: `customer_id` and the score, none missing.
    """
    given = answers[score].to_numpy("float64")
    if len(given) < 2:
        return Estimate(*(float("nan"),) * 3, len(given), float(len(given)), pd.Series(dtype=float))
    values = points(given) if score == "nps" else given
    error = pd.Series(influence(values, weights), index=answers["customer_id"].to_numpy())
    variance = float((error.to_numpy() ** 2).sum())
    mean = float(weights.share @ values)
    low, high = _nps_ends(given, weights, variance) if score == "nps" else _ends(mean, variance)
    return Estimate(mean, low, high, len(given), weights.effective, error)


def _ends(mean: float, variance: float) -> tuple[float, float]:
    reach = standard_normal_quantile(0.95) * float(np.sqrt(variance))
    return mean - reach, mean + reach


def _nps_ends(given: Floats, weights: Weights, variance: float) -> tuple[float, float]:
    up, down = float(weights.share @ (given >= PROMOTER)), float(weights.share @ (given <= DETRACTOR))
    one = up + down - (up - down) ** 2
    alike = weights.design.shape[1] == 1 or not variance > 0 or not one > 0
    size = len(given) if alike else one / (variance / 100**2)
    return of_shares(up, down, size)[1:]


def scored(surveys: Surveys, quarter: Quarter, score: str, way: str) -> Estimate:
    """A score of one quarter, as answered or weighted to everyone on the books at its end."""
    answers = surveys.answered_in(quarter, score)
    weights = equal(len(answers))
    if way == "weighted":
        weights = raked(answers, surveys.base_of(quarter), list(surveys.dimensions))
    return estimate(answers, score, weights)


def levels(surveys: Surveys, *, smallest: int) -> pd.DataFrame:
    """Both scores of each told quarter, both ways.

    Returns
    -------
    Table, one row per quarter, score and way, the last quarter first: `value`, `low`, `high` (95 %), `answers`,
    `effective` (equally weighted ones that would tell as much). Quarters with fewer than `smallest` answers are left
    out, and those in which fewer, but some, do not say the same.
    """
    rows = []
    for quarter in surveys.quarters if surveys.given else ():
        for score in SCORES:
            if not _safe(surveys.answered_in(quarter, score)[score].to_numpy("float64"), smallest):
                continue
            found = ((way, scored(surveys, quarter, score, way)) for way in WAYS)
            rows += [(str(quarter), score, way, *one[:5]) for way, one in found]
    return pd.DataFrame(rows, columns=list(LEVELS))


def _safe(given: Floats, smallest: int) -> bool:
    """Whether enough answered, and of neither side of the scale so few that the score would tell of them."""
    others = len(given) - abs(points(given).sum()) / 100
    return len(given) >= smallest and not 0 < others < smallest


def changes(surveys: Surveys, told: pd.DataFrame) -> pd.DataFrame:
    """How far each score of the last quarter is from that of the quarter before and a year ago.

    Who answered in both counts with the difference of both answers: the interval is that of a difference with its
    covariance.

    Returns
    -------
    Table, one row per score, way and quarter compared with: `against` (before, year), `change`, `low`, `high` (95 %),
    `both` (customers who answered in both).
    """
    known = set(told["quarter"]) if len(told) else set()
    rows = []
    for against, place in {"before": 1, "year": 4}.items():
        pair = [surveys.quarters[at] for at in (0, place)] if len(surveys.quarters) > place else []
        if not pair or not {str(one) for one in pair} <= known:
            continue
        for score in sorted(set(told["score"]), key=SCORES.index):
            quarters = set(told.loc[told["score"] == score, "quarter"])
            if {str(one) for one in pair} <= quarters:
                rows += [(score, way, against, *_change(surveys, pair, score, way)) for way in WAYS]
    return pd.DataFrame(rows, columns=list(CHANGES))


def _change(surveys: Surveys, pair: list[Quarter], score: str, way: str) -> tuple[float, float, float, int]:
    return difference(*(scored(surveys, quarter, score, way) for quarter in pair))


def difference(now: Estimate, then: Estimate) -> tuple[float, float, float, int]:
    """By how much one score is above another, its 95 % interval, and the customers in both."""
    both = now.error.index.intersection(then.error.index)
    error = now.error.sub(then.error, fill_value=0.0).to_numpy()
    gap = now.value - then.value
    low, high = _ends(gap, float((error**2).sum()))
    return gap, low, high, len(both)


def kind_shares(surveys: Surveys, *, smallest: int) -> pd.DataFrame:
    """Shares of promoters, passives and detractors in the last quarter, and weighted to all customers.

    Returns
    -------
    Table, one row per kind: `kind`, `answers`, `share`, `low`, `high` (Wilson's 95 %), `weighted`; empty where one of
    the kinds is of fewer than `smallest` answers, but some.
    """
    quarter = surveys.quarters[0]
    answers = surveys.answered_in(quarter, "nps") if surveys.given else pd.DataFrame({"nps": []})
    kinds = kind_of(answers["nps"].to_numpy("float64"))
    counts = [int((kinds == kind).sum()) for kind in KINDS]
    if not len(answers) or any(0 < count < smallest for count in counts):
        return pd.DataFrame(columns=["kind", "answers", "share", "low", "high", "weighted"])
    weights = raked(answers, surveys.base_of(quarter), list(surveys.dimensions))
    low, high = share_interval(counts, [len(answers)] * len(KINDS))
    table = pd.DataFrame({"kind": KINDS, "answers": counts, "share": np.array(counts) / len(answers)})
    return table.assign(low=low, high=high, weighted=[float(weights.share @ (kinds == kind)) for kind in KINDS])
