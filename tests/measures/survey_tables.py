"""Surveys made by hand: answers of customers of two classes, and everyone on the books."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.frames.surveyed import number_of
from analysis.measures.survey_rows import Surveys

NOW = Quarter(2026, 3)
CLASS = "age_class"
QUARTERS = (NOW, NOW.previous, NOW.previous.previous)


def surveys(engine, rows, *, base=(("old", 500), ("young", 500)), silent=0):
    """`rows`: (customer, quarter, score, class) for each answer; satisfaction is half the score, at least 1.

    `silent` customers of each class were asked in each quarter and did not answer.
    """
    told = pd.DataFrame(rows, columns=["customer_id", "quarter", "nps", CLASS]).astype({"nps": "float64"})
    told["quarter"] = [number_of(quarter) for quarter in told["quarter"]]
    told["csat"] = (told["nps"] / 2).clip(lower=1)
    cells = [(number_of(quarter), name, size) for quarter in QUARTERS for name, size in base]
    counted = pd.DataFrame(cells, columns=["quarter", CLASS, "customers"])
    return Surveys(True, _sent(engine, told, base, silent), told, counted, (CLASS,), (CLASS,), QUARTERS)


def _sent(engine, told, base, silent):
    given = told.assign(answered=1, survey_id=[f"s{at:05d}" for at in range(len(told))])
    numbers = given["quarter"].to_numpy()
    starts = [f"{number // 4}-{number % 4 * 3 + 1:02d}-15" for number in numbers]
    given["answered_on"] = pd.to_datetime(starts)
    quiet = [
        (f"quiet {name} {at}", number_of(quarter), name, 0)
        for quarter in QUARTERS for name, _ in base for at in range(silent)
    ]  # fmt: skip
    unanswered = pd.DataFrame(quiet, columns=["customer_id", "quarter", CLASS, "answered"])
    whole = pd.concat([given, unanswered], ignore_index=True) if quiet else given
    return engine.table(whole)


def answers(quarter, scores, *, klass="old", first=0):
    """(customer, quarter, score, class) for customers numbered from `first` on."""
    return [(f"c{first + at:04d}", quarter, score, klass) for at, score in enumerate(scores)]


def mixed(promoters, passives, detractors):
    return list(np.repeat([10, 8, 3], [promoters, passives, detractors]))
