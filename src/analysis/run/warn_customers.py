"""Active customers on a day between quarters, as the chapters know them at a quarter's end, and their scores."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.customers import customers
from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.frames.spells import spells
from analysis.measures.base import told_apart
from analysis.measures.classes import classified
from analysis.measures.rfm import scored, worth
from analysis.measures.risk_overlap import flag_rows
from analysis.measures.risk_rules import flags, todays_rows, unavailable, with_bills
from analysis.models.forecast import learning_rows
from analysis.models.frozen import check_same, rescored, thawed
from analysis.policy.handover_text import unfit_ids
from analysis.run.store import Run

Rows = nw.LazyFrame[Any]
STAGES = ("spells", "months", "customers")  # that are made on the way to the orders


def known_then(run: Run, supplied: dict[str, list[str]]) -> tuple[dict[str, Rows], Observation]:
    """The customers of a day, stored as `customers` of its folder: tables about customers only, and what can be seen.

    Parameters
    ----------
    run : that of the day, whose source was taken in.
    supplied : contract table → the columns that the source gives.
    """
    people = population(run.tables(), engine=run.engine).tables
    view = replace(run.observation, as_of=run.as_of).informed(supplied)
    run.write("spells", spells(people, view), order_by=["customer_id", "spell"])
    spell = run.read("spells")
    run.write("months", months(spell, people, view), order_by=["customer_id", "month"])
    more = worth(run.read("months"), people, view, run.costs)
    seen = classified(scored(customers(spell, people, view, more)), run.classes)
    run.write("customers", told_apart(seen, smallest=run.smallest), order_by=["customer_id"])
    return people, view


def scores_then(quarter: Run, then: Run) -> pd.DataFrame:
    """The scores of a day by the model of the quarter: table of `frozen.rescored`; without rows where it had none.

    Raises
    ------
    AnalysisFailed
        When the model, learned again, does not give the quarter's own scores back.
    """
    kept, stored = quarter.frame("frozen_model").iloc[0], quarter.frame("churn_scores")
    if not kept["scored"]:
        return stored.iloc[:0]
    rows, active = learning_rows(quarter.read("episodes")), to_pandas(_active(quarter))
    refused = set(quarter.frame("refused")["covariate"])
    model = thawed(kept, rows, active, as_of=quarter.as_of, refused=refused)
    check_same(rescored(model, active), stored, where=f"data/runs/{quarter.report}, {kept['model']}")
    return rescored(model, to_pandas(_active(then)))


def signs_then(
    quarter: Run, then: Run, tables: dict[str, Rows], view: Observation, *, signs: list[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Whom the signs flag on a day (`customer_id`, `rule`), and which of them cannot be read then."""
    today = with_bills(todays_rows(then.read("customers"), as_of=then.as_of), tables, view)
    wanted = {name: then.risk_rules[name] for name in signs}
    known = today.collect_schema().names()
    missing = unavailable(wanted, known=known, refused=quarter.frame("refused"))
    kept = {name: one for name, one in wanted.items() if name not in missing}
    told = then.engine.table(flags(today, kept, keep=["customer_id"])) if kept else today.select("customer_id")
    return to_pandas(flag_rows(told, list(kept))), sorted(missing)


def writable(cause: pd.DataFrame, people: Rows, *, engine: Engine) -> pd.DataFrame:
    """Of whom is warned, without those whose id no list can hold as it is: an order for them would be lost.

    Parameters
    ----------
    people : table of `handover.Known`: `customer_id` and `source_id`.
    """
    ids = engine.table(cause[["customer_id"]])
    told = to_pandas(people.join(ids, on="customer_id", how="inner").select("customer_id", "source_id"))
    unfit = set(told.loc[unfit_ids(told["source_id"], forbidden="").to_numpy(), "customer_id"])
    return cause[~cause["customer_id"].isin(unfit)].reset_index(drop=True)


def _active(run: Run) -> Rows:
    return run.read("customers").filter(nw.col("state") == "active")
