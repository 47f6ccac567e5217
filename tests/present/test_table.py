from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.basis.errors import AnalysisFailed
from analysis.present.table import Column, table

WORDS = {"finding": "Month-to-month leaves most", "subtitle": "Churn, % per quarter", "source": "Source: demo"}
DATA = pd.DataFrame(
    {
        "class": ["Month-to-month", "One year"],
        "n": [3875, 1473],
        "rate": [0.4584, None],
        "low": [0.44, None],
        "high": [0.47, None],
    }
)
COLUMNS = [
    Column("class", "Contract"),
    Column("n", "Customers", "count"),
    Column("rate", "Churn rate", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
]


def parsed(block: object) -> BeautifulSoup:
    return BeautifulSoup(block._repr_html_().replace("\u00a0", " "), "html.parser")


def body(block: object) -> list[list[str]]:
    return [[cell.text for cell in row.select("th, td")] for row in parsed(block).select("tbody tr")]


def test_values_are_formatted_by_their_kind_and_missing_ones_are_dashes():
    assert body(table(DATA, COLUMNS, **WORDS)) == [
        ["Month-to-month", "3,875", "45.8 %", "44.0 to 47.0 %"],
        ["One year", "1,473", "–", "–"],
    ]


def test_an_interval_whose_ends_print_alike_is_a_dash():
    alike = DATA.assign(low=0.45841, high=0.45842)
    assert [row[-1] for row in body(table(alike, COLUMNS, **WORDS))] == ["–", "–"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("money", 63.205, "€63.21"),
        ("sum", 1512345.2, "€1,512,345"),
        ("months", 12.0, "12.0 months"),
        ("decimal", 1.25, "1.3"),
        ("quarter", "2026-Q3", "Q3 2026"),
        ("day", dt.date(2026, 9, 30), "30 September 2026"),
        ("figure", "+0.3 points", "+0.3 points"),
    ],
)
def test_every_kind_of_column_writes_its_own_way(kind, value, expected):
    got = table(
        pd.DataFrame({"k": ["a"], "v": [value]}), [Column("k", ""), Column("v", "", kind)], currency="EUR", **WORDS
    )
    assert body(got) == [["a", expected]]


def test_the_page_can_be_read_by_structure_alone():
    page = parsed(table(DATA, COLUMNS, **WORDS))
    wrap = page.select_one("div.table-wrap[tabindex='0'][role=region]")
    assert wrap["aria-label"] == "Month-to-month leaves most (Churn, % per quarter)"
    assert wrap.table.caption.select_one(".title").text == WORDS["finding"]
    assert wrap.table.caption.select_one(".subtitle").text == WORDS["subtitle"]
    assert wrap.select_one("p.source").text == "Source: demo"
    assert [(head["scope"], head["class"]) for head in page.select("thead th")] == [("col", ["text", "lead"])] + [
        ("col", ["num"])
    ] * 3
    assert [row["scope"] for row in page.select("tbody th")] == ["row", "row"]
    assert {cell["class"][0] for cell in page.select("tbody td")} == {"num"}


def test_another_column_may_head_the_rows():
    got = parsed(table(DATA, COLUMNS, row_header="n", **WORDS))
    assert [head.text for head in got.select("tbody th")] == ["3,875", "1,473"]


def test_tables_with_the_same_title_and_other_content_have_different_ids():
    ids = {table(data, COLUMNS, **WORDS).id for data in (DATA, DATA.head(1), DATA)}
    assert len(ids) == 2
    assert parsed(table(DATA, COLUMNS, **WORDS)).table["id"] in ids


def test_a_masked_row_shows_no_number_and_a_small_count_says_how_small():
    data = DATA.assign(n=[7, 1473], rate=[0.5, 0.1], masked=True)
    assert body(table(data, COLUMNS, **WORDS)) == [
        ["Month-to-month", "< 11", "masked", "masked"],
        ["One year", "masked", "masked", "masked"],
    ]


def test_one_column_can_be_masked_alone():
    got = body(table(DATA.assign(n_masked=[True, False]), COLUMNS, **WORDS))
    assert [row[1] for row in got] == ["masked", "1,473"]
    assert got[0][2] == "45.8 %"


def test_a_long_label_is_cut_for_the_eye_and_left_whole_in_the_data():
    data = DATA.assign(**{"class": ["x" * 100, "y"]})
    assert body(table(data, COLUMNS, **WORDS))[0][0] == "x" * 59 + "…"
    assert data["class"].iloc[0] == "x" * 100


def test_a_table_without_rows_is_its_finding():
    assert table(DATA.head(0), COLUMNS, **WORDS)._repr_html_() == '<p class="note">Month-to-month leaves most.</p>'


def test_a_table_nobody_would_read_to_its_end_is_refused():
    data = pd.concat([DATA] * 31)
    with pytest.raises(AnalysisFailed, match="expected at most 60 rows, found 62. Show the largest"):
        table(data, COLUMNS, **WORDS)


def test_a_column_the_data_lacks_is_named():
    with pytest.raises(AnalysisFailed, match="expected the column churn, found class, n, rate, low, high"):
        table(DATA, [Column("churn", "Churn", "percent")], **WORDS)


def test_what_a_column_repeats_is_seen_once_and_read_aloud_in_every_row():
    data = pd.DataFrame({"of": ["Contract", "Contract", "Region"], "class": ["a", "b", "b"]})
    rows = parsed(table(data, [Column("of", "Dimension", once=True), Column("class", "Class")], **WORDS)).select(
        "tbody tr"
    )
    assert [row.td.text for row in rows] == ["Contract", "Contract", "Region"]
    assert ["again" in row.td["class"] for row in rows] == [False, True, False]
    assert [bool(row.td.select("span.unseen")) for row in rows] == [False, True, False]
    assert [row.th.text for row in rows] == ["a", "b", "b"]  # a row is known by its class, not by what it repeats


def test_prose_is_never_cut_and_a_label_is():
    long = "A sentence that defines a figure and takes more than sixty characters to do so."
    data = pd.DataFrame({"a": [long], "b": [long]})
    [[label, prose]] = body(table(data, [Column("a", ""), Column("b", "", "prose")], **WORDS))
    assert prose == long
    assert label.endswith("…")


def test_names_may_break_between_their_words_and_their_table_stacks_on_a_narrow_screen():
    data = pd.DataFrame({"what": ["customers.customer_id"], "n": [3], "why": ["a.b <i>"]})
    columns = [Column("what", "What", of_names=True), Column("n", "Rows", "count"), Column("why", "Why", "prose")]
    html = table(data, columns, **WORDS)._repr_html_()
    assert "customers.<wbr>customer_<wbr>id" in html
    assert 'class="stacked"' in html
    assert '<td class="num" data-head="Rows">3</td>' in html
    assert "a.b &lt;i&gt;" in html
    assert "stacked" not in table(data, columns[1:], **WORDS)._repr_html_()


def test_what_several_rows_have_in_common_stands_above_the_name_of_the_first_on_a_narrow_screen():
    data = pd.DataFrame({"of": ["Margin band", "Margin band", "Bandwidth"], "class": ["high", "low", "high"], "n": 20})
    columns = [Column("of", "Dimension", once=True), Column("class", "Class"), Column("n", "Customers", "count")]
    page = parsed(table(data, columns, **WORDS))
    assert [row.get("data-of") for row in page.select("tbody th")] == ["Margin band", None, "Bandwidth"]
    assert [head["class"] for head in page.select("thead th")] == [["text", "once"], ["text", "lead"], ["num"]]
    assert {"once" in cell["class"] for cell in page.select("tbody td:first-child")} == {True}


def test_the_head_of_the_rows_names_stands_above_them_though_they_are_numbers():
    data = pd.DataFrame({"months": [3, 12], "share": [0.9, 0.8]})
    columns = [Column("months", "Months", "count"), Column("share", "Share", "percent")]
    heads = parsed(table(data, columns, **WORDS)).select("thead th")
    assert [head["class"] for head in heads] == [["text", "lead"], ["num"]]


@pytest.mark.parametrize(("kinds", "stacked"), [(("prose", "count"), True), (("prose",), False), (("count",), False)])
def test_sentences_beside_other_columns_stack_on_a_narrow_screen(kinds, stacked):
    data = pd.DataFrame({"a": ["x"], "b": [1], "c": [2]})
    columns = [Column("a", "A"), *(Column(name, name.upper(), kind) for name, kind in zip("bc", kinds, strict=False))]
    assert ("stacked" in table(data, columns, **WORDS)._repr_html_()) is stacked
