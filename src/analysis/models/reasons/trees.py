"""What each covariate adds to the prediction of boosted trees: exact Shapley values, for all rows at once.

A leaf's value counts for a row as far as the row takes the path to it. Of a covariate that is not known, a split sends
the row both ways, as many parts to a side as rows of a base went there. So a path is a game of the few covariates that
it asks: each brings 1 or 0 when it is known (the row passes all its splits, or not), and the base's share when not.
With the answers of all players as bits of a number, a row's values are looked up in a table of 2^players rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingRegressor

from analysis.models.counts import Floats, Integers, Truths

WORD = 32  # bits in which scikit-learn notes the categories that go left


class Passed(NamedTuple):
    """Which rows pass all splits that a player has on a path, and the share of the base that does."""

    rows: Truths
    share: float


class Leaf(NamedTuple):
    """A leaf's value and, by player, who passes that player's splits on the way to it."""

    value: float
    passed: dict[int, Passed]


def tree_shares(
    trees: HistGradientBoostingRegressor, numbers: Floats, *, players: Integers, base: Floats | None = None
) -> Floats:
    """What each player adds to the sum of the trees (the log of what they predict), against the mean of a base.

    sum over coalitions S without p of |S|! (k - |S| - 1)! / k! · (f(S with p) - f(S))

    A row's values and the base's mean sum to what the trees say of it.

    Parameters
    ----------
    numbers : array, one row per row and a column per column that the trees learned from.
    players : the player, from 0, that each column belongs to.
    base : rows to whose mean `numbers` are compared; `numbers` themselves where none is given.

    Returns
    -------
    Array, one row per row and a column per player.

    References
    ----------
    Lundberg et al. (2020) for the expectation along paths; Shapley (1953).
    """
    order = np.argsort(~_categories(trees, len(players)), kind="stable")
    rows = _as_learned(trees, numbers)
    reference = rows if base is None else _as_learned(trees, base)
    found = np.zeros((len(rows), int(players.max()) + 1))
    for tree in trees._predictors:
        for leaf in _leaves(tree[0], rows, reference, players[order]):
            names = list(leaf.passed)
            if names:
                passed = [leaf.passed[name] for name in names]
                pattern = sum(one.rows.astype(np.int64) << place for place, one in enumerate(passed))
                table = leaf.value * path_shares(np.array([one.share for one in passed]))
                found[:, names] += table[pattern]
    return found


def path_shares(shares: Floats) -> Floats:
    """Shapley values of the game whose worth is the product of 1 or 0 over the players known and `shares` over others.

    Returns
    -------
    Array, one row per pattern of answers (bit p of its number is that of player p) and a column per player.
    """
    many = len(shares)
    bits = (np.arange(2**many)[:, None] >> np.arange(many)) & 1
    weight = np.array([1 / (many * comb(many - 1, size)) for size in range(many)])
    found = np.empty((2**many, many))
    for player in range(many):
        # Coalitions of the others by size: the sum of their worths.
        worth = np.zeros((2**many, many))
        worth[:, 0] = 1.0
        for other in (one for one in range(many) if one != player):
            joined = np.hstack([np.zeros((2**many, 1)), worth[:, :-1]]) * bits[:, [other]]
            worth = worth * shares[other] + joined
        found[:, player] = (worth @ weight) * (bits[:, player] - shares[player])
    return found


def _leaves(tree: Any, rows: Floats, base: Floats, players: Integers) -> Iterator[Leaf]:
    """Every leaf of a tree with the path to it."""
    nodes = tree.nodes
    waiting: list[tuple[int, dict[int, Passed], Truths]] = [(0, {}, np.ones(len(base), dtype=bool))]
    while waiting:
        place, passed, there = waiting.pop()
        node = nodes[place]
        if node["is_leaf"]:
            yield Leaf(float(node["value"]), passed)
            continue
        player = int(players[node["feature_idx"]])
        goes, base_goes = _goes_left(tree, node, rows), _goes_left(tree, node, base)
        before = passed.get(player, Passed(np.ones(len(rows), dtype=bool), 1.0))
        for child, side, base_side in ((node["left"], goes, base_goes), (node["right"], ~goes, ~base_goes)):
            inside = there & base_side
            share = inside.sum() / there.sum() if there.any() else 0.5  # a branch that nobody of the base reaches
            after = Passed(before.rows & side, before.share * float(share))
            waiting.append((int(child), {**passed, player: after}, inside))


def _goes_left(tree: Any, node: Any, rows: Floats) -> Truths:
    """Which rows a split sends left."""
    values = rows[:, node["feature_idx"]]
    missing = np.isnan(values)
    if not node["is_categorical"]:
        return np.where(missing, bool(node["missing_go_to_left"]), values <= node["num_threshold"])
    place = np.where(missing, 0, values).astype(np.int64)
    noted = tree.raw_left_cat_bitsets[node["bitset_idx"]][place // WORD] >> (place % WORD).astype(np.uint32) & 1
    return np.where(missing, bool(node["missing_go_to_left"]), noted == 1)


def _as_learned(trees: HistGradientBoostingRegressor, numbers: Floats) -> Floats:
    """The columns as the trees hold them: categories first, numbered anew."""
    return np.asarray(trees._preprocess_X(numbers, reset=False), dtype=np.float64)


def _categories(trees: HistGradientBoostingRegressor, columns: int) -> npt.NDArray[np.bool_]:
    asked = trees.categorical_features
    return np.zeros(columns, dtype=bool) if asked is None else np.asarray(asked, dtype=bool)
