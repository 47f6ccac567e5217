"""Sentences of the section on products."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.present.wording import affinity

Q3 = Quarter(2026, 3)
RULES = pd.DataFrame(
    {
        "given": ["cloud and smart_home", "tv"], "product": ["security", "voice"], "customers": [400.0, 900.0],
        "holders": [200.0, 300.0], "share": [0.1, 0.2], "confidence": [0.496, 0.33], "lift": [4.96, 1.65],
        "low": [0.4, 0.3], "high": [0.55, 0.36], "masked": False,
    }
)  # fmt: skip


def hits(difference: float = 0.15, low: float = 0.1) -> pd.DataFrame:
    rows = [
        ("additions", 3, 400, 0.88, difference, low, 0.2), ("popularity", 3, 400, 0.73, None, None, None),
        ("additions", 1, 400, 0.43, 0.25, 0.2, 0.3), ("popularity", 1, 400, 0.18, None, None, None),
    ]  # fmt: skip
    names = ["method", "places", "adders", "rate", "difference", "difference_low", "difference_high"]
    return pd.DataFrame(rows, columns=names).assign(low=0.7, high=0.9)


NO_HITS = hits().head(0)


def test_the_bottom_line_tells_the_strongest_rule_and_how_good_offers_are():
    assert affinity.bottom_line(["cloud", "tv"], RULES, hits(), method="additions") == (
        "Who holds cloud and smart home holds security 5.0 times as often as customers do on average. Of 400 customers "
        "who added a product in the last quarter, offers by past additions of like customers would have named it among "
        "three for 88 %, plain popularity for 73 %: 15 points fewer (10 to 20)."
    )


def test_where_popularity_is_not_beaten_the_bottom_line_says_so():
    got = affinity.bottom_line(["cloud", "tv"], RULES.head(0), hits(-0.01, -0.1), method="popularity")
    assert got == (
        "No two products are held together clearly more often than chance would have it. Of 400 customers who added a "
        "product in the last quarter, none of the ways of choosing named it clearly more often than plain popularity: "
        "offers go by popularity."
    )
    words = affinity.hit_words(hits(-0.01, -0.1), method="popularity", quarter=Q3)
    assert words["finding"] == "No way of choosing clearly beats popularity"


@pytest.mark.parametrize(
    ("products", "said"),
    [
        (
            [],
            "The source tells no products held: nothing can be said about what goes together, or about what to offer.",
        ),
        (["tv"], "Only one product is held, TV: there is nothing that could go together with it."),
    ],
)
def test_without_products_or_with_a_single_one_the_bottom_line_says_so(products, said):
    assert affinity.bottom_line(products, RULES.head(0), NO_HITS, method="rules") == said


def test_an_offer_that_cannot_be_judged_says_so():
    got = affinity.bottom_line(["cloud", "tv"], RULES, NO_HITS, method="rules")
    assert got.endswith("Too few products were added to judge an offer by what happened next.")
    assert affinity.hit_words(NO_HITS, method="rules", quarter=Q3)["finding"] == (
        "Offers cannot be judged: too few customers added a product, or too little history"
    )


def test_a_rate_that_may_not_be_told_is_said_to_be_of_too_few():
    hidden = hits().assign(rate=float("nan"), difference=float("nan"))
    got = affinity.bottom_line(["cloud", "tv"], RULES, hidden, method="additions")
    assert got.endswith("Too few added a product, or were named another, to tell how good the offers are.")
    words = affinity.hit_words(hidden, method="additions", quarter=Q3)
    assert words["finding"] == "Too few were named another product to tell how good the offers are"


def test_a_rule_is_told_of_a_hundred_holders():
    assert affinity.rule_rows(RULES)["told"].tolist() == [
        "Of 100 who hold cloud and smart home, 50 hold security",
        "Of 100 who hold TV, 33 hold voice",
    ]
    assert affinity.rule_words(RULES, smallest=11)["finding"] == (
        "50 of 100 who hold cloud and smart home hold security, 5.0 times as many as expected"
    )
    assert affinity.rule_words(RULES.head(0), smallest=11)["finding"] == (
        "No product is clearly held more often by those who hold others"
    )


def test_the_map_names_what_goes_together_and_what_does_not():
    pairs = RULES.assign(given=["smart_home", "tv"], low=[0.4, 0.1], lift=[2.5, 0.4], share=[0.2, 0.5])
    rows = affinity.map_rows(pairs)
    assert rows["clear"].tolist() == [True, True]
    words = affinity.map_words(rows)
    assert words["finding"] == "Smart home with security go together; TV with voice seldom do"
    assert "of those with smart home 50 % hold security (all customers 20 %)" in words["alt"].replace("Of", "of")
    unclear = affinity.map_rows(pairs.assign(low=0.0, high=1.0))
    assert affinity.map_words(unclear)["finding"] == "No two products clearly go together"
    nothing = affinity.map_words(affinity.map_rows(pairs.head(0)))
    assert nothing["finding"] == "No two products are held by enough customers to be shown together"


OFFERED = pd.DataFrame(
    {
        "kind": ["new", "new", "upgrade", "upgrade"], "what": ["tv", None, "Fibre 500", None],
        "customers": [900.0, 12.0, 300.0, 612.0], "masked": False,
    }
)  # fmt: skip


def test_offers_are_told_by_the_products_most_are_likeliest_to_add():
    rows = affinity.next_rows(OFFERED)
    assert rows["what"].tolist() == ["TV", affinity.NOTHING, "Fibre 500", affinity.NOTHING]
    assert rows["kind"].tolist() == ["New product"] * 2 + ["Better plan"] * 2
    assert affinity.next_words(OFFERED, method="additions", smallest=11)["finding"] == (
        "The next product is TV for 900 customers"
    )
    nobody = affinity.next_words(OFFERED[OFFERED["what"].isna()], method="rules", smallest=11)
    assert nobody["finding"] == "Nobody can be offered a new product yet"
    plans = affinity.next_words(OFFERED[OFFERED["kind"] == "upgrade"], method="rules", smallest=11)
    assert plans["finding"].endswith("; Fibre 500 is the better plan for 300 customers")


def test_the_picture_of_hits_names_the_way_in_use_beside_popularity():
    words = affinity.hit_words(hits(), method="additions", quarter=Q3)
    assert words["finding"] == (
        "Offers by past additions of like customers name the right product among three for 88 % of those who add one, "
        "by popularity for 73 %"
    )
    assert "in Q3 2026" in words["subtitle"]
    rows = affinity.hit_rows(hits())
    assert rows["group"].tolist() == ["One of the first three"] * 2 + ["The product named first"] * 2
    assert rows["way"].tolist() == ["Added by like customers", "Popularity: held by most"] * 2


def test_what_to_know_before_an_offer_is_told_where_products_are():
    assert affinity.cautions("rules", ["customers"]) == [
        "Nothing is offered to anybody: which products they hold is not known."
    ]
    got = affinity.cautions("additions", ["subscriptions"])
    assert len(got) == 3
    assert got[0] == (
        "A new product is chosen from what customers with like products, technology and type of customer added in past "
        "quarters, of themselves or after a campaign."
    )
