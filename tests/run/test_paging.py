from __future__ import annotations

import pytest

from analysis.present.charts.sheet import DPI, SMALL, WIDTH
from analysis.run.paging import (
    DRAWING_WIDTH,
    ENDS,
    FEWEST_ROWS,
    LEAST,
    LEAST_ROW_AIR,
    LINE,
    MANY_ROWS,
    PAGE,
    ROW_AIR,
    Page,
    Placed,
    air,
    airy,
    drawn_height,
    next_rows,
    paged,
)  # fmt: skip

ROW = 15.0
HEAD = 30.0  # points of a table's caption and head


def heading(level: int = 3) -> dict:
    return {"kind": "heading", "level": level, "high": 14.0}


def words(lines: int = 1, role: str = "plain") -> dict:
    return {"kind": "paragraph", "role": role, "high": lines * LINE}


def figure(high: float) -> dict:
    """A drawing of the house width, this high on paper, with a line of source."""
    return airy({"kind": "figure", "width": 640.0, "height": 640 * high / DRAWING_WIDTH, "high": high + 12})


def table(rows: int, again: int = 1) -> dict:
    """A table whose first column names groups of this many rows."""
    cells = [[{"again": row % again > 0}, {"again": False}] for row in range(rows)]
    return airy({"kind": "table", "rows": cells, "high": HEAD + rows * ROW})


def planned(*blocks: dict) -> list[dict]:
    """The blocks of one chapter, paged."""
    marks, at, below = [], 68.0, 0.0
    for place, block in enumerate(blocks):
        at += max(below, air(block)[0]) if place else 0
        marks.append([place, -1, 1, at])
        if block["kind"] == "table":
            marks += [[place, row, 1, at + HEAD + (row - 1) * ROW] for row in range(len(block["rows"]) + 1)]
        at, below = at + block["high"], air(block)[1]
    return paged(blocks, [*marks, [len(blocks) - 1, ENDS, 1, at]])


def begins(blocks: list[dict]) -> list[int]:
    return [place for place, block in enumerate(blocks) if block["begins"]]


def test_what_fits_stays_as_it_is():
    got = planned(heading(2), words(), figure(250), table(8), words(4))
    assert begins(got) == []
    assert got[2]["width"] == pytest.approx(DRAWING_WIDTH)
    assert got[3]["row-air"] == ROW_AIR


def test_a_drawing_goes_to_the_next_page_with_its_heading_and_the_words_before_it():
    got = planned(heading(2), figure(400), heading(), words(2), figure(400))
    assert begins(got) == [2]
    assert [block["leads"] for block in got] == [True, False, True, True, False]


def test_many_words_before_a_drawing_stay_behind_but_for_the_last():
    got = planned(heading(2), figure(300), heading(), words(9), words(2), figure(400))
    assert begins(got) == [4]


def test_drawings_and_tables_give_a_little_so_that_what_follows_stays_with_them():
    high = (PAGE - 110) / 2
    got = planned(heading(2), words(), figure(high), words(), figure(high))
    assert begins(got) == []
    given = [drawn_height(block) / high for block in got if block["kind"] == "figure"]
    assert all(LEAST <= share < 1 for share in given)
    rows = planned(heading(2), table(9), table(9), table(9), table(8))
    assert begins(rows) == []
    assert LEAST_ROW_AIR <= rows[1]["row-air"] < ROW_AIR


def test_the_smallest_words_of_a_drawing_have_seven_points_on_paper():
    assert SMALL * DRAWING_WIDTH * LEAST / (WIDTH * 72 / DPI) >= 7


def run_on(rows: int, room: float) -> int | None:
    """Rows of a table that stay on its first page where so much of it is left, if it runs on to the next."""
    block = table(rows)
    tops = [68.0 + HEAD + (row - 1) * ROW for row in range(rows + 1)]
    placed = Placed(block, 68.0, 68.0 + block["high"], tops)
    start = next_rows(placed, Page(68.0 + room - PAGE), always=False)
    return None if start is None else round((start + ROW + ROW_AIR - tops[1]) / ROW)


@pytest.mark.parametrize("rows", [MANY_ROWS + 1, 20, 45])
def test_a_table_of_many_rows_runs_over_a_page_and_has_at_least_three_rows_on_each(rows: int):
    found = {run_on(rows, room) for room in range(10, round(HEAD + rows * ROW), 5)}
    stay = {on for on in found if on is not None}
    assert stay == set(range(min(stay), rows - FEWEST_ROWS + 1))
    assert FEWEST_ROWS <= min(stay) < 8
    split = planned(heading(2), figure(520), table(rows), words(30))
    assert not split[2]["whole"]
    assert begins(split) in ([], [3])


def test_a_table_of_few_rows_is_not_broken():
    assert {run_on(MANY_ROWS, room) for room in range(10, round(HEAD + MANY_ROWS * ROW), 5)} == {None}
    assert planned(heading(2), figure(560), table(MANY_ROWS), words(30))[2]["whole"]


def test_a_group_of_rows_stays_together():
    together = planned(heading(2), figure(520), table(16, again=16), words(30))
    assert begins(together) == [2]
    assert together[2]["whole"]
    assert not planned(heading(2), figure(520), table(16, again=4), words(30))[2]["whole"]


def test_a_table_longer_than_a_page_and_a_drawing_taller_than_one_begin_where_they_stand():
    long, tall = planned(heading(2), words(), table(120)), planned(heading(2), words(), figure(1500))
    assert not long[2]["whole"]
    assert begins(long) == begins(tall) == []
    assert drawn_height(tall[2]) < PAGE - 60


def test_a_text_runs_over_a_page_and_what_follows_is_placed_after_it():
    fits, moved = (planned(heading(2), words(40), words(20), heading(), figure(high)) for high in (450, 620))
    assert begins(fits) == []
    assert begins(moved) == [3]
    finding = planned(heading(2), words(44), words(9, role="finding"), words(40))
    assert begins(finding) == [2]


def test_a_chapter_does_not_end_with_a_line_on_a_page_of_its_own():
    assert begins(planned(heading(2), words(28), words(20), words(1), words(1))) == [2]


def test_no_block_is_lost_and_each_chapter_is_paged_by_itself():
    blocks = [heading(2), words(), heading(2), words(), figure(100)]
    marks = [[0, -1, 1, 68], [1, -1, 1, 118], [1, ENDS, 1, 131], [2, -1, 2, 68], [3, -1, 2, 118], [4, -1, 2, 140],
             [4, ENDS, 2, 260]]  # fmt: skip
    got = paged(blocks, marks)
    assert [block["kind"] for block in got] == [block["kind"] for block in blocks]
    assert begins(got) == []
