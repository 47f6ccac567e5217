from __future__ import annotations

import pandas as pd
from tests.truth.affinity import QUICK, judged, made


def test_offers_on_a_small_provider_beat_popularity(tmp_path):
    """C16: a provider of 8,000 accounts; `make truth` judges ten of 20,000."""
    [table] = made(QUICK, tmp_path)
    assert table.rows["quarter"].tolist() == ["last", "next"]
    assert table.holds, table.text()


def test_a_difference_that_chance_explains_does_not_hold():
    rows = pd.DataFrame(
        {"adders": [300, 300, 50, 50], "difference": [0.1, 0.1, 0.1, -0.1], "low": [0.05, -0.01, -0.1, -0.3]}
    )
    assert judged(rows, fewest=200)["holds"].tolist() == [True, False, True, False]
