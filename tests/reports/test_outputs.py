"""What every report is, as a file: HTML that needs nothing else, a PDF everyone can read, a manifest that tells how."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.extracts.erasure import ERASED

if TYPE_CHECKING:
    from tests.reports.conftest import Report

LARGEST = 5_000_000
CHAPTERS = (
    "10_data",
    "20_base",
    "30_segments",
    "40_churn",
    "50_value",
    "60_service",
    "70_strategy",
    "90_methods",
    "00_summary",
)


def pictures(report: Report) -> list[str]:
    return [base64.b64decode(image["src"].partition(",")[2]).decode() for image in report.html.find_all("img")]


def marked(node: object) -> Iterator[dict[str, object]]:
    """Every element of a PDF's structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, dict):
        yield node
        yield from marked(node.get("/K"))
    elif isinstance(node, list):
        for child in node:
            yield from marked(child)


def test_no_library_warned_of_anything(either: Report) -> None:
    assert either.manifest["warnings"] == []


def test_html_refers_to_nothing_outside_itself(either: Report) -> None:
    for tag in either.html.find_all(True):
        for name in ("src", "href", "srcset", "action", "data", "poster", "background", "xlink:href"):
            value = str(tag.get(name, "#"))
            assert value.startswith(("#", "data:")), (tag.name, name, value[:80])
    styles = " ".join(style.get_text() for style in either.html.find_all("style"))
    styles += " ".join(str(tag["style"]) for tag in either.html.find_all(style=True))
    assert "@import" not in styles
    assert not re.findall(r"url\((?![\"']?(?:data:|#))", styles)
    assert not either.html.find_all("link")


def test_pictures_refer_to_nothing_outside_themselves(either: Report) -> None:
    drawn = pictures(either)
    assert len(drawn) >= 5
    for svg in drawn:
        assert not re.findall(r"href=\"(?!#)|url\((?!#)|<script|<!ENTITY|<image|\son\w+=", svg)


def test_html_runs_nothing(either: Report) -> None:
    assert not either.html.find_all(["script", "iframe", "object", "embed", "form"])
    assert not [tag for tag in either.html.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    (policy,) = either.html.find_all("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert "default-src 'none'" in policy["content"]


def test_html_has_one_first_heading_and_skips_no_level(either: Report) -> None:
    levels = [int(tag.name[1]) for tag in either.html.find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(after - before for before, after in pairwise(levels)) == 1
    assert all(tag.get_text(strip=True) for tag in either.html.find_all(re.compile(r"^h[1-6]$")))


def test_every_image_is_described(either: Report) -> None:
    described = [str(image.get("alt", "")).strip() for image in either.html.find_all("img")]
    assert described
    assert min(map(len, described)) > 20


def test_html_is_small_and_declares_its_language(either: Report) -> None:
    assert len(either.bytes("report.html")) < LARGEST
    assert either.html.html is not None
    assert either.html.html["lang"] == "en"


def test_ids_are_unique_and_every_link_leads_somewhere(either: Report) -> None:
    ids = [tag["id"] for tag in either.html.find_all(id=True)]
    assert len(ids) == len(set(ids))
    named = [tag["aria-labelledby"] for tag in either.html.find_all(attrs={"aria-labelledby": True})]
    links = [str(tag["href"]).removeprefix("#") for tag in either.html.find_all("a")]
    assert len(links) > 10
    assert {*links, *named} <= set(ids)


def test_every_chapter_and_section_is_in_the_contents(either: Report) -> None:
    (contents,) = either.html.find_all("nav")
    listed = {str(link["href"])[1:]: link.get_text() for link in contents.find_all("a")}
    assert listed == {heading["id"]: heading.get_text() for heading in either.html.find_all(["h2", "h3"])}


def test_pdf_declares_its_language_and_both_standards(either: Report) -> None:
    root = either.pdf.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    for prefix, key, value in [("pdfuaid", "part", "1"), ("pdfaid", "part", "2"), ("pdfaid", "conformance", "A")]:
        assert re.search(rf"<{prefix}:{key}>{value}</{prefix}:{key}>|{prefix}:{key}=\"{value}\"", xmp), (prefix, key)


def test_pdf_has_the_outline_of_the_html(either: Report) -> None:
    def titles(outline: list[object]) -> Iterator[str]:
        for entry in outline:
            yield from titles(entry) if isinstance(entry, list) else [entry.title]

    headings = [heading.get_text() for heading in either.html.find_all(["h2", "h3", "h4"])]
    assert [title for title in titles(either.pdf.outline) if title != "Contents"] == headings


def test_pdf_describes_every_figure_as_the_html_does(either: Report) -> None:
    tree = either.pdf.trailer["/Root"]["/StructTreeRoot"]
    got = [" ".join(str(node["/Alt"]).split()) for node in marked(tree) if "/Alt" in node]
    assert got == [" ".join(image["alt"].split()) for image in either.html.find_all("img")]


def test_pdf_numbers_its_pages(either: Report) -> None:
    pages = len(either.pdf.pages)
    assert 5 < pages < 95
    assert [f"Page {n} of {pages}" in page.extract_text() for n, page in enumerate(either.pdf.pages, 1)] == [
        True
    ] * pages


def test_every_paragraph_of_the_html_is_in_the_pdf(either: Report) -> None:
    main = either.html.main
    assert main is not None
    texts = [" ".join(tag.get_text().split()) for tag in main.find_all(["p", "caption", "figcaption"])]
    assert len(texts) > 30
    read = unbroken(without_page_edges(either))
    assert [text for text in texts if unbroken(text) not in read] == []


def unbroken(text: str) -> str:
    """A text without the white that stands where a line ended behind a hyphen or dash."""
    return re.sub(r"(?<=[-–/]) ", "", text)


def without_page_edges(report: Report) -> str:
    """The words of the PDF without what stands at the foot of a page and the head of the next: sentences run across."""
    chapters = "|".join(re.escape(" ".join(head.get_text().split())) for head in report.html.find_all("h2"))
    edge = rf"Made with Linecard \S+ from .{{1,80}}? Page \d+ of \d+ (Customer report ({chapters}) )?"
    return re.sub(edge, "", report.pdf_text)


def test_a_good_run_complains_of_nothing_and_names_the_report(either: Report) -> None:
    assert either.complained == ""
    assert either.said.splitlines()[-1] == f"reports/{either.name}/report.html"
    assert (either.root / "reports" / "latest").resolve() == either.folder
    assert [path.name for path in either.folder.parent.iterdir() if path.name.startswith(".")] == []


def test_the_manifest_tells_how_the_report_was_made(either: Report) -> None:
    manifest = either.manifest
    assert (manifest["status"], manifest["exit_code"], manifest["message"]) == ("succeeded", 0, None)
    assert manifest["params"]["quarter"] == manifest["quarter"]
    assert {"linecard", "python", "duckdb", "narwhals", "typst"} <= manifest["versions"].keys()
    assert {*CHAPTERS, "html", "pdf"} == manifest["seconds"].keys()
    assert min(manifest["seconds"].values()) > 0
    assert manifest["rows"]["10_data"]["customers"] > 0
    for door in manifest["doors"]:
        assert door["selected"] == sum(door[way] for way in ("accepted", "set_aside", "duplicates", "later"))


def test_the_manifest_names_every_input_by_its_hash(demo: Report) -> None:
    raw = demo.root / "data/raw/demo"
    got = {entry["file"]: (entry["sha256"], entry["bytes"]) for entry in demo.manifest["inputs"]}
    assert got == {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size) for path in raw.glob("*.csv")
    }


@pytest.mark.parametrize(
    ("table", "set_aside", "duplicates"), [("customers", 2, 0), ("usage", 4 + 4, 1), ("tickets", 0, 0)]
)
def test_every_planted_row_leaves_by_its_door(demo: Report, table: str, set_aside: int, duplicates: int) -> None:
    """The simulator's own extracts hold four defective rows of usage, and customers who asked to be erased."""
    (door,) = [door for door in demo.manifest["doors"] if door["table"] == table]
    rules = pd.read_parquet(demo.run / f"quarantine/{table}.parquet")["rule"]
    assert (int((rules != ERASED).sum()), door["duplicates"]) == (set_aside, duplicates)
    assert door["set_aside"] == len(rules)
    (file,) = [row for row in demo.manifest["files"] if row["file"] == f"{table}.csv"]
    assert file["unreadable"] == (1 if table == "tickets" else 0)
    lines = (demo.root / f"data/raw/demo/{table}.csv").read_text(encoding="utf-8").count("\n") - 1
    assert (file["lines"], file["parsed"], door["selected"]) == (lines, lines - file["unreadable"], file["parsed"])
