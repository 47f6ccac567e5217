"""Products of tables that have one result, to the last bit, on any number of threads.

A linear-algebra library splits a large product among threads, and each way of splitting rounds in its own way; on a
busy machine the threads also wait for one another far longer than they work. So rows are multiplied in tiles that are
too small to be split, and the tiles summed in order.
"""

from __future__ import annotations

import numpy as np

from analysis.models.counts import Floats

UNSPLIT = 262_144  # multiplications up to which OpenBLAS leaves a product to one thread
ROWS, CELLS = 65_536, 1_000_000  # at a time: rows copied, and cells of the tiles' products


def crossed(one: Floats, other: Floats, weight: Floats) -> Floats:
    """Sum over rows of weight x (row of one) (row of other)': one line per column of one."""
    columns = one.shape[1] * other.shape[1]
    total = np.zeros((one.shape[1], other.shape[1]))
    tile = max(1, UNSPLIT // max(1, columns))
    rows = tile * max(1, min(ROWS // tile, CELLS // max(1, columns)))
    for start in range(0, len(one), rows):
        left = np.multiply(one[start : start + rows], weight[start : start + rows, None], order="C")
        right = np.ascontiguousarray(other[start : start + rows])
        tiles, whole = len(left) // tile, len(left) // tile * tile
        lefts, rights = (each[:whole].reshape(tiles, tile, each.shape[1]) for each in (left, right))
        total += np.matmul(lefts.transpose(0, 2, 1), rights).sum(axis=0) + left[whole:].T @ right[whole:]
    return total


def combined(columns: Floats, beta: Floats) -> Floats:
    """Sum over columns of beta x column, one per row."""
    total = np.zeros(len(columns))
    for j, each in enumerate(beta):
        total += each * columns[:, j]
    return total
