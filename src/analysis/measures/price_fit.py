"""Whether plans fit what is used: over-buyers, under-buyers, and customers near their cap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.measures.disclosure import Floats, Truths, masked
from analysis.measures.interval import share_interval

Rows = nw.LazyFrame[Any]
NEAR, UNDER, OVER, FITS, NOT_TOLD = "near cap", "under-buyer", "over-buyer", "fits", "not told"
FITS_IN_ORDER = (OVER, FITS, UNDER, NEAR, NOT_TOLD)
PLAN = ["landmark", "product", "plan"]
FEWEST = 30  # customers whose use is told that a plan needs to be compared with


class FitRules(NamedTuple):
    """Months near the cap of the last three from which it is lasting, and the quantiles that make use low or high."""

    near_cap_months: int = 2
    low_use: float = 0.5
    high_use: float = 0.9


def price_fit(use: Rows, *, rules: FitRules, engine: Engine) -> Rows:
    """How the plan of each customer fits the use.

    near cap: at the cap's edge in `near_cap_months` or more of the last three months
    under-buyer: use above the `high_use` quantile of those with the same plan, and a bigger one can be had
    over-buyer: use below the `low_use` quantile of those with the next smaller plan that can be had
    fits: neither; not told: without three months of use, or not near the cap of a plan that fewer than 30 customers
    with known use hold

    The first that applies holds. Quantiles are those of the same day.

    Parameters
    ----------
    use : table of `analysis.frames.plan_use.plan_use`.

    Returns
    -------
    The rows of `use` with `fit`, `target` (the plan that would fit; missing where it fits) and `change` (what it costs
    more than the line held, money a month, before discounts).
    """
    told = use.filter(~nw.col("use").is_null())
    edges = engine.table(
        told.group_by(PLAN).agg(
            low=nw.col("use").quantile(rules.low_use, "linear"),
            high=nw.col("use").quantile(rules.high_use, "linear"),
            users=nw.len(),
        )
    ).filter(nw.col("users") >= FEWEST)
    smaller = edges.select("landmark", "product", down=nw.col("plan"), below=nw.col("low"))
    known = use.join(edges.select(*PLAN, "high"), on=PLAN, how="left").join(
        smaller, on=["landmark", "product", "down"], how="left"
    )
    fit = (
        nw.when(nw.col("use").is_null()).then(nw.lit(NOT_TOLD))
        # A cap is held against a customer's own use: it needs no others with the plan.
        .when(nw.col("near") >= rules.near_cap_months).then(nw.lit(NEAR))
        .when(nw.col("high").is_null()).then(nw.lit(NOT_TOLD))
        .when((nw.col("use") > nw.col("high")) & ~nw.col("up").is_null()).then(nw.lit(UNDER))
        .when(nw.col("use") < nw.col("below")).then(nw.lit(OVER))
        .otherwise(nw.lit(FITS))
    )  # fmt: skip
    bigger = nw.col("fit").is_in([NEAR, UNDER])
    fitted = known.with_columns(fit=fit)
    target = nw.when(bigger).then(nw.col("up")).when(nw.col("fit") == OVER).then(nw.col("down"))
    fee = nw.when(bigger).then(nw.col("up_fee")).when(nw.col("fit") == OVER).then(nw.col("down_fee"))
    change = (fee - nw.col("fee")).round(6)
    return engine.table(fitted.with_columns(target=target, change=change).drop("high", "below"))


def fit_groups(fit: Rows, *, smallest: int) -> pd.DataFrame:
    """Each way to fit: customers on the last day, what moving all would change, and who left in the quarters before.

    Returns
    -------
    Table, one row per fit in order: `fit`, `customers`, `share`, `low`, `high` (Wilson's interval), `change` (sum,
    money a month; of the targets), `movable` (customers with a target; both missing where these are too few, the count
    also where the rest of the row is), `before` (customers at earlier quarter ends), `rate`, `rate_low`, `rate_high`
    (of them, those who left by choice within three months), `masked`, `rate_masked`.
    """
    cells = to_pandas(
        fit.group_by("landmark", "fit").agg(
            customers=nw.len(), movable=nw.col("target").count(), change=nw.col("change").cast(nw.Decimal(38, 6)).sum(),
            known=nw.col("chose").count(), chose=nw.col("chose").sum(),
        )
    )  # fmt: skip
    last = cells[cells["landmark"] == cells["landmark"].max()].set_index("fit")
    past = cells.groupby("fit")[["known", "chose"]].sum()
    order = [name for name in FITS_IN_ORDER if name in set(cells["fit"])]
    now = last.reindex(order)[["customers", "movable", "change"]].fillna(0.0)
    rows = now.join(past.reindex(order).fillna(0.0)).rename_axis("fit").reset_index()
    whole = masked(rows, by=["fit"], count="customers", values=["movable", "change"], minimum=smallest)
    hidden = whole["masked"].to_numpy()
    sides = pd.DataFrame({"can": rows["movable"], "cannot": rows["customers"] - rows["movable"]})
    single = ((sides > 0) & (sides < smallest)).any(axis=1)
    low, high = share_interval(rows["customers"], rows["customers"].sum())
    stays = rows["known"] - rows["chose"]
    few = ((rows[["chose"]].min(axis=1) < smallest) | (stays < smallest)).to_numpy()
    rate = np.where(few, np.nan, rows["chose"] / rows["known"].where(rows["known"] > 0))
    rate_low, rate_high = share_interval(rows["chose"], rows["known"])
    return whole.assign(
        share=np.where(hidden, np.nan, rows["customers"] / max(rows["customers"].sum(), 1)),
        low=np.where(hidden, np.nan, low), high=np.where(hidden, np.nan, high),
        movable=whole["movable"].mask(single), change=whole["change"].mask(rows["movable"].between(1, smallest - 1)),
        before=np.where(few, np.nan, rows["known"]), rate=rate,
        rate_low=np.where(few, np.nan, rate_low), rate_high=np.where(few, np.nan, rate_high), rate_masked=few,
    ).drop(columns=["known", "chose"])  # fmt: skip


def fit_by_plan(fit: Rows, *, smallest: int) -> pd.DataFrame:
    """How each plan's customers fit on the last day, plans by product and use of their customers.

    A plan of which any part is too small to tell is left out, and counted.

    Returns
    -------
    Table, one row per plan and fit: `product`, `plan`, `fit`, `customers`, `share` (of those whose fit is told).
    """
    rows = to_pandas(fit.group_by("landmark", "product", "plan", "fit").agg(customers=nw.len()))
    now = rows["landmark"] == rows["landmark"].max()
    last = rows[now & (rows["fit"] != NOT_TOLD)].drop(columns="landmark")
    names = last[["product", "plan"]].drop_duplicates()
    grid = names.merge(last[["fit"]].drop_duplicates().sort_values("fit"), how="cross")
    cells = grid.merge(last, on=["product", "plan", "fit"], how="left").fillna({"customers": 0})
    cells["line"] = cells["product"] + ": " + cells["plan"]
    # The groups of all plans together are told elsewhere: no plan that is left out may follow from the others.
    hidden = masked(cells, by=["line", "fit"], count="customers", values=[], minimum=smallest)["masked"]
    secret = hidden.groupby(cells["line"]).transform("any")
    sizes = cells.groupby("line")["customers"].transform("sum")
    told = cells.assign(share=cells["customers"] / sizes)[(sizes >= FEWEST) & ~secret & (cells["customers"] > 0)]
    told = told[["product", "plan", "fit", "customers", "share"]]
    place = told["fit"].map({name: at for at, name in enumerate(FITS_IN_ORDER)})
    return told.assign(place=place).sort_values(["product", "plan", "place"], ignore_index=True).drop(columns="place")


def cap_months(fit: Rows, groups: pd.DataFrame, *, rules: FitRules, smallest: int) -> pd.DataFrame:
    """How lasting it is: customers with a cap on the last day by months near it, and over it, of the last three.

    A count is told where it, and what it leaves of every count that is told, `groups` among them, is nobody or
    `smallest` customers: the rows are cumulated, and a reader can subtract them.

    Parameters
    ----------
    groups : table of `fit_groups`, which tells or hides the customers near their cap.

    Returns
    -------
    Table, one row per number of months: `months` (1 to 3), `near`, `over` (customers with so many or more), shares of
    all with a cap `near_share`, `over_share` with `_low` and `_high`, and `customers` (with a cap); missing where they
    are too few to tell; without rows where nobody has a cap.
    """
    counted = to_pandas(fit.group_by("landmark", "near", "over").agg(customers=nw.len()))
    cells = counted[counted["landmark"] == counted["landmark"].max()].fillna({"near": -1, "over": -1})
    sizes = cells["customers"].to_numpy("float64")
    wanted = {(name, months): cells[name].to_numpy() >= months for name in ("near", "over") for months in (0, 1, 2, 3)}
    asked = ("near", rules.near_cap_months)
    secret = bool(groups.loc[groups["fit"] == NEAR, "masked"].any())
    known = [np.zeros(len(cells), bool), np.ones(len(cells), bool)] + ([] if secret else [wanted[asked]])
    counts: dict[tuple[str, int], float] = {}
    for key, inside in wanted.items():
        safe = all(_apart(inside, other, sizes, smallest) for other in known) and not (secret and key == asked)
        counts[key] = float(sizes[inside].sum()) if safe else np.nan
        known += [inside] if safe else []
    whole = counts["near", 0]
    rows = pd.DataFrame([_months_row(months, counts, whole) for months in range(1, 4)])
    return rows if wanted["near", 0].any() else rows.iloc[:0]


def _apart(one: Truths, other: Truths, sizes: Floats, smallest: int) -> bool:
    """Whether the difference of two groups, where one lies within the other, is nobody or enough customers."""
    rests = float(sizes[one & ~other].sum()), float(sizes[other & ~one].sum())
    return min(rests) > 0 or max(rests) == 0 or max(rests) >= smallest


def _months_row(months: int, counts: Mapping[tuple[str, int], float], whole: float) -> dict[str, float]:
    row: dict[str, float] = {"months": months, "customers": whole}
    for name in ("near", "over"):
        count = counts[name, months] if np.isfinite(whole) else np.nan
        low, high = share_interval(count, whole) if np.isfinite(count) else (np.nan, np.nan)
        told = (count, count / max(whole, 1.0), low, high)
        row |= dict(zip((name, f"{name}_share", f"{name}_low", f"{name}_high"), told, strict=True))
    return row


def taken_up(fit: Rows, steps: Rows | None) -> tuple[float, float]:
    """Under-buyers of earlier quarter ends, and those who took a dearer plan within three months of it."""
    if steps is None:
        return float("nan"), float("nan")
    asked = fit.filter(nw.col("fit").is_in([UNDER, NEAR])).select("customer_id", "landmark", "product")
    found = asked.join(
        steps.filter(~nw.col("upgraded").is_null()), on=["customer_id", "landmark", "product"], how="inner"
    )
    row = to_pandas(found.select(n=nw.len(), taken=nw.col("upgraded").sum())).fillna(0).iloc[0]
    return float(row["n"]), float(row["taken"])


def stage_table(fit: Rows, *, day: Any) -> Rows:
    """The stage table `price_fit`: customers with a data plan on a day."""
    return fit.filter(nw.col("landmark") == day).select(
        "customer_id",
        "product",
        "plan",
        "fit",
        "target",
        use_share_of_cap=nw.col("share"),
        monthly_change=nw.col("change"),
    )


def is_available(tables: Mapping[str, Rows]) -> str:
    """What is missing for plans to be held against use: a table, or nothing."""
    return next((name for name in ("subscriptions", "usage") if name not in tables), "")
