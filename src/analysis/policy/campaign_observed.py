"""What a campaign without lots may have done: the contacted beside others like them who were on the books that day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.models.encoder import fit_encoder
from analysis.models.overlap_weights import (
    Weighed,
    Weighted,
    effective_size,
    imbalance,
    overlap_weights,
    weighted_leaving,
    weighted_means,
)
from analysis.policy.campaign_batches import Asked, batches
from analysis.policy.campaign_rows import OWN, known_before, readable

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]

FEWEST = 50  # contacted customers, and others, without whom nothing is compared
# What drives leaving with every provider, and often decides who is called; by the names of what tells of it.
DRIVERS = {
    "price": ("monthly_fee", "discount", "promotion_"), "contract": ("contract_", "first_term"),
    "service": ("tickets_", "complaints_"), "use": ("download_", "voice_minutes", "app_logins", "active_days"),
    "payment": ("late_bills", "overdue_"),
}  # fmt: skip
DILUTED = 0.2  # share of the others contacted soon after from which the difference is clearly too small
UNBALANCED = 0.1  # standardised difference from which two groups are not alike (Austin 2009)
TOLD, SURE = 0.6, 0.95  # AUC below which contact is hardly told by the columns, and above which groups hardly meet


class Observed(NamedTuple):
    """The comparison of one campaign; `placebo` is what was billed more in the month before than three earlier."""

    campaign: str
    objective: str | None
    left: Weighted
    money: Weighted | None  # billed in the three months after that of the contact; None without bills
    again: float  # weighted share of the others whom a campaign contacted within the three months
    by_choice: bool
    treated: int
    others: int
    leavers: tuple[int, int]  # by choice, of the contacted and of the others
    effective: tuple[float, float]
    auc: float
    balance: pd.DataFrame  # column, covariate, before, after
    placebo: float  # standardised difference after weighting; missing without bills
    missing: tuple[str, ...]  # drivers of leaving of which nothing is among the columns

    @property
    def flags(self) -> tuple[str, ...]:
        """What speaks against believing it."""
        worst = self.balance["after"].abs().max() if len(self.balance) else np.nan
        tried = {
            "missing": bool(self.missing),
            "untold": self.auc < TOLD,
            "apart": self.auc > SURE,
            "unbalanced": bool(worst > UNBALANCED),
            "diluted": self.again > DILUTED,
            "placebo": abs(self.placebo) > UNBALANCED if np.isfinite(self.placebo) else False,
        }
        return tuple(name for name, struck in tried.items() if struck)


def observed(asked: Asked, campaign: str, objective: str | None) -> Observed | None:
    """Compare the contacted of a campaign with others; None where too few were customers when contacted."""
    points = batches(asked, campaign)
    if points is None:
        return None
    held = asked.engine.table(points)
    known = known_before(held, asked.tables, asked.observation, asked.rules, engine=asked.engine)
    rows = to_pandas(known).sort_values(["batch", "customer_id", "spell"], ignore_index=True)
    treated = rows["treated"].to_numpy("int64")
    if min(treated.sum(), (1 - treated).sum()) < FEWEST:
        return None
    return _compared(rows, readable(rows, asked.observation, own=(*OWN, *AFTER)), campaign, objective)


AFTER = ("exit", "way", "again", "told", "billed_change", "money")  # what comes after, or must not be read


def _compared(rows: pd.DataFrame, columns: list[str], campaign: str, objective: str | None) -> Observed:
    treated = rows["treated"].to_numpy("int64")
    encoder = fit_encoder(rows, columns)
    design = encoder.design(rows)
    months = pd.get_dummies(rows["batch"].astype(str), drop_first=True, dtype="float64")
    told: Weighed = overlap_weights(np.hstack([design.to_numpy("float64"), months.to_numpy()]), treated)
    customers = pd.factorize(rows["customer_id"], sort=True)[0].astype("int64")
    left = weighted_leaving(rows[["exit", "way"]], treated, told.weight, customers)
    named = encoder.columns.set_index("design")["covariate"]
    balance = imbalance(design, treated, told.weight)
    balance = balance.assign(covariate=balance["column"].map(named))
    side = treated == 1
    chose = rows["way"].to_numpy() == 1
    again = np.average(rows["again"].to_numpy("float64")[~side], weights=told.weight[~side])
    return Observed(
        campaign, objective, left, _billed(rows, treated, told.weight, customers), float(again),
        bool(rows["told"].iloc[0]), int(side.sum()), int((~side).sum()),
        (int(chose[side].sum()), int(chose[~side].sum())),
        (effective_size(told.weight[side]), effective_size(told.weight[~side])), told.auc, balance,
        _placebo(rows, treated, told.weight), _unseen(balance["covariate"]),
    )  # fmt: skip


def _billed(rows: pd.DataFrame, treated: np.ndarray, weight: np.ndarray, customers: np.ndarray) -> Weighted | None:
    money = rows["money"].to_numpy("float64")
    return weighted_means(money, treated, weight, customers) if money.any() else None


def _unseen(covariates: pd.Series) -> tuple[str, ...]:
    there = [str(name) for name in covariates.dropna()]
    return tuple(name for name, of in DRIVERS.items() if not any(one.startswith(of) for one in there))


def _placebo(rows: pd.DataFrame, treated: np.ndarray, weight: np.ndarray) -> float:
    """A difference that the contact cannot have made: how bills moved before it."""
    change = rows["billed_change"].to_numpy("float64", na_value=np.nan)
    known = np.isfinite(change)
    spread = change[known].std() if known.any() else 0.0
    if spread == 0 or min((treated[known] == side).sum() for side in (0, 1)) < FEWEST:
        return float("nan")
    customers = np.arange(int(known.sum()))
    return weighted_means(change[known], treated[known], weight[known], customers).value / float(spread)
