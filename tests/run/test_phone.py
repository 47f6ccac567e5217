"""A small page in a real browser of a phone's width: what stays in view, what leads where, what a finger can meet."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tests.reports.test_browser import chromium
from tests.run.test_render import HEAD

from analysis.present.table import Column, table
from analysis.run.render import html_report

pytestmark = pytest.mark.browser
PHONE, DESK = 390, 1280
CLASSES = pd.DataFrame({"of": ["Margin band", "Margin band", "Bandwidth"], "class": ["high", "low", "high"], "n": 20})
WIDE = [
    Column("of", "Dimension", once=True),
    Column("class", "Class"),
    *(Column("n", f"A long head of column {number}", "count") for number in range(12)),
]
SENTENCES = [Column("class", "Class"), Column("n", "Customers", "count"), Column("of", "What it means", "prose")]

# A page around the report: it scrolls the first table to its end, and measures the report from outside.
FRAME = """<!doctype html><body style="margin:0">
<iframe src="{page}" style="border:0;width:{width}px;height:900px"></iframe>
<pre id="measured"></pre><script>
onload = () => {{
  const page = document.querySelector("iframe").contentDocument;
  const [wide, told] = page.querySelectorAll(".table-wrap");
  const box = one => one.getBoundingClientRect(), left = one => Math.round(box(one).left);
  wide.scrollLeft = 10000;
  const row = wide.querySelector("tbody tr");
  measured.textContent = JSON.stringify({{
    scrolled: wide.scrollLeft, edge: left(wide),
    names: [...wide.querySelectorAll("tbody th, .lead")].map(left),
    common: [...wide.querySelectorAll("tbody th")].map(one => getComputedStyle(one, "::before").content),
    dimension: box(row.querySelector(".once")).width,
    stacked: told.scrollWidth <= told.clientWidth && getComputedStyle(told.querySelector("tbody td")).display,
    touched: [...page.querySelectorAll(".contents > ol > li > a, summary, .back")].map(one => box(one).height),
    sections: [...page.querySelectorAll(".contents ol ol a")].map(one => one.checkVisibility(
      {{contentVisibilityAuto: true}})),
    back: page.querySelector(".back").checkVisibility() && box(page.querySelector(".back")).bottom <= 900,
    clear: box(page.querySelector(".back")).top >= box(page.querySelector(".contents")).bottom,
    sideways: page.documentElement.scrollWidth > {width},
  }});
}};
</script></body>"""


def notebook(*columns: list[Column]) -> NotebookNode:
    words = {"finding": "What is found", "subtitle": "Customers", "source": "Source: demo"}
    shown = [table(CLASSES, one, **words)._repr_html_() for one in columns]
    cells = [new_code_cell("x", outputs=[new_output("display_data", {"text/html": html})]) for html in shown]
    return new_notebook(cells=[new_markdown_cell("# Churn\n\n## Who leaves\n\n## Why"), *cells])


def measured(tmp_path: Path, width: int) -> dict[str, Any]:
    page, frame = tmp_path / "page.html", tmp_path / "frame.html"
    page.write_text(html_report([notebook(WIDE, SENTENCES)], head=HEAD), encoding="utf-8")
    frame.write_text(FRAME.format(page=page.as_uri(), width=width), encoding="utf-8")
    shown = chromium(tmp_path, "--virtual-time-budget=10000", "--dump-dom", frame.as_uri())
    told: dict[str, Any] = json.loads(re.search(r'<pre id="measured">(.*?)</pre>', shown)[1].replace("&quot;", '"'))
    return told


def test_the_names_of_the_rows_and_their_head_stay_in_view_and_say_of_what_they_are(tmp_path):
    got = measured(tmp_path, PHONE)
    assert got["scrolled"] > 100
    assert set(got["names"]) == {got["edge"]}
    assert got["common"] == ['"Margin band" / ""', "none", '"Bandwidth" / ""']
    assert got["dimension"] <= 1
    assert not got["sideways"]


def test_a_table_of_sentences_stacks_its_cells(tmp_path):
    assert measured(tmp_path, PHONE)["stacked"] == "block"


def test_a_finger_meets_every_chapter_its_sections_and_the_way_back(tmp_path):
    got = measured(tmp_path, PHONE)
    assert min(got["touched"]) >= 44
    assert got["back"]
    assert got["clear"]
    assert got["sections"] == [False, False]


def test_a_desk_shows_every_section_and_the_dimensions_in_their_column(tmp_path):
    got = measured(tmp_path, DESK)
    assert got["sections"] == [True, True]
    assert not got["back"]
    assert set(got["common"]) == {"none"}
    assert got["dimension"] > 50
