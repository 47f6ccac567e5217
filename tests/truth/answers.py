"""NPS as answered and as weighted beside the truth, where classes answer unequally often.

Customers of simulated providers belong to classes of age, tenure and contract, which differ in what they would answer
and in how often they do. The interval of the plain score is judged on the NPS of whoever answers, which it is an
estimate of; that of the weighted one on the NPS of all customers. Where the satisfied answer more often within a class,
no weighting by classes helps: those lines are shown, not judged.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from tests.truth.pool import processes
from tests.truth.table import Table

from analysis.measures.raking import equal, raked
from analysis.measures.survey_scores import Estimate, difference, estimate

Floats = npt.NDArray[np.float64]

COVERED, POINT = (0.93, 0.97), 1.0
DIMENSIONS = {"age": (0.2, 0.5, 0.3), "tenure": (0.1, 0.25, 0.65), "contract": (0.4, 0.6)}
FEELS = {"age": (-0.35, 0.0, 0.35), "tenure": (0.2, -0.1, 0.1), "contract": (-0.2, 0.15)}
ANSWERS = {"age": (-0.7, 0.0, 0.6), "tenure": (0.4, 0.1, -0.1), "contract": (-0.3, 0.2)}  # log odds
SCALE = 1.3  # of what customers of one class feel
PASSIVE = 0.9  # width of the middle
SCORES = (10.0, 8.0, 3.0)


class Setting(NamedTuple):
    """A provider: the answers expected, the NPS of all customers, how unequally classes answer, and how far it matters.

    `own`: how much oftener, in log odds, promoters answer than detractors of the same class.
    `again`: share of the customers asked of whom the quarter before has an answer too, with what it has to do with it.
    """

    name: str
    answers: int
    nps: float
    unequal: float = 1.0
    own: float = 0.0

    @property
    def judged(self) -> bool:
        return self.own == 0.0


SETTINGS = (
    Setting("150 answers, NPS -30", 150, -30),
    Setting("150 answers, NPS 10", 150, 10),
    Setting("150 answers, NPS 60", 150, 60),
    Setting("350 answers, NPS -30", 350, -30),
    Setting("350 answers, NPS 10", 350, 10),
    Setting("350 answers, NPS 60", 350, 60),
    Setting("1,000 answers, NPS 10", 1_000, 10),
    Setting("3,000 answers, NPS -30", 3_000, -30),
    Setting("3,000 answers, NPS 60", 3_000, 60),
    Setting("350 answers, all alike often", 350, 10, unequal=0.0),
    Setting("350 answers, twice as unequal", 350, 10, unequal=2.0),
    Setting("1,000 answers, the satisfied oftener", 1_000, 10, own=0.8),
)
QUICK_SETTINGS = tuple(one for one in SETTINGS if one.answers <= 350)[1::3] + SETTINGS[-1:]


class Size(NamedTuple):
    """Settings, runs of each, processes side by side.

    `slack`: standard errors that a figure of few runs may lie beyond its bound.
    """

    settings: tuple[Setting, ...]
    runs: int
    workers: int
    slack: float = 0.0


FULL, QUICK = Size(SETTINGS, 1_000, 2), Size(QUICK_SETTINGS, 60, 1, slack=3.0)


def tables(quick: bool, out: Path) -> list[Table]:
    return made(QUICK if quick else FULL, out)


def made(size: Size, out: Path) -> list[Table]:
    """Coverage and bias of both scores by setting; and of their change between quarters that share customers."""
    work = partial(of_setting, runs=size.runs)
    if size.workers > 1:
        with processes(size.workers) as pool:
            found = pd.concat(pool.map(work, size.settings), ignore_index=True)
    else:
        found = pd.concat([work(one) for one in size.settings], ignore_index=True)
    level = found[found["what"] != "change"].drop(columns="what")
    return [
        Table("nps_levels", "NPS of a quarter: intervals that hold the truth, and the mean error", judged(level, size)),
        Table(
            "nps_changes",
            "Change of the weighted NPS since a quarter that shares a third of its customers",
            judged(found[found["what"] == "change"].drop(columns="what"), size),
        ),
    ]


def judged(found: pd.DataFrame, size: Size) -> pd.DataFrame:
    """Coverage between 93 and 97 %, and for the weighted score a mean error within a point."""
    room = size.slack * np.sqrt(0.95 * 0.05 / found["runs"])
    held = found["coverage"].between(COVERED[0] - room, COVERED[1] + room)
    near = (found["bias"].abs() <= POINT + size.slack * found["error"]) | (found["truth_of"] != "all customers")
    return found.assign(holds=(held & near).astype(object).where(found["judged"], None)).drop(columns="judged")


class World(NamedTuple):
    """Cells of classes: their codes, share of the customers, chances of the kinds of answer, and of answering each."""

    cells: pd.DataFrame
    share: Floats
    kinds: Floats
    answer: Floats

    @property
    def nps(self) -> float:
        """Of all customers."""
        return float(100 * self.share @ (self.kinds[:, 0] - self.kinds[:, 2]))

    @property
    def nps_of_answering(self) -> float:
        """Of those who answer."""
        mass = self.share[:, None] * self.kinds * self.answer
        return float(100 * (mass[:, 0].sum() - mass[:, 2].sum()) / mass.sum())


def world(setting: Setting) -> World:
    """The provider of a setting, its level such that all customers have the NPS asked for."""
    names = list(DIMENSIONS)
    codes = np.array(list(product(*(range(len(DIMENSIONS[name])) for name in names))))
    share = np.prod([np.array(DIMENSIONS[name])[codes[:, at]] for at, name in enumerate(names)], axis=0)
    feels = sum(np.array(FEELS[name])[codes[:, at]] for at, name in enumerate(names))
    odds = -1.0 + setting.unequal * sum(np.array(ANSWERS[name])[codes[:, at]] for at, name in enumerate(names))
    told = odds[:, None] + setting.own * np.array([0.5, 0.0, -0.5])

    def nps(level: float) -> float:
        kinds = _kinds(level + feels)
        return float(100 * share @ (kinds[:, 0] - kinds[:, 2])) - setting.nps

    kinds = _kinds(brentq(nps, -9, 9) + feels)
    return World(pd.DataFrame(codes, columns=names).astype(str), share, kinds, 1 / (1 + np.exp(-told)))


def _kinds(felt: Floats) -> Floats:
    """Chances of a promoter, a passive and a detractor: a logistic feeling between two edges."""
    below = [1 / (1 + np.exp(-(edge - felt) / (SCALE / 1.8))) for edge in (-PASSIVE / 2, PASSIVE / 2)]
    return np.column_stack([1 - below[1], below[1] - below[0], below[0]])


def of_setting(setting: Setting, runs: int) -> pd.DataFrame:
    """Both scores and the change, over the runs of a setting."""
    here = world(setting)
    found = [one_run(here, setting, seed) for seed in range(1, runs + 1)]
    truths = {"answered": here.nps_of_answering, "weighted": here.nps, "as answered, for all": here.nps, "change": 0.0}
    return pd.DataFrame([_line(setting, what, [one[what] for one in found], truth) for what, truth in truths.items()])


def one_run(here: World, setting: Setting, seed: int) -> dict[str, tuple[float, float, float]]:
    rng = np.random.default_rng([seed, setting.answers, *setting.name.encode()])
    first, then = _asked(here, setting, rng)
    base = here.cells.assign(customers=np.rint(here.share * 1_000_000))
    plain, weighted = (estimate(first, "nps", weights) for weights in (equal(len(first)), _weights(first, base)))
    moved = difference(weighted, estimate(then, "nps", _weights(then, base)))
    told = {"answered": _ends(plain), "weighted": _ends(weighted), "as answered, for all": _ends(plain)}
    return told | {"change": moved[:3]}


def _weights(answers: pd.DataFrame, base: pd.DataFrame):  # type: ignore[no-untyped-def]
    return raked(answers, base, list(DIMENSIONS))


def _ends(one: Estimate) -> tuple[float, float, float]:
    return one.value, one.low, one.high


def _asked(here: World, setting: Setting, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers of two quarters; a third of those asked are the same customers, half of whom feel as they did."""
    mean = float((here.share[:, None] * here.kinds * here.answer).sum())
    asked = round(setting.answers / mean)
    cells = rng.choice(len(here.share), size=asked, p=here.share)
    kinds = _drawn(here, cells, rng)
    again = np.arange(asked) < asked // 3
    cells_then = np.where(again, cells, rng.choice(len(here.share), size=asked, p=here.share))
    kept = again & (rng.random(asked) < 0.5)
    kinds_then = np.where(kept, kinds, _drawn(here, cells_then, rng))
    people_then = np.where(again, np.arange(asked), asked + np.arange(asked))
    return (
        _answered(here, (cells, kinds, np.arange(asked)), rng),
        _answered(here, (cells_then, kinds_then, people_then), rng),
    )


def _drawn(here: World, cells: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    return (rng.random(len(cells))[:, None] > np.cumsum(here.kinds[cells], axis=1)[:, :2]).sum(axis=1)


def _answered(here: World, rows: tuple[npt.NDArray[np.int64], ...], rng: np.random.Generator) -> pd.DataFrame:
    cells, kinds, people = rows
    there = rng.random(len(cells)) < here.answer[cells, kinds]
    table = here.cells.iloc[cells[there]].reset_index(drop=True)
    return table.assign(customer_id=people[there], nps=np.array(SCORES)[kinds[there]])


def _line(setting: Setting, what: str, found: list[tuple[float, float, float]], truth: float) -> dict[str, object]:
    value, low, high = np.array(found).T
    return {
        "setting": setting.name,
        "score": what,
        "what": what,
        "truth_of": "who answers" if what == "answered" else "all customers",
        "truth": truth,
        "mean": value.mean(),
        "bias": value.mean() - truth,
        "error": value.std(ddof=1) / np.sqrt(len(value)),
        "coverage": ((low <= truth) & (truth <= high)).mean(),
        "reach": (high - low).mean() / 2,
        "runs": len(value),
        "judged": setting.judged and what != "as answered, for all",
    }
