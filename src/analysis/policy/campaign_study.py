"""Everything the chapter tells of campaigns, from the stage tables of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.contacted import SEVERAL, contacted, rounds
from analysis.frames.observation import Observation
from analysis.frames.retention import CONTROL
from analysis.measures.arpu import billed_months
from analysis.measures.class_rules import ClassRules, telling
from analysis.measures.margin import Costs
from analysis.models.differences import ratio_chance
from analysis.policy import campaign_money as money
from analysis.policy import campaign_months
from analysis.policy.campaign_batches import Asked
from analysis.policy.campaign_classes import class_effects, interactions
from analysis.policy.campaign_effects import (
    COLUMNS,
    FOLLOWED,
    LEFT,
    Counts,
    counts,
    drawn_by_lot,
    effects,
    primary,
    under_way,
)
from analysis.policy.campaign_observed import Observed, observed
from analysis.policy.campaign_rows import OWN, contact_points, contact_rows, known_before, readable, settled
from analysis.policy.campaign_uplift import Uplift, uplifts

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]

MOST_CAMPAIGNS = 12  # of each kind that are looked at, those with most contacts
SUSPICIOUS = 1e-3  # chance below which the sizes of the arms are not those of a lot (Fabijan et al. 2019)


class Sources(NamedTuple):
    """What a study reads: contract tables about customers, stage tables, and who sees what."""

    tables: Tables
    spells: Rows
    months: Rows
    observation: Observation
    engine: Engine


class Study(NamedTuple):
    """What was found; tables are empty where there is nothing."""

    lack: str | None  # why nothing is told: no campaigns, no contacts
    counts: Counts | None
    effects: pd.DataFrame
    money: pd.DataFrame
    returns: pd.DataFrame
    checks: pd.DataFrame  # campaign, randomised, contacts, control, several, overlap, chance
    classes: pd.DataFrame
    interactions: pd.DataFrame
    uplifts: list[Uplift]
    observed: list[Observed]
    apart: list[str]  # campaigns without lots of which nothing can be compared
    left_out: int
    running: list[str]
    basis: str  # bills or amounts
    value: float  # of a customer on average, missing where unknown
    monthly: pd.DataFrame  # what contacts cost and brought by month, see `campaign_months.monthly`

    @property
    def followed(self) -> bool:
        """Whether leaving is told of anybody."""
        return bool((self.effects["outcome"] == LEFT).any())


CHECKS = ["campaign", "randomised", "contacts", "control", "several", "overlap", "chance"]


def campaign_study(sources: Sources, *, rules: ClassRules, costs: Costs, value: float) -> Study:
    """Study all campaigns of the source; `value` is what a customer is worth on average, missing where unknown."""
    lack = _lack(sources.tables)
    if lack:
        return _without(lack, value)
    spells = None if _nobody(sources.spells) else sources.spells
    contacts = sources.engine.table(contacted(sources.tables, spells, sources.observation, engine=sources.engine))
    found = counts(contacts)
    lots, others, left_out = _chosen(found.arms)
    own = found._replace(
        arms=found.arms[found.arms["campaign"].isin(lots)], lives=found.lives[found.lives["campaign"].isin(lots)]
    )
    told = effects(own)
    rates = money.Rates(_gross_margin(costs), costs.per_month, value)
    basis, gains, by_month = _gains(contacts, sources, own.arms, rates)
    paid = money.returns(told, gains, own.arms, rounds(sources.tables["campaigns"], sources.tables["contacts"]), rates)
    by_class, model = _read_one_by_one(contacts, lots, sources, rules, followed=bool((told["outcome"] == LEFT).any()))
    asked = Asked(contacts, sources.spells, sources.months, sources.tables, sources.observation, rules, sources.engine)
    compared = [(name, observed(asked, name, objective)) for name, objective in others] if spells is not None else []
    seen = [one for _, one in compared if one]
    apart = sorted({name for name, _ in others} - {one.campaign for one in seen})
    checks = _checks(found.arms, contacts, lots)
    followed = (told["outcome"] == LEFT).any()
    running = under_way(own.arms, as_of=sources.observation.as_of) if followed else []
    return Study(
        None, found, told, gains, paid, checks, by_class, interactions(by_class), model, seen, apart, left_out,
        running, basis, value, by_month,
    )  # fmt: skip


def _without(lack: str, value: float) -> Study:
    """The study of a source without campaigns: all its tables are empty."""
    tables = (COLUMNS, money.INCREMENTS, money.RETURNS, CHECKS)
    told, gains, paid, checks = (pd.DataFrame(columns=names) for names in tables)
    classes = class_effects(pd.DataFrame(columns=["campaign", "arm", "good"]), [])
    tried = interactions(classes)
    nothing = pd.DataFrame(columns=campaign_months.COLUMNS)
    return Study(lack, None, told, gains, paid, checks, classes, tried, [], [], [], 0, [], money.BILLS, value, nothing)


def _lack(tables: Tables) -> str | None:
    if "campaigns" not in tables:
        return "campaigns"
    if "contacts" not in tables:
        return "contacts"
    return "nobody" if _nobody(tables["contacts"]) else None


def _nobody(rows: Rows) -> bool:
    return to_pandas(rows.select(n=nw.len()))["n"].iloc[0] == 0


def _chosen(arms: pd.DataFrame) -> tuple[list[str], list[tuple[str, str | None]], int]:
    """Campaigns drawn by lot, the others with their objectives, and how many of both are left out for their number."""
    sizes = arms.groupby("campaign")["contacts"].sum()
    ordered = list(sizes.sort_values(ascending=False, kind="stable").index)
    lots = drawn_by_lot(arms)
    first = [name for name in ordered if name in set(lots)]
    second = [name for name in ordered if name not in set(lots)]
    objectives = arms.groupby("campaign")["objective"].first()
    named = [(str(name), _text(objectives[name])) for name in sorted(second[:MOST_CAMPAIGNS])]
    left_out = max(len(first) - MOST_CAMPAIGNS, 0) + max(len(second) - MOST_CAMPAIGNS, 0)
    return sorted(first[:MOST_CAMPAIGNS]), named, left_out


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _gross_margin(costs: Costs) -> float:
    return float(costs.gross_margin["default"])


def _gains(
    contacts: Rows, sources: Sources, arms: pd.DataFrame, rates: money.Rates
) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """What contacts brought, by the bills of the months after them, or else by the amounts on record; and by month."""
    names = drawn_by_lot(arms)
    own = contacts.filter(nw.col("campaign").is_in(names)) if names else contacts.filter(nw.col("arm").is_null())
    billed = billed_months(sources.months)
    if billed:
        rows = money.months_after(own, sources.months, last=max(billed))
        told = money.increments(money.money_sums(rows, rates), arms)
        return money.BILLS, told, campaign_months.monthly(contacts, rows, rates, campaigns=names)
    rows = money.amounts(own)
    sums = money.money_sums(rows, rates)
    told, by_month = money.increments(sums, arms), campaign_months.monthly(contacts, rows, rates, campaigns=names)
    known = bool((sums["revenue_total"] != 0).any())
    return (money.AMOUNTS, told, by_month) if known else (money.AMOUNTS, told.iloc[:0], by_month.iloc[:0])


def _read_one_by_one(
    contacts: Rows, lots: list[str], sources: Sources, rules: ClassRules, *, followed: bool
) -> tuple[pd.DataFrame, list[Uplift]]:
    """Effects by class and uplift models: what needs each customer's own features."""
    if not lots:
        return class_effects(pd.DataFrame(columns=["campaign", "arm", "good"]), []), []
    points = contact_points(contacts, lots)
    known = known_before(points, sources.tables, sources.observation, rules, engine=sources.engine)
    rows = contact_rows(known)
    parts = [
        settled(own, primary(own["objective"].iloc[0], followed=followed), as_of=sources.observation.as_of)
        for _, own in rows.groupby("campaign", sort=True)
    ]
    ready = pd.concat(parts, ignore_index=True) if parts else rows.assign(good=0).iloc[:0]
    columns = readable(ready, sources.observation, own=OWN)
    return class_effects(ready, list(telling(rules))), uplifts(ready, columns)


def _checks(arms: pd.DataFrame, contacts: Rows, lots: list[str]) -> pd.DataFrame:
    """Of each campaign: its contacts, whether the arms have the sizes of a lot, and who was in several campaigns."""
    doubled = _overlapping(contacts)
    several = to_pandas(contacts.filter(nw.col("arm") == SEVERAL).group_by("campaign").agg(n=nw.len()))
    both = several.set_index("campaign")["n"]
    rows = []
    for name, own in arms.groupby("campaign", sort=True):
        sizes = own.pivot_table(index="round", columns="arm", values="contacts", aggfunc="sum", fill_value=0)
        total, held = float(own["contacts"].sum()), float(own.loc[own["arm"] == CONTROL, "contacts"].sum())
        rows.append(
            {
                "campaign": name, "randomised": name in lots, "contacts": total, "control": held,
                "several": float(both.get(name, 0)), "overlap": float(doubled.get(name, 0.0)),
                "chance": ratio_chance(sizes) if name in lots else np.nan,
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=CHECKS)


def _overlapping(contacts: Rows) -> dict[str, float]:
    """Contacts of each campaign whose customer another campaign approached within three months of it."""
    mine = contacts.select("campaign", "round", "customer_id", "day")
    theirs = contacts.filter(nw.col("arm") != CONTROL).select("customer_id", other="campaign", on="day")
    pairs = mine.join(theirs, on="customer_id", how="inner").filter(nw.col("campaign") != nw.col("other"))
    apart = (nw.col("on") - nw.col("day")).cast(nw.Int64)
    near = pairs.filter((apart <= FOLLOWED) & (apart >= -FOLLOWED)).select("campaign", "round", "customer_id").unique()
    rows = to_pandas(near.group_by("campaign").agg(n=nw.len()))
    return dict(zip(rows["campaign"], rows["n"].astype("float64"), strict=True))


def mean_value(customer_value: Rows | None) -> float:
    """What a customer of today is worth on average (current value), missing where it is not known."""
    if customer_value is None:
        return float("nan")
    mean = to_pandas(customer_value.select(worth=nw.col("current_value").mean().round(6)))["worth"].iloc[0]
    return float("nan") if mean is None or mean != mean else float(mean)


def effects_table(study: Study) -> pd.DataFrame:
    """The stage table `campaign_effects`: a row per campaign, variant and outcome; those without lots are marked.

    Returns
    -------
    Table: `campaign`, `variant`, `objective`, `randomised`, `outcome` (left_3m, converted, responded, revenue, margin),
    `effect`, `low`, `high` (share, or money per contact; treated less control), `treated`, `control`,
    `cost_per_contact`.
    """
    keys = ["campaign", "variant", "objective", "randomised", "outcome"]
    columns = [*keys, "effect", "low", "high", "treated", "control"]
    parts = [study.effects, study.money] if study.lack is None else []
    rows = [part[columns] for part in parts if len(part)]
    rows += [_observed_row(one) for one in study.observed]
    whole = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    costs = study.returns.set_index(["campaign", "variant"])["cost"] if len(study.returns) else pd.Series(dtype=float)
    each = [float(costs.get((one.campaign, one.variant), np.nan)) for one in whole.itertuples()]
    types = {"effect": "float64", "low": "float64", "high": "float64", "treated": "float64", "control": "float64"}
    return whole.assign(cost_per_contact=np.array(each, dtype="float64")).astype({**types, "randomised": "bool"})


def _observed_row(one: Observed) -> pd.DataFrame:
    row = {
        "campaign": one.campaign, "variant": "all contacted", "objective": one.objective, "randomised": False,
        "outcome": LEFT, "effect": one.left.value, "low": one.left.low, "high": one.left.high,
        "treated": float(one.treated), "control": float(one.others),
    }  # fmt: skip
    return pd.DataFrame([row])
