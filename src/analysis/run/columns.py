"""How wide the columns of a printed table are: numbers stay whole, and the rows together take as few lines as they can.

Widths are told in points of paper, with the white beside the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from analysis.run.blocks import Block
from analysis.run.fonts import advance

BREAK = "\u200b"  # a place where a word may break
TABLE_WIDTH = 481.0  # points across the page
LEAST_SHARE = 0.45  # of the page's width that a table takes
AIR, LAST_AIR = 9.0, 2.0  # points of white at the right of a column, and of the last one
SIZES = {8.5: 1.0, 7.75: 1.12, 7.0: 1.6}  # points of type, and how many times as high the usual one may make a table
HEAD_SIZE, LEAST_SIZE = 0.92, 7.0  # of a head beside its cells; points of the smallest type
BROKEN = 0.1  # of a line that a broken cell costs where its row has as many lines without it
HEAD_WISH = 6.5  # ems of a head on one line; a longer one breaks between words
STEP = 0.05  # ems by which two ways to break a text differ at least
SURE = 1.01  # times the measured width: glyphs are moved together or apart by hundredths
WORD = re.compile(f"[^ {BREAK}\u2e80-\uffff]+|[\u2e80-\uffff]")  # what stands on one line; Chinese may break anywhere

Ems = list[float]


@dataclass(frozen=True)
class Column:
    """A column: for each of its cells, the head first, the ems it needs on one line, on two, and so on."""

    needs: Sequence[Ems]
    most: float

    @property
    def least(self) -> float:
        """Ems below which a word or a number breaks."""
        return max(need[-1] for need in self.needs)

    @cached_property
    def widths(self) -> npt.NDArray[np.float64]:
        """The widths at which a cell takes one line less than below, from the least to the most."""
        wanted = {self.least, self.most} | {width for need in self.needs for width in need}
        return np.array(sorted(width for width in wanted if self.least <= width <= self.most))

    @cached_property
    def lines(self) -> npt.NDArray[np.int64]:
        """Lines of each cell (second axis) at each width (first axis)."""
        found = [len(need) - np.searchsorted(need[::-1], self.widths, side="right") + 1 for need in self.needs]
        return np.array(found).T


def sized(block: Block) -> Block:
    """A table with the size of its type and the widths of its columns, in points; other blocks as they are."""
    if block["kind"] != "table":
        return block
    size, widths = fitting(block)
    stretch = max(1.0, LEAST_SHARE * TABLE_WIDTH / sum(widths))
    return block | {"size": size, "widths": [round(width * stretch, 2) for width in widths]}


def fitting(block: Block) -> tuple[float, list[float]]:
    """The type and the widths at which the table is least high; a smaller type must make it clearly lower."""
    found = []
    for size, dear in SIZES.items():
        columns = columns_of(block, size=size)
        room = (TABLE_WIDTH - LAST_AIR - AIR * (len(columns) - 1)) / size / SURE
        ems = narrowed(columns, room=room)
        if ems is not None:
            found.append((height(columns, ems) * size * dear, size, ems))
            if sum(ems) == sum(column.most for column in columns):
                break
    if not found:
        columns = columns_of(block, size=LEAST_SIZE, whole=False)
        ems = narrowed(columns, room=room) or [column.least for column in columns]
        ems = [each * min(1, room / sum(ems)) for each in ems]
        found.append((0, LEAST_SIZE, ems))
    _, size, ems = min(found, key=lambda each: each[0])
    airs = [AIR] * (len(ems) - 1) + [LAST_AIR]
    return size, [each * size * SURE + air for each, air in zip(ems, airs, strict=True)]


def columns_of(block: Block, *, size: float, whole: bool = True) -> list[Column]:
    """The columns of a table set in this size; `whole` keeps each number on one line."""
    grow = max(HEAD_SIZE, LEAST_SIZE / size)
    made = []
    for head, *body in zip(block["heads"], *block["rows"], strict=True):
        title = [grow * width for width in needed(head, bold=True)]
        spans = spanned(body)
        needs = [shared(needed(cell, whole=whole and head["num"]), rows=span) for cell, span in spans]
        widest = max((need[0] for need in needs), default=0.0)
        made.append(column([title, *needs], most=max(widest, min(title[0], max(HEAD_WISH, title[-1])))))
    return made


def column(needs: Sequence[Ems], *, most: float) -> Column:
    """A column that is never narrower than a word of it, nor wider than it wants to be."""
    return Column(needs, max(most, *(need[-1] for need in needs)))


def shared(need: Ems, *, rows: int) -> Ems:
    """What a text needs whose lines stand beside several rows: on one line each, on two, and so on."""
    return need[rows - 1 :: rows] or need[-1:]


def spanned(body: Sequence[Block]) -> Iterator[tuple[Block, int]]:
    """Each cell that is not the one above it again, with the rows it has for its lines."""
    for place, cell in enumerate(body):
        later = (span for span, below in enumerate(body[place + 1 :], start=1) if not below.get("again"))
        yield cell, 1 if cell.get("again") else next(later, len(body) - place)


def needed(cell: Block, *, bold: bool = False, whole: bool = False) -> Ems:
    """The ems a cell's text needs on one line, on two, and so on, down to those of its longest word."""
    text, strong = plain(cell["inside"]), bold or "state" in cell
    if whole:
        return [ems(text, bold=strong)]
    space = advance(" ", bold=strong)
    words = [
        (ems(found[0], bold=strong), space * (text[found.start() - 1 : found.start()] == " "))
        for found in WORD.finditer(text)
    ]
    longest = max((word for word, _ in words), default=0.0)
    found: Ems = []
    width = sum(word + before for word, before in words)
    while True:
        lines, width = wrapped(words, width)
        found += [width] * (lines - len(found))
        found[lines - 1] = width
        if width <= longest + 1e-9:
            return found
        width -= STEP


def wrapped(words: Sequence[tuple[float, float]], width: float) -> tuple[int, float]:
    """Lines of the words at this width, and the width of the longest."""
    lines, filled, longest = 1, 0.0, 0.0
    for word, before in words:
        if filled and filled + before + word > width + 1e-9:
            lines, filled = lines + 1, word
        else:
            filled += before * (filled > 0) + word
        longest = max(longest, filled)
    return lines, longest


def narrowed(columns: Sequence[Column], *, room: float) -> Ems | None:
    """Widths that fit the room, given away where that costs the fewest lines; none where the words need more."""
    at = [len(column.widths) - 1 for column in columns]
    widths = [float(column.widths[-1]) for column in columns]
    while (excess := sum(widths) - room) > 1e-9:
        lines = np.array([column.lines[place] for column, place in zip(columns, at, strict=True)])
        now, moves = weight(lines), []
        for x, column in enumerate(columns):
            if not at[x]:
                continue
            others = np.delete(lines, x, axis=0)[:, None]
            costs = weight(np.concatenate([others.repeat(at[x], axis=1), column.lines[None, : at[x]]])) - now
            saved = np.minimum(widths[x] - column.widths[: at[x]], excess)
            best = int(np.argmin(costs / saved))
            moves.append((costs[best] / saved[best], -saved[best], x, best))
        if not moves:
            return None
        *_, x, best = min(moves)
        at[x], widths[x] = best, float(columns[x].widths[best])
    return widths


def weight(lines: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Lines of all rows together (cells on the last axis, columns on the first), and a little for every other line."""
    return np.asarray(lines.max(axis=0).sum(axis=-1) + BROKEN * lines.sum(axis=(0, -1)))


def height(columns: Sequence[Column], ems: Ems) -> float:
    """Lines of all rows together, and the white between rows, which is some half a line each."""
    places = [np.searchsorted(one.widths, width, side="right") - 1 for one, width in zip(columns, ems, strict=True)]
    rows = np.array([one.lines[place] for one, place in zip(columns, places, strict=True)]).max(axis=0)
    return float(rows.sum() + 0.5 * len(rows))


def ems(text: str, *, bold: bool = False) -> float:
    """Width of a text on one line."""
    return sum(advance(one, bold=bold) for one in text if one != BREAK)


def plain(nodes: list[Block]) -> str:
    """The words of inline nodes, with `BREAK` where a word may break."""
    return "".join(_plain(node) for node in nodes)


def _plain(node: Block) -> str:
    if node.get("kind") == "wbr":
        return BREAK
    return str(node["text"]) if "text" in node else plain(node["inside"])
