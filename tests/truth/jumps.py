"""Jumps planted in customers' use: how many are found, and how many quiet customers are taken for one.

Tables are drawn outright: levels differ between customers, all share a season and growth, and months vary. In one
month of the quarter use is five times as high for a few; the first setting, which is the promise, has a log-sd of 0.3.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from tests.truth.table import Table

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.models.unusual_use import unusual_use

TIMES, PLANTED = 5, 0.004
RECALL, FALSE = 0.90, 1.0  # at least of the jumps; at most of a thousand quiet customers and month
QUARTER = Quarter.of(dt.date(2026, 9, 30))


@dataclass(frozen=True)
class Setting:
    """How much months vary, and what else goes on; `judged` where the promise is about this setting."""

    name: str
    customers: int = 20_000
    months: int = 18
    sd: float = 0.3
    differ: float = 0.0  # sd of the log of that sd between customers
    tails: float = 0.0  # degrees of freedom of the noise; 0 for a normal one
    memory: float = 0.0  # of the month before
    shifted: float = 0.0  # share of customers whose level moved for good within the year
    recall: bool = True


SETTINGS = (
    Setting("as promised"),
    Setting("small base", customers=2_500),
    Setting("nine months", months=12),
    Setting("customers differ", differ=0.3, recall=False),
    Setting("heavy tails", sd=0.25, tails=5, recall=False),
    Setting("memory", memory=0.5, recall=False),
    Setting("levels move", shifted=0.05, recall=False),
)


def tables(quick: bool, out: Path) -> list[Table]:
    settings, seeds = (SETTINGS[1:2], 2) if quick else (SETTINGS, 5)
    rows = pd.DataFrame([judged(setting, seeds) for setting in settings])
    title = f"Use x {TIMES} in a month: recall, and false alarms of a thousand quiet customers and month"
    return [Table("jumps", title, rows)]


def judged(setting: Setting, seeds: int) -> dict[str, object]:
    found = pd.DataFrame([figures(setting, seed) for seed in range(seeds)])
    recall = found["found"].sum() / found["planted"].sum()
    false = 1000 * found["false"].sum() / found["quiet"].sum()
    holds = false <= FALSE and (recall >= RECALL or not setting.recall)
    return {
        "setting": setting.name,
        "planted": found["planted"].sum(),
        "recall": recall,
        "false": false,
        "holds": holds,
    }


def figures(setting: Setting, seed: int) -> dict[str, int]:
    rows, planted, moved = use_table(setting, np.random.default_rng([seed, len(setting.name)]))
    with Engine() as engine:
        found = unusual_use(engine.table(rows), QUARTER, engine=engine).rows
    alarms = found[found["explained"].isna()][["customer_id", "month"]].drop_duplicates()
    hits = alarms.merge(planted, on=["customer_id", "month"])
    quarter = int((rows["month"] >= pd.Timestamp(QUARTER.first_day)).sum())
    loud = {*planted["customer_id"], *moved}
    others = alarms[~alarms["customer_id"].isin(loud)]
    quiet = quarter - 3 * len(loud)
    return {"planted": len(planted), "found": len(hits), "false": len(others), "quiet": quiet}


def use_table(setting: Setting, random: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Months of use, which of them were planted, and whose level moved for good."""
    shape = (setting.customers, setting.months)
    months = pd.date_range(end="2026-09-01", periods=setting.months, freq="MS")
    sd = setting.sd * np.exp(random.normal(0, setting.differ, (shape[0], 1)))
    drawn = random.standard_t(setting.tails, shape) if setting.tails else random.standard_normal(shape)
    for month in range(1, shape[1]):
        drawn[:, month] = setting.memory * drawn[:, month - 1] + np.sqrt(1 - setting.memory**2) * drawn[:, month]
    season = 0.15 * np.cos(2 * np.pi * np.arange(shape[1]) / 12) + 0.01 * np.arange(shape[1])
    log = random.normal(4.5, 0.8, (shape[0], 1)) + season + sd * drawn
    moved = random.random(shape[0]) < setting.shifted
    log[moved, -random.integers(4, 10) :] += random.normal(0, 1, (int(moved.sum()), 1))
    when = shape[1] - 3 + random.integers(0, 3, shape[0])
    planted = np.flatnonzero(random.random(shape[0]) < PLANTED)
    log[planted, when[planted]] += np.log(TIMES)
    names = np.array([f"C{number:07d}" for number in range(shape[0])])
    rows = pd.DataFrame(
        {
            "customer_id": np.repeat(names, shape[1]), "month": np.tile(months, shape[0]), "share": 1.0,
            "download_gb": np.exp(log).ravel(),
        }
    )  # fmt: skip
    return rows, pd.DataFrame({"customer_id": names[planted], "month": months[when[planted]]}), list(names[moved])
