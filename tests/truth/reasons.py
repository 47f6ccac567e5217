"""Reasons of simulated customers beside the true ones, seed by seed: see `agreement` for how a true reason is read."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
from tests.truth.agreement import LEAD, LEAST, agreement, beside
from tests.truth.demo import Size, run_report
from tests.truth.table import Table

FIRST_SEED = 21
CHAPTERS = ("10_data", "40_churn")
FULL, QUICK = Size(6, 12_000, 2), Size(1, 8_000, 1, slack=0.05)
STEPS = [0.0, 0.5, 0.8, 0.99, 1.0]  # of the share of estimates under which a first reason is the same


def tables(quick: bool, out: Path) -> list[Table]:
    return made(QUICK if quick else FULL, out)


def made(size: Size, out: Path) -> list[Table]:
    """How often the first reason is the true one, by seed, and by how sure the report is of it."""
    with ThreadPoolExecutor(size.workers) as pool:
        seeds = range(FIRST_SEED, FIRST_SEED + size.seeds)
        found = list(pool.map(lambda seed: compared(seed, size, out), seeds))
    return [by_seed(found, slack=size.slack), by_certainty(pd.concat(found, ignore_index=True))]


def compared(seed: int, size: Size, out: Path) -> pd.DataFrame:
    """The customers at the highest risk of a seed's report beside the truth."""
    with tempfile.TemporaryDirectory(dir=out) as name:
        folder = Path(name)
        run_report(folder, seed=seed, accounts=size.accounts, chapters=CHAPTERS)
        run = folder / "data/runs/2026-Q3"
        scores, why = (pd.read_parquet(run / f"{table}.parquet") for table in ("churn_scores", "reasons"))
        true = pd.read_parquet(folder / "extracts/truth/truth.parquet")
    named = scores[["customer_id", "churn_3m", "reason_1", "reason_2", "reason_3"]]
    sure = why[["customer_id", "again"]]
    rows = named.merge(true, on="customer_id").merge(sure, on="customer_id", how="left", validate="1:1")
    return beside(rows).assign(seed=seed)


def by_seed(found: list[pd.DataFrame], *, slack: float) -> Table:
    """One line per seed."""
    lines = pd.DataFrame([{"seed": rows["seed"].iloc[0], **agreement(rows)} for rows in found])
    title = f"First reasons beside the true ones that lead by {LEAD} or more, customers at the highest risk"
    return Table("reasons", title, lines.assign(holds=lines["agree"] >= LEAST - slack))


def by_certainty(found: pd.DataFrame) -> Table:
    """The same of all seeds, by how many equally likely estimates say the same: shown, for no share is promised."""
    step = pd.cut(found["again"], STEPS, include_lowest=True, labels=["to 0.5", "to 0.8", "to 0.99", "above"])
    lines = [{"again": name, **agreement(rows)} for name, rows in found.groupby(step, observed=True)]
    title = "The same by the share of equally likely estimates with the same first reason"
    return Table("reasons_certainty", title, pd.DataFrame(lines).assign(holds=None))
