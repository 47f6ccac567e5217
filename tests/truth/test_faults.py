from __future__ import annotations

import pandas as pd
from tests.truth.faults import held, tables


def test_faults_planted_in_a_few_runs_are_found_and_quiet_months_are_quiet(tmp_path):
    """C27: twenty runs of two settings; `make truth` judges two hundred of seven, and demo providers."""
    [table] = tables(True, tmp_path)
    assert table.rows["setting"].tolist() == ["usual", "calm desk"]
    assert table.holds, table.text()


def test_too_few_found_or_too_loud_does_not_hold():
    rows = pd.DataFrame({"found": [0.95, 0.89, 0.95], "quiet": [0.08, 0.02, 0.09]})
    assert held(rows, 200)["holds"].tolist() == [True, False, False]
