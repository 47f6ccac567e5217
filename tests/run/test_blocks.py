from __future__ import annotations

from base64 import b64encode

import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.run.blocks import charts, report_blocks

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'
IMAGE = f'<img alt="A line" width="680" height="300" src="data:image/svg+xml;base64,{b64encode(DRAWING).decode()}">'
CAPTION = '<span class="title">It fell</span> <span class="subtitle">Per cent</span>'


SOURCE = '<p class="source">Source: demo</p>'


def page(body: str) -> str:
    chapter = f'<section class="chapter"><h2 id="sec-1">Churn</h2>{body}</section>'
    return f"<html><body><nav>left out</nav><main>{chapter}</main></body></html>"


def blocks(body: str) -> list[dict]:
    """The blocks after the chapter's title."""
    return report_blocks(page(body))[1:]


def table(rows: str, caption: str = f"<caption>{CAPTION}</caption>") -> str:
    head = '<thead><tr><th scope="col" class="text">Plan</th><th scope="col" class="num">n</th></tr></thead>'
    return f'<div class="table-wrap"><table id="t">{caption}{head}<tbody>{rows}</tbody></table>{SOURCE}</div>'


def test_a_heading_keeps_its_level_and_name():
    got = report_blocks(page(""))
    assert got == [{"kind": "heading", "level": 2, "id": "sec-1", "inside": [{"text": "Churn"}]}]


@pytest.mark.parametrize("role", ["finding", "note", "warning", "source", "plain"])
def test_a_paragraph_says_what_it_is_for(role: str):
    assert blocks(f'<p class="{role}">It fell.</p>') == [
        {"kind": "paragraph", "role": role, "inside": [{"text": "It fell."}]}
    ]


def test_text_keeps_its_marks_and_its_no_break_spaces_and_nothing_of_the_source_lines():
    got = blocks(
        '<p>\n Churn <strong>fell <em>a\nlot</em></strong>,<br> to 4.1\u00a0% (<a href="#t"><code>x</code></a>) \n</p>'
    )
    assert got[0]["inside"] == [
        {"text": "Churn "},
        {"kind": "strong", "inside": [{"text": "fell "}, {"kind": "em", "inside": [{"text": "a lot"}]}]},
        {"text": ","},
        {"kind": "br", "inside": []},
        {"text": " to 4.1\u00a0% ("},
        {"kind": "a", "inside": [{"kind": "code", "inside": [{"text": "x"}]}], "to": "t"},
        {"text": ")"},
    ]


def test_a_place_to_break_is_a_node_of_its_own():
    assert blocks("<p>a.<wbr>b</p>")[0]["inside"] == [{"text": "a."}, {"kind": "wbr", "inside": []}, {"text": "b"}]


def test_what_stands_on_one_line_is_text_like_any_other():
    got = blocks('<p>It fell by <span class="whole">−€1</span>.</p>')[0]["inside"]
    assert "".join(node["text"] for node in got) == "It fell by −€1."


def test_a_list_may_hold_a_list():
    got = blocks("<ol><li>one<ul><li>deep</li></ul></li><li><p>two</p></li></ol>")
    assert (got[0]["kind"], got[0]["ordered"]) == ("list", True)
    first, second = got[0]["items"]
    assert [block["kind"] for block in first] == ["paragraph", "list"]
    assert first[1]["items"] == [[{"kind": "paragraph", "role": "plain", "inside": [{"text": "deep"}]}]]
    assert second == [{"kind": "paragraph", "role": "plain", "inside": [{"text": "two"}]}]


def test_a_quotation_holds_blocks():
    got = blocks("<blockquote><p>Said.</p></blockquote>")
    assert got == [{"kind": "quote", "blocks": [{"kind": "paragraph", "role": "plain", "inside": [{"text": "Said."}]}]}]


def test_cards_have_label_value_detail_and_status():
    card = '<li class="card" data-metric="churn"><span class="label">Churn</span> <span class="value">4.1 %</span>'
    status = '<span class="detail">before 4.4 %</span> <span class="status met">Target met</span></li>'
    got = blocks(f'<ul class="cards">{card}{status}{card}</li></ul>')[0]
    assert got["kind"] == "cards"
    assert got["cards"][0] == {
        "label": [{"text": "Churn"}],
        "value": [{"text": "4.1 %"}],
        "detail": [{"text": "before 4.4 %"}],
        "status": [{"text": "Target met"}],
        "state": "met",
    }
    assert (got["cards"][1]["detail"], got["cards"][1]["state"]) == ([], "none")


def shown(text: str, *, num: bool) -> dict:
    return {"num": num, "again": False, "inside": [{"text": text}]}


def test_a_cell_that_repeats_the_one_above_is_empty():
    repeated = '<td class="text again"><span class="unseen">Fibre</span></td>'
    [got] = blocks(table(f'<tr>{repeated}<td class="num">12</td></tr>'))
    assert got["rows"][0][0] == {"num": False, "again": True, "inside": []}


def test_a_table_has_caption_heads_rows_and_source():
    got = blocks(table('<tr><th scope="row">Fibre</th><td class="num">12</td></tr>'))
    assert got == [
        {
            "kind": "table",
            "id": "t",
            "heads": [shown("Plan", num=False), shown("n", num=True)],
            "rows": [[shown("Fibre", num=False), shown("12", num=True)]],
            "title": [{"text": "It fell"}],
            "subtitle": [{"text": "Per cent"}],
            "source": [{"text": "Source: demo"}],
        }
    ]


def test_a_figure_names_its_drawing_by_content():
    html = f'<figure class="chart" id="f"><figcaption>{CAPTION}</figcaption>{IMAGE}{SOURCE}</figure>'
    got = blocks(html)[0]
    assert (got["id"], got["alt"], got["width"]) == ("f", "A line", 680)
    assert (got["title"], got["source"]) == ([{"text": "It fell"}], [{"text": "Source: demo"}])
    assert charts(page(html)) == {got["file"]: DRAWING}
    assert got["file"].startswith("chart-")


def test_a_figure_may_stand_without_words_around_it():
    got = blocks(f"<figure>{IMAGE}</figure>")[0]
    assert (got["title"], got["subtitle"], got["source"]) == ([], [], [])


def test_a_comment_is_no_text():
    assert blocks("<!-- hidden --><p>seen<!-- hidden --></p>")[0]["inside"] == [{"text": "seen"}]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<pre>x</pre>", "an element of the report's vocabulary, found <pre>"),
        ("<div><p>x</p></div>", "an element of the report's vocabulary, found <div>"),
        ("<p>a <marquee>b</marquee></p>", "text, found <marquee>"),
        ("<p>a <span>b</span></p>", "text, found <span>"),
        ("loose", "text inside a paragraph, found 'loose'"),
        ("<ul><p>x</p></ul>", "li inside <ul>, found <p>"),
        ("<ul><li><table></table></li></ul>", "text, found <table>"),
        ('<ul class="cards"><li>x</li></ul>', "span inside <li>, found 'x'"),
        (
            '<ul class="cards"><li><span>x</span></li></ul>',
            "one each of label, value, detail, status inside <li>, found no class",
        ),
        ("<figure></figure>", "a caption, one image and its source line, found nothing"),
        (f"<figure>{IMAGE}{IMAGE}</figure>", "a caption, one image and its source line, found img, img"),
        ("<figure><img src='a.png' alt='a'></figure>", "an SVG drawing inside the page, found a.png"),
        (f"<figure>{IMAGE.replace('A line', ' ')}</figure>", "a description (alt) on every image, found none"),
        (f"<figure>{IMAGE.replace('alt=', 'title=')}</figure>", "a description (alt) on every image, found none"),
        ("<figure><figcaption></figcaption></figure>", "a caption, one image and its source line, found figcaption"),
        (table("").replace("subtitle", "title"), "one each of title, subtitle inside <caption>, found two of title"),
        (f"<figure><figcaption><b>x</b></figcaption>{IMAGE}</figure>", "span inside <figcaption>, found <b>"),
        (table("<tr><td>1</td></tr>"), "2 cells in every row, found 1"),
        (table("<tr><td colspan='2'>1</td></tr>"), "one cell for each column and row, found a cell that spans several"),
        (table("", caption=""), "caption, one row of heads, body, found thead, tbody"),
        ('<div class="table-wrap"><p>x</p></div>', "one table and its source line, found p"),
    ],
)
def test_what_the_pdf_does_not_know_is_refused_and_never_dropped(body: str, said: str):
    with pytest.raises(AnalysisFailed) as caught:
        blocks(body)
    assert str(caught.value) == (
        f"report.pdf, chapter 'Churn': expected {said}. "
        "Show it through analysis.present, or teach run/blocks.py and templates/report.typ the element."
    )


def test_a_page_without_a_main_part_is_refused():
    with pytest.raises(AnalysisFailed, match="report.pdf: expected a <main> element, found none"):
        report_blocks("<html><body></body></html>")
