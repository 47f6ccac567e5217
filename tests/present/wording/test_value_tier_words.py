"""Sentences about value tiers."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.lorenz import lorenz_curve
from analysis.measures.tier_moves import COLUMNS
from analysis.measures.value_tiers import TierEdges
from analysis.present.wording import value_tiers as wording


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


EDGES = TierEdges("customers", 0.2, 0.3)


def finding(rows: pd.DataFrame, edges: TierEdges = EDGES) -> str:
    return said(wording.tier_finding(rows, edges=edges, currency="CNY"))


def tiers(revenue: float = 0.36, reach: float = 0.02, *, masked: bool = False) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "tier": ["high", "medium", "low"],
            "customer_share": [0.2, 0.3, 0.5],
            "share": [0.43, 0.32, 0.25],
            "revenue_share": [revenue, 0.3, 0.7 - revenue],
        }
    )
    rows = rows.assign(revenue_low=rows["revenue_share"] - reach, revenue_high=rows["revenue_share"] + reach)
    return rows.assign(masked=[masked, masked, False])


def test_the_finding_holds_the_revenue_of_the_high_tier_against_what_is_expected_of_it() -> None:
    assert finding(tiers()) == (
        "The high tier, 20 % of the customers, holds 43 % of the lifetime value and brings 36.0 % of the last "
        "quarter’s revenue (34.0 to 38.0 %): less than the 60 % that a rule of thumb of the trade expects of high "
        "value."
    )
    more = finding(tiers(0.65))
    assert more.endswith(": more than the 60 % that a rule of thumb of the trade expects of high value.")
    assert "not clearly other than the 60 %" in finding(tiers(0.61))


def test_a_quarter_without_bills_and_a_masked_tier_make_no_claim() -> None:
    unbilled = tiers().assign(revenue_share=None, revenue_low=None, revenue_high=None)
    assert finding(unbilled).endswith("is not told, for want of bills of the whole quarter.")
    assert "revenue" not in wording.share_words(unbilled, edges=EDGES, horizon=36, currency="EUR")["finding"]
    assert finding(tiers(masked=True)) == "What the high tier holds is masked to protect a small group."
    for nothing in (tiers(masked=True), tiers().head(0)):
        assert wording.share_rows(nothing).empty
        assert wording.share_words(nothing, edges=EDGES, horizon=36, currency="EUR")["finding"] + "." == finding(
            nothing
        )
        assert wording.lorenz_marks(lorenz_curve(pd.Series(range(1, 100)).to_numpy("float64")), nothing).empty


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (("low",), "No customer reaches CN¥4,500: all are of low value."),
        (("medium",), "No customer reaches CN¥9,000: all are of medium value."),
        (("high",), "All customers are of high value."),
        (
            ("medium", "low"),
            (
                "No customer reaches CN¥9,000: 30 % are of medium value and hold 32 % of it all, the others are of low "
                "value."
            ),
        ),
        ((), "Value tiers cannot be told: nobody has a value."),
    ],
)
def test_where_a_tier_is_empty_the_truth_about_the_others_is_told(shown: tuple[str, ...], words: str) -> None:
    some = tiers()[tiers()["tier"].isin(shown)]
    edges = TierEdges("amount", 9000, 4500)
    assert finding(some, edges=edges) == words
    title = wording.share_words(some, edges=edges, horizon=36, currency="CNY")
    assert said(title["finding"]) + "." == words
    assert said(title["alt"]).startswith(words)


def test_without_a_high_tier_by_shares_no_amount_is_named() -> None:
    some = tiers()[1:]
    assert finding(some).startswith("No customer is of high value: 30 % are of medium value")
    assert finding(some.tail(1)) == "All customers are of low value."
    assert finding(tiers().assign(share=None)).endswith("all customers together are worth nothing.")


def test_high_and_low_without_a_medium_tier_are_told_as_ever() -> None:
    assert finding(tiers().drop(index=1)).startswith("The high tier, 20 % of the customers, holds 43 %")


def test_a_lone_tier_keeps_the_place_it_has_among_all() -> None:
    got = wording.share_rows(tiers().tail(1).assign(share=1.0, customer_share=1.0, revenue_share=1.0))
    assert got["name"].tolist() == ["High", "Medium", "Low"] * 3
    assert got["share"].tolist() == [0.0, 0.0, 1.0] * 3


@pytest.mark.parametrize(
    ("edges", "words"),
    [
        (EDGES, "in order of value, high the first 20 % of the customers, medium the next 30 %"),
        (TierEdges("value", 0.6, 0.25), "in order of value, high the first 60 % of all value, medium the next 25 %"),
        (TierEdges("amount", 9000, 4500), "high from CN¥9,000, medium from CN¥4,500"),
    ],
)
def test_the_edges_are_told_as_they_are_given(edges: TierEdges, words: str) -> None:
    assert said(wording.edge_sentence(edges, currency="CNY")) == words


def test_the_picture_divides_customers_value_and_what_revenue_is_known() -> None:
    got = wording.share_rows(tiers())
    assert got["group"].unique().tolist() == ["Customers", "Lifetime value", "Revenue"]
    assert got.groupby("group")["share"].sum().tolist() == pytest.approx([1, 1, 1])
    unbilled = wording.share_rows(tiers().assign(revenue_share=float("nan")))
    assert unbilled["group"].unique().tolist() == ["Customers", "Lifetime value"]


def test_customers_without_a_value_are_told_and_a_few_are_not_counted() -> None:
    subtitles = [
        wording.tier_words(tiers(), without=number, invoiced=True, smallest=11)["subtitle"] for number in (0, 1, 30)
    ]
    assert "tier" not in subtitles[0]
    assert subtitles[1].endswith("; fewer than 11 active customers have no value and no tier")
    assert subtitles[2].endswith("; 30 active customers have no value and no tier")
    assert (
        wording.tier_words(tiers().head(0), without=0, invoiced=True, smallest=11)["finding"]
        == "No value tier can be told"
    )


def test_the_curve_tells_its_half_and_the_coefficient() -> None:
    curve = lorenz_curve(pd.Series([1.0] * 50 + [3.0] * 50).to_numpy())
    words = wording.lorenz_words(curve, (0.25, 0.22, 0.28))
    assert said(words["finding"]) == "The less valuable half of the customers holds 25 % of the value"
    assert said(words["subtitle"]).endswith("; Gini coefficient 0.25 (0.22 to 0.28), where 0 is even")
    mark = wording.lorenz_marks(curve, tiers()).iloc[0]
    assert (mark["customers"], mark["value"]) == pytest.approx((0.8, 0.57))
    assert (said(mark["words"]), said(mark["more"])) == ("the most valuable 20 %", "hold 43 % of the value")
    never = wording.lorenz_words(curve.head(0), (float("nan"),) * 3)
    assert never["finding"].startswith("How unevenly the value is spread cannot be told")


def moves(kept: float | None) -> pd.DataFrame:
    row = dict.fromkeys(COLUMNS) | {
        "tier": None, "customers": 400, "kept": kept, "kept_low": 0.6, "kept_high": 0.7, "rose": 0.2, "fell": None,
    }  # fmt: skip
    return pd.DataFrame([row, row | {"tier": "high"}])


def test_who_kept_a_tier_is_told_or_why_it_cannot_be() -> None:
    got = wording.move_words(moves(0.65), previous="2026-Q2")
    assert said(got["finding"]) == "65.0 % (60.0 to 70.0 %) kept their value tier; 20.0 % rose"
    assert wording.move_rows(moves(0.65))["name"].tolist() == ["All", "High"]
    assert "masked" in wording.move_words(moves(None), previous="2026-Q2")["finding"]
    never = wording.move_words(moves(0.65).head(0), previous="2026-Q2")["finding"]
    assert never.startswith("Who kept a value tier cannot be told yet: no report of 2026-Q2")


def test_without_invoices_the_table_speaks_of_fees() -> None:
    billed, fees = (
        wording.tier_words(tiers(), without=0, invoiced=one, smallest=11)["subtitle"] for one in (True, False)
    )
    assert "what they were billed for the last quarter" in billed
    assert "the fees of the last quarter (no invoices)" in fees and "billed" not in fees


def test_an_interval_that_prints_as_one_number_is_left_out() -> None:
    assert "100.0 % of the last quarter’s revenue: more" in finding(tiers(1.0, 0.00001))
    alike = wording.move_words(moves(0.65).assign(kept_low=0.65, kept_high=0.65), previous="2026-Q2")
    assert said(alike["finding"]) == "65.0 % kept their value tier; 20.0 % rose"
