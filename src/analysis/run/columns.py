"""How wide the columns of a printed table are, in characters: numbers stay whole, the longest texts wrap first."""

from __future__ import annotations

import re

from analysis.run.blocks import Block

BREAK = "\u200b"  # a place where a word may break
TABLE_WIDTH = 116  # characters of table text that fit across the page
SMALL_WIDTH = 127  # the same in the next smaller type
WHOLE = 24  # characters of a text that is better set small than broken
HEAD_WISH = 12  # characters of a head on one line; a longer one breaks between words
GAP = 4  # characters of white between two columns
WORD = re.compile(f"[^ {BREAK}\u2e80-\uffff]+")  # what stands on one line: no space, no place to break, no Chinese


def sized(block: Block) -> Block:
    """A table with the widths of its columns, in characters; other blocks as they are."""
    if block["kind"] != "table":
        return block
    columns = list(zip(block["heads"], *block["rows"], strict=True))
    narrow, wide = [narrowest(column) for column in columns], [widest(column) for column in columns]
    texts = [[characters(plain(cell["inside"])) for cell in body] for _, *body in columns]
    return block | {"widths": fewest_lines(fitting_widths(narrow, wide), narrow, texts)}


def fewest_lines(widths: list[int], narrow: list[int], texts: list[list[int]]) -> list[int]:
    """The widths, or such of the same sum at which the table takes fewer lines: the column with most text gets what the
    others give away, down to `WHOLE` characters each.
    """
    most = max(range(len(widths)), key=lambda place: sum(texts[place]))
    found, least = widths, lines_of(widths, texts)
    for limit in range(WHOLE, max(widths)):
        tried = [max(low, min(width, limit)) for low, width in zip(narrow, widths, strict=True)]
        tried[most] = sum(widths) - (sum(tried) - tried[most])
        if tried[most] >= widths[most] and lines_of(tried, texts) < least:
            found, least = tried, lines_of(tried, texts)
    return found


def lines_of(widths: list[int], texts: list[list[int]]) -> int:
    """Lines of all rows together: a row has those of its longest cell."""
    rows = zip(*texts, strict=True)
    return sum(max(-(-text // max(width - GAP, 1)) for text, width in zip(row, widths, strict=True)) for row in rows)


def fitting_widths(narrow: list[int], wide: list[int]) -> list[int]:
    """The widest columns that fit the page; the longest texts wrap first.

    Before texts shorter than `WHOLE` wrap, the table is set in smaller type, which the page design does for a table
    wider than the page; so it does where nothing can wrap.
    """
    for room, least in ((TABLE_WIDTH, WHOLE), (SMALL_WIDTH, WHOLE), (TABLE_WIDTH, 1)):
        for limit in range(max(*wide, least), least - 1, -1):
            widths = [max(low, min(high, limit)) for low, high in zip(narrow, wide, strict=True)]
            if sum(widths) <= room:
                return widths
    return narrow


def narrowest(column: tuple[Block, ...]) -> int:
    """Characters a column needs: numbers stand on one line, words stay whole, Chinese may break anywhere."""
    head, *body = column
    texts = [plain(cell["inside"]) for cell in body]
    parts = texts if head["num"] else [word for text in texts for word in WORD.findall(text)]
    return GAP + max(characters(part) for part in [*WORD.findall(plain(head["inside"])), *parts, ""])


def widest(column: tuple[Block, ...]) -> int:
    """Characters a column wants: every text on one line, except a head that is much longer than what it heads."""
    head, *body = column
    longest = max((characters(plain(cell["inside"])) for cell in body), default=0)
    return max(narrowest(column), GAP + longest, GAP + min(characters(plain(head["inside"])), HEAD_WISH))


def characters(text: str) -> int:
    """Width of a text in Latin characters; a Chinese character is as wide as two."""
    return sum(2 if ord(one) >= 0x2E80 else 1 for one in text if one != BREAK)


def plain(nodes: list[Block]) -> str:
    """The words of inline nodes, with `BREAK` where a word may break."""
    return "".join(_plain(node) for node in nodes)


def _plain(node: Block) -> str:
    if node.get("kind") == "wbr":
        return BREAK
    return str(node["text"]) if "text" in node else plain(node["inside"])
