"""What else than a price rise makes customers leave: the covariates that a price effect is held free of."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.models.counts import Floats

LEVEL = 30  # leavers by choice that a plan, technology or kind of customer needs for a coefficient of its own
FLAG = 10  # leavers with and without a flag that it needs
TEXTS = ("plan", "technology", "customer_type", "area_type")
TENURES = (3, 12, 24)  # months from which the hazard may step up or down
SOON = 3  # months before the end of a contract
MARK = "\N{MIDDLE DOT}"
LIVED = ("customer_id", "spell", "spell_start", "landmark", "start", "stop", "event", "kind", "tenure_months")
TERMS = ("products", "monthly_fee", "contract_months_left", "promotion_months_left", "discount_share")


def controls(episodes: pd.DataFrame, months: pd.DataFrame, *, later: Floats) -> pd.DataFrame:
    """Covariates of each stretch, as known at the landmark of its episode; contracts and discounts go on from there.

    Plan, technology, kind of customer and area; products held; fees (log); tenure (log of years, and steps); a contract
    that ends in this month, soon, later, or ended since the landmark; the discount that runs, and one lost within three
    months. A column that the source does not give, that too few leavers share, or that calendar and others settle is
    left out.

    Parameters
    ----------
    later : by how much fees rose in the months before those in which a rise is told.

    Returns
    -------
    Table, the rows of `months`; no cell missing.
    """
    rows = episodes.iloc[months["place"].to_numpy()].reset_index(drop=True)
    ahead, left = months["ahead"].to_numpy("float64"), months["left"].to_numpy()
    flags: dict[str, Floats] = {}
    for name in TEXTS:
        if name in rows:
            flags |= _levels(rows[name], left)
    flags |= {name: _number(rows, name) for name in rows.columns if name.startswith("has_")}
    tenure = _number(rows, "tenure_months") + ahead
    flags |= {f"from_{edge}": (tenure >= edge).astype(float) for edge in TENURES}
    flags |= _contract(rows, ahead)
    kept = {name: values for name, values in flags.items() if _is_told(values, left)}
    numbers = {"later": later, "tenure": np.log1p(np.clip(tenure, 0, None) / 12), **_discount(rows, ahead)}
    if "monthly_fee" in rows:
        numbers["fee"] = np.log(np.clip(_number(rows, "monthly_fee"), 1.0, None))
    varying = {name: values for name, values in numbers.items() if len(values) and np.ptp(values) > 0}
    return pd.DataFrame(_apart(kept | varying, months["month"].to_numpy()), index=months.index)


def read_columns(names: Iterable[str]) -> list[str]:
    """Of the columns of episodes those that months and controls are made of."""
    known = {*LIVED, *TERMS, *TEXTS, *(f"promotion_lost_{month}m" for month in range(1, SOON + 1))}
    return [name for name in names if name in known or name.startswith("has_")]


def _levels(column: pd.Series, left: np.ndarray) -> dict[str, Floats]:
    """A flag per level with enough leavers, but the most common; all others are another level."""
    text = column.fillna("")
    leavers = pd.Series(left).groupby(text.to_numpy()).sum()
    enough = sorted(leavers[leavers >= LEVEL].index)
    if not enough:
        return {}
    usual = text.where(text.isin(enough), MARK).value_counts().sort_index().idxmax()
    named = {f"{column.name}{MARK}{level}": (text == level).to_numpy("float64") for level in enough if level != usual}
    return named | ({f"{column.name}{MARK}": (~text.isin(enough)).to_numpy("float64")} if usual != MARK else {})


def _contract(rows: pd.DataFrame, ahead: Floats) -> dict[str, Floats]:
    if "contract_months_left" not in rows:
        return {}
    left = rows["contract_months_left"].to_numpy("float64", na_value=np.nan) - ahead
    ends, soon = (left >= 0) & (left < 1), (left >= 1) & (left < SOON)
    found = {"contract_ends": ends, "contract_soon": soon, "contract_later": left >= SOON, "contract_past": left < 0}
    return {name: values.astype(float) for name, values in found.items()}


def _discount(rows: pd.DataFrame, ahead: Floats) -> dict[str, Floats]:
    """The share of the main fee that a running discount takes off, and shares lost in the last three months."""
    if "discount_share" not in rows:
        return {}
    share = _number(rows, "discount_share")
    left = (
        rows["promotion_months_left"].to_numpy("float64", na_value=np.nan) - ahead
        if "promotion_months_left" in rows
        else np.full(len(rows), np.nan)
    )
    lost = share * ((left < 1) & (left > -SOON))
    for month in range(1, SOON + 1):
        # What was lost in the k-th month before the landmark is still felt for 3 - k months after it.
        lost = lost + _number(rows, f"promotion_lost_{month}m") * (ahead + month < SOON)
    return {"discount": share * ~(left < 0), "discount_lost": lost}


def _number(rows: pd.DataFrame, name: str) -> Floats:
    """A column's numbers, nothing where they are missing."""
    if name not in rows:
        return np.zeros(len(rows))
    return np.nan_to_num(rows[name].to_numpy("float64", na_value=np.nan))


def _is_told(flag: Floats, left: np.ndarray) -> bool:
    """Whether enough left with the flag, and without it, for its effect to be told."""
    with_it = float(left[flag > 0].sum())
    return FLAG <= with_it <= float(left.sum()) - FLAG


def _apart(columns: dict[str, Floats], month: np.ndarray) -> dict[str, Floats]:
    """The columns that are no sum of months and those before them: a plan may settle the technology."""
    kept: dict[str, Floats] = {}
    basis: list[Floats] = []
    place = pd.factorize(month)[0]
    rows = np.maximum(np.bincount(place), 1) if len(place) else np.ones(1)
    for name, values in columns.items():
        size = float(np.sqrt(((values - values.mean()) ** 2).sum())) if len(values) else 0.0
        rest = values - (np.bincount(place, values) / rows)[place] if len(values) else values
        for one in basis:
            rest = rest - one * (one @ rest)
        length = float(np.sqrt(rest @ rest))
        if size > 0 and length > 1e-3 * size:
            kept[name] = values
            basis.append(rest / length)
    return kept
