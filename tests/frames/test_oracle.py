"""Many small random providers, their dates crowded on the edges: the package agrees with a slow, plain oracle."""

from __future__ import annotations

import datetime as dt
import importlib.util
import math
import random
from collections.abc import Iterator
from decimal import Decimal
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
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.frames.spells import spells
from analysis.measures.base import movement
from analysis.measures.risk_sets import risk_counts
from analysis.models.logrank import log_rank
from analysis.models.survival import kaplan_meier

SPEC = importlib.util.spec_from_file_location("oracle", Path(__file__).with_name("oracle.py"))
oracle = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(oracle)

PROVIDERS = 12
DAY = dt.timedelta(days=1)
ENDS = [dt.date(2023, 12, 31), dt.date(2024, 3, 31), dt.date(2024, 6, 30), dt.date(2024, 9, 30)]
OBSERVED_FROM = [dt.date(2023, 10, 1), dt.date(2024, 1, 1), dt.date(2024, 2, 15), dt.date(2024, 3, 31)]
PRODUCTS = ["broadband", "broadband", "mobile", "voice", "tv", "dongle"]
AREAS = [None, "north", "south"]
TYPES = {
    "text": pa.string(), "date": pa.date32(), "month": pa.date32(), "time": pa.timestamp("us"),
    "money": pa.decimal128(18, 4), "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_(),
}  # fmt: skip


class Provider:
    """Contract tables of a provider that never was, as lists of dicts."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        begins = self.random.choice(OBSERVED_FROM)
        covers = {
            name: begins + self.random.choice([31, 45, 91]) * DAY
            for name in ("usage", "tickets", "contacts", "network", "invoices")
            if self.random.random() < 0.3
        }
        grace = self.random.choice([0, 30])
        self.seen = Observation(dt.date(2024, 9, 30), begins, covers_from=covers, grace_days=grace)
        self.tables = {name: [] for name in oracle.OWN_DATE}
        for number in range(50):
            self._customer(f"c{number:02}")
        self.tables["network"] = [
            {"area_id": area, "month": month, "outage_minutes": self._number(9)}
            for area in AREAS[1:]
            for month in self._months()
            if self.random.random() < 0.8
        ]
        if seed % 4 == 3:
            del self.tables["subscriptions"]

    def day(self, after: dt.date | None = None) -> dt.date:
        """A day on or near an edge, or any; not before `after`."""
        edges = [*ENDS, *[self.seen.observed_from] * 4, self.seen.as_of]
        near = self.random.choice(edges) + self.random.choice([-1, 0, 1, 2]) * DAY
        any_day = dt.date(2023, 6, 1) + self.random.randrange(500) * DAY
        steps = [0, 1, 29, 30, 31, self.seen.grace_days, self.seen.grace_days + 1]
        chosen = [near, near, any_day, *([after + self.random.choice(steps) * DAY] * 2 if after else [])]
        return max(self.random.choice(chosen), after or dt.date.min)

    def _customer(self, key: str) -> None:
        long_ago = dt.date(2022, 1, 1) + self.random.randrange(600) * DAY
        signup, replaced = self.random.choice([self.day(), long_ago]), None
        out = self.random.choice([None] * 12 + ["test", "staff"])
        for number in range(1 if out else self.random.choice([1, 1, 1, 2, 3])):
            account, churn = f"{key}/{number}", self.random.choice([None, self.day(signup)])
            status = out or ("churned" if churn else self.random.choice(["active", "active", "suspended", None]))
            self._account(account, signup, churn, replaces_customer_id=replaced, status=status)
            self._products(account, signup, churn)
            self._monthly(account, signup)
            self._contacts(account)
            signup, replaced = (churn or self.day(signup)) + DAY, account

    def _account(self, account: str, signup: dt.date, churn: dt.date | None, **more: str | None) -> None:
        pick = self.random.choice
        self.tables["customers"].append({
            "customer_id": account, "signup_date": signup, "churn_date": churn,
            "churn_kind": churn and pick(["voluntary", "moved", None]), "area_id": pick(AREAS),
            "birth_year": pick([None, 1980]), "region": pick(["east", "west"]), **more,
        })  # fmt: skip

    def _products(self, account: str, signup: dt.date, churn: dt.date | None) -> None:
        """The first product begins at signup, or later where the rows closed before observation were purged."""
        begins = self.seen.observed_from
        purged = signup < begins and self.random.random() < 0.3
        first = signup + self.random.randrange((begins - signup).days + 1) * DAY if purged else signup
        for number in range(self.random.choice([1, 2, 2, 3, 5])):
            start = self.day(first) if number else first
            end = self.random.choice([None, churn, self.day(start), self.day(start)])
            self.tables["subscriptions"].append({
                "customer_id": account, "subscription_id": f"{account}.{number}", "plan": f"{account}.{number}",
                "product": self.random.choice(PRODUCTS), "start_date": start, "end_date": end and max(end, start),
                "monthly_fee": self.random.choice([Decimal(10), Decimal(20)]), "discount": self._cents(300),
                "discount_end_date": self.random.choice([None, self.day(start)]),
                "contract_months": self.random.choice([1, 12, None]),
            })  # fmt: skip

    def _monthly(self, account: str, signup: dt.date) -> None:
        for month in self._months():
            if self.random.random() < 0.6:
                self.tables["usage"].append({
                    "customer_id": account, "month": month, "download_gb": self._number(9),
                    "voice_minutes": self._number(50), "app_logins": self._whole(5),
                })  # fmt: skip
            for _ in range(self.random.choice([0, 1, 2]) if month >= signup.replace(day=1) else 0):
                issued = self.random.choice([None, month + self.random.randrange(40) * DAY])
                due, paid = (self.random.choice([None, self.day(issued or month)]) for _ in range(2))
                self.tables["invoices"].append({
                    "customer_id": account, "month": month, "invoice_id": f"{account}.{month}", "issued_on": issued,
                    "due_date": due, "paid_date": paid, "amount": self._cents(4000) or Decimal(-5),
                })  # fmt: skip

    def _contacts(self, account: str) -> None:
        for number in range(self.random.choice([0, 2, 6])):
            key, moment = {"customer_id": account}, self._moment()
            answered = self.random.choice([None, self._moment(moment.date())])
            complaint, arm = self.random.choice([True, False, None]), self.random.choice(["control", "call"])
            nobody = {"customer_id": None} if number == 5 else key
            self.tables["tickets"].append(nobody | {"opened_at": moment, "is_complaint": complaint})
            self.tables["contacts"].append(key | {"arm": arm, "contacted_at": moment})
            scores = {"nps_score": answered and self._whole(10), "csat_score": answered and self._whole(4)}
            name = f"{account}.{number}"
            self.tables["surveys"].append(
                key | {"survey_id": name, "sent_at": moment, "answered_at": answered} | scores
            )

    def _months(self) -> list[dt.date]:
        return [dt.date(2023 + n // 12, n % 12 + 1, 1) for n in range(8, 23)]

    def _moment(self, after: dt.date | None = None) -> dt.datetime:
        return dt.datetime.combine(self.day(after), self.random.choice([dt.time(0), dt.time(9), dt.time(23, 59, 59)]))

    def _cents(self, most: int) -> Decimal | None:
        return self.random.choice([None, Decimal(self.random.randrange(most)) / 100])

    def _number(self, most: float) -> float | None:
        return self.random.choice([None, round(self.random.random() * most, 2), round(self.random.random() * most, 2)])

    def _whole(self, most: int) -> int | None:
        return self.random.choice([None, self.random.randrange(most + 1)])


class Both:
    """The tables of one provider, and what the package and the oracle make of them."""

    def __init__(self, seed: int, engine: Engine) -> None:
        provider = Provider(seed)
        self.seen, day = provider.seen, provider.seen.as_of
        known = {name: known_at(held(rows, name, engine), name, day) for name, rows in provider.tables.items()}
        self.tables = population(known, engine=engine).tables
        self.spells = engine.table(spells(self.tables, self.seen))
        self.episodes = engine.table(episodes(self.spells, self.seen))
        self.plain = oracle.population(oracle.known_at(provider.tables, day))
        self.plain_spells = oracle.spells(self.plain, self.seen)
        self.plain_episodes = oracle.episodes(self.plain_spells, self.seen)


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
    assert_equal(got, oracle.features(both.plain_episodes, both.plain, both.seen), "customer_id", "spell", "landmark")


def test_the_360_is_everyone_on_the_books_since_observation_began(both):
    got = customers(both.spells, both.tables, both.seen)
    assert_equal(got, oracle.customers(both.plain_spells, both.plain, both.seen), "customer_id")


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
