from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

YARDSTICKS = Path(__file__).parent / "yardsticks"


@pytest.fixture(scope="session")
def yardsticks() -> dict[str, Any]:
    """What R's package survival says about small data sets; see yardsticks/README.md."""
    return json.loads((YARDSTICKS / "survival.json").read_text())
