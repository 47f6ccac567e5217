from __future__ import annotations

from tests.truth.jumps import FALSE, RECALL, tables


def test_jumps_of_a_small_base_are_found_with_few_false_alarms(tmp_path):
    """C29: 5,000 customers; `make truth` judges seven settings of up to 100,000."""
    [table] = tables(True, tmp_path)
    row = table.rows.iloc[0]
    assert table.holds == (row["recall"] >= RECALL and row["false"] <= FALSE)
    assert row["planted"] > 10
    assert row["recall"] > 0.75
    assert row["false"] <= 2 * FALSE
