"""Value and the quarter ahead of small simulated providers beside the truth: intervals, ranks, and simple rules.

Each seed makes a demo, takes it in as a report does, and calls what the chapters on churn and value call. The total is
held against the true expected value; the next twelve months' margin of each customer against what it brings in the one
realised future; base, churn and revenue of the last quarter against what was foretold before it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import spearmanr
from tests.truth.demo import Size, run_report
from tests.truth.pool import processes
from tests.truth.table import Table

FIRST_SEED = 101
FULL, QUICK = Size(100, 4_000, 2), Size(1, 2_000, 1, slack=0.2)
USUAL = Size(10, 8_000, 2)  # the demo as it is made by default, seeds 1 to 10, for the total and the tiers
TOTAL, TIER = 0.07, 0.12
COVERED, RANK_SHARE = (0.70, 0.90), 0.9
OF_95, OF_80 = 1.959964, 1.281552
AHEAD = ("base", "churn_rate", "revenue")


def tables(quick: bool, out: Path) -> list[Table]:
    return made(QUICK, None, out) if quick else made(FULL, USUAL, out)


def made(small: Size, usual: Size | None, out: Path) -> list[Table]:
    """The tables of this part: of many small providers, and of some of the usual size (or the same ones)."""
    many = simulated(small, range(FIRST_SEED, FIRST_SEED + small.seeds), out)
    few = many if usual is None else simulated(usual, range(1, 1 + usual.seeds), out)
    slack = small.slack
    return [covered(many, slack=slack), nearer(many, slack=slack), ranks(many, slack=slack), parts(few, slack=slack)]


def simulated(size: Size, seeds: range, out: Path) -> pd.DataFrame:
    """A row of figures per seed."""
    with processes(size.workers) as pool:
        jobs = [pool.submit(compared, seed, size.accounts, out.resolve()) for seed in seeds]
        return pd.DataFrame([job.result() for job in jobs])


def compared(seed: int, accounts: int, out: Path) -> dict[str, float]:
    """A seed's figures."""
    with tempfile.TemporaryDirectory(dir=out) as name:
        folder = Path(name)
        run_report(folder, seed=seed, accounts=accounts, chapters=("10_data",))
        os.chdir(folder)
        os.environ["LINECARD_CHAPTER"] = "50_value"
        try:
            found = {"seed": float(seed)} | figures(folder)
        finally:
            os.chdir(out)
    told = ("value_ratio", "covered", "rank_share", "error", "last_year", "base", "churn_rate", "revenue")
    print(f"seed {seed}: " + ", ".join(f"{name} {found[name]:.4f}" for name in told), file=sys.stderr, flush=True)
    with (out / "worth_seeds.jsonl").open("a") as kept:  # for whoever has to stop before the tables come
        kept.write(json.dumps(found) + "\n")
    return found


def figures(folder: Path) -> dict[str, float]:
    """Value and the quarter ahead of the run in the current folder, beside the truth under `folder`."""
    from analysis.measures.value_tiers import value_tiers
    from analysis.models.base_value import base_value
    from analysis.models.value import customer_value
    from analysis.models.value_then import growth_then, margin_then

    run, source, model, ahead, leavers = learned()
    bases = margin_then(source)
    sales = growth_then(source, bases, horizon=run.params.value_horizon_months)
    valuation = customer_value(bases, ahead, discount_rate=source.discount_rate, growth=sales)
    truth = folder / "extracts/truth"
    true = pd.read_parquet(truth / "truth.parquet").merge(pd.read_parquet(truth / "future.parquet"), on="customer_id")
    rows = valuation.customers.merge(true, on="customer_id", suffixes=("", "_true"), validate="1:1").dropna(
        subset=["current_value"]
    )
    told = base_value(valuation).set_index("unknown")
    total, real = float(told["total"]["both"]), float(rows["current_value_true"].sum())
    found = {"customers": float(len(rows)), "value_ratio": float(rows["current_value"].sum()) / real}
    tiers = value_tiers(valuation.customers, edges=run.value_tiers)[["customer_id", "value_tier"]]
    of_tier = rows.merge(tiers, on="customer_id", suffixes=("_", ""))
    sums = of_tier.groupby("value_tier")[["current_value", "current_value_true"]].sum()
    found |= {f"tier_{name}": float(row.iloc[0] / row.iloc[1]) for name, row in sums.iterrows()}
    for name in ("both", "model"):
        reach = (float(told["high"][name]) - total) * OF_80 / OF_95
        found["covered" if name == "both" else f"covered_{name}"] = float(abs(total - real) <= reach)
        found[f"reach_{name}"] = reach / total
    return (
        found
        | year(source, ahead, bases, true)
        | additions(sales, rows, truth)
        | quarter(run, source, model, ahead, leavers)
    )


def learned() -> tuple[Any, Any, Any, pd.DataFrame, pd.DataFrame]:
    """What the chapters on churn and groups make: the run, its source, the prediction, survival ahead, leavers."""
    import narwhals as nw

    from analysis.extracts.engine import to_pandas
    from analysis.frames.baskets import baskets, landmarks
    from analysis.frames.episodes import episodes
    from analysis.frames.features import features
    from analysis.frames.outlook import with_outlook
    from analysis.frames.plan_steps import plan_steps
    from analysis.frames.population import population
    from analysis.measures.classes import classified
    from analysis.measures.leavers_ahead import as_table
    from analysis.measures.risk_sets import risk_counts
    from analysis.models.expected_leavers import expected_leavers
    from analysis.models.extension import survival_ahead
    from analysis.models.forecast import learning_rows
    from analysis.models.growth import Sold
    from analysis.models.prediction import predict
    from analysis.models.remaining import conditional_life
    from analysis.models.value_then import Source
    from analysis.run.store import open_run

    run = open_run("2026-Q3.yml")
    seen, engine = run.observation, run.engine
    people, spells = population(run.tables(), engine=engine).tables, run.read("spells")
    points = engine.table(with_outlook(episodes(spells, seen), spells, people, seen))
    episode = engine.table(classified(features(points, people, seen), run.classes))
    active = to_pandas(run.read("customers").filter(nw.col("state") == "active"))
    model, scores = predict(learning_rows(episode), active, as_of=run.as_of, known_at=run.source.known_at)
    life = conditional_life(risk_counts(episode))
    ahead = survival_ahead(scores, life, horizon=run.params.value_horizon_months)
    held = baskets(people, days=landmarks(seen), observation=seen, engine=engine)
    sold = Sold(held.rows, plan_steps(held, as_of=run.as_of, engine=engine), held.products)
    source = Source(run.read("months"), spells, people, seen, run.costs, sold, run.params.discount_rate)
    return run, source, model, ahead.sort_values("customer_id", ignore_index=True), as_table(expected_leavers(scores))


def year(source: Any, ahead: pd.DataFrame, bases: Any, true: pd.DataFrame) -> dict[str, float]:
    """The next twelve months of each customer, not discounted: errors and ranks against the realised future."""
    from analysis.models.value_then import MODEL, RULES, expected_year

    said = expected_year(source._replace(discount_rate=0.0), ahead, bases=bases)
    rows = said.merge(true, on="customer_id", validate="1:1")
    came, best = rows["margin_12m_y"], rows["margin_12m_x"]
    errors = {name: float((rows[name] - came).abs().mean()) for name in (MODEL, *RULES)}
    attained = float(spearmanr(rows[MODEL], came).statistic)
    return {
        "rank": attained,
        "rank_share": attained / float(spearmanr(best, came).statistic),
        "year_ratio": float(rows[MODEL].sum() / came.sum()),
        "year_ratio_to_truth": float(rows[MODEL].sum() / best.sum()),
        "error": errors.pop(MODEL),
        "error_of_truth": float((best - came).abs().mean()),
        **errors,
    }


def additions(sales: Any, rows: pd.DataFrame, truth: Path) -> dict[str, float]:
    """Value of further sales beside that of what is held, and margin of sales three months ahead."""
    taken = pd.read_parquet(truth / "added.parquet")
    return {
        "potential_share": float(rows["potential_value"].sum() / rows["current_value"].sum()),
        "taken": float(len(taken[taken["customer_id"].isin(rows["customer_id"])])),
    }


def quarter(run: Any, source: Any, model: Any, ahead: pd.DataFrame, leavers: pd.DataFrame) -> dict[str, float]:
    """Whether the last quarter's figures lay in the intervals foretold before it."""
    from analysis.measures.arpu import quarterly_arpu
    from analysis.measures.base import movement
    from analysis.models.quarter_ahead import Past, quarters_told

    base = movement(source.spells, run.quarters, seen_after=source.observation.entry)
    arpu = quarterly_arpu(source.months, run.quarters)
    past = Past(base, arpu, source.spells, source.observation.entry)
    told = quarters_told(past, ahead, model.then, leavers=leavers, stored=None).before.set_index("metric")
    last, money = base.iloc[-1], arpu.iloc[-1]
    came = {
        "base": last["closing"],
        "joiners": last["joiners"],
        "leavers": last["leavers"],
        "churn_rate": last["churn_rate"],
        "customer_months": money["customer_months"],
        "arpu": money["arpu"],
        "revenue": money["revenue"],
    }
    found = {}
    for name, value in came.items():
        row = told.loc[name]
        found[name] = float(row["low"] <= value <= row["high"])
        found[f"{name}_ratio"] = float(row["value"] / value)
        found[f"{name}_reach"] = float((row["high"] - row["low"]) / 2 / row["value"])
    return found


def covered(seeds: pd.DataFrame, *, slack: float) -> Table:
    """How often 80 % intervals held what they are to hold."""
    names = {"covered": "portfolio value", "covered_model": "the same, these customers alone"}
    names |= {name: f"next quarter: {name}" for name in (*AHEAD, "joiners", "leavers", "customer_months", "arpu")}
    judged = {"covered", *AHEAD}
    rows = [
        {
            "interval": text,
            "seeds": len(seeds),
            "covered": seeds[name].mean(),
            "holds": _inside(seeds[name].mean(), slack) if name in judged else None,
        }
        for name, text in names.items()
    ]
    return Table("worth_intervals", "80 % intervals: how often they held the truth", pd.DataFrame(rows))


def _inside(share: float, slack: float) -> bool | None:
    """Of few seeds no share is judged."""
    return None if slack else COVERED[0] <= share <= COVERED[1]


def nearer(seeds: pd.DataFrame, *, slack: float) -> Table:
    """Mean absolute error of the next twelve months' margin: each rule's less the model's, paired by seed."""
    rows = []
    for name in ("average_life", "last_year", "rfm"):
        gain = (seeds[name] - seeds["error"]).to_numpy()
        reach = OF_95 * gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else 0.0
        rows.append(
            {
                "rule": name,
                "seeds": len(seeds),
                "model_error": seeds["error"].mean(),
                "rule_error": seeds[name].mean(),
                "gain": gain.mean(),
                "low": gain.mean() - reach,
                "high": gain.mean() + reach,
                "holds": bool(gain.mean() - reach > 0 or slack > 0),
            }
        )
    return Table(
        "worth_errors", "Next twelve months' margin: error of simple rules less the model's", pd.DataFrame(rows)
    )


def ranks(seeds: pd.DataFrame, *, slack: float) -> Table:
    """Rank correlation with what customers bring, as a share of what the truth itself reaches."""
    share = seeds["rank_share"]
    row = {
        "seeds": len(seeds),
        "rank": seeds["rank"].mean(),
        "share_of_truth": share.mean(),
        "lowest_share": share.min(),
        "value_ratio": seeds["value_ratio"].mean(),
        "lowest_ratio": seeds["value_ratio"].min(),
        "highest_ratio": seeds["value_ratio"].max(),
        "holds": bool(share.mean() >= RANK_SHARE - slack),
    }
    return Table("worth_ranks", "Rank of customers by the next twelve months' margin", pd.DataFrame([row]))


def parts(seeds: pd.DataFrame, *, slack: float) -> Table:
    """Total value and that of each tier, predicted ÷ true, seed by seed; tiers are those of the prediction."""
    names = ["value_ratio", *(name for name in seeds if name.startswith("tier_"))]
    reach = [TOTAL + slack] + [TIER + slack] * (len(names) - 1)
    holds = ((seeds[names] - 1).abs() <= reach).all(axis=1)
    return Table(
        "worth_tiers", "Expected value ÷ true, in total and by tier", seeds[["seed", *names]].assign(holds=holds)
    )
