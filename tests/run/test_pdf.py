from __future__ import annotations

import datetime as dt
import io
import re
from base64 import b64encode
from dataclasses import replace
from html import escape

import pytest
from bs4 import BeautifulSoup
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from analysis.basis.errors import AnalysisFailed
from analysis.run import pdf
from analysis.run.head import ReportHead
from analysis.run.paging import DRAWING_WIDTH
from analysis.run.pdf import pdf_report

HEAD = ReportHead(
    title="Customer report",
    subtitle="Who came and who left",
    source="demo",
    quarter="2026-Q3",
    as_of=dt.date(2026, 9, 30),
    language="en",
    version="0.1.0",
)
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="68" height="30"><path d="M0 0L68 30" stroke="#000"/></svg>'

SOURCE = '<p class="source">Source: extracts of demo</p>'


def page(*chapters: str) -> str:
    return f"<html><body><main>{''.join(f'<section>{chapter}</section>' for chapter in chapters)}</main></body></html>"


def figure(alt: str, name: str = "f1") -> str:
    image = f'<img alt="{alt}" width="680" height="300" src="data:image/svg+xml;base64,{b64encode(DRAWING).decode()}">'
    return f'<figure id="{name}"><figcaption><span class="title">It fell</span></figcaption>{image}{SOURCE}</figure>'


def table(rows: list[tuple[str, str]], heads: tuple[str, str] = ("Plan", "Customers"), name: str = "t1") -> str:
    head = f'<tr><th scope="col" class="text">{heads[0]}</th><th scope="col" class="num">{heads[1]}</th></tr>'
    body = "".join(f'<tr><th scope="row">{left}</th><td class="num">{right}</td></tr>' for left, right in rows)
    caption = '<caption><span class="title">Plans</span> <span class="subtitle">Customers, 2026-Q3</span></caption>'
    parts = f"{caption}<thead>{head}</thead><tbody>{body}</tbody>"
    return f'<div class="table-wrap"><table id="{name}">{parts}</table>{SOURCE}</div>'


CARD = (
    '<ul class="cards"><li class="card"><span class="label">Churn rate</span> <span class="value">4.1\u00a0%</span> '
    '<span class="detail">3.9 to 4.3\u00a0%</span> '
    '<span class="status missed">Target 3.5\u00a0% missed</span></li></ul>'
)
SUMMARY = (
    '<h2 class="chapter" id="sec-1">Summary</h2><p class="finding">Churn rose to 4.1\u00a0%.</p>'
    f'{CARD}<h3 id="sec-1-1">What changed</h3><ul><li>One</li><li>See <a href="#sec-2">who leaves</a>.</li></ul>'
    "<ol><li>First</li><li>Then</li></ol>" + figure("Line chart: churn, 4.4 to 4.1 per cent")
)
CHURN = (
    '<h2 class="chapter" id="sec-2">Who leaves</h2>'
    "<p>Of <strong>7,043</strong> <code>customers</code> 1,869 left (26.54\u00a0%).</p>"
    + table([(f"Plan {number}", f"{9_000 - 137 * number:,}") for number in range(60)])
    + '<h4 id="sec-2-0-1">Limits</h4><blockquote><p>Not <em>why</em>.</p></blockquote><p class="note">n = 612</p>'
).replace("h4", "h3")


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data), strict=True)


def text_of(data: bytes) -> str:
    return "\n".join(sheet.extract_text() for sheet in read(data).pages)


def joined(text: str) -> str:
    """The text without white space, which a PDF does not keep."""
    return re.sub(r"\s", "", text)


def alternative_texts(data: bytes) -> list[str]:
    """The descriptions in the structure tree, in order."""
    found, waiting = [], [read(data).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop(0).get_object()
        if isinstance(node, DictionaryObject):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            children = node.get("/K", [])
            children = children.get_object() if hasattr(children, "get_object") else children
            waiting += children if isinstance(children, list) else [children]
    return list(dict.fromkeys(found))


def outline(data: bytes) -> list[str]:
    def titles(entries: list) -> list[str]:
        return [each for one in entries for each in (titles(one) if isinstance(one, list) else [one.title])]

    return titles(read(data).outline)


def test_chapters_begin_on_pages_of_their_own_and_stand_in_the_outline():
    data = pdf_report(page(SUMMARY, CHURN), head=HEAD)
    assert outline(data) == ["Summary", "What changed", "Who leaves", "Limits"]
    sheets = [sheet.extract_text() for sheet in read(data).pages]
    assert len(sheets) == 4
    assert ["Summary" in sheet and "Contents" not in sheet for sheet in sheets] == [False, True, False, False]
    assert "Page 4 of 4" in sheets[3]


def test_the_running_head_names_the_chapter_from_its_second_page_on():
    sheets = [sheet.extract_text() for sheet in read(pdf_report(page(SUMMARY, CHURN), head=HEAD)).pages]
    assert [HEAD.title in sheet for sheet in sheets] == [True, False, False, True]
    assert "Who leaves" in sheets[3]


def test_a_long_table_repeats_its_heads():
    sheets = [sheet.extract_text() for sheet in read(pdf_report(page(SUMMARY, CHURN), head=HEAD)).pages]
    assert ["Customers" in sheet for sheet in sheets] == [False, False, True, True]


def test_the_numbers_are_those_of_the_html():
    html = page(SUMMARY, CHURN)
    numbers = re.compile(r"\d[\d,.]*\d|\d")
    want = numbers.findall(BeautifulSoup(html, "html.parser").main.get_text(" "))
    sheets = read(pdf_report(html, head=HEAD)).pages[1:]
    margins = re.compile(r"Made with.*|Page \d+ of \d+|^0\d$|^\d\. ", flags=re.MULTILINE)
    got = [number for sheet in sheets for number in numbers.findall(margins.sub("", sheet.extract_text()))]
    assert sorted(got) == sorted(want)


def test_every_text_of_the_html_is_in_the_pdf():
    html = page(SUMMARY, CHURN)
    got = joined(text_of(pdf_report(html, head=HEAD)))
    texts = [joined(text) for text in BeautifulSoup(html, "html.parser").main.stripped_strings]
    assert [text for text in texts if got.count(text) < texts.count(text)] == []


def test_title_language_and_date_are_those_of_the_report():
    got = read(pdf_report(page(SUMMARY, CHURN), head=HEAD))
    assert got.trailer["/Root"]["/Lang"] == "en"
    assert got.metadata.title == "Customer report"
    assert got.metadata.creation_date == dt.datetime(2026, 9, 30, tzinfo=dt.UTC)
    assert got.metadata.modification_date == dt.datetime(2026, 9, 30, tzinfo=dt.UTC)


def test_both_standards_are_declared():
    got = read(pdf_report(page(SUMMARY, CHURN), head=HEAD)).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in got
    assert "<pdfaid:part>2</pdfaid:part>" in got
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in got


def test_a_chart_keeps_its_description():
    got = alternative_texts(pdf_report(page(SUMMARY, CHURN), head=HEAD))
    assert got == ["Line chart: churn, 4.4 to 4.1 per cent"]


def tall_figure(height: int) -> str:
    """A drawing as high as this on a page 640 pixels wide, whose foot is a thick stroke."""
    paths = f'<path d="M0 0H640" stroke="#000"/><path d="M0 {height - 4}H640" stroke="#000" stroke-width="8"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{height}">{paths}</svg>'
    data = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    image = f'<img alt="tall" width="640" height="{height}" src="{data}">'
    return f'<figure id="f1"><figcaption><span class="title">Tall</span></figcaption>{image}{SOURCE}</figure>'


def beginnings(sheet: PageObject) -> list[float]:
    """How high over the foot of the page, in points, each stroke of a drawing begins."""
    heights = []

    def noted(operator: bytes, operands: list, matrix: list[float], _text: list[float]) -> None:
        if operator == b"m":
            x, y = (float(each) for each in operands)
            heights.append(matrix[1] * x + matrix[3] * y + matrix[5])

    sheet.extract_text(visitor_operand_before=noted)
    return heights


@pytest.mark.parametrize("height", [900, 1200, 2000, 6000])
def test_a_drawing_taller_than_a_page_is_shown_whole(height: int):
    lead = '<h2 id="sec-1">A</h2><h3 id="sec-1-1">B</h3><p>Words before it.</p>'
    sheet = read(pdf_report(page(lead + tall_figure(height)), head=HEAD)).pages[-1]
    text, top, foot = sheet.extract_text(), max(beginnings(sheet)), min(beginnings(sheet))
    assert all(words in text for words in ("Words before it.", "Tall", "Source: extracts of demo"))
    assert 60 < foot < top - 400  # margins: 60 points at the foot, 68 at the head
    assert top < 842 - 68


def test_a_drawing_that_nearly_fits_is_made_a_little_smaller_to_stay_in_its_chapters_first_page():
    lead = '<h2 id="sec-1">A</h2>' + "<p>Words before it.</p>" * 6 + '<h3 id="sec-1-1">B</h3>'
    fits, shrunk, moved = (
        read(pdf_report(page(lead + tall_figure(height)), head=HEAD)).pages for height in (700, 850, 1250)
    )
    assert [len(sheets) for sheets in (fits, shrunk, moved)] == [2, 2, 3]


def test_a_group_of_rows_stays_on_one_page_and_its_name_is_printed_once():
    again = '<td class="text again"><span class="unseen">Name {0}</span></td>'
    first = '<td class="text">Name {0}</td>'
    rows = [(again if row % 8 else first).format(row // 8) + f'<th scope="row">row {row}</th>' for row in range(72)]
    head = '<tr><th scope="col" class="text">Group</th><th scope="col" class="text">Row</th></tr>'
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    caption = '<caption><span class="title">Plans</span></caption>'
    html = f'<div class="table-wrap"><table id="t1">{caption}<thead>{head}</thead><tbody>{body}</tbody></table></div>'
    sheets = [sheet.extract_text() for sheet in read(pdf_report(page(f'<h2 id="sec-1">A</h2>{html}'), head=HEAD)).pages]
    assert [sum(f"Name {group}" in sheet for sheet in sheets) for group in range(9)] == [1] * 9
    later = re.findall(r"row (\d+)", sheets[2])
    assert int(later[0]) % 8 == 0


def test_the_same_report_has_the_same_bytes():
    html = page(SUMMARY, CHURN)
    assert pdf_report(html, head=HEAD) == pdf_report(html, head=HEAD)


def test_a_chinese_name_in_an_english_report_comes_out_whole():
    html = page('<h2 id="sec-1">Plans</h2>' + table([("光纤套餐（上海）", "12"), ("Île-de-France", "7")]))
    got = text_of(pdf_report(html, head=HEAD))
    assert "光纤套餐（上海）" in got
    assert "Île-de-France" in got


def test_a_chinese_report_is_in_chinese():
    head = replace(HEAD, title="客户报告", language="zh")
    data = pdf_report(page('<h2 id="sec-1">摘要</h2><p>流失率为 4.1 %。</p>'), head=head)
    assert read(data).trailer["/Root"]["/Lang"] == "zh-CN"
    assert joined("截至2026年9月30日") in joined(text_of(data))
    assert joined("第 2 页，共 2 页") in joined(text_of(data))


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Happy 🦊 plan", "Happy [U+1F98A] plan"),
        ("private \ue123", "private [U+E123]"),
        ("mark \ufeff", "mark [U+FEFF]"),
        ("bell \x07", "bell [U+0007]"),
    ],
)
def test_a_character_no_font_can_draw_is_written_as_its_number(text: str, want: str):
    assert want in text_of(pdf_report(page('<h2 id="sec-1">Plans</h2>' + table([(text, "12")])), head=HEAD))


@pytest.mark.parametrize(
    "text", ["a\u0301\u0302", "中\u0301", "e\ufe0f☎️", "1️⃣", "👩‍👩‍👧", "ا\u064bب", "\u202eabc\u202c", "\u00ad\u200bx"]
)
def test_no_mixture_of_scripts_stops_the_report(text: str):
    assert pdf_report(page(f'<h2 id="sec-1">Plans</h2><p>{text}</p>'), head=HEAD).startswith(b"%PDF-1.7")


def test_places_to_break_leave_no_trace_in_the_text():
    long = "<wbr>".join(f"customers_of_the_{number}_quarter_" for number in range(9))
    data = pdf_report(page(f'<h2 id="sec-1">Names</h2><p>{long} and monthly_fee</p>'), head=HEAD)
    assert "\u200b" not in text_of(data)
    assert "monthly_fee" in text_of(data)


PAYLOAD = '<script>alert(1)</script> #import "x" $x$ {{7*7}} *_@ \\ `a` // /* ~ = - + <t1>'


def test_hostile_text_stays_text():
    safe = escape(PAYLOAD)
    html = page(
        f'<h2 id="sec-1">{safe}</h2><p>{safe}</p><ul><li>{safe}</li></ul>'
        + table([(safe, safe)], heads=(safe, safe))
        + figure(f"chart {safe}")
    )
    head = replace(HEAD, title=PAYLOAD, subtitle=PAYLOAD, source=PAYLOAD, version=PAYLOAD, notices=(PAYLOAD,))
    data = pdf_report(html, head=head)
    assert outline(data) == [PAYLOAD]
    assert alternative_texts(data) == [f"chart {PAYLOAD}"]
    # title, subtitle, source, notice, contents; heading, paragraph, list, 2 heads, 2 cells; two footers name it twice
    assert joined(text_of(data)).count(joined(PAYLOAD)) == 5 + 7 + 2 * 2


def test_notices_stand_on_the_title_page():
    data = pdf_report(page(SUMMARY, CHURN), head=replace(HEAD, notices=("The quarter is not complete.",)))
    assert "The quarter is not complete." in read(data).pages[0].extract_text()


def test_a_notice_marks_every_page():
    notice = (
        "Partial quarter: for 2026-Q3 this report needs usage of 2026-09, but the data has none later than 2026-08."
    )
    pages = read(pdf_report(page(SUMMARY, CHURN), head=replace(HEAD, notices=(notice,)))).pages
    assert len(pages) > 2
    assert all("Partial quarter" in one.extract_text() for one in pages)
    assert "Partial" not in read(pdf_report(page(SUMMARY, CHURN), head=HEAD)).pages[1].extract_text()


def test_an_unknown_element_is_refused():
    with pytest.raises(
        AnalysisFailed, match="chapter 'A': expected an element of the report's vocabulary, found <pre>"
    ):
        pdf_report(page('<h2 id="sec-1">A</h2><pre>x</pre>'), head=HEAD)


def test_a_chart_without_description_is_refused():
    with pytest.raises(AnalysisFailed, match=r"expected a description \(alt\) on every image, found none"):
        pdf_report(page('<h2 id="sec-1">A</h2>' + figure("")), head=HEAD)


def test_what_typst_refuses_is_an_error_of_the_report_that_names_no_folder():
    with pytest.raises(AnalysisFailed) as caught:
        pdf_report(page('<h2 id="sec-1">A</h2><p><a href="#gone">gone</a></p>'), head=HEAD)
    assert str(caught.value) == (
        "report.pdf: expected a PDF without a warning, found label `<gone>` does not exist in the document. "
        "Correct the notebook cell that shows it; report.html has it too."
    )


def test_what_typst_only_warns_of_is_an_error_too(monkeypatch: pytest.MonkeyPatch):
    design = pdf.template() + b'\n#text(font: "No such font")[a]'
    monkeypatch.setattr(pdf, "template", lambda: design)
    with pytest.raises(
        AnalysisFailed, match="expected a PDF without a warning, found unknown font family: no such font"
    ):
        pdf_report(page('<h2 id="sec-1">A</h2>'), head=HEAD)


def lowest(sheet: PageObject) -> float:
    """Points from the foot of the page to its lowest words or strokes above the page number."""
    heights = [height for height in beginnings(sheet) if height > 60]

    def noted(text: str, matrix: list[float], *_: object) -> None:
        if text.strip() and matrix[5] > 60:
            heights.append(matrix[5])

    sheet.extract_text(visitor_text=noted)
    return min(heights)


def sections(many: int) -> str:
    """A chapter whose sections hold a drawing or a table each, of many heights, with words before and after."""
    rows = [(f"Plan {number}", f"{9_000 - 137 * number:,}") for number in range(25)]
    parts = ['<h2 id="sec-1">A</h2>']
    for number in range(many):
        shown = tall_figure(200 + 170 * (number % 4)) if number % 2 else table(rows[: 5 + 7 * (number % 3)])
        shown = re.sub('id="[ft]1"', f'id="s{number}"', shown)
        parts.append(f'<h3 id="sec-1-{number}">Section</h3><p>Words before it.</p>{shown}' + "<p>Words.</p>" * 2)
    return "".join(parts)


def test_few_pages_are_half_empty():
    _, *sheets, _ = read(pdf_report(page(sections(30)), head=HEAD)).pages
    white = [lowest(sheet) - 60 for sheet in sheets]
    assert len(white) > 8
    assert sum(height > 350 for height in white) <= 1
    assert sum(white) / len(white) < 100


def test_the_pages_are_those_that_were_planned(monkeypatch: pytest.MonkeyPatch):
    planned = []
    paged = pdf.paged
    monkeypatch.setattr(pdf, "paged", lambda *told: planned.extend(paged(*told)) or planned)
    sheets = [sheet.extract_text() for sheet in read(pdf_report(page(sections(30)), head=HEAD)).pages]
    begun = sum(block["begins"] for block in planned)
    run_on = sum(block["kind"] != "paragraph" and not block["whole"] for block in planned)
    assert begun > 4
    assert len(sheets) == 2 + begun + run_on
    assert sum("Section\n" in sheet[:200] for sheet in sheets) >= begun / 2


def test_a_long_interval_and_a_short_name_stand_on_one_line_beside_long_words():
    meaning, interval = "what a customer of the base is worth " * 4, "€4,810,368 to €5,137,128"
    data = pdf_report(page('<h2 id="sec-1">A</h2>' + table([(meaning, interval)] * 3)), head=HEAD)
    assert text_of(data).count(interval) == 3


@pytest.mark.parametrize("height", [300, 30])
def test_the_words_of_a_high_drawing_stand_beside_it_and_those_of_a_low_one_above(height: int):
    sheet = read(pdf_report(page('<h2 id="sec-1">A</h2>' + tall_figure(height)), head=HEAD)).pages[1]
    heights = {}

    def noted(text: str, matrix: list[float], *_: object) -> None:
        heights[text.strip()] = matrix[5]

    sheet.extract_text(visitor_text=noted)
    between = heights["Tall"] - heights["Source: extracts of demo"]
    drawing = height * DRAWING_WIDTH / 640
    assert 0.8 < between / drawing < 1 if height == 300 else between > drawing + 10


def test_no_line_ends_between_a_sign_and_its_amount():
    said = "".join(f"<p>{'word ' * 17}{'w' * number} −€4.22 and +€538,683 more</p>" for number in range(1, 24))
    got = text_of(pdf_report(page(f'<h2 id="sec-1">A</h2>{said}'), head=HEAD))
    assert (got.count("−€4.22"), got.count("+€538,683")) == (23, 23)
