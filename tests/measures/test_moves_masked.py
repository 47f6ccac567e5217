"""What the moves of one dimension must not give away, alone or beside the tables of sizes and rates."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.moves_masked import ENTERED, JOINED, LEFT, MONEY, _money_masked, published, step_of

NAMES = ["a", "b", "c"]
PAIRS = [(one, other) for one in [*NAMES, JOINED] for other in [*NAMES, LEFT] if (one, other) != (JOINED, LEFT)]


def cells(counts: dict[tuple[str, str], int], otherwise: int = 50) -> pd.DataFrame:
    rows = pd.DataFrame(PAIRS, columns=["from", "to"])
    return rows.assign(customers=[counts.get(pair, otherwise) for pair in PAIRS], **dict.fromkeys(MONEY, 1.0))


def classes(sizes: set[str] = frozenset(), rates: set[str] = frozenset()) -> pd.DataFrame:
    rows = pd.DataFrame({"class": NAMES, "customers": 100.0})
    return rows.assign(masked=rows["class"].isin(sizes), rate_masked=rows["class"].isin(rates))


def hidden(counts: dict[tuple[str, str], int], unseen: dict[tuple[str, str], int] | None = None, **more) -> set:
    got, _ = published(cells(counts), classes(**more), unseen=unseen or {}, scale=(), smallest=11)
    return {(row["from"], row["to"]) for row in got[got["masked"]].to_dict("records")}


def test_where_no_group_is_small_everything_is_told():
    got, told = published(cells({}), classes(), unseen={}, scale=("a", "b", "c"), smallest=11)
    assert not got[["masked", "money_masked"]].any().any()
    assert got.loc[got["from"] == "a", "share"].tolist() == [0.25] * 4
    assert told == ("changed", "up", "down")


def test_a_small_move_is_hidden_with_those_who_stayed_rather_than_with_other_moves():
    got = hidden({("a", "b"): 5})
    moved = {(start, end) for start, end in got if start != end and start != JOINED and end != LEFT}
    assert len(moved) == 2  # itself, and one that the share of all who moved would tell it from
    assert ("a", "b") in moved
    assert got - moved


def test_figures_of_a_hidden_move_are_missing():
    got, _ = published(cells({("a", "b"): 5}), classes(), unseen={}, scale=(), smallest=11)
    assert got.loc[got["masked"], ["customers", "share", *MONEY]].isna().all().all()


def test_nobody_is_no_secret():
    got, _ = published(cells({("b", "c"): 0}), classes(), unseen={}, scale=(), smallest=11)
    assert not got["masked"].any()
    assert ("b", "c") not in set(zip(got["from"], got["to"], strict=True))


def test_few_who_joined_and_left_are_not_given_away_by_the_joiners():
    got = hidden({}, {(JOINED, LEFT): 4})
    assert any(start == JOINED for start, _ in got)


def test_few_who_joined_with_a_class_are_not_given_away_by_the_customers_behind_its_rate():
    got, _ = published(cells({}), classes(), unseen={(ENTERED, "a"): 4}, scale=(), smallest=11)
    assert got.loc[got["from"] == "a", "share"].isna().all()
    assert got.loc[(got["from"] == "a") & got["masked"], "to"].tolist() != []


def test_where_nobody_joined_that_is_said():
    none = {(JOINED, name): 0 for name in NAMES}
    assert not any(start == JOINED for start, _ in hidden({**none, ("a", "b"): 5}))


def test_who_left_is_told_where_the_table_of_rates_tells_it():
    assert {end for _, end in hidden({}, rates={"a", "b"})} >= {LEFT}
    assert ("c", LEFT) not in hidden({}, rates={"a", "b"})


def test_a_class_whose_size_is_hidden_is_not_summed_up():
    got = hidden({("a", "b"): 3}, sizes={"b", "c"})
    assert [sum(end == name for _, end in got) > 0 for name in ("b", "c")] == [True, True]


def test_money_of_few_is_not_given_away_by_the_revenue_of_the_quarter():
    hidden_alone = pd.Series([True, False, False, False])
    got = _money_masked(pd.Series([5, 60, 40, 0]), hidden_alone, smallest=11)
    assert got.tolist() == [True, False, True, False]
    assert _money_masked(pd.Series([12, 60, 40, 0]), hidden_alone, smallest=11).tolist() == hidden_alone.tolist()


def test_up_and_down_are_steps_between_bands():
    ways = pd.DataFrame(
        [("a", "b"), ("b", "a"), ("a", "x"), ("a", "a"), (JOINED, "a"), ("a", LEFT)], columns=["f", "t"]
    )
    got = step_of(ways["f"], ways["t"], ("a", "b"))
    assert got["up"].tolist() == [True, False, False, False, False, False]
    assert got["down"].tolist() == [False, True, False, False, False, False]
    assert got["changed"].tolist() == [True, True, True, False, False, False]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=len(PAIRS), max_size=len(PAIRS)), st.integers(0, 14))
def test_no_small_group_follows_from_rows_columns_and_totals(many, passing):
    """An opponent who knows every shown cell, the sizes of all classes, the leavers of each, joiners and the base."""
    given_ = dict(zip(PAIRS, many, strict=True))
    sizes = {name: sum(n for (_, end), n in given_.items() if end == name) for name in NAMES}
    if any(0 < n < 11 for n in [*sizes.values(), *(given_[name, LEFT] for name in NAMES)]):
        return  # those tables hide something themselves
    got, _ = published(cells(given_), classes(), unseen={(JOINED, LEFT): passing}, scale=(), smallest=11)
    secret = [(row["from"], row["to"]) for row in got[got["masked"]].to_dict("records")]
    unknowns = [*secret, "passing"]
    known = [
        *([float(cell in secret and cell[1] == name) for cell in secret] + [0.0] for name in NAMES),
        [float(cell[0] == JOINED) for cell in secret] + [1.0],
        [float(cell[0] != JOINED) for cell in secret] + [-1.0],
    ]
    _, sizes_of, rows = np.linalg.svd(np.array(known))
    kernel = rows[int((sizes_of > 1e-9).sum()) :]
    for place, cell in enumerate(secret):
        if 0 < given_[cell] < 11:
            assert np.abs(kernel[:, place]).max(initial=0) > 1e-9, (cell, unknowns)
