"""How much faster customers leave by what is known of them, each way of leaving by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.candidates.learning import whole_customers
from analysis.models.counts import Truths
from analysis.models.covariates import refused
from analysis.models.cox import Cox
from analysis.models.forecast import holding_a_product, quarter_number
from analysis.models.movers.catalogue import needed_columns
from analysis.models.movers.design import Column, Leaving, design
from analysis.models.movers.periods import STRATIFIED, TESTS, Checked, Data, checked
from analysis.models.preflight import preflight

WAYS: tuple[str | None, ...] = ("voluntary", "non_payment", "moved")
MOST_ROWS = 100_000  # episodes, of whole customers
REFUSED_ROWS = 20_000  # from which columns are refused
FEWEST_EVENTS = 10  # leavers per coefficient
FEWEST = 2 * FEWEST_EVENTS
LARGEST = 20.0  # ratio; what is beyond it tells nearly alone who leaves so, and is part of leaving
RATIOS = ("what", "mover", "family", "period", "ratio", "low", "high")
OWN_BASELINE = (
    "Its ratio changes with tenure, and too few left to tell it early and late: customers are compared within it."
)
BEYOND = f"Its ratio is beyond {LARGEST:.0f}-fold: it is a part of leaving rather than what moves it."
EVERYBODY = "Everybody left so while observed: nobody is there to compare them with."

Remark = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Study:
    """What moves one way of leaving.

    Attributes
    ----------
    kind : the way of leaving; missing for all together.
    verdict : why nothing is told; empty where ratios are.
    ratios : table, one row per told column and period: `what` (words), `mover`, `family`, `period` ("early", "late",
        or empty for all tenures), `ratio` (of the hazard of who has it to that of who has not, or of a step; all else,
        tenure and quarter equal), `low`, `high` (95 %, errors by customer).
    tests : see `analysis.models.movers.periods.Checked`.
    remarks : table, one row per column that is not told: `what`, `reason`.
    turn : month of tenure at which early ends; missing where no ratio is told by period.
    leavers, customers : those that it stands on.
    """

    kind: str | None
    verdict: str
    ratios: pd.DataFrame
    tests: pd.DataFrame
    remarks: pd.DataFrame
    turn: float | None
    leavers: int
    customers: int


def what_moves_each_way(
    rows: pd.DataFrame, *, known_at: Mapping[str, str], refused_already: pd.DataFrame | None, smallest: int
) -> list[Study]:
    """What moves leaving by choice, for unpaid bills, and by moving away; all leaving where the source gives no kinds.

    Parameters
    ----------
    rows : table of `forecast.learning_rows`, one row per customer, spell and landmark.
    known_at : column → since when it is known, as the source declares it.
    refused_already : columns refused elsewhere, with the columns of `covariates.refused`.
    smallest : leavers with and without a thing, below which it is not told.
    """
    there = [name for name in needed_columns() if name in rows.columns]
    used = whole_customers(holding_a_product(rows), most=MOST_ROWS)
    sample = whole_customers(used, most=REFUSED_ROWS)
    without = refused(sample, there, known_at=known_at, extra=refused_already)["covariate"].tolist()
    kinds = WAYS if used["left_kind"].notna().any() else (None,)
    return [what_moves(used, kind, without=without, smallest=smallest) for kind in kinds]


def what_moves(rows: pd.DataFrame, kind: str | None, *, without: Collection[str] = (), smallest: int = 11) -> Study:
    """Hazard ratios of one way of leaving, from a Cox model by tenure in which other leavers are lost from sight.

    Customers are compared at equal tenure within the same quarter. A coefficient needs ten leavers; where there are
    fewer the later part of the catalogue goes.

    Parameters
    ----------
    rows : table of `forecast.learning_rows`, one row per customer, spell and landmark.
    kind : of leaving; None for all together.
    without : columns that may not be used: see `analysis.models.covariates.refused`.
    smallest : leavers with and without a thing, below which it is not told.

    References
    ----------
    Cox (1972); Prentice et al. (1978) for the hazard of one cause; Peduzzi et al. (1995) for ten events each.
    """
    leaving = _leaving(rows, kind, without, smallest)
    leavers = int(leaving.left.sum())
    behind = (leavers, int(leaving.rows["customer_id"].nunique()))
    if leavers < FEWEST:
        return _nothing(kind, _too_few(*behind), [], behind)
    columns, values, remarks = design(leaving)
    room = leavers // FEWEST_EVENTS
    fitting = _first(columns, values, room)
    crowded = [(one.name, _no_room(room)) for one in columns if one.told and one not in fitting]
    data, cox, failed = _ready(leaving, fitting, values)
    remarks = [*remarks, *failed, *crowded]
    if data is None or cox is None:
        verdict = "Nothing that differs between customers can be compared."
        return _nothing(kind, verdict if leavers < len(leaving.rows) else EVERYBODY, remarks, behind)
    return _told(kind, checked(data, cox, smallest=smallest), remarks, behind)


def _leaving(rows: pd.DataFrame, kind: str | None, without: Collection[str], smallest: int) -> Leaving:
    used = whole_customers(holding_a_product(rows), most=MOST_ROWS)
    event = used["event"].to_numpy() == 1
    own: Truths = event if kind is None else event & (used["left_kind"] == kind).to_numpy(dtype=bool, na_value=False)
    return Leaving(used, kind, own, quarter_number(pd.to_datetime(used["landmark"])), without, smallest)


def _too_few(leavers: int, customers: int) -> str:
    if not customers:
        return "Nobody was under observation with a product."
    return f"Fewer than {FEWEST} left so: too few to compare anything." if leavers else "Nobody left so while observed."


def _first(columns: Sequence[Column], values: pd.DataFrame, room: int) -> list[Column]:
    """The first columns of the catalogue that there are leavers enough for; the levels of a group stay together.

    What is the same for everyone needs no room, and stays for the pre-flight to say so.
    """
    varies = {name: float(values[name].max() > values[name].min()) for name in values.columns}
    kept: list[Column] = []
    for mover in dict.fromkeys(column.mover for column in columns):
        both = kept + [column for column in columns if column.mover == mover]
        if sum(varies[column.name] for column in both) > room:
            break
        kept = both
    return kept


def _no_room(room: int) -> str:
    return f"Enough left so for {room} comparisons only, and others come first."


def _ready(
    leaving: Leaving, columns: Sequence[Column], values: pd.DataFrame
) -> tuple[Data | None, Cox | None, list[Remark]]:
    """The columns that pass the pre-flight and their fit, none where nothing can be told; and what did not pass."""
    rows = leaving.rows
    times = pd.DataFrame({"entry": rows["start"].to_numpy("float64"), "exit": rows["stop"].to_numpy("float64")})
    times["event"] = leaving.left.astype(np.int64)
    cluster = np.unique(rows["customer_id"].to_numpy(), return_inverse=True)[1].astype(np.int64)
    names = [column.name for column in columns]
    flight = preflight(values[names], times, strata=leaving.quarter, cluster=cluster, fewest_events=FEWEST_EVENTS)
    told = {column.name for column in columns if column.told}
    remarks = [(row.covariate, row.reason) for row in flight.remarks.itertuples() if row.covariate in told]
    if flight.fit is None or not told & set(flight.kept):
        return None, None, remarks
    kept = tuple(column for column in columns if column.name in flight.kept)
    return Data(kept, values[flight.kept], times, leaving.quarter, cluster), flight.fit, remarks


def _told(kind: str | None, fit: Checked, remarks: list[Remark], behind: tuple[int, int]) -> Study:
    ratios = _ratios(fit)
    far = (ratios["ratio"] > LARGEST) | (ratios["ratio"] < 1 / LARGEST)
    stratified = fit.tests.loc[fit.tests["done"] == STRATIFIED, "mover"]
    hushed = [*((mover, OWN_BASELINE) for mover in stratified), *((what, BEYOND) for what in ratios.loc[far, "what"])]
    return Study(
        kind, "", ratios[~far].reset_index(drop=True), fit.tests, _table([*remarks, *hushed]), fit.turn, *behind
    )


def _ratios(fit: Checked) -> pd.DataFrame:
    found = fit.cox.coefficients.set_index("covariate")[["coefficient", "low", "high"]]
    rows = []
    for column in fit.data.columns:
        period = fit.period.get(column.name, "")
        words = column.name.removesuffix(f" {period}") if period else column.name
        if column.told:
            rows.append((words, column.mover, column.family, period, *np.exp(found.loc[column.name])))
    return pd.DataFrame(rows, columns=list(RATIOS))


def _nothing(kind: str | None, verdict: str, remarks: list[Remark], behind: tuple[int, int]) -> Study:
    ratios, tests = (pd.DataFrame(columns=list(columns)) for columns in (RATIOS, TESTS))
    return Study(kind, verdict, ratios, tests, _table(remarks), None, *behind)


def _table(remarks: Sequence[Remark]) -> pd.DataFrame:
    return pd.DataFrame(list(remarks), columns=["what", "reason"])
