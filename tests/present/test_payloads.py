"""Hostile text from data stays text: in every table, page and chart."""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.present.charts.by_class import bars
from analysis.present.charts.calibration import calibration
from analysis.present.charts.completeness import completeness
from analysis.present.charts.composition import shares
from analysis.present.charts.courses import courses
from analysis.present.charts.crossed import crossed
from analysis.present.charts.distribution import distribution
from analysis.present.charts.lift import lift
from analysis.present.charts.lorenz import lorenz
from analysis.present.charts.movement import flows
from analysis.present.charts.over_time import trend
from analysis.present.charts.survival import survival_chart
from analysis.present.charts.tornado import tornado
from analysis.present.charts.waterfall import waterfall
from analysis.present.page import Bullets, Caution, Finding, Note, cards, kpi_table
from analysis.present.table import Column, table

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</svg><script>1</script>",
    "{{7*7}} {% raw %}",
    "$\\frac{1}{2}$ and $x",
    "**bold** [link](javascript:alert(1)) `code`",
    "'quoted' \"twice\" & more",
    "=1+1",
    "\x1b[31mred\x07 \x00 \u202eright to left",
    "--> <!-- comment",
    "line\nbreak\ttab",
    "]]> &amp; &lt;",
]
SVG = "{http://www.w3.org/2000/svg}"
HARMLESS = {
    "div",
    "p",
    "span",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "ul",
    "li",
    "figure",
    "figcaption",
    "img",
}


def pages(text: str) -> list[str]:
    """Every way a text of the data reaches the page, as HTML."""
    words = {"finding": text, "subtitle": text, "source": text}
    chart_words = {**words, "alt": text}
    data = pd.DataFrame({"a": [text, "b"], "b": [text, text], "v": [0.25, 0.5], "low": [0.1, 0.4], "high": [0.3, 0.6]})
    curve = pd.DataFrame(
        {"time": [0.0, 1.0], "survival": [1.0, 0.5], "low": [1.0, 0.4], "high": [1, 0.6], "at_risk": 20}
    )
    kpi = {"metric": text, "label": text, "unit": "count", "dimension": None, "class": text, "value": 1, "n": 1}
    kpis = pd.DataFrame([{**kpi, "low": None, "high": None, "previous": None, "target": 1, "status": text}])
    shown = [piece(text) for piece in (Finding, Note, Caution)]
    shown += [Bullets([text]), cards(kpis), kpi_table(kpis, **words)]
    shown += [table(data, [Column("a", text), Column("b", text), Column("v", text, "percent")], **words)]
    shown += [table(data.head(0), [Column("a", text)], **words)]
    shown += [
        trend(data, "a", "v", low="low", high="high", group="b", unit="share", **chart_words),
        bars(data, "a", "v", low="low", high="high", group="b", unit="share", reference=0.2, **chart_words),
        flows(data, "a", "v", "low", "high", **chart_words),
        survival_chart({text: curve, "b": curve}, horizon_months=12, focus=text, **chart_words),
        shares(data, "a", "v", "b", **chart_words),
        completeness(data, "a", "b", "v", **chart_words),
        distribution(data, "v", "low", group="a", unit="count", axis=text, **chart_words),
        calibration(data, "v", "v", low="low", high="high", **chart_words),
        lift(data, "a", "v", low="low", high="high", chance="low", **chart_words),
        crossed(data, "a", "b", "v", remark="b", **chart_words),
        lorenz(data, "v", "v", marks=data.assign(words=text, more=text), along=text, up=text, **chart_words),
        tornado(data, "a", lower="low", higher="high", total="v", keys=(text, text), currency="EUR", **chart_words),
        waterfall(data, "a", "v", start=(text, 1.0), end=(text, 1.75), unit="share", **chart_words),
        courses(data, "v", "v", group="b", low="low", high="high", along=text, unit="share", **chart_words),
        bars(data.head(0), "a", "v", unit="share", **chart_words),
    ]
    return [piece._repr_html_() for piece in shown]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_the_data_becomes_markup(payload):
    for html in pages(payload):
        page = BeautifulSoup(html, "html.parser")
        assert {element.name for element in page.find_all()} <= HARMLESS
        names = {name for element in page.find_all() for name in element.attrs}
        assert not any(name.startswith("on") for name in names)
        assert not any(ord(mark) < 32 or 0x7F <= ord(mark) < 0xA0 or mark == "\u202e" for mark in html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_text_is_shown_as_it_was_written(payload):
    visible = "".join(mark for mark in payload.replace("\n", " ").replace("\t", " ") if mark.isprintable())
    page = BeautifulSoup(Finding(payload)._repr_html_(), "html.parser")
    assert page.text == visible.strip()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_label_in_a_drawing_is_drawn_letter_by_letter(payload, pen, words):
    data = pd.DataFrame({"a": [payload], "v": [1.0]})
    svg = bars(data, "a", "v", unit="count", **words).svg.decode()
    drawn = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert drawn <= {"svg", "g", "defs", "path", "use", "style", "clipPath", "rect"}
    assert "alert" not in svg


def test_a_formula_in_a_label_is_not_set_as_mathematics(words):
    # Set as mathematics, both dollars would vanish: one glyph would be drawn instead of five.
    data = pd.DataFrame({"a": ["$x_1$"], "v": [1.0]})
    drawn = ElementTree.fromstring(bars(data, "a", "v", unit="count", **words).svg)
    texts = [group for group in drawn.iter(f"{SVG}g") if group.get("id", "").startswith("text_")]
    assert sorted(len(list(text.iter(f"{SVG}use"))) for text in texts) == [1, 5]  # the value 1, and the label
