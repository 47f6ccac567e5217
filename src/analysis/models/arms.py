"""A forecast beside what came of those whom retention campaigns approached, and of those held out of them by lot."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from analysis.models.counts import Floats
from analysis.models.forecast import GRID, months_ahead
from analysis.models.held_against import Held

ARMS = ["arm", "customers", "expected", "left", "ratio", "low", "high"]


def arms(held: Held, *, horizon: int) -> pd.DataFrame:
    """Foretold and real leavers among those held out by lot, the contacted, and whoever was not approached.

    The forecast is without a new contact: it should be right for those held out, and too high where contacts work. A
    customer counts in an arm from the day of it, and before that among those not approached: who left earlier could
    not be approached any more.

    expected = sum over customers of H(end in the arm) - H(start in it), straight between the months of the grid

    Returns
    -------
    Table, one row per arm with customers: `arm`, `customers`, `expected`, `left`, `ratio` (left / expected), `low`,
    `high` (95 %, Poisson); empty where nobody was contacted or held out within the horizon.

    References
    ----------
    Garwood (1936) for the interval; Aalen (1978) for expected numbers from hazards.
    """
    contacted, held_out = (_months_until(held.rows, f"{name}_days", horizon) for name in ("contact", "held_out"))
    if np.isinf(contacted).all() and np.isinf(held_out).all():
        return pd.DataFrame(columns=ARMS)
    end = np.minimum(held.rows["ahead"].to_numpy("float64"), horizon)
    left = (held.rows["leaves"].to_numpy() == 1) & (held.rows["ahead"].to_numpy() <= horizon)
    stretches = {
        "held_out": (held_out, np.minimum(contacted, end)),
        "contacted": (contacted, end),
        "not_approached": (np.zeros(len(end)), np.minimum(np.minimum(contacted, held_out), end)),
    }
    reached = np.hstack([np.zeros((len(end), 1)), -np.log1p(-np.minimum(held.risk, 1 - 1e-9))])
    rows = [
        {"arm": arm} | _figures(reached, start, stop, left & (stop == end)) for arm, (start, stop) in stretches.items()
    ]
    table = pd.DataFrame(rows, columns=ARMS)
    return table[table["customers"] > 0].reset_index(drop=True)


def masked_arms(table: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The arms with `masked`: all of them where one has too few leavers or stayers, for it follows from the others."""
    counts = table[["customers", "left"]].assign(stayed=table["customers"] - table["left"]).to_numpy("float64")
    few = bool(((counts > 0) & (counts < smallest)).any())
    return table.assign(**{name: table[name].mask(np.full(len(table), few)) for name in ARMS[1:]}, masked=few)


def _months_until(rows: pd.DataFrame, column: str, horizon: int) -> Floats:
    """Calendar months until a day within the horizon; infinite where there is none."""
    if column not in rows.columns or rows.empty:
        return np.full(len(rows), np.inf)
    days = rows[column].to_numpy("float64", na_value=np.nan)
    months = months_ahead(rows["landmark"], np.nan_to_num(days))
    return np.where(np.isnan(days) | (months >= horizon), np.inf, months)


def _figures(reached: Floats, start: Floats, stop: Floats, left: Any) -> dict[str, Any]:
    inside = stop > start
    lived = [_at(reached[inside], edge[inside]) for edge in (start, stop)]
    gone, expected = int(left[inside].sum()), float(np.sort(lived[1] - lived[0]).sum())
    least = max(expected, np.finfo(float).tiny)
    low, high = (0.0 if gone == 0 else float(gammaincinv(gone, 0.025))), float(gammaincinv(gone + 1, 0.975))
    ratio = {"ratio": gone / least, "low": low / least, "high": high / least}
    return {"customers": int(inside.sum()), "expected": expected, "left": gone} | ratio


def _at(reached: Floats, month: Floats) -> Floats:
    """Cumulative hazard at a month, one per row, straight between those of the grid (0 first)."""
    grid = np.array([0, *GRID], dtype=np.float64)
    place = np.clip(np.searchsorted(grid, month, side="right"), 1, len(GRID))
    share = (month - grid[place - 1]) / (grid[place] - grid[place - 1])
    row = np.arange(len(month))
    before, after = reached[row, place - 1], reached[row, place]
    return np.asarray(before + (after - before) * share)
