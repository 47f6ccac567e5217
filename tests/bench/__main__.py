"""What reading, fitting and scoring cost beside the plain way, in one run: python -m tests.bench [--quick].

Reading and checking extracts stands beside DuckDB reading the same files into columns of known type; fitting and
scoring beside lifelines on the same rows; RFM, the rule classes and who moved between them beside the same tables
in hand-written SQL.

Each task runs in a process of its own, so that its memory is its own; tasks of both sides take turns, and each counts
with its quickest turn. What a scan of the same columns takes in DuckDB stands beside it as the floor. Seconds depend on
the machine: read the ratios. Ends with 1 where one is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tests.bench.extracts import write_extracts
from tests.bench.rows import write_rows
from tests.bench.segments import apart, classes_by_hand, moved_apart, write_base, write_moved

FULL, QUICK = 1_000_000, 50_000
TURNS = {
    "typed_scan": 2,
    "intake": 2,
    "classes_by_hand": 2,
    "classes_ours": 2,
    "moves_by_hand": 2,
    "moves_ours": 2,
    "value_ours": 2,
    "scan": 2,
    "fit_ours": 2,
    "fit_lifelines": 1,
    "score_lifelines": 2,
    "score_ours": 2,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Cost beside lifelines, as ratios.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} rows instead of {FULL:,}")
    parser.add_argument("--rows", type=int, help="another number of rows")
    options = parser.parse_args(arguments)
    rows = options.rows or (QUICK if options.quick else FULL)
    with tempfile.TemporaryDirectory() as folder:
        write_rows(Path(folder), rows)
        extracts = write_extracts(Path(folder) / "extracts", rows)
        write_base(Path(folder), rows)
        classes_by_hand(Path(folder))
        write_moved(Path(folder))
        costs = measured(Path(folder))
        told = apart(Path(folder)), moved_apart(Path(folder))
        lines = judged(costs, difference(Path(folder)), *told)
    print(f"{rows:,} customers with {extracts:,} rows of extracts; {rows:,} episodes, 20 covariates, late entry\n")
    print(f"{shown(costs)}\n\n{shown(lines)}")
    return 0 if (lines["holds"] != "NO").all() else 1


def measured(folder: Path) -> pd.DataFrame:
    """Table, one row per task: `task`, its quickest turn (`seconds`, `cpu_seconds`), and most memory.

    `added_mb` is beyond what the process held before, `peak_mb` all it held, where that is asked.
    """
    made: dict[str, list[dict[str, Any]]] = {task: [] for task in TURNS}
    for turn in range(max(TURNS.values())):
        for task in [task for task, turns in TURNS.items() if turn < turns]:
            made[task].append(_run(task, folder))
            print(f"  {task}: {made[task][-1]['seconds']:.2f} s", file=sys.stderr, flush=True)
    every = pd.concat(pd.DataFrame(turns).assign(task=task) for task, turns in made.items())
    best = {"seconds": "min", "cpu_seconds": "min", "added_mb": "max", "peak_mb": "max"}
    return every.groupby("task", sort=False).agg(best).reset_index()


def _run(task: str, folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.task", task, str(folder)], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout))


def difference(folder: Path) -> float:
    """Largest difference between the two scorings of the same customers with the same baseline."""
    return float(np.abs(np.load(folder / "score_ours.npy") - np.load(folder / "score_lifelines.npy")).max())


def judged(costs: pd.DataFrame, scores_apart: float, classes_apart: int, moves_apart: int) -> pd.DataFrame:
    """What was promised, what came out, and whether it holds."""
    of = costs.set_index("task")
    seconds = of["seconds"]
    lines = [
        ("intake: ours / DuckDB reading known types, seconds", 6.0, seconds["intake"] / seconds["typed_scan"]),
        ("intake: memory of the process, MB", 4000.0, of.loc["intake", "peak_mb"]),
        ("classes and RFM: ours / DuckDB by hand, seconds", 3.0, seconds["classes_ours"] / seconds["classes_by_hand"]),
        ("classes and RFM: customers told differently", 0.0, classes_apart),
        ("who moved: ours / DuckDB by hand, seconds", 3.0, seconds["moves_ours"] / seconds["moves_by_hand"]),
        ("who moved: moves counted differently", 0.0, moves_apart),
        ("value: seconds", 15.0, seconds["value_ours"]),
        ("value: memory added, MB", 2000.0, of.loc["value_ours", "added_mb"]),
        ("fit: ours / lifelines, seconds", 0.3, seconds["fit_ours"] / seconds["fit_lifelines"]),
        ("scoring: ours / lifelines, seconds", 1.0, seconds["score_ours"] / seconds["score_lifelines"]),
        ("scoring: memory added, MB", 200.0, of.loc["score_ours", "added_mb"]),
        ("scoring: largest difference", 1e-9, scores_apart),
        ("fit: ours / DuckDB scan, seconds", np.nan, seconds["fit_ours"] / seconds["scan"]),
        ("scoring: ours / DuckDB scan, seconds", np.nan, seconds["score_ours"] / seconds["scan"]),
    ]
    table = pd.DataFrame(lines, columns=["what", "at_most", "got"])
    verdict = np.where(table["got"] <= table["at_most"], "yes", "NO")
    unjudged = table["at_most"].isna() | table["got"].isna()
    return table.assign(holds=np.where(unjudged, "-", verdict))


def shown(table: pd.DataFrame) -> str:
    return table.to_string(index=False, float_format=lambda value: f"{value:.3g}", na_rep="-")


if __name__ == "__main__":
    sys.exit(main())
