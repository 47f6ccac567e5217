"""The control chart on simulated providers: their last quarters as they are, and with a rise planted in one class.

Nothing is planted in the extracts: of a class's leavers, more are drawn from those who stayed, as a rate half as high
again would have taken. Quarters of these providers differ by a season, a shock all share, and by what happens to
single classes: list prices rise, contracts and promotions end, networks fail.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from tests.truth.table import Table

from analysis.basis.quarter import Quarter
from analysis.extracts.demo import write_demo
from analysis.extracts.engine import Engine
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source
from analysis.frames.episodes import episodes, exposures
from analysis.frames.features import features
from analysis.frames.observation import Observation
from analysis.frames.outlook import with_outlook
from analysis.frames.population import population
from analysis.frames.spells import spells
from analysis.measures.class_quarters import class_quarters
from analysis.measures.class_rules import telling
from analysis.measures.classes import classified
from analysis.measures.control import control
from analysis.run.class_params import class_rules
from analysis.run.params import shipped_classes

AS_OF = dt.date(2026, 9, 30)
ACCOUNTS, JUDGED = 30_000, 4  # of each provider, and how many of its last quarters are judged
FEWEST = 11
EDGES = [0, 2_000, 5_000, 1_000_000]
BANDS = ["below 2,000", "2,000 to 5,000", "above 5,000"]


def demo_table(demos: int, out: Path) -> Table:
    """By size of class: how many ordinary classes are signalled, and how many of those whose rate rose by half."""
    found = pd.concat([_judged(seed, out) for seed in range(1, demos + 1)], ignore_index=True)
    classes = found[found["dimension"] != ""]
    whole = found[found["dimension"] == ""].assign(band="whole base")
    banded = classes.assign(band=pd.cut(classes["customers"], EDGES, labels=BANDS).astype(str))
    rows = pd.concat([banded, whole]).groupby("band", sort=False)[["alarm", "seen"]].agg(["mean", "size"])
    table = pd.DataFrame(
        {
            "classes": [*BANDS, "whole base"],
            "judged": rows["alarm", "size"].reindex([*BANDS, "whole base"]).to_numpy(),
            "alarms": rows["alarm", "mean"].reindex([*BANDS, "whole base"]).to_numpy(),
            "power": rows["seen", "mean"].reindex([*BANDS, "whole base"]).to_numpy(),
        }
    )
    title = f"The same in {demos} demo providers of {ACCOUNTS:,} accounts, {JUDGED} quarters each: too few to be judged"
    return Table("control_demo", title, table.assign(holds=None))


def _judged(seed: int, out: Path) -> pd.DataFrame:
    with tempfile.TemporaryDirectory(dir=out) as name, Engine() as engine:
        folder = Path(name) / "extracts"
        write_demo(folder, customers=ACCOUNTS, seed=seed, until=AS_OF, truth=False)
        counts = counts_of(folder, engine)
    return pd.concat(_planted(counts, np.random.default_rng(seed)), ignore_index=True)


def counts_of(folder: Path, engine: Engine) -> pd.DataFrame:
    """Customers and leavers by class and quarter, from the extracts alone."""
    source = read_source(folder, environ=os.environ)
    people = population(intake(source, engine, as_of=AS_OF).tables, engine=engine).tables
    seen = Observation(AS_OF, source.observed_from, source.covers_from, source.known_at)
    rules = telling(class_rules(shipped_classes(), currency=source.currency))
    lives = engine.table(spells(people, seen))
    bare = engine.table(with_outlook(episodes(lives, seen), lives, people, seen))
    opening = exposures(lives, Quarter.of(AS_OF), seen_after=seen.entry)
    past, now = (classified(features(rows, people, seen), rules) for rows in (bare, opening))
    return class_quarters(past, now, quarters=seen.quarters, dimensions=rules)


def _planted(counts: pd.DataFrame, rng: np.random.Generator) -> Iterator[pd.DataFrame]:
    for last in sorted(counts["quarter"].unique())[-JUDGED:]:
        judged = control(counts[counts["quarter"] <= last], fewest=FEWEST).judged
        n, x, rate = (judged[name] for name in ("customers", "leavers", "churn_rate"))
        planted = x + rng.binomial((n - x).astype(int), 0.5 * rate / (1 - rate))
        yield judged.assign(alarm=judged["side"] != "", seen=planted > judged["high"] * n, quarter=last)
