"""The forecast: candidates learn, are judged on a later period, and the chosen one scores the active customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.models import forecast
from analysis.models.accountability import ageing, foretold_by
from analysis.models.arms import arms
from analysis.models.candidates.field import NULL, fitted, fitted_field
from analysis.models.candidates.learning import Fitted, Learning, whole_customers
from analysis.models.candidates.recalibrated import Correction, recalibration
from analysis.models.choice import Choice, choice, needs_recalibration
from analysis.models.chosen import ENCODED_ROWS, by_choice, chosen, scores_of, twin_of
from analysis.models.covariates import candidate_columns, refused
from analysis.models.encoder import fit_encoder
from analysis.models.extension import monthly
from analysis.models.held_against import Held, metrics_at, outcome
from analysis.models.prediction_told import (
    FEWEST_AFTER,
    FEWEST_BEFORE,
    FEWEST_SCORED,
    THEN,
    Prediction,
    remarks_of,
    unjudged,
)
from analysis.models.scores import HORIZONS, PLACES, Scores, incidence, nobodys_scores

JUDGED_ROWS = 20_000  # customers of a landmark on whom forecasts are judged
JUDGED = (12, 3)  # months of the judgement: the longer where the history allows it


class Known(NamedTuple):
    """Rows of episodes to learn from, the columns that may be covariates, and what the source says of them."""

    rows: pd.DataFrame
    columns: list[str]
    since: Mapping[str, str]
    refused: pd.DataFrame | None


class Lesson(NamedTuple):
    """What was known on a day, and the columns that were refused then."""

    learning: Learning
    refused: pd.DataFrame

    @property
    def left_out(self) -> pd.DataFrame:
        """What the encoder left out or changed, and why."""
        return self.learning.encoder.remarks


class Trial(NamedTuple):
    """The judgement: on what came of a landmark's customers (`came`) over so many months, which model was chosen.

    `learning` and `fit` are what was known then and the chosen model that learned it; `correction` puts its
    probabilities right from now on.
    """

    learning: Learning
    came: pd.DataFrame
    horizon: int
    choice: Choice
    fit: Fitted
    correction: Correction | None
    remarks: list[tuple[str, str, str]]

    @property
    def landmark(self) -> dt.date:
        return self.learning.day


def predict(
    rows: pd.DataFrame,
    active: pd.DataFrame,
    *,
    as_of: dt.date,
    known_at: Mapping[str, str],
    refused_already: pd.DataFrame | None = None,
) -> tuple[Prediction, Scores]:
    """Choose a model, and score the active customers with it.

    The candidates learn what was known twelve months before the last quarter end that lies so far back (three, where
    the history is short) and are judged on what came after. The chosen one learns again from all that is known at
    the as-of date, and so does a twin for leaving by choice. Where nobody is known to have left, or fewer than eleven
    customers could be scored, there is no forecast and nobody is scored.

    Parameters
    ----------
    rows : table of `forecast.learning_rows`, one row per customer, spell and landmark.
    active : table, one row per active customer at the as-of date, with the same features.
    known_at : column → since when it is known, as the source declares it.
    refused_already : columns refused elsewhere, with the columns of `covariates.refused`.
    """
    held = forecast.in_order(forecast.holding_a_product(rows), forecast.KEYS)
    customers = forecast.holding_a_product(active).sort_values("customer_id", ignore_index=True)
    known = Known(held, candidate_columns(rows), known_at, refused_already)
    now = _lesson(known, as_of)
    missing = _missing(now.learning, customers)
    trial = None if missing else _trial(known, as_of=as_of)
    name, correction = (trial.choice.name, trial.correction) if trial else (NULL, None)
    scores = nobodys_scores()
    if not missing:
        scores = scores_of(chosen(name, now.learning, customers, correction=correction), customers)
    counts = {
        "rows": len(now.learning.rows),
        "customers": int(now.learning.rows["customer_id"].nunique()),
        "leavers": now.learning.events,
        "scored": len(scores.customer_id),
        "rows_without_product": len(rows) - len(held),
        "customers_without_product": len(active) - len(customers),
    }
    if missing:
        return unjudged(missing, refused=now.refused, left_out=now.left_out, counts=counts), scores
    return _told(known, now, trial, as_of=as_of, counts=counts), scores


def _missing(learning: Learning, customers: pd.DataFrame) -> str:
    """Why there can be no forecast; empty where there can."""
    if learning.rows.empty:
        return "nobody_followed"
    if not learning.events:
        return "nobody_left"
    return "too_few" if len(customers) < FEWEST_SCORED else ""


def _lesson(known: Known, day: dt.date) -> Lesson:
    """What could be learned on a day: nothing that came later decides what is refused or how it is written."""
    rows = forecast.known_at(known.rows, day)
    sample = whole_customers(rows, most=ENCODED_ROWS)
    out = refused(sample, known.columns, known_at=known.since, extra=known.refused)
    kept = [name for name in known.columns if name not in set(out["covariate"])]
    return Lesson(Learning(rows, day, fit_encoder(sample, kept)), out)


def _trial(known: Known, *, as_of: dt.date) -> Trial | None:
    """The judgement at the landmark of the longest horizon that has enough leavers before and after it."""
    for horizon in JUDGED:
        landmark = forecast.validation_landmark(known.rows, as_of=as_of, months=horizon)
        if landmark is None:
            continue
        came = forecast.came_of(known.rows, landmark, as_of=as_of)
        after = int(((came["leaves"] == 1) & (came["ahead"] <= horizon)).sum())
        before = forecast.known_at(known.rows, landmark)["event"].sum()
        if before >= FEWEST_BEFORE and after >= FEWEST_AFTER:
            return _judged(_lesson(known, landmark).learning, came, horizon=horizon, as_of=as_of)
    return None


def _judged(learning: Learning, everyone: pd.DataFrame, *, horizon: int, as_of: dt.date) -> Trial:
    field, came = fitted_field(learning), whole_customers(everyone, most=JUDGED_ROWS)
    hazards = {name: fit.hazards(came) for name, fit in field.fits.items()}
    picked = choice({name: -np.expm1(-one) for name, one in hazards.items()}, outcome(came), horizon=horizon)
    row = picked.candidates.set_index("candidate").loc[picked.name]
    remarks, correction = list(field.remarks), None
    if picked.name != NULL and needs_recalibration(row):
        # A forecast without new contacts is put right by what happened without them.
        alone = forecast.followed(came, until=as_of)
        seen = alone.assign(
            leaves=alone["leaves"] * (alone["ahead"] <= horizon), ahead=alone["ahead"].clip(upper=horizon)
        )
        ahead, leaves = seen["ahead"].to_numpy("float64"), seen["leaves"].to_numpy("float64")
        correction = recalibration(hazards[picked.name], ahead=ahead, leaves=leaves, horizon=horizon)
        reason = (
            f"Its probabilities of {learning.day:%Y-%m-%d} lay too far apart or too close together. The "
            f"cumulative hazard H by the end of the {horizon} months is replaced by c · H^{correction.slope:.3f}, "
            "where c keeps their mean."
        )
        remarks.append((f"model: {picked.name}", "recalibrated", reason))
    return Trial(learning, everyone, horizon, picked, field.fits[picked.name], correction, remarks)


# -------------------------------------------------------------------------------------------------- what is reported


def _told(known: Known, now: Lesson, trial: Trial | None, *, as_of: dt.date, counts: dict[str, int]) -> Prediction:
    if trial is None:
        return unjudged("not_judged", refused=now.refused, left_out=now.left_out, counts=counts)
    return Prediction(
        chosen=trial.choice.name,
        verdict=trial.choice.verdict,
        landmark=trial.landmark,
        horizon=trial.horizon,
        candidates=trial.choice.candidates,
        refused=now.refused,
        remarks=remarks_of(now.left_out, trial.remarks),
        counts=counts,
        correction=trial.correction,
        **_by_horizon(known, trial, as_of=as_of),
    )


def _by_horizon(known: Known, trial: Trial, *, as_of: dt.date) -> dict[str, pd.DataFrame]:
    """The chosen model's figures at the landmark of each horizon, and what it foretold from there."""
    held: dict[dt.date, Held] = {}
    metrics, foretold = [], foretold_by(None)
    for horizon in HORIZONS:
        landmark = forecast.validation_landmark(known.rows, as_of=as_of, months=horizon)
        if landmark is None:
            continue
        if landmark not in held:
            held[landmark] = _held(known, trial, landmark, as_of=as_of)
        if horizon == forecast.QUARTER:
            foretold = foretold_by(held[landmark])
        judged = held[landmark].of(whole_customers(held[landmark].rows, most=JUDGED_ROWS))
        metrics.append(metrics_at(judged, horizon=horizon))
    approached = arms(held[trial.landmark], horizon=trial.horizon)
    then = pd.concat([_then(one) for one in held.values()], ignore_index=True)
    told = {"foretold": foretold, "then": then, "arms": approached, "ageing": _ageing(known, trial, as_of=as_of)}
    return told | {"metrics": pd.concat(metrics, ignore_index=True)}


def _then(held: Held) -> pd.DataFrame:
    """What a forecast made at a landmark said of each month of the year ahead; columns of `THEN`."""
    survival = np.round(np.exp(-monthly(-np.log1p(-held.risk))), PLACES)
    told = held.rows[THEN[:2]].reset_index(drop=True).join(pd.DataFrame(survival, columns=THEN[2:-1]))
    return told.assign(voluntary_01=np.round(held.by_choice[:, 0], PLACES) if held.by_choice.shape[1] else np.nan)


def _ageing(known: Known, trial: Trial, *, as_of: dt.date) -> pd.DataFrame:
    """How the model of the judgement did in each quarter since, never learning anew."""
    ends = pd.to_datetime(known.rows.loc[known.rows["at_quarter_end"] == 1, "landmark"]).dt.date
    last = forecast.validation_landmark(known.rows, as_of=as_of, months=forecast.QUARTER)
    days = sorted(day for day in ends.unique() if last is not None and trial.landmark <= day <= last)
    came = [whole_customers(forecast.came_of(known.rows, day, as_of=as_of), most=JUDGED_ROWS) for day in days]
    return ageing([Held(rows, -np.expm1(-trial.fit.hazards(rows)), np.full((len(rows), 1), np.nan)) for rows in came])


def _held(known: Known, trial: Trial, landmark: dt.date, *, as_of: dt.date) -> Held:
    """The forecast of the chosen model as it would have been then: put right by nothing that came later."""
    if landmark == trial.landmark:
        learning, came, fit = trial.learning, trial.came, trial.fit
    else:
        learning, came = _lesson(known, landmark).learning, forecast.came_of(known.rows, landmark, as_of=as_of)
        fit = fitted(trial.choice.name, learning)
    hazards = fit.hazards(came)
    voluntary = by_choice(twin_of(trial.choice.name, learning), learning, came, hazards=hazards)
    chose = np.full_like(hazards, np.nan) if voluntary is None else incidence(hazards, voluntary)
    return Held(came, -np.expm1(-hazards), chose)
