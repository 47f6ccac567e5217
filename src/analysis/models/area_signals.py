"""Areas where complaints rise while the network gets worse: one test a month over all areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.models.area_panel import SLOWEST, Panel, expected_complaints, moves, panel, unlikely

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

FALSE_SHARE = 0.05  # of the signals, at most so many are chance
STRANGE = 0.001  # an area's month this unlikely tells nothing about what is usual
CLEAR = 0.05  # from here on one kind of evidence counts as seen
MEASURES = {"speed": "speed_share", "latency": "latency_ms", "outage": "outage_minutes"}
BOTH, NETWORK, COMPLAINTS = "complaints and network", "network alone", "complaints alone"


def area_signals(rows: pd.DataFrame) -> pd.DataFrame:
    """Every area and month with what was expected, how unlikely what came was, and whether that is a signal.

    Complaints: negative binomial around area rate × what the other areas have this month. Network: moves of the logs
    of speed, latency and outage to the bad side, in robust units, as a t distribution; the three are joined by the
    Cauchy combination, for a fault moves them together. Both kinds of evidence are joined by Fisher's method, and of
    the areas of a month those are signalled that Benjamini and Hochberg's rule lets pass. Only the months before tell
    what is usual; an area's month that was itself out of the ordinary does not.

    Parameters
    ----------
    rows : table of `frames.area_months`.

    Returns
    -------
    Table, one row per area and month, in that order: the columns of `rows`, then `expected` (complaints),
    `<measure>_usual`, `p_complaints`, `p_network`, `p` (joint), `signal`, `evidence` (missing without a signal).
    Missing where fewer than six months came before, or nothing was measured.

    References
    ----------
    Fisher (1925); Benjamini and Hochberg (1995); Liu and Xie (2020) for the Cauchy combination.
    """
    rows = rows.astype({"month": "datetime64[ns]", "area_id": object})
    sheet = panel(rows)
    kept: Truths = np.ones(sheet.shape, dtype=bool)
    calm = kept
    for _ in range(2):
        judged = _judged(sheet, kept, calm)
        kept = ~(judged["p"] < STRANGE)
        # Complaints that rose alone are part of how much they vary, or that would be told too small.
        calm = kept | ~(judged["p_network"] < CLEAR)
    judged["signal"] = _signalled(judged["p"])
    return _long(sheet, judged, rows)


def _judged(sheet: Panel, kept: Truths, calm: Truths) -> dict[str, npt.NDArray[Any]]:
    expected, loose = _expected(sheet, kept)
    complaints = _complaints_p(sheet.complaints, expected, loose + _overdispersion(sheet, expected, loose, calm))
    found = {"expected": expected, "p_complaints": complaints}
    tails = []
    for name, values in sheet.measured.items():
        moved = np.column_stack([moves(values, at, kept=kept) for at in range(sheet.shape[1])] or [values])
        found[f"{name}_moved"] = moved
        tails.append(unlikely(moved, kept=kept))
    found["p_network"] = _cauchy(np.stack(tails))
    found["p"] = _fisher(complaints, found["p_network"])
    return found


def _expected(sheet: Panel, kept: Truths) -> tuple[Floats, Floats]:
    months = [expected_complaints(sheet, at, kept=kept) for at in range(sheet.shape[1])]
    if not months:
        return sheet.complaints, sheet.complaints
    return np.column_stack([one for one, _ in months]), np.column_stack([loose for _, loose in months])


def _overdispersion(sheet: Panel, expected: Floats, loose: Floats, calm: Truths) -> float:
    """How much more complaints vary from month to month than chance, as a relative variance (method of moments)."""
    known = calm & ~np.isnan(sheet.complaints) & ~np.isnan(expected)
    mean = expected[known]
    if not (mean**2).sum() > 0:
        return 0.0
    excess = (sheet.complaints[known] - mean) ** 2 - mean - mean**2 * loose[known]
    return max(float(excess.sum() / (mean**2).sum()), 0.0)


def _complaints_p(count: Floats, expected: Floats, variance: Floats) -> Floats:
    """Chance of so many complaints or more."""
    shape = 1 / np.maximum(variance, 1e-9)
    mean = np.where(expected > 0, expected, np.nan)
    chance = shape / (shape + mean)
    return np.asarray(stats.nbinom.sf(count - 1, shape, chance))


def _cauchy(tails: Floats) -> Floats:
    """One p-value of several that may hang together; missing where all are."""
    inside = np.clip(tails, 1e-15, 1 - 1e-6)
    told = ~np.isnan(inside)
    turned = np.where(told, 1 / np.tan(np.pi * np.where(told, inside, 0.5)), 0.0)
    number = told.sum(axis=0)
    mean = turned.sum(axis=0) / np.maximum(number, 1)
    return np.where(number > 0, np.arctan2(1.0, mean) / np.pi, np.nan)


def _fisher(first: Floats, second: Floats) -> Floats:
    """One p-value of two independent ones; of one where the other is missing."""
    product = np.clip(first, 1e-300, 1) * np.clip(second, 1e-300, 1)
    joint = product * (1 - np.log(product))
    return np.where(np.isnan(first), second, np.where(np.isnan(second), first, joint))


def _signalled(chance: Floats) -> Truths:
    """Which areas of each month pass, with the share of false ones among them held."""
    found = np.zeros(chance.shape, dtype=bool)
    for at in range(chance.shape[1]):
        told = ~np.isnan(chance[:, at])
        found[told, at] = stats.false_discovery_control(chance[told, at]) <= FALSE_SHARE if told.any() else False
    return found


def _long(sheet: Panel, judged: dict[str, npt.NDArray[Any]], rows: pd.DataFrame) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([sheet.areas, sheet.months], names=["area_id", "month"])
    found = pd.DataFrame({name: values.ravel() for name, values in judged.items()}, index=index).reset_index()
    found["month"] = found["month"].astype("datetime64[ns]")
    joined = rows.merge(found, on=["area_id", "month"], how="left").sort_values(["area_id", "month"], ignore_index=True)
    for name, column in MEASURES.items():
        moved = joined.pop(f"{name}_moved")
        joined[f"{name}_usual"] = _usual(joined[column], moved, name)
    joined["signal"] = joined["signal"].eq(True)
    network, complaints = joined["p_network"] < CLEAR, joined["p_complaints"] < CLEAR
    joined["evidence"] = pd.Series(
        np.select([network & complaints, network], [BOTH, NETWORK], COMPLAINTS), dtype=object
    )
    joined["evidence"] = joined["evidence"].where(joined["signal"], None)
    return joined


def _usual(value: pd.Series, moved: pd.Series, name: str) -> pd.Series:
    """The figure of an ordinary month, told from the move."""
    if name == "outage":
        return (np.exp(np.log1p(value / 60) - moved) - 1).clip(lower=0) * 60
    return value.clip(lower=SLOWEST) * np.exp(moved) if name == "speed" else value * np.exp(-moved)
