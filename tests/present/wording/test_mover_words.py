"""Sentences about the ways customers leave by, and about what moves leaving."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.models.families import FAMILIES
from analysis.models.movers.periods import TESTS
from analysis.models.movers.study import RATIOS, WAYS, Study
from analysis.present.columns_of_lives import movers as columns
from analysis.present.table import table
from analysis.present.wording import movers
from analysis.present.wording.churn import KINDS

COMPLAINED = ("complained", "complained", "service", "", 1.5, 1.2, 1.9)
OVERDUE = ("a bill overdue", "a bill overdue", "payment", "", 1.1, 0.9, 1.3)
UNBOUND = ("no contract", "no contract", "contract", "", 3.5, 3.0, 4.1)
RURAL = ("area: rural, not urban", "area", "profile", "", 0.8, 0.7, 0.9)
EARLY = ("complained", "complained", "service", "early", 2.5, 2.0, 3.1)
LATE = ("complained", "complained", "service", "late", 1.2, 0.9, 1.6)


def study(*ratios, kind="voluntary", verdict="", tests=(), remarks=(), turn=None):
    own = {one[1]: (one[1], 1.0, 1, 0.4, "same") for one in ratios} | {one[0]: one for one in tests}
    return Study(
        kind, verdict, pd.DataFrame(ratios, columns=list(RATIOS)), pd.DataFrame(own.values(), columns=list(TESTS)),
        pd.DataFrame(remarks, columns=["what", "reason"]), turn, 500, 4000,
    )  # fmt: skip


def shares(*rows):
    return pd.DataFrame(rows, columns=["kind", "months", "incidence", "low", "high"])


def test_the_ways_customers_have_left_by_the_last_month_are_the_finding():
    rows = shares(
        ("voluntary", 12, 0.1, 0.09, 0.11), ("voluntary", 24, 0.2, 0.19, 0.21), ("moved", 24, 0.05, 0.04, 0.06)
    )
    assert movers.share_words(rows)["finding"] == "After 24 months 20.0 % left by choice and 5.0 % moved away"
    got = movers.share_rows(rows)
    assert got["way"].tolist() == ["Left by choice", "Left by choice", "Moved away"]
    assert got["name"].tolist() == ["after 12 months", "after 24 months", "after 24 months"]


def test_the_ways_are_told_by_size_and_those_not_named_together():
    sizes = {"voluntary": 0.322, "moved": 0.046, "deceased": 0.018, "other": 0.029}
    rows = shares(*((kind, 36, share, 0, 1) for kind, share in sizes.items()))
    told = "After 36 months 32.2 % left by choice, 4.6 % moved away, 2.9 % left for other reasons and "
    assert movers.share_words(rows)["finding"] == f"{told}1.8 % died"
    more = pd.concat([rows, shares(("non_payment", 36, 0.006, 0, 1))])
    assert movers.share_words(more)["finding"] == f"{told}2.4 % left in other ways"


def test_a_way_that_is_not_known_is_said_to_be_and_no_share_is_no_finding():
    rows = shares(("not known", 24, 0.2, 0.19, 0.21))
    assert movers.share_words(rows)["finding"] == "After 24 months 20.0 % left for reasons not known"
    assert movers.share_rows(rows)["way"].tolist() == ["Left, it is not known why"]
    assert movers.share_words(rows.head(0))["finding"] == "Nobody or too few left to tell by which way"


def test_the_picture_has_families_in_their_order_and_the_farthest_first():
    got = movers.drawn_rows(study(UNBOUND, OVERDUE, COMPLAINED, RURAL))
    assert got["name"].tolist() == ["complained", "no contract", "a bill overdue"]
    assert got["family"].tolist() == ["Service and network", "Contract", "Payment"]


def test_the_clearest_ratios_are_the_finding():
    got = movers.drawn_words(study(OVERDUE, COMPLAINED, RURAL, UNBOUND))["finding"]
    most = "no contract (× 3.50), complained (× 1.50) and area: rural, not urban (× 0.80)"
    assert got == f"What moves leaving by choice most: {most}"
    assert movers.drawn_words(study(OVERDUE))["finding"] == "Nothing asked for clearly moves leaving by choice"
    nothing = study(verdict="Nobody left so while observed.", kind=None)
    assert movers.drawn_words(nothing)["finding"] == "What moves leaving cannot be told. Nobody left so while observed"
    assert movers.drawn_rows(nothing).empty


def test_a_ratio_by_period_is_named_with_it():
    one = study(LATE, EARLY, turn=24.0)
    assert movers.drawn_rows(one)["name"].tolist() == ["complained, early", "complained, later"]
    assert movers.drawn_words(one)["subtitle"].endswith("; early: in the first 24 months")


def test_the_table_has_who_customers_are_and_what_is_clear_in_other_ways():
    moved = study(
        ("complained", "complained", "service", "", 1.3, 1.1, 1.6),
        ("no contract", "no contract", "contract", "", 1.1, 0.9, 1.3),
        kind="moved",
    )
    got = movers.table_rows([study(UNBOUND, COMPLAINED, RURAL), moved])
    assert got["what"].tolist() == ["complained", "area: rural, not urban"]
    assert got["voluntary"].tolist() == ["× 1.50 (1.20 to 1.90)", "× 0.80 (0.70 to 0.90)"]
    assert got["moved"].tolist() == ["× 1.30 (1.10 to 1.60)", "–"]
    assert got["family"].tolist() == ["Service and network", "Who they are"]
    words = movers.table_words([study(UNBOUND), moved])
    assert "about 500 left by choice and about 500 moved away" in words["subtitle"]
    shown = table(got, columns(got.columns), source="Source: here.", **words)
    assert "Moving away" in str(shown._repr_html_()) and "For unpaid bills" not in str(shown._repr_html_())


def test_the_title_says_what_the_table_shows_and_of_which_way_nothing_is_clear():
    got = movers.table_words([study(UNBOUND, RURAL), study(OVERDUE, kind="moved")])["finding"]
    assert got == "What else goes with leaving by choice; with moving away nothing clearly does"
    both = movers.table_words([study(UNBOUND, RURAL), study(UNBOUND, kind="moved")])["finding"]
    assert both == "What else is clear: who customers are, and other ways of leaving"
    assert movers.table_words([study(RURAL)])["finding"] == "Who leaves sooner"


def test_where_nothing_else_is_clear_the_title_of_the_empty_table_says_so():
    for studies in ([study(UNBOUND), study(OVERDUE, kind="moved")], [study(OVERDUE)]):
        assert movers.table_rows(studies).empty
        assert movers.table_words(studies)["finding"] == "Nothing else that was asked for is clear"


def test_without_any_ratio_the_table_is_a_note():
    nothing = [study(verdict="Nobody left so while observed.", kind=kind) for kind in WAYS]
    rows = movers.table_rows(nothing)
    assert (
        "<table" not in table(rows, columns(rows.columns), source="Here.", **movers.table_words(nothing))._repr_html_()
    )


def test_ratios_that_hold_are_said_to_in_one_sentence():
    assert movers.checks([study(UNBOUND), study(COMPLAINED, kind="moved")]) == [
        (
            "Leaving by choice and moving away: every ratio may be taken for the same early and late in a customer's "
            "life (test of proportional hazards, the least p = 0.400, which many tests give by chance)."
        )
    ]


@pytest.mark.parametrize(
    ("done", "ratios", "said"),
    [
        ("split", (EARLY, LATE), "complained (× 2.50, then × 1.20). Each is told for both periods."),
        ("still", (EARLY, LATE), "complained (× 2.50, then × 1.20). Each is told for both periods, and goes on"),
        ("stratified", (UNBOUND,), "complained. Too few left to tell it for both periods: customers are compared"),
        ("average", (COMPLAINED,), "complained. Too few left to tell it for both periods: its ratio is an average."),
    ],
)  # fmt: skip
def test_what_was_done_about_a_ratio_that_changes_is_told(done, ratios, said):
    got = movers.checks([study(*ratios, tests=[("complained", 30.0, 1, 1e-6, done)], turn=24.0)])
    assert got[0].startswith(f"Leaving by choice, not the same early and late: {said}")
    assert len(got) == (2 if done in ("still", "average") else 1)


def test_the_levels_of_a_group_that_changes_are_not_listed_again():
    levels = [("area: rural, not urban", "area", "profile", period, 0.8, 0.7, 0.9) for period in ("early", "late")]
    more = [("area: island, not urban", "area", "profile", period, 0.8, 0.7, 0.9) for period in ("early", "late")]
    got = movers.checks([study(*levels, *more, tests=[("area", 30.0, 2, 1e-6, "split")], turn=24.0)])
    assert got == ["Leaving by choice, not the same early and late: area. Each is told for both periods."]


def test_what_was_not_told_is_named_with_its_reason():
    few = "Fewer than 11 of those who left so had it."
    got = movers.left_out(
        [
            study(UNBOUND, remarks=[("a", few), ("b", few), ("c", few), ("d", few), ("e", "It is empty.")]),
            study(COMPLAINED, remarks=[("e", "It is empty.")], kind="non_payment"),
            study(verdict="Only 15 left so while observed: too few to compare anything.", kind="moved"),
        ]
    )
    assert got == [
        "Not asked: “e”. It is empty.",
        f"Leaving by choice, not told: “a”, “b”, “c” and 1 more. {few}",
        "Moving away: Only 15 left so while observed: too few to compare anything.",
    ]


def test_why_nothing_is_drawn_is_said_once():
    nothing = [study(verdict="Nobody left so while observed.", kind=None)]
    assert movers.left_out(nothing) == []
    assert movers.drawn_words(movers.first_told(nothing))["finding"].endswith("Nobody left so while observed")


def test_every_family_and_way_of_leaving_has_words():
    assert set(movers.FAMILY) == set(FAMILIES)
    assert set(movers.LEAVING) == set(movers.AFTER) == {*WAYS, None}
    assert {way for way in WAYS if way} <= set(KINDS)
