"""Warning signs: whom a rule flags, at which quarter ends it was known, and when it cannot be used."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.measures.class_rules import Condition
from analysis.measures.risk_rules import landmark_rows, risk_rule, todays_rows, unavailable, with_bills
from analysis.measures.risk_watch import Watch, last_ends, watch

BEFORE = "app_logins_previous_3m"
WORDS = {"label": "Words", "version": 1, "says": "Words."}
RULES = {
    "complains": risk_rule("complains", {"complaints_3m": Condition(bounds={"at_least": 1})}, **WORDS),
    "fades": risk_rule(
        "fades", {"app_logins_3m": Condition(bounds={"below": 0.7}, of="app_logins_previous_3m")}, **WORDS
    ),
}
NONE_REFUSED = pd.DataFrame(columns=["covariate", "reason"])
JUNE, MARCH = dt.date(2026, 6, 30), dt.date(2026, 3, 31)


@pytest.fixture
def past(engine):
    """Rows (customer, landmark, event, kind, complaints, logins, before), each of a customer with a product."""

    def made(*rows: tuple, products: int = 1) -> nw.LazyFrame:
        names = [
            "customer_id",
            "landmark",
            "event",
            "left_kind",
            "complaints_3m",
            "app_logins_3m",
            "app_logins_previous_3m",
        ]
        data = pd.DataFrame(rows, columns=names).assign(at_quarter_end=1, products=products)
        typed = data.assign(landmark=pd.to_datetime(data["landmark"]), left_kind=data["left_kind"].astype(object))
        numbers = names[4:]
        typed[numbers] = typed[numbers].astype("float64")
        return engine.table(typed).with_columns(nw.col("landmark").cast(nw.Date), nw.col("left_kind").cast(nw.String))

    return made


@pytest.fixture
def watched(past, engine):
    def made(*rows: tuple, refused: pd.DataFrame = NONE_REFUSED) -> Watch:
        then = landmark_rows(past(*rows), landmarks=[JUNE, MARCH])
        now = past(*rows).with_columns(state=nw.lit("active")).drop("landmark")
        return watch(then, todays_rows(now, as_of=JUNE), rules=RULES, refused=refused, engine=engine)

    return made


def test_a_customer_is_flagged_when_all_conditions_hold(watched):
    got = watched(
        ("a", JUNE, 1, "voluntary", 2, 10, 10), ("b", JUNE, 0, None, 0, 6, 10), ("c", JUNE, 0, None, 0, 7, 10)
    )
    rows = got.at(JUNE).set_index("customer_id").sort_index()
    assert rows.to_dict("list") == {"complains": [1, 0, 0], "fades": [0, 1, 0]}
    assert got.by_choice and got.target == "chose"
    assert to_pandas(got.today).set_index("customer_id").loc["b"].tolist() == [0, 1]


def test_what_is_not_known_of_one_is_no_flag_and_of_nobody_is_no_answer(watched):
    got = watched(
        ("a", JUNE, 0, None, 1, None, None), ("b", JUNE, 0, None, None, 3, 10), ("a", MARCH, 0, None, 1, None, None)
    )
    assert got.at(JUNE).set_index("customer_id").sort_index().to_dict("list") == {"complains": [1, 0], "fades": [0, 1]}
    march = got.at(MARCH)
    assert march["complains"].tolist() == [1] and march["fades"].isna().all()


def test_leaving_by_choice_is_told_apart_and_who_came_back_chose_it(past):
    rows = [
        ("a", JUNE, 1, "voluntary", 0, 1, 1),
        ("b", JUNE, 1, "moved", 0, 1, 1),
        ("c", JUNE, 0, "voluntary", 0, 1, 1),
    ]
    got = to_pandas(landmark_rows(past(*rows), landmarks=[JUNE]).select("customer_id", "event", "chose"))
    assert got.sort_values("customer_id")[["event", "chose"]].values.tolist() == [[1, 1], [1, 0], [0, 0]]


def test_without_kinds_leaving_in_any_way_counts(watched):
    got = watched(("a", JUNE, 1, None, 1, 1, 1))
    assert (got.by_choice, got.target) == (False, "event")


def test_other_landmarks_and_customers_without_a_product_are_left_out(past):
    assert to_pandas(landmark_rows(past(("a", JUNE, 0, None, 1, 1, 1)), landmarks=[MARCH])).empty
    assert to_pandas(landmark_rows(past(("a", JUNE, 0, None, 1, 1, 1), products=0), landmarks=[JUNE])).empty


def test_a_rule_whose_columns_nobody_fills_or_that_know_the_future_is_not_available(watched):
    got = watched(("a", JUNE, 0, None, 1, None, None))
    assert list(got.rules) == ["complains"]
    assert got.missing["fades"].columns == ("app_logins_3m", "app_logins_previous_3m")
    refused = pd.DataFrame({"covariate": ["complaints_3m"], "reason": ["Written on leaving."]})
    assert unavailable(RULES, known={"complaints_3m", "app_logins_3m", "app_logins_previous_3m"}, refused=refused) == {
        "complains": (("complaints_3m",), "Written on leaving.")
    }


def test_where_no_rule_can_be_used_nobody_is_flagged(watched):
    got = watched(("a", JUNE, 0, None, None, None, None))
    assert got.rules == {} and len(got.missing) == 2
    assert got.at(JUNE).columns.tolist() == ["customer_id"]


def test_quarters_are_judged_once_they_are_over():
    quarters = [Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)]
    assert last_ends(quarters, whole=True) == [dt.date(2025, 12, 31), MARCH, JUNE]
    assert last_ends(quarters, whole=False) == [dt.date(2025, 12, 31), MARCH]
    assert last_ends([], whole=True) == []


def test_without_bills_rows_stay_as_they_are(past):
    rows = past(("a", JUNE, 0, None, 1, 1, 1))
    assert with_bills(rows, {}, None) is rows
