"""Customers on many paths beyond the window: on a path nobody leaves, and what is kept is the chance of staying.

A month's hazards come from a state that the simulation itself moves on (`life.go_on`). A path so carries the chance
of every leaving instead of one leaving or none, and far fewer paths are needed than futures (Rao and Blackwell).
A house move that stays with the provider leaves the customer as it is: one in forty a year, a little less or more
bound afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.extracts.demo import hazard
from analysis.extracts.demo.life import go_on, grow_older
from analysis.extracts.demo.paths_latent import Start
from analysis.extracts.demo.paths_world import BLOCK, Block
from analysis.extracts.demo.products import rise_prices
from analysis.extracts.demo.span import Span
from analysis.extracts.demo.state import Floats, State
from analysis.extracts.demo.truth_value import Economics, Holding, Ledger
from analysis.extracts.demo.world import Month

FELT_MONTHS = 3  # months whose contributions are averaged


class PathMonth(NamedTuple):
    """A month of a block: a row per path, a column per customer. All but the contributions times the path's weight."""

    staying: Floats  # still there at its end
    chosen: Floats  # left by choice in it
    margin: Floats  # of those still there at its end; cents
    parts: dict[str, Floats]  # contributions to the log-hazard by family


@dataclass(frozen=True)
class Walked:
    """What a block of paths gave. All but `weight` is times the path's weight."""

    weight: Floats  # a row per path, a column per customer
    staying_by_path: Floats  # still there after `FELT_MONTHS`: a row per path
    staying: Floats  # still there at a month's end: a row per month, summed over the paths like all that follows
    chosen: Floats  # left by choice in a month
    margin: Floats  # of those still there at a month's end; cents
    families: dict[str, Floats]  # mean log-hazard contribution over `FELT_MONTHS`, an entry per customer


def walked(begin: Start, block: Block, economics: Economics, *, months: int, chunk: int) -> Walked:
    """Live some months on a block's paths.

    Parameters
    ----------
    begin
        Customers at the window's end, whose state is used up.
    months
        At least `FELT_MONTHS`.
    """
    walk = _Walk(begin, block, economics, chunk, begin.chance.copy(), Holding(begin.state))
    weight = _by_path(begin.chance)
    lived = [walk.month(block.world.last + 1 + month) for month in range(months)]
    felt = [one.parts for one in lived[:FELT_MONTHS]]
    return Walked(
        weight=weight,
        staying_by_path=lived[FELT_MONTHS - 1].staying,
        staying=np.stack([one.staying.sum(axis=0) for one in lived]),
        chosen=np.stack([one.chosen.sum(axis=0) for one in lived]),
        margin=np.stack([one.margin.sum(axis=0) for one in lived]),
        families={name: (weight * sum(parts[name] for parts in felt)).sum(axis=0) / FELT_MONTHS for name in felt[0]},
    )


@dataclass(frozen=True)
class _Walk:
    """A walk under way: `alive` is the chance of still being there, by frailty and then path by path."""

    begin: Start
    block: Block
    economics: Economics
    chunk: int
    alive: Floats
    holding: Holding

    def month(self, number: int) -> PathMonth:
        """Live through a month."""
        state, ledger = self.begin.state, Ledger(self.begin.state.size)
        now = Month(self.block.world, number, self.chunk, ledger)
        rise_prices(state, now)
        self.holding.follow_prices(state)
        parts = contributions(state, now, shock=self.block.shocks[number])
        chosen = self._leave(np.exp(now.parameters.hazard.base + sum(parts.values())), other_hazards(state, now))
        revenue = self.holding.revenue(state, self.economics)
        go_on(state, Span(np.full(state.size, now.first), np.full(state.size, now.end)), now)
        margin = _on_paths(self.holding.margin(revenue, ledger, self.economics))
        self.holding.remember_prices(state)
        grow_older(state)
        staying = _by_path(self.alive)
        by_path = {name: _on_paths(part) for name, part in parts.items()}
        return PathMonth(staying, _by_path(chosen), staying * margin, by_path)

    def _leave(self, by_choice: Floats, rest: Floats) -> Floats:
        """Take the month's leavers out, and give those who left by choice, by frailty and path."""
        by_choice = np.exp(self.begin.frailty[:, None]) * by_choice
        total = by_choice + rest
        left = self.alive * -np.expm1(-total)
        self.alive[:] -= left
        return left * by_choice / total


def contributions(state: State, now: Month, *, shock: Floats) -> dict[str, Floats]:
    """Contributions to the log-hazard by family on the paths of a block, each with a shock of its own."""
    return {**hazard.contributions(state, now), "shock": np.repeat(shock, state.size // BLOCK)}


def other_hazards(state: State, now: Month) -> Floats:
    """Monthly hazard of leaving but not by choice; house moves that stay with the provider are no leaving."""
    h = now.parameters.hazard
    away = (1 - h.moves_with_us) * hazard.house_move(state, now)
    return hazard.non_payment(state, now) + away + hazard.death(state, now) + h.other


def _on_paths(values: Floats) -> Floats:
    """A row per path from values path by path."""
    return values.reshape(BLOCK, -1)


def _by_path(alive: Floats) -> Floats:
    """Summed over the values of frailty: a row per path."""
    return _on_paths(alive.sum(axis=0))
