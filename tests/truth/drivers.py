"""Effects of drivers on satisfaction beside those planted in simulated providers, provider by provider.

Each seed makes a provider, and the report's own regression is fitted to its answers. What is planted and what is
estimated are the same quantity: the mean change of the expected score by a step, the scale's ends and rounding
included. It is true of the very answers that were given, so it varies a little from seed to seed.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd
from tests.truth.moved_answers import answers_of
from tests.truth.pool import processes
from tests.truth.table import Table

from analysis.models.drivers.study import study

COVERAGE = 0.88
PLANTED = {
    "outage_hours": "outage_hours",
    "speed_share": "speed_share",
    "net_fee": "net_fee",
    "price_risen": "price_rise",
}
OUTCOMES = {"nps_told": "nps_score", "csat_told": "csat_score"}


class Size(NamedTuple):
    """Seeds, accounts of each provider, processes side by side, and the coverage from which a line holds."""

    seeds: int
    accounts: int
    workers: int
    coverage: float


# Of four seeds three may hold by chance alone.
FULL, QUICK = Size(100, 4_000, 2, COVERAGE), Size(4, 2_000, 2, 0.5)


def tables(quick: bool, out: Path) -> list[Table]:
    return made(QUICK if quick else FULL, out)


def made(size: Size, out: Path) -> list[Table]:
    """One table: a line per score and driver; every single estimate is kept beside it."""
    del out
    with processes(size.workers) as pool:
        found = list(pool.map(compared, range(1, size.seeds + 1), [size.accounts] * size.seeds))
    return [covered(pd.concat(found, ignore_index=True), size)]


def compared(seed: int, accounts: int) -> pd.DataFrame:
    """Estimates beside the truth of a seed: a row per score and planted driver."""
    rows, truth = answers_of(seed, accounts)
    parts = []
    for outcome, score in OUTCOMES.items():
        effects = study(rows, outcome, "answers").effects
        got = effects[effects["driver"].isin(PLANTED)].set_index("driver").reindex(list(PLANTED))
        true = [truth[score][name] for name in PLANTED.values()]
        figures = got[["effect", "low", "high"]].assign(true=true, score=score, seed=seed, answers=len(rows))
        parts.append(figures.rename_axis("driver").reset_index())
    return pd.concat(parts, ignore_index=True)


def covered(found: pd.DataFrame, size: Size) -> Table:
    """How often the truth lies inside the 95 % interval. An effect that was not told counts as outside."""
    rows = found.assign(
        inside=found["true"].between(found["low"], found["high"]),
        width=found["high"] - found["low"],
        clear=(found["low"] > 0) | (found["high"] < 0),
    )
    means = rows.groupby(["score", "driver"], sort=False).agg(
        seeds=("seed", "size"), answers=("answers", "mean"), true=("true", "mean"), estimate=("effect", "mean"),
        width=("width", "mean"), clear=("clear", "mean"), coverage=("inside", "mean"),
    )  # fmt: skip
    shown = means.reset_index()
    title = f"Effects of a step on a score beside the planted ones, {size.seeds} simulated providers, 95 % intervals"
    return Table("driver_effects", title, shown.assign(holds=shown["coverage"] >= size.coverage))
