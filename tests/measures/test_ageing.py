"""What is owed by age: the parts are all that is not paid, to the cent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bill_lines import Line, bill, bill_lines, spell_rows

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.open_bills import lasting_lines, on_the_books, open_bills
from analysis.measures.ageing import PARTS, Owed, ageing, overdue_by_class, owed_in_all, placed

END = dt.date(2026, 6, 30)
DAYS = st.dates(dt.date(2025, 12, 1), dt.date(2026, 9, 30))
MONEY = st.decimals(Decimal(-500), Decimal(500), places=2)
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "invoice_id": st.sampled_from("123"),
            "customer_id": st.sampled_from("abcde"),
            "amount": MONEY,
            "tax": st.none() | MONEY,
            "issued_on": DAYS,
            "due_date": st.none() | DAYS,
            "paid_date": st.none() | DAYS,
        }
    ),
    max_size=25,
)


def gross(line: Line) -> Decimal:
    return Decimal(str(line["amount"])) + Decimal(str(line.get("tax") or 0))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, first=st.none() | DAYS)
def test_the_parts_sum_to_all_lines_that_are_not_paid_to_the_cent(
    engine: Engine, lines: list[Line], first: dt.date | None
) -> None:
    unpaid = [one for one in lines if one["issued_on"] <= END and (one["paid_date"] is None or one["paid_date"] > END)]
    kept = lasting_lines(bill_lines(engine, lines))
    books = on_the_books(spell_rows(engine, {"a": ("2024-01-01", None), "b": ("2024-01-01", "2026-02-01")}), END)
    bills = placed(open_bills(kept, [END], first=first), books)
    table = ageing(engine.table(bills), smallest=5)
    assert set(table["part"]) <= set(PARTS)
    parts = to_pandas(bills.group_by("part").agg(owed=nw.col("owed").sum()))["owed"]
    assert sum((Decimal(str(round(one, 4))) for one in parts), Decimal(0)) == sum(map(gross, unpaid), Decimal(0))
    assert owed_in_all(engine.table(bills)).amount == pytest.approx(
        float(sum(map(gross, unpaid), Decimal(0))), abs=1e-9
    )


def many(who: str, count: int, due: str, amount: object = 10) -> list[Line]:
    return [bill(f"{who}{number}", f"{who}{number:02d}", amount, "2026-01-05", due) for number in range(count)]


def aged(engine: Engine, lines: list[Line], lives: dict[str, tuple[str, str | None]]) -> pd.DataFrame:
    kept = lasting_lines(bill_lines(engine, lines))
    books = on_the_books(spell_rows(engine, lives), END)
    return ageing(engine.table(placed(open_bills(kept, [END], first=None), books)), smallest=11).set_index("part")


def test_debts_of_who_has_left_are_told_apart(engine: Engine) -> None:
    lines = many("a", 12, "2026-06-10") + many("b", 12, "2026-02-10", 20) + many("c", 13, "2026-06-10", 30)
    lives = {f"a{number:02d}": ("2024-01-01", None) for number in range(12)}
    got = aged(engine, lines, lives)
    assert got["owed"].to_dict() == {"1-30": 120, "left": 390, "left, over 90": 240}
    assert got["customers"].to_dict() == {"1-30": 12, "left": 13, "left, over 90": 12}


def test_a_part_of_few_customers_is_hidden_with_another_that_would_give_it_away(engine: Engine) -> None:
    lines = many("a", 12, "2026-06-10") + many("b", 3, "2026-05-10") + many("c", 20, "2026-04-10")
    lives = {line["customer_id"]: ("2024-01-01", None) for line in lines}
    got = aged(engine, lines, lives)
    assert got["masked"].to_dict() == {"1-30": True, "31-60": True, "61-90": False}
    assert got["owed"].dropna().tolist() == [200]


def owed_of(engine: Engine, lines: list[Line], *, left: str = "") -> Owed:
    kept = lasting_lines(bill_lines(engine, lines))
    lives = {one: ("2024-01-01", None) for one in {line["customer_id"] for line in lines} if one[0] not in left}
    books = on_the_books(spell_rows(engine, lives), END)
    bills = engine.table(placed(open_bills(kept, [END], first=None), books))
    table = ageing(bills, smallest=11)
    return owed_in_all(bills, hidden=table.loc[table["masked"], "part"].tolist(), smallest=11)


def test_what_is_overdue_is_not_told_where_the_rest_would_tell_of_few(engine: Engine) -> None:
    late = many("a", 30, "2026-06-10", 10.41)
    both = [bill(f"z{number}", f"a{number:02d}", 50, "2026-01-05", "2026-07-10") for number in range(2)]
    got = owed_of(engine, late + many("b", 2, "2026-07-10", 50))
    assert (got.told, got.overdue_told, got.amount) == (True, False, 412.0)
    assert owed_of(engine, late + many("b", 11, "2026-07-10", 50)).overdue_told
    assert not owed_of(engine, [*late, *both]).overdue_told
    assert owed_of(engine, late).overdue_told


def test_what_is_overdue_is_not_told_where_it_splits_the_debts_of_who_left(engine: Engine) -> None:
    left = many("c", 20, "2026-06-10") + many("d", 2, "2026-07-10")
    rest = many("a", 30, "2026-06-10") + many("b", 30, "2026-07-10")
    assert owed_of(engine, rest + left).overdue_told
    got = owed_of(engine, rest + left, left="cd")
    assert not got.overdue_told and got.left_told
    few = owed_of(engine, rest + left, left="d")
    assert not (few.left_told or few.loss_told)
    credit = [bill(f"z{number}", f"c{number:02d}", -5, "2026-01-05", None) for number in range(2)]
    apart = owed_of(engine, rest + many("c", 40, "2026-06-10") + credit, left="c")
    assert apart.loss_told and not apart.left_told


def test_a_sum_of_which_one_owes_nearly_all_is_not_told(engine: Engine) -> None:
    lines = many("a", 12, "2026-06-10", 1) + many("b", 12, "2026-05-10") + many("c", 20, "2026-04-10")
    lives = {line["customer_id"]: ("2024-01-01", None) for line in lines}
    assert not aged(engine, lines, lives)["masked"].any()
    large = [*lines, bill("big", "a00", 69, "2026-01-05", "2026-06-10")]  # a00 owes 70, ten others 1 each beside a01
    got = aged(engine, large, lives)
    assert got["masked"].to_dict() == {"1-30": True, "31-60": True, "61-90": False}
    assert owed_of(engine, large).told
    alone = owed_of(engine, [*lines, bill("big", "a00", 4_000, "2026-01-05", "2026-06-10")])
    assert not (alone.told or alone.overdue_told or alone.left_told)


def test_overdue_customers_are_counted_by_class(engine: Engine) -> None:
    rows = (
        [("north", "current")] * 30
        + [("north", "1-30")] * 12
        + [("south", "current")] * 50
        + [("south", "over 90")] * 20
    )
    table = engine.table(pd.DataFrame(rows, columns=["region", "state"]))
    got = overdue_by_class(table, {"region": "Region"}, smallest=11).set_index("class")
    assert got["share"].to_dict() == {"south": pytest.approx(20 / 70), "north": pytest.approx(12 / 42)}
    assert not got["masked"].any()
    few = engine.table(pd.DataFrame([*rows, *[("west", "1-30")] * 5], columns=["region", "state"]))
    assert overdue_by_class(few, {"region": "Region"}, smallest=11).set_index("class")["masked"].sum() >= 2
