"""How well warnings would have warned: counted by hand on 200 customers of one quarter end."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.policy.warning_figures import warning_kpis
from analysis.policy.warning_record import Tried, warning_record
from analysis.policy.warnings import Warnings
from analysis.present import warning_page
from analysis.present.wording import warnings as wording

AS_OF, DAY, BEFORE = dt.date(2026, 9, 30), dt.date(2026, 6, 30), dt.date(2026, 3, 31)
N = 400


@pytest.fixture
def past(engine):
    """400 customers. The first 80 have a chance of 5 %, the others of 1 %; 40 to 119 are flagged.

    Of the first 120, every second left: those of an even number within the month, by choice. Of the others a tenth
    left in the third month. At the quarter end before the sign had earned its place.
    """

    def made(chance: float = 0.03, share: float = 0.1, earned: bool = True) -> pd.DataFrame:
        number = np.arange(N)
        ids = [f"c{n:03d}" for n in number]
        soon, late = (number < 120) & (number % 2 == 0), (number >= 120) & (number % 10 == 0)
        flagged = ((number >= 40) & (number < 120)).astype(int)
        risk = np.where(number < 80, 0.05, 0.01)
        then = pd.DataFrame(
            {"customer_id": ids, "landmark": pd.Timestamp(DAY), "voluntary_01": risk, "survival_01": 0.9}
        )
        days = np.where(soon, 20.0, np.where(late, 80.0, 92.0))
        left = (soon | late).astype(int)
        episodes = pd.DataFrame({
            "customer_id": ids, "spell": 1, "landmark": pd.Timestamp(DAY), "at_quarter_end": 1, "start": 10.0,
            "stop": 13.0, "event": left, "ahead_days": days, "left": left,
            "left_kind": np.where(left == 1, "voluntary", None),
        })  # fmt: skip
        now = pd.DataFrame(
            {"customer_id": ids, "landmark": pd.Timestamp(DAY), "event": left, "chose": left, "ends": flagged}
        )
        was = now.assign(landmark=pd.Timestamp(BEFORE))
        if not earned:
            was = was.assign(event=left[::-1].copy(), chose=left[::-1].copy())
        signs = engine.table(pd.concat([now, was]).assign(landmark=lambda rows: rows["landmark"].dt.date))
        rows = engine.table(episodes.assign(landmark=episodes["landmark"].dt.date))
        return warning_record(then, rows, signs, Tried(chance, share, AS_OF, 11), engine=engine)

    return made


def of(record: pd.DataFrame, way: str, within: str) -> pd.Series:
    return record[(record["rule"] == way) & (record["within"] == within)].iloc[0]


def test_signs_model_and_both_are_counted_by_hand(past) -> None:
    got = past()
    # 60 left within the month: 40 of the 80 likely, 40 of the 80 flagged, all 60 of the 120 of either.
    for way, flagged, hits in (("sign_all", 80, 40), ("model_all", 80, 40)):
        row = of(got, way, "month")
        assert row["rate"] == pytest.approx(flagged / N)
        assert row["precision"] == pytest.approx(hits / flagged)
        assert row["recall"] == pytest.approx(hits / 60)
        assert row["low"] < row["precision"] < row["high"]
    assert of(got, "sign_all", "quarter")["recall"] == pytest.approx(40 / 88)
    assert bool(got["by_choice"].all())


def test_all_of_both_are_told_where_nobody_outside_left_within_the_month(past) -> None:
    row = of(past(), "both_all", "month")
    assert row["recall"] == pytest.approx(1.0)
    assert row["precision"] == pytest.approx(0.5)


def test_as_many_as_orders_takes_the_likeliest_of_those_warned_of(past) -> None:
    got = past(share=0.1)
    for way in ("model_as_many", "both_as_many"):
        row = of(got, way, "month")
        assert row["rate"] == pytest.approx(0.1)
        assert row["precision"] == pytest.approx(0.5)
        assert row["recall"] == pytest.approx(20 / 60)


def test_a_sign_counts_only_where_it_had_earned_its_place_by_then(past) -> None:
    got = past(earned=False)
    assert np.isnan(of(got, "sign_all", "month")["precision"])
    assert of(got, "both_all", "month")["recall"] == of(got, "model_all", "month")["recall"]


def test_the_sentence_tells_the_figures_and_what_the_signs_add(past) -> None:
    record = past()
    said = " ".join(wording.record_sentence(record, by_choice=True).split())
    assert said.startswith("With warnings for 10.0 % of all customers, as many as orders now, this share of those who")
    assert "the model 33 %" in said
    assert said.endswith(
        "With so few orders the signs add nothing: the likeliest to leave are the same with them and without."
    )
    assert "What such warnings would have found" in warning_page.record_page(record, source="S").html


def test_where_nothing_was_foretold_that_is_said(engine) -> None:
    then = pd.DataFrame({"customer_id": [], "landmark": pd.to_datetime([]), "voluntary_01": [], "survival_01": []})
    got = warning_record(then, None, None, Tried(0.03, 0.1, AS_OF, 11), engine=engine)
    assert got.empty
    assert "cannot be told" in warning_page.record_page(got, source="S").html


def test_precision_and_recall_of_the_month_are_key_figures(past) -> None:
    nobody = Warnings(pd.DataFrame({"arm": pd.Series(dtype=object)}), pd.Series(dtype=object))
    got = {kpi.metric: kpi.value for kpi in warning_kpis(nobody, past(), smallest=11)}
    assert got == {"warning_precision": pytest.approx(0.5), "warning_recall": pytest.approx(1 / 3)}
