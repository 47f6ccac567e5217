"""The waterfall: every part begins where the last one ended, and the last total is where they end."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.present import theme
from analysis.present.charts.sheet import WIDTH, width_of
from analysis.present.charts.waterfall import waterfall

PARTS = pd.DataFrame({"name": ["Prices", "Leavers", "Rest"], "amount": [0.5, -0.75, 0.0], "low": [0.4, -0.9, -0.1]})
PARTS = PARTS.assign(high=2 * PARTS["amount"] - PARTS["low"])


def drawn(words: dict, parts: pd.DataFrame = PARTS, first: float = 60.0, **more: str) -> object:
    ends = {"start": ("Q2", first), "end": ("Q3", first + parts["amount"].sum())}
    return waterfall(parts, "name", "amount", **ends, unit="money_per_month", currency="EUR", **more, **words)


def test_every_part_begins_where_the_last_ended(words, pen) -> None:
    got = drawn(words)
    first, prices, leavers, rest, last = pen["box"]
    assert prices["start"][0] == pytest.approx(first["end"][0])
    assert leavers["start"][0] == pytest.approx(prices["end"][0])
    assert rest["start"][0] == pytest.approx(rest["end"][0]) == pytest.approx(leavers["end"][0])
    assert last["end"][0] == pytest.approx(rest["end"][0])
    assert got.svg


def test_amounts_carry_their_sign_and_their_colour(words, pen) -> None:
    drawn(words)
    written = {row["words"]: row["color"] for row in pen["text"] if "color" in row}
    assert (written["+€0.50"], written["−€0.75"]) == (theme.FOCUS, theme.DUO[1])
    assert {"€60.00", "€59.75", "€0.00"} <= set(written)
    assert [box["color"] for box in pen["box"]] == [
        theme.CONTEXT,
        theme.FOCUS,
        theme.DUO[1],
        theme.FOCUS,
        theme.CONTEXT,
    ]


def test_bars_whose_foot_is_not_zero_are_cut(words, pen) -> None:
    drawn(words)
    assert [line["color"] for line in pen["line"]] == ["white", "white"]
    pen.clear()
    drawn(words, first=0.3)
    assert not pen["line"]


def test_the_interval_lies_around_the_end_of_its_part(words, pen) -> None:
    drawn(words, low="low", high="high")
    reach = [line["xs"] for line in pen["line"] if line["color"] == theme.INK]
    assert len(reach) == len(PARTS)
    assert sum(reach[0]) / 2 == pytest.approx(pen["box"][1]["end"][0])


def test_a_total_that_falls_below_zero_is_drawn_from_zero(words, pen) -> None:
    drawn(words, PARTS.assign(amount=[0.5, -2.0, 0.0]), first=1.0)
    last = pen["box"][-1]
    assert last["end"][0] < last["start"][0]


def test_nothing_is_written_over_the_edge_or_over_a_name(words, pen) -> None:
    long = PARTS.assign(name=["A part whose name is longer than any other part of the report has", "b", "c"])
    drawn(words, long)
    for row in pen["text"]:
        wide = width_of(row["words"], size=row.get("size", 9.5), bold=row.get("bold", False))
        left = row["at"][0] - {"left": 0, "center": wide / 2, "right": wide}[row.get("align", "left")]
        assert left >= -1
        assert left + wide <= WIDTH + 1
        if left < 1:
            assert wide < min(box["start"][0] for box in pen["box"])


def test_without_parts_or_a_total_there_is_a_note(words) -> None:
    assert drawn(words, PARTS.head(0)).svg == b""
    assert drawn(words, first=float("nan")).svg == b""
