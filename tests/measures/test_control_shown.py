"""What of a control chart is published, and why a class left more often: small groups stay hidden in both."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.control import Control, control
from analysis.measures.control_causes import causes
from analysis.measures.control_shown import pictured, publishable

QUARTERS = ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]


def counts(**classes: list[int]) -> pd.DataFrame:
    """Leavers by quarter of classes of 2,000 customers each."""
    rows = [("side", name, q, 2000, x) for name, left in classes.items() for q, x in zip(QUARTERS, left, strict=True)]
    table = pd.DataFrame(rows, columns=["dimension", "class", "quarter", "customers", "leavers"])
    base = table.groupby("quarter", as_index=False)[["customers", "leavers"]].sum()
    return pd.concat([base.assign(**{"dimension": "", "class": ""}), table], ignore_index=True)


def rates(**masked: bool) -> pd.DataFrame:
    return pd.DataFrame({"dimension": "side", "class": list(masked), "masked": list(masked.values())})


def base(last: bool = False) -> pd.DataFrame:
    flags = [False, False, False, False, last]
    return pd.DataFrame({"quarter": QUARTERS, "churn_rate": [0.03] * 5, "churn_rate_masked": flags})


RAISED = counts(a=[60, 62, 58, 60, 120], b=[60, 58, 61, 60, 60], c=[60, 62, 60, 58, 61])


def found(table: pd.DataFrame = RAISED, **masked: bool) -> Control:
    return publishable(
        control(table, fewest=11), rates=rates(**{"a": False, "b": False, "c": False} | masked), base=base()
    )


def test_a_class_whose_rate_is_masked_is_neither_judged_nor_drawn():
    assert found().signals["class"].tolist() == ["a"]
    got = found(a=True)
    assert got.signals.empty
    assert "a" not in set(got.judged["class"]) | set(got.history["class"])


def test_a_base_whose_rate_is_masked_is_not_told():
    got = publishable(control(RAISED, fewest=11), rates=rates(a=False), base=base(last=True))
    assert got.base.empty and got.judged["class"].tolist() == ["a"]
    assert publishable(got, rates=rates(a=True), base=base(last=True)).judged.empty


def test_a_picture_has_the_base_first_and_the_signal_in_the_last_quarter_alone():
    got = pictured(found(), RAISED, base=base(), most=5, smallest=11)
    assert got["class"].unique().tolist() == ["", "a"]
    assert got.loc[got["signal"], ["class", "quarter"]].values.tolist() == [["", "2026-Q3"], ["a", "2026-Q3"]]
    assert got["churn_rate"].notna().all()
    assert pictured(found(), RAISED, base=base(), most=0, smallest=11)["class"].unique().tolist() == [""]


def test_past_rates_of_small_groups_are_not_drawn_nor_what_would_give_them_away():
    table = counts(a=[60, 6, 58, 60, 120], b=[60, 58, 61, 60, 60], c=[60, 62, 60, 58, 61])
    judged = found(table)
    assert judged.signals["class"].tolist() == ["a"]
    got = pictured(judged, table, base=base(), most=5, smallest=11)
    hidden = got[got["churn_rate"].isna()]
    assert hidden[["class", "quarter"]].values.tolist() == [["a", "2025-Q4"]]
    everything = pictured(
        judged, table, base=base().assign(churn_rate=[0.03, None, 0.03, 0.03, 0.03]), most=5, smallest=11
    )
    assert everything["churn_rate"].isna().sum() == 2


def test_a_judgement_without_rows_draws_nothing():
    none = control(RAISED.head(0), fewest=11)
    assert pictured(none, RAISED.head(0), base=base().head(0), most=5, smallest=11).empty


def told(now: dict[str, int], before: dict[str, int], *, of: str = "a", by: str = "kind") -> pd.DataFrame:
    """Leavers by cause of a class in the last quarter, and in each before; of the other classes half and half."""
    rows = [(of, q, cause, n) for q in QUARTERS for cause, n in (now if q == QUARTERS[-1] else before).items()]
    rows += [(other, q, cause, 30) for q in QUARTERS for other in "bc" for cause in before]
    table = pd.DataFrame(rows, columns=["class", "quarter", "cause", "leavers"])
    return table.assign(dimension="side", told_by=by)


def test_the_cause_that_grew_with_its_class_is_told_with_its_shares():
    got = causes(found(), told({"voluntary": 90, "moved": 30}, {"voluntary": 30, "moved": 30}), RAISED, smallest=11)
    assert got[["class", "told_by", "cause"]].values.tolist() == [["a", "kind", "voluntary"]]
    assert got["share"].iloc[0] == pytest.approx(90 / 2000)
    assert got["usual"].iloc[0] == pytest.approx(0.015)


def test_leavers_whose_cause_is_not_known_are_spread_over_those_that_are():
    known_half = told({"voluntary": 90, "moved": 30}, {"voluntary": 15, "moved": 15})
    got = causes(found(), known_half, RAISED, smallest=11)
    assert got["usual"].iloc[0] == pytest.approx(0.015)


def test_causes_of_few_are_not_told_though_they_grew():
    got = causes(found(), told({"voluntary": 110, "moved": 10}, {"voluntary": 58, "moved": 2}), RAISED, smallest=11)
    assert "moved" not in got["cause"].tolist()


def test_a_cause_that_fell_explains_no_rise_and_chance_explains_nothing():
    got = causes(found(), told({"voluntary": 33, "moved": 87}, {"voluntary": 30, "moved": 30}), RAISED, smallest=11)
    assert got["cause"].tolist() == ["moved"]


def test_without_signals_or_causes_there_is_nothing_to_tell():
    none = told({"voluntary": 60}, {"voluntary": 60})
    assert causes(found(a=True), none, RAISED, smallest=11).empty
    assert causes(found(), none.head(0), RAISED, smallest=11).empty
    nobody = control(RAISED.head(0), fewest=11)
    assert causes(nobody, none.head(0), RAISED.head(0), smallest=11).empty
