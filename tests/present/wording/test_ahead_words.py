"""Sentences about the quarter ahead."""

from __future__ import annotations

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.models.quarter_ahead import METRICS, Told
from analysis.present.wording import ahead

NOW = Quarter(2026, 3)
NAN = float("nan")
NOTHING = pd.DataFrame(columns=["metric", "value", "low", "high"])
VALUES = {"base": 1000.0, "joiners": 50.0, "leavers": 40.0, "churn_rate": 0.04, "customer_months": 3000.0}
VALUES |= {"arpu": 20.0, "revenue": 60_000.0}
CAME = VALUES | {"base": 990.0, "leavers": 60.0}


def plain(text: str) -> str:
    return " ".join(text.split())


def coming(*, money: bool = True) -> pd.DataFrame:
    rows = pd.DataFrame({"metric": list(METRICS), "value": [VALUES[name] for name in METRICS]})
    rows = rows.assign(low=rows["value"] * 0.9, high=rows["value"] * 1.1)
    hidden = rows["metric"].isin(["arpu", "revenue"]) & (not money)
    return rows.assign(low=rows["low"].mask(hidden), high=rows["high"].mask(hidden))


def test_the_bottom_line_tells_base_churn_and_revenue_with_intervals():
    got = plain(ahead.bottom_line(coming(), now=NOW, currency="EUR"))
    assert got == (
        "Expected of Q4 2026: 1,000 (900 to 1,100) customers at its end, a churn rate of 4.0 % (3.6 to 4.4 %), revenue "
        "of €60,000 (€54,000 to €66,000)."
    )


def test_revenue_without_an_interval_is_no_headline_and_the_note_says_why():
    assert "revenue" not in ahead.bottom_line(coming(money=False), now=NOW, currency="EUR")
    assert "have no interval" in ahead.how(coming(money=False), stored=False, known=True)
    assert "have no interval" not in ahead.how(coming(), stored=False, known=True)


def test_both_quarters_stand_side_by_side_and_what_missed_is_the_title():
    rows = ahead.rows(Told(coming(), coming(), False, CAME), currency="EUR", hidden=frozenset())
    told = rows.set_index("name")
    assert told.loc["Leavers", "inside"] == "no"
    assert told.loc["Customers at the end", "inside"] == "yes"
    assert plain(told.loc["Leavers", "said_between"]) == "36 to 44"
    assert ahead.words(rows, now=NOW)["finding"] == "Q3 2026 came otherwise than foretold in leavers"
    right = ahead.rows(Told(coming(), coming(), False, VALUES), currency="EUR", hidden=frozenset())
    assert ahead.words(right, now=NOW)["finding"] == "Q3 2026 came as foretold, within the intervals"


def test_what_is_secret_of_the_last_quarter_is_not_told():
    base = pd.DataFrame({"joiners_masked": [True], "leavers_masked": [True], "churn_rate_masked": [True]})
    hidden = ahead.secret(base.assign(closing_masked=False))
    assert hidden == {"joiners", "leavers", "churn_rate"}
    rows = ahead.rows(Told(coming(), coming(), False, CAME), currency="EUR", hidden=hidden).set_index("name")
    assert rows.loc["Leavers", ["came", "inside"]].tolist() == ["–", "–"]
    assert ahead.secret(base.iloc[:0]) == frozenset()


def test_without_a_forecast_it_is_said():
    assert ahead.bottom_line(NOTHING, now=NOW, currency="EUR") == ahead.NOT_YET
    rows = ahead.rows(Told(NOTHING, NOTHING, False, {}), currency="EUR", hidden=frozenset())
    assert ahead.words(rows, now=NOW)["finding"] == "What Q4 2026 is expected to bring"
    assert "is not known" in ahead.how(NOTHING, stored=False, known=False)
    assert "the report of the quarter before printed" in ahead.how(NOTHING, stored=True, known=True)
