"""What all charts have in common: the words around them, the drawing's bytes, its size."""

from __future__ import annotations

import base64
import hashlib
import inspect
import os
import subprocess
import sys
from xml.etree import ElementTree

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.basis.errors import AnalysisFailed
from analysis.present.chart import Chart
from analysis.present.charts.by_class import bars
from analysis.present.charts.completeness import completeness
from analysis.present.charts.composition import shares
from analysis.present.charts.distribution import distribution
from analysis.present.charts.movement import flows
from analysis.present.charts.over_time import trend
from analysis.present.charts.sheet import SMALL, WIDTH
from analysis.present.charts.survival import survival_chart

ALL = (bars, completeness, distribution, flows, shares, survival_chart, trend)

DRAW_ALL = """
import pandas as pd
from analysis.present.charts.by_class import bars
from analysis.present.charts.completeness import completeness
from analysis.present.charts.composition import shares
from analysis.present.charts.distribution import distribution
from analysis.present.charts.movement import flows
from analysis.present.charts.over_time import trend
from analysis.present.charts.survival import survival_chart
words = dict(finding="Finding", subtitle="Measure", source="Source", alt="Alternative")
rates = pd.DataFrame({"q": ["2026-Q1", "2026-Q2"], "v": [0.1, 0.2], "l": [0.0, 0.1], "h": [0.2, 0.3], "g": ["a", "b"]})
curve = pd.DataFrame({"time": range(99), "at_risk": range(199, 100, -1), "low": 0.4, "high": 0.6, "survival": 0.5})
made = [
    trend(rates, "q", "v", low="l", high="h", unit="share", **words),
    bars(rates, "q", "v", low="l", high="h", reference=0.1, unit="share", **words),
    flows(rates, "q", "v", "l", "h", **words),
    survival_chart({"One": curve, "两年": curve}, horizon_months=48, **words),
    shares(rates, "g", "v", "q", **words),
    completeness(rates, "q", "g", "v", **words),
    distribution(pd.DataFrame({"low": [0, 6], "n": [30, 20]}), "low", "n", median=5, unit="months", axis="m", **words),
]
import hashlib
print(hashlib.sha256(b"".join(chart.svg for chart in made)).hexdigest())
"""


def test_no_chart_can_be_made_without_its_words():
    for chart in ALL:
        parameters = inspect.signature(chart).parameters
        for word in ("finding", "subtitle", "source", "alt"):
            assert parameters[word].kind is inspect.Parameter.KEYWORD_ONLY
            assert parameters[word].default is inspect.Parameter.empty


@pytest.mark.parametrize("word", ["finding", "subtitle", "source", "alt"])
def test_a_blank_word_is_refused(word, words):
    with pytest.raises(AnalysisFailed, match=f"expected a text for {word}, found none"):
        Chart(b"<svg/>", **{**words, word: " \n"})


def test_the_page_shows_title_picture_alternative_text_and_source(rates, words):
    chart = trend(rates, "quarter", "rate", unit="share", **words)
    figure = BeautifulSoup(chart._repr_html_(), "html.parser").select_one("figure.chart")
    assert figure["id"] == chart.id
    assert figure.figcaption.select_one(".title").text == words["finding"]
    assert figure.figcaption.select_one(".subtitle").text == words["subtitle"]
    assert figure.img["alt"] == words["alt"]
    assert base64.b64decode(figure.img["src"].removeprefix("data:image/svg+xml;base64,")) == chart.svg
    assert figure.select_one("p.source").text == words["source"]
    assert repr(chart) == words["finding"]


def test_the_size_on_the_page_has_the_drawings_proportions(rates, words):
    chart = trend(rates, "quarter", "rate", unit="share", **words)
    _, _, width, height = map(float, ElementTree.fromstring(chart.svg).attrib["viewBox"].split())
    assert chart.width / chart.height == pytest.approx(width / height, rel=0.01)


def test_text_is_large_enough_at_page_width_and_can_be_read_on_a_phone():
    assert SMALL >= 8.5
    assert SMALL * 96 / 72 * 367 / WIDTH >= 8.5  # pixels on a phone of 375, whose margins a drawing reaches into


def test_a_drawing_holds_no_comment_document_type_or_date(rates, words):
    svg = trend(rates, "quarter", "rate", unit="share", **words).svg.decode()
    assert "<!" not in svg
    assert "<metadata" not in svg
    assert "<text" not in svg


def test_the_same_chart_twice_is_the_same_bytes_whatever_the_hash_seed():
    def digest(seed: str) -> str:
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", DRAW_ALL], capture_output=True, text=True, env=environ, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    first = digest("1")
    assert first == digest("2")
    assert len(first) == len(hashlib.sha256().hexdigest())


def test_numbers_pages_and_tables_are_read_without_the_drawing_library():
    code = "import sys, analysis.present.page, analysis.present.chart; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_only_the_histogram_loads_seaborn():
    modules = ("by_class", "completeness", "composition", "movement", "over_time", "survival")
    code = "import sys; " + "".join(f"import analysis.present.charts.{name}; " for name in modules)
    done = subprocess.run(
        [sys.executable, "-c", code + "print('seaborn' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_nothing_to_draw_is_a_note_not_an_empty_picture(words):
    none = pd.DataFrame({"a": [], "b": [], "c": [], "d": []})
    made = [
        trend(none, "a", "b", unit="share", **words),
        bars(none, "a", "b", unit="share", **words),
        flows(none, "a", "b", "c", "d", **words),
        survival_chart({}, horizon_months=36, **words),
        shares(none, "a", "b", "c", **words),
        completeness(none, "a", "b", "c", **words),
        distribution(none, "a", "b", unit="months", axis="Months", **words),
    ]
    assert {chart._repr_html_() for chart in made} == {f'<p class="note">{words["finding"]}.</p>'}


def test_a_column_the_data_lacks_is_named(rates, words):
    with pytest.raises(AnalysisFailed, match="expected the column churn, found quarter, rate, low, high"):
        bars(rates, "quarter", "churn", unit="share", **words)


def test_chinese_labels_are_drawn(rates, words):
    chinese = rates.assign(plan=["光纤宽带 一千兆", "按月合同"] * 4)
    assert len(bars(chinese, "plan", "rate", unit="share", **words).svg) > 5000


def test_a_character_no_font_has_is_an_error_that_names_it(rates, words):
    with pytest.raises(
        AnalysisFailed, match="fonts can draw, found “ཨ” \\(U\\+0F68, TIBETAN LETTER A\\). Map the label"
    ):
        bars(rates.assign(plan="ཨ"), "plan", "rate", unit="share", **words)


def test_pictographs_are_left_out_of_a_label(rates, words, pen):
    bars(rates.head(1).assign(plan="Fibre 🚀 Max"), "plan", "rate", unit="share", **words)
    assert "Fibre  Max" in [text["words"] for text in pen["text"]]
