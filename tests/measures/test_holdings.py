"""Which customers are one account, by hand."""

from __future__ import annotations

import pandas as pd
from tests.measures.test_concentration import people

from analysis.extracts.engine import Engine, to_pandas
from analysis.measures.holdings import LARGEST_HOUSEHOLD, joined_accounts, with_account


def joined(engine: Engine, *rows: dict[str, str]) -> dict[str, str]:
    found = joined_accounts(people(engine, *rows)).joined
    return dict(zip(found["customer_id"], found["account"], strict=True))


def test_a_parent_and_all_below_it_are_one_account_however_deep(engine: Engine) -> None:
    rows = [{"customer_id": "b"}, {"customer_id": "a", "parent_id": "b"}, {"customer_id": "c", "parent_id": "a"}]
    assert joined(engine, *rows, {"customer_id": "z"}) == {"a": "a", "b": "a", "c": "a"}


def test_who_names_the_same_parent_is_one_account_though_the_parent_is_no_customer(engine: Engine) -> None:
    rows = [{"customer_id": "b", "parent_id": "holding"}, {"customer_id": "a", "parent_id": "holding"}]
    assert joined(engine, *rows) == {"a": "a", "b": "a"}
    assert joined(engine, rows[0]) == {}


def test_parents_in_a_circle_are_one_account(engine: Engine) -> None:
    rows = [{"customer_id": "a", "parent_id": "b"}, {"customer_id": "b", "parent_id": "a"}]
    assert joined(engine, *rows) == {"a": "a", "b": "a"}


def test_an_account_that_is_its_own_parent_stands_alone(engine: Engine) -> None:
    assert joined(engine, {"customer_id": "a", "parent_id": "a"}) == {}


def test_members_of_a_household_are_one_account_and_an_id_of_many_is_no_household(engine: Engine) -> None:
    home = [{"customer_id": "a", "household_id": "h"}, {"customer_id": "b", "household_id": "h"}]
    many = [{"customer_id": f"m{n:02d}", "household_id": "unknown"} for n in range(LARGEST_HOUSEHOLD + 1)]
    assert joined(engine, *home, {"customer_id": "c", "household_id": "alone"}, *many) == {"a": "a", "b": "a"}
    assert joined_accounts(people(engine, *many)).too_large == LARGEST_HOUSEHOLD + 1
    assert joined_accounts(people(engine, *home)).too_large == 0


def test_a_parent_known_by_an_earlier_key_is_the_customer_who_holds_it_now(engine: Engine) -> None:
    rows = [
        {"customer_id": "p2", "account_id": "p1"},
        {"customer_id": "p2"},
        {"customer_id": "x", "parent_id": "p1"},
    ]
    assert joined(engine, *rows) == {"p2": "p2", "x": "p2"}


def test_who_belongs_to_nobody_is_an_account_of_its_own(engine: Engine) -> None:
    links = joined_accounts(people(engine, {"customer_id": "a", "parent_id": "b"}, {"customer_id": "b"})).joined
    rows = engine.table(pd.DataFrame({"customer_id": ["a", "b", "c"]}))
    got = to_pandas(with_account(rows, engine.table(links)).sort("customer_id"))
    assert got["account"].tolist() == ["a", "a", "c"]
