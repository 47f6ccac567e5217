"""How many stand out, what explains it, and who left after."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.measures.unusual_figures import explained, left_after, opening_groups, unusual_counts, unusual_kpis

QUARTER = Quarter(2026, 3)


def odd(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    found = pd.DataFrame(list(rows), columns=["customer_id", "direction", "explained"])
    return found.assign(measure="download_gb", month=pd.Timestamp("2026-07-01"))


def test_what_explains_a_row_is_season_before_product_before_suspension(engine) -> None:
    held = engine.table(
        pd.DataFrame(
            {
                "customer_id": ["new", "season", "old"], "product": "mobile",
                "start_date": pd.to_datetime(["2026-06-01", "2026-06-01", "2024-01-01"]), "end_date": pd.NaT,
            }
        )
    ).with_columns(nw.col("start_date").cast(nw.Date), nw.col("end_date").cast(nw.Date))  # fmt: skip
    people = engine.table(pd.DataFrame({"customer_id": ["stopped", "new"], "state": ["suspended", "suspended"]}))
    rows = odd(
        ("new", "down", None), ("season", "up", "season"), ("old", "up", None), ("stopped", "down", None),
        ("stopped", "up", None),
    )  # fmt: skip
    got = explained(rows, {"subscriptions": held}, people, QUARTER)["explained"]
    assert got.where(got.notna(), None).tolist() == ["products", "season", None, "suspended", None]


def judged(**told: float) -> pd.DataFrame:
    rows = [("download_gb", side, 1000, chance) for side, chance in told.items()]
    return pd.DataFrame(rows, columns=["measure", "direction", "customers", "by_chance"])


def test_a_customer_of_several_months_counts_once_and_few_are_masked() -> None:
    many = odd(*[(f"c{n}", "up", None) for n in range(20)], ("c0", "up", None), ("d", "up", "season"))
    few = odd(*[(f"e{n}", "down", None) for n in range(3)])
    got = unusual_counts(pd.concat([many, few]), judged(up=0.4, down=0.2), smallest=11).set_index("direction")
    assert got.at["up", "customers"] == 20
    assert got.at["up", "share"] == pytest.approx(0.02)
    assert bool(got.at["up", "explained_masked"])
    assert bool(got.at["down", "customers_masked"])
    assert pd.isna(got.at["down", "share"])
    told = unusual_kpis(got.reset_index(), left_after([opening([], [])], smallest=11))
    assert [(kpi.metric, kpi.klass) for kpi in told] == [("usage_jumps", "download_gb")]


def test_nothing_judged_gives_no_rows() -> None:
    assert unusual_counts(odd(), judged(), smallest=11).empty


def opening(fell: list[int], rest: list[int]) -> pd.DataFrame:
    """Group counts of customers whose use fell, and of the others: 1 where they left."""
    rows = [("up", 0, 0), ("down", len(fell), sum(fell)), ("usual", len(rest), sum(rest))]
    return pd.DataFrame(rows, columns=["group", "customers", "leavers"])


def test_leaving_after_a_fall_is_beside_that_of_usual_use_over_the_quarters() -> None:
    quarter = opening([1] * 20 + [0] * 80, [1] * 50 + [0] * 950)
    got = left_after([quarter, quarter], smallest=11).set_index("group")
    assert got.at["down", "customers"] == 200
    assert got.at["down", "rate"] == pytest.approx(0.2)
    assert got.at["down", "ratio"] == pytest.approx(4.0)
    assert got.at["down", "ratio_low"] < 4 < got.at["down", "ratio_high"]
    assert pd.isna(got.at["usual", "ratio"])


def test_few_leavers_are_masked() -> None:
    got = left_after([opening([1] * 5 + [0] * 95, [1] * 50 + [0] * 950)], smallest=11).set_index("group")
    assert bool(got.at["down", "masked"])
    assert pd.isna(got.at["down", "rate"])


def test_only_leaving_by_choice_counts_and_joiners_of_the_quarter_do_not(engine) -> None:
    lives = pd.DataFrame(
        [
            ("a", 1, "voluntary", 0),
            ("b", 1, "non_payment", 0),
            ("c", 1, None, 0),
            ("d", 0, None, 0),
            ("e", 1, "voluntary", 1),
        ],
        columns=["customer_id", "event", "kind", "joined"],
    )  # fmt: skip
    rows = odd(*[(name, "down", None) for name in "abce"], ("d", "down", "season"))
    got = opening_groups(rows, engine.table(lives)).set_index("group")
    assert got.loc["down"].tolist() == [3, 2]
    assert got.loc["usual"].tolist() == [1, 0]
