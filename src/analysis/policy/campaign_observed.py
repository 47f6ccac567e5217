"""What a campaign without lots may have done: the contacted beside others like them who were on the books that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.contacted import SEVERAL
from analysis.frames.observation import Observation
from analysis.frames.outlook import BY_CHOICE
from analysis.frames.retention import CONTROL
from analysis.measures.class_rules import ClassRules
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
from analysis.policy.campaign_effects import FOLLOWED
from analysis.policy.campaign_rows import OWN, known_before, readable, thinned

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]

MOST_MONTHS, MOST_TREATED, MOST_OTHERS = 4, 20_000, 40_000
FEWEST = 50  # contacted customers, and others, without whom nothing is compared
# What drives leaving with every provider, and often decides who is called; by the names of what tells of it.
DRIVERS = {
    "price": ("monthly_fee", "discount", "promotion_"), "contract": ("contract_", "first_term"),
    "service": ("tickets_", "complaints_"), "use": ("download_", "voice_minutes", "app_logins", "active_days"),
    "payment": ("late_bills", "overdue_"),
}  # fmt: skip
UNBALANCED = 0.1  # standardised difference from which two groups are not alike (Austin 2009)
TOLD, SURE = 0.6, 0.95  # AUC below which contact is hardly told by the columns, and above which groups hardly meet


class Observed(NamedTuple):
    """The comparison of one campaign; `placebo` is what was billed more in the month before than three earlier."""

    campaign: str
    objective: str | None
    left: Weighted
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
            "placebo": abs(self.placebo) > UNBALANCED if np.isfinite(self.placebo) else False,
        }
        return tuple(name for name, struck in tried.items() if struck)


class Asked(NamedTuple):
    """What all comparisons read."""

    contacts: Rows
    spells: Rows
    months: Rows
    tables: Tables
    observation: Observation
    rules: ClassRules
    engine: Engine


def observed(asked: Asked, campaign: str, objective: str | None) -> Observed | None:
    """Compare the contacted of a campaign with others; None where too few were customers when contacted."""
    points = _points(asked, campaign)
    if points is None:
        return None
    held = asked.engine.table(points)
    known = known_before(held, asked.tables, asked.observation, asked.rules, engine=asked.engine)
    rows = to_pandas(_with_bills(known, asked.months)).sort_values(["batch", "customer_id"], ignore_index=True)
    treated = rows["treated"].to_numpy("int64")
    if min(treated.sum(), (1 - treated).sum()) < FEWEST:
        return None
    return _compared(rows, readable(rows, asked.observation, own=(*OWN, *_BILLS, "exit", "way")), campaign, objective)


_BILLS = ("billed_1", "billed_3", "billed_change")


def _compared(rows: pd.DataFrame, columns: list[str], campaign: str, objective: str | None) -> Observed:
    treated = rows["treated"].to_numpy("int64")
    encoder = fit_encoder(rows, columns)
    design = encoder.design(rows)
    batches = pd.get_dummies(rows["batch"].astype(str), drop_first=True, dtype="float64")
    told: Weighed = overlap_weights(np.hstack([design.to_numpy("float64"), batches.to_numpy()]), treated)
    customers = pd.factorize(rows["customer_id"], sort=True)[0].astype("int64")
    left = weighted_leaving(rows[["exit", "way"]], treated, told.weight, customers)
    named = encoder.columns.set_index("design")["covariate"]
    balance = imbalance(design, treated, told.weight)
    balance = balance.assign(covariate=balance["column"].map(named))
    return Observed(
        campaign, objective, left, bool(rows["told"].iloc[0]), int(treated.sum()), int((1 - treated).sum()),
        (int((rows["way"] == 1)[treated == 1].sum()), int((rows["way"] == 1)[treated == 0].sum())),
        (effective_size(told.weight[treated == 1]), effective_size(told.weight[treated == 0])),
        told.auc, balance, _placebo(rows, treated, told.weight), _unseen(balance["covariate"]),
    )  # fmt: skip


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


# --------------------------------------------------------------------------------------------------- who is compared


def _points(asked: Asked, campaign: str) -> Rows | None:
    """Contacted and others in the last months of contacts that are followed, with what became of them."""
    as_of = asked.observation.as_of
    own = asked.contacts.filter(
        (nw.col("campaign") == campaign) & ~nw.col("arm").is_in([CONTROL, SEVERAL]) & ~nw.col("spell").is_null()
    )
    days = to_pandas(own.group_by("month", "day").agg(n=nw.len()).sort("day"))
    old = days[pd.to_datetime(days["day"]) <= pd.Timestamp(as_of) - pd.Timedelta(days=FOLLOWED)]
    months = sorted(set(old["month"]))[-MOST_MONTHS:]
    if not months:
        return None
    each = [_batch(asked, own, month, _middle(old[old["month"] == month])) for month in months]
    treated = thinned(nw.concat([one[0] for one in each]), most=MOST_TREATED)
    others = thinned(nw.concat([one[1] for one in each]), most=MOST_OTHERS)
    both = asked.engine.table(nw.concat([treated, others]))
    return _followed(both, asked)


def _middle(days: pd.DataFrame) -> dt.date:
    """The day by which half the contacts of a month were made."""
    half = days["n"].cumsum() >= days["n"].sum() / 2
    return pd.Timestamp(days.loc[half, "day"].iloc[0]).date()


def _batch(asked: Asked, own: Rows, month: Any, middle: dt.date) -> tuple[Rows, Rows]:
    """The contacted of a month, and the others who were on the books on the middle day: from it they are followed."""
    first = pd.Timestamp(month).date()
    eve = first - dt.timedelta(days=1)
    treated = own.filter((nw.col("month") == first) & (nw.col("spell_start") <= eve))
    lives = _lives(asked.spells, asked.observation.as_of)
    there = (nw.col("spell_start") <= eve) & ((nw.col("until") > middle) | (nw.col("left") == 0))
    any_contact = asked.contacts.filter((nw.col("arm") != CONTROL) & (nw.col("month") == first))
    others = lives.filter(there).join(any_contact.select("customer_id"), on="customer_id", how="anti")
    columns = ["customer_id", "spell", "spell_start", "day", "until", "left", "kind"]
    back = treated.select("customer_id", "spell", "day").unique(["customer_id", "spell"])
    mine = lives.join(back, on=["customer_id", "spell"], how="inner").select(columns)
    rest = others.with_columns(day=nw.lit(middle)).select(columns)
    marked = [
        rows.with_columns(treated=nw.lit(side).cast(nw.Int64), batch=nw.lit(first), landmark=nw.lit(eve))
        for rows, side in ((mine, 1), (rest, 0))
    ]
    return marked[0], marked[1]


def _lives(spells: Rows, as_of: dt.date) -> Rows:
    ended = nw.coalesce(nw.col("end") <= as_of, nw.lit(False))
    last = nw.col("spell").max().over("customer_id")
    return spells.with_columns(last=last).select(
        "customer_id", "spell", spell_start=nw.col("start"),
        until=nw.when(ended).then(nw.col("end")).otherwise(nw.lit(as_of)), left=ended.cast(nw.Int64),
        kind=nw.when(ended & (nw.col("spell") < nw.col("last"))).then(nw.lit(BY_CHOICE)).otherwise(nw.col("kind")),
    )  # fmt: skip


def _followed(points: Rows, asked: Asked) -> Rows:
    """The points with `exit` and `way`, followed for three months or until somebody contacts them again."""
    known = asked.spells.select(kinds=nw.col("kind").count())
    later = asked.contacts.filter(nw.col("arm") != CONTROL).select("customer_id", again=nw.col("day"))
    keys = ["customer_id", "spell", "batch"]
    pairs = points.select(*keys, "day").join(later, on="customer_id", how="inner")
    again = pairs.filter(nw.col("again") > nw.col("day")).group_by(keys).agg(again=nw.col("again").min())
    rows = points.join(again, on=keys, how="left").join(known, how="cross")
    ahead = (nw.col("until") - nw.col("day")).cast(nw.Int64)
    until_again = nw.coalesce((nw.col("again") - nw.col("day")).cast(nw.Int64), nw.lit(FOLLOWED))
    told = rows.with_columns(ahead=ahead, stop=nw.min_horizontal(until_again, nw.lit(FOLLOWED)))
    gone = (nw.col("left") == 1) & (nw.col("ahead") <= nw.col("stop"))
    chose = nw.coalesce(nw.col("kind") == BY_CHOICE, nw.lit(False)) | (nw.col("kinds") == 0)
    way = nw.when(gone & chose).then(1).otherwise(nw.when(gone).then(2).otherwise(0))
    exits = nw.min_horizontal("ahead", "stop") + 1
    return told.with_columns(way=way, exit=exits, told=nw.col("kinds") > 0).drop(
        "again", "kinds", "ahead", "stop", "until", "left", "kind", "day"
    )


def _with_bills(rows: Rows, months: Rows) -> Rows:
    """The rows with what was billed in the last month before the landmark less that of the third last."""
    billed = months.select("customer_id", "month", money=nw.col("revenue").cast(nw.Float64))
    found = rows
    for back in (1, 3):
        keyed = billed.with_columns(batch=nw.col("month").dt.offset_by(f"{back}mo").cast(nw.Date)).drop("month")
        found = found.join(keyed.rename({"money": f"billed_{back}"}), on=["customer_id", "batch"], how="left")
    return found.with_columns(billed_change=(nw.col("billed_1") - nw.col("billed_3")).round(6))
