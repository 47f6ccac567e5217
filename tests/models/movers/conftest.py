from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

EVE = pd.Timestamp("2023-12-31")


@pytest.fixture
def customers() -> Callable[..., pd.DataFrame]:
    """Customers seen for four quarters, in rows by quarter, who leave by their monthly hazards.

    Half complained, a third is unbound. `log_hazard(people, tenure)` adds to the log of the hazard of leaving by
    choice at a tenure in months; one in five of those who leave moves house instead, whatever they are like.
    """

    def made(log_hazard=lambda people, tenure: 0 * tenure, *, count=3000, base=0.03, seed=1, **more) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        people = pd.DataFrame(
            {
                "customer_id": [f"c{i:05d}" for i in range(count)], "joined": random.integers(0, 36, count) * 1.0,
                "complaints_3m": (random.random(count) < 0.5) * 1.0,
                "contract_bound": (random.random(count) < 2 / 3) * 1.0, "contract_months_left": 9.0,
                "customer_type": np.where(random.random(count) < 0.2, "business", "household"),
                "left_kind": np.where(random.random(count) < 0.2, "moved", "voluntary"), "products": 1.0, **more,
            }
        )  # fmt: skip
        rows, there = [], np.ones(count, dtype=bool)
        for month in range(12):
            tenure = people["joined"] + month
            chosen = base * np.exp(log_hazard(people, tenure)) * (people["left_kind"] == "voluntary")
            hazard = chosen + base * (people["left_kind"] == "moved")
            gone = random.exponential(size=count) / hazard
            leaves = there & (gone < 1).to_numpy()
            own = people.assign(
                start=tenure, stop=tenure + np.where(leaves, np.ceil(gone.clip(upper=1) * 30) / 30, 1.0),
                event=leaves * 1, landmark=EVE + pd.offsets.MonthEnd(month // 3 * 3), at_quarter_end=1,
            )  # fmt: skip
            rows.append(own[there].drop(columns="joined"))
            there &= ~leaves
        return pd.concat(rows).sort_values(["customer_id", "start"], ignore_index=True)

    return made
