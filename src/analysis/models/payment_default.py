"""Who will stop paying: a logistic regression, beside one plain rule and beside knowing nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures.disclosure import masked
from analysis.measures.interval import share_interval
from analysis.models.brier import outcome_auc
from analysis.models.candidates.ridge import Problem, log_odds, ridge
from analysis.models.encoder import Encoder, fit_encoder
from analysis.models.resampling import canonical_order, percentile_interval, resamples

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

# What may be asked: how bills were paid, what is paid and how, for how long one is a customer, and what one is. Nothing
# about age, area or service: a place to live is no reason to be distrusted.
ASKED = (
    "state", "late_bills_6m", "overdue_bills", "defaults_12m", "payment_method", "contract_months", "monthly_fee",
    "discount_share", "tenure_months", "returner", "customer_type",
)  # fmt: skip
FEWEST_LEARNED, FEWEST_JUDGED = 50, 20  # defaults without which nothing is learned, or judged
DRAWS, SEED = 300, 61
MODEL, RULE, NULL = "model", "rule", "nothing"
METRICS = ("auc", "brier", "ratio")
GROUP_ENDS = (0.1, 0.2)  # shares of the customers, the likeliest first


class Scorer(NamedTuple):
    """What was learned: the share of all who default, by the rule (late in six months, or not), and the regression."""

    share: float
    by_rule: tuple[float, float]  # who was never late, who was
    encoder: Encoder | None
    coefficients: Floats
    ends: tuple[float, float]

    def scored(self, rows: pd.DataFrame) -> dict[str, Floats]:
        """Chance of default of each row: by the model (where there is one), by the rule, and the same for all."""
        found = {RULE: np.where(was_late(rows), *reversed(self.by_rule)), NULL: np.full(len(rows), self.share)}
        if self.encoder is None:
            return found
        odds = self.coefficients[0] + self.encoder.design(rows).to_numpy("float64") @ self.coefficients[1:]
        return {MODEL: 1 / (1 + np.exp(-np.clip(odds, *self.ends)))} | found


class Judged(NamedTuple):
    """The judgement on a later quarter: when, how many, the figures of each way of telling, and which one is used."""

    landmark: dt.date
    rows: pd.DataFrame  # `score` (of the way that is used) and `default`
    table: pd.DataFrame
    used: str


def was_late(rows: pd.DataFrame) -> Truths:
    """The rule: a bill of the last six months was paid late, or is overdue."""
    return (rows["late_bills_6m"].to_numpy("float64", na_value=0) > 0) | (rows["state"] != "current").to_numpy()


def fit_scorer(rows: pd.DataFrame) -> Scorer | None:
    """Learn from landmarks; None with too few defaults to learn from.

    log odds of default within three months = level + coefficients · features

    drawn towards none as far as the data allow (see `ridge`).

    Parameters
    ----------
    rows : table, one row per customer and landmark, with `default` (1 or 0), `landmark`, `state`, `late_bills_6m`.
    """
    happened = rows["default"].to_numpy("float64")
    if happened.sum() < FEWEST_LEARNED:
        return None
    late, share = was_late(rows), float(happened.mean())
    by_rule = (_share(happened[~late], share), _share(happened[late], share))
    asked = [name for name in ASKED if name in rows.columns]
    encoder = fit_encoder(rows.assign(event=rows["default"]), asked)
    design = encoder.design(rows).to_numpy("float64")
    if not design.shape[1]:
        return Scorer(share, by_rule, None, np.zeros(1), (0.0, 0.0))
    names = encoder.columns["covariate"].to_numpy(dtype=str)
    groups = np.unique(names, return_inverse=True)[1].astype(np.int64)
    whole = np.hstack([np.ones((len(rows), 1)), design])
    problem = Problem(whole, happened, np.ones(len(rows)), np.zeros(len(rows)), groups)
    guess = np.append(np.log(share / (1 - share)), np.zeros(design.shape[1]))
    fit = ridge(problem, guess)
    odds = log_odds(problem, fit.coefficients)
    return Scorer(share, by_rule, encoder, fit.coefficients, (float(odds.min()), float(odds.max())))


def _share(happened: Floats, otherwise: float) -> float:
    """The share who default, one customer of the usual share added: nobody is sure to pay, or not to."""
    return float((happened.sum() + otherwise) / (len(happened) + 1))


def judged(rows: pd.DataFrame, landmarks: Sequence[dt.date]) -> Judged | None:
    """Learn from all but the last landmark, and judge on that one; None where there is too little to judge.

    The model is used where it is clearly better than the rule by the Brier score and its AUC is not lower; else the
    rule. Intervals are from draws of customers.

    Parameters
    ----------
    rows : table of `with_default`, and of the last landmark what was known on it; `landmarks` in order of time. Those
        less than three months before the last one had outcomes that were not known on it, and must not be among them.

    Returns
    -------
    `table`: one row per way of telling, `way`, `auc`, `brier`, `ratio` (defaults ÷ foretold), each with `_low` and
    `_high` (95 %), and `better` (Brier score of the rule less its own) with `better_low`, `better_high`.
    """
    if len(landmarks) < 2:
        return None
    last = pd.Timestamp(landmarks[-1])
    learned, later = rows[rows["landmark"] < last], rows[rows["landmark"] == last].reset_index(drop=True)
    scorer = fit_scorer(learned)
    if scorer is None or later["default"].sum() < FEWEST_JUDGED or later["default"].all():
        return None
    scores, happened = scorer.scored(later), later["default"].to_numpy("float64")
    table = _figures(scores, happened)
    used = MODEL if MODEL in scores and _beats(table) else RULE
    shown = pd.DataFrame({"score": scores[used], "default": happened.astype("int64")})
    return Judged(landmarks[-1], shown, table, used)


def _beats(table: pd.DataFrame) -> bool:
    by = table.set_index("way")
    return bool(by.at[MODEL, "better_low"] > 0 and by.at[MODEL, "auc"] >= by.at[RULE, "auc"])


def _figures(scores: Mapping[str, Floats], happened: Floats) -> pd.DataFrame:
    order, _ = canonical_order([happened, *scores.values()])
    y = happened[order]
    drawn = list(resamples(np.arange(len(y)), draws=DRAWS, seed=SEED))
    rule = (scores[RULE][order] - y) ** 2
    rows = []
    for way, score in scores.items():
        p, loss = score[order], (score[order] - y) ** 2
        weights = [np.ones(len(y)), *drawn]
        figures = np.array([_of(y, p, loss, rule, weight) for weight in weights])
        low, high = percentile_interval(figures[1:])
        named: dict[str, float] = {}
        for place, name in enumerate((*METRICS, "better")):
            named |= {name: figures[0, place], f"{name}_low": low[place], f"{name}_high": high[place]}
        rows.append({"way": way} | named)
    return pd.DataFrame(rows)


def _of(y: Floats, p: Floats, loss: Floats, rule: Floats, weight: Floats) -> tuple[float, float, float, float]:
    total = weight.sum()
    better = float((weight * (rule - loss)).sum() / total)
    ratio = float((weight * y).sum() / (weight * p).sum())
    return outcome_auc(y, p, weights=weight), float((weight * loss).sum() / total), ratio, better


def default_scores(rows: pd.DataFrame, now: pd.DataFrame, used: str) -> Floats:
    """Chance of default within three months of the customers of today, learned from every landmark that is known.

    Missing where there is too little to learn from. To six places, so that the last bit is not a matter of chance.
    """
    scorer = fit_scorer(rows)
    if scorer is None or now.empty:
        return np.full(len(now), np.nan)
    return np.round(scorer.scored(now)[used], 6)


def foretold_groups(found: Judged, *, smallest: int) -> pd.DataFrame:
    """Foretold against real defaults of the likeliest tenth, the next one, and all others, where they may be told.

    Returns
    -------
    Table, one row per group, the likeliest first: `group` (0, 1, 2), `customers`, `predicted`, `observed`, `low`,
    `high` (95 %, Wilson), `masked`. Customers of equal chance are in one group.
    """
    place = found.rows["score"].rank(method="average", pct=True, ascending=False)
    groups = found.rows.assign(group=np.searchsorted(GROUP_ENDS, place.to_numpy()))
    sums = {"customers": ("default", "size"), "came": ("default", "sum"), "predicted": ("score", "mean")}
    table = groups.groupby("group", as_index=False).agg(**sums)
    low, high = share_interval(table["came"], table["customers"])
    rates = {"observed": table["came"] / table["customers"], "low": low, "high": high}
    full = table.assign(**rates, paying=table["customers"] - table["came"])
    counts = ["customers", "came", "paying"]
    return masked(full, by=["group"], count=counts, values=list(rates), minimum=smallest)
