from __future__ import annotations

import numpy as np
import pytest

from analysis.models import cox_products
from analysis.models.cox_products import combined, crossed


@pytest.mark.parametrize(("rows", "left", "right"), [(0, 2, 2), (1, 3, 3), (5_000, 20, 20), (3_001, 7, 90), (10, 0, 0)])
def test_tiles_add_up_to_the_whole_product(rows, left, right):
    rng = np.random.default_rng(rows)
    one, other, weight = rng.normal(size=(rows, left)), rng.normal(size=(rows, right)), rng.normal(size=rows)
    assert crossed(one, other, weight) == pytest.approx(one.T @ (other * weight[:, None]), abs=1e-9)


def test_tiles_of_any_size_add_up_to_the_same(monkeypatch):
    rng = np.random.default_rng(1)
    z = np.asfortranarray(rng.normal(size=(1_000, 4)))
    whole = crossed(z, z, np.ones(1_000))
    monkeypatch.setattr(cox_products, "UNSPLIT", 48)
    monkeypatch.setattr(cox_products, "ROWS", 10)
    assert crossed(z, z, np.ones(1_000)) == pytest.approx(whole)


def test_no_tile_is_large_enough_to_be_split_among_threads(monkeypatch):
    seen = []
    matmul = np.matmul
    monkeypatch.setattr(np, "matmul", lambda a, b: seen.append((a.shape, b.shape)) or matmul(a, b))
    crossed(np.ones((70_000, 30)), np.ones((70_000, 30)), np.ones(70_000))
    assert seen
    assert all(tall * rows * wide <= 262_144 for (_, tall, rows), (_, _, wide) in seen)
    assert all(tiles * rows <= 65_536 for (tiles, _, rows), _ in seen)


def test_columns_are_combined_row_by_row():
    got = combined(np.array([[1.0, 2], [3, 4], [5, 6]]), np.array([10.0, 0.5]))
    assert got.tolist() == [11, 32, 53]
    assert combined(np.zeros((3, 0)), np.zeros(0)).tolist() == [0, 0, 0]
