"""Names of groups over four reports on demos, beside the true behaviour of every customer."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.behaviour import behaviour, landmark_points
from analysis.frames.population import population
from analysis.frames.spells import spells
from analysis.models.clusters.quarter import Earlier, quarter_groups
from analysis.present.wording.group_names import group_names
from analysis.run.store import open_run

LEAST = 0.9  # share of names that must stay
HALF = 0.5  # of those of a new behaviour, who must be in groups told as new
CLEAR = 0.9  # posterior of the true behaviour
HISTORY, REPORTS = 4, 4  # quarters
BEGINS = "2026-04-01", "2026-Q2"  # a new behaviour: day, quarter


def names_row(seed: int, customers: int, newcomer: bool, out: Path) -> list[dict[str, object]]:
    """Pairs of following reports on one demo: whose names stayed, and whether a new behaviour was told as new."""
    frames, types = behaviour_frames(seed, customers, newcomer, out)
    rows, model, last = [], None, None
    for at in range(HISTORY, len(frames)):
        quarter, now = list(frames)[at], list(frames.values())[at]
        then = pd.concat(list(frames.values())[at - (HISTORY if model is None else 1) : at])
        got = quarter_groups(now, Earlier(then, model), quarter=quarter, method="z_score", naming=group_names)
        told = _clear(got.members, types, now)
        new = got.pairs.loc[got.pairs["status"].eq("new"), "name"].tolist() if len(got.pairs) else []
        if last is not None:
            share, many = _kept_share(last, told)
            expected = newcomer and quarter == BEGINS[1]
            found = (
                float(told.loc[told["type"].eq("night_gamer"), "name"].isin(new).mean()) if expected else float("nan")
            )
            rows.append({
                "seed": seed, "customers": customers, "quarter": quarter, "groups": len(got.names), "kept": share,
                "judged": many, "new": len(new), "newcomers_in_new": found,
                "holds": share >= LEAST and (found >= HALF if expected else not new),
            })  # fmt: skip
        model, last = got.model, told
    return rows


def _clear(members: pd.Series, types: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Customers in a group whose true behaviour is clear: `customer_id`, `type`, `name`."""
    day = pd.Timestamp(now["landmark"].iloc[0])
    clear = types[(pd.to_datetime(types["quarter_end"]) == day) & (types["posterior"] >= CLEAR)]
    return members.dropna().rename("name").reset_index().merge(clear, on="customer_id")


def _kept_share(last: pd.DataFrame, told: pd.DataFrame) -> tuple[float, int]:
    both = last.merge(told, on=["customer_id", "type"], suffixes=("_before", ""))
    return float((both["name"] == both["name_before"]).mean()), len(both)


def behaviour_frames(
    seed: int, customers: int, newcomer: bool, out: Path
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Behaviour at the ends of the last eight quarters of a demo, and the true behaviours."""
    demo = ["demo", "--customers", str(customers), "--seed", str(seed), "--out", "extracts"]
    with tempfile.TemporaryDirectory(dir=out) as name:
        folder = Path(name).resolve()
        command = [sys.executable, "-m", "analysis", *demo, *(["--new-type-from", BEGINS[0]] if newcomer else [])]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        (folder / "source").mkdir()
        text = (folder / "extracts/source.yml").read_text(encoding="utf-8")
        lines = [line if not line.startswith("files:") else "files: ../extracts" for line in text.splitlines()]
        (folder / "source/source.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "2026-Q3.yml").write_text("quarter: 2026-Q3\nsource: ./source\n", encoding="utf-8")
        run = open_run(str(folder / "2026-Q3.yml"))
        given = run.intake()
        people, view = population(given.tables, engine=run.engine), run.observation.informed(given.supplied)
        spell = spells(people.tables, view)
        frames = {
            str(each): to_pandas(behaviour(landmark_points(spell, each.last_day), people.tables, view))
            for each in run.quarters[-HISTORY - REPORTS :]
        }
        return frames, pd.read_parquet(folder / "extracts/truth/types.parquet")
