"""A large base to value: fees, discounts, survival and what could be sold, as chance has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

MONTHS, CELLS, STEPS = 36, 500, 20
FIGURES = {"gross_margin": 0.6, "realisation": 0.98, "drift": 1.02, "contact_cost": 1.0, "service_cost": 1.5}


def made(customers: int) -> tuple[Any, pd.DataFrame, Any]:
    """The margin, survival ahead and further sales of so many customers."""
    from analysis.measures.margin import Margin
    from analysis.models.growth import Growth

    random = np.random.default_rng(1)
    ids = np.array([f"C{number:08d}" for number in range(customers)], dtype=object)
    fee = random.gamma(9, 5, customers)
    held = pd.DataFrame({"customer_id": ids, "fee": fee, "fee_margin": fee * 0.6, "received_value": fee * 20})
    some = np.sort(random.choice(customers, customers // 3, replace=False))
    off = random.uniform(2, 10, len(some))
    discounts = pd.DataFrame(
        {"customer_id": ids[some], "months": random.uniform(0, 24, len(some)), "discount": off, "discount_margin": off}
    )
    rows = [(item, value, np.nan, np.nan, "params", "") for item, value in FIGURES.items()]
    figures = pd.DataFrame(rows, columns=["item", "value", "low", "high", "basis", "remark"])
    hazard = random.gamma(2, 0.008, customers)[:, None] * np.arange(1, MONTHS + 1)
    survival = pd.DataFrame(np.exp(-hazard), columns=[f"survival_{month:02d}" for month in range(1, MONTHS + 1)])
    ahead = pd.concat([pd.DataFrame({"customer_id": ids, "seen_months": 36.0}), survival], axis=1)
    taking = np.sort(random.choice(customers, customers // 2, replace=False))
    steps = pd.DataFrame({"customer_id": ids[taking], "place": random.integers(0, STEPS, len(taking)), "gain": 5.0})
    growth = Growth(
        pd.Series(random.integers(0, CELLS, customers), index=pd.Index(ids)),
        np.cumsum(random.uniform(0, 0.02, (1, CELLS, MONTHS)), axis=2),
        steps,
        np.cumsum(random.uniform(0, 0.003, (1, STEPS, MONTHS)), axis=2),
    )
    return Margin(held, discounts, figures, 36.0), ahead, growth
