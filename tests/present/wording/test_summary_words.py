"""Sentences of the summary, from KPI rows."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.measures.class_rules import Dimension
from analysis.measures.standing import Measure, quality_table
from analysis.present.wording import quality, summary

CLASSES = {"contract": Dimension("contract", "Contract")}


def kpis(*rows: dict) -> pd.DataFrame:
    blank = dict.fromkeys(("n", "low", "high", "previous", "dimension", "class", "target", "status", "label", "unit"))
    return pd.DataFrame([{"quarter": "2026-Q3", **blank, **row} for row in rows])


SHORT = Measure("invoices", "", "volume", "month_customers", 0.6, "bad", 40, 0.9, 0.99, "2026-08")
DOORS = pd.DataFrame(
    [("invoices", 100, 100, 0, 0, 0)], columns=["table", "selected", "accepted", "set_aside", "duplicates", "later"]
)
BASE = (
    {"metric": "churn_rate", "value": 0.042, "n": 90_000, "previous": 0.039},
    {"metric": "customers", "value": 5428},
    {"metric": "arpu", "value": 63.712},
)


def test_the_quarter_in_one_sentence():
    got = summary.bottom_line(kpis(*BASE), currency="EUR")
    assert got == (
        "Q3 2026 ended with 5,428 customers; 4.2 % left in it, up from 3.9 % the quarter before; "
        "a customer brought €63.71 a month."
    )


def test_a_change_that_chance_explains_is_told_as_none():
    few = {**BASE[0], "n": 5_400}
    got = summary.bottom_line(kpis(few, *BASE[1:]), currency="EUR")
    assert "4.2 % left in it, not clearly different from 3.9 % the quarter before;" in got


def test_without_revenue_nothing_is_said_of_it():
    got = summary.bottom_line(kpis(*BASE[:2]), currency="EUR")
    assert got.endswith("left in it, up from 3.9 % the quarter before.")


def test_a_report_without_customers_says_so():
    rows = kpis({"metric": "customers", "value": 0}, {"metric": "churn_rate", "value": None})
    assert summary.bottom_line(rows, currency="EUR").startswith("Nobody could be followed")
    nothing = kpis({"metric": "rows_accepted", "value": 3})
    assert summary.bottom_line(nothing, currency="EUR").startswith("Nobody could be followed")


def test_a_base_that_all_have_left_was_followed():
    rows = kpis({"metric": "customers", "value": 0, "previous": 145}, {"metric": "leavers", "value": 166})
    assert summary.bottom_line(rows, currency="EUR").startswith("Q3 2026 ended with 0 customers; ")
    within = kpis({"metric": "customers", "value": 0, "previous": 0}, {"metric": "leavers", "value": 12})
    assert "could be followed" not in summary.bottom_line(within, currency="EUR")


def test_rows_of_the_base_are_in_the_order_of_the_dictionary():
    rows = kpis(*BASE, {"metric": "class_customers", "value": 3, "dimension": "usage", "class": "heavy"})
    assert summary.base_rows(rows)["metric"].tolist() == ["customers", "churn_rate", "arpu"]
    assert summary.card_rows(rows)["metric"].tolist() == ["customers", "churn_rate", "arpu"]


def test_the_points_tell_where_and_how_long():
    rates = [
        {
            "metric": "class_churn_rate",
            "dimension": "contract",
            "class": name,
            "value": rate,
            "n": 900,
            "low": rate - 0.01,
            "high": rate + 0.01,
        }
        for name, rate in (("month to month", 0.08), ("two years", 0.02))
    ]
    months = [{"metric": "survival", "dimension": "months", "class": "12", "value": 0.87, "low": 0.861, "high": 0.879}]
    months += [{"metric": "survival", "dimension": "months", "class": "24", "value": 0.8}]
    got = summary.points(kpis(*rates, *months), classes=CLASSES, currency="EUR", horizon=36)
    assert (
        got[0]
        == "Where they leave: leaving differs most by contract, 8.00 % of “month to month” left, 2.00 % of “two years”."
    )
    assert got[1] == (
        "How long they stay, with late entry taken into account: "
        "87.0 % (86.1 to 87.9 %) after 12 months, 80.0 % after 24 months."
    )


def test_classes_that_chance_could_explain_are_no_point():
    rates = [
        {
            "metric": "class_churn_rate",
            "dimension": "contract",
            "class": name,
            "value": rate,
            "n": 90,
            "low": 0.01,
            "high": 0.09,
        }
        for name, rate in (("month to month", 0.06), ("two years", 0.05))
    ]
    assert summary.points(kpis(*rates), classes=CLASSES, currency="EUR", horizon=36) == []


def test_the_verdict_is_that_of_the_data_chapter():
    verdict = quality.verdict(quality_table([SHORT]), DOORS, as_of=dt.date(2026, 9, 30))
    assert verdict.startswith("Only with care: of 1 check, 1 bad, which touches the chapters on ")
    assert summary.trust(verdict) == f"Can the data be trusted? {verdict}"


def test_the_brief_says_why_revenue_is_missing():
    def why(*measures: Measure) -> list[str]:
        return summary.not_told(kpis({"metric": "customers", "value": 90}, AHEAD, WORTH), quality_table(measures))

    assert why(SHORT) == [
        "Revenue and ARPU are not told: bills of 2026-08 are incomplete, and a part of a quarter is no quarter."
    ]
    full = Measure("invoices", "", "volume", "month_rows", 9, "good", 0)
    assert why(full) == [
        "Revenue and ARPU are not told: not all months of the quarter are billed as fully as the others."
    ]
    assert why() == ["Revenue and ARPU are not told: the source gives no bills."]


def test_the_brief_says_why_other_key_figures_are_missing():
    few = ({"metric": "joiners", "value": None}, {"metric": "leavers", "value": None})
    rows = kpis(*BASE, *few)
    assert summary.not_told(rows, quality_table([])) == [
        "Joiners and leavers are not told: so few that the figure could point to single customers.",
        "Who will leave next is not told: the chapter on churn says why there is no forecast.",
        "What the base is worth is not told: the chapter on value says why.",
    ]
    assert summary.not_told(kpis(*BASE, AHEAD, WORTH), quality_table([])) == []
    assert summary.not_told(kpis({"metric": "rows_accepted", "value": 3}), quality_table([])) == []


WORTH = {"metric": "value_total", "value": 3_890_000, "n": 7_600}
AHEAD = {"metric": "expected_leavers_3m", "value": 318.4, "n": 7_600, "low": 281, "high": 356}


def test_who_will_leave_next_is_told_with_how_an_earlier_forecast_did():
    judged = {"metric": "model_calibration_3m", "value": 1.04, "low": 0.97, "high": 1.12}
    [got] = summary.points(kpis(AHEAD, judged), classes=CLASSES, currency="EUR", horizon=36)
    assert got == (
        "Who will leave next: 318 of 7,600 active customers are expected to leave in Q4 2026 (281 to 356). "
        "In a quarter that such a forecast had not seen, 104 left for every 100 it predicted (97 to 112)."
    )
    [unjudged] = summary.points(kpis(AHEAD), classes=CLASSES, currency="EUR", horizon=36)
    assert unjudged.endswith("could not be held against an earlier quarter: too little history, or too few left.")


def test_what_they_are_worth_is_told_with_the_share_of_the_most_valuable():
    total = {"metric": "value_total", "value": 3_890_000, "n": 7_600, "low": 3_700_000, "high": 4_100_000}
    top = {"metric": "value_top_tenth", "value": 0.24}
    [got] = summary.points(kpis(total, top), classes=CLASSES, currency="EUR", horizon=36)
    assert got == (
        "What they are worth: the active customers are expected to bring €3,890,000 of margin in the next 36 months "
        "(€3,700,000 to €4,100,000); the most valuable tenth holds 24 % of it."
    )
    assert summary.points(kpis(total), classes=CLASSES, currency="EUR", horizon=36)[0].endswith("€4,100,000).")


def test_a_value_most_of_which_nobody_was_observed_for_comes_with_a_warning():
    total = {"metric": "value_total", "value": 3_890_000, "n": 7_600, "low": 3_700_000, "high": 4_100_000}
    got = {}
    for share in (0.5, 0.62):
        beyond = {"metric": "value_beyond_observed", "value": share}
        [got[share]] = summary.points(kpis(total, beyond), classes=CLASSES, currency="EUR", horizon=36)
    assert got[0.5].endswith("€4,100,000).")
    assert got[0.62].endswith(
        "€4,100,000). Take it with care: 62.0 % of it falls on tenures longer than any at which enough customers were "
        "observed, and nobody knows how they leave then."
    )
    later = {"metric": "value_beyond_history", "value": 0.686}
    [said] = summary.points(kpis(total, later), classes=CLASSES, currency="EUR", horizon=36)
    assert said.endswith(
        "Take it with care: 68.6 % of it lies further ahead than the extracts look back, so that nobody "
        "was followed for so long."
    )


def test_figures_of_service_risk_and_strategy_have_a_table_of_their_own():
    rows = kpis(
        *BASE,
        {"metric": "expected_loss", "value": 900.0},
        {"metric": "region_hhi", "value": 0.2},
        {"metric": "nps", "value": 9.0},
    )
    parts = [summary.about(rows, topic)["metric"].tolist() for topic in ("", "service", "strategy")]
    assert parts == [["customers", "churn_rate", "arpu"], ["expected_loss", "region_hhi"], ["nps"]]
    assert summary.table_words(rows)["finding"] == "Key figures of Q3 2026"
    assert summary.table_words(rows, topic="service")["finding"] == "Key figures of service, network and risk, Q3 2026"
    assert summary.table_words(kpis(*BASE), topic="service")["finding"].startswith("No key figure of service")


SERVED = (
    {"metric": "complaints_in_time", "value": 0.81, "low": 0.77, "high": 0.85, "previous": 0.60, "n": 299},
    {"metric": "areas_judged", "value": 40},
    {"metric": "areas_signalled", "value": 2},
    {"metric": "fault_calls", "value": 44, "n": 44},
    {"metric": "owed_total", "value": 73_326.01},
    {"metric": "expected_loss", "value": 37_762.79, "low": 36_801.5, "high": 38_590.0},
    {"metric": "price_elasticity", "value": 0.125, "low": 0.09, "high": 0.16},
)


def served(*rows: dict) -> list[str]:
    told = summary.points(kpis(*rows), classes=CLASSES, currency="EUR", horizon=36)
    return [" ".join(text.split()) for text in told]


def test_service_network_debts_and_prices_have_a_sentence_each():
    desk, network, unpaid, prices = served(*SERVED)
    assert desk == (
        "How they are served: 81 % of the complaints were closed within their time limit (77.0 to 85.0 %, up from 60.0 "
        "% the quarter before)."
    )
    assert network == (
        "Where the network fails: 2 of 40 areas have a signal in the last month; 44 customers there should be "
        "called first."
    )
    assert unpaid == (
        "What is not paid: €73,326 is owed, of which €37,763 (€36,802 to €38,590) is expected never to be paid."
    )
    assert prices == (
        "What price rises did: for each per cent of price 12.5 % more leave by choice in the months after (9.0 to 16.0 "
        "%)."
    )


def test_what_was_not_recorded_has_no_sentence_and_no_effect_is_told_as_none():
    assert served({"metric": "customers", "value": 100}) == []
    assert served({"metric": "areas_judged", "value": 3}, {"metric": "areas_signalled", "value": 0}) == [
        "Where the network fails: none of 3 areas has a signal in the last month."
    ]
    assert "no clear effect" in served({"metric": "price_elasticity", "value": 0.01, "low": -0.03, "high": 0.05})[0]


def test_the_points_tell_what_campaigns_did_and_what_is_to_be_done():
    roi = {"metric": "campaigns_roi", "value": -1.28, "n": 900, "low": -1.69, "high": -0.88}
    many = [{"metric": name, "value": n} for name, n in (("actions", 218), ("win_back_asked", 1), ("leads_called", 50))]
    sums = [{"metric": f"list_{name}", "value": n} for name, n in (("cost", 3361), ("net", 3018), ("low", -190))]

    def told(*rows: dict, budget: float | None = 5000.0) -> list[str]:
        return summary.points(kpis(*rows), classes=CLASSES, currency="EUR", horizon=36, budget=budget)

    assert told(roi, *many, *sums) == [
        (
            "What campaigns did: those of a year that were drawn by lot returned −128 % of their cost (−169 to "
            "−88 %): they clearly brought less than they cost within three months."
        ),
        (
            "What to do next: actions are proposed for 218 customers, 1 former customer and 50 leads. The actions "
            "whose numbers may be told cost €3,361 of a budget of €5,000, and are expected to bring €3,018 more than "
            "that; −€190 if every effect is at its low end."
        ),
    ]
    assert told(many[0], budget=None) == ["What to do next: actions are proposed for 218 customers."]
    assert "of a budget" not in told(many[0], *sums, budget=None)[0]
    assert told(roi | {"low": -0.2, "high": 0.4})[0].endswith("whether they paid within three months cannot be told.")
    assert told(roi | {"low": 0.2, "high": 0.4})[0].endswith("they clearly paid.")
    assert told(roi | {"low": None})[0].endswith("too few to say how sure that is.")
