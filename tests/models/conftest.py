from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import DAYS_PER_MONTH

YARDSTICKS = Path(__file__).parent / "yardsticks"


@pytest.fixture(scope="session")
def yardsticks() -> dict[str, Any]:
    """What R's package survival says about small data sets; see yardsticks/README.md."""
    return json.loads((YARDSTICKS / "survival.json").read_text())


class Provider(NamedTuple):
    """A simulated provider: `rows` as `forecast.learning_rows` gives them, and the active customers with the truth."""

    rows: pd.DataFrame
    active: pd.DataFrame


@pytest.fixture(scope="session")
def provider() -> Callable[..., Provider]:
    """Makes providers whose customers leave at a constant hazard each, base · exp(effect · mood)."""

    def made(
        customers: int = 2000, *, seed: int = 1, base: float = 0.03, effect: float = 1.0, begins: str = "2024-01-01",
        kinds: bool = True,
    ) -> Provider:  # fmt: skip
        random, as_of = np.random.default_rng(seed), pd.Timestamp("2026-09-30")
        eve = pd.Timestamp(begins) - pd.Timedelta(days=1)
        span = (as_of - eve).days
        people = pd.DataFrame(
            {
                "customer_id": [f"C{number:06d}" for number in range(customers)],
                "start": np.sort(random.integers(-900, span - 30, customers)),
                "mood": random.normal(size=customers),
                "noise": random.normal(size=customers),
                "technology": random.choice(["cable", "fibre"], customers),
                "left_kind": random.choice(["voluntary", "moved"], customers, p=[0.7, 0.3]) if kinds else None,
            }
        )
        monthly = base * np.exp(effect * people["mood"])
        life = random.exponential(size=customers) / monthly * DAYS_PER_MONTH
        people = people.assign(end=people["start"].clip(lower=0) + life.clip(lower=1).astype(int), monthly=monthly)
        people = people.assign(technology_class=people["technology"], products=1, spell=1)
        people["spell_start"] = eve + pd.to_timedelta(people["start"], unit="D")
        cuts = [0, *[(day - eve).days for day in pd.date_range(eve + pd.Timedelta(days=1), as_of, freq="QE")]]
        pieces = [_between(people, low, high, span) for low, high in itertools.pairwise(cuts)]
        rows = pd.concat(pieces).assign(contact_days=np.nan)
        rows["landmark"] = eve + pd.to_timedelta(rows.pop("low"), unit="D")
        active = people[people["end"] > span].assign(landmark=as_of, true_3m=1 - np.exp(-3 * people["monthly"]))
        active["tenure_months"] = (span - active["start"]) / DAYS_PER_MONTH
        outcomes = ["start", "end", "monthly", "left_kind", "spell"]
        return Provider(
            rows.sort_values(["customer_id", "landmark"], ignore_index=True),
            active.drop(columns=outcomes).reset_index(drop=True),
        )

    return made


def _between(people: pd.DataFrame, low: int, high: int, span: int) -> pd.DataFrame:
    """The episodes of a quarter: (low, high] in days since the eve of observation."""
    there = people[(people["end"] > low) & (people["start"] < high)]
    start, end = there["start"], there["end"]
    begins, left = start.clip(lower=low), (end <= span).astype(int)
    rows = there.drop(columns=["start", "end", "monthly"]).assign(
        low=begins, start=(begins - start) / DAYS_PER_MONTH, stop=(end.clip(upper=high) - start) / DAYS_PER_MONTH,
        event=(end <= high).astype(int), ahead_days=end.clip(upper=span) - begins, left=left,
        left_kind=there["left_kind"].where(left == 1), at_quarter_end=(begins == low).astype(int),
    )  # fmt: skip
    return rows.assign(tenure_months=rows["start"], kind=rows["left_kind"].where(rows["event"] == 1))
