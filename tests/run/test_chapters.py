from __future__ import annotations

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.basis.errors import AnalysisFailed
from analysis.run.chapters import Heading, chapter


def notebook(*cells: NotebookNode | str, name: str | None = None) -> NotebookNode:
    """An executed notebook; a text stands for a Markdown cell."""
    made = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    metadata = {"papermill": {"input_path": f"notebooks/{name}"}} if name else {}
    return new_notebook(cells=made, metadata=metadata)


def showing(*tags: str, **data: str) -> NotebookNode:
    """A code cell that shows one object; `text_html` stands for text/html."""
    bundle = {kind.replace("_", "/", 1).replace("svg", "svg+xml"): text for kind, text in data.items()}
    output = new_output("execute_result", bundle)
    return new_code_cell("object", outputs=[output], metadata={"tags": list(tags)})


def printing(text: str, *tags: str, stream: str = "stdout") -> NotebookNode:
    return new_code_cell(
        "call()", outputs=[new_output("stream", name=stream, text=text)], metadata={"tags": list(tags)}
    )


def test_a_notebooks_title_becomes_a_chapter_and_its_sections_go_one_level_down():
    got = chapter(notebook("# Churn\n\n## Who\n\n### Where\n\n## Why"), number=3)
    assert got.headings == (
        Heading(2, "sec-3", "Churn"),
        Heading(3, "sec-3-1", "Who"),
        Heading(4, "sec-3-1-1", "Where"),
        Heading(3, "sec-3-2", "Why"),
    )
    assert str(got.html.h2) == '<h2 class="chapter" id="sec-3">Churn</h2>'
    assert [tag.name for tag in got.html.find_all(["h1", "h3", "h4"])] == ["h3", "h4", "h3"]


def test_the_names_jupyterlab_gives_headings_lead_to_the_reports():
    got = chapter(notebook("# Churn\n\n## Who leaves"), number=1).moved
    assert got == {"Churn": "sec-1", "Who-leaves": "sec-1-1"}


def test_code_is_not_shown_and_what_it_returns_is():
    got = str(chapter(notebook("# Churn", showing(text_html='<p class="finding">It fell.</p>')), number=1).html)
    assert '<p class="finding">It fell.</p>' in got
    assert "object" not in got


@pytest.mark.parametrize("tag", ["parameters", "injected-parameters", "setup", "data", "debug"])
def test_a_cell_with_a_working_tag_is_left_out(tag: str):
    got = str(chapter(notebook("# Churn", showing(tag, text_html="<p>inner works</p>")), number=1).html)
    assert "inner works" not in got


def test_html_is_preferred_to_the_other_forms_of_an_object():
    cell = showing(text_plain="plain", text_markdown="*marked*", text_html="<p>marked up</p>")
    got = chapter(notebook("# Churn", cell), number=1).html
    assert [tag.get_text() for tag in got.find_all("p")] == ["marked up"]
    assert "plain" not in str(got)


def test_markdown_is_shown_where_an_object_has_nothing_better():
    got = chapter(notebook("# Churn", showing(text_plain="plain", text_markdown="*marked*")), number=1).html
    assert str(got.em) == "<em>marked</em>"


def test_a_bare_drawing_is_shown_with_the_description_of_its_metadata():
    cell = showing(image_svg="<svg/>")
    cell.outputs[0].metadata["alt"] = 'a "line"'
    got = chapter(notebook("# Churn", cell), number=1).html.img
    assert (got["alt"], got["src"]) == ('a "line"', "data:image/svg+xml;base64,PHN2Zy8+")


def test_an_object_without_a_form_for_a_report_is_refused_with_its_notebook_and_cell():
    book = notebook("# Churn", showing(text_plain="<Axes: title='x'>\nand more"), name="40_churn.ipynb")
    with pytest.raises(AnalysisFailed) as caught:
        chapter(book, number=1)
    assert str(caught.value) == (
        "40_churn.ipynb, cell 2: expected a sentence, table or chart, found only text/plain: <Axes: title='x'>. "
        "Show it through analysis.present, or end the line with a semicolon."
    )


def test_a_picture_of_pixels_is_refused():
    with pytest.raises(AnalysisFailed, match="notebook 2, cell 2: .* found only image/png"):
        chapter(notebook("# Churn", showing(image_png="iVBO")), number=2)


def test_printed_text_is_refused_with_its_first_words():
    book = notebook("# Churn", printing("rows: 3\n  line 2"), name="40_churn.ipynb")
    with pytest.raises(AnalysisFailed) as caught:
        chapter(book, number=1)
    assert str(caught.value) == (
        "40_churn.ipynb, cell 2: expected nothing printed, found stdout: rows: 3. "
        "Return an object of analysis.present instead."
    )


def test_long_printed_text_is_cut():
    with pytest.raises(AnalysisFailed, match="found stdout: x{79}…\\."):
        chapter(notebook("# Churn", printing("x" * 200)), number=1)


def test_text_printed_in_a_hidden_cell_is_refused_too():
    with pytest.raises(AnalysisFailed, match="expected nothing printed, found stdout: slow"):
        chapter(notebook("# Churn", printing("slow", "data")), number=1)


def test_a_librarys_warning_stops_no_report_and_stands_in_none():
    got = chapter(notebook("# Churn", printing("RuntimeWarning: 0 / 0", stream="stderr")), number=1)
    assert "RuntimeWarning" not in str(got.html)


def test_a_debug_cell_may_print():
    got = chapter(notebook("# Churn", printing("only for me", "debug")), number=1)
    assert "only for me" not in str(got.html)


def test_the_cell_that_papermill_adds_is_not_counted():
    added = new_code_cell("x = 1", metadata={"tags": ["injected-parameters"]})
    with pytest.raises(AnalysisFailed, match="notebook 1, cell 2: "):
        chapter(notebook("# Churn", added, printing("text")), number=1)


def test_a_cell_that_failed_is_refused():
    failed = new_code_cell(
        "1/0", outputs=[new_output("error", ename="ZeroDivisionError", evalue="by zero", traceback=[])]
    )
    with pytest.raises(AnalysisFailed, match="expected a cell that ran to its end, found ZeroDivisionError: by zero"):
        chapter(notebook("# Churn", failed), number=1)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Some words.", "expected a title (# …) as the first heading, found no heading"),
        ("## Who", "expected a title (# …) as the first heading, found h2 'Who'"),
        ("# Churn\n\n# Value", "expected one title, found a second h1 'Value'"),
        ("# Churn\n\n### Where", "expected headings h1 to h3, no level skipped, found h3 'Where' after h1"),
        ("# A\n\n## B\n\n### C\n\n#### D", "expected headings h1 to h3, no level skipped, found h4 'D' after h3"),
        ("# Churn\n\n##", "expected words in every heading, found an empty h2"),
    ],
)
def test_headings_that_do_not_go_down_one_by_one_are_refused(source: str, found: str):
    with pytest.raises(AnalysisFailed) as caught:
        chapter(notebook(source, name="40_churn.ipynb"), number=1)
    assert (
        str(caught.value) == f"40_churn.ipynb: {found}. Correct the level (the number of # signs) in its Markdown cell."
    )
