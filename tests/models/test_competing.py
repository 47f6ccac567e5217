from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.models.competing import COLUMNS, aalen_johansen
from analysis.models.survival import kaplan_meier, survival_at


def counted(*rows):
    return pd.DataFrame(rows, columns=["entry", "exit", "event", "kind", "n"])


def incidence(got, kind, time):
    return got[(got["kind"] == kind) & (got["time"] == time)]["incidence"].item()


def six_tied():
    return counted(
        (0, 1, 1, "voluntary", 1),
        (0, 1, 1, "moved", 1),
        (0, 2, 1, "voluntary", 1),
        (0, 2, 1, "moved", 1),
        (0, 3, 0, None, 1),
        (0, 3, 1, "voluntary", 1),
    )


def test_leavers_of_two_kinds_on_one_day_share_the_customers_at_risk():
    got = aalen_johansen(six_tied())
    assert incidence(got, "voluntary", 3) == pytest.approx(1 / 6 + 4 / 6 * 1 / 4 + 2 / 6 * 1 / 2)
    assert incidence(got, "moved", 3) == pytest.approx(1 / 6 + 4 / 6 * 1 / 4)
    assert got[got["kind"] == "moved"]["events"].tolist() == [0, 1, 1, 0]
    assert got[got["kind"] == "moved"]["at_risk"].tolist() == [6, 6, 4, 2]


def test_kinds_and_those_still_there_add_up_to_everyone():
    rng = np.random.default_rng(3)
    entry, stay = rng.integers(0, 12, 400), rng.integers(1, 9, 400)
    rows = pd.DataFrame({"entry": entry, "exit": entry + stay, "event": rng.integers(0, 2, 400), "n": 1})
    rows["kind"] = np.where(rng.random(400) < 0.3, "moved", "voluntary")
    got = aalen_johansen(rows).groupby("time")["incidence"].sum()
    there = survival_at(kaplan_meier(rows), got.index.to_numpy())["survival"]
    assert (got.to_numpy() + there.to_numpy()).tolist() == pytest.approx([1.0] * len(got))


def test_rows_may_be_counted_or_lie_one_by_one_in_any_order():
    rows = six_tied()
    one_by_one = pd.concat([rows, rows]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        aalen_johansen(rows.assign(n=2)), aalen_johansen(one_by_one.reset_index(drop=True)), check_exact=False
    )


def test_late_entrants_are_at_risk_from_their_entry_on():
    got = aalen_johansen(counted((0, 2, 1, "moved", 1), (0, 5, 0, None, 3), (2, 4, 1, "moved", 2)))
    assert got["at_risk"].tolist() == [4, 4, 5]
    assert got["incidence"].tolist() == pytest.approx([0, 1 / 4, 1 / 4 + 3 / 4 * 2 / 5])


def test_where_nobody_left_there_is_no_kind():
    got = aalen_johansen(counted((0, 3, 0, None, 9)))
    assert got.empty and list(got.columns) == list(COLUMNS)


def test_a_leaver_without_a_kind_is_refused():
    with pytest.raises(AnalysisFailed, match="expected a kind for every row that left, found 1 rows without one"):
        aalen_johansen(counted((0, 3, 1, None, 1), (0, 4, 1, "moved", 1)))


def test_the_error_of_a_share_is_binomial_where_nobody_is_lost_to_sight():
    got = aalen_johansen(counted((0, 1, 1, "moved", 3), (0, 2, 1, "voluntary", 2), (0, 3, 0, None, 15)))
    last = got[got["time"] == 2].set_index("kind")
    assert last.loc["moved", "se"] == pytest.approx(np.sqrt(3 / 20 * 17 / 20 / 20))
    assert last.loc["voluntary", "se"] == pytest.approx(np.sqrt(2 / 20 * 18 / 20 / 20))


def test_the_interval_is_missing_before_anybody_left_in_that_way():
    got = aalen_johansen(six_tied())
    assert got[got["time"] == 0][["low", "high"]].isna().all(axis=None)
    moved = got[(got["kind"] == "moved") & (got["time"] > 0)]
    assert ((moved["low"] < moved["incidence"]) & (moved["incidence"] < moved["high"])).all()


def test_when_the_last_have_left_in_two_ways_the_errors_are_still_numbers():
    """1 - 1/3 - 2/3 is not 0 in binary: what comes later must not be divided by it."""
    rows = counted((0, 1, 1, "moved", 1), (0, 1, 1, "voluntary", 2), (4, 6, 1, "moved", 9))
    got = aalen_johansen(rows)
    assert got.groupby("kind")["incidence"].last().to_dict() == pytest.approx({"moved": 1 / 3, "voluntary": 2 / 3})
    assert got.groupby("kind")["se"].last().tolist() == pytest.approx([np.sqrt(2 / 27)] * 2)
