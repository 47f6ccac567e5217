"""The report's HTML as a list of plain blocks, for the PDF; an element it does not know stops it.

A block is a dict with a `kind`; text is a list of inline nodes, `{"text": …}` or `{"kind": …, "inside": […]}`.
Everything the report says arrives in the PDF as a string of a JSON file, never as source text of the page language.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from analysis.run.nodes import inline, inline_of, named_texts, only, refuse, role, text_of, trimmed

Block = dict[str, Any]
SVG_SOURCE = "data:image/svg+xml;base64,"


def report_blocks(html: str) -> list[Block]:
    """The blocks of the report's chapters, in reading order.

    Raises
    ------
    AnalysisFailed
        For any element outside the report's vocabulary, naming it and the chapter.
    """
    main = BeautifulSoup(html, "html.parser").main
    if main is None:
        refuse(None, expected="a <main> element", found="none")
    return list(blocks_in(main))


def charts(html: str) -> dict[str, bytes]:
    """The drawings the blocks name, by file name."""
    images = BeautifulSoup(html, "html.parser").find_all("img")
    return {chart_file(drawing): drawing for drawing in map(drawing_of, images)}


def blocks_in(parent: Tag) -> Iterator[Block]:
    """The blocks inside an element that holds nothing but blocks."""
    for child in parent.children:
        if isinstance(child, Tag):
            yield from block_of(child)
        elif text_of(child).strip():
            refuse(parent, expected="text inside a paragraph", found=f"'{text_of(child).strip()[:60]}'")


def block_of(tag: Tag) -> Iterator[Block]:
    """The block (or, for a chapter's section, the blocks) an element stands for."""
    if tag.name == "section":
        yield from blocks_in(tag)
    elif tag.name in BLOCKS:
        yield BLOCKS[tag.name](tag)
    else:
        refuse(tag, expected="an element of the report's vocabulary", found=f"<{tag.name}>")


def heading(tag: Tag) -> Block:
    """A chapter, a section, or a part of one."""
    return {"kind": "heading", "level": int(tag.name[1]), "id": tag.get("id"), "inside": inline(tag)}


def paragraph(tag: Tag) -> Block:
    """A paragraph; `role` is finding, note, warning, source or plain."""
    return {"kind": "paragraph", "role": role(tag, "finding", "note", "warning", "source"), "inside": inline(tag)}


def listing(tag: Tag) -> Block:
    """A list, or the row of KPI cards."""
    items = only(tag, "li")
    if "cards" in tag.get_attribute_list("class"):
        return {"kind": "cards", "cards": [card(item) for item in items]}
    return {"kind": "list", "ordered": tag.name == "ol", "items": [mixed(item) for item in items]}


def card(tag: Tag) -> Block:
    """One KPI: label, value, detail, and its status as a word."""
    parts: Block = dict(named_texts(tag, "label", "value", "detail", "status"))
    states = [
        role(part, "met", "missed", "unclear", "none") for part in only(tag, "span") if role(part, "status") == "status"
    ]
    return parts | {"state": states[0] if states and states[0] != "plain" else "none"}


def quote(tag: Tag) -> Block:
    """A quotation."""
    return {"kind": "quote", "blocks": mixed(tag)}


def table_wrap(tag: Tag) -> Block:
    """A table with its caption, heads, rows and source line."""
    if role(tag, "table-wrap") == "plain":
        refuse(tag, expected="an element of the report's vocabulary", found="<div>")
    children = only(tag, "table", "p")
    order = [child.name for child in children]
    if order not in (["table"], ["table", "p"]):
        refuse(tag, expected="one table and its source line", found=", ".join(order) or "nothing")
    table = children[0]
    caption, head, body = parts_of_table(table)
    heads = cells(only(head, "tr")[0])
    rows = [cells(row) for row in only(body, "tr")]
    if strange := next((row for row in rows if len(row) != len(heads)), None):
        refuse(table, expected=f"{len(heads)} cells in every row", found=f"{len(strange)}")
    return {"kind": "table", "id": table.get("id"), "heads": heads, "rows": rows} | caption | source_line(children)


def parts_of_table(table: Tag) -> tuple[Block, Tag, Tag]:
    """Caption, thead and tbody: each exactly once, in this order, one row of heads."""
    parts = only(table, "caption", "thead", "tbody")
    if [part.name for part in parts] != ["caption", "thead", "tbody"] or len(only(parts[1], "tr")) != 1:
        refuse(table, expected="caption, one row of heads, body", found=", ".join(part.name for part in parts))
    return titles(parts[0]), parts[1], parts[2]


def cells(row: Tag) -> list[Block]:
    """The cells of one row; `num` stands at the right."""
    return [cell(tag) for tag in only(row, "th", "td")]


def cell(tag: Tag) -> Block:
    """One cell of a table; one that repeats the cell above it is empty, and `again`; a light has its `state`."""
    if {"colspan", "rowspan"} & set(tag.attrs):
        refuse(tag, expected="one cell for each column and row", found="a cell that spans several")
    again = role(tag, "again") == "again"
    state = role(tag, "met", "missed", "unclear")
    lit = {} if state == "plain" else {"state": state}
    return {"num": role(tag, "num") == "num", "again": again, "inside": [] if again else inline(tag)} | lit


def figure(tag: Tag) -> Block:
    """A chart with its title above and its source below."""
    children = only(tag, "figcaption", "img", "p")
    order = [child.name for child in children]
    if order not in (["img"], ["img", "p"], ["figcaption", "img"], ["figcaption", "img", "p"]):
        refuse(tag, expected="a caption, one image and its source line", found=", ".join(order) or "nothing")
    image = children[order.index("img")]
    alt = str(image.get("alt", "")).strip()
    if not alt:
        refuse(tag, expected="a description (alt) on every image", found="none")
    caption = titles(children[0]) if order[0] == "figcaption" else {"title": [], "subtitle": []}
    made = {"kind": "figure", "id": tag.get("id"), "alt": alt, "file": chart_file(drawing_of(image))}
    size = {side: float(str(image.get(side, "0"))) for side in ("width", "height")}
    return made | size | caption | source_line(children)


def titles(tag: Tag) -> Block:
    """Title and subtitle of a table or chart."""
    return dict(named_texts(tag, "title", "subtitle"))


def source_line(children: Iterable[Tag]) -> Block:
    """The source line under a table or chart; empty where there is none."""
    return {"source": next((inline(child) for child in children if child.name == "p"), [])}


def mixed(tag: Tag) -> list[Block]:
    """The blocks of an element that may hold loose text beside blocks, as list items do."""
    made: list[Block] = []
    loose: list[PageElement] = []
    for child in [*tag.children, None]:
        if child is not None and not (isinstance(child, Tag) and child.name in BLOCKS):
            loose.append(child)
            continue
        if text := trimmed([node for part in loose for node in inline_of(part)]):
            made.append({"kind": "paragraph", "role": "plain", "inside": text})
        loose = []
        if child is not None:
            made += block_of(child)
    return made


def drawing_of(image: Tag) -> bytes:
    """The SVG inside an image's address."""
    source = str(image.get("src", ""))
    if not source.startswith(SVG_SOURCE):
        refuse(image, expected="an SVG drawing inside the page", found=source[:60])
    return b64decode(source.removeprefix(SVG_SOURCE))


def chart_file(drawing: bytes) -> str:
    """A file name that depends on the drawing only."""
    return f"chart-{sha256(drawing).hexdigest()[:16]}.svg"


BLOCKS: dict[str, Callable[[Tag], Block]] = {
    **dict.fromkeys(("h2", "h3", "h4"), heading),
    "p": paragraph,
    "ul": listing,
    "ol": listing,
    "blockquote": quote,
    "div": table_wrap,
    "figure": figure,
}
