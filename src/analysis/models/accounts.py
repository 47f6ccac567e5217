"""Foretold beside real leavers of the last quarter: in all, by tenth and by class."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analysis.measures.class_rules import SUFFIX, ClassRules
from analysis.measures.disclosure import masked
from analysis.models.accountability import AGEING, REFITTED, Account, compared
from analysis.models.counts import Floats, Truths
from analysis.models.deciles import calibration_deciles
from analysis.models.forecast import QUARTER
from analysis.models.lift import lift

FIGURES = AGEING[1:]
SURE = 0.05  # share of the classes named that may be named by chance alone


def totals(account: Account, *, judged: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Foretold and real leavers of all kinds, and of leaving by choice where kinds are known.

    `judged` are the figures of the validation (`Prediction.metrics`): where they speak of the same forecast and the
    same customers, theirs is the ratio here.

    Returns
    -------
    Table, one row per kind: `group`, `customers`, `expected`, `left`, `ratio` (left / expected), `low`, `high` (95 %),
    `masked` (too few left, stayed, or left otherwise than by choice).
    """
    ways = {"all": ("churn_3m", "left"), "voluntary": ("voluntary_3m", "chose")}
    found = [
        {"group": kind} | compared(account.rows, *columns) | _validated(account, judged, kind=kind)
        for kind, columns in ways.items()
        if len(account.rows) and account.rows[columns[0]].notna().all()
    ]
    table = pd.DataFrame(found, columns=["group", *FIGURES])
    groups = pd.DataFrame({"left": table["left"], "stayed": table["customers"] - table["left"]})
    groups["otherwise"] = table["left"].max() - table["left"]
    few = ((groups > 0) & (groups < smallest)).any(axis=1)
    return table.assign(**{name: table[name].mask(few) for name in FIGURES[1:]}, masked=few)


def _validated(account: Account, judged: pd.DataFrame, *, kind: str) -> dict[str, Any]:
    row = judged[(judged["horizon"] == QUARTER) & (judged["kind"] == kind) & (judged["metric"] == "calibration_ratio")]
    if account.basis != REFITTED or row.empty or int(row["rows"].iloc[0]) != len(account.rows):
        return {}
    return {"ratio": row["value"].iloc[0], "low": row["low"].iloc[0], "high": row["high"].iloc[0]}


def tenths(account: Account) -> pd.DataFrame:
    """Tenths of the customers by what was foretold of them; see `deciles.calibration_deciles`."""
    rows = account.rows
    if rows.empty:
        return pd.DataFrame(columns=["decile", "customers", "predicted", "observed", "low", "high"])
    return calibration_deciles(rows["time"], rows["left"], rows["churn_3m"], QUARTER)


def top(account: Account) -> pd.DataFrame:
    """How many of the leavers the customers of the highest foretold risk hold; see `lift.lift`."""
    rows = account.rows
    if rows.empty:
        return pd.DataFrame(columns=["top", "customers", "leavers_held", "low", "high", "lift"])
    return lift(rows["time"], rows["left"], rows["churn_3m"], QUARTER)


def by_class(account: Account, rules: ClassRules, *, smallest: int) -> pd.DataFrame:
    """Every class of every dimension: foretold and real leavers, and whether chance explains the difference.

    z = (left - expected) / sqrt(sum p (1 - p)); of the classes named `beyond` chance 5 % are expected to be named
    wrongly (Benjamini and Hochberg, 1995).

    Returns
    -------
    Table, one row per class held at the quarter's start: `dimension`, `label`, `class`, `customers`, `expected`,
    `left`, `ratio`, `low`, `high`, `p_value`, `beyond` (1 or 0), `masked` (too few leavers or stayers to be told).
    """
    parts = [_classes(account.rows, name, smallest=smallest).assign(label=one.label) for name, one in rules.items()]
    columns = ["dimension", "label", "class", *FIGURES, "p_value", "masked"]
    table = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    told = table["p_value"].where(~table["masked"].astype(bool)).to_numpy("float64")
    return table.assign(beyond=_beyond_chance(told).astype(np.int64))


def _classes(rows: pd.DataFrame, dimension: str, *, smallest: int) -> pd.DataFrame:
    column = f"{dimension}{SUFFIX}"
    known = rows.dropna(subset=[column]) if column in rows.columns else rows.iloc[:0].assign(**{column: None})
    found = [
        {"class": name, "p_value": _chance(part)} | compared(part, "churn_3m", "left")
        for name, part in known.groupby(column, sort=True)
    ]
    table = pd.DataFrame(found, columns=["class", "p_value", *FIGURES])
    counted = table.assign(stayed=table["customers"] - table["left"])
    values = ["expected", "ratio", "low", "high", "p_value"]
    shown = masked(counted, by=["class"], count=["customers", "left", "stayed"], values=values, minimum=smallest)
    return shown.drop(columns="stayed").assign(dimension=dimension)


def _chance(rows: pd.DataFrame) -> float:
    risk = rows["churn_3m"].to_numpy("float64")
    spread = float(np.sqrt((risk * (1 - risk)).sum()))
    return float(2 * ndtr(-abs(rows["left"].sum() - risk.sum()) / max(spread, np.finfo(float).tiny)))


def _beyond_chance(p_values: Floats) -> Truths:
    """The tests that hold when at most `SURE` of those named may be named wrongly; a missing one never does."""
    known = np.sort(p_values[~np.isnan(p_values)])
    passed = known <= SURE * np.arange(1, len(known) + 1) / max(len(known), 1)
    return np.asarray(p_values <= (known[passed].max() if passed.any() else -1.0))
