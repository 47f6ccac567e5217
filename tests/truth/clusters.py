"""Groups beside the groups they were planted as, and clouds that have none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score
from tests.truth.table import Table

from analysis.models.clusters.fits import nearest
from analysis.models.clusters.search import grouping

CUSTOMERS = 10_000
APART = 5.0  # standard deviations between the two nearest centres
SMALLEST = 0.06  # share of the smallest group
LEAST = 0.9  # adjusted Rand index that planted groups must be found with
SHAPES = {"no noise": (5, 0, 0), "noise": (2, 8, 0), "noise that hangs together": (5, 6, 4)}


def planted(groups: int, shape: tuple[int, int, int], *, seed: int, customers: int = CUSTOMERS):
    """Scaled points and their true groups: `shape` is (telling variables, noise, noise with one common cause)."""
    telling, noise, common = shape
    random = np.random.default_rng(seed)
    centres = _centres(random, groups, telling)
    shares = np.maximum(random.dirichlet(np.full(groups, 3.0)), SMALLEST)
    truth = random.choice(groups, customers, p=shares / shares.sum())
    parts = [centres[truth] + random.standard_normal((customers, telling)), random.standard_normal((customers, noise))]
    cause = random.standard_normal((customers, 1))
    parts += [cause + 0.4 * random.standard_normal((customers, common))]
    return scaled(np.hstack(parts)), truth


def _centres(random, groups: int, telling: int):
    """Centres of which the nearest two are `APART`, and none is far out."""
    while True:
        centres = random.standard_normal((groups, telling))
        apart = np.sqrt(((centres[:, None] - centres) ** 2).sum(axis=2))[np.triu_indices(groups, 1)]
        if apart.max() < 6 * apart.min():
            return centres * APART / apart.min()


def three_or_four(*, apart: float, newcomers: float, seed: int, customers: int = 6000):
    """Points and true groups: three at the corners of a triangle, and a share of newcomers beside them.

    `apart`: standard deviations between two of the three, and between a newcomer and the first of them.
    """
    random = np.random.default_rng(seed)
    truth = np.where(random.random(customers) < newcomers, 3, random.integers(0, 3, customers))
    corners = [[0, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0.5, 0.75**0.5, 0, 0, 0], [0, 0, 1.3, 0, 0]]
    return apart * np.array(corners)[truth] + random.standard_normal((customers, 5)), truth


def clouds(seed: int, customers: int = CUSTOMERS) -> dict[str, np.ndarray]:
    """Customers without groups, in clouds of many shapes."""
    random = np.random.default_rng(seed)
    normal = random.standard_normal((customers, 6))
    turn = np.linalg.qr(random.standard_normal((6, 6)))[0]
    bow = normal.copy()
    bow[:, 1] = bow[:, 0] ** 2 + 0.5 * bow[:, 1]
    return {
        "ball": normal,
        "long": (normal * [8, 3, 1, 1, 1, 1]) @ turn,
        "one common cause": normal[:, :1] + 0.5 * random.standard_normal((customers, 6)),
        "cube": random.random((customers, 5)),
        "square": random.random((customers, 2)),
        "bow": bow,
        "heavy tails": random.standard_t(3, (customers, 5)),
        "skewed": random.exponential(size=(customers, 5)),
        "half ring": _ring(random, customers, np.pi),
    }


def _ring(random, customers: int, arc: float):
    """Customers along a bow of a circle, in five dimensions."""
    at = random.random(customers) * arc
    bow = np.column_stack([3 * np.cos(at), 3 * np.sin(at), *random.standard_normal((3, customers))])
    return bow + 0.3 * random.standard_normal((customers, 5))


def scaled(points: np.ndarray) -> np.ndarray:
    return (points - points.mean(axis=0)) / points.std(axis=0)


def tables(quick: bool, out: Path) -> list[Table]:
    """Planted groups, and clouds without groups."""
    seeds = range(2) if quick else range(10)
    found = [found_row(groups, name, seed) for groups in range(3, 7) for name in SHAPES for seed in seeds]
    none = [none_row(name, points, seed) for seed in seeds for name, points in clouds(seed).items()]
    titles = f"Planted groups, {APART:g} standard deviations apart", "Clouds without groups"
    return [
        Table(name, title, pd.DataFrame(rows))
        for name, title, rows in zip(("groups_planted", "groups_none"), titles, (found, none), strict=True)
    ]


def found_row(groups: int, shape: str, seed: int) -> dict[str, object]:
    points, truth = planted(groups, SHAPES[shape], seed=100 * groups + seed)
    got = grouping(points)
    told = None if got.axes is None else nearest(points @ got.axes, got.centres)
    index = float("nan") if told is None else float(adjusted_rand_score(truth, told))
    many = 0 if got.centres is None else len(got.centres)
    return {
        "planted": groups, "shape": shape, "seed": seed, "found": many, "adjusted_rand": index,
        "holds": many == groups and index >= LEAST,
    }  # fmt: skip


def none_row(name: str, points: np.ndarray, seed: int) -> dict[str, object]:
    got = grouping(scaled(points))
    many = 0 if got.centres is None else len(got.centres)
    return {"cloud": name, "seed": seed, "found": many, "reason": got.reason, "holds": many == 0}
