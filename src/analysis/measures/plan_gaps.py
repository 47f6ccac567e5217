"""Neighbouring plans: what the dearer one costs more, beside how much more it is used and how its customers leave."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.interval import standard_normal_quantile
from analysis.measures.price_fit import FEWEST

Rows = nw.LazyFrame[Any]
MORE, SAME, LESS, NOT_TOLD = "uses more", "no clear difference", "uses less", "not told"
PLAN = ["product", "plan"]
COLUMNS = (
    "product", "plan", "target", "fee_gap", "fee_ratio", "size_gap", "size_unit", "use_ratio", "use_low", "use_high",
    "churn_gap", "churn_low", "churn_high", "verdict",
)  # fmt: skip


def plan_gaps(fit: Rows, *, smallest: int) -> pd.DataFrame:
    """Every plan beside the next dearer and better one that most of its customers could have.

    use ratio = exp(mean log use of the dearer plan − mean log use of the cheaper one), of customers with any use
    churn gap = share of the dearer plan's customers who left by choice within three months − that of the cheaper one's

    Fees and use are those of the last day, leaving that of the quarters before it, by the plan held at their beginning.
    Intervals are those of a difference of means, and of two shares. Plans whose use fewer than 30 customers tell, or of
    which fewer than `smallest` left or stayed, are not told.

    Returns
    -------
    Table, one row per pair, by product and fee: `product`, `plan`, `target`, `fee_gap` (mean fee, money a month),
    `fee_ratio`, `size_gap` and `size_unit` ("Mbit/s" or "GB"), `use_ratio`, `use_low`, `use_high`, `churn_gap`,
    `churn_low`, `churn_high` (shares of customers a quarter), `verdict`.

    References
    ----------
    Welch (1947) for the difference of means, by the normal distribution; Wald's interval for that of two shares.
    """
    plans, pairs = _plans(fit), _pairs(fit)
    known = plans[(plans["users"] >= FEWEST)].set_index(PLAN)
    rows = [
        _gap(known.loc[product, plan], known.loc[product, target], (product, plan, target), smallest)
        for product, plan, target in pairs.itertuples(index=False)
        if (product, plan) in known.index and (product, target) in known.index
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _plans(fit: Rows) -> pd.DataFrame:
    """Sums by plan: of the last day's customers, and of who left in the quarters before."""
    last = to_pandas(fit.select(day=nw.col("landmark").max()))["day"].iloc[0]
    if pd.isna(last):
        return pd.DataFrame(columns=[*PLAN, "users"])
    now = fit.filter(nw.col("landmark") == last.date())
    log = nw.when(nw.col("use") > 0).then(nw.col("use")).log().round(9)
    exact = nw.Decimal(38, 9)
    sized = now.with_columns(log=log).group_by(PLAN).agg(
        fee=nw.col("fee").cast(nw.Decimal(38, 4)).mean(), bandwidth=nw.col("bandwidth_mbps").max(),
        cap=nw.col("data_cap_gb").max(), users=nw.col("log").count(),
        log=nw.col("log").cast(exact).sum(), squares=(nw.col("log") ** 2).round(9).cast(exact).sum(),
    )  # fmt: skip
    before = fit.group_by(PLAN).agg(known=nw.col("chose").count(), chose=nw.col("chose").sum())
    joined = to_pandas(sized.join(before, on=PLAN, how="left").sort("product", "plan"))
    mean = joined["log"] / joined["users"].where(joined["users"] > 1)
    spread = (joined["squares"] - joined["users"] * mean**2).clip(lower=0) / (joined["users"] - 1)
    return joined.assign(mean=mean, error=np.sqrt(spread / joined["users"]))


def _pairs(fit: Rows) -> pd.DataFrame:
    """For each plan the bigger one that most of its customers could have, in order of product and fee."""
    counted = to_pandas(
        fit.filter(~nw.col("up").is_null()).group_by(*PLAN, "up").agg(
            customers=nw.len(), fee=nw.col("fee").cast(nw.Decimal(38, 4)).mean()
        )
    )  # fmt: skip
    most = counted.sort_values(["customers", "up"], ascending=[False, True]).drop_duplicates(PLAN)
    return most.sort_values(["product", "fee", "plan"])[[*PLAN, "up"]].reset_index(drop=True)


def _gap(plan: pd.Series, target: pd.Series, names: tuple[str, str, str], smallest: int) -> dict[str, Any]:
    z = standard_normal_quantile(0.95)
    log, reach = target["mean"] - plan["mean"], z * np.hypot(plan["error"], target["error"])
    faster = pd.notna(plan["bandwidth"]) and target["bandwidth"] > plan["bandwidth"]
    size = "bandwidth" if faster else "cap"
    row: dict[str, Any] = dict(zip(COLUMNS, names, strict=False)) | {
        "fee_gap": target["fee"] - plan["fee"],
        "fee_ratio": target["fee"] / plan["fee"] if plan["fee"] > 0 else np.nan,
        "size_gap": target[size] - plan[size],
        "size_unit": "Mbit/s" if faster else "GB",
        "use_ratio": np.exp(log),
        "use_low": np.exp(log - reach),
        "use_high": np.exp(log + reach),
    }
    return row | _churn_gap(plan, target, smallest) | {"verdict": _verdict(row)}


def _churn_gap(plan: pd.Series, target: pd.Series, smallest: int) -> dict[str, float]:
    sides = [(float(one["chose"]), float(one["known"])) for one in (plan, target)]
    told = all(min(left, known - left) >= smallest for left, known in sides)
    if not told:
        return dict.fromkeys(("churn_gap", "churn_low", "churn_high"), float("nan"))
    (left, known), (other_left, other) = sides
    p, q = left / known, other_left / other
    reach = standard_normal_quantile(0.95) * np.sqrt(p * (1 - p) / known + q * (1 - q) / other)
    return {"churn_gap": q - p, "churn_low": q - p - reach, "churn_high": q - p + reach}


def _verdict(row: dict[str, Any]) -> str:
    if not np.isfinite(row["use_low"]):
        return NOT_TOLD
    return MORE if row["use_low"] > 1 else LESS if row["use_high"] < 1 else SAME
