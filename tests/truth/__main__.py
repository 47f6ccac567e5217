"""Estimates beside the truth they were simulated from: python -m tests.truth [--quick] [--only PART] [--out DIR].

Every part is a module of this folder with `tables(quick, out)`, which returns `Table`s and may keep files of its own
under `out`. The tables are printed, and written there as CSV. Ends with 1 when a line does not hold.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PARTS = (
    "survival",
    "demo",
    "clusters",
    "affinity",
    "drivers",
    "reasons",
    "control",
    "worth",
    "faults",
    "jumps",
    "prices",
    "campaigns",
    "answers",
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parsed(arguments)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: the simulations are spread over processes
    options.out.mkdir(parents=True, exist_ok=True)
    broken = [name for part in options.only or PARTS for name in shown(part, options.quick, options.out)]
    print(f"Does not hold: {', '.join(broken)}." if broken else "Everything holds.")
    return 1 if broken else 0


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.truth", description="Estimates beside the simulated truth.")
    parser.add_argument("--quick", action="store_true", help="fewer runs, in under a minute a part")
    parser.add_argument("--only", choices=PARTS, action="append", metavar="PART", help=f"of: {', '.join(PARTS)}")
    parser.add_argument("--out", type=Path, default=Path("data/truth"), help="folder for CSV files (data/truth)")
    return parser.parse_args(arguments)


def shown(part: str, quick: bool, out: Path) -> list[str]:
    """Print and keep the tables of a part; the names of those that do not hold."""
    began = time.monotonic()
    made = importlib.import_module(f"tests.truth.{part}").tables(quick, out)
    for table in made:
        print(f"{table.text()}\n")
        table.rows.to_csv(out / f"{table.name}.csv", index=False, float_format="%.10g")
    print(f"({part}: {time.monotonic() - began:.0f} s)\n", flush=True)
    return [table.name for table in made if not table.holds]


if __name__ == "__main__":
    sys.exit(main())
