"""The whole report on simulated providers, beside the truth they were made from: leaving and value, seed by seed.

Each seed makes a demo, runs the report on it as a scheduler would, and compares `churn_scores` and `customer_value`
with `truth/`. The share of the attainable AUC and the calibration slope are those of the 3-month probability against
the realised future, which nothing was learned from.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from tests.truth.agreement import LEAST, agreement, beside
from tests.truth.table import Table

from analysis.basis.quarter import months_later
from analysis.models.brier import outcome_auc
from analysis.models.calibration import calibration
from analysis.models.forecast import GRID
from analysis.models.remaining import conditional_life
from analysis.models.validation import judged
from analysis.run.params import shipped_classes

ROOT = Path(__file__).parents[2]
CHAPTERS = ("10_data", "20_base", "30_segments", "40_churn", "50_value")
AS_OF = pd.Timestamp("2026-09-30")
LARGE_CLASS = 2_000
RATIO, SLOPE, AUC_SHARE, VALUE = (0.9, 1.1), (0.85, 1.15), 0.90, 0.07


class Size(NamedTuple):
    """Seeds and accounts of a part, runs side by side, and how far estimates may lie from the truth.

    `slack` widens every bound for a provider of few customers: chance alone moves its figures so far.
    """

    seeds: int
    accounts: int
    workers: int
    slack: float = 0.0


# Some 5,400 active customers and 2,500 leavers to learn from: three times the chance error of the full size.
FULL, QUICK = Size(10, 60_000, 2), Size(1, 8_000, 1, slack=0.1)


def tables(quick: bool, out: Path) -> list[Table]:
    return made(QUICK if quick else FULL, out)


def made(size: Size, out: Path) -> list[Table]:
    """The tables of this part: one line per seed, and one per seed and large class."""
    with ThreadPoolExecutor(size.workers) as pool:
        found = list(pool.map(lambda seed: compared(seed, size, out), range(1, size.seeds + 1)))
    figures = pd.DataFrame([one for one, _ in found])
    return [
        totals(figures, slack=size.slack),
        class_ratios(pd.concat([classes for _, classes in found], ignore_index=True), slack=size.slack),
        values(figures, slack=size.slack),
        reasons(figures, slack=size.slack),
    ]


# ------------------------------------------------------------------------------------------------------------ one seed


def compared(seed: int, size: Size, out: Path) -> tuple[dict[str, float], pd.DataFrame]:
    """A seed's figures, and its classes' ratios."""
    with tempfile.TemporaryDirectory(dir=out) as name:
        folder = Path(name)
        run_report(folder, seed=seed, accounts=size.accounts)
        tables_of_run = folder / "data/runs/2026-Q3"
        rows = joined(tables_of_run, folder / "extracts/truth")
        null = null_risk(pd.read_parquet(tables_of_run / "episodes.parquet"), rows["tenure_months"].to_numpy())
    why = {f"reasons_{name}": value for name, value in agreement(beside(rows)).items()}
    figures = {"seed": seed, **leaving_figures(rows, null), **value_figures(rows), **why}
    classes = by_class(rows, seed=seed)
    print(progress(figures, classes), file=sys.stderr, flush=True)
    return figures, classes


def progress(figures: dict[str, float], classes: pd.DataFrame) -> str:
    """One line on a seed that is done, for whoever waits for the tables, or has to stop before they come."""
    names = ("ratio_3m", "auc_share", "slope", "ibs_difference", "high", "value_ratio", "reasons_agree")
    told = {name: figures[name] for name in names}
    told |= {"lowest_class": classes["ratio"].min(), "highest_class": classes["ratio"].max()}
    return f"seed {figures['seed']:.0f}: " + ", ".join(f"{name} {value:.4f}" for name, value in told.items())


def run_report(folder: Path, *, seed: int, accounts: int, chapters: Sequence[str] = CHAPTERS) -> None:
    """Make the demo of a seed under `folder` and run chapters of its report: those that tell of leaving and value."""
    linecard = [sys.executable, "-m", "analysis"]
    demo = ["demo", "--customers", str(accounts), "--seed", str(seed), "--out", "extracts"]
    (folder / "notebooks").mkdir()
    for chapter in chapters:
        shutil.copy(ROOT / "notebooks" / f"{chapter}.ipynb", folder / "notebooks")
    (folder / "2026-Q3.yml").write_text("quarter: 2026-Q3\nsource: ./source\n", encoding="utf-8")
    _call([*linecard, *demo], folder)
    (folder / "source").mkdir()
    text = (folder / "extracts/source.yml").read_text(encoding="utf-8")
    lines = [line if not line.startswith("files:") else "files: ../extracts" for line in text.splitlines()]
    (folder / "source/source.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _call([*linecard, "run", "2026-Q3.yml"], folder)


def _call(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ | {"MPLBACKEND": "agg"})
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[2:4])} ended with {done.returncode}:\n{done.stderr[-2000:]}")


def joined(run: Path, truth: Path) -> pd.DataFrame:
    """Scores, values, classes, truth and what came of them: one row per active customer."""
    scores = pd.read_parquet(run / "churn_scores.parquet")
    true = pd.read_parquet(truth / "truth.parquet").rename(columns=lambda name: name.replace("voluntary", "by_choice"))
    rows = scores.merge(true, on="customer_id", how="outer", indicator=True)
    strangers = int((rows["_merge"] != "both").sum())
    if strangers > 0.001 * len(rows):
        raise RuntimeError(f"{strangers} customers are in one of scores and truth only")
    rows = rows[rows["_merge"] == "both"]
    value = pd.read_parquet(run / "customer_value.parquet").rename(columns={"current_value": "predicted_value"})
    rows = rows.merge(value[["customer_id", "predicted_value"]], on="customer_id", validate="1:1")
    known = ["customer_id", "tenure_months", *(f"{name}_class" for name in shipped_classes())]
    rows = rows.merge(pd.read_parquet(run / "customers.parquet")[known], on="customer_id", validate="1:1")
    return rows.merge(pd.read_parquet(truth / "future.parquet"), on="customer_id", validate="1:1")


def null_risk(episodes: pd.DataFrame, tenure: np.ndarray) -> np.ndarray:
    """The Kaplan–Meier null's chance of having left, by tenure alone."""
    counts = pd.DataFrame({"entry": episodes["start"], "exit": episodes["stop"], "event": episodes["event"], "n": 1})
    return 1 - conditional_life(counts).survival(tenure, np.array(GRID, dtype=float))


def leaving_figures(rows: pd.DataFrame, null: np.ndarray) -> dict[str, float]:
    """Ratio to the truth, share of the attainable AUC, calibration and Brier score against the realised future."""
    time, event = follow_up(rows["left_on"])
    predicted, true = rows["churn_3m"].to_numpy(), rows["leaves_3m"].to_numpy()
    left = (time <= 3) & (event == 1)
    attained, attainable = outcome_auc(left, predicted) - 0.5, outcome_auc(left, true) - 0.5
    grid = np.array([1.0, 3.0, 12.0])
    risk = rows[["churn_1m", "churn_3m", "churn_12m"]].to_numpy()
    both = judged(time, event, risk, grid=grid, horizon=12.0, null_risk=null[:, [0, 1, 4]], draws=200)
    difference = both.set_index("metric").loc["ibs_difference"]
    return {
        "customers": len(rows),
        "ratio_1m": rows["churn_1m"].mean() / rows["leaves_1m"].mean(),
        "ratio_3m": predicted.mean() / true.mean(),
        "ratio_12m": rows["churn_12m"].mean() / rows["leaves_12m"].mean(),
        "voluntary_3m": rows["voluntary_3m"].mean() / rows["by_choice_3m"].mean(),
        "auc": attained + 0.5,
        "attainable": attainable + 0.5,
        "auc_share": attained / attainable,
        "slope": calibration(time, event, predicted, 3.0).slope,
        "slope_to_truth": slope_to_truth(predicted, true),
        "ibs_difference": difference["value"],
        "low": difference["low"],
        "high": difference["high"],
    }


def follow_up(left_on: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Months until leaving in steps of calendar months (a month counts through its last day), and whether left."""
    ends = pd.to_datetime([months_later(AS_OF.date(), month) for month in range(1, 13)])
    left = pd.to_datetime(left_on)
    month = np.searchsorted(ends, left.fillna(ends[-1]), side="left") + 1.0
    return np.where(left.isna(), 12.0, month), left.notna().astype(int).to_numpy()


def slope_to_truth(predicted: np.ndarray, true: np.ndarray) -> float:
    """Slope of the true log odds on the predicted ones, as a logistic regression with true chances as outcomes."""
    design = np.column_stack([np.ones(len(predicted)), np.log(predicted / (1 - predicted))])
    beta = np.zeros(2)
    for _ in range(25):
        mean = 1 / (1 + np.exp(-design @ beta))
        information = (design * (mean * (1 - mean))[:, None]).T @ design
        beta = beta + np.linalg.solve(information, design.T @ (true - mean))
    return float(beta[1])


def value_figures(rows: pd.DataFrame) -> dict[str, float]:
    true = rows["current_value"].sum()
    return {
        "value": rows["predicted_value"].sum(),
        "true_value": true,
        "value_ratio": rows["predicted_value"].sum() / true,
    }


def by_class(rows: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Mean predicted and true 3-month chance of every class of at least 2,000."""
    parts = []
    for name in shipped_classes():
        means = rows.groupby(f"{name}_class").agg(
            customers=("churn_3m", "size"), predicted=("churn_3m", "mean"), true=("leaves_3m", "mean")
        )
        parts.append(means[means["customers"] >= LARGE_CLASS].rename_axis("class").reset_index().assign(dimension=name))
    found = pd.concat(parts, ignore_index=True).assign(seed=seed)
    return found.assign(ratio=found["predicted"] / found["true"])[
        ["seed", "dimension", "class", "customers", "predicted", "true", "ratio"]
    ]


# ----------------------------------------------------------------------------------------------------------- the tables


def totals(figures: pd.DataFrame, *, slack: float) -> Table:
    """Every seed's figures of leaving. A provider of few customers seldom shows that a model beats the null."""
    others = [name for name in figures if name.startswith("reasons_")]
    shown = figures.drop(columns=["value", "true_value", "value_ratio", *others])
    holds = (
        within(shown["ratio_3m"], RATIO, slack=slack)
        & within(shown["slope"], SLOPE, slack=slack)
        & (shown["auc_share"] >= AUC_SHARE - slack)
        & ((shown["high"] < 0) | (slack > 0))
    )
    return Table(
        "demo_leaving", "Three-month chance of leaving beside the truth, out of time", shown.assign(holds=holds)
    )


def class_ratios(classes: pd.DataFrame, *, slack: float) -> Table:
    """Every seed's classes of at least 2,000 customers."""
    rows = classes.assign(holds=within(classes["ratio"], RATIO, slack=slack))
    return Table("demo_classes", f"The same by class of {LARGE_CLASS:,} customers or more", rows)


def values(figures: pd.DataFrame, *, slack: float) -> Table:
    """Every seed's total value."""
    shown = figures[["seed", "customers", "value", "true_value", "value_ratio"]]
    holds = within(shown["value_ratio"], (1 - VALUE, 1 + VALUE), slack=slack)
    return Table("demo_value", "Total expected value of the active base beside the truth", shown.assign(holds=holds))


def reasons(figures: pd.DataFrame, *, slack: float) -> Table:
    """Every seed's first reasons of the customers at the highest risk; see `agreement`."""
    shown = figures[["seed", *(name for name in figures if name.startswith("reasons_"))]]
    holds = shown["reasons_agree"] >= LEAST - slack
    return Table("demo_reasons", "First reasons beside the true ones that are clear", shown.assign(holds=holds))


def within(figure: pd.Series, bounds: tuple[float, float], *, slack: float) -> pd.Series:
    return figure.between(bounds[0] - slack, bounds[1] + slack)
