"""Before a model is fitted: which covariates the episodes can tell a coefficient of, and why not the others.

What fails here would fail in the fit without a word, or end in a coefficient that means nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.counts import Floats, Truths
from analysis.models.cox import Cox, fit_cox
from analysis.models.cox_newton import NoMaximum
from analysis.models.cox_products import crossed
from analysis.models.cox_rows import Labels, checked_times

REPEATS = 1e-3  # of a covariate's deviation left when earlier ones are known, below which it says nothing new
LARGEST = 10.0  # log hazard ratio that no covariate of a customer base has; beyond it the fit is running away
ALL = "all covariates"


@dataclass(frozen=True, eq=False)
class Preflight:
    """What may be fitted.

    Attributes
    ----------
    possible : whether a model of leaving can be learned at all; where not, `verdict` is the sentence that says why.
    kept : covariates to fit, in the order given.
    remarks : table, one row per remark: `covariate`, `outcome` ("dropped", or "penalised" for all that are kept),
        `reason` (a sentence).
    penalty : ridge penalty for `analysis.models.cox.fit_cox`; 0 where there are events enough.
    fit : the fit of what is kept, with that penalty; missing where there is none.
    """

    possible: bool
    verdict: str
    kept: list[str]
    remarks: pd.DataFrame
    penalty: float
    fit: Cox | None = None


def preflight(
    covariates: pd.DataFrame,
    times: pd.DataFrame,
    *,
    strata: Labels | None = None,
    cluster: Labels | None = None,
    fewest_events: int = 10,
) -> Preflight:
    """Drop the covariates whose coefficient cannot be told, and say by how much to hold back those of too few events.

    Dropped, in this order: not known for every row; the same for all, or for all but a few; a level of whom nobody or
    everybody left; a repetition of earlier covariates; and what still makes the fit run away. Where there are fewer
    than `fewest_events` leavers per coefficient, the penalty counts as the missing leavers, all of them without any
    difference between covariates.

    Parameters
    ----------
    covariates : Table of numbers, one row per episode. Of two that say the same the later one goes.
    times : Table, the same rows: `entry`, `exit`, `event`, see `analysis.models.cox.fit_cox`.
    strata, cluster : labels of each row, as for the fit.
    fewest_events : leavers per coefficient; also rows of the rarer kind that a covariate needs.

    Raises
    ------
    AnalysisFailed
        The times cannot be survival times.

    References
    ----------
    Albert and Anderson (1984) and Heinze and Schemper (2001) for separation; Peduzzi et al. (1995) for ten events per
    coefficient; Verweij and van Houwelingen (1994) for the penalty.
    """
    left = checked_times(times)["event"].to_numpy() > 0
    if left.all() or not left.any():
        whom = "Everybody" if left.any() else "Nobody"
        verdict = f"{whom} left while observed, so nothing tells who leaves from who stays."
        return Preflight(False, verdict, [], _remarks([]), 0.0)
    reasons = {name: _reason_alone(covariates[name], left, fewest=fewest_events) for name in covariates.columns}
    dropped = [(name, reason) for name, reason in reasons.items() if reason]
    kept = [name for name, reason in reasons.items() if not reason]
    repeated = _repetitions(covariates[kept])
    kept = [name for name in kept if name not in repeated]
    kept, runaways, penalty, cox = _settled(
        kept,
        leavers=int(left.sum()),
        fewest=fewest_events,
        fit=lambda names, penalty: fit_cox(
            covariates[names], times=times, strata=strata, cluster=cluster, penalty=penalty
        ),
    )
    rows = [(name, "dropped", reason) for name, reason in [*dropped, *repeated.items(), *runaways]]
    if penalty:
        rows.append((ALL, "penalised", _few_events(int(left.sum()), len(kept), fewest_events)))
    return Preflight(True, "", kept, _remarks(rows), penalty, cox)


def _remarks(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["covariate", "outcome", "reason"]).astype("str")


def _few_events(leavers: int, coefficients: int, fewest: int) -> str:
    return (
        f"{leavers:,} leavers for {coefficients:,} coefficients are fewer than {fewest} each, so all coefficients are "
        "drawn towards no difference."
    )


# ------------------------------------------------------------------------------------------ one covariate at a time


def _reason_alone(covariate: pd.Series, left: Truths, *, fewest: int) -> str | None:
    """Why a covariate cannot have a coefficient whatever the others are; None when it can."""
    values = covariate.to_numpy("float64", na_value=np.nan)
    known = np.isfinite(values)
    if not known.any():
        return "It is empty."
    if not known.all():
        return f"It is unknown for {(~known).mean():.1%} of the rows; fill it in or leave it out."
    levels, counts = np.unique(values, return_counts=True)
    if len(levels) == 1:
        return "It is the same for everyone."
    if len(values) - counts.max() < fewest:
        return f"It is the same for all but fewer than {fewest} rows."
    if len(levels) == 2:
        return _separation(values == levels[1], left)
    return None


def _separation(is_upper: Truths, left: Truths) -> str | None:
    """The sentence for a covariate of two levels of which one has nobody, or everybody, leaving."""
    for rows, words in ((is_upper, "the rows that have it"), (~is_upper, "the rows that do not have it")):
        if not left[rows].any():
            return f"None of {words} left, so its effect has no bound."
        if left[rows].all():
            return f"All of {words} left, so its effect has no bound."
    return None


# --------------------------------------------------------------------------------------------- covariates together


def _repetitions(covariates: pd.DataFrame) -> dict[str, str]:
    """Covariates that are combinations of earlier ones, with the sentence that names those.

    A triangular factor holds all distances between the columns, so that what is left of each, less its part along the
    earlier ones that are kept, is found on a square table. Factors that exchange columns would drop any of them.
    """
    names = list(covariates.columns)
    factor = _triangle(covariates)
    found: dict[str, str] = {}
    kept: list[int] = []
    for j, name in enumerate(names):
        own = factor[:, j]
        parts = np.linalg.lstsq(factor[:, kept], own, rcond=None)[0] if kept else np.zeros(0)
        if np.linalg.norm(own - factor[:, kept] @ parts) < REPEATS:
            along = [names[k] for k, part in zip(kept, parts, strict=True) if abs(part) > 10 * REPEATS]
            found[name] = f"It repeats {_listed(along)}."
        else:
            kept.append(j)
    return found


def _triangle(covariates: pd.DataFrame) -> Floats:
    """Upper triangle R of the columns in deviations, each of length 1: R'R are their correlations.

    From the correlations, for a factor of all rows takes ten times as long; a distance below 1e-6 is lost, and looks
    like one.
    """
    z = np.empty(covariates.shape, order="F")
    for j, name in enumerate(covariates.columns):
        values = covariates[name].to_numpy("float64")
        centred = values - values.mean()
        z[:, j] = centred / np.linalg.norm(centred)
    correlations = crossed(z, z, np.ones(len(z)))
    return np.asarray(np.linalg.cholesky(correlations + 1e-12 * np.eye(z.shape[1])).T)


def _listed(names: list[str], most: int = 3) -> str:
    rest = [f"{len(names) - most} more"] if len(names) > most else []
    parts = [*names[:most], *rest]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _settled(
    kept: list[str], *, leavers: int, fewest: int, fit: Callable[[list[str], float], Cox]
) -> tuple[list[str], list[tuple[str, str]], float, Cox]:
    """Covariates whose fit comes to rest, those that had to go for it, and the penalty and the fit."""
    dropped: list[tuple[str, str]] = []
    while True:
        penalty = float(max(0, fewest * len(kept) - leavers))
        try:
            cox = fit(kept, penalty)
            blamed, reason = _beyond(cox), f"One unit of it would count more than e^{LARGEST:.0f}-fold."
        except NoMaximum as error:
            blamed, reason = error.covariates, "With the others it settles alone who leaves: its effect has no bound."
        if not blamed:
            return kept, dropped, penalty, cox
        last = [name for name in kept if name in blamed][-1]
        dropped.append((last, reason))
        kept = [name for name in kept if name != last]


def _beyond(cox: Cox) -> tuple[str, ...]:
    """Covariates whose coefficient is larger than any that a customer base has."""
    table = cox.coefficients
    return tuple(table.loc[table["coefficient"].abs() > LARGEST, "covariate"])
