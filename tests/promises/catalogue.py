"""All cases, in the catalogue's order. Each module of `malformed/` holds one section of it."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.promises.cases import CASES, Case

for path in sorted((Path(__file__).parent / "malformed").glob("*.py")):
    importlib.import_module(f"tests.promises.malformed.{path.stem}")

CATALOGUE: list[Case] = sorted(CASES, key=lambda case: case.id)
