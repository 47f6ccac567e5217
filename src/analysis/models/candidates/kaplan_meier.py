"""The null model: everyone of equal tenure leaves at an equal pace, whatever else is known of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.candidates.learning import DRAWS, SEED, Learning
from analysis.models.counts import Floats
from analysis.models.forecast import tenure_ahead
from analysis.models.remaining import Life, conditional_life


@dataclass(frozen=True)
class KaplanMeier:
    """A life table, and the number of leavers in it."""

    life: Life
    events: int

    def hazards(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`: H(t + u) - H(t) at tenure t."""
        tenure = rows["tenure_months"].to_numpy("float64")
        # A few hundred tenures are shared by all customers.
        ahead, codes = np.unique(np.column_stack([tenure, tenure_ahead(rows)]), axis=0, return_inverse=True)
        reached = self.life.cumulative_hazard(ahead[:, :1])
        found = self.life.cumulative_hazard(ahead[:, :1] + ahead[:, 1:]) - reached
        return np.asarray(found[codes.ravel()])

    def draws(self, rows: pd.DataFrame) -> Floats:
        """See `Fitted`: the whole table faster or slower, as much as the number of its leavers leaves open.

        Each draw multiplies the hazard by a gamma variable with that many leavers, common to all tenures.
        """
        shape = self.events + 0.5
        pace = np.random.default_rng(SEED).gamma(shape, 1 / shape, size=DRAWS)
        return (pace[:, None, None] * self.hazards(rows)).astype(np.float32)


def fit_kaplan_meier(learning: Learning) -> KaplanMeier:
    """The life table with late entry of all episodes, conditional on the tenure reached: see `conditional_life`.

    Shrunk, for a forecast must not say "never" where nobody happened to leave.
    """
    event = "event" if learning.left == "leaves" else "voluntary"
    counts = learning.rows.groupby(["start", "stop", event], sort=True).size().rename("n").reset_index()
    counts.columns = pd.Index(["entry", "exit", "event", "n"])
    return KaplanMeier(conditional_life(counts, shrunk=True), learning.events)
