"""Who pays and who does not, in all: what is told with little history, and what is not told at all."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from tests.bill_lines import Line, bill, bill_lines, spell_rows

from analysis.basis.quarter import months_later
from analysis.extracts.engine import Engine
from analysis.frames.observation import Observation
from analysis.models.credit_study import RISK_COLUMNS, Study, credit_study, risk_table, why_not
from analysis.present import credit_page
from analysis.present.wording import credit as wording
from analysis.present.wording import default as default_wording

END = dt.date(2026, 9, 30)
CUSTOMERS = [f"c{n:03d}" for n in range(60)]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as one:
        yield one


@pytest.fixture(autouse=True)
def strict() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def paying(months: int, *, dated: bool = True, told: bool = True) -> list[Line]:
    """Bills of so many months up to the end: each twelfth is paid late, each twentieth never."""
    lines = []
    for back in range(months):
        issued = months_later(END, -back - 1) + dt.timedelta(days=1)
        for place, who in enumerate(CUSTOMERS):
            odd = (place + 7 * back) % 60
            late = 70 if odd % 12 == 0 else 10
            paid = None if odd % 20 == 1 else issued + dt.timedelta(days=late)
            due = issued + dt.timedelta(days=14) if dated else None
            known = paid if told and paid is not None and paid <= END else None
            lines.append({**bill(f"{who}-{back}", who, 20, str(issued), None), "due_date": due, "paid_date": known})
    return lines


def stages(engine: Engine) -> dict[str, nw.LazyFrame[Any]]:
    people = pd.DataFrame(
        {
            "customer_id": CUSTOMERS, "state": "active", "tenure_months": np.arange(60.0), "late_bills_6m": 0,
            "overdue_bills": 0, "region": "north", "contract_class": "one year", "monthly_fee": 20.0, "discount": 0.0,
        }
    )  # fmt: skip
    episodes = (
        people.iloc[:0]
        .drop(columns="state")
        .assign(spell=1.0, at_quarter_end=0, left_kind="", ahead_days=0, landmark=pd.Timestamp(END))
    )
    kinds = {"landmark": nw.Date, "at_quarter_end": nw.Int64, "ahead_days": nw.Int64, "left_kind": nw.String}
    typed = engine.table(episodes).with_columns(nw.col(name).cast(kind) for name, kind in kinds.items())
    return {
        "spells": spell_rows(engine, dict.fromkeys(CUSTOMERS, ("2020-01-01", None))),
        "customers": engine.table(people),
        "episodes": typed,
        "churn_scores": engine.table(pd.DataFrame({"customer_id": CUSTOMERS, "voluntary_3m": np.nan})),
    }


def seen(months: int) -> Observation:
    return Observation(END, months_later(END, -months) + dt.timedelta(days=1))


def study(engine: Engine, months: int, **how: bool) -> Study | None:
    tables = {"invoices": bill_lines(engine, paying(months, **how))}
    return credit_study(tables, stages(engine), observation=seen(months), smallest=5, engine=engine)


def shown(found: Study | None) -> str:
    """Everything the report shows of it."""
    pages = [
        credit_page.ageing_page(found, smallest=5, currency="EUR", source="Source.", as_of=END),
        credit_page.loss_page(found, currency="EUR", smallest=5),
        credit_page.roll_page(found, source="Source."),
        credit_page.default_page(found, smallest=5, source="Source."),
        credit_page.class_page(found, smallest=5, source="Source."),
    ]
    return " ".join([*(page.html for page in pages), *default_wording.apart(found, smallest=5)])


def test_with_years_of_history_everything_but_the_forecast_is_told(engine: Engine) -> None:
    got = study(engine, 36)
    assert got is not None
    assert got.owed.amount == 20 * sum(line["paid_date"] is None for line in paying(36))
    assert (got.loss.months, got.steps) == (12, 12)
    assert got.back is not None and got.back.day == dt.date(2025, 9, 30)
    # Who never pays does so regardless of the year: what was expected came.
    assert got.back.ratio.low < 1 < got.back.ratio.high
    assert got.paid is not None and got.paid[0].value == pytest.approx(1 / 20, abs=0.002)
    assert "Not told" not in shown(got)
    assert {kpi.metric for kpi in got.kpis(smallest=5)} >= {
        "owed_total",
        "expected_loss",
        "never_paid",
        "overdue_customers",
    }


def test_overdue_customers_of_earlier_days_are_told_as_of_then_unless_lines_are_suspended(engine: Engine) -> None:
    def late_on(day: dt.date) -> int:
        lines = pd.DataFrame(paying(36))
        paid = lines["paid_date"].map(lambda one: one is not None and one <= day)
        return int(lines.loc[lines["due_date"].map(lambda one: one < day) & ~paid, "customer_id"].nunique())

    got = study(engine, 36)
    assert got is not None
    assert got.overdue == (late_on(END), 60)
    assert got.overdue_then == ((late_on(dt.date(2026, 6, 30)), 60), (late_on(dt.date(2025, 9, 30)), 60))
    short = study(engine, 6)
    assert short is not None and short.overdue_then[1] is None
    known = stages(engine)
    first = nw.when(nw.col("customer_id") == "c000").then(nw.lit("suspended")).otherwise(nw.lit("active"))
    known["customers"] = known["customers"].with_columns(state=first)
    tables = {"invoices": bill_lines(engine, paying(36))}
    some = credit_study(tables, known, observation=seen(36), smallest=5, engine=engine)
    assert some is not None and some.overdue_then == (None, None)


def test_with_one_quarter_of_history_what_is_owed_is_told_and_no_loss(engine: Engine) -> None:
    got = study(engine, 3)
    assert got is not None
    assert got.owed.amount == 20 * sum(line["paid_date"] is None for line in paying(3))
    assert got.loss.months is None and got.back is None and got.paid is None and got.rolls.empty
    text = shown(got)
    assert "for want of history" in text
    assert "cannot be told of what will never be paid" not in text
    assert "expected_loss" not in {kpi.metric for kpi in got.kpis(smallest=5)}
    assert got.customers["expected_loss"].isna().all()
    assert wording.finding(got, {}, None, smallest=5, currency="EUR").endswith("for want of history.")


@pytest.mark.parametrize(
    ("how", "why"),
    [({"dated": False}, "no bill has a due date"), ({"told": False}, "It does not mean that nobody paid")],
)
def test_without_due_dates_or_payments_nothing_is_told_and_it_says_why(engine: Engine, how: dict, why: str) -> None:
    tables = {"invoices": bill_lines(engine, paying(12, **how))}
    assert study(engine, 12, **how) is None
    assert why in wording.finding(None, tables, why_not(tables, seen(12)), smallest=5, currency="EUR")
    assert "Not told" in shown(None)


def test_without_invoices_it_says_so(engine: Engine) -> None:
    assert credit_study({}, stages(engine), observation=seen(12), smallest=5, engine=engine) is None
    assert "gives no invoices" in wording.finding(None, {}, why_not({}, seen(12)), smallest=5, currency="EUR")
    got = risk_table(None, stages(engine)["customers"])
    assert got.columns.tolist() == RISK_COLUMNS
    assert len(got) == 60 and got.drop(columns="customer_id").isna().all().all()


def test_every_active_customer_is_in_the_table_of_risks(engine: Engine) -> None:
    got = study(engine, 36)
    assert got is not None
    table = got.customers
    assert table["customer_id"].tolist() == CUSTOMERS
    assert table["owed"].sum() == got.owed.amount
    assert table["expected_loss"].sum() == pytest.approx(got.loss.whole[0], abs=0.01)
    assert set(table["bucket"]) <= {"current", "1-30", "31-60", "61-90", "over 90"}


def test_bills_of_nobody_who_is_still_there_are_debts_of_who_has_left(engine: Engine) -> None:
    tables = {"invoices": bill_lines(engine, paying(36))}
    nobody = {name: table.filter(nw.col("customer_id") == "") for name, table in stages(engine).items()}
    got = credit_study(tables, nobody, observation=seen(36), smallest=5, engine=engine)
    assert got is not None
    assert (got.owed.owing, got.owed.gone) == (got.owed.owing, got.owed.owing)
    assert set(got.loss.parts["part"]) == {"left", "left, over 90"}
    assert got.rolls.empty and got.customers.empty
    assert "cannot be told" in shown(got)
    assert {kpi.metric for kpi in got.kpis(smallest=5)} >= {"owed_total", "expected_loss"}


def test_no_bill_line_is_nothing_told(engine: Engine) -> None:
    tables = {"invoices": bill_lines(engine, [])}
    assert credit_study(tables, stages(engine), observation=seen(12), smallest=5, engine=engine) is None
    assert "there are no bill lines" in wording.finding(
        None, tables, why_not(tables, seen(12)), smallest=5, currency="EUR"
    )


def test_when_everything_is_paid_nothing_is_owed(engine: Engine) -> None:
    lines = [one for one in paying(36) if one["paid_date"] is not None]
    got = credit_study(
        {"invoices": bill_lines(engine, lines)}, stages(engine), observation=seen(36), smallest=5, engine=engine
    )
    assert got is not None
    assert got.owed.amount == 0 and got.owed.owing == 0
    assert wording.finding(got, {}, None, smallest=5, currency="EUR").startswith("Nothing is owed")
    assert "Nothing is owed" in shown(got)
    assert got.customers["expected_loss"].sum() == 0
