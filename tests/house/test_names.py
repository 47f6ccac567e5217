"""Names that stand in two places are the same in both."""

from __future__ import annotations

import json
import re
from pathlib import Path

from analysis.run.params import shipped_classes

ROOT = Path(__file__).parents[2]
READ_BY_NAME = re.compile(r'"([a-z][a-z0-9]*(?:_[a-z0-9]+)*)_class"')


def texts() -> dict[str, str]:
    """Every module, and the code of every notebook, by its path."""
    modules = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")}
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        modules[str(path.relative_to(ROOT))] = "\n".join("".join(cell["source"]) for cell in cells)
    return modules


def test_a_class_that_code_reads_by_its_name_is_one_that_is_shipped() -> None:
    read = {place: set(READ_BY_NAME.findall(text)) for place, text in texts().items()}
    assert {"technology", "usage", "lifecycle"} <= set().union(*read.values())
    shipped = set(shipped_classes())
    assert {place: names - shipped for place, names in read.items() if names - shipped} == {}
