"""The last look at the HTML before it is published: nothing foreign, nothing missing, nothing dangling."""

from __future__ import annotations

import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from analysis.basis.errors import AnalysisFailed

MOST_BYTES = 5_000_000
SVG_SOURCE = "data:image/svg+xml;base64,"
NO_ALT = "No description has been provided for this image"  # what nbconvert writes where a description is missing
PAGE = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "main",
    "footer",
    "nav",
    "aside",
    "section",
    "details",
    "summary",
}
TEXT = {
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "strong",
    "em",
    "code",
    "br",
    "wbr",
    "a",
}
SHOWN = {"div", "span", "figure", "figcaption", "img", "table", "caption", "thead", "tbody", "tr", "th", "td"}
REFERENCES = {"src", "href", "srcset", "action", "formaction", "poster", "background", "cite", "data", "xlink:href"}
FOREIGN_STYLE = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)|expression\(", re.IGNORECASE)
FOREIGN_SVG = re.compile(
    r"<script|<foreignObject|<!ENTITY|\son\w+\s*=|@import|url\(\s*['\"]?(?!#|data:image/)"
    r"|(?<![\w-])(?:href|src)\s*=\s*['\"](?!#|data:image/)",
    re.IGNORECASE,
)

Defect = tuple[str, str]  # expected, found


def checked_html(html: str) -> str:
    """The page itself, when it may be published.

    Raises
    ------
    AnalysisFailed
        With the first defect found and the number of further ones.
    """
    soup = BeautifulSoup(html, "html.parser")
    defects = [*heading_defects(soup), *element_defects(soup), *reference_defects(soup), *image_defects(soup)]
    defects += [*name_defects(soup), *size_defects(html)]
    if defects:
        expected, found = defects[0]
        more = f" (further defects: {len(defects) - 1})" if len(defects) > 1 else ""
        do = "Correct the notebook cell that shows it."
        raise AnalysisFailed("report.html", expected=expected, found=found + more, do=do)
    return html


def heading_defects(soup: BeautifulSoup) -> Iterator[Defect]:
    """One h1, no level skipped, the language said, a title."""
    headings = soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])
    titles = [tag for tag in headings if tag.name == "h1"]
    if len(titles) != 1:
        yield "one h1", f"{len(titles)}"
    level = 0
    for tag in headings:
        before, level = level, int(tag.name[1])
        if level > before + 1:
            yield "no heading level skipped", f"{tag.name} '{tag.get_text().strip()}' after h{before}"
    if soup.html is None or not soup.html.get("lang"):
        yield "a language on <html>", "none"
    if soup.title is None or not soup.title.get_text().strip():
        yield "a page title", "none"


def element_defects(soup: BeautifulSoup) -> Iterator[Defect]:
    """Only known elements, and no attribute that runs code."""
    for tag in soup.find_all(True):
        if tag.name not in PAGE | TEXT | SHOWN:
            yield "elements of the report's vocabulary", shown(tag)
        for attribute in tag.attrs:
            if attribute.lower().startswith("on"):
                yield "no attribute that runs code", shown(tag)
        if tag.name == "meta" and str(tag.get("http-equiv", "")).lower() not in {"", "content-security-policy"}:
            yield "no meta that redirects", shown(tag)


def reference_defects(soup: BeautifulSoup) -> Iterator[Defect]:
    """Nothing is fetched, and every link leads somewhere in the page."""
    names = {str(tag["id"]) for tag in soup.find_all(id=True)}
    for tag in soup.find_all(True):
        for attribute in (name for name in tag.attrs if name.lower() in REFERENCES):
            target = str(tag[attribute])
            if attribute == "href" and target.startswith("#"):
                if target[1:] not in names:
                    yield "links that lead to a place in the report", shown(tag)
            elif attribute != "src" or not target.startswith(SVG_SOURCE):
                yield "no reference to anything outside the page", shown(tag)
        style = str(tag.get("style", "")) + (tag.get_text() if tag.name == "style" else "")
        if FOREIGN_STYLE.search(style):
            yield "no reference to anything outside the page", f"a style in {shown(tag)}"


def image_defects(soup: BeautifulSoup) -> Iterator[Defect]:
    """Every image is described, and a drawing holds nothing but a drawing."""
    for tag in soup.find_all("img"):
        if str(tag.get("alt", "")).strip() in {"", NO_ALT}:
            yield "a description (alt) on every image", shown(tag)
        if str(tag.get("src", "")).startswith(SVG_SOURCE):
            drawing = b64decode(str(tag["src"]).removeprefix(SVG_SOURCE)).decode("utf-8", errors="replace")
            for strange in FOREIGN_SVG.finditer(drawing):
                yield "a drawing without scripts or references", f"'{strange[0].strip()}' in {shown(tag)}"


def name_defects(soup: BeautifulSoup) -> Iterator[Defect]:
    """Ids are unique."""
    for name, times in Counter(str(tag["id"]) for tag in soup.find_all(id=True)).items():
        if times > 1:
            yield "unique ids", f"'{name}' {times} times"


def size_defects(html: str) -> Iterator[Defect]:
    """Small enough to send by mail."""
    size = len(html.encode())
    if size >= MOST_BYTES:
        yield "a page under 5 MB", f"{size / 1e6:.1f} MB"


def shown(tag: Tag) -> str:
    """The opening tag, without its long attributes."""
    attributes = "".join(f' {name}="{str(value)[:60]}"' for name, value in tag.attrs.items())
    return f"<{tag.name}{attributes}>"
