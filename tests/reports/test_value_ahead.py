"""Further sales, last year's value and the quarter ahead in a report: tables, published figures and sentences agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.models.value_then import MODEL, RULES
from analysis.present.numbers import decimal, money, percent

if TYPE_CHECKING:
    from tests.reports.conftest import Report


EDGES = ["value", "low", "high"]


def stage(report: Report, name: str) -> pd.DataFrame:
    return pd.read_parquet(report.run / f"{name}.parquet")


def words(report: Report) -> str:
    return " ".join(report.chapter("What are they worth?").get_text().split())


def plain(text: str) -> str:
    return " ".join(text.split())


def kpis(report: Report) -> pd.DataFrame:
    return pd.DataFrame(report.rows)


def test_current_and_potential_value_are_the_clv_of_every_customer(demo: Report) -> None:
    rows = stage(demo, "customer_value")
    assert (rows["current_value"] + rows["potential_value"] == rows["clv"]).all()
    assert (rows["potential_value_low"] <= rows["potential_value"]).all()
    assert (rows["potential_value"] <= rows["potential_value_high"]).all()
    told = kpis(demo).set_index("metric")["value"]
    assert told["potential_total"] == pytest.approx(rows["potential_value"].sum())
    assert told["clv_total"] == pytest.approx(told["value_total"] + told["potential_total"])
    assert plain(money(told["potential_total"], "EUR", 0)) in words(demo)


def test_without_a_history_of_additions_and_a_year_the_chapter_says_what_it_cannot_tell(ibm: Report) -> None:
    rows = stage(ibm, "customer_value")
    assert rows["potential_value"].isna().all()
    assert (rows["clv"] == rows["current_value"]).all()
    text = words(ibm)
    assert "what customers could bring by buying more cannot be told" in text
    assert "Whether the value comes true cannot be told yet" in text
    assert not {"potential_total", "value_came_ratio", "value_error"} & set(kpis(ibm)["metric"])


def test_what_came_of_last_years_value_is_published_as_the_chapter_says_it(demo: Report) -> None:
    rows = kpis(demo)
    came = rows[rows["metric"] == "value_came_ratio"].iloc[0]
    text = words(demo)
    told = decimal(came["value"], 2) if came["low"] <= 1 <= came["high"] else percent(abs(came["value"] - 1))
    assert plain(told) in text
    errors = rows[rows["metric"] == "value_error"].set_index("class")["value"]
    assert set(errors.index) == {MODEL, *RULES}
    assert errors[MODEL] == errors.min()
    assert plain(money(errors[MODEL], "EUR", 0)) in text


def test_the_quarter_ahead_is_published_as_stored_and_adds_up(demo: Report) -> None:
    stored = stage(demo, "forecast").set_index("metric")
    assert set(stored["quarter"]) == {"2026-Q4"}
    told = kpis(demo).set_index("metric")
    for name in ("base", "churn_rate", "arpu", "revenue"):
        row = told.loc[f"next_{name}"]
        assert [row[edge] for edge in EDGES] == pytest.approx(list(stored.loc[name, EDGES]))
        assert row["low"] < row["value"] < row["high"]
    closing = told.at["customers", "value"]
    value = stored["value"]
    assert value["base"] == pytest.approx(closing + value["joiners"] - value["leavers"])
    assert value["revenue"] == pytest.approx(value["customer_months"] * value["arpu"])
    scored = stage(demo, "leavers_ahead").set_index("metric").loc["churn_3m"]
    assert value["leavers"] > scored["leavers"]  # those of the scored, of the others, and of who joins meanwhile
    assert plain(money(value["revenue"], "EUR", 0)) in words(demo)
