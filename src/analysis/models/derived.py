"""What the trade reads from several columns together: changes of use, a term's end, a promotion about to end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.counts import Floats
from analysis.models.families import label
from analysis.models.readings import numbers

USE = ("download_gb", "upload_gb", "voice_minutes", "app_logins", "active_days")
ENDING = ((0, 1), (1, 3), (3, 6), (6, 9), (9, 12))  # months ahead
TURNS = (6, 24, 60)  # months of tenure at which the slope may change
FRESH = 6  # months for which an answer counts as recent
DAMPED = 0.05  # of the mean use: so much is added to both sides of a ratio, lest little over nothing be everything

Numbers = Mapping[str, Floats]


@dataclass(frozen=True)
class Derived:
    """A column made of others: its name, the covariate it belongs to, what it needs, and how it is made.

    `value` takes the columns needed and the offset of the covariate (0 where it has none).
    """

    name: str
    covariate: str
    needs: tuple[str, ...]
    value: Callable[[Numbers, float], Floats]
    linear_only: bool = False  # trees find it by themselves


def derivations(columns: Collection[str]) -> list[Derived]:
    """The derived columns for which `columns` has all that is needed; `tenure_months` only where it is among them."""
    made = [*_changes(), *_silence(), *_promotions(columns), *_tenure(), *_fresh_answers()]
    if "contract_months_left" not in columns:
        made.append(_first_term())
    return [one for one in made if set(one.needs) <= set(columns)]


def offsets(rows: pd.DataFrame, columns: Collection[str]) -> dict[str, float]:
    """What is added to both sides of each ratio of use: 5 % of the mean of the earlier months, where it was used."""
    found = {}
    for recent, before in _PAIRS:
        if recent in columns and before in columns:
            used = numbers(rows[before])
            used = np.sort(used[used > 0])
            found[recent] = float(f"{DAMPED * used.mean():.6g}") if len(used) else 1.0
    return found


def quarter_ahead(landmarks: pd.Series) -> pd.Series:
    """The quarter of the year that begins, or goes on, on the day after the landmark: Q1 to Q4."""
    after = pd.to_datetime(landmarks) + pd.Timedelta(days=1)
    return ("Q" + after.dt.quarter.astype("Int64").astype("string")).astype(object).where(after.notna(), None)


def number_columns(rows: pd.DataFrame, columns: Collection[str]) -> dict[str, Floats]:
    """The named columns as numbers; a column the rows have not is missing throughout."""
    nothing = np.full(len(rows), np.nan)
    return {name: numbers(rows[name]) if name in rows else nothing for name in columns}


def with_derived(columns: Numbers, offset: Mapping[str, float]) -> dict[str, Floats]:
    """The columns, and those derived from them."""
    made = {one.name: one.value(columns, offset.get(one.covariate, 0.0)) for one in derivations(columns)}
    return {**columns, **made}


_PAIRS = tuple(pair for name in USE for pair in ((f"{name}_1m", f"{name}_3m"), (f"{name}_3m", f"{name}_previous_3m")))


def _changes() -> list[Derived]:
    """The log of recent use over earlier use, and its fall by itself: less use drives away more than more use holds."""
    made = []
    for recent, before in _PAIRS:

        def change(of: Numbers, offset: float, recent: str = recent, before: str = before) -> Floats:
            return np.asarray(np.log((of[recent] + offset) / (of[before] + offset)))

        def fall(of: Numbers, offset: float, recent: str = recent, before: str = before) -> Floats:
            return np.maximum(-change(of, offset, recent, before), 0)

        name = label(recent)
        made.append(Derived(f"change of {name}", recent, (recent, before), change))
        made.append(Derived(f"fall of {name}", recent, (recent, before), fall, linear_only=True))
    return made


def _silence() -> list[Derived]:
    """No use at all: a line cut off, or given up in all but name.

    Of customers who were there all the while: that a newcomer has not logged in yet says nothing.
    """
    made = []
    for name, months in ((f"{use}_{months}m", months) for use in USE for months in (1, 3)):

        def none(of: Numbers, _: float, name: str = name, months: int = months) -> Floats:
            return ((of[name] == 0) & (of["tenure_months"] >= months)).astype(np.float64)

        made.append(Derived(f"no {label(name)}", name, (name, "tenure_months"), none, linear_only=True))
    return made


def _promotions(columns: Collection[str]) -> list[Derived]:
    """The share of the fee that a promotion's end will add, by how soon it ends."""
    share = ("discount_share",) if "discount_share" in columns else ("discount", "monthly_fee")
    made = [] if len(share) == 1 else [Derived("discount_share", "discount", share, lambda of, _: _share(of))]
    for low, high in ENDING:

        def ending(of: Numbers, _: float, low: int = low, high: int = high) -> Floats:
            left = of["promotion_months_left"]
            return np.where((left > low) & (left <= high), np.nan_to_num(_share(of)), 0.0)

        within = f"within {high} month" if low == 0 else f"in {low} to {high} months"
        needs = ("promotion_months_left", *share)
        made.append(Derived(f"discount ending {within}", "promotion_months_left", needs, ending, linear_only=True))
    return made


def _share(of: Numbers) -> Floats:
    """Running discount over fee; 0 where nothing is charged."""
    if "discount_share" in of:
        return of["discount_share"]
    fee = of["monthly_fee"]
    return np.where(fee > 0, of["discount"] / np.where(fee > 0, fee, 1.0), np.where(np.isnan(fee), np.nan, 0.0))


def _tenure() -> list[Derived]:
    """The log of the years with the company, and bends of its slope."""
    made = [Derived("tenure, log of years", "tenure_months", ("tenure_months",), _log_years, linear_only=True)]
    for turn in TURNS:

        def beyond(of: Numbers, _: float, turn: int = turn) -> Floats:
            return np.maximum(_log_years(of, 0.0) - float(np.log1p(turn / 12)), 0)

        made.append(
            Derived(f"tenure beyond {turn} months", "tenure_months", ("tenure_months",), beyond, linear_only=True)
        )
    return made


def _log_years(of: Numbers, _: float) -> Floats:
    return np.asarray(np.log1p(np.maximum(of["tenure_months"], 0) / 12))


def _fresh_answers() -> list[Derived]:
    """Scores of answers not older than half a year: older ones say less."""
    made = []
    for name in ("nps", "csat"):
        score = f"{name}_score"

        def fresh(of: Numbers, _: float, score: str = score) -> Floats:
            return np.where(of["answer_age_months"] <= FRESH, of[score], np.nan)

        made.append(Derived(f"{name}_fresh", score, (score, "answer_age_months"), fresh, linear_only=True))
    return made


def _first_term() -> Derived:
    """Months left of the first term, where the source tells terms but not their ends; missing beyond it.

    Taken to run since the customer joined; what a renewal began is not known.
    """

    def left(of: Numbers, _: float) -> Floats:
        months = of["contract_months"] - of["tenure_months"]
        return np.where((of["contract_months"] > 1) & (months > 0), months, np.nan)

    return Derived("first_term_months_left", "contract_months", ("contract_months", "tenure_months"), left)
