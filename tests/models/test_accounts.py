"""A forecast called to account, by hand: in all, by class, by tenth, stored or refitted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.measures.class_rules import Dimension
from analysis.models.accountability import REFITTED, STORED, accounted, ageing, foretold_by, history
from analysis.models.accounts import by_class, tenths, top, totals
from analysis.models.held_against import METRICS, Held

NOTHING = pd.DataFrame(columns=METRICS)
RULES = {"contract": Dimension("contract", "Contract")}


def came(left: list[int], *, classes: list[str] | None = None, chose: list[int] | None = None) -> pd.DataFrame:
    """Customers C0, C1, … at the end of June, 1 for those who left in the quarter after."""
    count = len(left)
    return pd.DataFrame(
        {
            "customer_id": [f"C{place:04d}" for place in range(count)],
            "landmark": pd.Timestamp("2026-06-30"),
            "ahead": np.where(np.array(left) == 1, 1.5, 3.0),
            "leaves": left,
            "chose": left if chose is None else chose,
            "contract_class": classes or ["monthly"] * count,
        }
    )


def said(risk: list[float]) -> pd.DataFrame:
    ids = [f"C{place:04d}" for place in range(len(risk))]
    return pd.DataFrame({"customer_id": ids, "churn_1m": np.array(risk) / 3, "churn_3m": risk, "voluntary_3m": np.nan})


def test_as_many_left_as_foretold():
    account = accounted(came([1] * 20 + [0] * 180), stored=None, refitted=said([0.1] * 200))
    got = totals(account, judged=NOTHING, smallest=11)
    assert got["group"].tolist() == ["all"]
    assert got.loc[0, ["customers", "expected", "left", "ratio"]].tolist() == [
        200,
        pytest.approx(20),
        20,
        pytest.approx(1),
    ]
    assert got.loc[0, "low"] < 1 < got.loc[0, "high"]
    assert not got.loc[0, "masked"]


def test_who_left_after_the_quarter_stayed_in_it():
    rows = came([1] * 20 + [0] * 180).assign(ahead=[3.5] * 20 + [12.0] * 180)
    assert accounted(rows, stored=None, refitted=said([0.1] * 200)).left == 0


def test_few_leavers_are_not_told_and_few_who_left_otherwise_hide_those_by_choice():
    few = totals(
        accounted(came([1] * 5 + [0] * 195), stored=None, refitted=said([0.1] * 200)), judged=NOTHING, smallest=11
    )
    assert few["masked"].tolist() == [True] and few["ratio"].isna().all()
    rows = came([1] * 30 + [0] * 170, chose=[1] * 25 + [0] * 175)
    both = accounted(rows, stored=None, refitted=said([0.1] * 200).assign(voluntary_3m=0.08))
    got = totals(both, judged=NOTHING, smallest=11).set_index("group")
    assert got["masked"].to_dict() == {"all": False, "voluntary": True}


def test_the_printed_forecast_is_called_to_account_and_another_providers_is_not():
    rows, today = came([1] * 20 + [0] * 180), said([0.2] * 200)
    assert accounted(rows, stored=said([0.1] * 200), refitted=today).basis == STORED
    strangers = said([0.1] * 200).assign(customer_id=lambda of: "X" + of["customer_id"])
    assert accounted(rows, stored=strangers, refitted=today).basis == REFITTED
    got = accounted(rows.head(190), stored=said([0.1] * 200), refitted=today)
    assert (got.basis, got.scored, len(got.rows)) == (STORED, 200, 190)


def test_without_a_forecast_there_is_no_account():
    got = accounted(came([1, 0]), stored=None, refitted=foretold_by(None))
    assert got.rows.empty and got.left == 0
    assert totals(got, judged=NOTHING, smallest=11).empty
    assert tenths(got).empty and top(got).empty
    assert by_class(got, RULES, smallest=11).empty
    assert history(got, totals(got, judged=NOTHING, smallest=11), period="2026-Q3", before=None).empty


def test_a_class_that_left_far_more_often_than_foretold_is_named_and_one_within_chance_is_not():
    left = [1] * 60 + [0] * 140 + [1] * 21 + [0] * 179
    rows = came(left, classes=["monthly"] * 200 + ["yearly"] * 200)
    account = accounted(rows, stored=None, refitted=said([0.1] * 400))
    got = by_class(account, RULES, smallest=11).set_index("class")
    assert got["beyond"].to_dict() == {"monthly": 1, "yearly": 0}
    assert got.loc["monthly", "ratio"] == pytest.approx(3)
    assert got.loc["monthly", "p_value"] == pytest.approx(2 * 1.2e-21, rel=1)


def test_a_class_with_few_leavers_is_masked_and_named_by_nothing():
    rows = came([1] * 60 + [0] * 140 + [1] * 4 + [0] * 196, classes=["monthly"] * 200 + ["yearly"] * 200)
    got = by_class(accounted(rows, stored=None, refitted=said([0.1] * 400)), RULES, smallest=11).set_index("class")
    assert got["masked"].all() and not got["beyond"].any()


def test_one_model_is_followed_from_quarter_to_quarter():
    rows = came([1] * 20 + [0] * 180)
    grid = np.tile([0.05, 0.2, 0.3, 0.4, 0.5], (200, 1))
    got = ageing([Held(rows, grid, grid), Held(rows, grid / 2, grid)])
    assert got["ratio"].tolist() == pytest.approx([0.5, 1.0])
    assert ageing([]).empty


def test_accounts_are_kept_quarter_by_quarter_and_the_later_word_counts():
    account = accounted(came([1] * 20 + [0] * 180), stored=None, refitted=said([0.1] * 200))
    whole = totals(account, judged=NOTHING, smallest=11)
    first = history(account, whole.assign(ratio=0.7), period="2026-Q2", before=None)
    got = history(account, whole, period="2026-Q3", before=first)
    assert got["quarter"].tolist() == ["2026-Q2", "2026-Q3"]
    assert got["ratio"].tolist() == pytest.approx([0.7, 1.0])
    again = history(account, whole.assign(ratio=0.8), period="2026-Q3", before=got)
    assert again["ratio"].tolist() == pytest.approx([0.7, 0.8])


def test_the_account_of_a_quarter_reads_the_month_and_the_quarter_foretold():
    held = Held(came([0, 1]), np.array([[0.01, 0.03, 0.1, 0.2, 0.3]] * 2), np.array([[0.0, 0.02, 0.1, 0.1, 0.1]] * 2))
    got = foretold_by(held)
    assert got.loc[0, ["churn_1m", "churn_3m", "voluntary_3m"]].tolist() == [0.01, 0.03, 0.02]
