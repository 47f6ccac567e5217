"""The histogram: as high as its customers, silent about masked bins, and its median where it belongs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from analysis.present import theme
from analysis.present.charts import distribution as module
from analysis.present.charts.distribution import distribution
from analysis.present.wording.base import tenure_words


@pytest.fixture
def columns(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float, float, float]]:
    """Left, width, bottom and height of every column with customers, in the units of the data."""
    drawn: list[tuple[float, float, float, float]] = []
    draw = module._columns

    def watched(axes: Axes, *rest) -> None:
        draw(axes, *rest)
        boxes = sorted((box.get_x(), box.get_width(), box.get_y(), box.get_height()) for box in axes.patches)
        drawn.extend(box for box in boxes if box[3])

    monkeypatch.setattr(module, "_columns", watched)
    return drawn


def bins(*customers: float | None) -> pd.DataFrame:
    lows = [6.0 * i for i in range(len(customers))]
    highs = [*lows[1:], np.nan][: len(lows)]
    masked = [one is None for one in customers]
    return pd.DataFrame({"low": lows, "high": highs, "customers": customers, "masked": masked})


def drawn(data: pd.DataFrame, words: dict, **kwargs):
    return distribution(data, "low", "customers", unit="months", axis="Months since joining", **kwargs, **words)


def said(pen: dict) -> list[str]:
    return [text["words"].replace("\u00a0", " ") for text in pen["text"]]


def test_a_column_is_as_wide_as_its_bin_and_as_high_as_its_customers(words, columns):
    drawn(bins(30, 20, 12), words)
    assert np.allclose(columns, [(0, 6, 0, 30), (6, 6, 0, 20), (12, 6, 0, 12)])


def test_a_masked_bin_is_a_gap(words, columns):
    drawn(bins(30, None, 12), words)
    assert np.allclose(columns, [(0, 6, 0, 30), (12, 6, 0, 12)])


def test_groups_stand_on_each_other_and_are_named(words, pen, columns):
    data = pd.concat([bins(30, 20).assign(kind="household"), bins(10, 5).assign(kind="business")])
    drawn(data, words, group="kind")
    assert sorted(bottom + height for _, _, bottom, height in columns if bottom) == pytest.approx([25, 40])
    assert {"household", "business"} <= set(said(pen))
    assert [box["color"] for box in pen["box"]] == list(theme.SEQUENCE[:2])


def test_the_open_bin_ends_in_a_plus(words, pen):
    drawn(bins(30, 20, 12), words)
    assert {"0", "6", "12+", "Months since joining"} <= set(said(pen))


def test_a_closed_last_bin_ends_at_its_edge(words, pen):
    drawn(bins(30, 20, 12).assign(high=[6.0, 12.0, 18.0]), words)
    assert {"0", "6", "12", "18"} <= set(said(pen))


def test_the_median_stands_at_its_place_with_its_value(words, pen):
    drawn(bins(30, 20, 12).assign(high=[6.0, 12.0, 18.0]), words, median=9.0)
    [line] = pen["line"]
    places = {text["words"]: text["at"][0] for text in pen["text"]}
    assert line["xs"][0] == pytest.approx((places["6"] + places["12"]) / 2)
    assert "Median 9.0 months" in said(pen)


def test_a_median_beyond_the_last_bin_is_not_drawn(words, pen):
    drawn(bins(30, 20), words, median=90.0)
    assert pen["line"] == []


def test_bins_that_are_all_masked_are_a_note(words):
    assert drawn(bins(None, None), words).svg == b""


def test_the_words_name_the_median_and_the_open_step():
    got = tenure_words(bins(30, 20, 12), 7.25)
    assert got["finding"] == "Half of the active customers have been there for 7.3\u00a0months or longer"
    assert got["subtitle"].endswith("the last is 12\u00a0months and more")
    assert "30 from 0, 20 from 6 and 12 from 12 months" in got["alt"]


def test_the_words_say_when_there_is_no_median():
    assert tenure_words(bins(), float("nan"))["finding"] == "Tenure cannot be shown: too few customers"
