"""Whatever happens after a landmark, and to whom, changes no prediction made at it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analysis.models.prediction import predict

LANDMARK = pd.Timestamp("2026-06-30")
OUTCOME = ["ahead_days", "left", "left_kind"]
FEATURES = ["mood", "noise", "technology", "technology_class", "products"]


def another_future(rows: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """The same customers until the landmark; what came after it is dealt out anew among those who were there then."""
    random, there = np.random.default_rng(seed), rows[rows["landmark"] == LANDMARK]
    days = (LANDMARK - rows["landmark"]).dt.days
    after = there.sample(frac=1.0, random_state=random.integers(2**31))[OUTCOME].set_axis(there["customer_id"])
    fate = after.reindex(rows["customer_id"]).set_axis(rows.index)
    alive = (rows["landmark"] <= LANDMARK) & rows["customer_id"].isin(there["customer_id"])
    changed = rows.copy()
    changed.loc[alive, "ahead_days"] = (fate["ahead_days"] + days)[alive]
    changed.loc[alive, ["left", "left_kind"]] = fate.loc[alive, ["left", "left_kind"]]
    late = np.flatnonzero(rows["landmark"] > LANDMARK)
    changed.loc[rows.index[late], FEATURES] = rows[FEATURES].to_numpy()[random.permutation(late)]
    return changed


def test_a_shuffled_future_changes_no_prediction(provider):
    rows = provider(700).rows
    others = another_future(rows, seed=3)
    there = rows[rows["landmark"] == LANDMARK]
    assert (others.loc[there.index, "ahead_days"] != there["ahead_days"]).any()
    known = there.drop(columns=[*OUTCOME, "start", "stop", "event", "kind", "contact_days", "at_quarter_end", "spell"])
    found = [predict(told, known, as_of=dt.date(2026, 6, 30), known_at={}) for told in (rows, others)]
    (before, expected), (after, got) = found
    assert (after.chosen, after.verdict) == (before.chosen, before.verdict)
    np.testing.assert_array_equal(got.hazards, expected.hazards)
    np.testing.assert_array_equal(got.hazards_voluntary, expected.hazards_voluntary)
    pd.testing.assert_frame_equal(after.metrics, before.metrics)
    pd.testing.assert_frame_equal(after.foretold, before.foretold)
