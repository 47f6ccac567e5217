"""The page on value against behaviour: its words, its picture and its table."""

from __future__ import annotations

import pandas as pd
from bs4 import BeautifulSoup

from analysis.present import theme
from analysis.present.charts.crossed import crossed, shade
from analysis.present.value_matrix_page import value_matrix_page
from analysis.present.wording import value_matrix as wording

LOST = (150_000.0, 120_000.0, 180_000.0)


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


def cells() -> pd.DataFrame:
    rows = pd.DataFrame(
        [
            ("Heavy users", "high", 0.1, 0.3, 0.02),
            ("Heavy users", "low", 0.5, 0.45, 0.05),
            ("in no group", "low", 0.4, 0.25, 0.03),
        ],
        columns=["group", "tier", "customer_share", "at_risk", "churn"],
    )
    for name in ("churn", "at_risk"):
        rows = rows.assign(**{f"{name}_low": rows[name] - 0.005, f"{name}_high": rows[name] + 0.005})
    return rows.assign(
        customers=50, revenue_share=0.3, nps=12.0, nps_low=-5.0, nps_high=30.0, nps_masked=False, masked=False
    )


def page(rows: pd.DataFrame) -> BeautifulSoup:
    html = value_matrix_page(rows, LOST, currency="EUR", smallest=11, source="Source: Demo").html
    return BeautifulSoup(html, "html.parser")


def test_the_title_says_where_value_is_at_risk() -> None:
    words = wording.picture_words(cells(), LOST, currency="EUR", smallest=11)
    assert said(words["finding"]) == (
        "Most value is at risk among “Heavy users” of low value: 45 % of it, with 50 % of the customers"
    )
    assert said(words["subtitle"]).startswith("Share of the €150,000 (€120,000 to €180,000) of lifetime value")
    assert said(words["alt"]).endswith("“Heavy users” of high value 30 % and customers in no group of low value 25 %.")
    assert "masked" not in words["subtitle"]


def test_where_no_field_clearly_holds_most_the_title_says_what_one_holds_beyond_its_share() -> None:
    near = wording.picture_words(cells().assign(at_risk_high=0.46), LOST, currency="EUR", smallest=11)
    assert said(near["finding"]) == (
        "Value at risk is spread over several fields; “Heavy users” of high value hold 30 % of it with 10 % of the "
        "customers"
    )
    even = cells().assign(at_risk_high=0.46, customer_share=0.5)
    got = wording.picture_words(even, LOST, currency="EUR", smallest=11)["finding"]
    assert got == "Value at risk is spread over the fields: none clearly holds more than its share of the customers"


def test_who_is_likeliest_to_leave_is_told_where_it_is_clear() -> None:
    words = wording.table_words(cells(), smallest=11)
    assert said(words["finding"]) == (
        "Likeliest to leave: “Heavy users” of low value, 5.0 % within 3 months; "
        "least likely: “Heavy users” of high value, 2.0 %"
    )
    unclear = cells().assign(churn_low=0.0, churn_high=0.2)
    assert wording.table_words(unclear, smallest=11)["finding"].startswith("No field’s customers are clearly likelier")
    assert wording.table_words(cells().assign(nps=None), smallest=11)["subtitle"].endswith("or no survey asked for")


def test_a_hidden_field_shows_no_figure() -> None:
    hidden = cells()
    names = ["customer_share", "revenue_share", "churn", "at_risk", "churn_low", "churn_high", "nps"]
    hidden.loc[1, names] = float("nan")
    hidden = hidden.assign(masked=[False, True, False])
    got = page(hidden)
    row = [cell.text for cell in got.find_all("tr")[2].find_all(["th", "td"])]
    assert row.count("masked") >= 4
    assert "masked to protect groups of fewer than 11" in got.text
    assert "“Heavy users” of high value: 30" in said(got.find(class_="title").text)


def test_without_groups_the_page_is_a_line_that_says_so() -> None:
    got = page(cells().head(0))
    assert got.find("table") is None and got.find("img") is None
    assert got.text == wording.NO_GROUPS
    nothing = cells().assign(at_risk=float("nan"))
    words = wording.picture_words(nothing, LOST, currency="EUR", smallest=11)
    assert words["finding"] == "Where value is at risk cannot be told"


def test_the_field_with_most_is_drawn_darkest_and_says_its_figures(words, pen) -> None:
    shown = wording.shown(cells())
    crossed(shown, "name", "head", "at_risk", remark="remark", **words)
    colors = [box["color"] for box in pen["box"]]
    assert colors[1] == theme.FOCUS == shade(1.0)
    assert len(set(colors)) == 3
    told = [said(text["words"]) for text in pen["text"]]
    assert {"High value", "Low value", "Heavy users", "In no group", "45 %", "5.0 % leave"} <= set(told)


def test_a_masked_field_is_drawn_hollow_and_nothing_at_all_is_a_note(words, pen) -> None:
    shown = wording.shown(cells()).assign(masked=[False, True, False])
    crossed(shown, "name", "head", "at_risk", remark="remark", **words)
    assert [box.get("hollow", False) for box in pen["box"]] == [False, True, False]
    assert "45 %" not in [said(text["words"]) for text in pen["text"]]
    assert crossed(shown.assign(masked=True), "name", "head", "at_risk", remark="remark", **words).svg == b""
