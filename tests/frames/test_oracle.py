"""Many small random providers, their dates crowded on the edges: the package agrees with a slow, plain oracle."""

from __future__ import annotations

import datetime as dt
import importlib.util
import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.known import known_at
from analysis.frames.customers import customers
from analysis.frames.episodes import episodes, exposures
from analysis.frames.features import features
from analysis.frames.months import months
from analysis.frames.outlook import with_outlook
from analysis.frames.population import population
from analysis.frames.spells import spells
from analysis.measures.base import movement
from analysis.measures.risk_sets import risk_counts
from analysis.models.logrank import log_rank
from analysis.models.survival import kaplan_meier


def beside(name: str):
    """A module of this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracle, told, provider = beside("oracle"), beside("oracle_features"), beside("provider")
PROVIDERS = 12
TYPES = {
    "text": pa.string(), "date": pa.date32(), "month": pa.date32(), "time": pa.timestamp("us"),
    "money": pa.decimal128(18, 4), "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_(),
}  # fmt: skip


class Both:
    """The tables of one provider, and what the package and the oracle make of them."""

    def __init__(self, seed: int, engine: Engine) -> None:
        made = provider.Provider(seed)
        self.made, self.seed, self.engine = made, seed, engine
        self.seen, day = made.seen, made.seen.as_of
        self.tables = self.population(made.tables)
        self.spells = engine.table(spells(self.tables, self.seen))
        self.episodes = engine.table(episodes(self.spells, self.seen))
        self.plain = oracle.population(oracle.known_at(made.tables, day))
        self.plain_spells = oracle.spells(self.plain, self.seen)
        self.plain_episodes = oracle.episodes(self.plain_spells, self.seen)

    def population(self, tables: dict) -> dict:
        """These rows as contract tables, as known at the as-of date."""
        day, engine = self.seen.as_of, self.engine
        known = {name: known_at(held(rows, name, engine), name, day) for name, rows in tables.items()}
        return population(known, engine=engine).tables


def held(rows: list[dict], name: str, engine: Engine):
    return engine.table(pa.Table.from_pylist(rows, pa.schema({c.name: TYPES[c.type] for c in CONTRACT[name].columns})))


@pytest.fixture(scope="module", params=range(PROVIDERS))
def both(request) -> Iterator[Both]:
    with Engine() as engine:
        yield Both(request.param, engine)


def plain(value):
    """Missing in one way only, days as days, numbers as floats."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    return value if isinstance(value, str) else float(value)


def assert_equal(table, expected: list[dict], *keys: str) -> None:
    """The same rows, and in each the same values in all columns of the oracle."""
    rows = [{name: plain(value) for name, value in row.items()} for row in to_pandas(table).to_dict("records")]
    got = {tuple(row[key] for key in keys): row for row in rows}
    wanted = {tuple(plain(row[key]) for key in keys): row for row in expected}
    assert len(got) == len(rows)
    assert sorted(got) == sorted(wanted)
    for key, row in wanted.items():
        expected_row = {name: plain(value) for name, value in row.items()}
        assert {name: got[key].get(name) for name in row} == pytest.approx(expected_row, abs=2e-6), key


def moved(stretches: list[dict], eve: dt.date, last: dt.date) -> dict:
    opening = sum(oracle.on_the_books(spell, eve) for spell in stretches)
    joiners = sum(eve < spell["start"] <= last for spell in stretches)
    leavers = sum(eve < (spell["end"] or oracle.FAR) <= last and spell["start"] <= last for spell in stretches)
    closing = sum(oracle.on_the_books(spell, last) for spell in stretches)
    rate = leavers / (opening + joiners) if opening + joiners else None
    return {"opening": opening, "joiners": joiners, "leavers": leavers, "closing": closing, "churn_rate": rate}


def survival_of(rows: list[dict]) -> dict[float, float]:
    """Survival after each time at which somebody left: those at risk entered before it and were seen until it."""
    survival, found = 1.0, {}
    for time in sorted({row["stop"] for row in rows if row["event"]}):
        at_risk = sum(row["start"] < time <= row["stop"] for row in rows)
        survival *= 1 - sum(row["event"] for row in rows if row["stop"] == time) / at_risk
        found[time] = survival
    return found


def surprise(rows: list[dict], by: str) -> float:
    """The statistic for two groups: (observed - expected)^2 / hypergeometric variance."""
    one, difference, variance = min(row[by] for row in rows), 0.0, 0.0
    for time in {row["stop"] for row in rows if row["event"]}:
        at_risk = [row for row in rows if row["start"] < time <= row["stop"]]
        left = [row for row in at_risk if row["event"] and row["stop"] == time]
        n, d, m = len(at_risk), len(left), sum(row[by] == one for row in at_risk)
        difference += sum(row[by] == one for row in left) - d * m / n
        variance += d * (n - d) / (n - 1) * m / n * (1 - m / n) if n > 1 else 0
    return difference**2 / variance if variance else float("nan")


def test_spells_join_products_and_gaps_of_all_accounts_of_a_customer(both):
    assert_equal(both.spells, both.plain_spells, "customer_id", "spell")


def test_episodes_are_the_days_walked_through_under_observation(both):
    assert_equal(both.episodes, both.plain_episodes, "customer_id", "spell", "landmark")


def test_a_landmark_tells_what_its_rows_told_by_then(both):
    got = features(both.episodes, both.tables, both.seen)
    assert_equal(got, told.features(both.plain_episodes, both.plain, both.seen), "customer_id", "spell", "landmark")


def test_another_future_changes_nothing_that_was_known_at_a_landmark(both):
    landmark = provider.HALVES[both.seed % len(provider.HALVES)]
    there = [spell for spell in both.plain_spells if oracle.on_the_books(spell, landmark)]
    rows = [{**spell, "spell_start": spell["start"], "landmark": landmark} for spell in there]
    points = both.engine.table(pa.Table.from_pylist(rows)).drop("start", "end", "kind")
    others = both.population(provider.another_future(both.made.tables, landmark, seed=both.seed))
    got, expected = (
        to_pandas(features(points, tables, both.seen)).sort_values("customer_id", ignore_index=True)
        for tables in (others, both.tables)
    )
    assert len(expected) > 5
    pd.testing.assert_frame_equal(got, expected)


def test_the_outlook_is_what_followed_each_landmark_by_the_as_of_date(both):
    got = with_outlook(both.episodes, both.spells, both.tables, both.seen)
    expected = oracle.outlook(both.plain_episodes, both.plain_spells, told.approached(both.plain), both.seen)
    assert_equal(got, expected, "customer_id", "spell", "landmark")


def test_the_360_is_everyone_on_the_books_since_observation_began(both):
    got = customers(both.spells, both.tables, both.seen)
    assert_equal(got, oracle.customers(both.plain_spells, both.plain, both.seen, told.known_about), "customer_id")


def test_months_count_days_and_bills(both):
    got = months(both.spells, both.tables, both.seen)
    assert_equal(got, oracle.months(both.plain_spells, both.plain, both.seen), "customer_id", "month")


def test_quarters_count_who_was_there_who_came_and_who_left(both):
    for quarter in both.seen.quarters:
        eve, last = max(quarter.previous.last_day, both.seen.entry), quarter.last_day
        exposed = exposures(both.spells, quarter, seen_after=both.seen.entry)
        assert_equal(exposed, oracle.exposures(both.plain_spells, eve, last), "customer_id", "spell")
        expected = moved(both.plain_spells, eve, last)
        got = movement(both.spells, [quarter], seen_after=both.seen.entry).iloc[0]
        assert {name: plain(got[name]) for name in expected} == pytest.approx(expected)


def test_survival_is_the_product_over_leaving_times_of_who_stayed_among_those_at_risk(both):
    curve = kaplan_meier(risk_counts(both.episodes))
    got = dict(curve.loc[curve["events"] > 0, ["time", "survival"]].to_numpy().tolist())
    assert got == pytest.approx(survival_of(both.plain_episodes))


def test_the_log_rank_statistic_of_two_groups_is_the_squared_surprise_over_its_variance(both):
    region = {row["account_id"]: row["region"] for row in both.plain["customers"]}
    rows = [row | {"region": region[row["customer_id"]]} for row in both.plain_episodes]
    data = to_pandas(both.episodes)
    counts = data.rename(columns={"start": "entry", "stop": "exit"}).assign(region=data["customer_id"].map(region), n=1)
    assert log_rank(counts, group="region").statistic == pytest.approx(surprise(rows, "region"), nan_ok=True)
