from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.group_figures import group_sizes
from analysis.models.clusters.model import Found
from analysis.models.clusters.quarter import Groups
from analysis.present.charts.heat import heat, shade
from analysis.present.wording import segments
from analysis.present.wording.group_names import group_names


def profile(*rows: tuple[int, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["group", "variable", "difference"])
    return table.assign(searched=True, level=None, low=table["difference"] - 0.1, high=table["difference"] + 0.1)


def test_a_group_is_named_for_its_two_largest_differences():
    got = group_names(profile((0, "evening_share", 1.2), (0, "download_gb", 0.9), (0, "app_logins", 0.1)))
    assert got == ["Heavy evening users"]


def test_a_small_second_difference_is_no_part_of_the_name():
    assert group_names(profile((0, "upload_share", 2.0), (0, "download_gb", 0.4))) == ["Uploaders"]


def test_no_two_groups_have_one_name_and_none_has_a_taken_one():
    rows = profile((0, "voice_minutes", 1.0), (1, "voice_minutes", 0.9), (2, "app_logins", 0.1))
    assert group_names(rows, ["Typical users"]) == ["Callers", "Callers 2", "Typical users 2"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("unvaried", "customers do not differ in any variable that could tell groups apart."),
        ("one_crowd", "customers form one crowd without a gap in it: any line through it would be drawn by hand."),
        ("no_use", "the source gives no use that groups could be looked for in."),
        ("few", "there are fewer than 300 customers with enough values."),
        ("unsteady", "other samples of the same customers would be grouped otherwise."),
    ],
)
def test_that_there_are_no_groups_is_said_with_the_reason(reason: str, said: str):
    none = Groups(
        Found(None, reason, pd.DataFrame(), pd.DataFrame(), 0),
        None,
        *[pd.Series(dtype=object)] * 2,
        *[pd.DataFrame()] * 2,
    )
    sizes = group_sizes(none.members, none.before, [], smallest=11)
    assert segments.bottom_line(none, sizes) == f"Customers fall into no groups by what they do: {said}"
    assert segments.size_words(sizes)["finding"] == "There are no groups to show"
    assert segments.heat_words(none.profile)["finding"] == "There are no groups to compare"
    assert (
        heat(
            segments.heat_rows(none.profile),
            "label",
            "name",
            "difference",
            source="S",
            **segments.heat_words(none.profile),
        ).svg
        == b""
    )
    assert segments.pair_words(none, "2026-Q2")["finding"] == "There are no groups of Q2 2026 to compare with"
    assert segments.tried_words(none)["finding"] == "No number of groups could be tried"
    nobody = pd.Series([None, None], dtype=object)
    assert segments.outside(nobody, smallest=11) == "Nobody is in a group, for there are none."


@pytest.mark.parametrize(
    ("former", "finding", "subtitle"),
    [
        ("reported", "Every group was already there in Q2 2026", "Groups met again, and how far each moved"),
        ("looked back", "Every group was already there in Q2 2026", "no report of Q2 2026 kept its groups"),
        ("kept", "The groups of Q2 2026, applied again as they are", "Groups met again"),
    ],
)
def test_where_the_groups_before_come_from_is_said(former: str, finding: str, subtitle: str):
    pairs = pd.DataFrame({"status": ["same", "same"]})
    empty = pd.Series(dtype=object)
    groups = Groups(
        Found(None, None, pd.DataFrame(), pd.DataFrame(), 0), None, empty, empty, pd.DataFrame(), pairs, former
    )
    words = segments.pair_words(groups, "2026-Q2")
    assert words["finding"] == finding
    assert subtitle in words["subtitle"]


def test_a_difference_is_stronger_in_colour_the_larger_it_is():
    assert shade(0.0) != shade(1.5) == shade(3.0) != shade(-3.0)


def test_small_groups_are_masked():
    members = pd.Series([*["a"] * 30, *["b"] * 5, *["c"] * 40, None])
    got = group_sizes(members, members, ["a", "b", "c"], smallest=11)
    assert got["name"].tolist() == ["c", "a", "b"]
    assert got["masked"].tolist() == [False, True, True]
    assert segments.outside(members, smallest=11) == (
        "In no group, for want of values of half of the variables: fewer than 11 of 76 customers."
    )
