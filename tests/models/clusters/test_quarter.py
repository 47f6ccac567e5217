from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from tests.models.clusters.test_model import KNOWN, behaviour, named, quarters

from analysis.models.clusters.quarter import Earlier, quarter_groups


def rows(**options) -> pd.DataFrame:
    return behaviour(**options).rename(columns=KNOWN)


def test_a_first_report_has_a_history_of_the_quarters_before():
    days = dt.date(2025, 12, 31), dt.date(2026, 3, 31), dt.date(2026, 6, 30)
    then = pd.concat([rows(seed=seed).assign(landmark=day) for seed, day in enumerate(days)])
    got = quarter_groups(rows(seed=9), Earlier(then), quarter="2026-Q3", method="z_score", naming=named)
    assert got.pairs["status"].tolist() == ["kept", "kept"]
    assert got.pairs["name"].tolist() == got.pairs["former_name"].tolist()
    assert len(got.before) == 3000


def test_without_any_quarter_before_names_are_fresh_and_nothing_is_compared():
    got = quarter_groups(
        rows(), Earlier(rows().iloc[:0].assign(landmark=None)), quarter="2026-Q3", method="z_score", naming=named
    )
    assert got.names == ["group 0", "group 1"]
    assert got.pairs.empty
    assert got.before.empty


def test_a_quarter_of_one_crowd_after_one_of_two_groups_has_none():
    then, now = rows(seed=1), rows(seed=2)
    random = np.random.default_rng(3)
    for name in KNOWN.values():
        now[name] = np.exp(random.normal(1, 0.3, len(now))) / (9 if name == "evening_share" else 1)
    got = quarters(now, then)
    assert (got.model, got.found.reason) == (None, "one_crowd")
    assert got.kept().empty


def test_who_moved_is_told_by_the_groups_of_now_on_both_days():
    then, now = rows(seed=1), rows(seed=1)
    moved = now.index[:100]
    now.loc[moved, list(KNOWN.values())] = then.loc[then.index[-100:], list(KNOWN.values())].to_numpy()
    got = quarters(now, then)
    changed = got.members[got.members != got.before.loc[got.members.index]].index
    assert set(now.loc[moved, "customer_id"]) >= set(changed)
    assert len(changed) > 95
