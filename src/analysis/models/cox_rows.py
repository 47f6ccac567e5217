"""The rows a Cox model is fitted to: checked, in an order of their own, centred and scaled."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.errors import AnalysisFailed
from analysis.models.counts import Floats, Integers, Truths
from analysis.models.cox_sums import RiskSets, risk_sets

COLUMNS = ("entry", "exit", "event")
ONE_STRATUM = "all"

Labels: TypeAlias = npt.ArrayLike


class Rows(NamedTuple):
    """What a fit works on: risk sets, covariates z = (x - mean) / deviation in columns, and what names them.

    `strata` are the labels in order of their number; `cluster` is the number of each row's customer, or None.
    """

    sets: RiskSets
    z: Floats
    mean: Floats
    deviation: Floats
    strata: list[Any]
    cluster: Integers | None


def cox_rows(covariates: pd.DataFrame, *, times: pd.DataFrame, strata: Labels | None, cluster: Labels | None) -> Rows:
    """The rows of a fit in an order that depends on their values only, so that any order given has one result.

    Raises
    ------
    AnalysisFailed
        There are no rows, a column is absent, lengths differ, a number or a label is missing, or an exit does not lie
        after its entry.
    """
    moments = checked_times(times)
    _refuse_other_lengths(len(times), covariates=covariates, strata=strata, cluster=cluster)
    for name in covariates.columns:
        _refuse_rows(~np.isfinite(_column(covariates, name)), expected=f"a number in the covariate {name}")
    stratum, labels = _codes(np.full(len(times), ONE_STRATUM) if strata is None else strata, "stratum")
    group = np.zeros(len(times), dtype=np.int64) if cluster is None else _codes(cluster, "cluster")[0]
    order = _order(covariates, moments, stratum, group)
    entry, stop, event = (moments[name].to_numpy()[order] for name in COLUMNS)
    z, mean, deviation = _scaled(covariates, order)
    return Rows(
        sets=risk_sets(entry, stop, event > 0, stratum[order]),
        z=z,
        mean=mean,
        deviation=deviation,
        strata=labels,
        cluster=None if cluster is None else group[order],
    )


def checked_times(times: pd.DataFrame) -> pd.DataFrame:
    """The columns `entry`, `exit` and `event` as float64, after making sure that they can be survival times."""
    absent = [column for column in COLUMNS if column not in times.columns]
    if absent or not len(times):
        raise AnalysisFailed(
            "Cox model, times",
            expected=f"rows with the columns {', '.join(COLUMNS)}",
            found=f"no {', '.join(absent)}" if absent else "no rows",
            do="Give the episodes to learn from.",
        )
    moments = pd.DataFrame({column: times[column].to_numpy("float64", na_value=np.nan) for column in COLUMNS})
    entry, stop, event = (moments[column].to_numpy() for column in COLUMNS)
    _refuse_rows(~np.isfinite(moments.to_numpy()).all(axis=1), expected="a number in each of entry, exit and event")
    _refuse_rows((entry < 0) | (stop <= entry), expected="0 <= entry < exit")
    _refuse_rows(~np.isin(event, (0, 1)), expected="event 0 or 1")
    return moments


def _order(covariates: pd.DataFrame, moments: pd.DataFrame, stratum: Integers, group: Integers) -> Integers:
    """Order by stratum, exit and cluster; what is left is settled by one number made of all columns of the row.

    Sorting by every column takes longer than the fit. Rows that differ have the same number only by an accident of
    rounding, and would then change the last bit of a sum.
    """
    parts = [moments[name].to_numpy() for name in COLUMNS]
    weights = np.random.default_rng(1).normal(size=len(parts) + covariates.shape[1])
    number = np.zeros(len(moments))
    for weight, part in zip(weights, parts, strict=False):
        number += weight * part
    for weight, name in zip(weights[len(parts) :], covariates.columns, strict=True):
        number += weight * _column(covariates, name)
    return np.lexsort((number, group, moments["exit"].to_numpy(), stratum))


def _scaled(covariates: pd.DataFrame, order: Integers) -> tuple[Floats, Floats, Floats]:
    """Covariates in the given order, less their mean, in units of their deviation; a constant is 0 throughout."""
    z = np.empty(covariates.shape, order="F")
    mean, deviation = np.zeros(z.shape[1]), np.ones(z.shape[1])
    for j, name in enumerate(covariates.columns):
        z[:, j] = _column(covariates, name)[order]
        mean[j] = z[:, j].mean()
        z[:, j] -= mean[j]
        spread = np.sqrt(np.square(z[:, j]).mean())
        if spread > 1e-12 * abs(mean[j]):
            deviation[j] = spread
            z[:, j] /= spread
        else:
            z[:, j] = 0.0
    return z, mean, deviation


def _column(covariates: pd.DataFrame, name: Any) -> Floats:
    return np.asarray(covariates[name].to_numpy("float64", na_value=np.nan))


def _codes(labels: Labels, what: str) -> tuple[Integers, list[Any]]:
    codes, names = pd.factorize(np.asarray(labels), sort=True)
    _refuse_rows(codes < 0, expected=f"a {what} in every row")
    return codes.astype(np.int64), list(names)


def _refuse_other_lengths(rows: int, **given: Any) -> None:
    for name, values in given.items():
        if values is not None and len(values) != rows:
            raise AnalysisFailed(
                f"Cox model, {name}",
                expected=f"one row for each of the {rows:,} rows of times",
                found=f"{len(values):,}",
                do="Take all of them from the same table.",
            )


def _refuse_rows(bad: Truths, *, expected: str) -> None:
    """Raise AnalysisFailed when a row is bad, naming the first by its place: its label could be a customer's key."""
    if bad.any():
        raise AnalysisFailed(
            f"Cox model, row {int(bad.argmax()) + 1:,} of {len(bad):,}",
            expected=expected,
            found=f"{int(bad.sum()):,} rows without",
            do="Set such rows aside, or fill in what is missing, before the fit.",
        )
