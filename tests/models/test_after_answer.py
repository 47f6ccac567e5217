"""Who left after an answer, by hand."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.measures.survey_rows import Surveys
from analysis.models.after_answer import after_answers, hazard_kpis

AS_OF = dt.date(2026, 9, 30)
DAYS = ("answered_on", "spell_start", "spell_end")


@pytest.fixture
def after():
    """`after(rows)`: what came of answers; a row is (customer, answered on, score, left on or None, kind)."""
    with Engine() as engine:

        def made(rows, smallest=5):
            told = pd.DataFrame(rows, columns=["customer_id", "answered_on", "nps", "spell_end", "kind"])
            told = told.assign(spell_start="2020-01-01", answered=1, contract_class="one year")
            told["survey_id"] = [f"s{at:05d}" for at in range(len(told))]
            for day in DAYS:
                told[day] = pd.to_datetime(told[day])
            sent = engine.table(told).with_columns(nw.col(*DAYS).cast(nw.Date))
            none = pd.DataFrame()
            surveys = Surveys(True, sent, none, none, (), (), (Quarter(2026, 3),))
            return after_answers(surveys, as_of=AS_OF, smallest=smallest)

        yield made


def people(prefix, score, days, kind="voluntary", answered="2025-01-10"):
    return [(f"{prefix}{at}", answered, score, day, kind if day else None) for at, day in enumerate(days)]


def rate(got, months, kind):
    rows = got.rates[(got.rates["months"] == months) & (got.rates["kind"] == kind)]
    return rows["rate"].iloc[0]


def test_leaving_counts_within_the_months_after_the_answer(after):
    days = ["2025-04-10"] * 5 + ["2025-04-11"] * 5 + ["2026-01-11"] * 5 + [None] * 25
    got = after(people("d", 3, days))
    assert rate(got, 3, "detractor") == pytest.approx(5 / 40)
    assert rate(got, 12, "detractor") == pytest.approx(10 / 40)


def test_leaving_in_another_way_does_not_count_where_kinds_are_told(after):
    rows = people("d", 3, ["2025-02-10"] * 10 + [None] * 10) + people("e", 3, ["2025-02-10"] * 10, kind="moved")
    got = after(rows)
    assert got.by_choice
    assert rate(got, 3, "detractor") == pytest.approx(10 / 30)
    assert not after(people("d", 3, ["2025-02-10"] * 10 + [None] * 10, kind=None)).by_choice


def test_answers_that_were_not_followed_long_enough_are_left_out(after):
    rows = people("d", 3, ["2025-02-10"] * 10 + [None] * 10) + people("e", 3, [None] * 50, answered="2026-08-01")
    got = after(rows)
    assert rate(got, 3, "detractor") == pytest.approx(0.5)


def test_a_small_group_that_left_is_hidden(after):
    got = after(people("d", 3, ["2025-02-10"] * 3 + [None] * 30))
    assert got.rates["masked"].all()
    assert got.rates["rate"].isna().all()


def test_detractors_who_leave_twice_as_fast_are_found_to(after):
    rng, rows = np.random.default_rng(3), []
    for prefix, score, hazard in (("p", 10, 0.02), ("n", 8, 0.02), ("d", 2, 0.04)):
        months = rng.exponential(1 / hazard, 1500)
        days = pd.Timestamp("2025-01-10") + pd.to_timedelta(np.ceil(months * 30.44), unit="D")
        rows += people(prefix, score, [day if day <= pd.Timestamp(AS_OF) else None for day in days])
    got = after(rows).hazards
    assert got.low < 2 < got.high
    assert got.low > 1.5
    assert [kpi.metric for kpi in hazard_kpis(after(rows))] == ["detractor_hazard_ratio"]


def test_leaving_counts_for_the_last_answer_before_it(after):
    """Who answered as a detractor first and as a promoter later left as a promoter."""
    first = people("d", 2, ["2025-09-10"] * 40)
    rows = first + people("d", 10, ["2025-09-10"] * 40, answered="2025-05-10")
    rows += people("p", 10, [None] * 40) + people("q", 2, [None] * 40)
    got = after(rows)
    assert np.isnan(got.hazards.ratio)
    assert got.hazards.left == 40


def test_of_few_leavers_no_ratio_is_told(after):
    got = after(people("d", 3, ["2025-02-10"] * 6 + [None] * 30) + people("p", 10, [None] * 30))
    assert np.isnan(got.hazards.ratio)
    assert hazard_kpis(got) == []
