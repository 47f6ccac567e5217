from __future__ import annotations

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.basis.errors import AnalysisFailed
from analysis.run.cells import check_cells, check_parameters


def book(*cells: str, parameters: str | None = 'params_file: str = "p.yml"') -> NotebookNode:
    tagged = [new_code_cell(parameters, metadata={"tags": ["parameters"]})] if parameters is not None else []
    return new_notebook(cells=[new_markdown_cell("# input('x') in words is fine"), *tagged, *map(new_code_cell, cells)])


def refusal(cell: str) -> str:
    with pytest.raises(AnalysisFailed) as caught:
        check_cells(book("1 + 1", cell), name="10_data.ipynb")
    return str(caught.value)


@pytest.mark.parametrize(
    "cell", ["input('name? ')", "x = int(input())", "import getpass\ngetpass.getpass()", "breakpoint()"]
)
def test_a_cell_that_waits_for_a_person_is_refused(cell: str) -> None:
    got = refusal(cell)
    assert got.startswith("10_data.ipynb, code cell 3: expected a cell that runs unattended, found ")
    assert got.endswith("Remove it: a scheduler has no keyboard and runs no shell.")


@pytest.mark.parametrize(
    "cell",
    [
        "!ls",
        "files = !ls",
        "%%bash\nls",
        "%run x.py",
        "%%writefile a\nx",
        "get_ipython().system('ls')",
        "x = %pwd",
        "1\n!pip install x",
    ],
)
def test_a_shell_command_or_magic_is_refused(cell: str) -> None:
    assert "found a shell command (!) or a magic (%)" in refusal(cell)


def test_a_cell_that_is_no_python_is_refused() -> None:
    assert "10_data.ipynb, code cell 3: expected Python, found " in refusal("x = = 1")


@pytest.mark.parametrize("cell", ["a != b", "f'{x!r}'", "'%s' % 1", "frame.input", "x = 5 % 3", "# !ls", ""])
def test_ordinary_python_passes(cell: str) -> None:
    check_cells(book(cell), name="10_data.ipynb")


def parameters_refusal(text: str | None) -> str:
    with pytest.raises(AnalysisFailed) as caught:
        check_parameters(book(parameters=text), name="10_data.ipynb", given=("params_file",))
    return str(caught.value)


@pytest.mark.parametrize(
    "text", ["params_file = 'p.yml'", "params_file: str = 'p.yml'  # the report's params\nn: int = 3"]
)
def test_constants_are_parameters(text: str) -> None:
    check_parameters(book(parameters=text), name="10_data.ipynb", given=("params_file",))


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "params_file = os.environ['P']",
        "params_file = f'{1}'",
        "params_file = ['p.yml']",
        "params_file, b = 'p', 'q'",
        "x.params_file = 'p'",
        "print('p')",
        "params_file: str",
    ],
)
def test_anything_else_in_the_parameters_cell_is_refused(text: str) -> None:
    assert "parameters cell: expected assignments of constants, found `" in parameters_refusal(text)


def test_a_notebook_without_the_parameter_is_refused() -> None:
    assert "expected the parameter params_file, found params" in parameters_refusal("params: str = 'p.yml'")
    assert "expected one cell tagged parameters, found 0. Give the notebook one cell" in parameters_refusal(None)


def test_two_parameters_cells_are_refused() -> None:
    twice = book("params_file = 'p'")
    twice.cells[-1].metadata["tags"] = ["parameters"]
    with pytest.raises(AnalysisFailed, match="expected one cell tagged parameters, found 2"):
        check_parameters(twice, name="10_data.ipynb", given=("params_file",))
