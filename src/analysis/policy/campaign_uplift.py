"""Uplift models of campaigns drawn by lot, and whether any beats going by lot."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.frames.retention import CONTROL
from analysis.models.uplift import Qini, UpliftModel, fit_uplift, qini, uplift_scores

MOST = 4  # variants for which a model is made, those with most contacts


class Uplift(NamedTuple):
    """The model of a variant, judged: `qini` by scores of models that had not seen the customer."""

    campaign: str
    variant: str
    qini: Qini
    model: UpliftModel | None = None


def uplifts(rows: pd.DataFrame, columns: list[str]) -> list[Uplift]:
    """Uplift models of the variants with most contacts, largest first; those with too few outcomes are left out.

    Parameters
    ----------
    rows : table, one row per contact, by campaign, round and customer: `campaign`, `arm`, `good` and the columns.
    """
    if rows.empty:
        return []
    sizes = rows[rows["arm"] != CONTROL].groupby(["campaign", "arm"]).size().reset_index(name="n")
    ordered = sizes.sort_values(["n", "campaign", "arm"], ascending=[False, True, True]).head(MOST)
    tried = [_judged(rows, str(one.campaign), str(one.arm), columns) for one in ordered.itertuples()]
    return [one for one in tried if one]


def _judged(rows: pd.DataFrame, campaign: str, variant: str, columns: list[str]) -> Uplift | None:
    own = rows[(rows["campaign"] == campaign) & rows["arm"].isin([variant, CONTROL])]
    own = own.sort_values(["customer_id", "round"], ignore_index=True)
    treated: Any = (own["arm"] == variant).to_numpy("int64")
    good: Any = own["good"].to_numpy("int64")
    scores = uplift_scores(own, columns, treated=treated, good=good)
    if not np.isfinite(scores).all() or not len(scores):
        return None
    judged = qini(scores, treated=treated, good=good)
    model = fit_uplift(own, columns, treated=treated, good=good) if judged.low > 0 else None
    return Uplift(campaign, variant, judged, model)
