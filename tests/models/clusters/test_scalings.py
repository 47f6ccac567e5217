from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.models.clusters.scalings import COLUMNS, compared_scalings
from analysis.present.wording.group_names import group_names
from analysis.present.wording.scalings import scaling_rows, scaling_words


def behaviour(apart: float, *, day: dt.date, customers: int = 600, seed: int = 1) -> pd.DataFrame:
    """Two halves, `apart` on the scale of logarithms, with a few who use a thousand times as much as others."""
    random = np.random.default_rng(seed)
    half, luck = np.arange(customers) % 2, random.standard_normal((3, customers))
    wild = np.where(np.arange(customers) % 100 == 0, 3.0, 0.0)
    return pd.DataFrame(
        {
            "customer_id": [f"C{number:04d}" for number in range(customers)],
            "landmark": pd.Timestamp(day),
            "download_gb": np.exp(3 + apart * half + 0.4 * luck[0] + wild),
            "evening_share": 1 / (1 + np.exp(-(apart * half - 1 + 0.4 * luck[1]))),
            "app_logins": np.exp(2 + 0.4 * luck[2]),
        }
    )


def compared(apart: float) -> pd.DataFrame:
    now, then = (behaviour(apart, day=day) for day in (dt.date(2026, 9, 30), dt.date(2026, 6, 30)))
    return compared_scalings(now, then, quarter="2026-Q3", naming=group_names)


def test_clear_groups_do_not_depend_on_the_scaling():
    rows = compared(3.0)
    assert list(rows.columns) == list(COLUMNS)
    assert list(rows["method"]) == ["z_score", "robust", "sigmoid"]
    assert list(rows["groups"]) == [2, 2, 2]
    assert rows["agreement"].min() > 0.95
    assert rows["agreement"].iloc[0] == 1
    assert list(rows["kept"]) == pytest.approx([1, 1, 1])
    assert list(rows["in_groups"]) == [1, 1, 1]
    told = scaling_words(rows, used="robust")
    assert told["finding"].startswith("Every scaling leads to 2 groups, which agree to ")
    assert "In use: median and quartiles" in told["subtitle"]
    assert scaling_rows(rows)["said"].notna().all()


def test_one_crowd_gives_no_groups_and_the_reason():
    rows = compared(0.0)
    assert list(rows["groups"]) == [0, 0, 0]
    assert rows["reason"].notna().all()
    assert rows[["silhouette", "agreement", "kept"]].isna().all(axis=None)
    assert scaling_words(rows, used="z_score")["finding"] == "No scaling leads to groups"
