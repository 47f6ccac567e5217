"""Sentences of the churn chapter."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.present.page import Caution, Note
from analysis.present.wording import churn

BASE = pd.DataFrame(
    {"quarter": ["2026-Q2", "2026-Q3"], "churn_rate": [0.039, 0.042], "low": [0.034, 0.037], "high": [0.045, 0.048]}
).assign(opening=90_000, joiners=10_000)


def rates(*rows: tuple) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["dimension", "class", "customers", "churn_rate"])
    data = data.assign(label=data["dimension"].str.capitalize(), masked=False)
    return data.assign(low=data["churn_rate"] - 0.01, high=data["churn_rate"] + 0.01)


CONTRACT = rates(("contract", "month to month", 900, 0.08), ("contract", "two years", 900, 0.02))


def test_the_bottom_line_tells_the_rate_its_interval_and_the_dimension_that_tells_most():
    assert churn.bottom_line(BASE, CONTRACT) == (
        "4.2 % of the customers left in Q3 2026 (3.7 to 4.8 %), up from 3.9 % the quarter before. "
        "Leaving differs most by contract: 8.00 % of “month to month” left, 2.00 % of “two years”."
    )


def test_nothing_is_said_of_classes_whose_intervals_touch():
    close = rates(("contract", "month to month", 900, 0.05), ("contract", "two years", 900, 0.04))
    assert churn.bottom_line(BASE, close).endswith("up from 3.9 % the quarter before.")
    got = churn.rate_words(close, period="2026-Q3")["finding"]
    assert got == "No class stands clearly apart by contract, the dimension in which rates differ most"


def test_where_nobody_left_no_dimension_is_said_to_tell_most():
    none = rates(("contract", "month to month", 900, 0.0), ("contract", "two years", 900, 0.0))
    assert churn.rate_words(none, period="2026-Q3")["finding"] == "Nobody left"
    some = none.assign(masked=[False, True], churn_rate=[0.0, None])
    some = pd.concat([some, none.assign(dimension="region")], ignore_index=True)
    got = churn.rate_words(some, period="2026-Q3")["finding"]
    assert got == "Nobody left of the classes that are not masked"


def test_a_change_that_chance_explains_is_told_as_none():
    got = churn.bottom_line(BASE.assign(opening=5_000, joiners=400), CONTRACT.head(1))
    assert got.endswith("(3.7 to 4.8 %), not clearly different from 3.9 % the quarter before.")


def test_masked_classes_are_too_few_to_be_compared():
    hidden = CONTRACT.assign(masked=True, churn_rate=None)
    assert churn.rate_words(hidden, period="2026-Q3")["finding"] == "Too few leavers to compare classes"


def test_classes_that_have_no_room_are_told():
    many = rates(*[("region", f"r{i}", 900, 0.02 + i / 1000) for i in range(11)])
    drawn = churn.rate_words(many.head(7), period="2026-Q3")["subtitle"]
    assert drawn.endswith("the largest classes and the one with the highest rate")
    assert "largest" not in churn.rate_words(many.head(6), period="2026-Q3")["subtitle"]
    listed = churn.rate_table_words(many, smallest=11)["subtitle"]
    assert listed.endswith("the 10 largest classes are shown")
    assert "largest" not in churn.rate_table_words(many.head(10), smallest=11)["subtitle"]


def test_where_nothing_could_be_compared_nothing_is_said_to_be_equal():
    one = CONTRACT.head(1)
    assert churn.rate_words(one, period="2026-Q3")["finding"].startswith("No two classes of a dimension are known")


def test_without_leavers_and_with_too_few_the_reason_is_told():
    kinds = pd.DataFrame({"kind": ["voluntary"], "share": [None]})
    assert churn.kind_words(kinds, period="2026-Q3", reasons=False)["finding"] == "Too few customers left to show why"
    assert (
        churn.kind_words(kinds.head(0), period="2026-Q3", reasons=False)["finding"]
        == "Nobody is known to have left in the quarter"
    )
    nobody = churn.kind_words(kinds.head(0), period="2026-Q3", reasons=True, followed=False)
    assert nobody["finding"] == "Who left in the quarter is not known: nobody can be followed"


def test_without_a_quarter_there_is_no_rate():
    assert churn.bottom_line(BASE.head(0), CONTRACT).startswith("No churn rate can be given")
    assert churn.bottom_line(BASE.assign(churn_rate=None), CONTRACT).startswith("No churn rate can be given")
    nobody = churn.bottom_line(BASE.assign(opening=0, joiners=0, churn_rate=None), CONTRACT)
    assert nobody == "No churn rate can be given: nobody can be followed. The data chapter says why."


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
    got = churn.why_naive_misleads(at(m12=0.16), at(m12=0.84), observed_from=dt.date(2019, 7, 1))
    assert "only from 1 July 2019 on" in got
    assert got.count(". ") == 0


def test_where_nobody_entered_late_the_readings_agree():
    one = at(m12=0.8, m24=0.7, m72=float("nan"))
    got = churn.why_naive_misleads(one, one, observed_from=dt.date(2019, 7, 1))
    assert got == "Both readings agree at every month shown: late entry makes no difference here."
    assert "misleads" not in got
    assert (
        churn.two_readings_words(one, one)["finding"] == "After 24 months 70.0 % are still there; both readings agree"
    )
    assert "both" not in churn.two_readings_words(one, at(m12=0.8, m24=0.7, m72=0.6))["finding"]


def test_where_too_few_were_at_risk_the_readings_are_not_compared():
    none = at(m12=float("nan"))
    got = churn.why_naive_misleads(none, none, observed_from=dt.date(2019, 7, 1))
    assert got == "Too few customers were at risk to compare the readings."


def test_the_table_of_readings_says_what_is_repeated_and_what_is_missing():
    shown = churn.readings(at(m12=0.8, m24=0.5), at(m12=0.9, m24=0.8))
    got = churn.readings_words(shown, 74.94)
    assert got["subtitle"].endswith("74.94 months, the last value is repeated; missing where too few were at risk")
    assert got["finding"] == "The two readings are furthest apart after 24 months: 50.0 % still there, not 80.0 %"
    alike = churn.readings(at(m12=0.8), at(m12=0.8))
    assert churn.readings_words(alike, 74.94)["finding"] == "Both readings agree"


@pytest.mark.parametrize(
    ("median", "events", "expected"),
    [
        ((12.0, 10.0, 14.0), 9, "Half of the customers have left after 12.0 months (95 % interval 10.0 to 14.0"),
        ((12.0, 10.0, None), 9, "Half of the customers have left after 12.0 months."),
        ((None, None, None), 9, "More than half of the customers are still there at the longest tenure observed"),
        ((None, None, None), 0, "Nobody is known to have left while under observation"),
    ],
)  # fmt: skip
def test_the_median_life_is_told_or_why_there_is_none(median, events, expected):
    assert churn.median_sentence(pd.DataFrame({"events": [events], "at_risk": 50, "survival": 0.6}), median).startswith(
        expected
    )


def test_a_median_that_few_were_at_risk_for_is_not_told():
    curve = pd.DataFrame({"events": [9], "at_risk": 50, "survival": 0.4})
    assert churn.median_sentence(curve, (None, None, None)).startswith("Too few customers were at risk when half had")


def test_where_nobody_was_under_observation_no_life_is_told():
    nobody = pd.DataFrame({"events": [0], "at_risk": [0], "survival": [None]})
    got = churn.median_sentence(nobody, (None, None, None))
    assert got == "Nobody was under observation: a median life cannot be given."


def test_a_p_value_is_never_printed_as_zero():
    assert [churn.p_text(value) for value in (1e-9, 0.0123, float("nan"))] == ["p < 0.001", "p = 0.012", "not possible"]


def test_only_clear_differences_are_found():
    tests = pd.DataFrame({"label": ["Contract", "Region"], "p_value": [0.0001, 0.2]})
    assert churn.log_rank_words(tests)["finding"] == "Leaving differs by contract"
    assert churn.log_rank_words(tests.tail(1))["finding"] == "Leaving does not clearly differ by class"
    assert churn.log_rank_words(tests.head(0))["finding"].startswith("No two classes of a dimension have enough")
    assert "fewer than 5 expected leavers are left out" in churn.log_rank_words(tests)["subtitle"]


def test_kinds_of_leaving_are_sentences():
    kinds = pd.DataFrame({"kind": ["voluntary", "non_payment"], "share": [0.7, 0.3]})
    got = churn.kind_words(kinds, period="2026-Q3", reasons=False)
    assert got["finding"] == "70 % of the leavers left by choice"
    assert "30.0 % left for unpaid bills" in got["alt"]


def test_a_source_that_never_says_why_is_told_as_one():
    kinds = pd.DataFrame({"kind": ["not known"], "share": [1.0]})
    assert (
        churn.kind_words(kinds, period="2026-Q3", reasons=False)["finding"]
        == "The source does not say why customers left"
    )
    told = churn.kind_words(kinds, period="2026-Q3", reasons=True)["finding"]
    assert told == (
        "The source names reasons for leaving but not their kinds: map churn_kind (voluntary, non_payment, moved, "
        "deceased or other) from churn_reason to see them"
    )
    kinds = pd.DataFrame({"kind": ["not known", "moved"], "share": [0.7, 0.3]})
    assert churn.kind_words(kinds, period="2026-Q3", reasons=False)["finding"].startswith(
        "70 % of the leavers left for reasons not"
    )


def test_a_source_without_dates_is_a_caution():
    assert isinstance(churn.dating(None), Note)
    nobody = churn.dating(None, followed=False)
    assert isinstance(nobody, Caution)
    assert "dates nobody's joining and leaving" in repr(nobody)
    got = churn.dating(dt.date(2019, 9, 30))
    assert isinstance(got, Caution)
    assert "The day of leaving inside the quarter is unknown" in repr(got)


def test_a_class_too_small_to_read_is_not_compared():
    got = churn.curve_words("Contract", {"a": 0.9, "b": 0.5, "c": float("nan")}, month=24, p_value=0.0001)
    assert got["finding"] == "By contract: after 24 months 90.0 % of “a” are still there, 50.0 % of “b”"
    assert "c" not in got["alt"].split("After")[1].replace("choice", "")
    assert got["subtitle"].endswith("log-rank test of the whole dimension p < 0.001")


@pytest.mark.parametrize("known", [{}, {"a": 0.9, "b": float("nan")}])
def test_where_nothing_is_known_no_classes_are_compared(known):
    got = churn.curve_words("Contract", known, month=24, p_value=0.0001)["finding"]
    assert got == "By contract: too few customers at risk to compare classes after 24 months"
