"""What is done where a hazard ratio is not the same early and late: two ratios, a baseline of its own, or a warning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.counts import Floats, Integers, Truths
from analysis.models.cox import Cox, fit_cox
from analysis.models.cox_newton import NoMaximum
from analysis.models.movers.design import Column
from analysis.models.proportional import ALL, proportionality

TURNS = (24.0, 12.0, 36.0, 60.0, 6.0, 3.0)  # months of tenure at which early may end; the first of equally good ones
ALIKE = 0.05  # chance that any ratio at all that is the same throughout is taken for one that changes
EARLY, LATE, THROUGHOUT = "early", "late", ""
SAME, SPLIT, STILL, STRATIFIED, AVERAGE = "same", "split", "still", "stratified", "average"
TESTS = ("mover", "chi_squared", "degrees_of_freedom", "p_value", "done")


@dataclass(frozen=True, eq=False)
class Data:
    """What a fit stands on: `values` of `columns`, `times` (entry, exit, event), stratum and customer of each row."""

    columns: tuple[Column, ...]
    values: pd.DataFrame
    times: pd.DataFrame
    strata: Integers
    cluster: Integers

    def fitted(self) -> Cox:
        """The Cox model of all columns, errors by customer."""
        return fit_cox(self.values, times=self.times, strata=self.strata, cluster=self.cluster)

    def terms(self) -> dict[str, list[str]]:
        """Columns by mover, of movers that are told."""
        told = {column.mover for column in self.columns if column.told}
        return {
            mover: [column.name for column in self.columns if column.mover == mover]
            for mover in dict.fromkeys(column.mover for column in self.columns if column.mover in told)
        }


@dataclass(frozen=True, eq=False)
class Checked:
    """A fit whose ratios hold for the tenures they are told for.

    `tests`: table, one row per told mover: `mover`, `chi_squared`, `degrees_of_freedom`, `p_value` of one ratio for all
    tenures, `done`: "same" (nothing), "split" (a ratio for each period), "still" (that, and it changes within them),
    "stratified" (its own baseline, no ratio), "average" (told as an average, too few leavers for more). `turn` is the
    month at which early ends, missing where nothing is split; `period` gives that of each column of the fit.
    """

    data: Data
    cox: Cox
    tests: pd.DataFrame
    turn: float | None
    period: dict[str, str]


def checked(data: Data, cox: Cox, *, smallest: int) -> Checked:
    """Test every told ratio for being the same at all tenures, and act where it is not.

    References
    ----------
    Grambsch and Therneau (1994); Therneau and Grambsch (2000), section 6.5, for what can be done.
    """
    terms = data.terms()
    tests = proportionality(cox, data.values, times=data.times, strata=data.strata, terms=terms)
    tests = tests[tests["term"] != ALL].rename(columns={"term": "mover"}).assign(done=SAME)
    changing = tests.loc[tests["p_value"] < ALIKE / max(len(tests), 1), "mover"].tolist()
    plain = Checked(data, cox, tests.reset_index(drop=True), None, {})
    if not changing:
        return plain
    turn = _turn(data.times)
    done = {mover: _remedy(data, terms[mover], turn, smallest=smallest) for mover in changing}
    try:
        return _redone(plain, done, turn)
    except NoMaximum:
        return _told(plain, dict.fromkeys(changing, AVERAGE))


def _redone(plain: Checked, done: dict[str, str], turn: float) -> Checked:
    """The fit with what has to be done, and what of it still changes."""
    data, period = _remade(plain.data, done, turn)
    cox = data.fitted()
    split = {name: [name] for name in period}
    found = {**done}
    if split:
        again = proportionality(cox, data.values, times=data.times, strata=data.strata, terms=split)
        again = again[again["term"] != ALL]
        mover = {column.name: column.mover for column in data.columns}
        still = again.loc[again["p_value"] < ALIKE / len(again), "term"].map(mover)
        found |= dict.fromkeys(still, STILL)
    told = _told(plain, found)
    return Checked(data, cox, told.tests, turn if split else None, period)


def _told(plain: Checked, done: dict[str, str]) -> Checked:
    tests = plain.tests.assign(done=[done.get(mover, SAME) for mover in plain.tests["mover"]])
    return Checked(plain.data, plain.cox, tests, None, {})


def _turn(times: pd.DataFrame) -> float:
    """The turn that parts the leavers most evenly."""
    left = times.loc[times["event"] == 1, "exit"].to_numpy()
    return max(TURNS, key=lambda turn: min((left <= turn).sum(), (left > turn).sum()))


def _remedy(data: Data, names: Sequence[str], turn: float, *, smallest: int) -> str:
    """What can be done for a mover: two ratios where enough left on all sides, else a baseline of its own."""
    left = data.times["event"].to_numpy() == 1
    early = data.times["exit"].to_numpy() <= turn
    values = [data.values[name].to_numpy() for name in names]
    enough = [_leavers_on_both_sides(own[left & period]) >= smallest for own in values for period in (early, ~early)]
    if all(enough):
        return SPLIT
    return STRATIFIED if all(np.isin(own, (0.0, 1.0)).all() for own in values) else AVERAGE


def _leavers_on_both_sides(values: Floats) -> int:
    """Leavers on the rarer side of a yes or no; all of them for a number."""
    if np.isin(values, (0.0, 1.0)).all():
        return int(min(values.sum(), len(values) - values.sum()))
    return len(values)


def _remade(data: Data, done: dict[str, str], turn: float) -> tuple[Data, dict[str, str]]:
    """The data with split columns, and without those that became strata; and the period of each split column."""
    place, times = cut_at(data.times, turn)
    early = times["exit"].to_numpy() <= turn
    columns: list[Column] = []
    values: dict[str, Floats] = {}
    period: dict[str, str] = {}
    strata = data.strata[place]
    for column in data.columns:
        own = data.values[column.name].to_numpy()[place]
        what = done.get(column.mover, SAME)
        if what == STRATIFIED:
            strata = strata * 2 + own.astype(np.int64)
            continue
        parts = [(EARLY, own * early), (LATE, own * ~early)] if what == SPLIT else [(THROUGHOUT, own)]
        for when, part in parts:
            name = f"{column.name} {when}".strip()
            columns.append(Column(name, column.mover, column.family, column.told))
            values[name] = part
            period |= {name: when} if when else {}
    return Data(tuple(columns), pd.DataFrame(values), times, strata, data.cluster[place]), period


def cut_at(times: pd.DataFrame, turn: float) -> tuple[Integers, pd.DataFrame]:
    """Episodes cut in two where they span a month of tenure: the place each came from, and the times."""
    entry, stop = times["entry"].to_numpy(), times["exit"].to_numpy()
    spans: Truths = (entry < turn) & (turn < stop)
    first = times.assign(exit=np.where(spans, turn, stop), event=times["event"].where(~spans, 0))
    second = times[spans].assign(entry=turn)
    place = np.concatenate([np.arange(len(times)), np.flatnonzero(spans)])
    return place, pd.concat([first, second], ignore_index=True)
