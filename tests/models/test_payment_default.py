"""Who will stop paying: judged on a later quarter than was learned from, beside a plain rule."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.models.default_study import overlap
from analysis.models.payment_default import MODEL, RULE, default_scores, foretold_groups, judged

ENDS = [dt.date(2025, 12, 31), dt.date(2026, 3, 31), dt.date(2026, 6, 30)]


def rows(chance, *, size: int = 4000, seed: int = 1, ends: list[dt.date] = ENDS) -> pd.DataFrame:
    """Customers at landmarks; `chance` of late bills and payment method gives the chance of default."""
    rng = np.random.default_rng(seed)
    parts = []
    for end in ends:
        late, cash = rng.poisson(0.4, size), rng.random(size) < 0.2
        table = pd.DataFrame(
            {
                "customer_id": [f"c{n:05d}" for n in range(size)],
                "landmark": pd.Timestamp(end),
                "state": np.where((late > 0) & (rng.random(size) < 0.3), "1-30", "current"),
                "late_bills_6m": late,
                "payment_method": np.where(cash, "cash", "direct debit"),
                "tenure_months": rng.uniform(1, 60, size),
                "monthly_fee": rng.uniform(10, 60, size),
            }
        )
        parts.append(table.assign(default=(rng.random(size) < chance(late, cash)).astype(int)))
    return pd.concat(parts, ignore_index=True)


def test_what_tells_more_than_the_rule_beats_it_and_its_chances_come_true() -> None:
    table = rows(lambda late, cash: np.clip(0.005 + 0.04 * late + 0.2 * cash * (late > 0), 0, 1))
    got = judged(table, ENDS)
    assert got is not None
    assert (got.used, got.landmark, len(got.rows)) == (MODEL, ENDS[-1], 4000)
    by = got.table.set_index("way")
    assert by.at[MODEL, "auc"] > by.at[RULE, "auc"]
    assert by.at[MODEL, "ratio_low"] < 1 < by.at[MODEL, "ratio_high"]
    assert by.at["nothing", "auc"] == 0.5


def test_where_only_the_rule_counts_the_rule_is_used() -> None:
    got = judged(rows(lambda late, cash: np.where(late > 0, 0.06, 0.004)), ENDS)
    assert got is not None and got.used == RULE
    by = got.table.set_index("way")
    assert by.at[MODEL, "better_low"] < 0


def test_what_happened_on_the_judged_quarter_is_not_learned() -> None:
    table = rows(lambda late, cash: np.clip(0.005 + 0.04 * late + 0.2 * cash * (late > 0), 0, 1))
    few = (table["landmark"] == pd.Timestamp(ENDS[-1])) & (table.index % 400 == 0)
    other = table.assign(default=table["default"].mask(few, 1))
    first, second = judged(table, ENDS), judged(other, ENDS)
    assert first is not None and second is not None
    assert (first.used, second.used) == (MODEL, MODEL)
    assert (first.rows["default"] != second.rows["default"]).sum() > 5
    assert np.array_equal(first.rows["score"], second.rows["score"])


def test_too_few_defaults_are_not_judged_nor_told() -> None:
    few = rows(lambda late, cash: 0.002 + 0 * late, size=500)
    assert judged(few, ENDS) is None
    assert np.isnan(default_scores(few, few.head(5), RULE)).all()


def test_one_quarter_of_history_is_none_to_judge_by() -> None:
    one = rows(lambda late, cash: 0.05 + 0 * late, ends=ENDS[-1:])
    assert judged(one, ENDS[-1:]) is None
    assert judged(one.iloc[:0], []) is None


def test_scores_are_chances_and_the_same_whatever_the_order() -> None:
    table = rows(lambda late, cash: np.clip(0.01 + 0.05 * late, 0, 1), size=1500)
    now = table.tail(300)
    got = default_scores(table, now, MODEL)
    assert ((got > 0) & (got < 1)).all()
    assert default_scores(table, now.iloc[::-1], MODEL)[::-1] == pytest.approx(got, abs=2e-6)


def test_groups_of_few_defaults_are_hidden() -> None:
    table = rows(lambda late, cash: np.clip(0.005 + 0.04 * late + 0.2 * cash * (late > 0), 0, 1))
    got = judged(table, ENDS)
    assert got is not None
    groups = foretold_groups(got, smallest=11)
    assert groups["observed"].notna().all() and groups["observed"].is_monotonic_decreasing
    hidden = foretold_groups(got, smallest=2000)
    assert hidden["observed"].isna().all()


def test_the_overlap_of_two_tenths_is_counted() -> None:
    ids = [f"c{n:03d}" for n in range(200)]
    scores = pd.DataFrame({"customer_id": ids, "default_3m": np.linspace(0, 1, 200)})
    same = pd.DataFrame({"customer_id": ids, "voluntary_3m": np.linspace(0, 1, 200)})
    got = overlap(scores, same)
    assert got is not None and (got.share, got.customers) == (1.0, 20)
    other = overlap(scores, same.assign(voluntary_3m=same["voluntary_3m"].to_numpy()[::-1]))
    assert other is not None and other.share == 0
    assert overlap(scores, same.assign(voluntary_3m=np.nan)) is None
