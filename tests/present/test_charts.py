"""What each chart draws, read from the strokes of its pen."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis.present import theme
from analysis.present.charts.by_class import bars
from analysis.present.charts.completeness import completeness
from analysis.present.charts.composition import shares
from analysis.present.charts.movement import flows
from analysis.present.charts.over_time import trend
from analysis.present.charts.periods import period_words, years_under
from analysis.present.charts.scales import scale, spread, thinned, tick_words, ticks
from analysis.present.charts.sheet import WIDTH
from analysis.present.charts.survival import survival_chart
from analysis.present.charts.survival import thinned as thinned_steps


def said(pen: dict) -> list[str]:
    return [text["words"].replace("\u00a0", " ") for text in pen["text"]]


def text_at(pen: dict, words: str) -> dict:
    [found] = [text for text in pen["text"] if text["words"].replace("\u00a0", " ") == words]
    return found


def test_names_ofyears_under_do_not_touch():
    assert [year for _, year in years_under([(0, "2023"), (20, "2024"), (40, "2024"), (90, "2025")])] == [
        "2024",
        "2025",
    ]
    assert [year for _, year in years_under([(0, "2023"), (60, "2024")])] == ["2023", "2024"]
    assert years_under([(0, ""), (60, "")]) == []


# Scales


def test_a_scale_maps_ends_to_ends():
    got = scale(0, 10, 100, 300)
    assert (got(0), got(5), got(10)) == (100, 200, 300)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.012, 0.048], [0.0, 0.02, 0.04, 0.06]),
        ([7000, 8300], [7000, 7500, 8000, 8500]),
        ([0.3, 0.3], [0.0, 0.1, 0.2, 0.3]),
        ([0.0], [0.0, 0.25, 0.5, 0.75, 1.0]),
        ([-20, 35], [-20, 0, 20, 40]),
    ],
)
def test_an_axis_starts_at_zero_unless_that_would_flatten_the_line(values, expected):
    assert ticks(values) == pytest.approx(expected)


def test_an_axis_shows_as_many_decimals_as_tell_its_marks_apart():
    assert [word.replace("\u00a0", " ") for word in tick_words([0.0, 0.025, 0.05], "share", None)] == [
        "0.0 %",
        "2.5 %",
        "5.0 %",
    ]
    assert tick_words([60.0, 62.5], "money_per_month", "EUR") == ["€60.0", "€62.5"]
    assert tick_words([7000, 7500], "count", None) == ["7,000", "7,500"]


def test_labels_that_would_touch_share_the_room_around_what_they_want():
    assert spread([50, 50, 90], [10, 10, 10], 0, 100) == [45, 55, 90]


def test_labels_stay_on_the_paper_and_in_the_order_they_were_given():
    assert spread([99, 98], [10, 10], 0, 100) == [95, 85]


@pytest.mark.parametrize("seed", range(20))
def test_spread_labels_never_overlap(seed):
    wanted = np.random.default_rng(seed).uniform(0, 60, 6).tolist()
    got = sorted(spread(wanted, [10] * 6, 0, 60))
    assert min(np.diff(got)) >= 10 - 1e-9
    assert got[0] >= 5 - 1e-9
    assert got[-1] <= 55 + 1e-9


def test_only_as_many_periods_are_named_as_fit_and_the_last_is_one_of_them():
    assert thinned([0, 10, 20, 30, 40], [8] * 5, gap=4) == [0, 2, 4]
    assert thinned([0, 10, 20, 30], [8] * 4, gap=4) == [1, 3]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2026-Q3", ("Q3", "2026")),
        (pd.Timestamp("2026-09-01"), ("Sep", "2026")),
        ("2026-09", ("Sep", "2026")),
        ("week 7", ("week 7", "")),
        ("2026-13-01", ("2026-13-01", "")),
    ],
)
def test_quarters_and_months_are_named_apart_from_their_year(period, expected):
    assert period_words(period) == expected


# Trend


def test_the_last_value_stands_at_the_end_of_the_line(rates, words, pen):
    trend(rates, "quarter", "rate", low="low", high="high", unit="share", **words)
    [line] = pen["line"]
    end = text_at(pen, "4.1 %")
    assert end["at"][0] > max(line["xs"])
    assert end["at"][1] == pytest.approx(line["ys"][-1])
    assert end["color"] == theme.FOCUS


def test_an_interval_is_drawn_around_the_line(rates, words, pen):
    trend(rates, "quarter", "rate", low="low", high="high", unit="share", **words)
    [band], [line] = pen["band"], pen["line"]
    assert all(high < y < low for high, y, low in zip(band["high"], line["ys"], band["low"], strict=True))


def test_each_year_is_named_once(rates, words, pen):
    trend(rates, "quarter", "rate", unit="share", **words)
    assert [word for word in said(pen) if word.startswith("202")] == ["2024", "2025", "2026"]


def test_a_single_quarter_is_a_dot_on_its_interval_with_its_value(rates, words, pen):
    trend(rates.tail(1), "quarter", "rate", low="low", high="high", unit="share", **words)
    bar = pen["line"][-1]
    assert bar["xs"][0] == bar["xs"][1]
    assert bar["ys"][0] > pen["dot"][-1]["at"][1] > bar["ys"][1]
    assert {"4.1 %", "Q3", "2026", "0 %"} <= set(said(pen))


def test_a_single_quarter_needs_less_paper(rates, words):
    many, one = (trend(part, "quarter", "rate", unit="share", **words) for part in (rates, rates.tail(1)))
    assert one.height < 0.7 * many.height


def test_a_missing_quarter_breaks_the_line_and_the_last_known_value_is_named(rates, words, pen):
    rates.loc[[3, 7], "rate"] = np.nan
    trend(rates, "quarter", "rate", unit="share", **words)
    assert [index for index, y in enumerate(pen["line"][0]["ys"]) if math.isnan(y)] == [3, 7]
    assert "4.4 %" in said(pen)  # 0.0435 of the second quarter of 2026


def test_groups_are_named_at_their_ends_without_overlap(rates, words, pen):
    groups = pd.concat([rates.assign(plan=plan) for plan in ("A", "B", "C")])
    trend(groups, "quarter", "rate", group="plan", unit="share", **words)
    heights = sorted(text_at(pen, plan)["at"][1] for plan in ("A", "B", "C"))
    assert min(np.diff(heights)) >= 15
    assert [text_at(pen, plan)["color"] for plan in ("A", "B", "C")] == list(theme.SEQUENCE[:3])


def test_groups_beyond_five_are_thin_grey_lines_without_a_name(rates, words, pen):
    groups = pd.concat([rates.assign(plan=plan) for plan in "ABCDEFG"])
    trend(groups, "quarter", "rate", group="plan", unit="share", **words)
    assert [plan for plan in "ABCDEFG" if plan in said(pen)] == list("ABCDE")
    assert [line["color"] for line in pen["line"]].count(theme.CONTEXT) == 2


# Bars


def test_every_class_shows_its_value_and_its_interval(classes, words, pen):
    bars(classes, "class", "rate", low="low", high="high", unit="share", **words)
    assert said(pen).index("Month-to-month") < said(pen).index("DSL")
    assert {"45.8 %", "10.7 %", "2.6 %", "40.7 %", "18.6 %"} <= set(said(pen))
    intervals = [line["xs"] for line in pen["line"]]
    assert all(low < dot["at"][0] < high for (low, high), dot in zip(intervals, pen["dot"], strict=True))


def test_without_intervals_bars_start_at_zero_and_are_as_long_as_their_values(classes, words, pen):
    bars(classes, "class", "rate", unit="share", **words)
    lengths = [box["end"][0] - box["start"][0] for box in pen["box"]]
    assert len({box["start"][0] for box in pen["box"]}) == 1
    assert lengths[1] / lengths[0] == pytest.approx(0.1071 / 0.4584)


def test_the_finding_is_in_focus_and_the_rest_is_grey(classes, words, pen):
    bars(classes, "class", "rate", highlight="Fibre", unit="share", **words)
    assert [box["color"] for box in pen["box"]] == [theme.CONTEXT] * 3 + [theme.FOCUS, theme.CONTEXT]


def test_the_value_of_all_customers_is_a_named_line(classes, words, pen):
    bars(classes, "class", "rate", reference=0.2654, unit="share", **words)
    [line] = pen["line"]
    assert line["dashed"]
    assert text_at(pen, "All customers 26.5 %")["at"][0] == pytest.approx(line["xs"][0])


def test_each_dimension_has_one_head(classes, words, pen):
    bars(classes, "class", "rate", group="dimension", unit="share", **words)
    heads = [text["words"] for text in pen["text"] if text.get("bold")]
    assert heads == ["Contract", "Internet"]


def test_a_masked_class_shows_neither_mark_nor_number(classes, words, pen):
    masked = [False, False, True, False, False]
    bars(classes.assign(masked=masked), "class", "rate", low="low", high="high", unit="share", **words)
    assert len(pen["dot"]) == 4
    assert "masked" in said(pen)
    assert "2.6 %" not in said(pen)


def test_a_long_label_leaves_room_for_the_bars(classes, words, pen):
    bars(classes.assign(**{"class": "W" * 60}), "class", "rate", unit="share", **words)
    assert min(box["start"][0] for box in pen["box"]) < 240
    assert any(word.endswith("…") for word in said(pen))


def test_many_rows_stand_closer_together(classes, words):
    few, many = (bars(pd.concat([classes] * times), "class", "rate", unit="share", **words) for times in (1, 4))
    assert many.height < 3 * few.height


# Flows


def movement() -> pd.DataFrame:
    return pd.DataFrame({"q": ["2026-Q1", "2026-Q2"], "j": [500, 600], "l": [400, None], "c": [8000, 8200]})


def test_joiners_go_up_and_leavers_down_from_one_line(words, pen):
    flows(movement(), "q", "j", "l", "c", **words)
    up, down = pen["box"][:2], pen["box"][2:]
    assert {box["color"] for box in up} == {theme.FOCUS}
    assert [box["color"] for box in down] == [theme.DUO[1]]
    heights = [box["start"][1] - box["end"][1] for box in [*up, *down]]
    assert heights[1] / heights[0] == pytest.approx(600 / 500)
    assert heights[2] / heights[0] == pytest.approx(-400 / 500)


def test_the_base_at_close_stands_under_its_quarter_and_missing_flows_are_dashes(words, pen):
    flows(movement(), "q", "j", "l", "c", **words)
    assert text_at(pen, "8,200")["at"][0] == pytest.approx(text_at(pen, "Q2")["at"][0])
    assert said(pen).count("–") == 1


# Survival


def test_a_curve_steps_down_and_ends_with_its_name_and_value(curve, words, pen):
    survival_chart({"One year": curve}, horizon_months=36, **words)
    [line] = pen["line"]
    assert line["ys"] == sorted(line["ys"])
    assert {"One year", "64 %", "36", "months", "100 %", "0 %"} <= set(said(pen))


def test_a_curve_is_cut_where_fewer_than_eleven_are_at_risk(curve, words, pen):
    survival_chart({"One year": curve}, horizon_months=100, **words)
    [line] = pen["line"]
    left, right = text_at(pen, "0")["at"][0], text_at(pen, "96")["at"][0]
    assert max(line["xs"]) == pytest.approx(left + (right - left) * 90 / 96)  # at month 89 eleven are left, at 90 ten
    assert "11 %" in said(pen)


def test_small_numbers_at_risk_are_not_printed(curve, words, pen):
    survival_chart({"One year": curve}, horizon_months=100, **words)
    row = [word for word in said(pen) if word == "< 11" or word in {"100", "4", "28"}]
    assert row == ["100", "28", "< 11"]  # months 0, 72 and 96 of 24-month steps; 4 customers at month 96


def test_numbers_at_risk_stand_under_their_month(curve, words, pen):
    survival_chart({"One year": curve}, horizon_months=36, **words)
    assert text_at(pen, "88")["at"][0] == pytest.approx(text_at(pen, "12")["at"][0])


def test_a_group_too_small_to_show_has_no_curve(curve, words, pen):
    small = curve.assign(at_risk=curve["at_risk"].clip(upper=10))
    survival_chart({"Big": curve, "Small": small}, horizon_months=36, **words)
    assert "Small" not in said(pen)


def test_what_is_compared_with_the_focus_is_grey_and_dashed(curve, words, pen):
    survival_chart({"Naive": curve, "Honest": curve.assign(survival=0.3)}, focus="Honest", horizon_months=36, **words)
    assert {(line["color"], line["dashed"]) for line in pen["line"]} == {(theme.FOCUS, False), (theme.CONTEXT, True)}


def test_curves_that_end_together_are_named_apart(curve, words, pen):
    survival_chart(dict.fromkeys("ABC", curve), horizon_months=36, **words)
    heights = [text["at"][1] for text in pen["text"] if text["words"] == "64\u00a0%"]
    assert min(np.diff(sorted(heights))) >= 15


def test_thinned_steps_lie_nowhere_further_than_a_pixel_from_the_curve():
    time = np.arange(3000) / 30
    whole = pd.DataFrame({"time": time, "survival": np.exp(-time / 50)})
    whole["low"], whole["high"] = whole["survival"] - 0.02, (whole["survival"] + 0.02).clip(upper=1)
    got = thinned_steps(whole)
    drawn = got.set_index("time").reindex(whole["time"], method="ffill")
    assert len(got) < 300
    assert np.abs(drawn.to_numpy() - whole.set_index("time").to_numpy()).max() <= 0.004 + 1e-12


def test_five_curves_of_three_thousand_steps_make_a_small_file(words):
    time = np.arange(3000) / 30
    curves = {}
    for name in "ABCDE":
        survival = np.exp(-time / (20 + 10 * len(curves)))
        curves[name] = pd.DataFrame(
            {"time": time, "survival": survival, "low": survival * 0.97, "high": survival * 1.02, "at_risk": 500}
        )
    assert len(survival_chart(curves, horizon_months=72, **words).svg) < 80_000


# Shares


def parts(*values: float | None, name: str = "2026-Q3", letter: str = "P") -> pd.DataFrame:
    return pd.DataFrame({"q": name, "part": [f"{letter}{i}" for i in range(len(values))], "value": values})


def segments(pen: dict) -> list[dict]:
    """The boxes that are parts of bars, not the squares beside their names."""
    return [box for box in pen["box"] if round(box["end"][1] - box["start"][1]) == 20]


def test_the_parts_of_a_bar_fill_it(words, pen):
    shares(parts(3, 2, 1), "part", "value", "q", **words)
    bar = segments(pen)
    assert [round(box["end"][0] - box["start"][0] + 1.5) for box in bar] == [
        round((WIDTH - bar[0]["start"][0]) * share / 6) for share in (3, 2, 1)
    ]
    assert {"50 %", "33 %", "17 %", "Q3 2026", "P0", "P1", "P2"} <= set(said(pen))


def test_names_stand_above_their_own_parts(words, pen):
    shares(parts(3, 2, 1), "part", "value", "q", **words)
    squares = [box for box in pen["box"] if box not in segments(pen)]
    assert [box["start"][0] for box in squares] == pytest.approx([box["start"][0] for box in segments(pen)])
    assert [box["color"] for box in squares] == [box["color"] for box in segments(pen)]
    assert max(box["end"][1] for box in squares) < segments(pen)[0]["start"][1]


def test_names_of_narrow_parts_move_aside_and_keep_their_order(words, pen):
    shares(parts(0.9, 0.04, 0.03, 0.03), "part", "value", "q", **words)
    places = [text_at(pen, f"P{i}")["at"][0] for i in range(4)]
    assert min(np.diff(places)) > 20
    assert [word for word in said(pen) if word.endswith("%")] == ["90 %"]


def test_each_bar_has_its_own_parts(words, pen):
    shares(pd.concat([parts(0.6, 0.4), parts(0.7, 0.3, name="Term", letter="T")]), "part", "value", "q", **words)
    assert [word for word in said(pen) if word[0] in "PT" and word[1].isdigit()] == ["P0", "P1", "T0", "T1"]
    first, second = text_at(pen, "P0")["at"], text_at(pen, "T0")["at"]
    assert first[0] == second[0]
    assert first[1] < segments(pen)[0]["start"][1] < second[1] < segments(pen)[2]["start"][1]


def test_bars_of_seven_different_parts_begin_with_the_darkest_blue(words, pen):
    shares(pd.concat([parts(2, 2, 2, 2), parts(2, 2, 2, name="T", letter="T")]), "part", "value", "q", **words)
    assert [box["color"] for box in segments(pen)] == [*theme.RAMP[:4], *theme.RAMP[:3]]


def test_the_same_parts_in_the_next_bar_are_named_once_and_keep_their_colours(words, pen):
    later = pd.DataFrame({"q": "2026-Q4", "part": ["P1", "P2"], "value": [0.5, 0.5]})
    shares(pd.concat([parts(3, 2, 1), parts(2, 2, 2, name="2026-Q2"), later]), "part", "value", "q", **words)
    assert [said(pen).count(f"P{i}") for i in range(3)] == [1, 2, 2]
    assert [box["color"] for box in segments(pen)][-2:] == list(theme.RAMP[1:3])


def test_a_lone_part_keeps_the_colour_that_it_has_among_all(words, pen):
    shares(parts(0, 0, 1), "part", "value", "q", **words)
    assert [box["color"] for box in segments(pen)] == [theme.RAMP[2]]
    assert [word for word in said(pen) if word.startswith("P")] == ["P2"]


def test_what_is_masked_is_the_rest_of_the_whole(words, pen):
    shares(parts(0.5, None, 0.25, None), "part", "value", "q", **words)
    assert [word for word in said(pen) if not word.startswith("Q3")] == ["P0", "P2", "Other", "50 %", "25 %", "25 %"]
    assert segments(pen)[-1]["color"] == theme.RAMP[-1]
    assert segments(pen)[-1]["end"][0] == pytest.approx(WIDTH - 1.5)


def test_shares_that_add_up_but_for_rounding_have_no_rest(words, pen):
    shares(parts(0.3333, 0.3333, 0.3333), "part", "value", "q", **words)
    assert "Other" not in said(pen)


def test_more_than_six_parts_are_drawn_as_the_five_largest_and_the_others(words, pen):
    shares(parts(1, 8, 7, 6, 5, 4, 3, 2), "part", "value", "q", **words)
    assert [word for word in said(pen) if word[0] in "PO"] == ["P1", "P2", "P3", "P4", "P5", "Other"]
    assert "17 %" in said(pen)  # (3 + 2 + 1) / 36


def test_parts_whose_names_have_no_room_are_among_the_others(words, pen):
    long = parts(6, 5, 4, 3, 2).assign(part=[f"{letter} with a very long name" for letter in "ABCDE"])
    shares(long, "part", "value", "q", **words)
    named = [word for word in said(pen) if "long" in word or word == "Other"]
    assert named[0].startswith("A with") and named[-1] == "Other"
    assert 2 <= len(named) == len(segments(pen)) < 5


# Completeness


def filled() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "table": ["customers"] * 3 + ["usage"] * 2 + ["leads"],
            "column": ["customer_id", "birth_year", "region", "month", "logins", "lead_id"],
            "share": [1.0, 0.4, None, 1.0, 1.0, None],
        }
    )


def test_shares_of_classes_are_printed_with_the_places_asked_for(classes, words, pen):
    bars(classes, "class", "rate", low="low", high="high", reference=0.26537, unit="share", places=2, **words)
    assert {"45.84\N{NO-BREAK SPACE}%", "All customers 26.54\N{NO-BREAK SPACE}%"} <= {
        text["words"] for text in pen["text"]
    }


def test_each_table_names_its_emptiest_column(words, pen):
    completeness(filled(), "table", "column", "share", **words)
    assert {"Emptiest column, % filled", "birth_year 40 %"} <= set(said(pen))
    assert said(pen).count("all filled") == 2  # usage, and the key
    assert said(pen).count("not supplied") == 2  # leads, and the key


def test_squares_tell_full_from_empty_and_from_not_supplied(words, pen):
    completeness(filled(), "table", "column", "share", **words)
    full, empty, absent = pen["box"][:3]
    assert full["color"] != empty["color"] == theme.DUO[1]
    assert absent["hollow"]
    assert not full["hollow"]


def test_a_long_name_of_the_emptiest_column_is_written_out(words, pen):
    data = filled().assign(column=["customer_id", "converted_customer_id", "c", "d", "e", "f"])
    completeness(data, "table", "column", "share", **words)
    assert "converted_customer_id 40 %" in said(pen)


def test_almost_full_is_not_called_full(words, pen):
    completeness(filled().assign(share=0.9999), "table", "column", "share", **words)
    assert "lead_id > 99 %" in said(pen)


def test_an_axis_along_a_number_is_marked_where_the_number_lies():
    assert ticks([0.62, 1.08], most=6, from_zero=False)[1:-1] == pytest.approx([0.7, 0.8, 0.9, 1.0])
    assert ticks([0.62, 1.08])[0] == 0
