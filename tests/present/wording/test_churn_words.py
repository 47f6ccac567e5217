"""Sentences of the churn chapter."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.present.page import Caution, Note
from analysis.present.wording import churn

BASE = pd.DataFrame(
    {"quarter": ["2026-Q2", "2026-Q3"], "churn_rate": [0.039, 0.042], "low": [0.034, 0.037], "high": [0.045, 0.048]}
)


def rates(*rows: tuple) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["dimension", "class", "customers", "churn_rate"])
    return data.assign(low=data["churn_rate"] - 0.01, high=data["churn_rate"] + 0.01, masked=False)


CONTRACT = rates(("contract", "month to month", 900, 0.08), ("contract", "two years", 900, 0.02))


def test_the_bottom_line_tells_the_rate_its_interval_and_the_dimension_that_tells_most():
    assert churn.bottom_line(BASE, CONTRACT) == (
        "4.2 % of the customers left in Q3 2026 (3.7 to 4.8 %), up from 3.9 %. "
        "Contract tells most: 8.0 % of “month to month” left, 2.0 % of “two years”."
    )


def test_nothing_is_said_of_classes_whose_intervals_touch():
    close = rates(("contract", "month to month", 900, 0.05), ("contract", "two years", 900, 0.04))
    assert churn.bottom_line(BASE, close).endswith("up from 3.9 %.")
    assert churn.rate_words(close, period="2026-Q3")["finding"] == "No two classes differ by more than chance allows"


def test_where_nothing_could_be_compared_nothing_is_said_to_be_equal():
    one = CONTRACT.head(1)
    assert churn.rate_words(one, period="2026-Q3")["finding"].startswith("No two classes of a dimension are known")


def test_without_leavers_and_with_too_few_the_reason_is_told():
    kinds = pd.DataFrame({"kind": ["voluntary"], "share": [None]})
    assert churn.kind_words(kinds, period="2026-Q3")["finding"] == "Too few customers left to show why"
    assert churn.kind_words(kinds.head(0), period="2026-Q3")["finding"] == "Nobody left in the quarter"


def test_without_a_quarter_there_is_no_rate():
    assert churn.bottom_line(BASE.head(0), CONTRACT).startswith("No churn rate can be given")
    assert churn.bottom_line(BASE.assign(churn_rate=None), CONTRACT).startswith("No churn rate can be given")


def at(**values: float) -> pd.DataFrame:
    rows = [(float(month[1:]), value, value - 0.1, value + 0.1, 50) for month, value in values.items()]
    return pd.DataFrame(rows, columns=["time", "survival", "low", "high", "at_risk"])


def test_both_readings_stand_side_by_side():
    honest, naive = at(m12=0.16, m24=0.06), at(m24=0.79, m72=0.59)
    got = churn.two_readings_words(honest, naive)["finding"]
    assert got.startswith("After 24 months 6.0 % are still there;")
    assert got.endswith("79.0 %")
    table = churn.readings(honest, naive)
    assert table["months"].tolist() == [12, 24, 72]
    assert table["naive"].isna().tolist() == [True, False, False]


def test_one_sentence_says_why_the_second_reading_misleads():
    got = churn.why_naive_misleads(dt.date(2019, 7, 1))
    assert "only from 1 July 2019 on" in got
    assert got.count(". ") == 0


@pytest.mark.parametrize(
    ("median", "events", "expected"),
    [
        ((12.0, 10.0, 14.0), 9, "Half of the customers have left after 12.0 months (95 % interval 10.0 to 14.0"),
        ((12.0, 10.0, None), 9, "Half of the customers have left after 12.0 months."),
        ((None, None, None), 9, "More than half of the customers are still there at the longest tenure observed"),
        ((None, None, None), 0, "Nobody left while under observation"),
    ],
)  # fmt: skip
def test_the_median_life_is_told_or_why_there_is_none(median, events, expected):
    assert churn.median_sentence(pd.DataFrame({"events": [events]}), median).startswith(expected)


def test_a_p_value_is_never_printed_as_zero():
    assert [churn.p_text(value) for value in (1e-9, 0.0123, float("nan"))] == ["p < 0.001", "p = 0.012", "not possible"]


def test_only_clear_differences_are_found():
    tests = pd.DataFrame({"label": ["Contract", "Region"], "p_value": [0.0001, 0.2]})
    assert churn.log_rank_words(tests)["finding"] == "Leaving differs by contract"
    assert "no class more than chance" in churn.log_rank_words(tests.tail(1))["finding"]


def test_kinds_of_leaving_are_sentences():
    kinds = pd.DataFrame({"kind": ["voluntary", "non_payment"], "share": [0.7, 0.3]})
    got = churn.kind_words(kinds, period="2026-Q3")
    assert got["finding"] == "70 % of the leavers left by choice"
    assert "30.0 % left for unpaid bills" in got["alt"]


def test_a_source_without_dates_is_a_caution():
    assert isinstance(churn.dating(None), Note)
    got = churn.dating(dt.date(2019, 9, 30))
    assert isinstance(got, Caution)
    assert "The day of leaving inside the quarter is unknown" in repr(got)


def test_a_class_too_small_to_read_is_not_compared():
    got = churn.curve_words("contract", {"a": 0.9, "b": 0.5, "c": float("nan")}, month=24, p_value=0.0001)
    assert got["finding"] == "By contract: after 24 months 90.0 % of “a” are still there, 50.0 % of “b”"
    assert "c" not in got["alt"].split("After")[1].replace("choice", "")
    assert "p < 0.001" in got["subtitle"]
