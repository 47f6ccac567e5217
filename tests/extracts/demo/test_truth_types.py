"""The true types: by formula, calibrated, told for everyone at every quarter's end, and nobody's before they begin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from analysis.extracts.demo import write_demo
from analysis.extracts.demo.behaviour import MEASURES, levels
from analysis.extracts.demo.chunk import live
from analysis.extracts.demo.parameters import Parameters, Population
from analysis.extracts.demo.parameters_behaviour import BEHAVIOURS, Behaviours
from analysis.extracts.demo.truth_types import posteriors, quarter_means, shares

P = Parameters()
JUNE = 2026 * 12 + 5


def measures(size: int, **values: list[float]) -> np.ndarray:
    """A row per measure, zero where none is named."""
    return np.array([values.get(name, [0.0] * size) for name in MEASURES])


def test_means_are_taken_over_the_quarter_and_what_is_not_shown_is_not_counted():
    rows = {
        "customer": np.array([0, 0, 0, 0, 1, 1]),
        "month": np.array([JUNE - 3, JUNE - 2, JUNE - 1, JUNE, JUNE, JUNE + 1]),
        **{name: np.array([9.0, 1.0, 2.0, 6.0, 4.0, 9.0]) for name in MEASURES},
    }
    rows["voice"] = np.array([9.0, 1.0, np.nan, 6.0, np.nan, 9.0])
    mean, count = quarter_means(rows, JUNE, size=3)
    assert mean[0] == pytest.approx([3.0, 4.0, 0.0])
    assert list(count[0]) == [3, 1, 0]
    assert mean[2] == pytest.approx([3.5, 0.0, 0.0])
    assert list(count[2]) == [2, 0, 0]


def test_a_posterior_by_hand():
    two = tuple(replace(one, young=0.0, old=0.0, mobile=0.0, voice_only=0.0, share=0.5) for one in BEHAVIOURS[:2])
    parameters = replace(P, behaviours=Behaviours(known=two), population=Population(type_shares=(1, 0, 0, 0)))
    count = np.full((6, 2), 3)
    count[1:, 1] = 0
    got = posteriors(measures(2, download=[0.2, 0.2]), count, parameters, month=JUNE)
    spread = np.sqrt(np.square([0.5, 0.4, 0.6, 0.35, 0.45, 0.4]) + np.square([0.18, 0.15, 0.3, 0.4, 0.4, 0.2]) / 3)
    seen = np.array([0.2, 0, 0, 0, 0, 0])
    each = np.array([norm.pdf(seen, levels(parameters.behaviours)[:, place], spread) for place in range(2)])
    assert got[0] == pytest.approx(each.prod(axis=1) / each.prod(axis=1).sum())
    assert got[1] == pytest.approx(each[:, 0] / each[:, 0].sum())


def test_fewer_months_tell_less():
    mean = measures(2, download=[0.75, 0.75], upload=[-0.25, -0.25], voice=[-0.3, -0.3], days=[0.6, 0.6],
                    logins=[-0.3, -0.3], evening=[0.75, 0.75])  # fmt: skip
    got = posteriors(mean, np.tile([1, 3], (6, 1)), P, month=JUNE)[:, 0]
    assert 0.9 < got[0] < got[1]


def test_shares_are_those_of_who_joins_and_a_new_type_takes_its_part_from_its_quarter_on():
    got = shares(P, month=JUNE)
    assert got.sum() == pytest.approx(1)
    assert got[0] == max(got) > 0.28
    new = Parameters().with_newcomer(date(2026, 4, 1))
    assert shares(new, month=JUNE - 3) == pytest.approx([*got, 0.0])
    assert shares(new, month=JUNE) == pytest.approx([*(0.9 * got), 0.1])


@pytest.fixture(scope="module")
def seen(small_world) -> tuple[np.ndarray, np.ndarray]:
    """Of one quarter: the chance of each type and the true type, a row per customer."""
    state, book = live(small_world, chunk=0, size=2_000)
    rows, month = book.rows("behaviour"), small_world.last
    mean, count = quarter_means(book.rows("measured"), month, size=int(state.account.max()) + 1)
    at = rows["month"] == month
    customer, behaviour = rows["customer"][at], rows["behaviour"][at]
    shown = count[:, customer].any(axis=0)
    return posteriors(mean[:, customer], count[:, customer], P, month=month)[shown], behaviour[shown]


def test_chances_of_types_are_calibrated(seen):
    chance, true = seen
    is_so = np.arange(chance.shape[1]) == true[:, None]
    for low, high in ((0.05, 0.3), (0.3, 0.7), (0.7, 0.95)):
        at = (chance > low) & (chance < high)
        assert at.sum() > 60
        assert is_so[at].mean() == pytest.approx(chance[at].mean(), abs=0.1)
    assert is_so.mean(axis=0) == pytest.approx(chance.mean(axis=0), abs=0.03)


def test_four_in_five_are_clear_and_not_all(seen):
    chance, true = seen
    clear = chance[np.arange(len(true)), true] >= 0.9
    assert 0.75 < clear.mean() < 0.85
    assert min(clear[true == place].mean() for place in range(6)) > 0.55


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told") / "demo"
    new = Parameters().with_newcomer(date(2026, 4, 1))
    write_demo(folder, customers=500, months=15, seed=3, truth=True, parameters=new)
    return folder


@pytest.fixture(scope="module")
def types(told: Path) -> pd.DataFrame:
    return pd.read_parquet(told / "truth" / "types.parquet")


def test_there_is_a_row_for_every_customer_and_quarters_end_at_which_it_is_active(told, types):
    ends = [date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]
    assert sorted(set(types["quarter_end"])) == ends
    assert not types.duplicated(["customer_id", "quarter_end"]).any()
    truth = pd.read_parquet(told / "truth" / "truth.parquet")
    last = types[types["quarter_end"] == ends[-1]]
    assert set(last["customer_id"]) == set(truth["customer_id"])
    customers = pd.read_csv(told / "customers.csv", dtype=str).set_index("customer_id").loc[types["customer_id"]]
    day = pd.to_datetime(types["quarter_end"]).to_numpy()
    gone = pd.to_datetime(customers["churn_date"]).to_numpy()
    assert (pd.to_datetime(customers["signup_date"]).to_numpy() <= day).all()
    assert (np.isnat(gone) | (gone > day)).all()


def test_clearness_is_missing_where_no_use_is_on_record_and_between_0_and_1_elsewhere(types):
    first = types["quarter_end"] == date(2025, 9, 30)
    assert types.loc[first, "posterior"].isna().all()
    assert types.loc[~first, "posterior"].between(0, 1).mean() > 0.99


def test_a_new_type_is_nobodys_before_its_quarter_and_clear_afterwards(types):
    new = types[types["type"] == "night_gamer"]
    later = types[types["quarter_end"] >= date(2026, 4, 1)]
    assert new["quarter_end"].min() == date(2026, 6, 30)
    assert 0.07 < len(new) / len(later) < 0.15
    assert (new["posterior"] >= 0.9).mean() > 0.8


def test_few_change_their_type_from_one_quarter_to_the_next(types):
    before = types[types["quarter_end"] < date(2026, 4, 1)].sort_values(["customer_id", "quarter_end"])
    pairs = before.groupby("customer_id")["type"].shift()
    changed = (pairs != before["type"])[pairs.notna()]
    assert len(changed) > 400
    assert 0.001 < changed.mean() < 0.025
