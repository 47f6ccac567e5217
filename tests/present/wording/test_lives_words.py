"""Sentences about how long customers stay, and in which months they leave."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.class_rules import Dimension
from analysis.models.returns import Returns
from analysis.present.wording import lives

NAN = float("nan")
RULES = {"contract": Dimension("contract", "Contract")}
NOTHING_REFUSED = pd.DataFrame(columns=["covariate", "rule", "figure", "reason"])


def means(*rows):
    return pd.DataFrame(rows, columns=["months", "mean", "low", "high", "at_risk"])


def of_classes(*rows):
    columns = ["class", "months", "mean", "low", "high", "at_risk", "difference", "difference_low", "difference_high"]
    return pd.DataFrame(rows, columns=columns).assign(dimension="contract", beside="monthly")


def bands(*rows):
    table = pd.DataFrame(rows, columns=["begins", "ends", "leavers", "lived", "stands_out"])
    return table.assign(hazard=table["leavers"] / table["lived"], low=0.0, high=1.0)


TWO_CLASSES = of_classes(
    ("monthly", 12, 10.0, 9.8, 10.2, 500, NAN, NAN, NAN),
    ("monthly", 24, 18.0, 17.5, 18.5, 400, NAN, NAN, NAN),
    ("monthly", 36, NAN, NAN, NAN, 5, NAN, NAN, NAN),
    ("two years", 12, 11.5, 11.4, 11.6, 600, 1.5, 1.2, 1.8),
    ("two years", 24, 22.0, 21.6, 22.4, 550, 4.0, 3.4, 4.6),
    ("two years", 36, 30.0, 29.0, 31.0, 300, NAN, NAN, NAN),
)


def test_the_mean_is_told_of_the_longest_stretch_that_was_observed():
    got = lives.mean_sentence(means((12, 11.2, 11.1, 11.3, 900), (24, 20.7, 20.5, 21.0, 700), (36, NAN, NAN, NAN, 3)))
    assert got == "Of its first 24 months a customer stays 20.7 on average (95 % interval 20.5 to 21.0)."


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (((12, 12.0, NAN, NAN, 50),), "Of its first 12 months a customer stays 12.0 on average: nobody left."),
        (
            ((12, NAN, NAN, NAN, 3), (3, 2.9, 2.8, 3.0, 60)),
            "How many of its first months a customer stays cannot be told",
        ),
    ],
)
def test_a_mean_without_a_spread_and_one_that_cannot_be_told_say_so(rows, said):
    assert lives.mean_sentence(means(*rows)).startswith(said)


def test_means_stand_beside_the_readings_of_their_month():
    readings = pd.DataFrame({"months": [3.0, 12.0], "honest": [0.97, 0.87]})
    got = lives.with_means(readings, means((12, 11.2, 11.1, 11.3, 900), (36, 28.0, 27.0, 29.0, 5)))
    assert got["mean"].tolist() == [pytest.approx(NAN, nan_ok=True), 11.2]
    assert got["mean_high"].tolist() == [pytest.approx(NAN, nan_ok=True), 11.3]


def test_classes_stand_in_rows_with_their_means_and_the_difference_at_the_last_month_both_have():
    got = lives.class_mean_rows(TWO_CLASSES, RULES).to_dict("records")
    assert got == [
        {
            "label": "Contract", "class": "monthly", "at_risk": 400, "after_12": "10.0 (9.8 to 10.2)",
            "after_24": "18.0 (17.5 to 18.5)", "after_36": "–", "difference": "–",
        },
        {
            "label": "Contract", "class": "two years", "at_risk": 300, "after_12": "11.5 (11.4 to 11.6)",
            "after_24": "22.0 (21.6 to 22.4)", "after_36": "30.0 (29.0 to 31.0)", "difference": "+4.0 (3.4 to 4.6)",
        },
    ]  # fmt: skip


def test_the_largest_clear_difference_is_the_finding():
    got = lives.class_mean_words(TWO_CLASSES, RULES, smallest=11)["finding"]
    assert got == "By contract: of the first 24 months “two years” stay 22.0, 4.0 more than “monthly”"


def test_where_no_difference_is_clear_or_nothing_is_known_the_finding_says_so():
    unclear = TWO_CLASSES.assign(difference_low=-1.0)
    assert lives.class_mean_words(unclear, RULES, smallest=11)["finding"].startswith("No class stays clearly longer")
    unknown = TWO_CLASSES.assign(mean=NAN, difference=NAN, difference_low=NAN, difference_high=NAN)
    assert lives.class_mean_words(unknown, RULES, smallest=11)["finding"].endswith("cannot be told")
    assert lives.class_mean_words(TWO_CLASSES.head(0), RULES, smallest=11)["finding"].endswith("cannot be told")
    assert list(lives.class_mean_rows(TWO_CLASSES.head(0), RULES).columns)[:3] == ["label", "class", "at_risk"]


# --------------------------------------------------------------------------------------------------- months of leaving

PEAKS = bands(
    (0.0, 11.5, 100, 10_000, 0), (11.5, 12.5, 40, 1000, 1), (12.5, 23.5, 80, 8_000, 0), (23.5, 24.5, 50, 1000, 1)
)


def test_the_months_that_stand_out_are_named_with_the_highest_of_them():
    got = lives.tenure_words(PEAKS)["finding"]
    assert got == "Many leave around 12 and 24 months: 5.0 % in the month around 24, 1.0 % in other months"


def test_where_no_month_stands_out_the_pace_is_told():
    even = bands((0.0, 0.5, 14, 1_000, 0), (0.5, 1.5, 14, 1_000, 0), (1.5, 2.5, 14, 1_000, 0))
    got = lives.tenure_words(even)["finding"]
    assert got == "No month of the first 2 stands out: about 1.4 % leave in each"
    assert lives.tenure_words(PEAKS.head(0))["finding"] == "Nobody or too few left to show in which months"


def test_of_months_taken_together_nothing_is_said_of_single_ones():
    """Leavers all at the end of yearly contracts, too few to show a month by itself: each band holds one such end."""
    yearly = bands((0.0, 12.5, 50, 2_000, 0), (12.5, 24.5, 40, 2_000, 0), (24.5, 25.5, 30, 2_000, 0))
    got = lives.tenure_words(yearly)["finding"]
    assert got == "Too few left to tell single months apart: 2.0 % a month leave in the first 25"


def test_the_month_of_an_end_is_told_beside_the_months_before_it():
    found = bands(
        (-2.5, -1.5, 10, 1000, 0), (-1.5, -0.5, 30, 1000, 0), (-0.5, 0.5, 90, 1000, 1), (0.5, 1.5, 20, 1000, 0)
    )
    got = lives.around_words({lives.CONTRACT: found, lives.PROMOTION: found}, NOTHING_REFUSED)["finding"]
    assert got == (
        "Around the end of a contract 9.0 % leave in a month, 2.0 % before it; "
        "around the end of a promotion 9.0 % leave in a month, 2.0 % before it"
    )
    assert list(lives.drawn({lives.CONTRACT: found, lives.PROMOTION: found.head(0)})) == [lives.CONTRACT]


def test_an_end_that_is_not_told_or_not_believed_is_said_to_be():
    refused = pd.DataFrame([("contract_end_date", "renewals", 0.3, "…")], columns=NOTHING_REFUSED.columns)
    nothing = {lives.CONTRACT: PEAKS.head(0), lives.PROMOTION: PEAKS.head(0)}
    assert lives.around_words(nothing, refused)["finding"] == (
        "The ends of contracts are not believed, for renewals may write over them; "
        "when promotions end is not told, or too few left around it"
    )
    assert lives.around_words(nothing, NOTHING_REFUSED)["finding"].startswith("When contracts end is not told")


# ------------------------------------------------------------------------------------------------ laws and those back


def laws(*rows):
    return pd.DataFrame(rows, columns=["law", "difference"])


def test_the_nearest_law_is_told_with_those_as_near_and_those_farther():
    got = lives.law_sentence(laws(("weibull", 0.0), ("exponential", 1.4), ("log-normal", 55.8)))
    assert got == (
        "Of 3 laws of lifetimes the Weibull comes nearest to tenure by AIC, the exponential as near (log-normal 55.8 "
        "above it). It says that the pace of leaving rises or falls steadily with tenure. None of them knows of months "
        "in which terms end."
    )
    assert lives.law_sentence(laws()) == "Nobody or too few left to tell which law of lifetimes tenure follows."
    assert "rises at first and falls" in lives.law_sentence(laws(("log-logistic", 0.0), ("weibull", 9.0)))


NEW = "A return begins a new spell, with a tenure of its own."
SO_FAR = "Of about 900 times that a customer left, 40 have ended in a return so far"
WITHIN = "within 12 months of leaving 6.2 % are back (5.0 to 8.0 %), half of them within 4.5 months"


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (Returns(0, 0, NAN, NAN, NAN, NAN), "Nobody has left under observation long enough ago to have come back."),
        (Returns(90, 0, NAN, NAN, NAN, NAN), "Nobody of those who left has come back so far."),
        (Returns(90, 4, NAN, NAN, NAN, NAN), "Fewer than 11 of those who left have come back so far."),
        (Returns(90, 84, NAN, NAN, NAN, NAN), "Fewer than 11 of those who left have stayed away so far."),
        (Returns(903, 38, NAN, NAN, NAN, NAN), f"{SO_FAR}. {NEW}"),
        (Returns(903, 38, 0.062, 0.05, 0.08, 4.5), f"{SO_FAR}: {WITHIN}. {NEW}"),
    ],
)
def test_returns_are_told_as_far_as_they_can_be(back, said):
    assert lives.return_sentence(back, smallest=11) == said
