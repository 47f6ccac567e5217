"""Faults planted in areas: found within their month, and quiet months left quiet.

Two worlds: tables drawn outright in several settings, and providers of the demo without faults of their own, on whose
areas speed, complaints and nothing else are changed for a month.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from tests.truth.table import Table

from analysis.extracts.demo import write_demo
from analysis.extracts.demo.parameters import Parameters
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source
from analysis.frames.area_months import area_months
from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.frames.spells import spells
from analysis.models.area_signals import area_signals

AS_OF = dt.date(2026, 9, 30)
SLOWER, MORE, LARGE = 0.6, 2, 1_500
FOUND, QUIET = 0.90, 0.08  # of planted faults at least, of quiet months at most


@dataclass(frozen=True)
class Setting:
    """A provider's areas, and how much they vary without a fault."""

    name: str
    areas: int = 40
    months: int = 36
    rate: float = 0.010  # complaints a customer and month
    noise: float = 0.05  # sd of the log of the speed from month to month, of which 0.7 is kept
    moods: float = 0.10  # sd of the log of the complaints of all areas
    luck: float = 0.10  # the same, of each area on its own


SETTINGS = (
    Setting("usual"),
    Setting("calm desk", rate=0.003),
    Setting("noisy speed", noise=0.10),
    Setting("moody customers", moods=0.3, luck=0.2),
    Setting("a year of history", months=13),
    Setting("six areas", areas=6),
    Setting("many areas", areas=200),
)


def tables(quick: bool, out: Path) -> list[Table]:
    runs, demos = (20, 0) if quick else (200, 4)
    found = [drawn_table(SETTINGS[:2] if quick else SETTINGS, runs=runs)]
    return found + ([demo_table(demos, plants=50, out=out)] if demos else [])


def drawn_table(settings: tuple[Setting, ...], *, runs: int) -> Table:
    """By setting: the share of planted faults found, and of quiet months with any signal."""
    rows = [judged(setting, runs) for setting in settings]
    title = f"Speed -40 %, complaints x 2, for a month in one area of {LARGE:,} or more: {runs} runs each"
    return Table("faults_drawn", title, held(pd.DataFrame(rows), runs))


def held(rows: pd.DataFrame, runs: int) -> pd.DataFrame:
    """Whether both lines hold, with two standard errors of slack in a sample."""
    slack = 0.0 if runs >= 200 else 2 * float(np.sqrt(FOUND * (1 - FOUND) / runs))
    return rows.assign(holds=(rows["found"] >= FOUND - slack) & (rows["quiet"] <= QUIET + slack))


def judged(setting: Setting, runs: int) -> dict[str, object]:
    found, quiet, false = [], [], []
    for run in range(runs):
        rows, random = area_table(setting, seed=run)
        quiet.append(last_month(area_signals(rows))["signal"].any())
        area = str(random.choice(rows["area_id"].unique()))
        signals = last_month(area_signals(with_fault(rows, area, rows["month"].max(), random)))
        found.append(signals.loc[signals["area_id"] == area, "signal"].iloc[0])
        false.append(signals.loc[signals["area_id"] != area, "signal"].sum())
    named = {"setting": setting.name, "runs": runs, "found": np.mean(found), "quiet": np.mean(quiet)}
    return named | {"false_beside": np.mean(false)}


def last_month(signals: pd.DataFrame) -> pd.DataFrame:
    return signals[signals["month"] == signals["month"].max()]


def area_table(setting: Setting, *, seed: int) -> tuple[pd.DataFrame, np.random.Generator]:
    """A quiet provider's areas and months, with a season, moods of everyone and a network that drifts."""
    random = np.random.default_rng([seed, setting.areas, setting.months])
    shape = (setting.areas, setting.months)
    people = np.round(np.exp(random.uniform(np.log(LARGE), np.log(4 * LARGE), setting.areas)))[:, None].repeat(
        shape[1], 1
    )
    season = 0.2 * np.cos(2 * np.pi * np.arange(shape[1]) / 12) + random.normal(0, setting.moods, shape[1])
    rate = setting.rate * np.exp(random.normal(0, 0.3, (shape[0], 1)) + season + random.normal(0, setting.luck, shape))
    drift = random.normal(0, setting.noise, shape)
    for month in range(1, shape[1]):
        drift[:, month] = 0.7 * drift[:, month - 1] + np.sqrt(1 - 0.49) * drift[:, month]
    speed = random.uniform(0.8, 1.0, (shape[0], 1)) * np.exp(drift + 0.02 * np.cos(np.arange(shape[1])))
    index = pd.MultiIndex.from_product(
        [[f"A{area:03d}" for area in range(shape[0])], pd.date_range("2023-10-01", periods=shape[1], freq="MS")],
        names=["area_id", "month"],
    )
    columns = {
        "customers": people, "complaints": random.poisson(people * rate), "speed_share": speed,
        "latency_ms": 15 * np.exp(random.normal(0, 0.06, shape)), "outage_minutes": random.gamma(0.7, 20, shape),
    }  # fmt: skip
    rows = pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=index).reset_index()
    return rows.assign(complainers=rows["complaints"]), random


def with_fault(rows: pd.DataFrame, area: str, month: pd.Timestamp, random: np.random.Generator) -> pd.DataFrame:
    """The same with a fault: as many complaints again as chance makes of those that were due, and less speed."""
    here = (rows["area_id"] == area) & (rows["month"] == month)
    more = random.poisson((MORE - 1) * rows["complaints"]) if MORE > 1 else 0
    return rows.assign(
        complaints=rows["complaints"] + np.where(here, more, 0),
        speed_share=rows["speed_share"] * np.where(here, SLOWER, 1.0),
    )


def demo_table(demos: int, *, plants: int, out: Path) -> Table:
    """The same on providers of the demo: a fault in an area's month, at random."""
    rows = pd.DataFrame([planted(seed, plants, out) for seed in range(1, demos + 1)])
    whole = rows.drop(columns="seed").mean(numeric_only=True)
    # A dozen quiet months of a provider are few; all of them together are judged.
    total = pd.DataFrame([{"seed": 0, **whole}])
    judged_rows = held(total, 200)
    title = f"The same in {demos} demo providers, {plants} planted months each (the last line, seed 0: all together)"
    return Table("faults_demo", title, pd.concat([rows.assign(holds=None), judged_rows], ignore_index=True))


def planted(seed: int, plants: int, out: Path) -> dict[str, float]:
    """A provider with areas of 1,500 and more: how many planted months are found, and how quiet its months are."""
    calm = Parameters()
    calm = replace(calm, places=replace(calm.places, areas=12, fault_start=0.0))
    with tempfile.TemporaryDirectory(dir=out) as name, Engine() as engine:
        write_demo(Path(name) / "extracts", customers=45_000, seed=seed, until=AS_OF, parameters=calm)
        source = read_source(Path(name) / "extracts", environ=os.environ)
        tables = population(intake(source, engine, as_of=AS_OF).tables, engine=engine).tables
        seen = Observation(AS_OF, source.observed_from, source.covers_from, source.known_at)
        held_months = months(spells(tables, seen), tables, seen)
        rows = to_pandas(area_months(held_months, tables, seen).sort("area_id", "month"))
    quiet = area_signals(rows)
    late = quiet[quiet["p"].notna() & (quiet["month"] >= quiet["month"].max() - pd.DateOffset(months=17))]
    random, large = np.random.default_rng(seed), late[late["customers"] >= LARGE]
    found = []
    for row in large.sample(plants, random_state=seed, replace=len(large) < plants).itertuples():
        changed = with_fault(rows[rows["month"] <= row.month], row.area_id, row.month, random)
        signals = last_month(area_signals(changed)).set_index("area_id")
        found.append(signals.at[row.area_id, "signal"])
    months_quiet = late.groupby("month")["signal"].any().mean()
    return {"seed": seed, "areas": large["area_id"].nunique(), "found": np.mean(found), "quiet": months_quiet}
