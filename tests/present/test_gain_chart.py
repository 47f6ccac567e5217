from __future__ import annotations

import pandas as pd

from analysis.present.charts.gain import gain

WORDS = {"finding": "A finding", "subtitle": "Points", "source": "Source: here.", "alt": "A curve.", "along": "share"}
COLUMNS = {"low": "low", "high": "high", "lot": "lot"}


def test_a_curve_is_drawn_beside_the_lot_and_the_same_rows_give_the_same_bytes():
    rows = pd.DataFrame({"share": [0, 0.5, 1], "gain": [0, 0.8, 1], "low": [0, 0.2, 0.4], "high": [0, 1.2, 1.6]})
    rows = rows.assign(lot=[0, 0.5, 1])
    one, two = (gain(rows, "share", "gain", **COLUMNS, **WORDS) for _ in range(2))
    assert one.svg and one.svg == two.svg
    assert one.svg != gain(rows.assign(lot=0.0), "share", "gain", **COLUMNS, **WORDS).svg


def test_without_points_the_finding_stands_alone():
    assert not gain(
        pd.DataFrame(columns=["share", "gain", "low", "high", "lot"]), "share", "gain", **COLUMNS, **WORDS
    ).svg
