"""Providers whose customers are odd, and what the forecast makes of them: the steps of the churn chapter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
from tests.promises.provider import AS_OF, described

from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source
from analysis.frames.customers import customers
from analysis.frames.episodes import episodes
from analysis.frames.features import features
from analysis.frames.observation import Observation
from analysis.frames.outlook import with_outlook
from analysis.frames.population import population
from analysis.frames.spells import spells
from analysis.measures.classes import classified
from analysis.measures.risk_sets import risk_counts
from analysis.models.by_class import class_counts, log_rank_tests, observed_curve
from analysis.models.forecast import learning_rows
from analysis.models.prediction import predict
from analysis.models.prediction_told import Prediction
from analysis.models.scores import Scores
from analysis.run.class_params import class_rules
from analysis.run.params import shipped_classes

RULES = class_rules(shipped_classes(), currency="EUR")
WATCHED = 366  # days: 2024
Column = Callable[[int, bool], object]


@dataclass(frozen=True)
class Told:
    """The forecast of a provider, its scores, its survival curve, and the log-rank tests of its classes."""

    prediction: Prediction
    scores: Scores
    curve: pd.DataFrame
    tests: pd.DataFrame

    def remark(self, covariate: str) -> str:
        """What was said of a covariate, all of it."""
        rows = self.prediction.remarks
        said = rows[rows["covariate"] == covariate]
        return " ".join(f"{row.covariate} {row.outcome}: {row.reason}" for row in said.itertuples())


def extracts(count: int, *, leave: float = 0.3, products: bool = True, **columns: Column) -> dict[str, str]:
    """Customers who joined over three years, of whom a share leaves in 2024, as CSV; a column per further name.

    `columns` are given a customer's number and whether the customer leaves. Columns that begin with attr_ belong to
    customers, others to subscriptions, whose plan costs 30 where nothing else is said.
    """
    random = np.random.default_rng(7)
    signup = dt.date(2021, 1, 1) + random.integers(0, 1000, count) * dt.timedelta(days=1)
    leaves = random.random(count) < leave
    end = [
        max(day, dt.date(2024, 1, 1)) + dt.timedelta(days=int(n))
        for day, n in zip(signup, random.integers(5, 360, count), strict=True)
    ]
    ends = [str(day) if left else "" for day, left in zip(end, leaves, strict=True)]
    people = pd.DataFrame(
        {"customer_id": [f"K{n:05d}" for n in range(count)], "signup_date": signup, "churn_date": ends}
    )
    held = people[["customer_id"]].assign(
        subscription_id=[f"S{n:05d}" for n in range(count)], product="broadband", monthly_fee="30.00",
        start_date=signup, end_date=ends,
    )  # fmt: skip
    for name, value in columns.items():
        table = people if name.startswith("attr_") else held
        table[name] = [value(n, bool(left)) for n, left in enumerate(leaves)]
    files = {"customers.csv": people.to_csv(index=False)}
    return files | ({"subscriptions.csv": held.to_csv(index=False)} if products else {})


def told(folder: Path, files: dict[str, str], **keys: str) -> Told:
    """The forecast of the source that these files make."""
    with _frames(described(folder, files, **keys)) as (episode, active, known_at):
        prediction, scores = predict(learning_rows(episode), active, as_of=AS_OF, known_at=known_at)
        compared = {name: RULES[name] for name in ("contract", "region", "technology")}
        tests = log_rank_tests(class_counts(episode, dimensions=compared), dimensions=compared)
        return Told(prediction, scores, observed_curve(risk_counts(episode)), tests)


@contextmanager
def _frames(source_folder: Path) -> Iterator[tuple[nw.LazyFrame, pd.DataFrame, dict[str, str]]]:
    source = read_source(source_folder, environ={})
    with Engine(threads=1) as engine:
        taken = intake(source, engine, as_of=AS_OF)
        people = population(taken.tables, engine=engine).tables
        seen = Observation(AS_OF, source.observed_from, source.covers_from, source.known_at, 30, source.snapshot_date)
        seen = seen.informed(taken.supplied)
        spell = engine.table(spells(people, seen))
        rows = with_outlook(episodes(spell, seen), spell, people, seen)
        episode = engine.table(classified(features(rows, people, seen), RULES))
        there = to_pandas(classified(customers(spell, people, seen), RULES))
        yield episode, there[there["state"] == "active"], dict(source.known_at)
