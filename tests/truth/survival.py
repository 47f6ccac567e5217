"""Survival curves and Cox models with late entry, against five worlds whose hazards are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from tests.truth.lives import EFFECTS, MEAN, WORLDS, World, cut, observed
from tests.truth.pool import processes
from tests.truth.table import Table

from analysis.models.cox import Cox, conditional_survival, fit_cox
from analysis.models.survival import kaplan_meier, survival_at

MONTHS = 24
LARGE, SMALL = 20_000, 2_000  # customers of a run
FURTHEST, NEARLY_ALL = (
    0.015,
    0.99,
)  # from the true survival, and runs that lie within: one error is some 0.0045 by chance
BIAS, BIAS_RUNS = 0.03, 200  # of a mean hazard ratio, over so many runs
COVERED, SLACK, SLACK_RUNS = 0.95, 0.02, 1_000  # 93 to 97 % over a thousand runs
FRAILTY = "gamma frailty"


class Size(NamedTuple):
    """Runs of many customers, for errors and bias, and of few, for coverage."""

    large: int
    small: int
    workers: int


FULL, QUICK = Size(200, 1_000, 2), Size(20, 100, 2)


def tables(quick: bool, out: Path) -> list[Table]:
    return made(QUICK if quick else FULL)


def made(size: Size) -> list[Table]:
    """The tables of this part, from as many runs as asked for; the same for any number of workers."""
    large = _runs(large_run, size.large, workers=size.workers)
    small = _runs(small_run, size.small, workers=size.workers)
    return [survival_errors(large), hazard_ratios(large), coverages(small)]


def _runs(run: Callable[[tuple[int, int]], dict[str, Any]], runs: int, *, workers: int) -> pd.DataFrame:
    keys = [(place, seed) for place in range(len(WORLDS)) for seed in range(runs)]
    if workers == 1:
        return pd.DataFrame([run(key) for key in keys])
    with processes(workers) as pool:
        return pd.DataFrame(pool.map(run, keys, chunksize=10))


# ------------------------------------------------------------------------------------------------------------ one run


def large_run(key: tuple[int, int]) -> dict[str, Any]:
    """What many customers say of the survival at 24 months and of both hazard ratios."""
    world, rows = _drawn(key, LARGE)
    fit = _fitted(rows)
    baseline = conditional_survival(fit, pd.DataFrame([MEAN]), tenure=[0], ahead=[MONTHS])
    table = fit.coefficients.set_index("covariate")
    curve = survival_at(kaplan_meier(rows), [MONTHS])["survival"].item()
    return {
        "world": world.name,
        "kaplan_meier": curve,
        "cox": baseline.item(),
        **{name: np.exp(table.loc[name, "coefficient"]) for name in EFFECTS},
        **{f"se of {name}": table.loc[name, "se"] for name in EFFECTS},
    }


def small_run(key: tuple[int, int]) -> dict[str, Any]:
    """Which of the intervals that few customers give hold the truth."""
    world, rows = _drawn(key, SMALL)
    episodes = cut(rows)
    curve = survival_at(kaplan_meier(rows), [MONTHS]).iloc[0]
    truth = world.survival_of_everyone(MONTHS)
    plain, clustered = _fitted(rows), _fitted(episodes, cluster=episodes["customer"])
    return {
        "world": world.name,
        "survival, Kaplan-Meier": bool(curve["low"] <= truth <= curve["high"]),
        **{f"{name}, Cox": held for name, held in _held(plain).items()},
        **{f"{name}, Cox on quarters, clustered": held for name, held in _held(clustered).items()},
    }


def _drawn(key: tuple[int, int], customers: int) -> tuple[World, pd.DataFrame]:
    place, seed = key
    return WORLDS[place], observed(WORLDS[place], customers, np.random.default_rng([customers, place, seed]))


def _fitted(rows: pd.DataFrame, cluster: pd.Series | None = None) -> Cox:
    return fit_cox(rows[list(EFFECTS)], times=rows[["entry", "exit", "event"]], cluster=cluster)


def _held(fit: Cox) -> dict[str, bool]:
    """For each covariate, whether its interval holds its effect."""
    rows = zip(fit.names, fit.coefficients["low"], fit.coefficients["high"], strict=True)
    return {name: bool(low <= EFFECTS[name] <= high) for name, low, high in rows}


# ------------------------------------------------------------------------------------------------------------- tables


def survival_errors(runs: pd.DataFrame) -> Table:
    """How far the survival at 24 months lay from the truth: on average, at worst, and how often too far."""
    return Table(
        "survival_errors",
        f"Survival at {MONTHS} months, {LARGE:,} customers: within {FURTHEST} of the truth in {NEARLY_ALL:.0%} of runs",
        pd.DataFrame([_error(world, runs, estimate) for world in WORLDS for estimate in ("kaplan_meier", "cox")]),
    )


def _error(world: World, runs: pd.DataFrame, estimate: str) -> dict[str, Any]:
    mean = sum(EFFECTS[name] * value for name, value in MEAN.items())
    truth = world.survival_of_everyone(MONTHS) if estimate == "kaplan_meier" else float(world.survival(MONTHS, mean))
    errors = runs.loc[runs["world"] == world.name, estimate] - truth
    within = (errors.abs() < FURTHEST).mean()
    return {
        "world": world.name,
        "estimate": {"kaplan_meier": "Kaplan-Meier, everyone", "cox": "Cox baseline, mean covariates"}[estimate],
        "runs": len(errors),
        "truth": truth,
        "mean_error": errors.mean(),
        "largest_error": errors.abs().max(),
        "within": within,
        "holds": bool(within >= NEARLY_ALL),
    }


def hazard_ratios(runs: pd.DataFrame) -> Table:
    """The mean hazard ratio of each covariate beside the true one."""
    return Table(
        "hazard_ratios",
        f"Hazard ratios, {LARGE:,} customers: the mean within {BIAS:.0%} of the truth over {BIAS_RUNS} runs "
        "(frailty biases it by nature)",
        pd.DataFrame([_ratio(world, runs, name) for world in WORLDS for name in EFFECTS]),
    )


def allowed_bias(runs: int, se: float) -> float:
    """3 % over two hundred runs; for fewer, three standard errors more than those runs would have."""
    return BIAS + 3 * se * max(0.0, 1 / np.sqrt(runs) - 1 / np.sqrt(BIAS_RUNS))


def _ratio(world: World, runs: pd.DataFrame, name: str) -> dict[str, Any]:
    own = runs[runs["world"] == world.name]
    estimates, limit = own[name], allowed_bias(len(own), own[f"se of {name}"].mean())
    bias = estimates.mean() / np.exp(EFFECTS[name]) - 1
    return {
        "world": world.name,
        "covariate": name,
        "runs": len(estimates),
        "truth": np.exp(EFFECTS[name]),
        "mean": estimates.mean(),
        "bias": bias,
        "allowed": limit,
        "holds": None if world.name == FRAILTY else bool(abs(bias) < limit),
    }


def coverages(runs: pd.DataFrame) -> Table:
    """How often the 95 % intervals held the truth."""
    low, high = allowed(len(runs) // len(WORLDS))
    names: Sequence[str] = [name for name in runs.columns if name != "world"]
    return Table(
        "coverages",
        f"95 % intervals, {SMALL:,} customers: hold the truth in {low:.1%} to {high:.1%} of the runs",
        pd.DataFrame([_coverage(world, runs, name) for world in WORLDS for name in names]),
    )


def allowed(runs: int) -> tuple[float, float]:
    """Shares of runs that a 95 % interval may hold in: 93 to 97 % of a thousand; chance widens it for fewer."""
    slack = SLACK * np.sqrt(SLACK_RUNS / runs)
    return COVERED - slack, COVERED + slack


def _coverage(world: World, runs: pd.DataFrame, name: str) -> dict[str, Any]:
    held = runs.loc[runs["world"] == world.name, name]
    low, high = allowed(len(held))
    biased = world.name == FRAILTY and "Cox" in name
    return {
        "world": world.name,
        "interval": name,
        "runs": len(held),
        "coverage": held.mean(),
        "holds": None if biased else bool(low <= held.mean() <= high),
    }
