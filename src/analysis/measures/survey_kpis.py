"""The published figures of what customers say."""

from __future__ import annotations

import pandas as pd

from analysis.basis.metric import Kpi
from analysis.measures.survey_scores import CHANGES

METRIC = {
    ("nps", "answered"): "nps", ("nps", "weighted"): "nps_weighted",
    ("csat", "answered"): "csat", ("csat", "weighted"): "csat_weighted",
}  # fmt: skip
KINDS = {"promoter": "promoters", "detractor": "detractors"}


def survey_kpis(
    levels: pd.DataFrame, changes: pd.DataFrame, kinds: pd.DataFrame, responses: pd.DataFrame, *, quarter: str
) -> list[Kpi]:
    """Scores, shares of promoters and detractors, and the response of the quarter, as far as they can be told."""
    now = levels[levels["quarter"] == quarter].to_dict("records")
    found = [
        Kpi(
            METRIC[row["score"], row["way"]],
            row["value"],
            row["answers"],
            row["low"],
            row["high"],
            _then(row, changes, "before"),
            year_before=_then(row, changes, "year"),
            moved=_moved(row, changes),
        )
        for row in now
    ]
    found += [
        Kpi("effective_answers", row["effective"], row["answers"])
        for row in now
        if (row["score"], row["way"]) == ("nps", "weighted")
    ]
    found += [
        Kpi(KINDS[row["kind"]], row["share"], int(kinds["answers"].sum()), row["low"], row["high"])
        for row in kinds.to_dict("records")
        if row["kind"] in KINDS
    ]
    return found + _response(responses, quarter)


def _change(row: dict, changes: pd.DataFrame, against: str) -> pd.DataFrame:
    same = changes[list(CHANGES[:3])].eq([row["score"], row["way"], against]).all(axis=1)
    return changes[same]


def _then(row: dict, changes: pd.DataFrame, against: str) -> float | None:
    """The score of the quarter before, or of a year ago, from the change since."""
    found = _change(row, changes, against)
    return float(row["value"] - found["change"].iloc[0]) if len(found) else None


def _moved(row: dict, changes: pd.DataFrame) -> bool | None:
    """Whether the change since the quarter before is more than chance."""
    found = _change(row, changes, "before").dropna(subset=["low", "high"])
    return None if found.empty else bool(found["low"].iloc[0] > 0 or found["high"].iloc[0] < 0)


def _response(responses: pd.DataFrame, quarter: str) -> list[Kpi]:
    told = responses[(responses["quarter"] == quarter) & ~responses["masked"].astype(bool)]
    if told.empty:
        return []
    row, before = told.iloc[0], responses[(responses["quarter"] < quarter) & ~responses["masked"].astype(bool)]
    previous = float(before["response"].iloc[0]) if len(before) else None
    return [Kpi("survey_response", row["response"], int(row["sent"]), row["low"], row["high"], previous)]


def class_kpis(classes: pd.DataFrame) -> list[Kpi]:
    """The score of each class that may be published."""
    told = classes[~classes["masked"].astype(bool) & classes["nps"].notna()].to_dict("records")
    keys = ("dimension", "class")
    return [
        Kpi("nps", row["nps"], int(row["answers"]), row["low"], row["high"], None, *(row[key] for key in keys))
        for row in told
    ]
