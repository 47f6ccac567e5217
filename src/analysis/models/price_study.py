"""Whether plans and prices fit, in one look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.baskets import landmarks
from analysis.frames.observation import Observation
from analysis.frames.plan_use import plan_use
from analysis.frames.price_rises import price_rises
from analysis.measures.plan_gaps import plan_gaps
from analysis.measures.price_fit import FitRules, cap_months, fit_by_plan, fit_groups, price_fit, stage_table, taken_up
from analysis.measures.price_kpis import fit_kpis
from analysis.models.forecast import learning_rows
from analysis.models.price_controls import read_columns
from analysis.models.price_effect import MOST_ROWS, PriceEffect, price_effect
from analysis.models.price_payback import Payback, payback

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]
COLUMNS = ("customer_id", "product", "plan", "fit", "target", "use_share_of_cap", "monthly_change")
LOOKED_BACK = 5  # quarter ends: the last day, and a year before it
RISE = 0.05  # of the fees: the rise that figures are told for


class Asked(NamedTuple):
    """The rules of the params: of fit, of a month near the cap, how long a rise is felt, and the smallest group."""

    rules: FitRules
    near_cap: float
    felt: int
    smallest: int


class Fit(NamedTuple):
    """How plans fit; `customers` is the stage table, `taken` who took a bigger plan of those who needed it."""

    groups: pd.DataFrame
    plans: pd.DataFrame
    caps: pd.DataFrame
    gaps: pd.DataFrame
    taken: tuple[float, float]
    customers: Rows


class Study(NamedTuple):
    """What was found, or what is missing for it: a table, "plans" (of known speed or cap), or "use"."""

    lack: str
    fit: Fit | None
    effect: PriceEffect | None
    paid: Payback | None
    asked: Asked

    def kpis(self) -> list[Kpi]:
        """The key figures."""
        found = fit_kpis(self.fit.groups) if self.fit else []
        if self.effect and self.paid:
            ratio, percent = self.paid.ratio, self.paid.percent
            found.append(Kpi("price_rise_ratio", ratio[0], self.effect.customers, ratio[1], ratio[2]))
            found.append(Kpi("price_elasticity", percent[0], self.effect.customers, percent[1], percent[2]))
        return found


def price_study(tables: Tables, stages: Tables, *, observation: Observation, asked: Asked, engine: Engine) -> Study:
    """Everything about plans against use, and about price rises.

    Parameters
    ----------
    tables : contract tables of customers only.
    stages : `spells`, `customers`, `episodes`, and where there are any `plan_steps` and `customer_value`.
    """
    lack = next((name for name in ("subscriptions", "usage") if name not in tables), "")
    fit: Fit | str = lack or _fit(tables, stages, observation=observation, asked=asked, engine=engine)
    effect = _effect(tables, stages, observation=observation, felt=asked.felt) if "subscriptions" in tables else None
    paid = payback(effect, share=RISE, fees=_mean_fee(stages), value=_mean_value(stages)) if effect else None
    if isinstance(fit, str):
        return Study(fit, None, effect, paid, asked)
    return Study("", fit, effect, paid, asked)


def _fit(tables: Tables, stages: Tables, *, observation: Observation, asked: Asked, engine: Engine) -> Fit | str:
    days = landmarks(observation)[-LOOKED_BACK:]
    smallest, lives = asked.smallest, {**tables, "spells": stages["spells"]}
    use = plan_use(days, lives, observation, engine=engine, near_cap=asked.near_cap)
    last = use.filter(nw.col("landmark") == observation.as_of)
    told = to_pandas(last.select(lines=nw.len(), used=nw.col("use").count())).iloc[0]
    if not told["lines"] or not told["used"]:
        return "use" if told["lines"] else "plans"
    rows = price_fit(use, rules=asked.rules, engine=engine)
    groups = fit_groups(rows, smallest=smallest)
    return Fit(
        groups, fit_by_plan(rows, smallest=smallest), cap_months(rows, groups, rules=asked.rules, smallest=smallest),
        plan_gaps(rows, smallest=smallest), taken_up(rows, stages.get("plan_steps")),
        stage_table(rows, day=observation.as_of),
    )  # fmt: skip


def _effect(tables: Tables, stages: Tables, *, observation: Observation, felt: int) -> PriceEffect:
    rises = to_pandas(price_rises(tables["subscriptions"], observation)).sort_values(["customer_id", "month"])
    episodes = stages["episodes"]
    counted = to_pandas(episodes.select(n=nw.col("customer_id").n_unique())).fillna(0)  # none where there is no row
    everyone = int(counted["n"].iloc[0])
    covered = observation.covered_from("subscriptions")
    read = read_columns(episodes.collect_schema().names())
    rows = learning_rows(episodes.select(read), most=MOST_ROWS)
    return price_effect(rows, rises, covered=max(covered, observation.begins), felt=felt, everyone=everyone)


def _mean_fee(stages: Tables) -> float:
    """Fees of an active customer, money a month."""
    return _mean(stages["customers"].filter(nw.col("state") == "active"), "monthly_fee")


def _mean_value(stages: Tables) -> float:
    return _mean(stages["customer_value"], "current_value") if "customer_value" in stages else np.nan


def _mean(rows: Rows, name: str) -> float:
    if name not in rows.collect_schema().names():
        return np.nan
    exact = nw.col(name).cast(nw.Float64).round(4).cast(nw.Decimal(38, 4))
    found = to_pandas(rows.select(sum=exact.sum(), n=nw.col(name).count())).iloc[0]
    return float(found["sum"] / found["n"]) if found["n"] else np.nan


def stage_rows(study: Study) -> Rows | pd.DataFrame:
    """The stage table `price_fit`; without rows where the fit of plans cannot be told."""
    return study.fit.customers if study.fit else pd.DataFrame(columns=list(COLUMNS), dtype=str)
