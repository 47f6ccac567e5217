"""Everything about bills that are not paid, in one look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.basis.metric import Kpi
from analysis.basis.quarter import months_later
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.observation import Observation
from analysis.frames.open_bills import Payments, payments
from analysis.frames.window import QUARTER
from analysis.measures.ageing import Owed, overdue_by_class, owed_in_all
from analysis.measures.credit_kpis import Customers, few, loss_here_told, loss_kpis, owed_kpis, ratio_kpi, risk_fee_kpi
from analysis.measures.ratio import Ratio
from analysis.models.credit import (
    YEAR,
    Back,
    Bills,
    Loss,
    at_risk,
    credit_bills,
    looked_back,
    loss_now,
    moves,
    never_paid,
    open_now,
    overdue_customers,
    overdue_then,
    payer_states,
)
from analysis.models.default_study import Overlap, Told, default_study, overlap

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]

ACTIVE, THERE = "active", ["active", "suspended"]
RISK_COLUMNS = ["customer_id", "bucket", "owed", "default_3m", "expected_loss"]
TENURE = {"under a year": 12.0, "1 to 2 years": 24.0, "2 to 5 years": 60.0}
LONG = "5 years or more"
BY = {
    "contract_class": "Contract",
    "payment_method": "Payment method",
    "tenure_band": "Time with us",
    "region": "Region",
}


class Study(NamedTuple):
    """What was found; `customers` is the stage table `credit_risk`."""

    told: Payments
    owed: Owed
    loss: Loss
    back: Back | None
    paid: tuple[Ratio, int] | None
    rolls: pd.DataFrame
    steps: int
    default: Told
    both: Overlap | None
    at_risk: tuple[int, float]
    overdue: Customers
    overdue_then: tuple[Customers | None, Customers | None]
    classes: pd.DataFrame
    customers: pd.DataFrame
    billed: float

    def kpis(self, *, smallest: int) -> list[Kpi]:
        """The key figures, without those that few customers are behind."""
        before, year = self.overdue_then
        found = owed_kpis(self.owed, overdue=self.overdue, smallest=smallest, before=before, year=year)
        if self.owed.told:
            here = self.loss.here if loss_here_told(self.owed, smallest=smallest) else None
            found += loss_kpis(self.loss.whole, here, billed=self.billed, owing=self.owed.owing)
        found += risk_fee_kpi(*self.at_risk)
        if self.paid and not few(self.paid[1], smallest):
            found += ratio_kpi("never_paid", self.paid[0])
        if self.back and not few(self.back.unpaid, smallest):
            found += ratio_kpi("loss_came_ratio", self.back.ratio)
        verdict = self.default.judged
        if verdict is not None:
            row = verdict.table.set_index("way").loc[verdict.used]
            found.append(Kpi("default_auc", row["auc"], len(verdict.rows), row["auc_low"], row["auc_high"]))
        return found


def credit_study(
    tables: Tables, stages: Tables, *, observation: Observation, smallest: int, engine: Engine
) -> Study | None:
    """Look at who pays and who does not; None where the source does not say it.

    Parameters
    ----------
    tables : contract tables of the population.
    stages : stage tables `spells`, `customers`, `episodes`, `churn_scores`.
    """
    bills = credit_bills(tables, stages["spells"], observation, engine=engine)
    if bills is None:
        return None
    now = open_now(bills, engine=engine)
    loss = loss_now(bills, now, smallest=smallest)
    there = _with_band(
        stages["customers"].filter(nw.col("state").is_in(THERE)).with_columns(line="state").drop("state")
    )
    everybody = engine.table(payer_states(bills, now, there, loss.losses))
    active = there.filter(nw.col("line") == ACTIVE)
    people = everybody.filter(nw.col("line") == ACTIVE)
    rolls, steps = moves(bills, smallest=smallest, engine=engine)
    told = default_study(bills, stages["episodes"], active, quarters=observation.quarters, engine=engine)
    leaving = to_pandas(stages["churn_scores"].select("customer_id", "voluntary_3m").sort("customer_id"))
    dimensions = {name: label for name, label in BY.items() if name in people.collect_schema().names()}
    order = {"tenure_band": [*TENURE, LONG]}
    return Study(
        bills.told,
        owed_in_all(now, hidden=loss.parts.loc[loss.parts["masked"], "part"].tolist(), smallest=smallest),
        loss,
        looked_back(bills, loss.months),
        never_paid(tables["invoices"], bills, loss.months),
        rolls,
        steps,
        told,
        overlap(told.scores, leaving),
        at_risk(everybody),
        overdue_customers(people),
        _overdue_then(bills, there),
        overdue_by_class(people, dimensions, smallest=smallest, order=order),
        _risk_table(people, told.scores),
        _billed(tables["invoices"], bills),
    )


def _overdue_then(bills: Bills, there: Rows) -> tuple[Customers | None, Customers | None]:
    """Overdue customers a quarter and a year ago; None where lines are suspended now.

    Those of then are not on record, and it is for unpaid bills that lines are suspended.
    """
    suspended = int(to_pandas(there.filter(nw.col("line") != ACTIVE).select(n=nw.len()))["n"].iloc[0])
    if suspended:
        return None, None
    before, year = (overdue_then(bills, months_later(bills.as_of, -back)) for back in (QUARTER, YEAR))
    return before, year


def why_not(tables: Tables, observation: Observation) -> Payments | None:
    """What the bills tell about paying; None without invoices."""
    return payments(tables["invoices"], observation.as_of) if "invoices" in tables else None


def risk_table(study: Study | None, customers: Rows) -> pd.DataFrame:
    """The stage table `credit_risk`, one row per active customer; nothing but the ids where nothing is told."""
    if study is not None:
        return study.customers
    ids = to_pandas(customers.filter(nw.col("state") == ACTIVE).select("customer_id").sort("customer_id"))
    blank = {"bucket": pd.Series([None] * len(ids), dtype=object)} | dict.fromkeys(RISK_COLUMNS[2:], float("nan"))
    return ids.assign(**blank)[RISK_COLUMNS]


def _with_band(customers: Rows) -> Rows:
    band = nw.lit(LONG)
    for name, below in reversed(TENURE.items()):
        band = nw.when(nw.col("tenure_months") < below).then(nw.lit(name)).otherwise(band)
    return customers.with_columns(tenure_band=nw.when(~nw.col("tenure_months").is_null()).then(band))


def _risk_table(people: Rows, scores: pd.DataFrame) -> pd.DataFrame:
    rows = to_pandas(people.select("customer_id", "owed", "expected_loss", bucket="state").sort("customer_id"))
    return rows.merge(scores, on="customer_id", how="left", validate="one_to_one")[RISK_COLUMNS]


def _billed(invoices: Rows, bills: Bills) -> float:
    """What was billed in the last year, tax included."""
    issued = nw.coalesce(nw.col("issued_on"), nw.col("month"))
    kept = invoices.filter((issued > months_later(bills.as_of, -YEAR)) & (issued <= bills.as_of))
    gross = nw.col("amount") + nw.coalesce(nw.col("tax"), nw.lit(0))
    found = to_pandas(kept.select(gross=gross.sum()))["gross"].astype(float).fillna(0.0)
    return float(found.iloc[0])
