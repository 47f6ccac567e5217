"""The forecast and the value of a report: its tables, its published figures and its sentences agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from analysis.models.families import family
from analysis.present.numbers import count, decimal, money

if TYPE_CHECKING:
    from tests.reports.conftest import Report

SCORES = [
    "customer_id", "churn_1m", "churn_3m", "churn_12m", "voluntary_1m", "voluntary_3m", "voluntary_12m",
    "months_left", "months_left_horizon", "reason_1", "reason_2", "reason_3",
]  # fmt: skip
VALUES = [
    "customer_id", "received_value", "current_value", "current_value_low", "current_value_high", "potential_value",
    "clv", "value_tier", "potential_value_low", "potential_value_high",
]  # fmt: skip
CURRENCY = {"2026-Q3": "EUR", "ibm-2019-Q3": "USD"}


def stage(report: Report, name: str) -> pd.DataFrame:
    return pd.read_parquet(report.run / f"{name}.parquet")


def words(report: Report, chapter: str) -> str:
    return " ".join(report.chapter(chapter).get_text().split())


def plain(text: str) -> str:
    return " ".join(text.split())


def test_every_active_customer_has_one_score_and_one_value(either: Report) -> None:
    active = stage(either, "customers").loc[lambda rows: rows["state"] == "active", "customer_id"]
    scores, values, ahead = (stage(either, name) for name in ("churn_scores", "customer_value", "survival_ahead"))
    assert scores.columns.tolist() == SCORES
    assert values.columns.tolist() == VALUES
    for rows in (scores, values, ahead):
        assert rows["customer_id"].tolist() == sorted(active)


def test_probabilities_grow_with_the_horizon_and_leaving_by_choice_is_part_of_leaving(either: Report) -> None:
    rows = stage(either, "churn_scores")
    for kind in ("churn", "voluntary"):
        grown = rows[[f"{kind}_{months}m" for months in (1, 3, 12)]].to_numpy()
        assert (grown >= 0).all()
        assert (np.diff(grown, axis=1) >= 0).all()
    for months in (1, 3, 12):
        assert (rows[f"voluntary_{months}m"] <= rows[f"churn_{months}m"] + 1e-9).all()
        assert (rows[f"churn_{months}m"] < 1).all()
    assert ((rows["months_left"] > 0) & (rows["months_left"] <= rows["months_left_horizon"])).all()


def test_survival_falls_and_agrees_with_the_scores(either: Report) -> None:
    rows, scores = stage(either, "survival_ahead"), stage(either, "churn_scores")
    survival = rows[[name for name in rows.columns if name.startswith("survival_")]].to_numpy()
    assert survival.shape[1] == 36
    assert (np.diff(survival, axis=1) <= 0).all()
    for months in (1, 3, 12):
        assert 1 - survival[:, months - 1] == pytest.approx(scores[f"churn_{months}m"].to_numpy(), abs=1e-8)


def test_the_published_figures_are_the_sums_of_the_tables(either: Report) -> None:
    scores, values = stage(either, "churn_scores"), stage(either, "customer_value")
    got = either.values
    assert got["expected_leavers_3m",] == pytest.approx(scores["churn_3m"].sum(), rel=1e-6)
    assert got["churn_3m",] == pytest.approx(scores["churn_3m"].mean(), rel=1e-6)
    assert got["churn_12m",] == pytest.approx(scores["churn_12m"].mean(), rel=1e-6)
    assert got["months_left",] == pytest.approx(scores["months_left"].mean(), rel=1e-6)
    assert got["value_total",] == pytest.approx(values["current_value"].sum(), rel=1e-9)
    assert got["received_value",] == pytest.approx(values["received_value"].sum(), rel=1e-9)
    for row in either.rows:
        if row["metric"] in {"expected_leavers_3m", "churn_3m", "voluntary_3m", "value_total", "value_per_customer"}:
            assert row["low"] < row["value"] < row["high"]


def test_the_bottom_lines_tell_the_published_figures(either: Report) -> None:
    leavers, total = (count(either.values["expected_leavers_3m",]), either.values["value_total",])
    amount = plain(money(total, CURRENCY[either.name], 0))
    assert f"{leavers} are expected to leave in" in words(either, "Who leaves, and when?")
    assert f"expected to bring {amount} of margin" in words(either, "What are they worth?")
    summary = words(either, "The quarter in brief")
    assert f"Who will leave next: {leavers} of" in summary
    assert amount in summary


def test_value_intervals_hold_the_value(either: Report) -> None:
    rows = stage(either, "customer_value").dropna(subset=["current_value"])
    assert len(rows)
    assert (rows["current_value_low"] <= rows["current_value"]).all()
    assert (rows["current_value"] <= rows["current_value_high"]).all()


def test_a_source_of_one_quarter_is_not_judged_and_says_so(ibm: Report) -> None:
    said = words(ibm, "Who leaves, and when?")
    assert "Not judged: too little history." in said
    assert "customers of equal tenure are given equal probabilities" in said
    assert "could not be held against an earlier quarter" in words(ibm, "The quarter in brief")
    assert not [key for key in ibm.values if key[0].startswith("model_")]


def test_a_forecast_that_was_judged_shows_by_what(demo: Report) -> None:
    said = words(demo, "Who leaves, and when?")
    assert "models judged on what they had not seen" in said
    assert ("Judged on" in said) != ("No model foretold" in said)
    assert "the 12 months after 30 September 2025" in said
    assert "12 months ahead" in said
    few = "Too few were seen leaving to hold probabilities" in said
    assert few != ("as many left as predicted, within chance" in said)
    assert {("model_auc_3m",), ("model_calibration_3m",)} <= demo.values.keys() or few


def test_what_the_value_rests_on_is_said(either: Report) -> None:
    said = words(either, "What are they worth?")
    assert "What the value is computed from" in said
    assert "Potential value: " in said
    assert "Margin received: today's active customers have brought" in said
    assert json.dumps(either.manifest["rows"]["50_value"]) == json.dumps(
        {"customer_value": len(stage(either, "customer_value")), "forecast": len(stage(either, "forecast"))}
    )


def test_a_forecast_called_to_account_agrees_with_its_validation_to_the_last_digit(demo: Report) -> None:
    assert pd.read_parquet(demo.run / "accountability.parquet")["basis"].tolist() == ["refitted"]
    rows = {row["metric"]: row for row in demo.rows if row["dimension"] is None}
    account, judged = rows["forecast_ratio_3m"], rows["model_calibration_3m"]
    assert [account[name] for name in ("value", "n", "low", "high")] == [
        judged[name] for name in ("value", "n", "low", "high")
    ]
    shown = f"{decimal(account['value'], 2)} times as many"
    assert shown in words(demo, "Who leaves, and when?")


def test_reasons_are_families_to_act_on_that_raise_the_risk(either: Report) -> None:
    why, scores = stage(either, "reasons"), stage(either, "churn_scores")
    said = words(either, "Who leaves, and when?")
    named = scores.set_index("customer_id")[["reason_1", "reason_2", "reason_3"]]
    if why.empty:
        assert named.isna().all().all()
        assert "No reasons are told" in said
        return
    rows = why.set_index("customer_id")
    assert rows[["reason_1", "reason_2", "reason_3"]].equals(named)
    for reason, carrier in (("reason_1", "carrier_1"), ("reason_2", "carrier_2"), ("reason_3", "carrier_3")):
        told = rows.dropna(subset=[reason])
        assert all(row[f"adds_{row[reason]}"] > 0 for row in told.to_dict("records"))
        assert [family(name) for name in told[carrier]] == told[reason].tolist()
    adds = [name for name in rows.columns if name.startswith("adds_")]
    assert rows[adds].mean().abs().max() == pytest.approx(0, abs=1e-6)


def test_published_shares_of_first_reasons_are_those_of_the_table(demo: Report) -> None:
    why = stage(demo, "reasons")
    highest = why[why["highest"] == 1]
    published = {key[2]: value for key, value in demo.values.items() if key[0] == "first_reason_share"}
    if why.empty:
        assert not published
    for reason, share in published.items():
        counted = (highest["reason_1"].fillna("none") == reason).sum()
        assert share == pytest.approx(counted / len(highest))
        assert counted == 0 or counted >= 11
