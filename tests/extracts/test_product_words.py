"""Products called otherwise than in the contract: nothing is wrong with the rows, and little can be told of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CUSTOMERS = "customer_id,signup_date\nA,2023-05-01\n"
HELD = "subscription_id,customer_id,product,monthly_fee,start_date\nS1,A,宽带,5,2023-05-01\nS2,A,{},5,2023-05-01\n"
RULE = "words:product"


def test_products_of_which_none_bears_a_name_of_the_contract_are_noted(taken: Callable[..., Any]) -> None:
    got = taken({"customers.csv": CUSTOMERS, "subscriptions.csv": HELD.format("电视")})
    said = got.sentence(RULE)
    assert "expected broadband, mobile, voice, tv, cloud, security, smart_home among the products" in said
    assert "found other words alone. Translate them there (CASE)" in said


def test_one_that_does_in_whatever_case_is_enough(taken: Callable[..., Any]) -> None:
    assert RULE not in taken({"customers.csv": CUSTOMERS, "subscriptions.csv": HELD.format("TV")}).rules()
