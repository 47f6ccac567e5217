"""Who is in which list, and who is left out, and why: by hand on a few customers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd
import pytest

from analysis.extracts.engine import to_pandas
from analysis.policy.handover import (
    AGAIN,
    ALONE,
    GONE,
    HELD_OUT,
    NO_CONSENT,
    NOT_ACTIVE,
    HandList,
    Known,
    hand_lists,
    placed,
)
from analysis.policy.handover_consent import latest_words, permitted
from analysis.policy.handover_names import UNFIT, UNREACHED, first_identity, named

if TYPE_CHECKING:
    from analysis.extracts.engine import Engine

CUSTOMERS = [("a", "active"), ("b", "active"), ("c", "active"), ("d", "left"), ("e", "active")]
CHANNELS = ("email", "sms")


def table(engine: Engine, columns: str, *rows: tuple[Any, ...]) -> nw.LazyFrame[Any]:
    return engine.table(pd.DataFrame(list(rows), columns=columns.split()))


def said(engine: Engine, *rows: tuple[str, str, bool, str]) -> nw.LazyFrame[Any]:
    frame = pd.DataFrame(list(rows), columns=["customer_id", "channel", "granted", "changed_at"])
    return latest_words(engine.table(frame.assign(changed_at=pd.to_datetime(frame["changed_at"]))))


def silence(engine: Engine) -> nw.LazyFrame[Any]:
    return said(engine, ("a", "email", True, "2025-01-01")).filter(nw.col("customer_id") == "nobody")


def customers(engine: Engine) -> nw.LazyFrame[Any]:
    rows = [(one, state, "household", "loyal", None) for one, state in CUSTOMERS]
    return table(engine, "customer_id state customer_type loyalty_class churn_kind", *rows)


def known(engine: Engine, words: nw.LazyFrame[Any], *, here: str = "abcd", unclear: str = "") -> Known:
    people = table(engine, "customer_id source_id", *((one, f"S-{one}") for one in here))
    odd = engine.table(pd.DataFrame({"customer_id": pd.Series(list(unclear), dtype=object)}))
    return Known(people, engine.table(words), odd, CHANNELS)


def reasons(one: HandList, engine: Engine, knows: Known) -> dict[str, str | None]:
    got = to_pandas(placed(one, customers(engine), knows)).sort_values("__place")
    return dict(zip(got["customer_id"], [None if pd.isna(why) else why for why in got["why"]], strict=True))


def actions(engine: Engine, *rows: tuple[Any, ...]) -> dict[str, HandList]:
    stages = {
        "customers": customers(engine),
        "actions": table(engine, "customer_id action priority marketing channel", *rows),
    }
    return {one.name: one for one in hand_lists(stages)}


def test_the_latest_word_counts_and_of_two_at_once_the_refusal(engine: Engine) -> None:
    words = said(
        engine,
        ("a", "Email", True, "2024-01-01"), ("a", "email", False, "2025-01-01"),
        ("b", "email", False, "2024-01-01"), ("b", "EMAIL", True, "2025-01-01"),
        ("c", "sms", True, "2025-01-01"), ("c", "sms", False, "2025-01-01"),
    )  # fmt: skip
    got = permitted(words, unclear=table(engine, "customer_id", ("x",)))
    assert to_pandas(got).to_numpy().tolist() == [["b", "email"]]


def test_do_not_contact_beats_every_permission_until_it_is_taken_back(engine: Engine) -> None:
    words = said(
        engine,
        ("a", "email", True, "2026-01-01"), ("a", "do_not_contact", True, "2024-01-01"),
        ("b", "email", True, "2024-01-01"), ("b", "do_not_contact", True, "2024-02-01"),
        ("b", "do_not_contact", False, "2025-02-01"),
    )  # fmt: skip
    got = permitted(words, unclear=table(engine, "customer_id", ("x",)))
    assert to_pandas(got)["customer_id"].tolist() == ["b"]


def test_no_customer_without_consent_to_the_channel_is_in_a_marketing_list(engine: Engine) -> None:
    words = said(
        engine,
        ("a", "email", True, "2025-01-01"), ("b", "sms", True, "2025-01-01"), ("c", "email", True, "2025-01-01"),
        ("c", "do_not_contact", True, "2025-01-02"),
    )  # fmt: skip
    rows = [(one, "offer", place, 1, "email") for place, one in enumerate("abcde")]
    got = reasons(actions(engine, *rows)["marketing_actions"], engine, known(engine, words))
    assert got == {"a": None, "b": NO_CONSENT, "c": ALONE, "d": NOT_ACTIVE, "e": GONE}


def test_without_any_consents_a_marketing_list_is_empty(engine: Engine) -> None:
    one = actions(engine, ("a", "offer", 1, 1, None))["marketing_actions"]
    assert reasons(one, engine, known(engine, silence(engine))) == {"a": NO_CONSENT}


def test_an_action_that_names_no_channel_gets_the_first_that_is_permitted(engine: Engine) -> None:
    words = said(
        engine,
        ("a", "sms", True, "2025-01-01"), ("b", "sms", True, "2025-01-01"), ("b", "email", True, "2025-01-01"),
        ("c", "post", True, "2025-01-01"),
    )  # fmt: skip
    one = actions(engine, *((who, "offer", 1, 1, None) for who in "abc"))["marketing_actions"]
    got = to_pandas(placed(one, customers(engine), known(engine, words))).set_index("customer_id")
    assert got["channel"].to_dict() == {"a": "sms", "b": "email", "c": None}
    assert got.loc["c", "why"] == NO_CONSENT


def test_a_consent_that_cannot_be_read_permits_nothing(engine: Engine) -> None:
    words = said(engine, ("a", "email", True, "2025-01-01"))
    one = actions(engine, ("a", "offer", 1, 1, "email"))["marketing_actions"]
    assert reasons(one, engine, known(engine, words, unclear="a")) == {"a": NO_CONSENT}


def test_service_needs_no_consent_but_leaves_alone_who_asked_for_it(engine: Engine) -> None:
    words = said(engine, ("b", "do_not_contact", True, "2025-01-01"))
    one = actions(engine, ("a", "visit", 1, 0, None), ("b", "visit", 2, 0, None))["actions"]
    assert reasons(one, engine, known(engine, words)) == {"a": None, "b": ALONE}


@pytest.mark.parametrize("marketing", [None, True])
def test_what_is_not_plainly_service_is_marketing(engine: Engine, marketing: object) -> None:
    lists = actions(engine, ("a", "visit", 1, marketing, "email"), ("b", "visit", 1, False, "email"))
    assert to_pandas(lists["marketing_actions"].rows)["customer_id"].tolist() == ["a"]


def test_without_a_column_of_marketing_the_params_say_what_is_service(engine: Engine) -> None:
    rows = table(engine, "customer_id action", ("a", "visit"), ("b", "offer"))
    lists = {
        one.name: one
        for one in hand_lists({"customers": customers(engine), "actions": rows}, service_actions=["visit"])
    }
    assert to_pandas(lists["actions"].rows)["customer_id"].tolist() == ["a"]
    assert to_pandas(lists["marketing_actions"].rows)["customer_id"].tolist() == ["b"]


def test_orders_of_warnings_are_lists_of_their_own_with_what_warned(engine: Engine) -> None:
    columns = "customer_id action priority marketing channel warned_by chance arm"
    rows = [("a", "visit", 1, 0, None, "sign", 0.02, "act"), ("b", "call", 2, 1, "email", "both", 0.04, "act")]
    stages = {"customers": customers(engine), "warnings": table(engine, columns, *rows)}
    lists = {one.name: one for one in hand_lists(stages)}
    assert set(lists) == {"segments", "warnings", "marketing_warnings"}
    assert (lists["warnings"].kind, lists["marketing_warnings"].kind) == ("orders", "marketing")
    assert to_pandas(lists["warnings"].rows)["customer_id"].tolist() == ["a"]
    assert lists["warnings"].columns == ("action", "priority", "warned_by", "leaving_1m", "channel")


def test_who_is_held_out_by_lot_is_in_no_list_of_actions(engine: Engine) -> None:
    columns, rows = "customer_id action marketing arm", [("a", "visit", False, "act"), ("b", "visit", False, "control")]
    lists = hand_lists({"customers": customers(engine), "actions": table(engine, columns, *rows)})
    [one] = [one for one in lists if one.name == "actions"]
    assert reasons(one, engine, known(engine, silence(engine))) == {"a": None, "b": HELD_OUT}


def test_a_customer_is_in_a_list_once_with_the_first_row(engine: Engine) -> None:
    words = silence(engine)
    rows = table(
        engine, "customer_id month measure strangeness", ("a", 1, "x", 9.0), ("a", 2, "y", 1.0), ("a", 2, "z", 2.0)
    )
    [_, one] = hand_lists({"customers": customers(engine), "usage_anomalies": rows})
    got = to_pandas(placed(one, customers(engine), known(engine, words))).set_index("measure")["why"]
    assert got[got.isna()].index.tolist() == ["z"]
    assert Counter(got.dropna()) == {AGAIN: 2}


def test_nobody_is_to_be_called_for_use_that_is_explained(engine: Engine) -> None:
    columns = "customer_id month measure strangeness explained"
    rows = table(engine, columns, ("a", 2, "x", 9.0, "products"), ("b", 2, "x", 1.0, None))
    [_, one] = hand_lists({"customers": customers(engine), "usage_anomalies": rows})
    assert to_pandas(one.rows)["customer_id"].tolist() == ["b"]
    assert "explained" not in one.columns


def test_segments_are_of_active_customers_and_name_who_is_to_be_left_alone(engine: Engine) -> None:
    words = said(engine, ("b", "do_not_contact", True, "2025-01-01"))
    [one] = hand_lists({"customers": customers(engine)})
    got = to_pandas(placed(one, customers(engine), known(engine, words))).set_index("customer_id")
    assert one.columns == ("loyalty_class", "do_not_contact")
    assert got["do_not_contact"].to_dict() == {"a": False, "b": True, "c": False, "e": False}
    assert got["why"].dropna().to_dict() == {"e": GONE}


def test_who_owes_nothing_is_in_no_list_of_debts(engine: Engine) -> None:
    rows = table(engine, "customer_id bucket owed", ("a", "current", 0.0), ("b", "1-30", 5.0))
    [_, one] = hand_lists({"customers": customers(engine), "credit_risk": rows})
    assert to_pandas(one.rows)["customer_id"].tolist() == ["b"]


def person(**values: object) -> pd.DataFrame:
    base = {"source_id": "007", "customer_type": "household", "last_name": None, "account_name": None, "company": None}
    return pd.DataFrame([{**base, "phone": None, "email": None, "address": None, **values}])


def test_a_household_goes_by_its_last_name_and_a_business_by_its_company() -> None:
    both = {"last_name": "Berg", "company": "Berg & Co", "account_name": "berg01"}
    home = named(person(**both), "fields", unnamed="Customer", swap={}).rows.iloc[0]
    firm = named(person(**both, customer_type="business"), "fields", unnamed="Customer", swap={}).rows.iloc[0]
    assert (home["name"], firm["name"]) == ("Berg", "Berg & Co")
    assert (firm["last_name"], home["company"]) == ("Berg", "Berg & Co")


def test_who_has_no_name_is_named_by_the_id_and_counted() -> None:
    got = named(person(last_name=" \n"), "fields", unnamed="Customer", swap={})
    assert (got.rows["name"].tolist(), got.counts["without a name on file"]) == (["Customer 007"], 1)


def test_marketing_gets_only_what_its_channel_takes() -> None:
    ways = {"phone": "+49 30 1", "email": "a@b.example", "address": "1 Mill Lane"}
    rows = pd.concat([person(**ways, channel=one) for one in ("email", "sms", "post")], ignore_index=True)
    got = named(rows, "marketing", unnamed="Customer", swap={}).rows
    assert got[["phone", "email", "address"]].notna().to_numpy().tolist() == [
        [False, True, False], [True, False, False], [False, False, True],
    ]  # fmt: skip


def test_of_orders_each_shows_the_way_of_its_channel_and_a_check_none() -> None:
    ways = {"phone": "+49 30 1", "email": "a@b.example", "address": "1 Mill Lane"}
    rows = pd.concat([person(**ways, channel=one) for one in ("phone", "post", "none")], ignore_index=True)
    got = named(pd.concat([rows, person(channel="phone")], ignore_index=True), "orders", unnamed=None, swap={})
    assert got.rows[["phone", "email", "address"]].notna().to_numpy().tolist() == [
        [True, False, False], [False, False, True], [False, False, False], [False, False, False],
    ]  # fmt: skip
    assert got.left_out[UNREACHED] == 0  # an order stays one without a number on file


def test_whom_marketing_cannot_reach_is_left_out_and_counted() -> None:
    got = named(person(phone="+49 30 1", channel="email"), "marketing", unnamed="Customer", swap={})
    assert (len(got.rows), got.left_out[UNREACHED]) == (0, 1)


def test_a_list_of_fields_holds_nothing_to_reach_anybody_by() -> None:
    got = named(person(phone="+49 30 1", email="a@b.example", address="x"), "fields", unnamed="Customer", swap={}).rows
    assert not {"phone", "email", "address"} & set(got)


def test_an_id_that_cannot_stay_as_it_is_is_left_out_and_counted() -> None:
    got = named(person(source_id="=7"), "fields", unnamed="Customer", swap={})
    assert (len(got.rows), got.left_out[UNFIT]) == (0, 1)


def test_of_two_rows_of_a_person_that_of_the_account_held_now_counts(engine: Engine) -> None:
    columns = "customer_id account_id last_name account_name company phone email address"
    rest = (None, None, None, None, None)
    rows = table(
        engine, columns, ("new", "old", "Before", *rest), ("new", "new", "Now", *rest), ("b", "z", "Other", *rest)
    )
    got = to_pandas(first_identity(rows)).set_index("customer_id")["last_name"]
    assert got.to_dict() == {"new": "Now", "b": "Other"}


def test_a_list_of_nobody_whose_columns_have_no_type_is_handed_over_empty(engine: Engine) -> None:
    knows = known(engine, said(engine, ("a", "email", True, "2025-01-01")))
    none = pd.DataFrame({"customer_id": pd.Series(dtype=object), "action": pd.Series(dtype=object), "channel": 0.5})
    rows = engine.table(none.assign(priority=1, arm="act", marketing=True).astype({"channel": "float64"}))
    for one in hand_lists({"customers": customers(engine), "actions": rows, "win_back": rows})[1:]:
        assert reasons(one, engine, knows) == {}
