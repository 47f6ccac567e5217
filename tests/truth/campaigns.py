"""The effects of campaigns on small simulated providers beside the true ones.

Each seed makes a demo, takes it in as a report does, and estimates what contacts did. The truth is no parameter but
what the simulator does: in each month of a campaign its state is copied twice, and lives on for three months with what
the contacts do and without. The hazards of the same contacted customers in both tell by how much fewer leave by choice.

The campaign drawn by lot is judged by its intervals. The other one is told beside its truth, that of the contacts of
the last month of each round, which are those it compares, and with the tickets left out, which decide who is called:
then it must be flagged, and with them those that are not flagged must hold their truth as often as they say.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tests.truth.demo import Size
from tests.truth.pool import processes
from tests.truth.table import Table

FIRST_SEED = 100
FULL, QUICK = Size(50, 3_000, 2), Size(1, 3_000, 1, slack=0.2)
COVERED = 0.90
UNTIL, MONTHS = date(2026, 9, 30), 36
FOLLOWED, CONTACTED = 91, 1.5  # days of leaving that are told, and the mean day of the month of a contact, from 0
LOTS, CHOSEN = "STAY", "CARE"
FEW = 5  # of so many seeds, the campaign without a lot is compared in one: it takes most of the time


def tables(quick: bool, out: Path) -> list[Table]:
    return made(QUICK if quick else FULL, out)


def made(size: Size, out: Path) -> list[Table]:
    """The table of this part: how often intervals held the true effect, and how far off the estimates were."""
    with processes(size.workers) as pool:
        jobs = [pool.submit(compared, FIRST_SEED + place, size.accounts, out.resolve()) for place in range(size.seeds)]
        seeds = pd.DataFrame([row for job in jobs for row in job.result()])
    return [summary(seeds, slack=size.slack)]


def summary(seeds: pd.DataFrame, *, slack: float) -> Table:
    """By campaign and variant: coverage, bias and width over all seeds, and how often it was flagged."""
    rows = []
    for (campaign, variant), own in seeds.groupby(["campaign", "variant"], sort=True):
        inside, off = (own["low"] <= own["true"]) & (own["true"] <= own["high"]), own["effect"] - own["true"]
        row = {
            "campaign": campaign, "variant": variant, "seeds": len(own), "covered": inside.mean(),
            "estimate": own["effect"].mean(), "true": own["true"].mean(), "bias": off.mean(),
            "error_of_bias": off.std() / np.sqrt(len(own)) if len(own) > 1 else np.nan,
            "spread": off.std(), "half_width": ((own["high"] - own["low"]) / 2).mean(),
            "flagged": own["flagged"].mean(), "flagged_without": own["flagged_without"].mean(),
        }  # fmt: skip
        by_lot = campaign == LOTS
        believed = inside[own["flagged"] == 0]
        told = own["flagged_without"].dropna().eq(1).all() and (believed.empty or believed.mean() >= COVERED)
        kept = inside.mean() >= COVERED if by_lot else told
        rows.append(row | {"holds": None if slack else bool(kept)})
    return Table("campaigns", "What campaigns did: 95 % intervals beside the truth", pd.DataFrame(rows))


def compared(seed: int, accounts: int, out: Path) -> list[dict[str, Any]]:
    """A seed's estimates and truths, a row per campaign and variant."""
    true = true_effects(seed, accounts)
    with tempfile.TemporaryDirectory(dir=out) as name:
        told = estimated(Path(name), seed=seed, accounts=accounts)
    rows = [{"seed": seed, "true": true[row["campaign"], row["variant"]]} | row for row in told]
    for row in rows:
        print(", ".join(f"{key} {cell}" for key, cell in row.items()), file=sys.stderr, flush=True)
        with (out / "campaigns_seeds.jsonl").open("a") as kept:  # for whoever has to stop before the table comes
            kept.write(json.dumps(row) + "\n")
    return rows


def estimated(folder: Path, *, seed: int, accounts: int) -> list[dict[str, Any]]:
    """The effects as a report would tell them, from extracts that are written and taken in."""
    from analysis.extracts.demo.write import write_demo
    from analysis.frames.contacted import contacted
    from analysis.frames.months import months
    from analysis.frames.population import population
    from analysis.frames.spells import spells
    from analysis.policy.campaign_batches import Asked
    from analysis.policy.campaign_effects import counts, effects
    from analysis.run.store import open_run

    write_demo(folder / "source", customers=accounts, months=MONTHS, seed=seed, until=UNTIL)
    (folder / "params").mkdir()  # so that the run lies here, and not beside those of other seeds
    (folder / "2026-Q3.yml").write_text("quarter: 2026-Q3\nsource: ./source\n", encoding="utf-8")
    before = Path.cwd()
    os.chdir(folder)
    try:
        run = open_run("2026-Q3.yml")
        run.intake()
        seen, engine = run.observation, run.engine
        people = population(run.tables(), engine=engine).tables
        lives = engine.table(spells(people, seen))
        contacts = engine.table(contacted(people, lives, seen, engine=engine))
        rows = [_by_lot(row) for row in effects(counts(contacts)).to_dict("records") if row["outcome"] == "left_3m"]
        asked = Asked(contacts, lives, engine.table(months(lives, people, seen)), people, seen, run.classes, engine)
        return [*rows, *(_compared(asked) if seed % FEW == 0 else [])]
    finally:
        os.chdir(before)


def _compared(asked: Any) -> Iterator[dict[str, Any]]:
    """The comparison of the campaign without a lot, where it can be made, and whether it is flagged without tickets."""
    from analysis.policy.campaign_observed import observed

    bare = {name: table for name, table in asked.tables.items() if name != "tickets"}
    both = [observed(asked._replace(tables=tables), "Priority care", "retention") for tables in (asked.tables, bare)]
    if all(both):
        yield _chosen(*both)


def _by_lot(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("variant", "effect", "low", "high", "treated")}
    return {"campaign": LOTS} | told | {"flagged": np.nan, "flagged_without": np.nan}


def _chosen(whole: Any, without: Any) -> dict[str, Any]:
    told = {"effect": whole.left.value, "low": whole.left.low, "high": whole.left.high, "treated": whole.treated}
    flags = {"flagged": float(bool(whole.flags)), "flagged_without": float("missing" in without.flags)}
    return {"campaign": CHOSEN, "variant": "care_call"} | told | flags


# ------------------------------------------------------------------------------------------------------- the truth


def true_effects(seed: int, accounts: int) -> dict[tuple[str, str], float]:
    """By campaign and variant: leaving by choice within three months with the contact less without, mean of all."""
    from analysis.extracts.demo.parameters import Parameters
    from analysis.extracts.demo.world import world
    from analysis.extracts.demo.write import CHUNK

    there = world(seed=seed, months=MONTHS, until=UNTIL, parameters=Parameters())
    parts = [
        row
        for chunk, start in enumerate(range(0, accounts, CHUNK))
        for row in _chunk(there, chunk=chunk, size=min(CHUNK, accounts - start))
    ]
    rows = pd.DataFrame(parts, columns=["campaign", "variant", "n", "sum"])
    sums = rows.groupby(["campaign", "variant"])[["n", "sum"]].sum()
    return {key: float(one["sum"] / one["n"]) for key, one in sums.iterrows()}  # type: ignore[misc]


def _chunk(there: Any, *, chunk: int, size: int) -> Iterator[tuple[str, str, int, float]]:
    """The same of a chunk of accounts, by month: lived as `analysis.extracts.demo.chunk.live` does."""
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
    for number in range(there.first, there.last - 2):
        yield from _month(state, there, number, chunk)
        advance(state, Month(there, number, chunk, Book()))


def _month(state: Any, there: Any, number: int, chunk: int) -> Iterator[tuple[str, str, int, float]]:
    """The contacts of a month: each arm's customers, and the sum of what the contact did to their chances."""
    from analysis.extracts.demo.campaigns import rounds

    under_way = {
        one.campaign.key: one.campaign
        for one in rounds(there)
        if (one.campaign.lasts - 1 if one.campaign.key == CHOSEN else 0) <= number - one.month < one.campaign.lasts
    }
    for key in {LOTS, CHOSEN} & set(under_way):
        made = contacts_of(state, there, number, chunk, key=key)
        difference = _risk(state, there, number, chunk) - _risk(state, without(there, key), number, chunk)
        for place, arm in enumerate(under_way[key].arms):
            rows = made.rows[made.arm == place]
            if arm.name != "control" and len(rows):
                yield key, arm.name, len(rows), float(difference[rows].sum())


def without(there: Any, key: str) -> Any:
    """The same world, in which the contacts of a campaign do nothing."""
    idle = dict.fromkeys(("effect", "at_price", "at_complaint", "asleep"), 0.0)
    changed = tuple(
        replace(one, arms=tuple(replace(arm, **idle) for arm in one.arms)) if one.key == key else one
        for one in there.parameters.campaigns
    )
    return replace(there, parameters=replace(there.parameters, campaigns=changed))


def contacts_of(state: Any, there: Any, number: int, chunk: int, *, key: str) -> Any:
    """The contacts that a campaign makes in a month, drawn as in `analysis.extracts.demo.campaigns`."""
    from analysis.extracts.demo import campaigns
    from analysis.extracts.demo.book import Book
    from analysis.extracts.demo.products import rise_prices
    from analysis.extracts.demo.world import Month

    look, found, plain = _copy(state), {}, campaigns.follow

    def noted(one: Any, made: Any, now: Any, campaign: Any) -> None:
        found[campaign.key] = made
        plain(one, made, now, campaign)

    now = Month(there, number, chunk, Book())
    rise_prices(look, now)
    campaigns.follow = noted
    try:
        campaigns.contact_customers(look, now)
    finally:
        campaigns.follow = plain
    return found[key]


def _risk(state: Any, there: Any, number: int, chunk: int) -> np.ndarray:
    """Each account's chance to leave by choice within 91 days of a contact at the month's beginning.

    Who is still there in a month is drawn; the chance of leaving in it is exact. Of the fourth month its first days
    count by their share.
    """
    from analysis.extracts.demo.book import Book
    from analysis.extracts.demo.days import first_day
    from analysis.extracts.demo.life import advance
    from analysis.extracts.demo.world import Month

    look, size, risk = _copy(state), state.size, np.zeros(state.size)
    there_still = look.active & (look.line == 0)
    for ahead in range(4):
        first, end = first_day(number + ahead), first_day(number + ahead + 1)
        share = np.clip((first_day(number) + CONTACTED + FOLLOWED + 1 - first) / (end - first), 0, 1)
        if number + ahead > there.last or share == 0:
            break
        risk += share * there_still * _chance(look, there, number + ahead, chunk)[:size]
        advance(look, Month(there, number + ahead, chunk, Book()))
        there_still &= look.active[:size]
    return risk


def _chance(state: Any, there: Any, number: int, chunk: int) -> np.ndarray:
    """The chance of leaving by choice in a month, as drawn from in it."""
    from analysis.extracts.demo.book import Book
    from analysis.extracts.demo.campaigns import contact_customers
    from analysis.extracts.demo.hazard import VOLUNTARY, hazards
    from analysis.extracts.demo.products import rise_prices
    from analysis.extracts.demo.world import Month

    look, now = _copy(state), Month(there, number, chunk, Book())
    rise_prices(look, now)
    contact_customers(look, now)
    rates = hazards(look, now)
    total = rates.sum(axis=0)
    safe = np.where(total > 0, total, 1.0)
    return np.asarray(rates[VOLUNTARY] / safe * -np.expm1(-total))


def _copy(state: Any) -> Any:
    return state.take(np.arange(state.size))
