"""What a notebook may hold to run unattended, and which parameters it takes."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from analysis.basis.errors import AnalysisFailed

WAITING = {"input": "input()", "getpass": "getpass()", "breakpoint": "breakpoint()"}


def check_cells(notebook: NotebookNode, *, name: str) -> None:
    """Raises AnalysisFailed for a code cell that waits for a person or calls a shell, and for one that is no Python."""
    for number, cell in enumerate(code_cells(notebook), start=1):
        where = f"{name}, code cell {number}"
        tree = parsed(cell.source, where=where)
        for node in ast.walk(tree):
            found = forbidden(node)
            if found:
                do = "Remove it: a scheduler has no keyboard and runs no shell."
                raise AnalysisFailed(where, expected="a cell that runs unattended", found=found, do=do)


def parsed(source: str, *, where: str) -> ast.Module:
    """A cell as Python; `!command` and `%magic` become the calls that IPython makes of them."""
    try:
        return ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError as error:
        found = f"{error.msg} in its line {error.lineno}"
        raise AnalysisFailed(where, expected="Python", found=found, do="Correct the cell.") from None


def forbidden(node: ast.AST) -> str | None:
    """What a node is, in words, when it may not run unattended."""
    if isinstance(node, ast.Name) and node.id == "get_ipython":
        return "a shell command (!) or a magic (%)"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        return WAITING.get(called)
    return None


def check_parameters(notebook: NotebookNode, *, name: str, given: Sequence[str]) -> None:
    """Raises AnalysisFailed unless one cell is tagged `parameters` and assigns each name of `given` a constant."""
    tagged = [cell for cell in code_cells(notebook) if "parameters" in cell.metadata.get("tags", [])]
    do = 'Give the notebook one cell, tagged "parameters", like: params_file: str = "params/quarterly/2026-Q3.yml"'
    if len(tagged) != 1:
        raise AnalysisFailed(name, expected="one cell tagged parameters", found=str(len(tagged)), do=do)
    names = constants(tagged[0].source, where=f"{name}, parameters cell")
    missing = [parameter for parameter in given if parameter not in names]
    if missing:
        raise AnalysisFailed(name, expected=f"the parameter {missing[0]}", found=", ".join(names) or "none", do=do)


def constants(source: str, *, where: str) -> list[str]:
    """Names that a cell assigns constants to, in order; AnalysisFailed when it does anything else."""
    names = []
    for node in parsed(source, where=where).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        simple = isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant)
        if not simple or not all(isinstance(target, ast.Name) for target in targets):
            found = f"`{ast.unparse(node)[:60]}`"
            do = "Move everything but plain assignments to another cell."
            raise AnalysisFailed(where, expected="assignments of constants", found=found, do=do)
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The notebook's code cells, as the analyst counts them."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", [])
    ]
