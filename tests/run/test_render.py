from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html import escape

import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.basis.errors import AnalysisFailed
from analysis.run.chapters import TEMPLATES
from analysis.run.render import ReportHead, html_report, stylesheet

HEAD = ReportHead(
    title="Customer report",
    subtitle="Who came and who left",
    source="demo",
    quarter="2026-Q3",
    as_of=dt.date(2026, 9, 30),
    language="en",
    version="0.1.0",
)


def notebook(source: str, *shown: str) -> NotebookNode:
    """A notebook with one Markdown cell and one code cell for each piece of HTML."""
    cells = [new_code_cell("x", outputs=[new_output("display_data", {"text/html": html})]) for html in shown]
    return new_notebook(cells=[new_markdown_cell(source), *cells])


def parsed(*notebooks: NotebookNode, head: ReportHead = HEAD) -> BeautifulSoup:
    return BeautifulSoup(html_report(notebooks, head=head), "html.parser")


def test_the_reports_title_is_the_only_h1_and_every_notebook_is_a_chapter():
    got = parsed(notebook("# Summary"), notebook("# Churn\n\n## Who"))
    assert [tag.get_text() for tag in got.find_all("h1")] == ["Customer report"]
    assert [tag.get_text() for tag in got.select("section.chapter > h2.chapter")] == ["Summary", "Churn"]


def test_the_contents_lead_to_every_chapter_and_section():
    got = parsed(notebook("# Summary"), notebook("# Churn\n\n## Who\n\n### Where\n\n## Why")).nav
    assert got["aria-label"] == "Contents"
    links = [(link["href"], link.get_text()) for link in got.find_all("a")]
    assert links == [("#sec-1", "Summary"), ("#sec-2", "Churn"), ("#sec-2-1", "Who"), ("#sec-2-2", "Why")]


def test_a_link_to_a_heading_of_another_notebook_still_leads_there():
    got = parsed(notebook("# Summary\n\nSee [who](#Who-leaves)."), notebook("# Churn\n\n## Who leaves"))
    assert got.main.find("a")["href"] == "#sec-2-1"


def test_a_link_to_a_heading_that_two_chapters_have_stays_in_its_own():
    both = notebook("# A\n\n[limits](#Limits)\n\n## Limits"), notebook("# B\n\n[limits](#Limits)\n\n## Limits")
    got = parsed(*both)
    assert [link["href"] for link in got.main.find_all("a")] == ["#sec-1-1", "#sec-2-1"]


def test_a_link_that_leads_nowhere_is_refused():
    with pytest.raises(
        AnalysisFailed, match=r"expected links that lead to a place in the report, found <a href=\"#Gone\">"
    ):
        html_report([notebook("# Summary\n\n[gone](#Gone)")], head=HEAD)


def test_title_date_source_and_version_are_on_the_page():
    got = parsed(notebook("# Summary"))
    assert [tag.get_text() for tag in got.header.find_all("dd")] == ["2026-Q3", "30 September 2026", "demo"]
    assert got.footer.get_text().strip() == "Made with Linecard 0.1.0 from demo, as of 30 September 2026"
    assert got.title.get_text() == "Customer report"
    assert got.find("meta", attrs={"name": "description"})["content"] == "Who came and who left"


def test_notices_stand_before_the_first_chapter_and_nothing_stands_there_without_one():
    got = parsed(notebook("# Summary"), head=replace(HEAD, notices=("The quarter is not complete.",)))
    assert [tag.get_text() for tag in got.select("aside.notices > p.warning")] == ["The quarter is not complete."]
    assert parsed(notebook("# Summary")).aside is None


def test_notices_are_repeated_under_the_title_of_every_chapter():
    got = parsed(
        notebook("# Summary"), notebook("# Churn\n\nWords."), head=replace(HEAD, notices=("One: a.", "Two: b."))
    )
    for chapter in got.select("section.chapter"):
        assert [tag.name for tag in chapter.find_all(recursive=False)][:3] == ["h2", "p", "p"]
        assert [tag.get_text() for tag in chapter.select("p.warning")] == ["One: a.", "Two: b."]


def test_the_page_forbids_every_request():
    got = parsed(notebook("# Summary")).find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert got == "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"


def test_a_chinese_report_says_so_and_has_chinese_words():
    got = parsed(notebook("# 摘要"), head=replace(HEAD, language="zh"))
    assert got.html["lang"] == "zh-Hans"
    assert got.nav["aria-label"] == "目录"
    assert [tag.get_text() for tag in got.find_all("dd")] == ["2026-Q3", "2026年9月30日", "demo"]


def test_the_same_notebooks_make_the_same_bytes():
    books = [notebook("# Summary", "<p>4.1&nbsp;%</p>"), notebook("# Churn\n\n- one\n- two")]
    assert html_report(books, head=HEAD) == html_report(books, head=HEAD)


PAYLOAD = "<script>alert(1)</script> #import $x$ {{7*7}} {% raw %} *_@ \\( ]]> \" '"


def test_hostile_text_stays_text():
    safe = escape(PAYLOAD)
    table = (
        f'<div class="table-wrap" tabindex="0" role="region" aria-label="{safe}"><table id="t"><caption>'
        f'<span class="title">{safe}</span></caption><thead><tr><th scope="col" class="text">{safe}</th></tr></thead>'
        f'<tbody><tr><td class="text">{safe}</td></tr></tbody></table></div>'
    )
    head = replace(HEAD, title=PAYLOAD, subtitle=PAYLOAD, source=PAYLOAD, version=PAYLOAD, notices=(PAYLOAD,))
    got = parsed(notebook("# Summary", f"<h2>{safe}</h2>", f"<p>{safe}</p>", table), head=head)
    places = "h1, .masthead .subtitle, .warning, nav ol ol a, h3, main p, .title, thead th, td"
    assert [tag.get_text() for tag in got.select(places)] == [PAYLOAD] * 10
    assert got.find("script") is None
    assert got.select_one(".table-wrap")["aria-label"] == PAYLOAD
    assert "49" not in got.get_text()


def test_a_line_never_ends_between_a_sign_and_its_amount():
    got = parsed(notebook("# Value\n\nIt fell (−€0.24 to +€2.37, and −3 %).", '<p class="note">+€1,200.</p>')).main
    assert [tag.get_text() for tag in got.select("span.whole")] == ["−€0.24", "+€2.37", "+€1,200"]
    assert got.p.get_text() == "It fell (−€0.24 to +€2.37, and −3 %)."


def test_mathematics_in_a_text_is_not_interpreted():
    got = parsed(notebook("# Summary\n\nA plan of $5 and one of $9, `{{7*7}}`."))
    assert got.main.p.get_text() == "A plan of $5 and one of $9, {{7*7}}."


def contrast(colour: str, ground: str) -> float:
    """The contrast of two colours as WCAG 2.2 counts it."""

    def light(hexadecimal: str) -> float:
        parts = [int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted([light(colour), light(ground)])
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["ink", "quiet", "accent", "met", "missed", "unclear"])
@pytest.mark.parametrize("ground", ["#ffffff", "tint"])
def test_every_colour_of_text_stands_out_from_its_ground(name: str, ground: str):
    colours = dict(re.findall(r"--(\w+): (#\w{6});", stylesheet()))
    assert contrast(colours[name], colours.get(ground, ground)) >= 4.5


def test_the_pdf_has_the_colours_of_the_page():
    colours = dict(re.findall(r"--(\w+): (#\w{6});", stylesheet()))
    design = (TEMPLATES / "report.typ").read_text(encoding="utf-8")
    assert {name: colour for name, colour in colours.items() if colour not in design} == {}
