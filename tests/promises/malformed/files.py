"""Files and encodings (M01–M25)."""

from __future__ import annotations

from pathlib import Path

from tests.promises.cases import Seen, case
from tests.promises.provider import taken


@case("M03", "A file of no bytes", "REFUSE")
def empty_file(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": ""}).refused
    assert "empty file" in seen.said
    return seen
