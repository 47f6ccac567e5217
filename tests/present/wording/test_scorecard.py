"""What the scorecard says: what is met, missed and moved, and that it never speaks by colour alone."""

from __future__ import annotations

from bs4 import BeautifulSoup

from analysis.basis.metric import Kpi
from analysis.measures.scorecard import Scorecard, scorecard
from analysis.present.table import table
from analysis.present.wording import scorecard as lights

KPIS = [
    Kpi("churn_rate", 0.05, 10_000, 0.046, 0.054, 0.04, year_before=0.06),
    Kpi("arpu", 63.3, None, 62.0, 64.0, 62.8),
    Kpi("arpu_change", 0.5, None, 0.3, 0.7),
    Kpi("complaints_in_time", 0.8, 300, 0.75, 0.85, 0.8, moved=False),
    Kpi("products_per_customer", 2.5, 5_000),
]
OWNERS = dict.fromkeys(["churn_rate", "arpu", "complaints_in_time", "products_per_customer"], "Ada")
TARGETS = {"churn_rate": 0.04, "arpu": 60.0, "complaints_in_time": 0.83}


def card(*, kpis: list[Kpi] = KPIS, targets: dict[str, float] = TARGETS, **more: str) -> Scorecard:
    return scorecard(kpis, owners={**OWNERS, **more}, targets=targets)


def test_it_says_what_is_missed_what_is_met_and_what_moved():
    assert lights.finding(card()) == (
        "Missed: quarterly churn rate; met: ARPU. Whether the target of complaints closed within their limit is met "
        "cannot be told: it lies within the interval. Since the quarter before clearly better: ARPU; clearly "
        "worse: quarterly churn rate."
    )


def test_without_targets_it_says_where_they_are_set_and_shows_no_lights():
    one = card(targets={})
    assert lights.finding(one).startswith("No figure of the scorecard has a target: “targets” in the params sets them.")
    shown = lights.shown(one, currency="EUR")
    assert {"goal", "light"}.isdisjoint({column.name for column in lights.columns(shown)})
    assert lights.notes(one) == []


def test_nothing_clear_is_said_to_be_unclear():
    one = card(targets={"complaints_in_time": 0.83, "churn_rate": 0.05})
    assert lights.finding(one).startswith(
        "No target is clearly met or missed. Whether the 2 targets are met cannot be "
    )
    still = scorecard([KPIS[3]], owners={"complaints_in_time": "Ada"}, targets={})
    assert lights.finding(still).endswith("Since the quarter before nothing moved by more than chance allows.")
    assert lights.finding(scorecard([], owners={}, targets={})) == "No figure of the scorecard can be told."


def test_figures_without_an_earlier_value_say_why_in_one_note():
    told = [
        Kpi("clv_per_cac", 9.0),
        Kpi("overdue_customers", 0.1, 500),
        Kpi("products_per_customer", 2.5, 500, previous=2.4),
    ]
    one = scorecard(told, owners={kpi.metric: "Ada" for kpi in told}, targets={})
    (note,) = lights.notes(one)
    assert note == (
        "Earlier values of “Value of a customer won ÷ cost of winning” come from the reports of then only, where they "
        "lie beside this one: what a customer was worth is told by the model of then. Earlier values of “Customers "
        "with an overdue bill” come from the reports of then only, where they lie beside this one: who was suspended "
        "then, and who paid before the bills begin, is not on record. Earlier values of “Products per customer” count "
        "suspended lines too."
    )
    full = [Kpi("clv_per_cac", 9.0, previous=8.0, year_before=7.0)]
    assert lights.notes(scorecard(full, owners={"clv_per_cac": "Ada"}, targets={})) == []


def test_a_light_is_a_sign_and_a_word_beside_its_colour():
    shown = lights.shown(card(), currency="EUR")
    found = BeautifulSoup(
        table(shown, lights.columns(shown), source="Source: demo", **lights.words(card(), "2026-Q3"))._repr_html_(),
        "html.parser",
    )
    cells = {cell.get_text(): cell["class"] for cell in found.find_all("td") if len(cell["class"]) > 1}
    assert cells == {
        "▲ missed": ["text", "missed"],
        "● met": ["text", "met"],
        "◆ not clear": ["text", "unclear"],
    }
    assert "of 3 targets 1 met, 1 missed, 1 cannot be told" in found.caption.get_text()


def test_a_line_without_a_figure_is_named():
    (got,) = lights.absent(card(nps_weighted="Nina"))
    assert got == (
        "Not told this quarter: net promoter score of all customers. The source does not give what is needed, or too "
        "few customers are behind it."
    )
    assert lights.absent(card()) == []


def test_the_return_of_campaigns_says_how_many_contacts_stand_behind_it():
    paid = Kpi("campaigns_roi", -0.64, 614, -1.29, 0.01)
    one = scorecard([paid], owners={"campaigns_roi": "Ada"}, targets={"campaigns_roi": 0.0})
    (_, told) = lights.notes(one)
    assert told.startswith("Return of a year's campaigns: 614 contacts count so far")
    (shown,) = lights.shown(one, currency="EUR").to_dict("records")
    written = [shown[name].replace("\u00a0", " ") for name in ("shown", "between", "goal")]
    assert written == ["−64 %", "−129 to 1 %", "0 %"]
