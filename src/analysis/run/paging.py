"""Where the pages of the printed report begin, and how large its drawings are: few pages, none left half empty.

The blocks are set once on a page without an end. From where each of them begins and ends there, this module tells which
begins a page, which table runs over one, and which drawings are a little smaller so that what follows stays with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analysis.run.blocks import Block

PAGE = 714.0  # points of a page between head and foot
TEXT_WIDTH = 481.0  # points across it
SHOWN = 0.516  # points on paper of a pixel of a drawing in the page on screen: its smallest words have 7.7 points
DRAWING_WIDTH = 640 * SHOWN  # of a drawing of the house width
LEAST = 0.91  # of its size that a drawing keeps; its smallest words have 7 points then
ROW_AIR, LEAST_ROW_AIR = 3.0, 2.2  # points of white above and below a row of a table
MANY_ROWS = 12  # of a table that stays on one page where it can
FEWEST_ROWS = 3  # of a table on a page
LITTLE = 0.16  # of a page left empty rather than to break a table; a chapter ends with no less on a page
FEW = 0.1  # of a page: words from a heading on that go to the next page with what they speak of
LINE = 13.5  # points from line to line of the text
FEWEST_LINES = 3  # of a text on a page
ENDS = -2  # the row of a mark at the end of a chapter; a block's own has -1
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)  # of what they can, that all drawings and tables of a chapter give to save a page
SURE = 4.0  # points of a page that stay free, as lines of a text that runs over a page are only reckoned
AIRS = {
    "h2": (0, 16),
    "h3": (20, 8),
    "h4": (14, 6),
    "plain": (10, 10),
    "note": (10, 10),
    "source": (10, 10),
    "finding": (11, 12),
    "warning": (12, 12),
    "list": (10, 10),
    "quote": (12, 12),
    "cards": (14, 16),
    "table": (14, 14),
    "figure": (14, 14),
}

Mark = Sequence[float]  # place of a block, row of a table (or -1, ENDS), page, points from its head


@dataclass
class Placed:
    """A block on the page without an end: where it begins and ends, and each row of a table, the head first."""

    block: Block
    top: float
    bottom: float
    rows: Sequence[float] = ()

    @property
    def gives(self) -> float:
        """Points by which a figure or table can be made lower."""
        if self.block["kind"] == "figure":
            return drawn_height(self.block) - float(self.block["least"])
        return 2 * len(self.rows) * (self.block["row-air"] - LEAST_ROW_AIR) if self.rows else 0.0

    def lower(self, share: float) -> None:
        """Gives this share of what it can."""
        if self.block["kind"] == "figure":
            self.block["width"] *= 1 - share * (1 - self.block["least"] / drawn_height(self.block))
        elif self.rows:
            self.block["row-air"] -= share * (self.block["row-air"] - LEAST_ROW_AIR)


@dataclass
class Page:
    """The page that is being filled: where it begins, what on it may still be made lower, its number in the chapter."""

    start: float
    parts: list[Placed] = field(default_factory=list)
    number: int = 1

    def beyond(self, bottom: float) -> float:
        """Points by which something that ends here is too low."""
        return bottom - self.start - (PAGE - SURE)

    def lowered(self, beyond: float) -> bool:
        """Whether the drawings and tables of the page give away so much; if they do, they are lower."""
        gives = sum(placed.gives for placed in self.parts)
        if beyond > gives:
            return False
        for placed in self.parts:
            placed.lower(beyond / gives)
        self.start += beyond
        self.parts = []
        return True


def airy(block: Block) -> Block:
    """A figure with the width of its drawing on paper in points, how many times as high it is, and its least height; a
    table with the white of its rows; others as they are.
    """
    if block["kind"] == "table":
        return block | {"row-air": ROW_AIR}
    if block["kind"] != "figure":
        return block
    width, height = block["width"] or 860.0, block["height"]
    shown = min(TEXT_WIDTH, width * SHOWN)
    return block | {"width": shown, "ratio": height / width, "least": LEAST * shown * height / width}


def drawn_height(block: Block) -> float:
    """Points from the head to the foot of a drawing."""
    return float(block["width"] * block["ratio"])


def air(block: Block) -> tuple[float, float]:
    """Points of white above a block and below it; between two blocks there is the larger one."""
    kind = {"heading": f"h{block.get('level')}", "paragraph": block.get("role")}.get(block["kind"], block["kind"])
    return AIRS[str(kind)]


def paged(blocks: Sequence[Block], marks: Sequence[Mark]) -> list[Block]:
    """The blocks, each with `begins` (a page), `leads` (goes to the next page with the next one), and a table with
    `whole` (on one page); drawings with their final width.
    """
    made = [block | {"begins": False, "leads": False, "whole": True} for block in blocks]
    tried = ([filled(chapter, share) for share in SHARES] for chapter in chapters(made, marks))
    return [placed.block for each in tried for placed in min(each, key=lambda one: one[0])[1]]


def filled(chapter: Sequence[Placed], share: float) -> tuple[int, list[Placed]]:
    """The pages of a chapter whose drawings and tables all give this share of what they can, and its blocks."""
    higher, lower = 0.0, []
    for placed in chapter:
        rows = [top - higher - place * 2 * share * (ROW_AIR - LEAST_ROW_AIR) for place, top in enumerate(placed.rows)]
        top, gives = placed.top - higher, share * placed.gives
        higher += gives
        lower.append(Placed(dict(placed.block), top, placed.bottom - higher, rows))
        lower[-1].lower(share)
    return fill(lower), lower


def chapters(blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[list[Placed]]:
    """The blocks of each chapter, which is a page without an end, with their places."""
    rows: dict[float, dict[float, float]] = defaultdict(dict)
    for place, row, _, top in marks:
        if row >= 0:
            rows[place][row] = min(top, rows[place].get(row, top))
    starts = [mark for mark in marks if mark[1] < 0]
    chapter: list[Placed] = []
    for (place, row, _, top), after in zip(starts, [*starts[1:], None], strict=True):
        if row == ENDS:
            chapter[-1].bottom = top
            yield chapter
            chapter = []
        elif after is not None:
            below = 0.0 if after[1] == ENDS else max(air(blocks[int(place)])[1], air(blocks[int(after[0])])[0])
            chapter.append(Placed(blocks[int(place)], top, after[3] - below, list(rows[place].values())))


def fill(chapter: Sequence[Placed]) -> int:
    """Tell the blocks of a chapter, which begins a page, where others begin; returns how many pages there are."""
    page, end, every = Page(chapter[0].top), chapter[-1].bottom, list(units(chapter))
    for place, unit in enumerate(every):
        page.parts += unit
        beyond = page.beyond(unit[-1].bottom)
        if beyond <= 0 or page.lowered(max(beyond, page.beyond(end))):
            continue
        if (after := broken(unit, page)) and end - after.start > LITTLE * PAGE:
            page = over(unit, after)
        elif not page.lowered(beyond):
            first = begun(every[: place + 1], page, end=end)
            if first[0].top > page.start:
                first[0].block["begins"] = True
                page = Page(
                    first[0].top, [placed for placed in page.parts if placed.top >= first[0].top], page.number + 1
                )
            page = over_a_page(unit, page)
    return page.number


def begun(every: Sequence[list[Placed]], page: Page, *, end: float) -> list[Placed]:
    """Which of the units begins a page so that the last one fits: that one, or an earlier one of this page where only
    little of the chapter, which ends there, would be left for the next.
    """
    place = len(every) - 1
    while place and end - every[place][0].top < LITTLE * PAGE and every[place - 1][0].top > page.start:
        place -= 1
    return every[place]


def over_a_page(unit: Sequence[Placed], page: Page) -> Page:
    """What is taller than a page: a drawing is made smaller until it fits, a table or text runs on."""
    beyond, last = page.beyond(unit[-1].bottom), unit[-1]
    if beyond <= 0:
        return page
    if last.block["kind"] == "figure":
        last.block["width"] *= max(0.1, 1 - beyond / drawn_height(last.block))
        page.start += beyond
        return page
    return over(unit, broken(unit, page, always=True) or page)


def over(unit: Sequence[Placed], page: Page) -> Page:
    """The page, on which the last block of the unit ends; it begins on another one if that lies further down."""
    unit[-1].block["whole"] = page.start <= unit[0].top
    return page


def units(chapter: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Blocks that go to the next page together; each is told whether it leads the next one."""
    unit: list[Placed] = []
    for place, placed in enumerate(chapter):
        unit.append(placed)
        placed.block["leads"] = leads(unit, chapter[place + 1 :])
        if not placed.block["leads"]:
            yield unit
            unit = []


def leads(unit: Sequence[Placed], later: Sequence[Placed]) -> bool:
    """Whether a heading, or words before what they speak of, go to the next page with it: few words from the heading
    on, else the last paragraph alone.
    """
    block = unit[-1].block
    if block["kind"] != "paragraph" or block["role"] == "warning" or not later:
        return bool(block["kind"] == "heading" and later)
    shown = next((placed for placed in later if placed.block["kind"] != "paragraph"), None)
    if shown is None or shown.block["kind"] == "heading":
        return False
    few = unit[0].block["kind"] == "heading" and shown.top - unit[0].top < FEW * PAGE
    return shown is later[0] or few


def broken(unit: Sequence[Placed], page: Page, *, always: bool = False) -> Page | None:
    """The page on which the last block of a unit ends, if that may run over a page; else nothing."""
    last, now = unit[-1], page
    while now.beyond(last.bottom) > 0:
        start = next_start(last, now, always=always or now is not page)
        if start is None or start <= now.start:
            return None
        now = Page(start, number=now.number + 1)
    return now


def next_start(placed: Placed, page: Page, *, always: bool) -> float | None:
    """Where the next page begins if the block runs on there."""
    kind = placed.block["kind"]
    if kind == "table":
        return next_rows(placed, page, always=always)
    if kind not in ("list", "paragraph") or placed.block.get("role") in ("finding", "warning"):
        return None
    lines = round((placed.bottom - placed.top) / LINE)
    fit = int((page.start + PAGE - placed.top) / LINE)
    fit = min(fit, lines - FEWEST_LINES)
    return placed.top + (fit - 1) * LINE if fit >= FEWEST_LINES else None  # perhaps one line less fits


def next_rows(placed: Placed, page: Page, *, always: bool) -> float | None:
    """Where the next page of a table begins, its head being repeated; nothing where it had better stay whole."""
    head, *rows = placed.rows
    many = len(rows) > MANY_ROWS and placed.bottom - placed.top > LITTLE * PAGE
    short = page.start + PAGE - placed.top < LITTLE * PAGE
    fit = max((place for place, top in enumerate(rows) if page.beyond(top) <= 0 and top > page.start), default=0)
    while fit and any(cell["again"] for cell in placed.block["rows"][fit]):
        fit -= 1
    if not always and (not many or short or fit < FEWEST_ROWS or len(rows) - fit < FEWEST_ROWS):
        return None
    return rows[fit] - (rows[0] - head) - placed.block["row-air"] if fit else None
