"""Notebooks are thin: words before every cell, at most five lines, nothing defined, no number typed, no output kept."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.run.stages import present_stages

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
RESEARCH = sorted((ROOT / "notebooks" / "research").glob("*.ipynb"))  # opened by analysts, run by no report

DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
REPEATS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
NAME = r"[A-Za-z_]\w*"
TENS = "ten|eleven|twelve|[a-z]+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
UNITS = "days?|weeks?|months?|quarters?|years?|customers?|lines?|per ?cent|percent|points?|euros?|dollars?|yuan"
NUMBER_WORDS = re.compile(
    rf"\b(({TENS})([- ]\w+)?|hundreds?|thousands?|millions?|billions?|dozens?)\b"
    rf"|\b(one|two|three|four|five|six|seven|eight|nine)[- ]({UNITS})\b",
    re.IGNORECASE,
)
ABSOLUTE = re.compile(r"(?<![\w.$}<])/(?:home|root|Users|tmp|work|mnt|var|opt|srv)/|[A-Z]:\\\\")


def tagged(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    return [(at, cell) for at, cell in enumerate(notebook.cells) if cell.cell_type == "code"]


def long_cells(notebook: NotebookNode) -> list[str]:
    lengths = {at: len(cell.source.splitlines()) for at, cell in code_cells(notebook)}
    return [f"cell {at}: {length} lines" for at, length in lengths.items() if length > 5]


def defining_cells(notebook: NotebookNode) -> list[str]:
    return [
        f"cell {at}: {type(node).__name__}"
        for at, cell in code_cells(notebook)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, DEFINES + REPEATS)
    ]


def typed_numbers(notebook: NotebookNode) -> list[str]:
    """Numbers in words for the reader: in Markdown (names in backticks aside), and in texts that a code cell holds."""
    prose = [
        (at, re.sub(rf"`{NAME}(\.{NAME})*(\(\))?`", "", cell.source))
        for at, cell in enumerate(notebook.cells)
        if cell.cell_type != "code"
    ]
    prose += [
        (at, node.value)
        for at, cell in code_cells(notebook)
        if not tagged(cell, "parameters")
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not re.fullmatch(NAME, node.value)
    ]
    prose += [(at, "\n".join(re.findall("#.*", cell.source))) for at, cell in code_cells(notebook)]
    found = [(at, "".join(character for character in text if character.isnumeric())) for at, text in prose]
    found += [(at, match.group()) for at, text in prose for match in NUMBER_WORDS.finditer(text)]
    return [f"cell {at}: {number}" for at, number in found if number]


def wordless_cells(notebook: NotebookNode) -> list[str]:
    """Cells that show something without words before them; cells tagged `setup` show nothing and may stand between."""
    cells = notebook.cells
    silent = [tagged(cell, "parameters") or tagged(cell, "setup") for cell in cells]
    shown = [at for at, cell in code_cells(notebook) if not silent[at]]
    before = {at: [cell for cell, quiet in zip(cells[:at], silent[:at], strict=True) if not quiet][-1:] for at in shown}
    return [f"cell {at}" for at, last in before.items() if not any(is_words(cell) for cell in last)]


def is_words(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "markdown" and cell.source.strip())


def kept_results(notebook: NotebookNode) -> list[str]:
    found = [f"cell {at}: output" for at, cell in code_cells(notebook) if cell.outputs]
    found += [f"cell {at}: execution count" for at, cell in code_cells(notebook) if cell.execution_count is not None]
    found += [f"metadata: {key}" for key in notebook.metadata if key not in {"kernelspec", "language_info"}]
    found += [f"cell {at}: {key}" for at, cell in enumerate(notebook.cells) for key in cell.metadata if key != "tags"]
    return found


def absolute_paths(notebook: NotebookNode) -> list[str]:
    return [f"cell {at}: {found}" for at, cell in enumerate(notebook.cells) for found in ABSOLUTE.findall(cell.source)]


def misplaced_parameters(notebook: NotebookNode) -> list[str]:
    """What is wrong with the parameters: the first code cell, the only one so tagged, plain assignments."""
    parameters = [(at, cell) for at, cell in code_cells(notebook) if tagged(cell, "parameters")]
    if parameters != code_cells(notebook)[:1]:
        return ["expected one cell tagged `parameters`, the first code cell"]
    assigned = ast.parse(parameters[0][1].source).body
    plain = all(
        isinstance(line, ast.Assign | ast.AnnAssign) and isinstance(line.value, ast.Constant) for line in assigned
    )
    return [] if plain else ["expected plain assignments of constants in `parameters`"]


def untitled(notebook: NotebookNode) -> list[str]:
    """The title: the first cell, the only heading of the first level."""
    sources = [cell.source if cell.cell_type == "markdown" else "" for cell in notebook.cells]
    titles = [at for at, source in enumerate(sources) if re.search(r"^# ", source, re.MULTILINE)]
    return (
        [] if titles == [0] and sources[0].startswith("# ") else [f"titles in cells {titles}, expected one, in cell 0"]
    )


RULES = [
    long_cells,
    defining_cells,
    typed_numbers,
    wordless_cells,
    kept_results,
    absolute_paths,
    misplaced_parameters,
    untitled,
]


def test_there_are_chapters_and_a_summary():
    names = [path.stem for path in NOTEBOOKS]
    assert "00_summary" in names
    assert len(names) > 1
    assert [name for name in names if not re.fullmatch(r"\d\d_[a-z]+", name)] == []


@pytest.mark.parametrize("rule", RULES)
def test_every_notebook_keeps_the_rule_of(rule: Callable[[NotebookNode], list[str]]):
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in [*NOTEBOOKS, *RESEARCH]}
    got = {name: rule(notebook) for name, notebook in notebooks.items()}
    assert {name: broken for name, broken in got.items() if broken} == {}


def test_research_is_no_part_of_a_report():
    assert [path.stem for path in RESEARCH] == ["customer_card", "scalings"]
    assert not {path.stem for path in RESEARCH} & {stage.name for stage in present_stages(ROOT / "notebooks")}


def test_research_opens_with_the_parameters_of_a_report_and_its_own():
    (shared,) = {code_cells(nbformat.read(path, as_version=4))[0][1].source for path in NOTEBOOKS}
    for path in RESEARCH:
        assert code_cells(nbformat.read(path, as_version=4))[0][1].source.startswith(shared)


def test_all_notebooks_open_with_the_same_parameters():
    first = {path.stem: code_cells(nbformat.read(path, as_version=4))[0][1].source for path in NOTEBOOKS}
    assert len(set(first.values())) == 1, first


PRIVATE = (
    "open_complaints",
    "fault_notices",
    "usage_anomalies",
    "credit_risk",
    "largest_accounts",
    "actions",
    "win_back",
    "open_leads",
    "warnings",
)


def test_lists_of_single_customers_are_written_for_their_owner_only():
    lines = [
        line
        for path in NOTEBOOKS
        for _, cell in code_cells(nbformat.read(path, as_version=4))
        for line in cell.source.splitlines()
    ]
    for name in PRIVATE:
        (written,) = [line for line in lines if f'run.write("{name}"' in line]
        assert written.endswith("private=True)"), name


def thin(*cells: NotebookNode) -> NotebookNode:
    """A notebook that keeps every rule, and then some cells."""
    parameters = new_code_cell('params_file: str = "params/quarterly/2026-Q3.yml"', metadata={"tags": ["parameters"]})
    setup = new_code_cell("run = open_run(params_file)", metadata={"tags": ["setup"]})
    bottom_line = new_code_cell("Finding(bottom_line(run))")
    words = new_markdown_cell("Who leaves? The column `churn_3m` says it, and `analysis.models.cox` estimates it.")
    shown = new_code_cell('chart(table, column="churn_3m", horizon_months=36)')
    return new_notebook(cells=[new_markdown_cell("# Churn"), parameters, setup, bottom_line, words, shown, *cells])


def test_a_thin_notebook_breaks_no_rule():
    assert {rule.__name__: rule(thin()) for rule in RULES if rule(thin())} == {}


WORDS = new_markdown_cell("Words.")


@pytest.mark.parametrize(
    ("rule", "cells"),
    [
        (long_cells, [WORDS, new_code_cell("a = 1\n" * 6)]),
        (defining_cells, [WORDS, new_code_cell("def f(): ...")]),
        (defining_cells, [WORDS, new_code_cell("class A: ...")]),
        (defining_cells, [WORDS, new_code_cell("for a in b:\n    a")]),
        (defining_cells, [WORDS, new_code_cell("while a:\n    a")]),
        (defining_cells, [WORDS, new_code_cell("[a for a in b]")]),
        (defining_cells, [WORDS, new_code_cell("f = lambda a: a")]),
        (typed_numbers, [new_markdown_cell("Of 7,043 customers most stayed.")]),
        (typed_numbers, [new_markdown_cell("Nearly two hundred left.")]),
        (typed_numbers, [new_markdown_cell("Within three months they left.")]),
        (typed_numbers, [new_markdown_cell("The share was `26 %`.")]),
        (typed_numbers, [new_markdown_cell("A ½ of them.")]),
        (typed_numbers, [WORDS, new_code_cell('Note("4 of 10 left")')]),
        (typed_numbers, [WORDS, new_code_cell('Note(f"{share} of 7043 left")')]),
        (typed_numbers, [WORDS, new_code_cell("a = b  # 26 % left")]),
        (wordless_cells, [new_code_cell("a = b")]),
        (wordless_cells, [new_code_cell("a = b", metadata={"tags": ["setup"]}), new_code_cell("show(a)")]),
        (wordless_cells, [new_markdown_cell(" "), new_code_cell("a = b")]),
        (kept_results, [WORDS, new_code_cell("a", outputs=[new_output("stream", text="a")])]),
        (kept_results, [WORDS, new_code_cell("a", execution_count=1)]),
        (kept_results, [new_markdown_cell("Words.", metadata={"collapsed": True})]),
        (absolute_paths, [new_markdown_cell("See /home/jo/extracts.")]),
        (misplaced_parameters, [WORDS, new_code_cell("a = b", metadata={"tags": ["parameters"]})]),
        (untitled, [new_markdown_cell("# A second title")]),
    ],
)
def test_a_breach_is_found_by(rule: Callable[[NotebookNode], list[str]], cells: list[NotebookNode]):
    assert len(rule(thin(*cells))) == 1


def test_parameters_that_compute_are_found():
    notebook = thin()
    notebook.cells[1].source = "params_file = open('x').read()"
    assert misplaced_parameters(notebook) == ["expected plain assignments of constants in `parameters`"]


def test_widgets_left_in_the_metadata_are_found():
    notebook = thin()
    notebook.metadata["widgets"] = {}
    assert kept_results(notebook) == ["metadata: widgets"]
