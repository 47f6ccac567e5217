"""Which areas are signalled, on what evidence, and what is usual in them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.truth.faults import Setting, area_table, last_month, with_fault

from analysis.basis.quarter import Quarter
from analysis.models.area_panel import expected_complaints, panel
from analysis.models.area_signals import BOTH, COMPLAINTS, NETWORK, area_signals
from analysis.models.area_standing import failing_areas, judged_areas, mapped_areas, network_kpis, signalled_areas

QUARTER = Quarter(2026, 3)
USUAL = Setting("usual", areas=12)
LAST = pd.Timestamp("2026-09-01")


@pytest.fixture(scope="module")
def quiet() -> pd.DataFrame:
    return area_table(USUAL, seed=3)[0]


def changed(rows: pd.DataFrame, area: str, month: pd.Timestamp, **factors: float) -> pd.DataFrame:
    here = (rows["area_id"] == area) & (rows["month"] == month)
    return rows.assign(**{name: rows[name] * np.where(here, factor, 1) for name, factor in factors.items()})


def of(signals: pd.DataFrame, area: str) -> pd.Series:
    return last_month(signals).set_index("area_id").loc[area]


def test_a_fault_is_signalled_in_its_month_with_both_kinds_of_evidence(quiet) -> None:
    got = area_signals(with_fault(quiet, "A004", LAST, np.random.default_rng(1)))
    assert bool(of(got, "A004")["signal"])
    assert of(got, "A004")["evidence"] == BOTH
    assert of(got, "A004")["speed_usual"] > 1.4 * of(got, "A004")["speed_share"]
    assert not last_month(area_signals(quiet))["signal"].any()


def test_each_kind_of_evidence_alone_is_named(quiet) -> None:
    slow = area_signals(changed(quiet, "A004", LAST, speed_share=0.3))
    loud = area_signals(changed(quiet, "A004", LAST, complaints=8))
    assert of(slow, "A004")["evidence"] == NETWORK
    assert of(loud, "A004")["evidence"] == COMPLAINTS


def test_what_happens_everywhere_is_no_signal(quiet) -> None:
    here = quiet["month"] == LAST
    everywhere = quiet.assign(
        complaints=quiet["complaints"] * np.where(here, 3, 1), speed_share=quiet["speed_share"] * np.where(here, 0.5, 1)
    )
    assert not last_month(area_signals(everywhere))["signal"].any()


def test_months_to_come_change_nothing_of_what_was_usual(quiet) -> None:
    """Expected complaints of a month are told from the months up to it."""
    early = panel(quiet[quiet["month"] <= "2026-03-01"])
    late = panel(quiet)
    at = len(early.months) - 1
    for one, other in zip(
        expected_complaints(early, at, kept=np.ones(early.shape, dtype=bool)),
        expected_complaints(late, at, kept=np.ones(late.shape, dtype=bool)),
        strict=True,
    ):
        assert one == pytest.approx(other)


def test_expected_complaints_are_those_of_a_poisson_regression_with_area_and_month() -> None:
    """Where areas differ widely and counts are large, nothing is pulled, and the fit is the usual one."""
    random = np.random.default_rng(0)
    rate = np.exp(random.normal(-4, 1, (6, 1)) + random.normal(0, 0.3, (1, 13)))
    counts = random.poisson(200_000 * rate)
    index = pd.MultiIndex.from_product([list("abcdef"), pd.date_range("2025-09-01", periods=13, freq="MS")])
    rows = pd.DataFrame({"complaints": counts.ravel()}, index=index.set_names(["area_id", "month"])).reset_index()
    missing = dict.fromkeys(("speed_share", "latency_ms", "outage_minutes"), np.nan)
    sheet = panel(rows.assign(customers=200_000.0, complainers=rows["complaints"], **missing))
    got, _ = expected_complaints(sheet, 12, kept=np.ones(sheet.shape, dtype=bool))
    # Of equal exposures the likelihood equations of area and month have this solution.
    past, now = counts[:, :12], counts[:, 12]
    others = now.sum() - now
    of_others = past.sum() - past.sum(axis=1)
    assert got == pytest.approx(past.sum(axis=1) * others / of_others, rel=2e-3)


def test_chance_is_uniform_over_quiet_months() -> None:
    found = np.concatenate([area_signals(area_table(USUAL, seed=seed)[0])["p"].dropna() for seed in range(12)])
    assert (found < 0.05).mean() == pytest.approx(0.045, abs=0.015)
    assert stats.kstest(found, "uniform").statistic < 0.08


def test_nothing_is_judged_before_six_months() -> None:
    rows = area_table(Setting("short", areas=12, months=6), seed=1)[0]
    assert area_signals(rows)["p"].isna().all()
    assert judged_areas(area_signals(rows), QUARTER) == 0


@pytest.mark.parametrize("missing", [["complaints", "complainers"], ["speed_share", "latency_ms", "outage_minutes"]])
def test_one_kind_of_evidence_is_enough_to_judge(quiet, missing) -> None:
    got = last_month(area_signals(quiet.assign(**dict.fromkeys(missing, np.nan))))
    assert got["p"].notna().all()
    assert got["p_complaints" if "complaints" in missing else "p_network"].isna().all()


def test_no_areas_at_all_give_an_empty_table(quiet) -> None:
    got = signalled_areas(area_signals(quiet.iloc[:0]), QUARTER, smallest=11)
    assert got.empty
    assert network_kpis(got, judged=0, inside=0) == []


def test_a_signal_stands_since_the_first_of_its_months_in_a_row(quiet) -> None:
    rows = quiet
    for month in ("2026-05-01", "2026-08-01", "2026-09-01"):
        rows = changed(rows, "A004", pd.Timestamp(month), speed_share=0.4)
    rows = changed(rows, "A007", pd.Timestamp("2026-07-01"), speed_share=0.4)
    got = signalled_areas(area_signals(rows), QUARTER, smallest=11).set_index("area_id")
    assert got.index[0] == "A004"
    assert got.loc["A004", ["since", "standing"]].tolist() == [pd.Timestamp("2026-08-01"), True]
    assert got.loc["A007", ["since", "standing"]].tolist() == [pd.Timestamp("2026-07-01"), False]
    assert failing_areas(got.reset_index())["area_id"].tolist() == ["A004"]


def test_complaints_of_few_customers_are_not_told(quiet) -> None:
    few = changed(quiet, "A004", LAST, speed_share=0.4).assign(complaints=3, complainers=3)
    row = signalled_areas(area_signals(few), QUARTER, smallest=11).set_index("area_id").loc["A004"]
    assert bool(row["times_masked"])
    assert pd.isna(row["times"])
    told = signalled_areas(area_signals(changed(quiet, "A004", LAST, speed_share=0.4)), QUARTER, smallest=11)
    assert told["times"].notna().all()


def test_the_map_marks_what_stands(quiet) -> None:
    signals = area_signals(changed(quiet, "A004", LAST, speed_share=0.4))
    places = pd.DataFrame({"area_id": ["A004", "A005", "gone"], "latitude": [1.0, 2, 3], "longitude": [1.0, 2, 3]})
    got = mapped_areas(places, signals, signalled_areas(signals, QUARTER, smallest=11), smallest=11)
    assert got[["area_id", "marked"]].to_numpy().tolist() == [["A004", True], ["A005", False]]


def test_a_line_that_does_not_work_at_all_is_the_worst_fault(quiet) -> None:
    got = of(area_signals(changed(quiet, "A004", LAST, speed_share=0)), "A004")
    assert bool(got["signal"])
    assert got["speed_usual"] > 0.5


def test_customers_of_areas_that_are_too_small_to_be_told_are_in_no_sum(quiet) -> None:
    rows = changed(changed(quiet, "A004", LAST, speed_share=0.3), "A007", LAST, speed_share=0.3)
    told = signalled_areas(area_signals(rows), QUARTER, smallest=11)
    assert "customers_in_signalled_areas" in {kpi.metric for kpi in network_kpis(told, judged=12, inside=4_000)}
    few = signalled_areas(area_signals(changed(rows, "A004", LAST, customers=0.002)), QUARTER, smallest=11)
    assert few["customers_masked"].any()
    assert "customers_in_signalled_areas" not in {kpi.metric for kpi in network_kpis(few, judged=12, inside=2_003)}


def test_areas_without_a_complaint_and_without_a_past_warn_of_nothing(quiet, recwarn) -> None:
    calm = quiet.assign(complaints=0, complainers=0)
    young = calm[(calm["area_id"] != "A004") | (calm["month"] == LAST)]
    got = area_signals(young)
    assert pd.isna(of(got, "A004")["p_complaints"])
    assert not len(recwarn)
