"""What the report is told of a forecast, and of why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.models.accountability import AGEING, FORETOLD
from analysis.models.arms import ARMS
from analysis.models.candidates.field import NULL, REMARKS
from analysis.models.candidates.recalibrated import Correction
from analysis.models.held_against import METRICS

THEN = ["customer_id", "landmark", *(f"survival_{month:02d}" for month in range(1, 13)), "voluntary_01"]
FEWEST_BEFORE, FEWEST_AFTER = 20, 10  # leavers known at the landmark of a judgement, and in the months after it
FEWEST_SCORED = 11  # customers of whom a forecast speaks
WHY = {  # verdict → what is said of all models
    "not_judged": (
        "not judged",
        (
            f"No past quarter end has {FEWEST_BEFORE} known leavers before it and {FEWEST_AFTER} within three or "
            "twelve months after it: the life table by tenure makes the forecast."
        ),
    ),
    "nobody_left": ("left out", "Nobody is known to have left while under observation: nothing tells who will."),
    "nobody_followed": ("left out", "Nobody was under observation with a product: nothing tells who will leave."),
    "too_few": (
        "left out",
        f"Fewer than {FEWEST_SCORED} active customers hold a product: a forecast would speak of single ones.",
    ),
}


@dataclass(frozen=True, eq=False)
class Prediction:
    """What the report says of the forecast; `foretold` and `then` alone name customers, and are never shown.

    Attributes
    ----------
    chosen : name of the model that makes the forecast.
    verdict : "chosen", "null_not_beaten", "not_judged" (too little history, or too few leavers); without a forecast
        "nobody_followed", "nobody_left" or "too_few" (customers).
    landmark, horizon : quarter end from which it was judged and months (12 or 3); None where not judged.
    candidates : see `analysis.models.choice.choice`; empty where not judged.
    metrics : the chosen one at the last quarter end of each horizon, see `models.held_against`.
    foretold : what the chosen model, learned anew as of then, foretold of the last quarter: one row per customer of its
        opening base, columns of `analysis.models.accountability.FORETOLD`.
    then : what it said of all months of the year ahead at the quarter ends from which it was judged: one row per
        customer and landmark, columns of `THEN` (`voluntary_01`: of leaving by choice within a month; missing without
        kinds).
    arms : see `analysis.models.arms.arms`, over the months of the judgement.
    ageing : see `analysis.models.accountability.ageing`.
    refused : see `analysis.models.covariates.refused`.
    remarks : `covariate`, `outcome`, `reason`: what was left out or changed, and why.
    counts : `rows` and `customers` learned from, `leavers` among them, `scored`; `rows_without_product` and
        `customers_without_product` left out of learning and of scoring.
    correction : by what the probabilities of the chosen model are put right; None where they need not be.
    """

    chosen: str
    verdict: str
    landmark: dt.date | None
    horizon: int | None
    candidates: pd.DataFrame
    metrics: pd.DataFrame
    foretold: pd.DataFrame
    then: pd.DataFrame
    arms: pd.DataFrame
    ageing: pd.DataFrame
    refused: pd.DataFrame
    remarks: pd.DataFrame
    counts: dict[str, int]
    correction: Correction | None = None


def unjudged(verdict: str, *, refused: pd.DataFrame, left_out: pd.DataFrame, counts: dict[str, int]) -> Prediction:
    """What is reported where no candidate was held against anything; `verdict` is a key of `WHY`."""
    nothing = {"metrics": METRICS, "foretold": FORETOLD, "then": THEN, "arms": ARMS, "ageing": AGEING}
    return Prediction(
        chosen=NULL,
        verdict=verdict,
        landmark=None,
        horizon=None,
        candidates=pd.DataFrame(columns=["candidate", "place", "chosen"]),
        refused=refused,
        remarks=remarks_of(left_out, [("all models", *WHY[verdict])]),
        counts=counts,
        **{name: pd.DataFrame(columns=columns) for name, columns in nothing.items()},
    )


def remarks_of(left_out: pd.DataFrame, told: Sequence[tuple[str, str, str]]) -> pd.DataFrame:
    """What the encoder left out, then what else was done to the models; columns as in `REMARKS`."""
    rows = [tuple(row) for row in left_out[list(REMARKS)].itertuples(index=False)]
    return pd.DataFrame([*rows, *told], columns=list(REMARKS))
