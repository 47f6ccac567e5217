"""Whether the extracts say of anybody that he or she left."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.data_quality import nobody_left


@pytest.mark.parametrize(
    ("status", "ended", "churned", "nobody"),
    [("active", 0, 0, True), ("churned", 0, 0, False), ("active", 1, 0, False), ("active", 0, 1, False)],
)
def test_nobody_left_where_no_date_and_no_status_says_so(engine, status: str, ended: int, churned: int, nobody: bool):
    columns = pd.DataFrame(
        [("customers", "region", 2), ("customers", "churn_date", churned), ("subscriptions", "end_date", ended)],
        columns=["table", "column", "given"],
    )
    customers = engine.table(pd.DataFrame({"customer_id": ["A", "B"], "status": ["active", status]}))
    assert nobody_left(columns, customers) is nobody
    assert nobody_left(columns, None) is (not ended and not churned)
