from __future__ import annotations

from base64 import b64encode

import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.run.checked import checked_html


def page(body: str, *, lang: str = ' lang="en"', title: str = "Report") -> str:
    return f"<!DOCTYPE html><html{lang}><head><title>{title}</title></head><body><h1>Report</h1>{body}</body></html>"


def image(drawing: str, alt: str = "A line") -> str:
    return f'<img alt="{alt}" src="data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}">'


def defect(html: str) -> str:
    with pytest.raises(AnalysisFailed) as caught:
        checked_html(html)
    assert caught.value.where == "report.html"
    return f"{caught.value.expected} | {caught.value.found}"


def test_a_page_without_defect_comes_back_unchanged():
    html = page(
        '<h2 id="sec-1">A</h2><p><a href="#sec-1">A</a> costs $5, see https://example.org</p>' + image("<svg/>")
    )
    assert checked_html(html) == html


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<h1>Again</h1>", "one h1 | 2"),
        ("<h3>Deep</h3>", "no heading level skipped | h3 'Deep' after h1"),
        ('<p id="a"></p><p id="a"></p>', "unique ids | 'a' 2 times"),
        ('<a href="#b">b</a>', 'links that lead to a place in the report | <a href="#b">'),
        ("<script>alert(1)</script>", "elements of the report's vocabulary | <script>"),
        ("<svg></svg>", "elements of the report's vocabulary | <svg>"),
        ("<iframe></iframe>", "elements of the report's vocabulary | <iframe>"),
        ("<p onclick='x()'>a</p>", 'no attribute that runs code | <p onclick="x()">'),
        ('<meta http-equiv="refresh" content="0">', 'no meta that redirects | <meta http-equiv="refresh" content="0">'),
    ],
)
def test_a_defect_is_named(body: str, found: str):
    assert defect(page(body)) == found


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://example.org">a</a>',
        '<a href="//example.org">a</a>',
        '<a href="javascript:alert(1)">a</a>',
        '<a href="report.pdf">a</a>',
        '<img alt="a" src="http://example.org/a.png">',
        '<img alt="a" src="data:text/html;base64,PHA+">',
        '<img alt="a" srcset="a.png 2x">',
        '<blockquote cite="http://example.org">a</blockquote>',
        "<style>@import 'a.css';</style>",
        "<style>p { background: url(a.png) }</style>",
        "<p style=\"background: url('//example.org')\">a</p>",
    ],
)
def test_anything_outside_the_page_is_refused(body: str):
    assert defect(page(body)).startswith("no reference to anything outside the page | ")


def test_fonts_inside_the_style_sheet_may_stay():
    html = page("<style>@font-face { src: url(data:font/woff;base64,AAAA) }</style>")
    assert checked_html(html) == html


@pytest.mark.parametrize("alt", ["", " ", "No description has been provided for this image"])
def test_an_image_without_a_description_is_refused(alt: str):
    assert defect(page(image("<svg/>", alt))).startswith("a description (alt) on every image | <img")


@pytest.mark.parametrize(
    ("drawing", "found"),
    [
        ("<svg><script>x</script></svg>", "<script"),
        ("<svg onload='x()'/>", "onload="),
        ("<svg><image href='file:///etc/passwd'/></svg>", "href='"),
        ('<svg><use xlink:href="//example.org#a"/></svg>', 'href="'),
        ("<svg style='fill:url(http://example.org)'/>", "url("),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", "<!ENTITY"),
        ("<svg><foreignObject/></svg>", "<foreignObject"),
    ],
)
def test_a_drawing_that_reaches_out_is_refused(drawing: str, found: str):
    assert defect(page(image(drawing))).startswith(f"a drawing without scripts or references | '{found}' in <img")


def test_a_drawing_may_use_its_own_parts():
    html = page(
        image('<svg xmlns:xlink="http://www.w3.org/1999/xlink"><use xlink:href="#m1"/><g clip-path="url(#c)"/></svg>')
    )
    assert checked_html(html) == html


def test_language_and_title_are_asked_for():
    assert defect(page("", lang="")) == "a language on <html> | none"
    assert defect(page("", title=" ")) == "a page title | none"


def test_a_page_of_five_megabytes_is_refused():
    assert defect(page("<p>" + "x" * 5_000_000 + "</p>")) == "a page under 5 MB | 5.0 MB"


def test_further_defects_are_counted():
    assert defect(page("<h1>A</h1><h1>B</h1><h4>C</h4>")) == "one h1 | 3 (further defects: 1)"
