"""What the warning orders are, by team, reason and who warned; who was left out; and the key figures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.measures.disclosure import masked
from analysis.policy.actions import ACT
from analysis.policy.table import Team
from analysis.policy.warned import BY_BOTH, BY_MODEL, BY_SIGN
from analysis.policy.warning_record import AS_MANY
from analysis.policy.warnings import LEFT_OUT, Warnings

TEAM, REASON, WARNED_BY, PRIORITY = "team", "reason", "warned_by", "priority"
THIRDS = ("first third", "second third", "last third")
SUMS = {"cost": "cost", "at_risk": "at_risk", "benefit": "expected_benefit"}


def order_groups(found: Warnings, teams: Mapping[str, Team], *, smallest: int) -> pd.DataFrame:
    """The orders by team, by reason, by priority (thirds of the list) and by who warned, each dividing them all.

    Table: `kind` (team, reason, priority, warned_by), `class`, `orders`, `cost`, `at_risk`, `benefit`, `masked`.
    """
    rows = found.acted.sort_values("priority", ignore_index=True)
    third = np.minimum(len(THIRDS) * np.arange(len(rows)) // max(len(rows), 1), len(THIRDS) - 1)
    owners = {name: team.owner for name, team in teams.items()}
    classes = {
        TEAM: rows["team"].map(owners), PRIORITY: pd.Series([THIRDS[one] for one in third], rows.index, dtype=object),
        REASON: rows["reason"], WARNED_BY: rows["warned_by"],
    }  # fmt: skip
    parts = [_divided(rows, kind, klass, smallest=smallest) for kind, klass in classes.items()]
    return pd.concat(parts, ignore_index=True)


def _divided(rows: pd.DataFrame, kind: str, klass: pd.Series, *, smallest: int) -> pd.DataFrame:
    sums = {name: (column, "sum") for name, column in SUMS.items()}
    told = rows.assign(klass=klass.to_numpy()).groupby("klass", sort=True).agg(orders=("customer_id", "size"), **sums)
    table = told.reset_index().rename(columns={"klass": "class"})
    order = {PRIORITY: THIRDS, WARNED_BY: (BY_SIGN, BY_MODEL, BY_BOTH)}.get(kind)
    if order is not None:
        table = table.sort_values("class", key=lambda one: one.map(order.index), ignore_index=True)
    else:
        table = table.sort_values(["orders", "class"], ascending=[False, True], ignore_index=True)
    return masked(table, by=["class"], count="orders", values=list(SUMS), minimum=smallest).assign(kind=kind)


def left_alone(found: Warnings, *, smallest: int) -> pd.DataFrame:
    """Who of those warned of got no order, and why: `why`, `customers`, `masked`; in the order of `LEFT_OUT`."""
    counts = found.why.value_counts().reindex(list(LEFT_OUT), fill_value=0)
    told = pd.DataFrame({"why": list(LEFT_OUT), "customers": counts.to_numpy("int64")})
    return masked(told, by=["why"], count="customers", values=[], minimum=smallest)


def cost_told(found: Warnings, *, smallest: int) -> bool:
    """Whether the orders' cost may be told: what one costs is public, so it would tell how many get a rare action."""
    return bool(found.acted["policy"].value_counts().ge(smallest).all())


def warning_kpis(found: Warnings, record: pd.DataFrame, *, smallest: int) -> list[Kpi]:
    """How many orders, what is at risk and what they cost; and what as many warnings would have found in the past."""
    rows, kpis = found.acted, []
    if len(rows):
        many = len(rows)
        kpis = [
            Kpi("warnings", many, many),
            *([Kpi("warnings_cost", float(rows["cost"].sum()), many)] if cost_told(found, smallest=smallest) else []),
            Kpi("warnings_at_risk", float(rows["at_risk"].sum()), many),
        ]
    told = record[(record["rule"] == f"both_{AS_MANY}") & (record["within"] == "month") & record["precision"].notna()]
    for row in told.to_dict("records"):
        n = int(row["customers"])
        kpis.append(Kpi("warning_precision", row["precision"], n, row["low"], row["high"]))
        kpis.append(Kpi("warning_recall", row["recall"], n, row["recall_low"], row["recall_high"]))
    return kpis


def listed(customers: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """Customers with `listed`: act or control where they are on the quarter's action list, else missing."""
    arms = actions.drop_duplicates("customer_id").set_index("customer_id")["arm"]
    return customers.assign(listed=customers["customer_id"].map(arms))


def counts(found: Warnings) -> dict[str, object]:
    """What the manifest of a month's orders says of them: counts, and nobody's name."""
    by = found.rows.loc[found.rows["arm"] == ACT, "warned_by"].value_counts()
    names = {BY_SIGN: "by signs alone", BY_MODEL: "by the model alone", BY_BOTH: "by both"}
    return {
        "orders": len(found.acted),
        "warned_of": len(found.acted) + len(found.why),
        "orders_by": {words: int(by.get(name, 0)) for name, words in names.items()},
        "left_out": {name: int((found.why == name).sum()) for name in LEFT_OUT},
    }
