from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.models.by_kind import shares_by_kind


def counted(*rows):
    return pd.DataFrame(rows, columns=["entry", "exit", "event", "kind", "n"])


def left_in_four_ways(moved=20, cut_off=4, died=3):
    """Of a thousand; the rest are seen for 30 months."""
    return counted(
        (0, 5, 1, "voluntary", 100),
        (0, 15, 1, "voluntary", 50),
        (0, 8, 1, "moved", moved),
        (0, 9, 1, "non_payment", cut_off),
        (0, 10, 1, "deceased", died),
        (0, 30, 0, None, 850 - moved - cut_off - died),
    )


def incidence(got):
    return {(row.kind, row.months): row.incidence for row in got.itertuples()}


def test_shares_are_told_by_month_the_commonest_way_first():
    got = shares_by_kind(left_in_four_ways(cut_off=15, died=12), [12, 24])
    assert got["kind"].drop_duplicates().tolist() == ["voluntary", "moved", "non_payment", "deceased"]
    assert incidence(got) == pytest.approx(
        {
            ("voluntary", 12): 0.1, ("voluntary", 24): 0.15, ("moved", 12): 0.02, ("moved", 24): 0.02,
            ("non_payment", 12): 0.015, ("non_payment", 24): 0.015, ("deceased", 12): 0.012, ("deceased", 24): 0.012,
        }
    )  # fmt: skip
    assert ((got["low"] < got["incidence"]) & (got["incidence"] < got["high"])).all()


def test_kinds_of_a_few_leavers_are_told_together():
    got = shares_by_kind(left_in_four_ways(cut_off=6, died=5), [12])
    assert incidence(got) == pytest.approx({("voluntary", 12): 0.1, ("moved", 12): 0.02, ("other", 12): 0.011})


def test_where_together_they_are_still_few_the_next_smallest_joins_them():
    got = shares_by_kind(left_in_four_ways(), [12])
    assert incidence(got) == pytest.approx({("voluntary", 12): 0.1, ("other", 12): 0.027})


def test_a_few_between_two_months_are_a_few_too():
    """Of 25 who moved 20 left by month 12: the difference would tell of the other five."""
    more = counted((0, 18, 1, "moved", 5), (0, 18, 1, "non_payment", 30))
    rows = pd.concat([left_in_four_ways(cut_off=15, died=15), more], ignore_index=True)
    assert incidence(shares_by_kind(rows, [12, 24])) == pytest.approx(
        {
            ("voluntary", 12): 100 / 1035, ("voluntary", 24): 150 / 1035,
            ("other", 12): 50 / 1035, ("other", 24): 85 / 1035,
        }
    )  # fmt: skip


def test_a_month_that_would_leave_nothing_to_tell_apart_is_left_out():
    rows = pd.concat([left_in_four_ways(cut_off=15, died=15), counted((0, 18, 1, "moved", 5))], ignore_index=True)
    got = shares_by_kind(rows, [12, 24])
    assert set(got["months"]) == {12}
    assert set(got["kind"]) == {"voluntary", "moved", "non_payment", "deceased"}


def test_all_ways_together_are_all_who_left():
    got = shares_by_kind(left_in_four_ways(), [12, 24])
    assert got.groupby("months")["incidence"].sum().tolist() == pytest.approx([0.127, 0.177])


def test_months_that_nobody_was_seen_to_reach_are_left_out():
    assert shares_by_kind(left_in_four_ways(), [12, 24, 36])["months"].unique().tolist() == [12, 24]


@pytest.mark.parametrize(
    "rows",
    [
        counted(),
        counted((0, 20, 0, None, 500)),
        counted((0, 5, 1, "moved", 3), (0, 20, 0, None, 500)),
        counted((0, 5, 1, "moved", 3), (0, 5, 1, "voluntary", 4), (0, 20, 0, None, 500)),
        counted((15, 18, 1, "moved", 50), (15, 20, 0, None, 500)),
    ],
    ids=[
        "nobody observed",
        "nobody left",
        "a few left in one way",
        "a few left in two ways",
        "nobody was seen to be new",
    ],
)
def test_there_is_no_share_where_none_can_be_told(rows):
    assert shares_by_kind(rows, [12]).empty


def test_where_everybody_left_in_one_way_there_is_no_interval():
    got = shares_by_kind(counted((0, 5, 1, "moved", 30)), [12]).iloc[0]
    assert got["incidence"] == 1
    assert np.isnan([got["low"], got["high"]]).all()


def test_ways_that_nobody_asks_for_are_told_together_first():
    """Four left for other reasons; of the 15 cut off and the 20 who died the latter join them."""
    rows = counted(
        (0, 6, 1, "other", 4), (0, 7, 1, "deceased", 20), (0, 8, 1, "non_payment", 15), (0, 20, 0, None, 500)
    )
    assert set(shares_by_kind(rows, [12])["kind"]) == {"non_payment", "other"}
