"""Who holds what, and how the share moved, by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.frames.observation import Observation
from analysis.measures import penetration as measured
from analysis.measures.penetration import broadband_places, penetration, penetration_kpis

SEEN = Observation(dt.date(2026, 9, 30), dt.date(2024, 1, 1))
DAYS = ("start_date", "end_date", "signup_date", "start", "end")


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as one:
        yield one


def dated(engine, data):
    named = [name for name in DAYS if name in data]
    for name in named:
        data[name] = pd.to_datetime(data[name])
    return engine.table(data).with_columns(nw.col(*named).cast(nw.Date)) if named else engine.table(data)


@pytest.fixture
def provider(engine):
    """`provider(people)`: tables and spells; people are (number, type, region, joined, left, [(product, from, to)])."""

    def made(*groups):
        people, lines, lives = [], [], []
        for at, (number, kind, region, joined, left, products) in enumerate(groups):
            for one in range(number):
                key = f"c{at}-{one:03d}"
                people.append((key, key, kind, region, joined))
                lives.append((key, joined, left))
                lines += [(key, product, start, end) for product, start, end in products]
        names = ["customer_id", "account_id", "customer_type", "region", "signup_date"]
        rest = ["industry", "employees", "birth_year", "area_id", "area_type", "acquisition_channel", "account_role"]
        customers = pd.DataFrame(people, columns=names).assign(**dict.fromkeys(rest[3:], "x"), industry="x")
        customers = customers.assign(employees=1, birth_year=1980)
        held = pd.DataFrame(lines, columns=["customer_id", "product", "start_date", "end_date"])
        spells = pd.DataFrame(lives, columns=["customer_id", "start", "end"])
        return {"customers": dated(engine, customers), "subscriptions": dated(engine, held)}, dated(engine, spells)

    return made


BROAD, TV = ("broadband", "2025-01-01", None), ("tv", "2026-08-01", None)


def got(engine, tables, spells):
    told = penetration(tables, spells, SEEN, engine=engine, smallest=11)
    return told.set_index(["group", "product"])


def test_shares_now_and_their_change_since_then(engine, provider):
    told = got(
        engine,
        *provider(
            (40, "household", "north", "2025-01-01", None, [BROAD]),
            (20, "household", "south", "2025-01-01", None, [BROAD, TV]),
            (20, "business", "south", "2025-01-01", None, [("tv", "2025-01-01", None)]),
            (20, "household", "south", "2025-01-01", "2026-08-01", [("tv", "2025-01-01", "2026-08-01")]),
        ),
    )
    row = told.loc[("all", "tv")]
    assert (row["customers"], row["holders"], row["share"]) == (80, 40, 0.5)
    assert row["before"] == pytest.approx(0.5 - 40 / 100)
    assert told.loc[("businesses", "tv"), "masked"] == False  # noqa: E712
    assert told.loc[("all", "broadband"), "share"] == 0.75


def test_the_interval_of_a_change_counts_who_stayed_by_the_own_change(engine, provider):
    told = got(
        engine,
        *provider(
            (40, "household", "north", "2025-01-01", None, [BROAD]),
            (20, "household", "south", "2025-01-01", None, [BROAD, TV]),
            (15, "household", "south", "2026-08-01", None, [TV]),
            (20, "household", "south", "2025-01-01", "2026-08-01", [("tv", "2025-01-01", "2026-08-01")]),
        ),
    )
    now = np.repeat([0.0, 1.0, 1.0, np.nan], [40, 20, 15, 20])
    then = np.repeat([0.0, 0.0, np.nan, 1.0], [40, 20, 15, 20])
    error = np.nan_to_num((now - np.nanmean(now)) / 75) - np.nan_to_num((then - np.nanmean(then)) / 80)
    row = told.loc[("all", "tv")]
    assert row["before"] == pytest.approx(35 / 75 - 20 / 80)
    assert (row["before_high"] - row["before_low"]) / 2 == pytest.approx(1.959964 * np.sqrt((error**2).sum()))


def test_a_share_that_nobody_changed_has_not_moved_at_all(engine, provider):
    tables, spells = provider(
        (40, "household", "n", "2025-01-01", None, [BROAD]),
        (30, "household", "n", "2025-01-01", None, [("tv", "2025-01-01", None)]),
    )
    row = got(engine, tables, spells).loc[("all", "tv")]
    assert row[["before", "before_low", "before_high"]].tolist() == pytest.approx([0, 0, 0])


def test_few_holders_are_hidden_and_a_group_that_would_tell_them_as_well(engine, provider):
    told = got(
        engine,
        *provider(
            (100, "household", "north", "2025-01-01", None, [BROAD]),
            (30, "household", "north", "2025-01-01", None, [BROAD, ("tv", "2025-01-01", None)]),
            (40, "business", "north", "2025-01-01", None, [BROAD]),
            (3, "business", "north", "2025-01-01", None, [BROAD, ("tv", "2025-01-01", None)]),
        ),
    )
    assert told["masked"].to_dict()[("businesses", "tv")]
    assert told["masked"].to_dict()[("households", "tv")]
    assert not told["masked"].to_dict()[("all", "tv")]
    published = {(kpi.dimension, kpi.klass) for kpi in penetration_kpis(told.reset_index())}
    assert ("product", "tv") in published
    assert ("product of businesses", "tv") not in published


def test_broadband_by_region(engine, provider):
    tables, spells = provider(
        (30, "household", "north", "2025-01-01", None, [BROAD]),
        (15, "household", "north", "2025-01-01", None, [TV]),
        (40, "household", "south", "2025-01-01", None, [BROAD]),
    )
    told = broadband_places(tables, spells, SEEN, engine=engine, smallest=11)
    shares = told[told["dimension"] == "region"].set_index("class")["share"]
    assert shares.to_dict() == pytest.approx({"north": 30 / 45, "south": 1.0})


def test_without_products_or_an_earlier_quarter_there_is_what_there_is(engine, provider):
    tables, spells = provider((40, "household", "north", "2026-08-01", None, [("tv", "2026-08-01", None)]))
    told = got(engine, tables, spells)
    assert told["year"].isna().all()
    none = {"customers": tables["customers"]}
    assert penetration(none, spells, SEEN, engine=engine, smallest=11).empty
    assert broadband_places(none, spells, SEEN, engine=engine, smallest=11).empty
    young = Observation(dt.date(2026, 9, 30), dt.date(2026, 7, 1))
    assert penetration(tables, spells, young, engine=engine, smallest=11)["before"].isna().all()
    assert list(measured.BACK) == ["before", "year"]
