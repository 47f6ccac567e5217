"""Groups beside the groups they were planted as, clouds that have none, and names over the quarters of the demo.

The shapes named `held out` were made up after the search was, and have not changed it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score
from tests.truth.names import names_row
from tests.truth.table import Table

from analysis.models.clusters.search import Grouping, grouping

CUSTOMERS = 10_000
APART = 5.0  # standard deviations between the two nearest centres
SMALLEST = 0.06  # share of the smallest group
LEAST = 0.9  # adjusted Rand index that planted groups must be found with
HELD_APART = 6.0
HELD_OUT = ("own covariances", "heavy tails", "lopsided")
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


def planted_otherwise(groups: int, shape: str, *, seed: int, customers: int = CUSTOMERS):
    """Scaled points and their true groups: one of 4 %, the others unequal, each with a covariance or tails of its own.

    Every two are at least `HELD_APART` of their own spreads apart; beside them there is noise that is no normal one.
    """
    random = np.random.default_rng(seed)
    shares = np.append(random.dirichlet(np.full(groups - 1, 4.0)) * 0.96, 0.04)
    truth = random.choice(groups, customers, p=shares)
    centres = _centres(random, groups, 4) * HELD_APART / APART
    points = np.empty((customers, 4))
    for one in range(groups):
        mine, turn = truth == one, np.linalg.qr(random.standard_normal((4, 4)))[0]
        many = int(mine.sum())
        around = {
            "own covariances": lambda many=many: random.standard_normal((many, 4)) * random.uniform(0.4, 1.2, 4),
            "heavy tails": lambda many=many: random.standard_t(5, (many, 4)) * 0.77,
            "lopsided": lambda many=many: random.gamma(4.0, 0.5, (many, 4)) - 2.0,
        }[shape]()
        points[mine] = centres[one] + around @ turn
    noise = [
        np.log1p(random.poisson(1.5, (customers, 2))), random.exponential(size=(customers, 2)),
        random.integers(0, 2, (customers, 1)), random.random((customers, 1)),
    ]  # fmt: skip
    return scaled(np.hstack([points, *noise])), truth


def clouds_otherwise(seed: int, customers: int = CUSTOMERS) -> dict[str, np.ndarray]:
    """Customers without groups, in clouds of further shapes."""
    random = np.random.default_rng(1000 + seed)
    normal = random.standard_normal((customers, 5))
    turn = np.linalg.qr(random.standard_normal((5, 5)))[0]
    wide = np.where(random.random(customers) < 0.2, 5.0, 1.0)[:, None]
    along = random.random(customers) * 4
    roll = np.column_stack([along * np.cos(along), along * np.sin(along), 3 * random.random(customers)])
    arm = random.integers(0, 3, customers)
    humps = np.column_stack([0 * normal[:, :1], np.sin(normal[:, :2] * 1.5), normal[:, :2] ** 2])
    return {
        "t with four degrees": random.standard_t(4, (customers, 6)) @ np.linalg.qr(random.standard_normal((6, 6)))[0],
        "log-normal": np.exp(0.8 * normal),
        "uniform, turned": random.random((customers, 5)) @ turn,
        "ball of even density": normal / np.linalg.norm(normal, axis=1)[:, None] * random.random((customers, 1)) ** 0.2,
        "one centre, two spreads": normal * wide,
        "one centre, three directions": normal * np.where(np.arange(5) == arm[:, None], 4.0, 1.0),
        "quarter roll": roll + 0.35 * random.standard_normal((customers, 3)),
        "bent twice": normal + 0.8 * humps,
        "zero-inflated": random.exponential(size=(customers, 5)) * (random.random((customers, 5)) > 0.4),
        "counts": np.log1p(random.negative_binomial(2, 0.3, (customers, 5))),
        "spread that grows": normal * np.exp(0.6 * normal[:, :1]),
        "triangle": random.dirichlet(np.ones(3), customers)[:, :2],
    }  # fmt: skip


def tables(quick: bool, out: Path) -> list[Table]:
    """Planted groups, clouds without groups, and names over four reports of demos; in the first two also held out."""
    seeds = range(1) if quick else range(10)
    many = range(3, 7)
    found = [found_row(groups, name, seed) for groups in many for name in SHAPES for seed in seeds]
    none = [none_row(name, points, seed) for seed in seeds for name, points in clouds(seed).items()]
    held = seeds if quick else range(5)
    further = [held_out_row(groups, name, seed) for groups in many for name in HELD_OUT for seed in held]
    nothing = [none_row(name, points, seed) for seed in held for name, points in clouds_otherwise(seed).items()]
    demos = [(1, 4000, True)] if quick else [(seed, 8000, new) for seed in range(1, 7) for new in (False, True)]
    names = [row for demo in demos for row in names_row(*demo, out)]
    return [
        Table("groups_planted", f"Planted groups, {APART:g} standard deviations apart", pd.DataFrame(found)),
        Table("groups_none", "Clouds without groups", pd.DataFrame(none)),
        Table("groups_planted_held_out", "Held out: groups of other shapes beside other noise", pd.DataFrame(further)),
        Table("groups_none_held_out", "Held out: other clouds without groups", pd.DataFrame(nothing)),
        Table("groups_names", "Names over four quarters of demos", pd.DataFrame(names)),
    ]


def held_out_row(groups: int, shape: str, seed: int) -> dict[str, object]:
    return _found(groups, shape, seed, *planted_otherwise(groups, shape, seed=5000 + 100 * groups + seed))


def found_row(groups: int, shape: str, seed: int) -> dict[str, object]:
    return _found(groups, shape, seed, *planted(groups, SHAPES[shape], seed=100 * groups + seed))


def _found(groups: int, shape: str, seed: int, points: np.ndarray, truth: np.ndarray) -> dict[str, object]:
    got = grouping(points)
    told = np.zeros(len(points)) if got.mixture is None else got.mixture.group_of(points)
    many, index = found_groups(got), float(adjusted_rand_score(truth, told))
    return {
        "planted": groups, "shape": shape, "seed": seed, "found": many, "adjusted_rand": index,
        "holds": many == groups and index >= LEAST,
    }  # fmt: skip


def none_row(name: str, points: np.ndarray, seed: int) -> dict[str, object]:
    got = grouping(scaled(points))
    many = found_groups(got)
    return {"cloud": name, "seed": seed, "found": many, "reason": got.reason, "holds": many == 0}


def found_groups(got: Grouping) -> int:
    return 0 if got.mixture is None else int(got.mixture.groups.max()) + 1
