"""What a campaign without lots may have done: the contacted beside others made like them, on the books that day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.use import use_against_usual
from analysis.models.brier import outcome_auc
from analysis.models.counts import Floats, Integers
from analysis.models.cross_fitted import foretold_alone, foretold_contact
from analysis.models.encoder import fit_encoder
from analysis.models.weighted_difference import (
    Weighted,
    chance_limit,
    effective_size,
    imbalance,
    likening_weights,
    weighted_difference,
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
UNBALANCED = 0.1  # standardised difference from which two groups are not alike (Austin 2009), or more where chance does
TOLD = 0.6  # AUC, on customers not seen, below which contact is hardly told by the columns
WHEN = ["customer_id", "landmark"]
PICKED = 1.25  # times the leaving of others, or less by as much, from which the contacted were picked by their risk
MET = 0.5  # share of the contacted below which too few have others like them


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
    met: float  # share of the contacted who were not all but sure to be: only they are compared
    auc: float  # how well contact is told, of customers not seen
    balance: pd.DataFrame  # column, covariate, before, after
    placebo: float  # standardised difference after weighting; missing without bills
    missing: tuple[str, ...]  # drivers of leaving of which nothing is among the columns

    @property
    def unlike(self) -> float:
        """The standardised difference from which a column counts as different: 0.1, or what chance alone gives."""
        return max(UNBALANCED, chance_limit(self.effective, looks=len(self.balance)))

    @property
    def picked(self) -> bool:
        """Whether the difference points where the picking did, so that what else they were picked for explains it.

        Who is contacted for being at risk is at more of it than any record tells, and will seem harmed; who is
        contacted for being loyal will seem helped (confounding by indication; Salas, Hofman and Stricker 1999).
        """
        usual = self.leavers[1] / self.others
        if not min(usual, self.left.others) > 0:
            return False
        risk = self.left.others / usual
        return risk > PICKED if self.left.value > 0 else risk < 1 / PICKED

    @property
    def flags(self) -> tuple[str, ...]:
        """What speaks against believing it."""
        worst = self.balance["after"].abs().max() if len(self.balance) else np.nan
        tried = {
            "missing": bool(self.missing),
            "untold": self.auc < TOLD,
            "apart": self.met < MET or min(self.effective) < FEWEST,
            "unbalanced": bool(worst > self.unlike),
            "diluted": self.again > DILUTED,
            "picked": self.picked,
            "placebo": bool(abs(self.placebo) > max(UNBALANCED, chance_limit(self.effective))),
        }
        return tuple(name for name, struck in tried.items() if struck)


def observed(asked: Asked, campaign: str, objective: str | None) -> Observed | None:
    """Compare the contacted of a campaign with others; None where too few were customers when contacted.

    The others are weighed to be like the contacted, and only what a model of the others did not expect is compared. All
    are followed for the whole three months, so that leaving is a yes or no.
    """
    points = batches(asked, campaign)
    if points is None:
        return None
    held = asked.engine.table(points)
    known = known_before(held, asked.tables, asked.observation, asked.rules, engine=asked.engine)
    if "usage" in asked.tables:
        usual = use_against_usual(held.select(WHEN).unique(), asked.tables["usage"])
        known = known.join(usual, on=WHEN, how="left")
    rows = to_pandas(known).sort_values(["batch", "customer_id", "spell"], ignore_index=True)
    treated = rows["treated"].to_numpy("int64")
    if min(treated.sum(), (1 - treated).sum()) < FEWEST:
        return None
    return _compared(rows, readable(rows, asked.observation, own=(*OWN, *AFTER)), campaign, objective)


AFTER = ("exit", "way", "again", "told", "billed_change", "money")  # what comes after, or must not be read


def _compared(rows: pd.DataFrame, columns: list[str], campaign: str, objective: str | None) -> Observed | None:
    treated, customers = rows["treated"].to_numpy("int64"), _numbered(rows["customer_id"])
    encoder = fit_encoder(rows, columns)
    design, (table, categories) = encoder.design(rows), encoder.raw(rows)
    months = table.assign(batch=_numbered(rows["batch"]))
    chance = foretold_contact(months, [*categories, False], treated, customers)
    weight, side = likening_weights(chance, treated), treated == 1
    sizes = (effective_size(weight[side]), effective_size(weight[~side]))
    if min(sizes) == 0:
        return None
    dummies = pd.get_dummies(rows["batch"].astype(str), drop_first=True, dtype="float64")
    whole = np.hstack([design.to_numpy("float64"), dummies.to_numpy()])

    def difference(outcome: Floats) -> Weighted:
        expected = foretold_alone(whole, outcome, treated, customers)
        return weighted_difference(outcome, treated, weight, customers, expected=expected)

    chose, money = rows["way"].to_numpy() == 1, rows["money"].to_numpy("float64")
    balance = imbalance(design, treated, weight)
    named = encoder.columns.set_index("design")["covariate"]
    again = np.average(rows["again"].to_numpy("float64")[~side], weights=weight[~side])
    return Observed(
        campaign, objective, difference(chose.astype("float64")), difference(money) if money.any() else None,
        float(again), bool(rows["told"].iloc[0]), int(side.sum()), int((~side).sum()),
        (int(chose[side].sum()), int(chose[~side].sum())), sizes, float((weight[side] > 0).mean()),
        outcome_auc(treated, chance), balance.assign(covariate=balance["column"].map(named)),
        _placebo(rows, treated, weight), _unseen(named),
    )  # fmt: skip


def _numbered(values: pd.Series) -> Integers:
    return pd.factorize(values, sort=True)[0].astype("int64")


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
    return weighted_difference(change[known], treated[known], weight[known], customers).value / float(spread)
