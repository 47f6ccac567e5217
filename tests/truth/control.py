"""False alarms and detected rises of the control chart, in simulated quarters whose truth is known.

Each setting is run many times. A class of an ordinary quarter that is signalled is a false alarm; and each class in
turn has its rate of the last quarter raised by half, and is signalled as rising or not. Beside it stands the best that
can be achieved from the same past: by someone who knows how large season and luck are, and has only levels to learn.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from tests.truth.control_demo import demo_table
from tests.truth.pool import processes
from tests.truth.quarters import RISE, Quarters, Setting, common_covariance, own_covariance, planted, quarters
from tests.truth.table import Table

from analysis.measures.class_pace import beside
from analysis.measures.control import CHANCE, KEYS, control
from analysis.measures.control_limits import limits

FALSE_ALARMS, POWER = 0.07, 0.90
BEST = 0.92  # power of whoever knows the sizes, below which no chart that has to learn them can be asked for 90 %
LARGE = 2_000  # customers of a class from which a rise must be seen
FEWEST = 11  # leavers expected, below which nothing is judged
BANDS = {"500": 500, "2,000": LARGE, "5,000": 5_000, "20,000": 20_000}  # smallest class of each

LARGEST = 0.066  # luck of the classes of a dimension with which a class, with that of the others, has about 8 %

SETTINGS = (
    Setting("usual"),
    Setting("calm", common=0.0, own=0.0, season=0.0),
    Setting("only season", common=0.0, own=0.0, season=0.15),
    Setting("only common luck", common=0.08, own=0.0),
    Setting("only own luck", common=0.0, own=LARGEST),
    Setting("both large", common=0.08, own=LARGEST, season=0.15),
    Setting("seasons of plans", own_season=0.15),
    Setting("four quarters", past=4),
    Setting("four quarters, season", past=4, season=0.15, own_season=0.05),
    Setting("four quarters, luck", past=4, common=0.08, own=LARGEST),
    Setting("eight quarters", past=8),
    Setting("eight quarters, season", past=8, season=0.15, own_season=0.1),
    Setting("eight quarters, luck", past=8, common=0.08, own=LARGEST, season=0.15),
    Setting("falling", trend=-0.03),
    Setting("rising", trend=0.03),
    Setting("plans drift apart", own_trend=0.03),
    Setting("much moving", moving=0.15),
    Setting("1.5 %", rate=0.015),
    Setting("2 %", rate=0.02),
    Setting("3 %", rate=0.03),
    Setting("6 %", rate=0.06),
    Setting("8 %", rate=0.08, season=0.15),
    Setting("small base", customers=5_000),
    Setting("small base, four quarters", customers=5_000, past=4),
    Setting("large base", customers=120_000, rate=0.03),
    Setting("large base, 1.5 %", customers=120_000, rate=0.015, common=0.08, season=0.15),
    Setting("large base, luck", customers=120_000, common=0.08, own=LARGEST),
    Setting("large base, 8 %, all", customers=120_000, rate=0.08, common=0.08, own=0.05, own_season=0.1, trend=0.02),
)
QUICK_SETTINGS = tuple(one for one in SETTINGS if one.name in ("usual", "both large", "four quarters", "1.5 %"))


class Size(NamedTuple):
    """Settings, runs of each, processes side by side, and demo providers.

    `slack`: standard errors that a figure of few runs may lie beyond its bound.
    """

    settings: tuple[Setting, ...]
    runs: int
    workers: int
    demos: int
    slack: float = 0.0


FULL, QUICK = Size(SETTINGS, 200, 2, 4), Size(QUICK_SETTINGS, 25, 1, 0, slack=2.0)


def tables(quick: bool, out: Path) -> list[Table]:
    return made(QUICK if quick else FULL, out)


def made(size: Size, out: Path) -> list[Table]:
    """False alarms by setting; detected rises by setting and size of the class; both in demo providers."""
    with processes(size.workers) as pool:
        found = pd.concat(pool.map(_of_setting, size.settings, [size.runs] * len(size.settings)), ignore_index=True)
    own = [false_alarms(found, slack=size.slack), detected(found, slack=size.slack)]
    return own + ([demo_table(size.demos, out)] if size.demos else [])


def _of_setting(setting: Setting, runs: int) -> pd.DataFrame:
    return pd.concat([one_run(setting, seed).assign(run=seed) for seed in range(1, runs + 1)], ignore_index=True)


def one_run(setting: Setting, seed: int) -> pd.DataFrame:
    """Each judged class, the whole base too: `alarm`, and whether a rise was `seen`, and `seen_best` by the best."""
    rng = np.random.default_rng([seed, *setting.name.encode()])
    made_up = quarters(setting, rng)
    rows = made_up.truth.assign(planted=planted(made_up.truth, rng))
    rows["seen_best"] = rows["planted"] > best_limit(made_up, setting)
    judged = control(made_up.counts, fewest=FEWEST).judged.drop(columns="customers")
    both = judged.merge(rows, on=["dimension", "class"], how="left")
    seen = both["planted"] > both["high"] * both["customers"]
    best = both["seen_best"].eq(other=True)  # of the whole base none is known
    return both.assign(setting=setting.name, alarm=both["side"] != "", seen=seen, seen_best=best)


def best_limit(made_up: Quarters, setting: Setting) -> np.ndarray:
    """Leavers of each class beyond which they are out of the ordinary to whoever knows how quarters differ."""
    wide = {name: made_up.counts.pivot(index=KEYS, columns="quarter", values=name) for name in ("customers", "leavers")}
    whole = np.stack([part.loc["", ""].to_numpy() for part in wide.values()])
    n, x = (part.loc[made_up.truth[KEYS].apply(tuple, axis=1)].to_numpy() for part in wide.values())
    known = {"common": common_covariance(setting), "own": own_covariance(setting)[None]}
    paces = [beside(*each, whole=whole, **known).pace(np.ones(1)) for each in zip(n, x, strict=True)]
    mean, variance = np.array([pace.usual for pace in paces]).T
    rate = np.array([pace.level for pace in paces]) * np.exp(mean)
    return limits(n[:, -1], rate=rate, deviation=np.sqrt(variance), chance=CHANCE)[1]


def false_alarms(found: pd.DataFrame, *, slack: float) -> Table:
    """The share of ordinary classes that are signalled, and of ordinary quarters of the whole base."""
    classes, base = found[found["dimension"] != ""], found[found["dimension"] == ""]
    names = list(dict.fromkeys(found["setting"]))
    rows = pd.DataFrame({"setting": names}).merge(_share(classes, "alarm", ["setting"]), on="setting")
    of_base = _share(base, "alarm", ["setting"]).rename(columns={"share": "base", "error": "base_error"})
    rows = rows.merge(of_base[["setting", "base", "base_error"]], on="setting")
    every = {"setting": "all together", "classes": rows["classes"].mean(), "runs": rows["runs"].sum()}
    every |= {name: rows[name].mean() for name in ("share", "base")}
    every |= {name: float(np.sqrt((rows[name] ** 2).sum())) / len(rows) for name in ("error", "base_error")}
    rows = pd.concat([rows, pd.DataFrame([every])], ignore_index=True)
    holds = rows["share"] - slack * rows["error"] <= FALSE_ALARMS
    holds.iloc[-1] &= rows["base"].iloc[-1] - slack * rows["base_error"].iloc[-1] <= FALSE_ALARMS
    title = f"Ordinary classes that are signalled (at most {FALSE_ALARMS:.0%}), and ordinary quarters of the whole base"
    return Table("control_alarms", title, rows.rename(columns={"share": "alarms"}).assign(holds=holds))


def detected(found: pd.DataFrame, *, slack: float) -> Table:
    """The share of raised classes that are signalled as rising, beside the best share that can be achieved."""
    smallest, names = list(BANDS.values()), list(BANDS)
    classes = found[(found["dimension"] != "") & (found["customers"] >= smallest[0])]
    place = np.searchsorted(smallest, classes["customers"], side="right") - 1
    banded = classes.assign(band=place, expected=classes["customers"] * classes["usual"])
    keys = ["setting", "band"]
    rows = _share(banded, "seen", keys).merge(
        _share(banded, "seen_best", keys)[[*keys, "share"]].rename(columns={"share": "best"}), on=keys
    )
    rows = rows.merge(banded.groupby(keys)["expected"].median().rename("leavers").reset_index(), on=keys)
    order = {name: at for at, name in enumerate(dict.fromkeys(found["setting"]))}
    rows = rows.sort_values(keys, key=lambda part: part.map(order) if part.name == "setting" else part)
    judged = (rows["band"] > 0) & (rows["best"] >= BEST)
    holds = (rows["share"] + slack * rows["error"] >= POWER).astype(object).where(judged, None)
    shown = rows.assign(customers=[f"from {names[band]}" for band in rows["band"]], power=rows["share"])
    title = (
        f"Classes whose rate rose by {RISE - 1:.0%} that are signalled in the quarter (at least {POWER:.0%} of those "
        f"of {LARGE:,} customers or more; not judged where less than {BEST:.0%} can be achieved)"
    )
    columns = ["setting", "customers", "leavers", "classes", "power", "error", "best"]
    return Table("control_power", title, shown[columns].assign(holds=holds))


def _share(rows: pd.DataFrame, flag: str, keys: list[str]) -> pd.DataFrame:
    """The share of rows with a flag, and its standard error by runs: classes of one run are not independent."""
    runs = rows.groupby([*keys, "run"])[flag].agg(["sum", "size"]).reset_index()
    sums = runs.groupby(keys)[["sum", "size"]].sum()
    share = (sums["sum"] / sums["size"]).rename("share")
    apart = runs.join(share, on=keys)
    apart["square"] = (apart["sum"] - apart["share"] * apart["size"]) ** 2
    by = apart.groupby(keys)
    error = np.sqrt(by["square"].sum()) / sums["size"]
    return pd.DataFrame(
        {"classes": by["size"].mean(), "runs": by["run"].nunique(), "share": share, "error": error}
    ).reset_index()
