"""Pieces of the report's HTML that every block is made of: its text as inline nodes, its children, its classes."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from bs4 import Tag
from bs4.element import Comment, NavigableString, PageElement

from analysis.basis.errors import AnalysisFailed

Inline = dict[str, Any]

INLINE = {"strong", "em", "code", "br", "wbr", "a"}
SPACE = re.compile(r"[ \t\r\n\f]+")  # not \s: a no-break space between number and unit stays


def inline(tag: Tag) -> list[Inline]:
    """The text of an element, without white space at its ends."""
    return trimmed([node for child in tag.children for node in inline_of(child)])


def inline_of(node: PageElement) -> list[Inline]:
    """A piece of text as inline nodes."""
    if not isinstance(node, Tag):
        return [{"text": SPACE.sub(" ", text_of(node))}] if text_of(node) else []
    whole = node.name == "span" and role(node, "whole") == "whole"
    if node.name not in INLINE and not whole:
        refuse(node, expected="text", found=f"<{node.name}>")
    inside = [part for child in node.children for part in inline_of(child)]
    if whole:
        return inside
    target = {"to": str(node.get("href", "")).removeprefix("#")} if node.name == "a" else {}
    return [{"kind": node.name, "inside": inside} | target]


def trimmed(nodes: list[Inline]) -> list[Inline]:
    """The nodes without white space at either end."""
    if nodes and "text" in nodes[0]:
        nodes = [{"text": nodes[0]["text"].lstrip(" ")}, *nodes[1:]]
    if nodes and "text" in nodes[-1]:
        nodes = [*nodes[:-1], {"text": nodes[-1]["text"].rstrip(" ")}]
    return [node for node in nodes if node.get("text") != ""]


def text_of(node: PageElement) -> str:
    """The text of a text node; nothing for a comment."""
    return "" if isinstance(node, Comment) or not isinstance(node, NavigableString) else str(node)


def only(tag: Tag, *names: str) -> list[Tag]:
    """The children of an element, which must all be of these kinds."""
    for child in tag.children:
        known = isinstance(child, Tag) and child.name in names
        if not known and (isinstance(child, Tag) or text_of(child).strip()):
            found = f"<{child.name}>" if isinstance(child, Tag) else f"'{text_of(child).strip()[:60]}'"
            refuse(tag, expected=f"{' or '.join(names)} inside <{tag.name}>", found=found)
    return [child for child in tag.children if isinstance(child, Tag)]


def role(tag: Tag, *names: str) -> str:
    """The first of these classes the element has, else `plain`."""
    return next((name for name in names if name in tag.get_attribute_list("class")), "plain")


def named_texts(tag: Tag, *names: str) -> dict[str, list[Inline]]:
    """The text of each span inside an element by its class; empty for a class that is not there."""
    found: dict[str, list[Inline]] = {name: [] for name in names}
    for part in only(tag, "span"):
        name = role(part, *names)
        if name == "plain" or found[name]:
            repeated = f"two of {name}" if name in found else " ".join(part.get_attribute_list("class")) or "no class"
            refuse(part, expected=f"one each of {', '.join(names)} inside <{tag.name}>", found=repeated)
        found[name] = inline(part)
    return found


def refuse(tag: Tag | None, *, expected: str, found: str) -> NoReturn:
    """Stops the PDF, naming the chapter."""
    title = None if tag is None else tag if tag.name == "h2" else tag.find("h2") or tag.find_previous("h2")
    where = f"report.pdf, chapter '{title.get_text().strip()}'" if title else "report.pdf"
    do = "Show it through analysis.present, or teach run/blocks.py and templates/report.typ the element."
    raise AnalysisFailed(where, expected=expected, found=found, do=do)
