"""`linecard warn`: work orders between quarters, by the quarter's frozen model and its warning signs; no report."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.frames.observation import Observation
from analysis.policy.effects_kept import effects_again
from analysis.policy.open_orders import held_now, still_open
from analysis.policy.options import offered
from analysis.policy.reach import reach, with_ours
from analysis.policy.warned import chances, warned
from analysis.policy.warning_figures import listed
from analysis.policy.warnings import Warnings, warnings
from analysis.run.consents import NEEDED, check_consents
from analysis.run.export_people import Persons, persons
from analysis.run.finished import check_finished, check_key, check_mapping, check_params, check_tables, opened
from analysis.run.handed import WARN, handed_out
from analysis.run.params import read_params
from analysis.run.places import local_path, report_name, run_folder
from analysis.run.store import Run
from analysis.run.warn_customers import STAGES, known_then, scores_then, signs_then, writable
from analysis.run.warn_day import asked_day, check_next, check_reached, check_turn, gone_tables
from analysis.run.warn_files import MADE, publish_orders
from analysis.run.warning_month import earning_signs, warning_month
from analysis.run.writing import storage

Rows = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Day:
    """A day between quarters: the `quarter`'s run, and `then`, the run of the day in a folder of its own.

    `gone` are the tables that the source gave the quarter and does not give any more.
    """

    quarter: Run
    then: Run
    tables: dict[str, Rows]
    view: Observation
    gone: list[str]

    @property
    def as_of(self) -> dt.date:
        return self.then.as_of


def warn(params_file: str, as_of: str, *, root: Path) -> tuple[Path, list[str]]:
    """Makes the work orders of a day; returns the folder that holds them, and which tables the source lacks by now.

    The quarter's run is not touched.

    Raises
    ------
    ParamsError
        For a day that is none, not after the quarter, too late, or before one that orders were made for; when the
        params decide otherwise, or the source's mapping reads otherwise, than when the report was made.
    InputRefused
        When there is no finished report, or its tables were changed since; when the extracts end before the day, or
        tell no more who refuses contact.
    AnalysisFailed
        When the quarter's model cannot be had back.
    """
    path = local_path(params_file)
    day = asked_day(as_of, read_params(path, base=root).quarter)
    check_finished(params_file, root=root)
    report = report_name(path)
    folder = run_folder(root, report) / WARN
    check_turn(folder, day)
    with opened(params_file, root=root) as quarter:
        check_params(quarter, params_file)
        check_key(quarter, params_file)
        check_mapping(quarter, params_file)
        check_next(quarter, day, reports=root / "reports")
        check_tables(quarter, params_file)
        own = folder / day.isoformat()
        for place in (folder, own):
            with storage(place):
                place.mkdir(mode=0o700, exist_ok=True)
                place.chmod(0o700)
        try:
            one = _day(quarter, day, own)
            known = persons(one.then)
            found = _made(one, known)
            exports = root / "reports" / report / "exports"
            return publish_orders(quarter, found, known, exports, params_file=root / path), one.gone
        finally:
            _tidied(own)


def _day(quarter: Run, day: dt.date, folder: Path) -> Day:
    """The source as it was known on the day."""
    then = Run(
        quarter.report, quarter.params, quarter.source, quarter.quarter, day, quarter.engine, folder, WARN, quarter.key
    )
    extracts = then.intake()
    check_reached(extracts.tables, quarter.source, day)
    gone = gone_tables(quarter, then)
    check_consents(quarter.tables().get(NEEDED), then.tables().get(NEEDED), source=quarter.source.shown)
    tables, view = known_then(then, extracts.supplied)
    return Day(quarter, then, tables, view, gone)


def _made(day: Day, known: Persons) -> tuple[Run, Warnings, dict[str, Any]]:
    """The orders of the day, stored until they are published; and what they rest on."""
    run, params = day.quarter, day.quarter.params
    handed = handed_out(run, before=day.as_of)
    names = earning_signs(run)
    flagged, missing = signs_then(run, day.then, day.tables, day.view, signs=list(names))
    scores = chances(scores_then(run, day.then))
    policies, effects = effects_again(run.frame("policy_effects"), run.policies)
    ours = still_open(handed, day.tables, engine=run.engine, as_of=day.as_of, open_days=params.warnings.open_days)
    able = _valued(day, scores)
    free = reach(able, day.tables, policies=policies, as_of=day.as_of, quiet_days=params.marketing_quiet_days)
    ready = able.join(with_ours(free, run.engine.table(ours[["customer_id"]])), on="customer_id", how="inner")
    people = offered(ready, policies, effects, as_of=day.as_of)
    month = warning_month(run, handed, as_of=day.as_of)
    held = held_now(run.frame("actions")[["customer_id", "arm"]], day.tables["customers"], run.engine)
    every = warned(scores, flagged, names, chance=params.warnings.chance)
    cause = writable(every, known.known.people, engine=run.engine)
    found = warnings(cause, listed(people, held), policies, effects, month)
    day.then.write(MADE, found.rows, order_by=["priority"], private=True)
    told = {"model": str(run.frame("frozen_model")["model"].iloc[0]), "signs": sorted(names)}
    left = {"time_left_before": dict(month.time), "money_left_before": month.money, "signs_missing": missing}
    left |= {"tables_missing": day.gone, "ids_that_cannot_be_written": len(every) - len(cause)}
    return day.then, found, told | left


def _valued(day: Day, scores: pd.DataFrame) -> Rows:
    """Active customers with their scores of the day and the value that the quarter found."""
    accounts = day.tables["customers"].select("account_id", "customer_id")
    values = day.quarter.read("customer_value").select(account_id=nw.col("customer_id"), clv=nw.col("clv"))
    now = accounts.join(values, on="account_id", how="inner").group_by("customer_id").agg(clv=nw.col("clv").max())
    told = day.quarter.engine.table(scores[["customer_id", "voluntary_3m", "reason_1"]])
    active = day.then.read("customers").filter(nw.col("state") == "active")
    return active.join(told, on="customer_id", how="inner").join(now, on="customer_id", how="inner")


def _tidied(folder: Path) -> None:
    """Removes what the orders were made from: it is as large as a run, and is read from the source again at need."""
    shutil.rmtree(folder / "tables", ignore_errors=True)
    for name in (*STAGES, MADE):
        (folder / f"{name}.parquet").unlink(missing_ok=True)
