"""One measured task, in a process of its own: python -m tests.bench.task TASK FOLDER prints its cost as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from tests.bench.rows import NAMES

AHEAD = [1.0, 3.0, 6.0, 9.0, 12.0, 24.0]
SAMPLE = 50_000  # rows that the model to score with is fitted on
TURNS = 3
AS_OF = dt.date(2026, 9, 30)


def main(task: str, folder: Path) -> None:
    print(json.dumps({**ALONE, **ROWS}[task](folder)))


def cost(call: Callable[[], Any], turns: int = 1) -> tuple[Any, dict[str, Any]]:
    """What a call returns, and its quickest turn; the memory is that of the first turn, when none is left to reuse."""
    added, spent = [], []
    for _ in range(turns):
        before = _restarted_peak()
        wall, cpu = time.perf_counter(), time.process_time()
        made = call()
        spent.append((time.perf_counter() - wall, time.process_time() - cpu))
        added.append(_status("VmHWM") - before)
    return made, {"seconds": min(spent)[0], "cpu_seconds": min(spent)[1], "added_mb": added[0]}


def _restarted_peak() -> float:
    """Megabytes held now; the peak is counted from here on. Not-a-number where the system tells neither."""
    peak = Path("/proc/self/clear_refs")
    if not peak.exists():
        return float("nan")
    peak.write_text("5", encoding="ascii")
    return _status("VmRSS")


def _status(name: str) -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    values = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return int(values[name].split()[0]) / 1024


# -------------------------------------------------------------------------------------------------------------- tasks


def scan(folder: Path) -> dict[str, Any]:
    """Every column once, in DuckDB."""
    import duckdb

    sums = ", ".join(f"sum({name})" for name in ["entry", "exit", "event", *NAMES])
    return cost(lambda: duckdb.sql(f"SELECT {sums} FROM '{folder / 'rows.parquet'}'").fetchall(), TURNS)[1]


def typed_scan(folder: Path) -> dict[str, Any]:
    """The extracts read in DuckDB alone, every column of its known type."""
    from tests.bench.extracts import typed_scan as scanned

    return cost(lambda: scanned(folder / "extracts"))[1]


def intake(folder: Path) -> dict[str, Any]:
    """The same extracts read, checked and accounted for, with the memory that a report has."""
    from analysis.extracts.engine import Engine
    from analysis.extracts.intake import intake as taken
    from analysis.extracts.mapping import read_source
    from analysis.run.params import Params

    def take() -> int:
        with Engine(memory_limit=f"{Params.model_fields['memory_gb'].default}GB", temp=folder) as engine:
            doors = taken(read_source(folder / "extracts", environ={}), engine, as_of=AS_OF).doors
            return int(doors["accepted"].sum())

    rows, costs = cost(take)
    return costs | {"peak_mb": _status("VmHWM"), "rows": rows}


def classes_by_hand(folder: Path) -> dict[str, Any]:
    """RFM and every class of a large base in DuckDB's own SQL."""
    from tests.bench.segments import classes_by_hand as by_hand

    return cost(lambda: by_hand(folder), TURNS)[1]


def classes_ours(folder: Path) -> dict[str, Any]:
    """The same table by the rules of params/standards.yml."""

    from analysis.extracts.engine import Engine
    from analysis.frames.observation import Observation
    from analysis.frames.rfm import rfm
    from analysis.measures.classes import classified
    from analysis.measures.rfm import scored
    from analysis.run.class_params import class_rules
    from analysis.run.params import shipped_classes

    rules = class_rules(shipped_classes(), currency="EUR")
    seen = Observation(AS_OF, dt.date(2024, 10, 1))

    def divide() -> None:
        with Engine(temp=folder) as engine:
            customers, months = (engine.scan_parquet(folder / f"{name}.parquet") for name in ("customers", "months"))
            keys = customers.select("customer_id", "landmark")
            told = rfm(keys, months, {"invoices": engine.table(pd.DataFrame({"kind": ["recurring"]}))}, seen)
            known = customers.join(told, on=["customer_id", "landmark"], how="left")
            engine.write_parquet(classified(scored(known), rules), folder / "ours.parquet", order_by=["customer_id"])

    return cost(divide, TURNS)[1]


def moves_by_hand(folder: Path) -> dict[str, Any]:
    """Who moved between the classes of a large base, in DuckDB's own SQL."""
    from tests.bench.segments import moves_by_hand as by_hand

    return cost(lambda: by_hand(folder), TURNS)[1]


def moves_ours(folder: Path) -> dict[str, Any]:
    """The same by the measures, masks included."""
    from analysis.basis.quarter import Quarter
    from analysis.extracts.engine import Engine
    from analysis.measures.class_moves import class_moves
    from analysis.measures.class_table import class_table
    from analysis.measures.moves import moves
    from analysis.run.class_params import class_rules
    from analysis.run.params import shipped_classes

    rules = class_rules(shipped_classes(), currency="EUR")
    quarter = Quarter.of(AS_OF)

    with Engine(temp=folder) as engine:
        exposed, customers = (engine.scan_parquet(folder / f"{name}.parquet") for name in ("exposed", "by_hand"))
        classes = class_table(customers, exposed, None, dimensions=rules, smallest=11)

    def follow() -> None:
        with Engine(temp=folder) as engine:
            exposed, now, months = (
                engine.scan_parquet(folder / f"{name}.parquet") for name in ("exposed", "by_hand", "months")
            )
            rows = moves(exposed, now.with_columns(spell=nw.lit(1)), months, rules=rules, quarter=quarter)
            held = engine.table(rows)
            told = class_moves(held, classes, dimensions=rules, billed=True, smallest=11)
            engine.write_parquet(engine.table(told.pairs), folder / "moved_ours.parquet", order_by=["place"])

    return cost(follow, TURNS)[1]


def value_ours(folder: Path) -> dict[str, Any]:
    """The value of a large base, current and potential, without intervals, once survival is scored."""
    from tests.bench.worth import made

    from analysis.models.value import customer_value

    margin, ahead, growth = made(len(pd.read_parquet(folder / "rows.parquet", columns=["entry"])))
    valued, costs = cost(lambda: customer_value(margin, ahead, discount_rate=0.08, growth=growth, intervals=False))
    return costs | {"rows": len(valued.customers), "peak_mb": _status("VmHWM")}


def fit_ours(folder: Path, rows: pd.DataFrame) -> dict[str, Any]:
    from analysis.models.cox import fit_cox

    return cost(lambda: fit_cox(rows[NAMES], times=rows[["entry", "exit", "event"]]))[1]


def fit_lifelines(folder: Path, rows: pd.DataFrame) -> dict[str, Any]:
    return cost(lambda: _lifelines(rows))[1]


def score_lifelines(folder: Path, rows: pd.DataFrame) -> dict[str, Any]:
    """Conditional survival of all rows from their exits on, by a model fitted on the first of them."""
    model = _lifelines(rows.head(SAMPLE))
    _write_model(model, folder, last=int(rows["exit"].max() + max(AHEAD)))
    customers, tenure = rows[NAMES], rows["exit"].to_numpy()
    made, costs = cost(lambda: model.predict_survival_function(customers, times=AHEAD, conditional_after=tenure), TURNS)
    np.save(folder / "score_lifelines.npy", made.to_numpy().T)
    return costs


def score_ours(folder: Path, rows: pd.DataFrame) -> dict[str, Any]:
    """The same with the coefficients and the baseline that lifelines found."""
    from analysis.models.cox import conditional_survival

    model = _model(folder, rows=len(rows))
    customers, tenure = rows[NAMES], rows["exit"].to_numpy()
    made, costs = cost(lambda: conditional_survival(model, customers, tenure=tenure, ahead=AHEAD), TURNS)
    np.save(folder / "score_ours.npy", made)
    return costs


def _lifelines(rows: pd.DataFrame) -> Any:
    from lifelines import CoxPHFitter

    return CoxPHFitter().fit(rows, duration_col="exit", event_col="event", entry_col="entry")


def _write_model(model: Any, folder: Path, *, last: int) -> None:
    """Keep coefficients, means, and the baseline at whole months, between which lifelines draws lines."""
    known = model.baseline_cumulative_hazard_
    months = np.arange(last + 1.0)
    hazard = np.interp(months, known.index.to_numpy(), known.iloc[:, 0].to_numpy())
    pd.DataFrame({"time": months, "cumulative_hazard": hazard}).to_parquet(folder / "baseline.parquet")
    pd.DataFrame({"coefficient": model.params_[NAMES], "mean": model._norm_mean[NAMES]}).to_parquet(
        folder / "coefficients.parquet"
    )


def _model(folder: Path, *, rows: int) -> Any:
    from analysis.models.cox import Cox

    kept = pd.read_parquet(folder / "coefficients.parquet").loc[NAMES]
    baseline = pd.read_parquet(folder / "baseline.parquet").assign(stratum="all", hazard_step=np.nan)
    return Cox(
        names=tuple(NAMES),
        coefficients=kept[["coefficient"]],
        covariance=np.zeros((len(NAMES), len(NAMES))),
        means=kept["mean"].to_numpy(),
        baseline=baseline,
        log_likelihood=np.nan,
        events=0,
        rows=rows,
        iterations=0,
    )


def _with_rows(task: Callable[[Path, pd.DataFrame], dict[str, Any]]) -> Callable[[Path], dict[str, Any]]:
    return lambda folder: task(folder, pd.read_parquet(folder / "rows.parquet"))


TASKS = (scan, typed_scan, intake, classes_by_hand, classes_ours, moves_by_hand, moves_ours, value_ours)
ALONE = {task.__name__: task for task in TASKS}
ROWS = {task.__name__: _with_rows(task) for task in (fit_ours, fit_lifelines, score_ours, score_lifelines)}

if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
