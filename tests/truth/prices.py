"""The effect of price rises on small simulated providers beside the true one.

Each seed makes a demo, takes it in as a report does, and estimates by how much faster customers left by choice in the
months of a rise. The truth is no parameter but what the simulator does: before each month of a rise its state is
copied, and lives on for three months without it. The hazards of the same customers in the same months, with the rise
and without, tell the whole effect: that of the price itself, and of the dissatisfaction and the calls it brings.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from tests.truth.demo import Size
from tests.truth.pool import processes
from tests.truth.table import Table

FIRST_SEED = 201  # seeds on which nothing was chosen
FULL, QUICK = Size(50, 8_000, 2), Size(1, 4_000, 1, slack=0.2)
COVERED = 0.88
FELT = 3  # months in which a rise is told
KNOWN = 6  # months before that it must be known whether there was one
UNTIL, MONTHS = date(2026, 9, 30), 36
OF_95 = 1.959964


def tables(quick: bool, out: Path) -> list[Table]:
    return made(QUICK if quick else FULL, out)


def made(size: Size, out: Path) -> list[Table]:
    """The table of this part: how often the interval held the true effect, how far off and how wide it was."""
    with processes(size.workers) as pool:
        jobs = [pool.submit(compared, FIRST_SEED + place, size.accounts, out.resolve()) for place in range(size.seeds)]
        seeds = pd.DataFrame([job.result() for job in jobs])
    return [summary(seeds, slack=size.slack)]


def summary(seeds: pd.DataFrame, *, slack: float) -> Table:
    """Coverage, bias and width over all seeds; of few seeds no share is judged."""
    inside = (seeds["low"] <= seeds["true"]) & (seeds["true"] <= seeds["high"])
    row = {
        "seeds": len(seeds),
        "covered": inside.mean(),
        "estimate": seeds["slope"].mean(),
        "true": seeds["true"].mean(),
        "bias": (seeds["slope"] - seeds["true"]).mean(),
        "error_of_bias": seeds["slope"].sub(seeds["true"]).std() / np.sqrt(len(seeds)) if len(seeds) > 1 else np.nan,
        "spread": seeds["slope"].sub(seeds["true"]).std(),
        "error_told": ((seeds["high"] - seeds["low"]) / 2 / OF_95).mean(),
        "holds": None if slack else bool(inside.mean() >= COVERED),
    }
    return Table("prices_effect", "Effect of price rises: 95 % intervals beside the truth", pd.DataFrame([row]))


def compared(seed: int, accounts: int, out: Path) -> dict[str, float]:
    """A seed's estimate and truth."""
    with tempfile.TemporaryDirectory(dir=out) as name:
        effect = estimated(Path(name), seed=seed, accounts=accounts)
    true = true_slope(lived_months(seed, accounts))
    found = {"seed": seed, "slope": effect.slope, "low": effect.low, "high": effect.high, "true": true}
    found |= {"leavers": effect.leavers, "alone": effect.alone}
    told = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
    print(told, file=sys.stderr, flush=True)
    with (out / "prices_seeds.jsonl").open("a") as kept:  # for whoever has to stop before the table comes
        kept.write(json.dumps(found) + "\n")
    return found


def estimated(folder: Path, *, seed: int, accounts: int) -> Any:
    """The effect as a report would tell it, from extracts that are written and taken in."""
    from analysis.extracts.demo.write import write_demo
    from analysis.extracts.engine import to_pandas
    from analysis.frames.episodes import episodes
    from analysis.frames.features import features
    from analysis.frames.population import population
    from analysis.frames.price_rises import price_rises
    from analysis.frames.spells import spells
    from analysis.models.forecast import learning_rows
    from analysis.models.price_effect import price_effect
    from analysis.run.store import open_run

    write_demo(folder / "source", customers=accounts, months=MONTHS, seed=seed, until=UNTIL)
    (folder / "2026-Q3.yml").write_text("quarter: 2026-Q3\nsource: ./source\n", encoding="utf-8")
    before = Path.cwd()
    os.chdir(folder)
    try:
        run = open_run("2026-Q3.yml")
        run.intake()
        seen, engine = run.observation, run.engine
        people = population(run.tables(), engine=engine).tables
        lives = engine.table(spells(people, seen))
        rows = learning_rows(engine.table(features(episodes(lives, seen), people, seen)), most=10**7)
        rises = to_pandas(price_rises(people["subscriptions"], seen))
        return price_effect(
            rows, rises, covered=seen.covered_from("subscriptions"), felt=FELT, everyone=rows["customer_id"].nunique()
        )
    finally:
        os.chdir(before)


class Lived(NamedTuple):
    """Customers in months in which a rise is felt: its share of their fees, and their hazards with it and without."""

    share: np.ndarray
    hazard: np.ndarray
    without: np.ndarray


def true_slope(months: Lived) -> float:
    """The slope by which the hazards without rises become those with them, by the score that an estimate solves.

    Σ share · hazard = Σ share · hazard without the rise · exp(slope · share)
    """
    told = float(months.share @ months.hazard)

    def gap(slope: float) -> float:
        return float(months.share @ (months.without * np.exp(slope * months.share))) - told

    return float(brentq(gap, -50.0, 100.0))


def lived_months(seed: int, accounts: int) -> Lived:
    """The months of all rises whose effects the extracts show, from the simulator itself."""
    from analysis.extracts.demo.parameters import Parameters
    from analysis.extracts.demo.world import world
    from analysis.extracts.demo.write import CHUNK

    there = world(seed=seed, months=MONTHS, until=UNTIL, parameters=Parameters())
    parts = [
        _chunk(there, chunk=chunk, size=min(CHUNK, accounts - start))
        for chunk, start in enumerate(range(0, accounts, CHUNK))
    ]
    return Lived(*(np.concatenate([getattr(part, name) for part in parts]) for name in Lived._fields))


def _chunk(there: Any, *, chunk: int, size: int) -> Lived:
    """The same of a chunk of accounts: lived as `analysis.extracts.demo.chunk.live` does."""
    from analysis.extracts.demo.book import Book
    from analysis.extracts.demo.chunk import UNKNOWN, seen
    from analysis.extracts.demo.history import catch_up
    from analysis.extracts.demo.life import advance
    from analysis.extracts.demo.people import first_state
    from analysis.extracts.demo.world import Month

    state, opening = first_state(there, chunk=chunk, size=size)
    catch_up(state, there, chunk=chunk, book=Book())
    for number in range(there.begin, there.first):
        advance(state, Month(there, number, chunk, Book()))
    state = seen(state, opening)
    for name, nothing in UNKNOWN.items():
        getattr(state, name)[:] = nothing
    calm = replace(there, parameters=replace(there.parameters, rises=()))
    months = {rise.calendar_month for rise in there.parameters.rises}
    other, share, found = state, np.zeros(state.size), []
    for number in range(there.first, there.last + 1):
        if number % 12 + 1 in months:
            other, share = _copy(state), _share(state, Month(there, number, chunk, Book()))
        with_it, without = _hazard(state, there, number, chunk), _hazard(other, calm, number, chunk)
        felt = (share > 0) & (with_it > 0) & (without > 0) & (number >= there.first + KNOWN - 1)
        found.append(Lived(share[felt], with_it[felt], without[felt]))
        advance(state, Month(there, number, chunk, Book()))
        advance(other, Month(calm, number, chunk, Book()))
    return Lived(*(np.concatenate([getattr(part, name) for part in found]) for name in Lived._fields))


def _copy(state: Any) -> Any:
    return state.take(np.arange(state.size))


def _share(state: Any, now: Any) -> np.ndarray:
    """By how much the fees of each account rise in a month."""
    from analysis.extracts.demo.products import rise_prices

    after = _copy(state)
    rise_prices(after, now)
    before = (state.fee * state.held).sum(axis=1)
    return np.where(before > 0, (after.fee * after.held).sum(axis=1) / np.maximum(before, 1) - 1, 0.0) * state.active


def _hazard(state: Any, there: Any, number: int, chunk: int) -> np.ndarray:
    """The hazard of leaving by choice in a month, as drawn from in it; zero for who is not there."""
    from analysis.extracts.demo.book import Book
    from analysis.extracts.demo.campaigns import contact_customers
    from analysis.extracts.demo.hazard import VOLUNTARY, hazards
    from analysis.extracts.demo.products import rise_prices
    from analysis.extracts.demo.world import Month

    look, now = _copy(state), Month(there, number, chunk, Book())
    rise_prices(look, now)
    contact_customers(look, now)
    return np.asarray(hazards(look, now)[VOLUNTARY])
