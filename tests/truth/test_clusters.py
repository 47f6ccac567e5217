from __future__ import annotations

import pytest
from tests.truth.clusters import clouds_otherwise, held_out_row, none_row
from tests.truth.names import names_row


def test_groups_of_other_shapes_are_found():
    got = held_out_row(4, "lopsided", seed=0)
    assert got["holds"], got


@pytest.mark.parametrize("name", ["one centre, two spreads", "triangle"])
def test_other_clouds_have_none(name: str):
    got = none_row(name, clouds_otherwise(0, customers=4000)[name], seed=0)
    assert got["holds"], got


def test_names_stay_over_four_quarters_and_a_new_behaviour_is_told_as_new(tmp_path):
    """C14: a provider of 4,000 accounts; `make truth` judges six of 8,000, with and without newcomers."""
    got = names_row(1, 4000, True, tmp_path)
    assert [row["quarter"] for row in got] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert all(row["holds"] for row in got), got
