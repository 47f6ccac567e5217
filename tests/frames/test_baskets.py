"""Baskets, by hand: what is held and offered on a landmark, and what is added in the three months after it."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from analysis.extracts.engine import to_pandas
from analysis.frames.baskets import baskets, landmarks
from analysis.frames.observation import Observation

OBSERVATION = Observation(dt.date(2026, 9, 30), dt.date(2026, 1, 1))
MARCH, JUNE, SEPTEMBER = dt.date(2026, 3, 31), dt.date(2026, 6, 30), dt.date(2026, 9, 30)
BROADBAND, MOBILE, TV = 1, 2, 4  # places by name


def line(customer: str, product: str, start: str = "2026-01-01", end: str | None = None, **more) -> dict:
    return {
        "subscription_id": f"{customer}/{product}/{start}", "customer_id": customer, "account_id": customer,
        "product": product,
        "monthly_fee": 10, "start_date": start, "end_date": end, **more,
    }  # fmt: skip


@pytest.fixture
def made(contract, engine):
    """`made(lines, {"a": {"area_id": "x"}}, day)`: the baskets of a day, by customer."""

    def one(lines: list[dict], people: dict[str, dict], day: dt.date = JUNE) -> tuple[list[str], dict[str, dict]]:
        customers = [{"customer_id": key, "signup_date": "2026-01-01", **more} for key, more in people.items()]
        tables = {
            "customers": contract("customers", *customers),
            "subscriptions": contract("subscriptions", *lines, account_id=pa.string()),
        }
        got = baskets(tables, days=[day], observation=OBSERVATION, engine=engine)
        rows = to_pandas(got.rows)
        return got.products, {row["customer_id"]: row for row in rows.to_dict("records")}

    return one


def test_landmarks_are_the_quarter_ends_whose_quarter_after_is_over_and_the_as_of_date():
    assert landmarks(OBSERVATION) == [dt.date(2025, 12, 31), MARCH, JUNE, SEPTEMBER]
    assert len(landmarks(Observation(SEPTEMBER, dt.date(2020, 1, 1)))) == 9
    midway = Observation(SEPTEMBER, dt.date(2026, 2, 15))
    assert landmarks(midway) == [MARCH, JUNE, SEPTEMBER]


def test_a_basket_holds_each_product_once_and_the_technology_of_the_broadband_line(made):
    lines = [
        line("a", "Broadband", technology="fibre"), line("a", "tv", technology="iptv"),
        line("a", "tv", "2026-02-01"), line("b", "mobile", technology="5g"), line("c", "tv", end="2026-06-30"),
    ]  # fmt: skip
    products, got = made(lines, {"a": {"customer_type": "business"}, "b": {}, "c": {}})
    assert products == ["broadband", "mobile", "tv"]
    assert set(got) == {"a", "b"}
    assert (got["a"]["basket"], got["a"]["technology"], got["a"]["customer_type"]) == (
        BROADBAND + TV,
        "fibre",
        "business",
    )
    assert (got["b"]["basket"], got["b"]["technology"], got["b"]["customer_type"]) == (MOBILE, "", "")


def test_what_nobody_in_the_area_holds_is_not_offered_there_where_three_would_be_expected(made):
    # Of 12 customers 6 hold tv, none of the 6 in y, where 3 would be expected.
    people = {f"x{n}": {"area_id": "x"} for n in range(6)} | {f"y{n}": {"area_id": "y"} for n in range(6)}
    lines = [line(key, "broadband") for key in people] + [line(f"x{n}", "tv") for n in range(6)]
    products, got = made(lines, people)
    assert products == ["broadband", "tv"]
    assert (got["x0"]["offered"], got["y0"]["offered"]) == (3, 1)
    fewer = [one for one in lines if one["customer_id"] != "y5"]
    _, got = made(fewer, {key: more for key, more in people.items() if key != "y5"})
    assert got["y0"]["offered"] == 3  # 5 x 6 / 11 are expected


def test_customers_of_unknown_area_are_taken_as_one(made):
    people = {f"x{n}": {"area_id": "x"} for n in range(9)} | {f"u{n}": {} for n in range(9)}
    lines = [line(key, "broadband") for key in people] + [line(f"x{n}", "tv") for n in range(9)]
    _, got = made(lines, people)
    assert {got[f"u{n}"]["offered"] for n in range(9)} == {1}
    _, got = made([*lines, line("u8", "tv")], people)
    assert {got[f"u{n}"]["offered"] for n in range(9)} == {3}


def test_added_is_what_begins_within_three_months_and_was_not_held_lately(made):
    lines = [
        line("a", "broadband"), line("a", "tv", "2026-09-30"),
        line("b", "broadband"), line("b", "tv", "2026-10-01"),
        line("c", "broadband"), line("c", "tv", end="2026-06-10"), line("c", "tv", "2026-07-05"),
        line("d", "broadband"), line("d", "tv", end="2026-05-20"), line("d", "tv", "2026-07-05"),
        line("e", "broadband", end="2026-07-15"), line("e", "broadband", "2026-07-15"),
    ]  # fmt: skip
    _, got = made(lines, {key: {} for key in "abcde"})
    two = 2  # tv is the second of two products
    assert {key: row["added"] for key, row in got.items()} == {"a": two, "b": 0, "c": 0, "d": two, "e": 0}


def test_what_is_added_after_the_as_of_date_is_not_known(made):
    _, got = made([line("a", "broadband")], {"a": {}}, day=SEPTEMBER)
    assert got["a"]["added"] != got["a"]["added"]


@pytest.mark.parametrize("lines", [None, []])
def test_without_subscriptions_there_is_no_product_and_no_basket(contract, engine, lines):
    tables = {"customers": contract("customers", {"customer_id": "a", "signup_date": "2026-01-01"})}
    tables |= {} if lines is None else {"subscriptions": contract("subscriptions", account_id=pa.string())}
    got = baskets(tables, days=[JUNE, SEPTEMBER], observation=OBSERVATION, engine=engine)
    assert got.products == []
    assert to_pandas(got.rows).empty


def test_a_line_without_an_end_date_ends_with_its_account(made):
    _, got = made([line("a", "tv"), line("b", "tv")], {"a": {"churn_date": "2026-05-01"}, "b": {}})
    assert set(got) == {"b"}
