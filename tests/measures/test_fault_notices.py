"""Whom to call about a fault: of value, reachable, and not spoken to lately."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.measures.fault_notices import CALL, LATELY, NEVER, OTHER, CallRule, call_kpis, fault_notices

AS_OF = dt.date(2026, 9, 30)
RULE = CallRule(["high"], 30, AS_OF)


@pytest.fixture
def of(engine):
    def made(people: list[tuple], rule: CallRule = RULE, **tables: list[tuple]):
        columns = ["customer_id", "state", "area_id", "value_tier", "clv"]
        names = {
            "consents": ["customer_id", "channel", "granted", "changed_at"],
            "tickets": ["customer_id", "opened_at"],
            "contacts": ["customer_id", "arm", "contacted_at"],
            "work_orders": ["customer_id", "opened_at"],
        }
        given = {"customers": engine.table(pd.DataFrame(people, columns=columns))}
        for name, rows in tables.items():
            table = pd.DataFrame(rows, columns=names[name])
            day = names[name][-1]
            given[name] = engine.table(table.assign(**{day: pd.to_datetime(table[day])}))
        failing = engine.table(pd.DataFrame({"area_id": ["N"], "since": [AS_OF], "evidence": ["network alone"]}))
        return fault_notices(given["customers"], given, failing=failing, rule=rule, smallest=11)

    return made


def person(name: str, *, state: str = "active", area: str | None = "N", tier: str | None = "high", clv: float = 9.0):
    return (name, state, area, tier, clv)


def test_the_most_valuable_come_first_and_equals_by_id(of) -> None:
    got = of([person("b"), person("a"), person("c", clv=10.0)]).rows
    assert got["customer_id"].tolist() == ["c", "a", "b"]
    assert got["priority"].tolist() == [1, 2, 3]
    assert got["evidence"].unique().tolist() == ["network alone"]


def test_only_active_customers_of_these_areas_and_tiers_are_called(of) -> None:
    people = [
        person("here"), person("left", state="left"), person("stopped", state="suspended"), person("else", area="S"),
        person("nowhere", area=None), person("low", tier="low"), person("unknown", tier=None),
    ]  # fmt: skip
    got = of(people)
    assert got.rows["customer_id"].tolist() == ["here"]
    assert of(people, CallRule(["high", "low"], 30, AS_OF)).rows["customer_id"].tolist() == ["here", "low"]


def test_the_latest_word_about_contact_counts(of) -> None:
    consents = [
        ("no", "do_not_contact", True, "2026-01-01"), ("again", "do_not_contact", True, "2026-01-01"),
        ("again", "do_not_contact", False, "2026-02-01"), ("mail", "email", False, "2026-01-01"),
    ]  # fmt: skip
    got = of([person(name) for name in ("no", "again", "mail")], consents=consents)
    assert got.rows["customer_id"].tolist() == ["again", "mail"]


def test_who_was_spoken_to_in_the_last_days_is_not_called_again(of) -> None:
    got = of(
        [person(name) for name in ("asked", "mailed", "held out", "visited", "long ago")],
        tickets=[("asked", "2026-09-01"), ("long ago", "2026-08-31"), (None, "2026-09-20")],
        contacts=[("mailed", "email", "2026-09-10"), ("held out", "control", "2026-09-10")],
        work_orders=[("visited", "2026-09-30")],
    )
    assert got.rows["customer_id"].tolist() == ["held out", "long ago"]


def test_everyone_is_in_one_step_and_small_steps_are_masked(of) -> None:
    people = [person(f"c{n:02d}") for n in range(30)] + [person(f"l{n:02d}", tier="low") for n in range(40)]
    steps = of(people, consents=[("c00", "do_not_contact", True, "2026-01-01")]).steps.set_index("step")
    assert steps.at[OTHER, "customers"] == 40
    assert bool(steps.at[NEVER, "masked"])
    # Without a second gap the masked one would follow from the total.
    assert steps["masked"].sum() >= 2
    whole = of(people).steps.set_index("step")["customers"]
    assert whole.to_dict() == {OTHER: 40, NEVER: 0, LATELY: 0, CALL: 30}


def test_no_failing_area_publishes_no_number(of) -> None:
    got = of([person("a", area="S")])
    assert got.rows.empty
    assert call_kpis(got, 0) == []


def test_areas_hold_the_date_types_of_the_engine(engine) -> None:
    """The list can be stored: `since` is a date or a time, never text."""
    failing = engine.table(pd.DataFrame({"area_id": ["N"], "since": [pd.Timestamp(AS_OF)], "evidence": ["x"]}))
    assert failing.collect_schema()["since"] in (nw.Datetime("ns"), nw.Datetime("us"))
