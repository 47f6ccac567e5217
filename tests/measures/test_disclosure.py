from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.basis.errors import AnalysisFailed, ParamsError
from analysis.measures.disclosure import masked


def classes(*counts):
    return pd.DataFrame({"class": [f"c{place}" for place in range(len(counts))], "n": counts, "arpu": 30.0})


def grid(rows):
    """One row per cell, `row` and `column` numbered from 0, of a matrix of counts."""
    cells = [(i, j, n) for i, row in enumerate(rows) for j, n in enumerate(row)]
    return pd.DataFrame(cells, columns=["row", "column", "n"])


def with_totals(table, by):
    """The table and the totals over one, some and all columns of `by`, whose class is missing."""
    parts = [table]
    for column in by:
        others = [name for name in by if name != column]
        parts.append(table.groupby(others, as_index=False)["n"].sum() if others else table[["n"]].sum().to_frame().T)
    if len(by) == 2:
        parts.append(table[["n"]].sum().to_frame().T)
    return pd.concat(parts, ignore_index=True)


def hidden(table, by=("class",), **options):
    return masked(table, by=list(by), count="n", values=[], **options)["masked"].tolist()


# ------------------------------------------------------------------------------------------------------------ by hand


def test_a_class_of_ten_customers_is_hidden_with_its_values_and_eleven_are_shown():
    got = masked(classes(10, 9, 11), by=["class"], count="n", values=["arpu"])
    assert got["masked"].tolist() == [True, True, False]
    assert got["n"].isna().tolist() == got["arpu"].isna().tolist() == [True, True, False]
    assert got["n"][2] == 11


def test_zero_is_no_secret():
    assert hidden(classes(0, 40, 50)) == [False, False, False]


def test_a_single_hidden_class_takes_the_smallest_other_one_with_it():
    assert hidden(classes(5, 40, 0, 30)) == [True, False, False, True]


def test_two_hidden_classes_of_together_fewer_than_eleven_take_a_third_one_with_them():
    assert hidden(classes(5, 40, 3, 30)) == [True, False, True, True]


def test_a_total_below_eleven_is_not_taken_as_published():
    assert hidden(classes(5, 0)) == [True, False]


def test_of_two_equal_classes_the_first_is_hidden():
    assert hidden(classes(5, 30, 30)) == [True, True, False]


def test_the_threshold_is_a_parameter():
    assert hidden(classes(5, 30, 40), minimum=5) == [False, False, False]
    assert hidden(classes(25, 30, 40), minimum=30) == [True, True, False]


def test_the_given_table_is_left_as_it_is():
    given = classes(5, 30, 40)
    masked(given, by=["class"], count="n", values=["arpu"])
    pd.testing.assert_frame_equal(given, classes(5, 30, 40))


def test_a_table_without_rows_stays_without_rows():
    got = masked(classes(), by=["class"], count="n", values=["arpu"])
    assert got.columns.tolist() == ["class", "n", "arpu", "masked"]
    assert len(got) == 0


def test_in_two_directions_a_hidden_cell_needs_company_in_its_row_its_column_and_theirs():
    got = hidden(grid([[5, 40, 50], [30, 60, 70], [80, 90, 95]]), by=["row", "column"])
    assert np.reshape(got, (3, 3)).tolist() == [[True, True, False], [True, True, False], [False, False, False]]


def test_two_hidden_cells_in_every_row_and_column_are_not_enough_when_a_bridge_joins_them():
    # Both blocks have their own sums; the cell between them is what the sums of one block leave over.
    rows = np.full((4, 4), 100)
    rows[:2, :2] = rows[2:, 2:] = 8
    rows[0, 2] = 5
    got = np.reshape(hidden(grid(rows.tolist()), by=["row", "column"]), (4, 4))
    assert got[0, 2]
    assert got.sum() > 9


def test_a_total_in_the_table_protects_when_it_is_hidden_itself():
    table = pd.DataFrame({"class": ["a", "b", None], "n": [4, 0, 4]})
    assert hidden(table) == [True, False, True]


def test_a_total_in_the_table_gives_nothing_away_that_a_total_elsewhere_would_not():
    table = with_totals(classes(5, 40, 30)[["class", "n"]], ["class"])
    assert hidden(table) == [True, False, True, False]


def test_a_small_total_is_not_given_away_by_the_other_totals():
    cells = grid([[5, 0], [0, 20]])
    got = with_totals(cells, ["row", "column"]).assign(
        masked=hidden(with_totals(cells, ["row", "column"]), ["row", "column"])
    )
    assert got.loc[got["n"] == 5, "masked"].all()
    assert got.loc[got["n"] == 20, "masked"].all()
    assert got.loc[got["n"].isin([0, 25]), "masked"].sum() == 0


def test_every_one_of_several_counts_must_be_safe():
    rates = pd.DataFrame({"class": list("abcd"), "customers": [100, 90, 80, 300], "leavers": [3, 0, 20, 40]})
    rates["stayers"] = rates["customers"] - rates["leavers"]
    got = masked(rates, by=["class"], count=["customers", "leavers", "stayers"], values=[])
    assert got["masked"].tolist() == [True, False, True, False]
    assert got.loc[got["masked"], ["customers", "leavers", "stayers"]].isna().all(axis=None)


# ------------------------------------------------------------------------------------------------------------- errors


def test_a_threshold_below_five_is_refused():
    with pytest.raises(ParamsError) as refusal:
        masked(classes(5, 30), by=["class"], count="n", values=[], minimum=4)
    assert str(refusal.value) == (
        "smallest published group: expected 5 customers or more, found 4. "
        "Set it to 5 or more; below that a published table can point at persons."
    )


@pytest.mark.parametrize("count", [None, -1])
def test_a_missing_or_negative_count_is_refused(count):
    with pytest.raises(AnalysisFailed) as refusal:
        hidden(classes(5, count, 30))
    assert str(refusal.value) == (
        "disclosure control: expected a count of 0 or more in every cell, found 1 cells without one. "
        "Fill empty cells with 0."
    )


def test_a_cell_with_two_rows_is_refused():
    with pytest.raises(AnalysisFailed) as refusal:
        hidden(pd.concat([classes(5, 30), classes(5)]))
    assert str(refusal.value) == (
        "disclosure control: expected one row per cell, found two rows for {'class': 'c0'}. "
        "Aggregate the table to its cells first."
    )


def test_customers_of_unknown_class_are_no_total():
    with pytest.raises(AnalysisFailed) as refusal:
        hidden(pd.DataFrame({"class": ["a", "b", None], "n": [20, 30, 12]}))
    assert str(refusal.value) == (
        "disclosure control: expected a row without a class to be the total of its classes, "
        "found 1 that differ, the first by 38 customers. "
        "Give customers whose class is unknown a class of their own, such as 'not available'."
    )


# ------------------------------------------------------------------------------------------------ what a reader can do


def rank(rows):
    """Rank of a matrix, by exact elimination."""
    rows, found = [[Fraction(int(x)) for x in row] for row in rows], 0
    for place in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[place]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for other in rows[found + 1 :]:
            share = other[place] / pivot[place]
            other[:] = [x - share * y for x, y in zip(other, pivot, strict=True)]
        found += 1
    return found


def computable(equations, hidden):
    """Hidden cells whose value follows: adding `cell = value` to the equations adds nothing to their rank."""
    cells = np.flatnonzero(hidden)
    known = [[row[cell] for cell in cells] for row in equations]
    return [cell for place, cell in enumerate(cells) if rank([*known, np.eye(len(cells))[place]]) == rank(known)]


COUNTS = st.integers(0, 30) | st.integers(0, 12) | st.just(0)
MATRICES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=2, max_size=4)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(COUNTS, min_size=2, max_size=8))
def test_no_class_and_no_sum_of_hidden_classes_can_be_computed_below_eleven(counts):
    got = masked(classes(*counts), by=["class"], count="n", values=["arpu"])
    small = [1 <= n <= 10 for n in counts]
    left = sum(n for n, away in zip(counts, got["masked"], strict=True) if away)
    assert all(got["masked"][small])
    if sum(counts) > 10:
        assert left == 0 or (left >= 11 and got["masked"].sum() >= 2)


@settings(max_examples=150, deadline=None)
@given(MATRICES)
def test_no_hidden_cell_of_a_grid_follows_from_its_totals(rows):
    counts = np.array(rows)
    got = np.reshape(hidden(grid(rows), by=["row", "column"]), counts.shape)
    equations = [np.where(np.indices(counts.shape)[axis] == line, 1, 0).ravel()
                 for axis in (0, 1) for line in range(counts.shape[axis])]  # fmt: skip
    published = [row for row in equations if not 1 <= row @ counts.ravel() <= 10]
    assert got[(counts > 0) & (counts < 11)].all()
    assert computable(published, got.ravel()) == []
    assert [row for row in published if 1 <= (row * got.ravel()) @ counts.ravel() <= 10] == []


@settings(max_examples=100, deadline=None)
@given(MATRICES)
def test_no_hidden_cell_or_total_follows_when_the_totals_are_in_the_table(rows):
    table = with_totals(grid(rows), ["row", "column"])
    got = hidden(table, by=["row", "column"])
    whole = table["n"].iloc[-1]
    equations = []
    for column, other in (("row", "column"), ("column", "row")):
        for line in [*table[other].dropna().unique(), None]:
            inside = (table[other] == line) if line is not None else table[other].isna()
            equations.append(np.where(inside, np.where(table[column].isna(), -1, 1), 0))
    assert table.loc[table["n"].between(1, 10).to_numpy(), "n"].index.isin(np.flatnonzero(got)).all()
    if whole > 10:
        assert computable(equations, np.array(got)) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(11, 30) | st.just(0), min_size=1, max_size=8))
def test_a_table_of_large_classes_is_published_whole(counts):
    assert not any(hidden(classes(*counts)))
