from __future__ import annotations

import pandas as pd
from tests.truth.drivers import PLANTED, Size, covered, made


def test_the_effects_of_a_small_provider_are_told_beside_the_truth(tmp_path):
    (table,) = made(Size(1, 1_200, 1, 0.0), tmp_path)
    rows = table.rows
    assert list(rows["driver"]) == [*PLANTED, *PLANTED]
    assert (rows["answers"] > 300).all()
    assert (rows.loc[rows["driver"] != "speed_share", "true"] < 0).all()
    assert (rows.loc[rows["driver"] == "speed_share", "true"] > 0).all()
    assert rows["width"].between(0.02, 3).all()


def test_an_effect_outside_its_interval_or_not_told_lowers_the_coverage():
    found = pd.DataFrame(
        {
            "score": "nps_score", "driver": "net_fee", "seed": range(4), "answers": 100, "true": -0.2,
            "effect": [-0.2, -0.3, None, -0.5], "low": [-0.3, -0.4, None, -0.6], "high": [-0.1, -0.1, None, -0.4],
        }
    )  # fmt: skip
    table = covered(found, Size(4, 100, 1, 0.88))
    assert table.rows["coverage"].tolist() == [0.5]
    assert not table.holds
