"""Leads, from the table to what is told of them, by hand."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.frames.observation import Observation
from analysis.measures.interval import mean_interval
from analysis.models.lead_chances import LeadCourse, chances_by_age, lead_course, open_lead_chances
from analysis.models.lead_study import lead_kpis, lead_study
from analysis.models.lead_value import lead_values, worth_of_leads, worth_of_won
from analysis.models.still_to_come import Half

SEEN = Observation(dt.date(2026, 9, 30), dt.date(2025, 1, 1))


@pytest.fixture
def engine():
    with Engine(threads=1) as one:
        yield one


def followed(engine: Engine, *rows: tuple[str, int, int], times: int = 1) -> nw.LazyFrame:
    """`(channel, days, converted)`, each so many times."""
    data = pd.DataFrame(list(rows) * times, columns=["channel", "days", "converted"])
    return engine.table(data.assign(segment="household"))


def test_open_leads_have_the_chance_of_their_channel_where_enough_became_customers(engine: Engine) -> None:
    # Of a hundred by web forty on day 4, of a hundred by shop twenty on day 9; of ten by post all on day 2.
    rows = [("web", 4, 1)] * 40 + [("web", 99, 0)] * 60 + [("shop", 9, 1)] * 20 + [("shop", 99, 0)] * 80
    course = lead_course(followed(engine, *rows, *[("post", 2, 1)] * 10, times=2), smallest=11)
    asked = pd.DataFrame({"channel": ["web", "web", "shop", "post"], "segment": "household", "days": [0, 4, 3, 0]})
    chance, fresh = open_lead_chances(course, asked)
    assert chance.tolist() == pytest.approx([0.4, 0.0, 0.2, 70 / 210])  # twenty by post are too few: all leads count
    assert fresh.tolist() == pytest.approx([0.4, 0.4, 0.2, 70 / 210])
    assert course.half.time == 5.0  # on day 4 since being made sixty of seventy have


def test_too_few_customers_tell_no_course(engine: Engine) -> None:
    course = lead_course(followed(engine, *[("web", 4, 1)] * 10, *[("web", 99, 0)] * 60), smallest=11)
    assert course.horizon == 0
    chance, _ = open_lead_chances(course, pd.DataFrame({"channel": ["web"], "segment": ["x"], "days": [0]}))
    assert chance.tolist() == [0.0]


def test_ages_count_open_leads_and_tell_the_chance_of_the_first_day() -> None:
    counts = pd.DataFrame(
        {"channel": "web", "segment": "x", "entry": 0.0, "exit": [5.0, 20.0, 101.0], "event": [1, 1, 0],
         "n": [20, 20, 60]},
    )  # fmt: skip
    course = LeadCourse(counts, 101.0, Half(5, 5, 20), pd.DataFrame())
    got = chances_by_age(course, pd.Series([0] * 12 + [8] * 11 + [20] * 3 + [95] * 30), smallest=11)
    assert got["first"].tolist() == [0, 7, 14, 30, 60, 90]
    assert got["chance"].tolist() == pytest.approx([0.4, 0.25, 0.25, 0.0, 0.0, 0.0])
    assert got["masked"].tolist() == [False, True, True, False, False, False]
    assert got.loc[[0, 5], "open"].tolist() == [12, 30]


def test_a_customer_who_left_again_is_worth_nothing_and_one_won_twice_counts_once(engine: Engine) -> None:
    data = pd.DataFrame(
        [("1", "web", "b", "2026-05-01"), ("2", "shop", "a", "2026-05-02"), ("3", "shop", "b", "2026-05-03"),
         ("4", "web", "old", "2025-09-30"), ("5", "web", "gone", "2026-05-01")],
        columns=["lead_id", "channel", "customer_id", "won"],
    )  # fmt: skip
    data["won"] = pd.to_datetime(data["won"])
    data["created_at"] = data["won"]
    leads = engine.table(data.assign(segment="x")).with_columns(nw.col("won").cast(nw.Date))
    value = engine.table(pd.DataFrame({"customer_id": ["a", "b", "old"], "clv": [100.0, 300.0, 900.0]}))
    got = worth_of_won(leads, value, as_of=SEEN.as_of).set_index("customer_id")
    assert got["worth"].to_dict() == {"a": 100.0, "b": 300.0, "gone": 0.0}
    assert got.loc["b", "channel"] == "web"
    assert worth_of_won(leads, None, as_of=SEEN.as_of).empty
    nobody = engine.table(pd.DataFrame({"customer_id": pd.Series(dtype=object), "clv": pd.Series(dtype="float64")}))
    assert worth_of_won(leads, nobody, as_of=SEEN.as_of).empty


def test_a_lead_is_worth_the_share_times_what_a_customer_brings() -> None:
    conversion = pd.DataFrame(
        [["all", "all", 100, 20, 0.2, 0.15, 0.25, False], ["channel", "web", 10, 2, 0.2, 0.1, 0.3, False]],
        columns=["dimension", "class", "leads", "converted", "share", "low", "high", "masked"],
    )
    won = pd.DataFrame({"worth": [400.0, 600.0] * 10, "channel": ["web"] * 5 + ["shop"] * 15, "segment": "x"})
    got = lead_values(conversion, won, smallest=11)
    assert got.loc[0, "value"] == pytest.approx(100.0)
    low, high = mean_interval(500.0, float(won["worth"].std()), 20)
    error = (0.1 / 2 / 1.959964, float(high - low) / 2 / 1.959964)
    by_hand = 1.959964 * np.sqrt(0.04 * error[1] ** 2 + 250_000 * error[0] ** 2 + error[0] ** 2 * error[1] ** 2)
    assert got.loc[0, "value_high"] - got.loc[0, "value"] == pytest.approx(by_hand, rel=1e-6)
    assert np.isnan(got.loc[1, "value"])  # five customers by web are too few


def test_what_customers_bring_is_told_by_segment_before_it_is_told_of_all() -> None:
    won = pd.DataFrame(
        {"channel": ["web"] * 30 + ["shop"] * 40, "segment": ["a"] * 30 + ["b"] * 40,
         "worth": [1.0] * 30 + [2.0] * 40},
    )  # fmt: skip
    asked = pd.DataFrame({"channel": ["web", "post", "post"], "segment": ["a", "b", "c"]})
    assert worth_of_leads(won, asked).tolist() == pytest.approx([1.0, 2.0, 110 / 70])
    assert np.isnan(worth_of_leads(won.head(20), asked)).all()


def test_a_source_without_leads_has_no_study_and_no_figure(engine: Engine) -> None:
    assert lead_study({}, SEEN, customer_value=None, engine=engine, smallest=11) is None
    assert lead_kpis(None, smallest=11) == []


def tables(engine: Engine, created: list[str], won: list[str | None]) -> dict[str, nw.LazyFrame]:
    leads = pd.DataFrame({"created_at": pd.to_datetime(created), "converted_at": pd.to_datetime(won)})
    leads = leads.assign(lead_id=[f"L{n:04}" for n in range(len(leads))], channel="web", segment="x", area_id="A")
    empty = pd.Series([None] * len(leads), dtype="string")
    keys = pd.DataFrame({"account_id": ["c"], "customer_id": ["c"]})
    return {"leads": engine.table(leads.assign(converted_customer_id=empty)), "customers": engine.table(keys)}


def test_the_key_figure_is_of_the_newest_quarter_followed_for_90_days_beside_the_one_before(engine: Engine) -> None:
    created = ["2026-02-01"] * 40 + ["2026-05-01"] * 50 + ["2026-08-01"] * 30
    won = ["2026-02-11"] * 20 + [None] * 20 + ["2026-05-11"] * 15 + [None] * 35 + ["2026-08-02"] * 30
    study = lead_study(tables(engine, created, won), SEEN, customer_value=None, engine=engine, smallest=11)
    assert study is not None
    [one] = [kpi for kpi in lead_kpis(study, smallest=11) if kpi.metric == "lead_conversion"]
    assert (one.value, one.n, one.previous) == (0.3, 50, 0.5)
    assert study.quarters["quarter"].iloc[-1] == str(Quarter(2026, 2))
    assert study.open_leads["expected_value"].isna().all()  # nobody has a value
    few = lead_study(tables(engine, created[:45], won[:45]), SEEN, customer_value=None, engine=engine, smallest=11)
    assert not [kpi for kpi in lead_kpis(few, smallest=11) if kpi.metric == "lead_conversion"]
