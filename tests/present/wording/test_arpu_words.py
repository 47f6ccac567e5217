"""Sentences about why ARPU moved."""

from __future__ import annotations

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.arpu_bridge import PARTS, Bridge
from analysis.measures.arpu_season import Estimate, Season
from analysis.present.wording import arpu as words

NOW = Quarter(2026, 3)


def bridge(*parts: tuple[str, float], before: float = 60.0) -> Bridge:
    rows = pd.DataFrame(parts, columns=["part", "shown"])
    rows = rows.assign(value=rows["shown"], low=rows["shown"] - 0.1, high=rows["shown"] + 0.1)
    change = round(float(rows["shown"].sum()), 2)
    return Bridge(rows, before, before + change, change, change - 0.2, change + 0.2, 900)


ROSE = bridge(("left", -0.12), ("joined", -0.62), ("price", 0.5), ("added", 0.8), ("plan", 0.0))


def test_the_bottom_line_tells_the_two_strongest_parts_either_way() -> None:
    assert words.bottom_line(ROSE, currency="EUR") == (
        "ARPU rose by €0.56 to €60.56: products added brought €0.80 and higher prices €0.50; "
        "customers who joined took €0.62 and customers who left €0.12."
    )


def test_a_fall_is_told_by_what_took_first() -> None:
    got = words.bottom_line(bridge(("credit", -2.0), ("discount", 0.5)), currency="CNY")
    assert got == "ARPU fell by CN¥1.50 to CN¥58.50: more credits took CN¥2.00; discounts that ended brought CN¥0.50."


def test_a_currency_without_cents_has_none() -> None:
    assert words.bottom_line(bridge(("usage", -2.0)), currency="JPY") == (
        "ARPU fell by ¥2 to ¥58: lower charges for use took ¥2."
    )


def test_where_nothing_moved_nothing_is_said_to_have() -> None:
    still = bridge()
    assert words.bottom_line(still, currency="EUR") == "ARPU stayed at €60.00."
    assert words.waterfall_words(still, NOW, currency="EUR")["finding"] == "ARPU stayed at €60.00"
    assert words.table_words(still)["finding"].startswith("The change in 0 parts")


def test_parts_that_make_up_for_each_other_are_told() -> None:
    got = words.bottom_line(bridge(("price", 1.0), ("dropped", -1.0)), currency="EUR")
    assert got == "ARPU stayed at €60.00: higher prices brought €1.00; products given up took €1.00."


def test_without_a_bridge_the_reason_is_told_once_and_nothing_is_listed() -> None:
    for why in words.NO_BRIDGE:
        none = Bridge(pd.DataFrame(columns=["part", "value", "shown", "low", "high"]), why=why)
        assert words.bottom_line(none, currency="EUR") == f"{words.NO_BRIDGE[why]}."
        assert words.table_rows(none, NOW, currency="EUR").empty
        assert words.waterfall_rows(none).empty
        assert words.how_counted(none, {"invoices"}) == []
        assert "nothing to draw" in words.waterfall_words(none, NOW, currency="EUR")["finding"]


def test_the_picture_shows_no_part_of_nothing_and_the_table_shows_all() -> None:
    assert words.waterfall_rows(ROSE)["name"].tolist() == [
        "Customers who left", "Customers who joined", "Prices of products kept", "Products added",
    ]  # fmt: skip
    got = words.table_rows(ROSE, NOW, currency="EUR")
    assert got["shown"].tolist() == ["€60.00", "−€0.12", "−€0.62", "+€0.50", "+€0.80", "€0.00", "+€0.56", "€60.56"]
    assert got["interval"].iloc[1] == "−€0.22 to −€0.02"
    assert got["name"].iloc[[0, -2, -1]].tolist() == ["ARPU Q2 2026", "Change", "ARPU Q3 2026"]


def test_every_part_has_a_name_and_a_subject() -> None:
    assert set(words.NAMES) == set(words.SAID) == set(PARTS)


def test_what_a_source_does_not_give_is_said() -> None:
    whole = words.how_counted(ROSE, {"invoices", "subscriptions"})
    assert len(whole) == 2
    assert any("gives no invoices" in told for told in words.how_counted(ROSE, {"subscriptions"}))
    assert any("gives no subscriptions" in told for told in words.how_counted(ROSE, {"invoices"}))
    folded = words.how_counted(bridge(("other", 1.0), ("unexplained", 0.1)), {"invoices", "subscriptions"})
    assert any(told.startswith("Parts that too few") for told in folded)
    assert any(told.startswith("Not explained by fees:") for told in folded)


def season(p: float, *, low: float) -> Season:
    rows = pd.DataFrame({"number": [1, 2, 3, 4], "effect": [0.5, -0.5, 0.0, 0.0]})
    return Season(Estimate(0.3, low, 0.6 - low), rows.assign(low=rows["effect"] - 1, high=rows["effect"] + 1), p)


QUARTERS = pd.DataFrame({"quarter": ["2024-Q1", "2026-Q3"], "arpu": [58.0, 60.0]})


def test_trend_and_season_are_told_with_their_intervals() -> None:
    got = words.season_told(season(0.01, low=0.1), QUARTERS, currency="EUR")
    assert got[0] == (
        "Trend: from Q1 2024 to Q3 2026 ARPU has risen by €0.30 a quarter (95 % interval €0.10 to €0.50 a quarter)."
    )
    assert got[1].startswith("Season: ARPU differs with the quarter of the year by more than chance explains.")
    assert "Q1 +€0.50 (−€0.50 to €1.50), Q2 −€0.50" in got[1]


def test_what_chance_explains_is_no_trend_and_no_season() -> None:
    trend, year = words.season_told(season(0.4, low=-0.1), QUARTERS, currency="EUR")
    assert "has neither clearly risen nor fallen (95 % interval" in trend
    assert year.startswith("Season: the quarters of the year differ by no more than chance explains.")


def test_a_short_history_tells_no_season() -> None:
    assert words.season_told(None, QUARTERS, currency="EUR") == [
        "Trend and season of ARPU cannot be told apart with 2 billed quarters: it takes 8."
    ]
