from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from analysis.models.reasons.trees import _as_learned, _categories, _goes_left, path_shares, tree_shares

PLAYERS = np.array([0, 1, 2, 0, 3])  # the first and the fourth column belong together
CATEGORIES = [False, False, True, False, True]


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(3)
    numbers = rng.normal(size=(1_500, 5))
    numbers[:, 2], numbers[:, 4] = rng.integers(0, 6, 1_500), rng.integers(0, 40, 1_500)
    numbers[rng.random(1_500) < 0.2, 0] = np.nan
    numbers[rng.random(1_500) < 0.2, 4] = np.nan
    return numbers


@pytest.fixture(scope="module")
def trees(rows):
    effect = (rows[:, 1] > 0) * (rows[:, 2] == 2) + np.isnan(rows[:, 0]) * 0.5 + 0.3 * rows[:, 3] * (rows[:, 4] > 20)
    share = np.random.default_rng(4).poisson(np.exp(effect)).astype(float)
    learner = HistGradientBoostingRegressor(
        loss="poisson", max_iter=8, max_leaf_nodes=7, categorical_features=CATEGORIES, early_stopping=False
    )
    return learner.fit(rows, share)


def test_values_of_a_row_and_the_bases_mean_sum_to_what_the_trees_say(rows, trees):
    said = np.log(trees.predict(rows))
    got = tree_shares(trees, rows, players=PLAYERS)
    assert got.sum(axis=1) + said.mean() == pytest.approx(said, abs=1e-12)
    assert got.mean(axis=0) != pytest.approx(0)
    assert (np.abs(got).max(axis=0) > 0.05).all()


def test_another_base_moves_the_mean_only_as_far_as_it_differs(rows, trees):
    base = rows[rows[:, 1] > 0]
    got = tree_shares(trees, rows[:50], players=PLAYERS, base=base)
    said = np.log(trees.predict(rows[:50]))
    assert got.sum(axis=1) + np.log(trees.predict(base)).mean() == pytest.approx(said, abs=1e-12)


def test_values_are_those_of_all_coalitions_taken_one_by_one(rows, trees):
    asked = rows[[0, 7, 77, 777]]
    got = tree_shares(trees, asked, players=PLAYERS, base=rows)
    assert got == pytest.approx(by_coalitions(trees, asked, rows), abs=1e-12)


def test_all_columns_as_one_player_get_all_and_a_column_never_asked_gets_nothing(rows, trees):
    said = np.log(trees.predict(rows))
    whole = tree_shares(trees, rows, players=np.zeros(5, dtype=np.int64))
    assert whole[:, 0] == pytest.approx(said - said.mean(), abs=1e-12)
    apart = tree_shares(trees, rows, players=PLAYERS + 1)
    assert not apart[:, 0].any()


def test_two_players_on_a_path_share_what_they_do_together():
    # Known or not, worth is the product: (1, 1) is worth 1, of nobody known 0.5 x 0.2.
    got = path_shares(np.array([0.5, 0.2]))
    assert got[3] == pytest.approx([(0.5 * 0.2 + 0.5) / 2, (0.8 * 0.5 + 0.8) / 2])
    assert got[0] == pytest.approx([-0.5 * 0.2 / 2, -0.2 * 0.5 / 2])


def by_coalitions(trees, asked, base):
    """Shapley's formula over all coalitions of players, the expectation along paths walked node by node."""
    order = np.argsort(~_categories(trees, 5), kind="stable")
    rows, reference, who = _as_learned(trees, asked), _as_learned(trees, base), PLAYERS[order]
    many = int(PLAYERS.max()) + 1

    def worth(tree, place, row, there, known):
        node = tree.nodes[place]
        if node["is_leaf"]:
            return node["value"]
        left = _goes_left(tree, node, there)
        left_worth = lambda: worth(tree, node["left"], row, there[left], known)  # noqa: E731
        right_worth = lambda: worth(tree, node["right"], row, there[~left], known)  # noqa: E731
        if who[node["feature_idx"]] in known:
            return left_worth() if _goes_left(tree, node, row[None])[0] else right_worth()
        return left.mean() * left_worth() + (1 - left.mean()) * right_worth()

    found = np.zeros((len(rows), many))
    for i, row in enumerate(rows):
        total = {
            known: sum(worth(one[0], 0, row, reference, known) for one in trees._predictors)
            for size in range(many + 1)
            for known in combinations(range(many), size)
        }
        for player in range(many):
            for known in (one for one in total if player not in one):
                gain = total[tuple(sorted((*known, player)))] - total[known]
                found[i, player] += gain / (many * comb(many - 1, len(known)))
    return found
