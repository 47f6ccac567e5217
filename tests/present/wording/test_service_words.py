"""Sentences about service, from small desks: what is said, and what is said to be unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.frames.desk import ServiceRules
from analysis.measures.class_rules import Dimension
from analysis.models.served import _TICKETS, Asked, Served, served
from analysis.models.service_figures import service_figures, service_kpis
from analysis.present import service_columns
from analysis.present.table import table
from analysis.present.wording import complaints as complaint_words
from analysis.present.wording import service as service_words
from analysis.present.wording import service_answers as answer_words

QUARTER = Quarter(2024, 2)
RULES = ServiceRules(
    self_service=("app",),
    severities={"high": ("high",), "low": ("low",)},
    limit_hours={"high": 24.0},
    open_statuses=("open",),
    closed_statuses=("solved",),
)
Desk = Callable[..., Served]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as one:
        yield one


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """`desk(rows, customers=60)`: the desk of these tickets, of customers on the books for the whole quarter."""

    def made(rows: list[dict] | None, customers: int = 60, covered: str = "2024-01-01") -> Served:
        people = [f"c{i}" for i in range(customers)]
        lives = [(who, dt.date(2024, month, 1), 1.0) for who in people for month in (4, 5, 6)]
        months = pa.table(
            {
                "customer_id": pa.array([one[0] for one in lives], pa.string()),
                "month": pa.array([one[1] for one in lives], pa.date32()),
                "share": pa.array([one[2] for one in lives], pa.float64()),
            }
        )
        exposures = pa.table(
            {"customer_id": pa.array(people, pa.string()), "spell": [1.0] * customers, "kind_class": ["x"] * customers}
        )
        tables: dict[str, nw.LazyFrame] = {}
        if rows is not None:
            named = [{"ticket_id": f"t{i:04d}"} | row for i, row in enumerate(rows)]
            columns = {field.name: pa.array([row.get(field.name) for row in named], field.type) for field in _TICKETS}
            tables["tickets"] = engine.table(pa.table(columns))
        asked = Asked(
            tables, engine.table(months), engine.table(exposures), RULES, {"kind": Dimension("kind", "Kind")},
            QUARTER.last_day, dt.date.fromisoformat(covered), 6.0, 11,
        )  # fmt: skip
        return served(asked, engine=engine)

    return made


def tickets(n: int, start: int = 0, **more: object) -> list[dict]:
    """Tickets of so many customers, opened on the first of May and closed an hour later."""
    opened = dt.datetime.fromisoformat("2024-05-01T10:00")
    base = {"opened_at": opened, "closed_at": opened + dt.timedelta(hours=1), "resolved_first_contact": True}
    return [base | {"customer_id": f"c{start + i}"} | more for i in range(n)]


def figures(one: Served) -> pd.DataFrame:
    return service_figures(one, QUARTER, smallest=11)


def line(one: Served) -> str:
    return service_words.bottom_line(figures(one), one, now=QUARTER, smallest=11)


def everything(one: Served) -> list[str]:
    """All sentences of the section, each of them made."""
    told, out = figures(one), [line(one)]
    out += [service_words.rate_words(told, one)["finding"]]
    out += service_words.asked_bullets(told, one, smallest=11)
    rows = answer_words.figure_rows(told, currency="EUR")
    out += [repr(table(rows, service_columns.FIGURES, source="s", **answer_words.figure_words(told, now=QUARTER)))]
    groups = answer_words.group_rows(one)
    chosen = answer_words.filled(groups, service_columns.ANSWERED)
    rows = answer_words.told_rows(groups, service_columns.ANSWERED)
    out += [repr(table(rows, chosen, source="s", **answer_words.group_words(one, now=QUARTER)))]
    chosen = answer_words.filled(groups, service_columns.ASKED)
    out += [repr(table(groups, chosen, source="s", currency="EUR", **answer_words.asked_words(one, now=QUARTER)))]
    out += answer_words.answered_bullets(told, one, rules=RULES, per_contact="€6.00", smallest=11)
    out += [complaint_words.complaint_finding(told, one, smallest=11)]
    grades = complaint_words.shown_grades(one, smallest=11)
    words = complaint_words.grade_words(one, smallest=11)
    out += [repr(table(grades, answer_words.filled(grades, service_columns.GRADES), source="s", **words))]
    out += complaint_words.complaint_bullets(one, RULES, smallest=11)
    out += [complaint_words.cause_words(one.causes, one, smallest=11)["finding"]]
    return out + complaint_words.cause_bullets(one.causes, currency="EUR", costs_told=answer_words.costs_told(one))


def test_contacts_are_told_per_hundred_customers_and_how_many_were_the_end_of_it(desk: Desk) -> None:
    one = desk(tickets(33) + tickets(12, start=33, resolved_first_contact=False))
    assert line(one).startswith("In Q2 2024 there were 75.0 contacts per 100 customers")
    assert "73 % were resolved at once and stayed so." in line(one)


def test_what_was_resolved_at_once_and_what_stayed_so_are_told_of_the_same_contacts(desk: Desk) -> None:
    late = tickets(15, opened_at=dt.datetime.fromisoformat("2024-05-02T10:00"))  # the same customers once more
    unknown = tickets(20, customer_id=None, resolved_first_contact=False)
    new = tickets(12, start=44, opened_at=dt.datetime.fromisoformat("2024-06-28T10:00"), resolved_first_contact=False)
    one = desk(tickets(33) + late + tickets(12, start=33, resolved_first_contact=False) + unknown + new)
    got = answer_words.answered_bullets(figures(one), one, rules=RULES, per_contact="€6.00", smallest=11)[0]
    assert got == (
        "As the source says, 52.2 % of all contacts were resolved at first contact. Of those of known "
        "customers that can be judged 80.0 % were, and 55.0 % without a further "
        "contact of the same customer within 7 days; 12 contacts of the last 7 days cannot be judged yet and are left "
        "out."
    )
    told = figures(one).set_index("metric")["value"]
    assert told["lasting_resolution"] <= told["judged_resolution"]
    few = desk(tickets(33) + late[:4] + tickets(12, start=33, resolved_first_contact=False))
    assert pd.isna(figures(few).set_index("metric").at["judged_resolution", "value"])  # it would tell of four


def test_where_few_were_not_resolved_at_once_it_is_not_said_that_the_source_lacks_it(desk: Desk) -> None:
    one = desk(tickets(40) + tickets(3, start=40, resolved_first_contact=False))
    got = answer_words.answered_bullets(figures(one), one, rules=RULES, per_contact="€6.00", smallest=11)[0]
    assert "too few customers were, or too few were not" in got


def test_without_tickets_one_sentence_says_so(desk: Desk) -> None:
    one = desk(None)
    assert line(one) == "The source gives no tickets: how customers are served cannot be told."
    assert everything(one)
    assert one.classes.empty
    assert service_kpis(figures(one), one, smallest=11) == []


def test_a_quarter_without_a_contact_says_so(desk: Desk) -> None:
    assert line(desk([])) == "No contact with the service desk is on record for Q2 2024."
    assert everything(desk([]))


def test_contacts_of_few_customers_tell_no_figure(desk: Desk) -> None:
    one = desk(tickets(8))
    assert "Fewer than 11 customers contacted the service desk" in line(one)
    assert not any("8" in said for said in everything(one))
    assert not [kpi for kpi in service_kpis(figures(one), one, smallest=11) if kpi.n and kpi.n < 11 and kpi.value]


def test_columns_that_are_all_empty_are_said_to_be_untold(desk: Desk) -> None:
    bare = [{"opened_at": dt.datetime.fromisoformat("2024-05-01T10:00"), "customer_id": f"c{i}"} for i in range(40)]
    said = " ".join(everything(desk(bare)))
    assert "The source does not say which contacts were resolved at once." in said
    assert "the source gives no day of closing" in said
    assert "The source does not say which contacts are complaints" in said
    assert "none of the source’s channels is named as such" in said
    assert "nan" not in said


def test_unknown_callers_are_counted_and_are_in_no_rate(desk: Desk) -> None:
    one = desk(tickets(40) + tickets(20, customer_id=None))
    assert any(said.startswith("20 contacts of 60 name no customer (unknown callers)") for said in everything(one))
    assert figures(one).set_index("metric").at["contacts_per_100", "value"] == pytest.approx(100 * 40 / 60)
    alone = desk(tickets(20, customer_id=None))
    assert "none names a customer" in line(alone)


def test_complaints_are_told_with_their_limit_and_what_is_open(desk: Desk) -> None:
    kept = tickets(30, is_complaint=True, severity="high")
    late = tickets(20, start=30, is_complaint=True, severity="high", closed_at=None, resolved_first_contact=None)
    one = desk(kept + late)
    got = complaint_words.complaint_finding(figures(one), one, smallest=11)
    assert got.startswith("50 contacts of the quarter are complaints; 60.0 %")
    assert got.endswith("20 complaints are open, of which 20 are overdue.")
    few = desk(kept + late[:4])
    got = complaint_words.complaint_finding(figures(few), few, smallest=11)
    assert got.endswith("Fewer than 11 complaints are open.")
    assert "in_time" not in got
    assert {kpi.metric: kpi.value for kpi in service_kpis(figures(one), one, smallest=11)}["complaints_overdue"] == 20


def test_the_few_causes_are_named(desk: Desk) -> None:
    rows = tickets(30, is_complaint=True, category="billing") + tickets(
        12, start=30, is_complaint=True, category="move"
    )
    one = desk(rows)
    got = complaint_words.cause_words(one.causes, one, smallest=11)
    assert got["finding"] == "2 causes make up 100 % of the complaints: billing and move"
    alone = desk(tickets(40, is_complaint=True, category="billing"))
    assert (
        "One category, billing, makes up 100 %"
        in complaint_words.cause_words(alone.causes, alone, smallest=11)["finding"]
    )


def test_a_quarter_that_tickets_do_not_cover_whole_has_no_rate_and_says_why(desk: Desk) -> None:
    assert "for tickets do not cover the whole quarter" in line(desk(tickets(40), covered="2024-04-02"))


def graded(**more: object) -> pd.DataFrame:
    rows = {"grade": ["high", "low"], "in_time": [1.0, float("nan")], "in_time_masked": [False, True], "limit": 24.0}
    return pd.DataFrame(rows | more)


def grade_title(one: Served, grades: pd.DataFrame) -> str:
    return complaint_words.grade_words(replace(one, grades=grades), smallest=11)["finding"]


def test_no_title_says_every_while_a_grade_is_masked(desk: Desk) -> None:
    one = desk(tickets(40, is_complaint=True, severity="high"))
    assert grade_title(one, graded()) == "Of the grades told, all complaints were closed in time: high"
    whole = graded(in_time=[1.0, 1.0], in_time_masked=False)
    assert grade_title(one, whole) == "Every complaint that can be judged was closed in time"
    late = graded(in_time=[0.5, float("nan")])
    assert grade_title(one, late).startswith("Furthest from its limit, of the grades told: grade “high”, 50 %")
    assert grade_title(one, graded(in_time=float("nan"), in_time_masked=True)).startswith("Too few complaints")


def causes_of(*sizes: tuple[str, float]) -> pd.DataFrame:
    told = pd.DataFrame(sizes, columns=["category", "share"])
    return told.assign(vital=told["category"].ne("all others"), cost=1.0, cost_share=told["share"])


def test_causes_are_all_named_where_they_are_few_and_a_third_is_not_called_most(desk: Desk) -> None:
    one = desk(tickets(40, is_complaint=True, category="billing"))
    four = causes_of(("billing", 0.4), ("outage", 0.2), ("speed", 0.15), ("move", 0.15), ("all others", 0.1))
    got = complaint_words.cause_words(four, one, smallest=11)["finding"]
    assert got == "4 causes make up 90 % of the complaints: billing, outage, speed and move"
    third = causes_of(("billing", 0.32), ("all others", 0.68))
    got = complaint_words.cause_words(third, one, smallest=11)["finding"]
    assert got == "No few categories make up most complaints: billing makes up 32 %"
    [said] = complaint_words.cause_bullets(third, currency="EUR", costs_told=True)
    assert "few causes" not in said
    assert "billing makes up 32 % of that" in said


def test_causes_of_too_few_customers_are_not_said_to_lack_in_the_source(desk: Desk) -> None:
    rows = [row for k in range(7) for row in tickets(2, start=2 * k, is_complaint=True, category=f"c{k}")]
    one = desk(rows)
    none = one.causes.iloc[:0]
    assert "too few customers" in complaint_words.cause_words(none, one, smallest=11)["finding"]
    bare = desk(tickets(40, is_complaint=True))
    assert "the source gives none" in complaint_words.cause_words(none, bare, smallest=11)["finding"]


def moved(**more: object) -> pd.Series:
    base = {"metric": "complaints_per_100", "value": 5.9, "previous": 5.8, "year_ago": 5.0}
    return pd.Series(base | {"moved": False, "moved_year": False} | more)


def test_a_clear_move_is_named_whichever_quarter_it_is_against(desk: Desk) -> None:
    assert service_words.beside(moved()) == ", not clearly different from a year ago (5.0)"
    assert service_words.beside(moved(moved_year=True)) == ", up from 5.0 a year ago"
    assert service_words.beside(moved(moved=True)) == ", up from 5.8 the quarter before"
    both = moved(moved=True, moved_year=True)
    assert service_words.beside(both) == ", up from 5.0 a year ago and up from 5.8 the quarter before"
    one = desk(tickets(40, is_complaint=True))
    told = figures(one)
    at = told["metric"] == "complaints_per_100"
    assert "complaints per 100" not in line(one)
    told.loc[at, ["value", "year_ago", "moved_year"]] = [5.9, 5.0, True]
    got = service_words.bottom_line(told, one, now=QUARTER, smallest=11)
    assert "There were 5.9 complaints per 100 customers, up from 5.0 a year ago." in got


def class_title(*rows: tuple[str, float, float, float]) -> str:
    shown = pd.DataFrame(rows, columns=["class", "rate", "low", "high"]).assign(label="Plan", masked=False)
    return service_words.class_words(shown, shown, now=QUARTER)["finding"]


def test_a_class_is_most_frequent_only_where_its_interval_is_clear_of_the_next() -> None:
    low, mid, top = ("a", 10.0, 8.0, 12.0), ("b", 30.0, 26.0, 34.0), ("c", 34.8, 30.0, 40.0)
    assert class_title(low, mid, ("c", 50.0, 40.0, 60.0)).startswith("Contacts are most frequent in plan “c”: 50.0")
    assert class_title(low, mid, top) == "Contacts differ most by plan: 10.0 (“a”) to 34.8 (“c”) per 100 customers"
    assert class_title(mid, top) == "Contacts do not clearly differ by class: 30.0 to 34.8 per 100 customers"
    few = ("few", 45.0, 11.0, 79.0)
    assert class_title(low, few, mid) == "Contacts differ most by plan: 10.0 (“a”) to 30.0 (“b”) per 100 customers"


def test_where_contacts_came_from_is_told_with_shares(desk: Desk) -> None:
    one = desk(tickets(33, channel="phone", region="N") + tickets(27, start=33, channel="shop", region="S"))
    got = answer_words.asked_words(one, now=QUARTER)["finding"]
    assert got == "Contacts came most often by phone (55 %) and from N (55 %)"


def test_self_service_of_few_is_not_said_to_be_unnamed_in_the_params(desk: Desk) -> None:
    one = desk(tickets(50, channel="phone") + tickets(4, start=50, channel="app"))
    got = service_words.asked_bullets(figures(one), one, smallest=11)[-1]
    assert got == "How many came by self-service is not told: too few customers did, or too few did not."
