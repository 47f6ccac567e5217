"""The rows that are measured on: whole months, most customers joined before observation began, twenty covariates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

NAMES = [f"covariate_{place:02}" for place in range(20)]
WINDOW = 12  # months under observation


def write_rows(folder: Path, rows: int, seed: int = 1) -> None:
    """Write `rows.parquet`: `entry`, `exit` (months), `event` and ten normal and ten binary covariates."""
    parts: list[pd.DataFrame] = []
    rng = np.random.default_rng(seed)
    while sum(map(len, parts)) < rows:
        parts.append(_episodes(rows, rng))
    pd.concat(parts, ignore_index=True).head(rows).to_parquet(folder / "rows.parquet", index=False)


def _episodes(customers: int, rng: np.random.Generator) -> pd.DataFrame:
    values = rng.normal(size=(customers, len(NAMES)))
    values[:, 10:] = values[:, 10:] > 0.3
    effects = np.linspace(-0.3, 0.3, len(NAMES))
    lifetime = np.ceil(36 * rng.weibull(0.85, customers) * np.exp(-(values @ effects)))
    joined = rng.integers(-96, WINDOW, customers)
    entry, end = np.maximum(0, -joined), WINDOW - joined
    made = pd.DataFrame(values, columns=NAMES)
    made.insert(0, "entry", entry.astype(float))
    made.insert(1, "exit", np.minimum(lifetime, end))
    made.insert(2, "event", (lifetime <= end) * 1)
    return made[lifetime > entry]
