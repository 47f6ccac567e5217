"""What must come out of the Comcast sample: tickets alone, through the ordinary mapping, as a hand would count them."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reports.conftest import Report

FILE = "comcast_complaints/Comcast_telecom_complaints_data.csv"


@pytest.fixture(scope="session")
def lines(shared_data: Path) -> list[dict[str, str]]:
    """The file's own lines."""
    with (shared_data / FILE).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def tickets(comcast: Report) -> pd.DataFrame:
    return pd.read_parquet(comcast.run / "tables/tickets.parquet")


@pytest.fixture(scope="session")
def text(comcast: Report) -> str:
    return " ".join(comcast.chapter("How are they served?").get_text(" ").split())


def test_every_line_is_a_ticket_and_none_is_lost(comcast: Report, lines: list[dict[str, str]]) -> None:
    used = {door["table"]: (door["accepted"], door["set_aside"]) for door in comcast.manifest["doors"]}
    assert used == {"tickets": (2_224, 0)}
    assert len(lines) == 2_224


def test_statuses_are_those_of_the_file(tickets: pd.DataFrame, text: str, lines: list[dict[str, str]]) -> None:
    got = tickets["status"].value_counts().to_dict()
    assert got == {"solved": 973, "closed": 734, "open": 363, "pending": 154}
    assert got == Counter(line["Status"].lower() for line in lines)
    assert "solved 973, closed 734, open 363 and pending 154" in text


def test_the_swapped_dates_are_put_right(tickets: pd.DataFrame, comcast: Report) -> None:
    months = tickets["opened_at"].dt.strftime("%Y-%m").value_counts().to_dict()
    assert months == {"2015-04": 545, "2015-05": 399, "2015-06": 1_280}
    assert "572 with day and month exchanged" in comcast.html.get_text().replace("\u200b", "")


def test_dates_follow_the_numbers_of_the_tickets_as_never_before(tickets: pd.DataFrame) -> None:
    numbered = tickets[tickets["ticket_id"].str.isdigit()]
    rank = numbered["ticket_id"].astype(int).rank().corr(numbered["opened_at"].dt.normalize().rank())
    assert rank > 0.998


def test_themes_are_those_a_reader_recognises(comcast: Report) -> None:
    [table] = [one for one in comcast.tables() if one[0][0] == "Theme, by its words"]
    themes = {row[0]: int(row[1].replace(",", "")) for row in table[1:]}
    for word in ("speed", "billing", "data, cap", "service"):
        assert any(word in name for name in themes), (word, themes)
    assert sum(themes.values()) == 2_224


def test_themes_stand_by_state_and_small_groups_are_masked(comcast: Report, tickets: pd.DataFrame) -> None:
    [table] = [one for one in comcast.tables() if one[0][:2] == ["Region", "Tickets"]]
    sizes = tickets["region"].value_counts()
    shown = {row[0]: row[1:] for row in table[1:]}
    assert list(shown) == sizes.sort_index().sort_values(ascending=False, kind="stable").index[: len(shown)].tolist()
    assert {name: int(row[0]) for name, row in shown.items()} == {name: sizes[name] for name in shown}
    cells = [cell for row in shown.values() for cell in row[1:]]
    assert all(cell in ("0", "masked", "< 11") or int(cell) >= 11 for cell in cells)
    assert "masked" in cells
    place = next(i for i, head in enumerate(table[0]) if head.startswith("Data, cap"))
    assert int(shown["Georgia"][place - 1]) > 90  # data caps were on trial there


def test_no_ticket_is_shown_in_its_own_words(comcast: Report, tickets: pd.DataFrame) -> None:
    page = " ".join(comcast.html.get_text(" ").split()).lower()
    long = [one for one in tickets["text"] if len(one.split()) >= 4]
    assert len(long) > 1_000
    assert not [one for one in long if " ".join(one.lower().split()) in page]


def test_what_a_source_of_tickets_alone_cannot_tell_is_said(comcast: Report, text: str) -> None:
    assert "none names a customer, so that how many they are per 100 customers cannot be told" in text
    assert "the source gives no day of closing" in text
    assert "the source gives no severity of them" in text
    whole = " ".join(comcast.html.get_text(" ").split())
    assert "Nobody can be followed" in whole
    told = {row["metric"] for row in comcast.rows}
    assert not told & {"contacts_per_100", "hours_to_close", "complaints_overdue", "churn_rate", "value_total"}
    assert comcast.values["complaints_open",] == 517


def test_the_report_comes_out_as_pages_to_print_too(comcast: Report) -> None:
    assert "2,224 contacts with the service desk" in comcast.pdf_text.replace("\xa0", " ")


def test_no_open_complaint_is_told_of_a_customer_nobody_knows(comcast: Report) -> None:
    assert pd.read_parquet(comcast.run / "open_complaints.parquet").empty
