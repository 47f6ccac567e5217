"""The catalogue of malformed inputs, each case made and seen: python -m tests.promises [ID …].

Prints a line per case: what is promised, what was seen, and what was said. Ends with 1 when one differs.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.promises.cases import Case
from tests.promises.catalogue import CATALOGUE

WIDEST = 150  # characters of what was said


def main(arguments: Sequence[str] | None = None) -> int:
    asked = set(sys.argv[1:] if arguments is None else arguments)
    rows = [_row(case) for case in CATALOGUE if not asked or case.id in asked]
    width = max((len(row[1]) for row in rows), default=0)
    for id, title, promised, seen, said in rows:
        print(f"{id}  {title:<{width}}  {promised:<6}  {seen:<6}  {said}", flush=True)
    broken = [id for id, _, promised, seen, _ in rows if promised != seen]
    print(f"Broken: {', '.join(broken)}." if broken else f"All {len(rows)} cases came out as promised.")
    return 1 if broken else 0


def _row(case: Case) -> tuple[str, str, str, str, str]:
    with tempfile.TemporaryDirectory(prefix="linecard-promise-") as folder:
        try:
            seen = case.prove(Path(folder))
        except AssertionError as wrong:
            return case.id, case.title, case.promised, "BROKEN", _short(str(wrong))
    return case.id, case.title, case.promised, seen.outcome, _short(seen.said)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}…"


if __name__ == "__main__":
    sys.exit(main())
