"""Value against behaviour: groups by behaviour and value tiers together, and where value is at risk."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas
from analysis.frames.fees import EXACT
from analysis.measures.arpu import billed_months
from analysis.measures.disclosure import masked
from analysis.measures.nps import net_promoter_score
from analysis.measures.value_shares import estimated, group_sums
from analysis.measures.value_tiers import TIERS

Floats = npt.NDArray[np.float64]
Rows = nw.LazyFrame[Any]

OUTSIDE = "in no group"
YEAR = 12  # months that an answer counts
CELL = ["group", "tier"]
FIGURES = (
    "customer_share", "churn", "churn_low", "churn_high", "at_risk", "at_risk_low", "at_risk_high", "revenue_share",
)  # fmt: skip


def grouped(customers: pd.DataFrame, members: pd.DataFrame | None) -> pd.DataFrame:
    """The customers who have a value tier, with their `group` by behaviour; none where no groups were found.

    Parameters
    ----------
    customers : table, one row per active customer: `customer_id`, `value_tier`.
    members : stage table `clusters`: `customer_id`, `cluster` (its name; missing for who is in none); None without.

    Returns
    -------
    Table, one row per customer in the order given: `place` (the row in `customers`), `customer_id`, `group`, `tier`.
    """
    rows = customers[["customer_id"]].assign(place=range(len(customers)), tier=customers["value_tier"])
    if members is None or members["cluster"].isna().all():
        return rows.iloc[:0].assign(group=pd.Series(dtype=object))
    known = rows[rows["tier"].isin(TIERS)]
    joined = known.merge(members, on="customer_id", how="left", validate="one_to_one")
    return joined.assign(group=joined["cluster"].fillna(OUTSIDE)).drop(columns="cluster")


def customer_revenue(months: Rows, quarter: Quarter) -> pd.DataFrame:
    """What each customer was billed for the quarter.

    Parameters
    ----------
    months : table of `frames.months.months`.

    Returns
    -------
    Table, one row per customer with a bill, by id: `customer_id`, `revenue`; empty where a month of the quarter is not
    billed.
    """
    inside = months.filter((nw.col("month") >= quarter.first_day) & (nw.col("month") <= quarter.last_day))
    told = inside.filter(~nw.col("revenue").is_null() & (nw.lit(set(quarter.months) <= billed_months(months))))
    sums = told.group_by("customer_id").agg(revenue=nw.col("revenue").cast(EXACT).sum())
    return to_pandas(sums.sort("customer_id")).astype({"revenue": "float64"})


def value_matrix(
    rows: pd.DataFrame, *, worth: Floats, leaving: Floats, revenue: pd.DataFrame, smallest: int
) -> pd.DataFrame:
    """Each group and tier: how many customers, what they bring, and how much of their value may leave.

    Parameters
    ----------
    rows : table of `grouped`.
    worth, leaving : expected value, and chance of leaving within three months, of all active customers: the estimate
        in the first row, a draw in each further one.
    revenue : table of `customer_revenue`.

    Returns
    -------
    Table, one row per cell with customers, the largest group first and the highest tier first: `group`, `tier`,
    `customers`, `customer_share`, `revenue_share`, `churn` (mean chance of leaving), `at_risk` (share of the value that
    is expected to be lost: the sum of value × chance of leaving), `churn` and `at_risk` with `_low` and `_high` (95 %,
    from the draws), `masked`.
    """
    cells = rows.groupby(CELL, as_index=False).agg(customers=("place", "size"))
    sizes = cells.groupby("group")["customers"].transform("sum").where(cells["group"] != OUTSIDE, -1)
    order = cells.assign(size=-sizes, rank=cells["tier"].map(TIERS.index)).sort_values(["size", "group", "rank"])
    cells = order[[*CELL, "customers"]].reset_index(drop=True)
    if cells.empty:
        return cells.assign(**dict.fromkeys((*FIGURES, "masked"), np.nan))
    place = rows.merge(cells.rename_axis("cell").reset_index(), on=CELL, how="left")["cell"].to_numpy("int64")
    kept, size = rows["place"].to_numpy(), cells["customers"].to_numpy()
    lost = group_sums(worth[:, kept] * leaving[:, kept], place, len(cells))
    whole = lost.sum(axis=1, keepdims=True)
    risk = estimated(lost / (whole if (whole > 0).all() else np.nan))
    churn = estimated(group_sums(leaving[:, kept], place, len(cells)) / size)
    paid = rows[["customer_id"]].merge(revenue, on="customer_id", how="left", validate="one_to_one")["revenue"]
    billed = np.bincount(place, weights=paid.fillna(0.0), minlength=len(cells))
    table = cells.assign(
        customer_share=size / size.sum(),
        **dict(zip(("churn", "churn_low", "churn_high"), churn, strict=True)),
        **dict(zip(("at_risk", "at_risk_low", "at_risk_high"), risk, strict=True)),
        revenue_share=billed / (billed.sum() if billed.sum() > 0 else np.nan),
    )
    return masked(table, by=CELL, count="customers", values=list(FIGURES), minimum=smallest)


def with_scores(cells: pd.DataFrame, rows: pd.DataFrame, answers: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The cells with the score (NPS) of their customers who answered within the last year.

    Parameters
    ----------
    cells, rows : tables of `value_matrix` and `grouped`.
    answers : table, one row per customer: `customer_id`, `nps_score`, `answer_age_months` (of the latest answer).

    Returns
    -------
    `cells` with `nps`, `nps_low`, `nps_high` (95 %; missing where nobody answered) and `nps_masked`: fewer than
    `smallest` answered, or would be given away.
    """
    if cells.empty:
        return cells.assign(nps=np.nan, nps_low=np.nan, nps_high=np.nan, nps_masked=False)
    if not {"nps_score", "answer_age_months"} <= set(answers.columns):
        answers = answers[["customer_id"]].assign(nps_score=np.nan, answer_age_months=np.nan)
    lately = answers[(answers["answer_age_months"] <= YEAR) & answers["nps_score"].notna()]
    told = rows.merge(lately[["customer_id", "nps_score"]], on="customer_id", how="inner", validate="one_to_one")
    scores = {cell: part["nps_score"] for cell, part in told.groupby(CELL)}
    found = [scores.get((row.group, row.tier), pd.Series(dtype=float)) for row in cells.itertuples()]
    counted = cells[CELL].assign(answers=[len(one) for one in found])
    hidden = masked(counted, by=CELL, count="answers", values=[], minimum=smallest)["masked"] | cells["masked"]
    figures = pd.DataFrame([net_promoter_score(one) for one in found], columns=["nps", "nps_low", "nps_high"])
    return cells.assign(**{name: figures[name].mask(hidden) for name in figures}, nps_masked=hidden)


def value_at_risk(worth: Floats, leaving: Floats) -> tuple[float, float, float]:
    """The value that is expected to be lost: the sum of value × chance of leaving, with its interval from the draws."""
    known = ~np.isnan(worth[0])
    if not known.any():
        return float("nan"), float("nan"), float("nan")
    lost, low, high = estimated((worth[:, known] * leaving[:, known]).sum(axis=1, keepdims=True))
    return float(lost[0]), float(low[0]), float(high[0])


def risk_kpi(lost: tuple[float, float, float], *, customers: int) -> list[Kpi]:
    """The value that is expected to be lost within a quarter; none where nobody has a value."""
    return [Kpi("value_at_risk_3m", lost[0], customers, *lost[1:])] if lost[0] == lost[0] and customers else []
