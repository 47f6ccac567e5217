"""One executed notebook as one chapter of the report: its HTML, its headings, and what it may not show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from analysis.basis.errors import AnalysisFailed

TEMPLATES = Path(__file__).parent / "templates"
REMOVED_TAGS = {"parameters", "injected-parameters", "setup", "data", "debug"}
SHOWN_TYPES = ("text/html", "text/markdown", "image/svg+xml")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
DEEPEST = 3


@dataclass(frozen=True)
class Heading:
    """A heading of the report: `level` 2 is a chapter, 3 a section, 4 a part of a section."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Chapter:
    """A notebook's HTML and its headings; `moved` maps the notebook's own heading ids to the report's."""

    html: BeautifulSoup
    headings: tuple[Heading, ...]
    moved: dict[str, str]


@cache
def report_exporter() -> HTMLExporter:
    """The exporter of nbconvert with this package's own template: no input cells, no script, no request."""
    config = Config()
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = REMOVED_TAGS
    config.NbConvertBase.display_data_priority = list(SHOWN_TYPES)
    make: Callable[..., HTMLExporter] = HTMLExporter  # its own __init__ has no types
    exporter = make(config=config, template_name="report", extra_template_basedirs=[str(TEMPLATES)])
    exporter.exclude_input = exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    exporter.exclude_anchor_links = True
    return exporter


def chapter(notebook: NotebookNode, *, number: int) -> Chapter:
    """The `number`-th chapter of the report (from 1).

    Raises
    ------
    AnalysisFailed
        When a cell shows what a report cannot, or the headings skip a level; names the notebook and the cell.
    """
    name = notebook_name(notebook, number=number)
    check_outputs(notebook, name=name)
    fragment, _ = report_exporter().from_notebook_node(notebook)
    html = BeautifulSoup(fragment, "html.parser")
    found = html.find_all(HEADINGS)
    check_headings(found, name=name)
    headings = numbered_headings(found, number=number)
    return Chapter(html, tuple(headings), {jupyter_id(one.text): one.id for one in reversed(headings)})


def jupyter_id(text: str) -> str:
    """The name JupyterLab gives a heading, which links in Markdown cells use."""
    return text.replace(" ", "-")


def notebook_name(notebook: NotebookNode, *, number: int) -> str:
    """The file the notebook was executed from, else its place in the report."""
    path = notebook.metadata.get("papermill", {}).get("input_path")
    return Path(path).name if path else f"notebook {number}"


def check_outputs(notebook: NotebookNode, *, name: str) -> None:
    """Raises when any cell leaves something a report cannot show.

    What a cell prints is refused in hidden cells too. A library's warning is not: it stands in the manifest, for a
    provider's data may call forth what none of ours did, and a report that says less is better than none.
    """
    written = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    for place, cell in enumerate(written, start=1):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "code" and "debug" not in tags:
            check_cell(cell.outputs, where=f"{name}, cell {place}", shown=not tags & REMOVED_TAGS)


def check_cell(outputs: Sequence[NotebookNode], *, where: str, shown: bool) -> None:
    """Raises for printed text, an error, or (in a shown cell) an object that has no form for a report."""
    for output in outputs:
        if output.output_type == "stream" and output.name == "stdout":
            found, do = f"{output.name}: {first_words(output.text)}", "Return an object of analysis.present instead."
            raise AnalysisFailed(where, expected="nothing printed", found=found, do=do)
        if output.output_type == "error":
            found, do = f"{output.ename}: {first_words(output.evalue)}", "Correct the cell and run the report again."
            raise AnalysisFailed(where, expected="a cell that ran to its end", found=found, do=do)
        if shown and output.get("data") and not set(SHOWN_TYPES) & set(output.data):
            kind, text = next(iter(output.data.items()))
            found = f"only {kind}: {first_words(str(text))}"
            do = "Show it through analysis.present, or end the line with a semicolon."
            raise AnalysisFailed(where, expected="a sentence, table or chart", found=found, do=do)


def first_words(text: str) -> str:
    """The first line, cut to 80 characters."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 80 else line[:79] + "…"


def check_headings(headings: Sequence[Tag], *, name: str) -> None:
    """Raises unless the chapter has one title, first, and goes down one level at a time."""
    do = "Correct the level (the number of # signs) in its Markdown cell."
    if [tag.name for tag in headings[:1]] != ["h1"]:
        found = f"{headings[0].name} '{headings[0].get_text()}'" if headings else "no heading"
        raise AnalysisFailed(name, expected="a title (# …) as the first heading", found=found, do=do)
    level = 0
    for tag in headings:
        before, level, text = level, int(tag.name[1]), tag.get_text().strip()
        if not text:
            raise AnalysisFailed(name, expected="words in every heading", found=f"an empty {tag.name}", do=do)
        if before and level == 1:
            raise AnalysisFailed(name, expected="one title", found=f"a second h1 '{text}'", do=do)
        if level > min(before + 1, DEEPEST):
            found = f"h{level} '{text}' after h{before}"
            raise AnalysisFailed(name, expected="headings h1 to h3, no level skipped", found=found, do=do)


def numbered_headings(headings: Sequence[Tag], *, number: int) -> list[Heading]:
    """Moves each heading one level down and names it `sec-1`, `sec-1-2`, `sec-1-2-1`; changes the tags."""
    made, counts = [], [number, 0, 0]
    for tag in headings:
        level = int(tag.name[1])
        if level > 1:
            counts[level - 1 :] = [counts[level - 1] + 1] + [0] * (DEEPEST - level)
        tag.name = f"h{level + 1}"
        tag.attrs = {"id": "-".join(["sec", *map(str, counts[:level])])}
        if level == 1:
            tag.attrs["class"] = "chapter"
        made.append(Heading(level + 1, str(tag["id"]), tag.get_text().strip()))
    return made
