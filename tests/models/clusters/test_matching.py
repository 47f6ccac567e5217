from __future__ import annotations

import numpy as np
import pytest

from analysis.models.clusters.matching import met_again, surviving_names
from analysis.models.clusters.model import GroupModel
from analysis.models.clusters.scaling import Scaling


def model(*means: tuple[float, float], names: tuple[str, ...] = (), variables=("gb", "evening")) -> GroupModel:
    scaling = Scaling(variables, ("amount", "share"), ({"": 0.0},) * 2, (0.0, 0.0), (1.0, 1.0), "z_score")
    parts = tuple(range(len(means)))
    spreads = ((0.25, 0.0), (0.0, 0.25)) * len(means)
    shares = (1 / len(means),) * len(means)
    return GroupModel("2026-Q3", scaling, shares, means, spreads, parts, True, means, (0.5, 0.5), names)


BEFORE = model((0.0, 0.0), (4.0, 0.0), names=("light", "heavy"))


def test_groups_are_paired_at_the_least_cost_and_drift_is_in_spreads():
    got = met_again(model((4.2, 0.0), (0.0, 0.3)), BEFORE)
    assert got[["group", "former", "status"]].values.tolist() == [[0, 1, "kept"], [1, 0, "kept"]]
    # 0.2 ÷ 0.5 in one of two variables: √(0.4² ÷ 2)
    assert got["drift"].tolist() == pytest.approx([0.2828, 0.4243], abs=1e-4)


def test_a_group_too_far_from_every_former_one_is_new_and_the_former_one_is_gone():
    got = met_again(model((0.0, 0.0), (0.0, 3.0)), BEFORE)
    assert got["status"].tolist() == ["kept", "new", "gone"]
    assert got["former"].tolist()[2] == 1


def test_a_new_group_does_not_take_the_name_of_a_former_one():
    pairs = met_again(model((0.0, 0.0), (0.0, 3.0)), BEFORE)
    got = surviving_names(pairs, BEFORE, fresh=lambda taken: [f"fresh, not {' or '.join(taken)}"] * 2)
    assert got == ["light", "fresh, not light or heavy"]


def test_models_without_a_variable_in_common_have_no_group_in_common():
    got = met_again(model((0.0, 0.0), (4.0, 0.0), variables=("x", "y")), BEFORE)
    assert got["status"].tolist() == ["new", "new", "gone", "gone"]


def test_groups_that_share_most_of_their_customers_are_one_wherever_they_went():
    moved = model((0.0, 0.0), (0.0, 3.0))
    shared = np.array([[0.9, 0.0], [0.0, 0.6]])
    assert met_again(moved, BEFORE, shared)["status"].tolist() == ["kept", "kept"]
    assert met_again(moved, BEFORE, shared * 0.5)["status"].tolist() == ["kept", "new", "gone"]
