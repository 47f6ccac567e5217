from __future__ import annotations

import pandas as pd
from bs4 import BeautifulSoup

from analysis.present.page import Bullets, Caution, Finding, Note, cards, kpi_table

COLUMNS = ["metric", "label", "unit", "dimension", "class", "value", "n", "low", "high", "previous", "target", "status"]
CUSTOMERS = ["customers", "Customers", "count", None, None, 8012, None, None, None, 7764, None, None]
CHURN = ["churn_rate", "Churn rate", "share", None, None, 0.0412, 8352, 0.039, 0.0432, 0.0435, 0.04, "missed"]
ARPU = ["arpu", "ARPU", "money_per_month", None, None, 63.2, 8012, 62.7, 63.8, None, 60, "met"]
FIBRE = ["churn_rate", "Churn rate", "share", "internet", "fibre", 0.08, 4000, 0.07, 0.09, 0.085, None, None]
YEAR = ["churn_rate", "Churn rate", "share", "contract", "one year", 0.02, 900, 0.01, 0.03, None, None, None]


def summary(*rows: list[object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=COLUMNS)


def parsed(block: object) -> BeautifulSoup:
    return BeautifulSoup(block._repr_html_().replace("\u00a0", " "), "html.parser")


def test_each_kind_of_sentence_has_its_own_element():
    got = [piece("Five left.")._repr_html_() for piece in (Finding, Note, Caution)]
    assert got == [f'<p class="{name}">Five left.</p>' for name in ("finding", "note", "warning")]


def test_bullets_are_a_list_and_no_bullets_are_nothing():
    assert Bullets(["One", "Two"])._repr_html_() == "<ul><li>One</li><li>Two</li></ul>"
    assert Bullets([])._repr_html_() == ""


def test_in_a_terminal_a_block_is_its_sentence():
    assert repr(Finding("Five\nleft.")) == "Five left."


def test_a_card_shows_value_interval_previous_and_target():
    card = parsed(cards(summary(CHURN))).li
    assert card["data-metric"] == "churn_rate"
    assert card.select_one(".label").text == "Churn rate"
    assert card.select_one(".value").text == "4.1 %"
    assert card.select_one(".detail").text == "3.9 to 4.3 % · previous 4.4 %"
    assert card.select_one(".status.unclear").text == "Target 4.0 %: not clear"


def test_a_card_says_missed_only_where_the_whole_interval_does():
    clear = [*CHURN[:7], 0.0405, 0.0432, *CHURN[9:]]
    assert parsed(cards(summary(clear))).li.select_one(".status.missed").text == "Target 4.0 %: missed"


def test_a_card_says_nothing_of_what_is_missing():
    card = parsed(cards(summary(CUSTOMERS))).li
    assert card.select_one(".detail").text == "previous 7,764"
    assert card.select_one(".status") is None


def test_money_on_a_card_is_in_the_sources_currency():
    card = parsed(cards(summary(ARPU), currency="EUR")).li
    assert card.select_one(".value").text == "€63.20"
    assert card.select_one(".status.met").text == "Target €60.00: met"


def test_cards_show_the_whole_base_only():
    assert len(parsed(cards(summary(CHURN, FIBRE))).select("li")) == 1
    assert cards(summary(FIBRE))._repr_html_() == ""


def cells(block: object) -> list[list[str]]:
    return [[cell.text for cell in row.select("th, td")] for row in parsed(block).select("tr")]


def test_the_kpi_table_has_a_row_per_kpi_and_no_empty_columns():
    got = cells(kpi_table(summary(CUSTOMERS, CHURN), finding="The quarter", subtitle="Q3 2026", source="Source: demo"))
    assert got == [
        ["Measure", "Value", "95 % interval", "Customers", "Previous quarter", "Change", "Target"],
        ["Customers", "8,012", "–", "–", "7,764", "+248", "–"],
        ["Churn rate", "4.1 %", "3.9 to 4.3 %", "8,352", "4.4 %", "−0.2 points", "4.0 % not clear"],
    ]


def test_classes_of_several_dimensions_are_named_with_their_dimension():
    words = {"finding": "By class", "subtitle": "Q3 2026", "source": "Source: demo"}
    assert [row[1] for row in cells(kpi_table(summary(FIBRE, YEAR), **words))] == [
        "Class",
        "internet: fibre",
        "contract: one year",
    ]
    assert [row[1] for row in cells(kpi_table(summary(FIBRE), **words))] == ["Class", "fibre"]
