"""What must come out of the CDNOW sample: every order, through the ordinary mapping, as a hand would add it up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reports.conftest import Report

AS_OF = dt.date(1998, 6, 30)


@pytest.fixture(scope="session")
def by_hand(shared_data: Path) -> pd.DataFrame:
    """Recency (days), orders and amount of every customer, line by line from the file itself."""
    last: dict[str, dt.date] = {}
    orders: dict[str, int] = defaultdict(int)
    amount: dict[str, Decimal] = defaultdict(Decimal)
    for line in (shared_data / "cdnow/CDNOW_master.txt").read_text("utf-8").splitlines()[1:]:
        key, day, _, money = line.split()
        last[key] = max(last.get(key, dt.date.min), dt.date.fromisoformat(day))
        orders[key] += 1
        amount[key] += Decimal(money)
    rows = [((AS_OF - last[key]).days, orders[key], float(amount[key])) for key in sorted(last)]
    return pd.DataFrame(rows, index=sorted(last), columns=["recency", "frequency", "monetary"])


@pytest.fixture(scope="session")
def customers(cdnow: Report) -> pd.DataFrame:
    return pd.read_parquet(cdnow.run / "customers.parquet").set_index("customer_id").sort_index()


def test_every_line_of_the_file_is_an_order_and_none_is_lost(cdnow: Report) -> None:
    used = {door["table"]: (door["accepted"], door["set_aside"]) for door in cdnow.manifest["doors"]}
    assert used == {"customers": (23_570, 0), "invoices": (69_659, 0)}


def test_recency_frequency_and_money_are_those_added_up_by_hand(customers: pd.DataFrame, by_hand: pd.DataFrame) -> None:
    assert customers.index.tolist() == by_hand.index.tolist()
    assert customers["recency"].tolist() == by_hand["recency"].tolist()
    assert customers["frequency"].tolist() == by_hand["frequency"].tolist()
    assert customers["monetary"].to_numpy() == pytest.approx(by_hand["monetary"].to_numpy(), abs=1e-9)


def test_the_totals_are_those_of_the_file(customers: pd.DataFrame) -> None:
    assert (len(customers), customers["frequency"].sum()) == (23_570, 69_659)
    assert round(customers["monetary"].sum(), 2) == 2_500_315.63


def test_one_customer_is_what_its_lines_say(customers: pd.DataFrame) -> None:
    got = customers.loc["00002"]  # 1997-01-12: 12.00 and 77.00
    assert (got["recency"], got["frequency"], got["monetary"]) == (534, 2, 89.0)
    months = 534 / 30.4375
    assert got["monetary_month"] == pytest.approx(89 / months, abs=1e-6)
    assert (customers["monetary_month"] <= got["monetary_month"]).mean() > 0.6
    assert got["rfm_class"] == "dormant high value"


def test_scores_are_fifths_of_the_customers_as_far_as_ties_let_them_be(customers: pd.DataFrame) -> None:
    for name, value in (("r_score", -customers["recency"]), ("m_score", customers["monetary"])):
        shares = customers[name].value_counts(normalize=True)
        assert shares.between(0.18, 0.22).all(), name
        assert (customers.groupby(name).size().index == [1, 2, 3, 4, 5]).all()
        assert value.groupby(customers[name]).max().is_monotonic_increasing
    ties = customers.groupby("frequency")["f_score"].nunique()
    assert (ties == 1).all()


def test_the_whole_report_comes_out_and_says_what_the_source_cannot_tell(cdnow: Report) -> None:
    text = " ".join(cdnow.html.get_text().split())
    assert "who left cannot be told" in text
    assert "Nobody can be followed" in text
    assert "What customers are worth cannot be told" in text
    assert not [row for row in cdnow.rows if row["metric"] in ("churn_rate", "leavers", "value_total")]
    assert cdnow.pdf_text


def test_the_groups_are_printed_with_their_customers(cdnow: Report, customers: pd.DataFrame) -> None:
    sizes = customers["rfm_class"].value_counts()
    rows = [row for table in cdnow.tables() for row in table if "Share of revenue" in table[0]]
    for name, size in sizes.items():
        assert any(name in row and f"{size:,}" in row for row in rows), name
