"""The truth of a chunk's customers: chances of leaving, value, and what drives each of them, from many paths."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from analysis.extracts.demo.hazard import REASON_FAMILIES
from analysis.extracts.demo.paths import Walked, walked
from analysis.extracts.demo.paths_latent import start
from analysis.extracts.demo.paths_world import BLOCK, Block, world_block
from analysis.extracts.demo.state import Floats, State
from analysis.extracts.demo.truth_value import Economics
from analysis.extracts.demo.world import World

HORIZONS = (1, 3, 12)  # months
LONGEST = max(HORIZONS)


@dataclass(frozen=True)
class Effort:
    """How many blocks of paths are walked for `LONGEST` months, and how many of them to the horizon of the value.

    Four blocks are 32 paths, with which the standard error of a customer's chance of leaving within three months is
    about 5 % of it; with 200 futures in which everyone leaves or stays it is about 43 %.
    """

    blocks: int = 4
    long_blocks: int = 1
    economics: Economics = field(default_factory=Economics)

    @property
    def paths(self) -> int:
        return BLOCK * self.blocks

    @property
    def long_paths(self) -> int:
        """Paths beyond `LONGEST` months, which only the value needs."""
        return BLOCK * self.long_blocks

    def months(self, block: int) -> int:
        """Months that a block is walked for."""
        return self.economics.horizon_months if block < self.long_blocks else LONGEST


def world_blocks(there: World, effort: Effort) -> list[Block]:
    """The worlds that the paths of all chunks share."""
    return [world_block(there, block, months=effort.months(block)) for block in range(effort.blocks)]


def customer_truth(state: State, blocks: list[Block], *, effort: Effort, chunk: int) -> dict[str, Floats]:
    """Columns of `truth.parquet` but for the id, a row per customer; with `noise`, the standard error of `leaves_3m`.

    Parameters
    ----------
    state
        Customers at the window's end, all of them active.
    blocks
        From `world_blocks`, with the same effort.
    """
    found = [
        walked(start(state, block, chunk=chunk), block, effort.economics, months=effort.months(place), chunk=chunk)
        for place, block in enumerate(blocks)
    ]
    staying, chosen = _mean(found, "staying"), np.cumsum(_mean(found, "chosen"), axis=0)
    worth = _mean(found, "margin") * effort.economics.discounts()[:, None]
    there_before = np.vstack([np.ones(state.size), staying[:-1]])
    weight = sum(one.weight.sum(axis=0) for one in found)
    return {
        **{f"leaves_{months}m": 1 - staying[months - 1] for months in HORIZONS},
        **{f"voluntary_{months}m": chosen[months - 1] for months in HORIZONS},
        "current_value": worth.sum(axis=0) / 100,
        "margin_12m": _mean(found, "margin")[:LONGEST].sum(axis=0) / 100,
        "months_left_36": ((there_before + staying) / 2).sum(axis=0),
        **{f"reason_{name}": sum(one.families[name] for one in found) / weight for name in REASON_FAMILIES},
        "noise": _noise(found),
    }


def _mean(found: list[Walked], name: str) -> Floats:
    """Weighted mean over all paths that reach a month: a row per month, a column per customer."""
    months = max(len(getattr(one, name)) for one in found)
    rows = []
    for month in range(months):
        reach = [one for one in found if len(getattr(one, name)) > month]
        rows.append(sum(getattr(one, name)[month] for one in reach) / sum(one.weight.sum(axis=0) for one in reach))
    return np.stack(rows)


def _noise(found: list[Walked]) -> Floats:
    """Standard error of the chance of leaving within three months, from the spread over paths.

    Too high rather than too low, for the paths of a block are drawn evenly.
    """
    weight = np.concatenate([one.weight for one in found])
    staying = np.concatenate([one.staying_by_path for one in found]) / weight
    mean = (weight * staying).sum(axis=0) / weight.sum(axis=0)
    return np.sqrt((weight**2 * (staying - mean) ** 2).sum(axis=0)) / weight.sum(axis=0)
