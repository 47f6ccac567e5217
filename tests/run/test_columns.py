from __future__ import annotations

import itertools

import pytest

from analysis.run.columns import (
    AIR,
    BREAK,
    HEAD_WISH,
    LAST_AIR,
    LEAST_SHARE,
    LEAST_SIZE,
    SIZES,
    SURE,
    TABLE_WIDTH,
    Column,
    column,
    columns_of,
    ems,
    height,
    narrowed,
    needed,
    sized,
)  # fmt: skip

USUAL = max(SIZES)
LONG = "the share of customers who held something at the start of the quarter and left before its end, "


def cell(text: str, *, num: bool = False, again: bool = False) -> dict:
    return {"num": num, "again": again, "inside": [{"text": text}]}


def block(heads: list[dict], *rows: list[dict]) -> dict:
    return {"kind": "table", "heads": heads, "rows": list(rows)}


def lines(table: dict) -> list[int]:
    """Lines of each row, the head first, at the widths the table was given."""
    columns = columns_of(table, size=table["size"])
    airs = [AIR] * (len(columns) - 1) + [LAST_AIR]
    own = [(width - air) / table["size"] for width, air in zip(table["widths"], airs, strict=True)]
    needs = [[next(n for n, need in enumerate(cell, start=1) if need <= width) for cell in one.needs]
             for one, width in zip(columns, own, strict=True)]  # fmt: skip
    return [max(row) for row in zip(*needs, strict=True)]


def test_columns_are_as_wide_as_their_texts_and_the_white_beside_them_where_these_fit():
    text, heads = "Fibre for offices in the east " * 2, [cell("Plan"), cell("n", num=True)]
    got = sized(block(heads, [cell(text + "光纤"), cell("7,043", num=True)]))
    assert got["size"] == USUAL
    assert got["widths"] == pytest.approx(
        [ems(text + "光纤") * USUAL * SURE + AIR, ems("7,043") * USUAL * SURE + LAST_AIR], abs=0.01
    )


def test_a_chinese_character_is_as_wide_as_it_is_high_and_digits_are_alike():
    assert ems("光纤") == 2
    assert ems("1") == ems("7") == pytest.approx(0.555)
    assert ems("WWW") > 2 * ems("iii")
    assert ems("n", bold=True) > ems("n")


def test_a_small_table_is_stretched():
    got = sized(block([cell("Plan"), cell("n", num=True)], [cell("A"), cell("1", num=True)]))
    assert sum(got["widths"]) == pytest.approx(LEAST_SHARE * TABLE_WIDTH, abs=0.1)


def test_long_texts_wrap_and_numbers_and_short_texts_do_not():
    heads = [cell("Plan"), cell("What it means"), cell("95 % interval", num=True)]
    rows = [[cell("Fibre 100"), cell(LONG * 3), cell("€4,810,368 to €5,137,128", num=True)] for _ in range(3)]
    got = sized(block(heads, *rows))
    assert sum(got["widths"]) <= TABLE_WIDTH
    assert got["widths"][0] >= ems("Fibre 100") * got["size"] + AIR
    assert got["widths"][2] >= ems("€4,810,368 to €5,137,128") * got["size"] + LAST_AIR


def scorecard() -> dict:
    """Twelve measures, eight columns of figures as long as those of a scorecard, and who answers for each."""
    heads = [cell(name, num=name not in ("Measure", "Against target", "Since then", "Owner"))
             for name in ("Measure", "Against target", "Value", "95 % interval", "Target", "Quarter before",
                          "Since then", "A year ago", "Owner")]  # fmt: skip
    names = ["Customers of the high margin band who stayed", "Quarterly churn rate", "Leads that became customers"]
    figures = ["◆ not clear", "96.6 %", "€63.90 to €63.87", "96.5 %", "96.7 %", "no change", "96.9 %", "Head of care"]
    rows = [[cell(name), *(cell(text, num=head["num"]) for text, head in zip(figures, heads[1:], strict=True))]
            for name in names * 4]  # fmt: skip
    return block(heads, *rows)


def test_the_first_column_of_a_scorecard_is_not_squeezed_for_its_figures():
    got = sized(scorecard())
    assert got["size"] >= 7.75
    assert sum(got["widths"]) <= TABLE_WIDTH
    assert max(lines(got)) <= 2


def test_no_other_widths_of_a_scorecard_take_clearly_fewer_lines():
    table = sized(scorecard())
    columns = columns_of(table, size=table["size"])
    room = (TABLE_WIDTH - LAST_AIR - AIR * (len(columns) - 1)) / table["size"] / SURE
    got = narrowed(columns, room=room)
    tried = itertools.product(*[one.widths[:: max(1, len(one.widths) // 3)] for one in columns])
    best = min(height(columns, list(widths)) for widths in tried if sum(widths) <= room)
    assert got is not None
    assert height(columns, got) <= best


def test_what_a_column_gives_away_costs_no_line_that_another_would_not_cost():
    short, long = column([[5, 3]] * 3, most=5), column([[40, 20, 14, 10]] * 3, most=40)
    assert narrowed([short, long], room=25) == [5, 20]
    assert narrowed([short, long], room=18) == [3, 14]  # two lines beside three cost nothing
    assert narrowed([short, long], room=12.9) is None


def test_type_is_smaller_only_where_that_makes_the_table_clearly_lower():
    short = block([cell("Plan"), cell("What it means")], [cell("Fibre"), cell("x" * 10 + " " + "x" * 90)])
    assert sized(short)["size"] == USUAL
    meanings = block([cell("Measure"), cell("What it means")], *[[cell("Churn rate"), cell(LONG * 6)]] * 20)
    assert LEAST_SIZE < sized(meanings)["size"] < USUAL


def test_numbers_that_fit_in_no_type_break_and_the_table_stays_on_the_page():
    many = block([cell("n", num=True)] * 9, [cell("€4,810,368 to €5,137,128", num=True)] * 9)
    got = sized(many)
    assert got["size"] == LEAST_SIZE
    assert sum(got["widths"]) <= TABLE_WIDTH
    words = block([cell("n", num=True)] * 9, [cell("€4,810,368€5,137,128€4,810,368", num=True)] * 9)
    assert sum(sized(words)["widths"]) <= TABLE_WIDTH


def test_a_long_head_breaks_between_its_words():
    (one,) = columns_of(block([cell("Revenue per customer", num=True)], [cell("$1", num=True)]), size=USUAL)
    assert one.most == HEAD_WISH
    (one,) = columns_of(block([cell("Unbreakableword", num=True)], [cell("$1", num=True)]), size=USUAL)
    assert one.most == one.needs[0][0] > HEAD_WISH


def test_a_head_is_no_smaller_than_the_smallest_type():
    heads = [cell("Mmmmmmm")]
    usual, least = (columns_of(block(heads, [cell("x")]), size=size)[0].least * size for size in (USUAL, LEAST_SIZE))
    assert usual == pytest.approx(0.92 * USUAL * ems("Mmmmmmm", bold=True))
    assert least == pytest.approx(LEAST_SIZE * ems("Mmmmmmm", bold=True))


def test_a_text_is_told_what_it_needs_on_one_line_on_two_and_so_on():
    got = needed(cell("aaa bb aaaa"))
    whole, two, three = ems("aaa bb aaaa"), ems("aaa bb"), ems("aaaa")
    assert got == pytest.approx([whole, two, three])
    assert needed(cell("aaa bb aaaa"), whole=True) == pytest.approx([whole])
    assert needed(cell("")) == [0]


def test_chinese_breaks_anywhere_and_a_word_does_not():
    assert needed(cell("套餐套餐"))[-1] == 1
    assert needed(cell("套餐套餐 unbreakable"))[-1] == pytest.approx(ems("unbreakable"))


def test_a_name_may_break_where_its_table_lets_it():
    assert needed(cell("customers.customer_id")) == pytest.approx([ems("customers.customer_id")])
    assert needed(cell(f"customers.{BREAK}customer_{BREAK}id"))[-1] == pytest.approx(ems("customers."))


def test_a_text_that_the_rows_below_share_has_their_lines():
    first, again = cell("Life cycle stage of who came"), cell("", again=True)
    alone, shared = (columns_of(block([cell("x")], *rows), size=USUAL)[0] for rows in ([[first]], [[first], [again]]))
    assert shared.needs[1][0] == alone.needs[1][1] < alone.needs[1][0]


def test_a_row_has_the_lines_of_its_longest_cell():
    columns = [Column([[10, 5], [11, 6, 4]], 11), Column([[41, 21, 15, 11, 9], [5]], 41)]
    assert height(columns, [10, 20]) == 3 + 2 + 2 * 0.5


def test_other_blocks_have_no_columns():
    assert sized({"kind": "paragraph"}) == {"kind": "paragraph"}
