"""How much of the revenue hangs on few: Herfindahl's index, and the share of the largest."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.measures.interval import standard_normal_quantile

Rows = nw.LazyFrame[Any]

EXACT = nw.Decimal(38, 4)  # a sum of floats would differ in its last bit from run to run
TOLERANCE = 0.15  # of the largest amount: who could tell it more exactly from what is shown is told too much
COLUMNS = [
    "period", "classes", "hhi", "hhi_low", "hhi_high", "hhi_error", "largest", "customers", "others", "share",
    "share_low", "share_high", "dominated",
]  # fmt: skip


def concentration(rows: Rows, *, engine: Engine) -> pd.DataFrame:
    """Herfindahl's index over classes, and the share of the largest class, period by period.

    HHI = sum over classes of (share of revenue)²

    1 where one class brings everything, 1 / n where n bring the same; 1 / HHI is the number of equal classes that
    would be as uneven. Intervals are those of sums over customers, linearised; that of the index on the scale of logs.

    Parameters
    ----------
    rows : table, one row or more per period, customer and class: `period`, `customer_id`, `class`, `amount` (money).

    Returns
    -------
    Table, one row per period with revenue, in order of time: `period`, `classes` (with revenue), `hhi`, `hhi_low`,
    `hhi_high` (95 %), `hhi_error`, `largest` (class), `customers` (in it), `others` (in all other classes), `share` (of
    the largest), `share_low`, `share_high` (95 %), `dominated` (its revenue would tell what a single customer brings).

    References
    ----------
    Hirschman (1945), Herfindahl (1950); Cochran (1977) for sums over customers.
    """
    known = rows.filter(~nw.col("class").is_null() & ~nw.col("amount").is_null())
    sums = known.group_by("period", "customer_id", "class").agg(amount=nw.col("amount").cast(EXACT).sum().cast(EXACT))
    each = engine.table(sums)
    classes = to_pandas(each.group_by("period", "class").agg(revenue=nw.col("amount").sum(), customers=nw.len()))
    classes = classes.astype({"revenue": "float64"})
    classes = classes[classes["revenue"] > 0].sort_values(["period", "revenue", "class"], ascending=[True, False, True])
    found = pd.DataFrame([_of(period, part) for period, part in classes.groupby("period", sort=True)])
    if found.empty:
        return pd.DataFrame(columns=COLUMNS)
    table = _with_intervals(found, _spread(each, classes, found, engine))
    return table.assign(dominated=_dominated(each, found, engine))[COLUMNS]


def _dominated(each: Rows, found: pd.DataFrame, engine: Engine) -> list[bool]:
    """By period, whether the largest class's revenue would tell what its largest customer brings: `tells_the_first`."""
    tops = engine.table(found[["period", "largest"]].rename(columns={"largest": "class"}))
    inside = each.join(tops, on=["period", "class"], how="inner")
    first = inside.group_by("period").agg(first=nw.col("amount").max(), whole=nw.col("amount").sum())
    beside = inside.join(first, on="period", how="inner")
    least = nw.col("amount") < nw.col("first")
    sums = {
        "second": nw.when(least).then(nw.col("amount")).max(),
        "ties": (~least).cast(nw.Int64).sum(),
        "first": nw.col("first").max(),
        "whole": nw.col("whole").max(),
    }
    rows = to_pandas(beside.group_by("period").agg(**sums)).set_index("period").astype("float64").fillna(0.0)
    told = rows.loc[found["period"]]
    second = told["second"].where(told["ties"] < 2, told["first"])
    return list(told["whole"] - told["first"] - second < TOLERANCE * told["first"])


def _of(period: Any, part: pd.DataFrame) -> dict[str, Any]:
    whole = part["revenue"].sum()
    shares = part["revenue"] / whole
    return {
        "period": period, "classes": len(part), "revenue": whole, "hhi": float((shares**2).sum()),
        "largest": part["class"].iloc[0], "share": float(shares.iloc[0]), "customers": int(part["customers"].iloc[0]),
        "others": int(part["customers"].iloc[1:].sum()),
    }  # fmt: skip


def _spread(each: Rows, classes: pd.DataFrame, found: pd.DataFrame, engine: Engine) -> pd.DataFrame:
    """By period, the sums over customers of the squares of what each adds to the index, and to the largest share."""
    beside = classes.merge(found[["period", "revenue", "largest"]], on="period", suffixes=("", "_all"))
    weights = pd.DataFrame(
        {
            "period": beside["period"], "class": beside["class"], "weight": beside["revenue"] / beside["revenue_all"],
            "top": (beside["class"] == beside["largest"]).astype("float64"),
        }
    )  # fmt: skip
    joined = each.join(engine.table(weights), on=["period", "class"], how="inner")
    amount = nw.col("amount").cast(nw.Float64)
    parts = {"a": (amount * nw.col("weight")).sum(), "t": (amount * nw.col("top")).sum(), "x": amount.sum()}
    own = joined.group_by("period", "customer_id").agg(**parts)
    own = own.join(engine.table(found[["period", "hhi", "share"]]), on="period", how="inner")
    index, share = nw.col("a") - nw.col("hhi") * nw.col("x"), nw.col("t") - nw.col("share") * nw.col("x")
    squares = {"index": index * index, "part": share * share}
    exact = {name: one.round(4).cast(EXACT) for name, one in squares.items()}
    sums = (
        own.with_columns(**exact)
        .group_by("period")
        .agg(index=nw.col("index").sum(), part=nw.col("part").sum(), n=nw.len())
    )
    return to_pandas(sums).astype({"index": "float64", "part": "float64", "n": "float64"})


def _with_intervals(found: pd.DataFrame, spread: pd.DataFrame) -> pd.DataFrame:
    table = found.merge(spread, on="period", how="left")
    several = (table["n"] / (table["n"] - 1).where(table["n"] > 1)) ** 0.5
    error = 2 * several * table["index"] ** 0.5 / table["revenue"]
    low, high = index_interval(table["hhi"], error)
    reach = standard_normal_quantile(0.95) * several * table["part"] ** 0.5 / table["revenue"]
    ends = {"share_low": (table["share"] - reach).clip(lower=0), "share_high": (table["share"] + reach).clip(upper=1)}
    return table.assign(hhi_low=low, hhi_high=high, hhi_error=error, **ends)


def index_interval(hhi: pd.Series, error: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The 95 % interval of an index on the scale of logs: it cannot fall below nothing, nor rise above one."""
    reach = np.exp(standard_normal_quantile(0.95) * error / hhi)
    return hhi / reach, (hhi * reach).clip(upper=1)


def publishable(table: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The periods of which something may be told: two classes or more, none of few customers or that one dominates."""
    several = (table["classes"] > 1) & ~table["dominated"].astype(bool)
    return table[several & (table[["customers", "others"]].min(axis=1) >= smallest)]


def clearly_changed(table: pd.DataFrame, *, back: int) -> tuple[float, float, bool] | None:
    """The index then and now, and whether the difference is beyond chance; None with too few periods.

    The two are taken as if they rested on different customers, which hides a change sooner than it invents one.
    """
    if len(table) <= back:
        return None
    now, then = table.iloc[-1], table.iloc[-1 - back]
    apart = standard_normal_quantile(0.95) * float(np.hypot(now["hhi_error"], then["hhi_error"]))
    return float(then["hhi"]), float(now["hhi"]), bool(abs(now["hhi"] - then["hhi"]) > apart)
