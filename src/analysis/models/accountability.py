"""The last quarter's forecast called to account: which forecast, of whom, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures.class_rules import SUFFIX
from analysis.measures.interval import share_interval
from analysis.models.forecast import GRID, QUARTER
from analysis.models.held_against import Held

FORETOLD = ["customer_id", "churn_1m", "churn_3m", "voluntary_3m"]
AGEING = ["landmark", "customers", "expected", "left", "ratio", "low", "high"]
KEPT = ["quarter", "basis", "ratio", "low", "high"]
STORED, REFITTED = "stored", "refitted"
MATCHED = 0.9  # share of a stored forecast's customers who must be met again: else it spoke of others


@dataclass(frozen=True, eq=False)
class Account:
    """A forecast of the last quarter and what came of it, one row of `rows` per customer.

    `basis` says whether it is the one that the report of the quarter before printed (stored) or what the model of
    today, learned anew from what was known then, would have said (refitted). `rows` has the columns of `FORETOLD`,
    `left` and `chose` (1 or 0, within the quarter), `time` (months until then) and the classes at the quarter's start.
    They are those of the `scored` customers who were met again.
    """

    basis: str
    rows: pd.DataFrame
    scored: int

    @property
    def left(self) -> float:
        """Customers who left in the quarter."""
        return float(self.rows["left"].sum())


def foretold_by(held: Held | None) -> pd.DataFrame:
    """What a forecast said of each customer, as `churn_scores` says it: columns of `FORETOLD`."""
    if held is None:
        return pd.DataFrame(columns=FORETOLD)
    one, three = GRID.index(1), GRID.index(QUARTER)
    said = [held.rows["customer_id"].to_numpy(), held.risk[:, one], held.risk[:, three], held.by_choice[:, three]]
    return pd.DataFrame(dict(zip(FORETOLD, said, strict=True)))


def accounted(came: pd.DataFrame, *, stored: pd.DataFrame | None, refitted: pd.DataFrame) -> Account:
    """The forecast that is called to account: the printed one where there is one of these customers, else today's.

    Parameters
    ----------
    came : table of `forecast.came_of` at the last quarter's start.
    stored : `churn_scores` of the report of the quarter before.
    refitted : `Prediction.foretold`.
    """
    for basis, said in ((STORED, stored), (REFITTED, refitted)):
        if said is not None and len(said):
            rows = said[FORETOLD].merge(_outcome(came), on="customer_id", how="inner", validate="one_to_one")
            if basis == REFITTED or len(rows) >= MATCHED * len(said):
                return Account(basis, rows.sort_values("customer_id", ignore_index=True), len(said))
    return Account(REFITTED, pd.DataFrame(columns=[*FORETOLD, *_outcome(came).columns[1:]]), 0)


def _outcome(came: pd.DataFrame) -> pd.DataFrame:
    """What came of each customer within the quarter."""
    ahead = came["ahead"].to_numpy("float64")
    gone = (came["leaves"].to_numpy() == 1) & (ahead <= QUARTER)
    made = {
        "customer_id": came["customer_id"].to_numpy(dtype=object),
        "left": gone.astype(np.int64),
        "chose": (gone & (came["chose"].to_numpy() == 1)).astype(np.int64),
        "time": np.minimum(ahead, QUARTER),
    }
    classes = {name: came[name].to_numpy(dtype=object) for name in came.columns if name.endswith(SUFFIX)}
    return pd.DataFrame(made | classes)


def compared(rows: pd.DataFrame, said: str, came: str) -> dict[str, Any]:
    """Expected and real leavers among rows; the interval is Wilson's of the share who left, over the share expected."""
    customers, expected, left = len(rows), float(np.sort(rows[said].to_numpy("float64")).sum()), int(rows[came].sum())
    low, high = share_interval(left, customers)
    least = max(expected, np.finfo(float).tiny)
    ratio = {"ratio": left / least, "low": low * customers / least, "high": high * customers / least}
    return {"customers": customers, "expected": expected, "left": left} | ratio


def ageing(held: Sequence[Held]) -> pd.DataFrame:
    """One model at quarter after quarter since it learned: as many left as it foretold, or has it aged?

    Returns
    -------
    Table, one row per quarter end: `landmark`, `customers`, `expected`, `left`, `ratio`, `low`, `high` (Wilson's 95 %).
    """
    found = []
    for one in held:
        said = one.risk[:, GRID.index(QUARTER)]
        gone = (one.rows["leaves"].to_numpy() == 1) & (one.rows["ahead"].to_numpy() <= QUARTER)
        rows = pd.DataFrame({"said": said, "left": gone.astype(np.int64)})
        found.append({"landmark": one.rows["landmark"].iloc[0]} | compared(rows, "said", "left"))
    return pd.DataFrame(found, columns=AGEING)


def history(account: Account, totals: pd.DataFrame, *, period: str, before: pd.DataFrame | None) -> pd.DataFrame:
    """The account of this report after those of the reports before it, as kept in the stage table `accountability`.

    Returns
    -------
    Table, one row per quarter: `quarter`, `basis`, `ratio`, `low`, `high`; none for a quarter without an account.
    """
    row = totals[totals["group"] == "all"].assign(quarter=period, basis=account.basis)[KEPT]
    parts = [row] if before is None else [before.loc[before["quarter"] != period, KEPT], row]
    return pd.concat([part for part in parts if len(part)] or [row]).sort_values("quarter", ignore_index=True)
