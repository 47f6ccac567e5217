from __future__ import annotations

from analysis.run.columns import (
    BREAK,
    GAP,
    SMALL_WIDTH,
    TABLE_WIDTH,
    fewest_lines,
    fitting_widths,
    lines_of,
    narrowest,
    sized,
)  # fmt: skip


def cell(text: str, *, num: bool = False) -> dict:
    return {"num": num, "inside": [{"text": text}]}


def test_columns_are_as_wide_as_their_texts_where_these_fit():
    assert fitting_widths([5, 5], [20, 30]) == [20, 30]


def test_the_longest_texts_wrap_first():
    got = fitting_widths([5, 5, 12], [30, 400, 12])
    assert got == [30, TABLE_WIDTH - 42, 12]


def test_a_table_that_cannot_wrap_is_wider_than_the_page_and_set_smaller():
    assert fitting_widths([80, 80], [90, 90]) == [80, 80]


def test_a_table_is_set_smaller_before_a_short_text_wraps():
    assert fitting_widths([10, TABLE_WIDTH - 20], [24, TABLE_WIDTH - 20]) == [24, TABLE_WIDTH - 20]
    assert fitting_widths([10] * 7, [17] * 7) == [17] * 7
    assert fitting_widths([10, SMALL_WIDTH - 20], [24, SMALL_WIDTH - 20]) == [10, SMALL_WIDTH - 20]


def test_a_column_is_as_wide_as_its_longest_text_and_the_white_beside_it():
    rows = [[cell("Fibre"), cell("7,043", num=True)], [cell("Fibre 光纤"), cell("12", num=True)]]
    got = sized({"kind": "table", "heads": [cell("Plan"), cell("n", num=True)], "rows": rows})
    assert got["widths"] == [len("Fibre ") + 2 * 2 + GAP, len("7,043") + GAP]


def test_a_long_head_breaks_between_its_words():
    heads = [cell("Plan"), cell("Revenue per customer", num=True)]
    got = sized({"kind": "table", "heads": heads, "rows": [[cell("A"), cell("$1", num=True)]]})
    assert got["widths"][1] == 12 + GAP


def test_chinese_breaks_anywhere_and_a_word_does_not():
    long = [cell("套餐" * 80 + " unbreakable")]
    got = sized({"kind": "table", "heads": [cell("说明"), cell("n", num=True)], "rows": [[*long, cell("1", num=True)]]})
    assert got["widths"] == [TABLE_WIDTH - 1 - GAP, 1 + GAP]
    assert narrowest((cell("说明"), *long)) == len("unbreakable") + GAP


def test_a_name_may_break_where_its_table_lets_it():
    def least(text: str) -> int:
        return narrowest((cell("What"), cell(text)))

    assert least("customers.customer_id") == len("customers.customer_id") + GAP
    assert least(f"customers.{BREAK}customer_{BREAK}id") == len("customers.") + GAP


def test_other_blocks_have_no_columns():
    assert sized({"kind": "paragraph"}) == {"kind": "paragraph"}


def test_a_column_of_long_texts_takes_from_others_what_saves_lines():
    texts = [[40, 20, 20], [400, 300, 30]]
    got = fewest_lines([58, 58], [10, 10], texts)
    assert sum(got) == 116
    assert got[1] > 80
    assert lines_of(got, texts) < lines_of([58, 58], texts)
    assert fewest_lines([40, 20], [10, 10], [[36], [16]]) == [40, 20]


def test_a_row_has_the_lines_of_its_longest_cell():
    assert lines_of([14, 24], [[10, 11], [41, 5]]) == 3 + 2
