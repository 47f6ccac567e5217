"""Sentences of the value chapter."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.present.wording import value

TOTAL = {"customers": 7_600, "total": 3_890_000.0, "low": 3_700_000.0, "high": 4_100_000.0, "mean": 511.84}


def values(*rows: tuple) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["dimension", "class", "customers", "mean"])
    data = data.assign(label=data["dimension"].str.capitalize(), masked=False)
    return data.assign(low=data["mean"] - 20, high=data["mean"] + 20)


CONTRACT = values(("contract", "month to month", 900, 300.0), ("contract", "two years", 900, 800.0))


def test_the_bottom_line_tells_total_interval_and_mean():
    assert value.bottom_line(TOTAL, scored=8_000, horizon=36, currency="EUR") == (
        "The 7,600 active customers are expected to bring €3,890,000 of margin in the next 36 months "
        "(€3,700,000 to €4,100,000), €511.84 each on average."
    )


def test_where_nothing_can_be_valued_the_reason_is_told():
    for nothing in ({"customers": 0}, {"total": float("nan")}):
        got = value.bottom_line(TOTAL | nothing, scored=8_000, horizon=36, currency="EUR")
        assert got.startswith("What customers are worth cannot be told: no active customer has a product with a fee")
    unscored = value.bottom_line(TOTAL | {"customers": 0}, scored=0, horizon=36, currency="EUR")
    assert unscored == "What customers are worth cannot be told: no forecast says how long they will stay."


def test_where_nobody_has_a_value_no_sentence_claims_one():
    nothing = CONTRACT.head(0)
    words = value.class_value_words(nothing, horizon=36, currency="EUR", smallest=11)
    assert words["finding"] == "What a class is worth cannot be told"
    told = value.class_value_table_words(nothing)
    assert told["finding"] == "No value by class can be told"
    assert told["subtitle"].endswith("; its interval is that of model and margin, for these customers as they are")
    never = (float("nan"),) * 3
    assert (
        value.stay_words(nothing, horizon=36, stays=never)["finding"] == "How long customers will stay cannot be told"
    )


def parts(**shares: float) -> pd.DataFrame:
    plain = {"first_year": 0.4, "later": 0.6, "beyond_history": 0.0, "beyond_tenure": 0.0, "later_beyond_tenure": 0.0}
    return pd.DataFrame((plain | shares).items(), columns=["part", "share"])


def test_the_parts_that_rest_on_no_observation_are_told():
    got = value.unseen(parts(beyond_history=0.3, later_beyond_tenure=0.15), followed=33.2)
    assert got[0].startswith("40.0 % of the value is that of the first year")
    assert got[1].startswith(
        "Of that later part 75.0 % falls on tenures at which enough customers were observed, and 25.0 % on longer ones,"
    )
    assert got[2].startswith("30.0 % of the value lies further ahead than the 33 months that the extracts look back on")


def test_where_all_was_observed_it_is_said_and_where_there_is_no_value_nothing_is():
    got = value.unseen(parts(), followed=40)
    assert got[1].startswith("All of that later part falls on tenures at which enough customers were observed.")
    assert got[2] == "None of the value lies further ahead than the 40 months that the extracts look back on."
    assert value.unseen(parts(later=float("nan")), followed=40) == ["There is no value to divide."]


def test_a_short_observation_leaves_all_that_comes_later_to_the_law_and_nothing_of_the_first_year():
    got = value.unseen(parts(later_beyond_tenure=0.6, beyond_tenure=1.0), followed=3)
    assert got[1].startswith("None of that later part falls on tenures at which enough customers were observed: all")
    assert not any("100.0" in one for one in got)
    assert len(value.unseen(parts(first_year=1.0, later=0.0), followed=12)) == 2


def test_who_is_worth_less_than_nothing_is_counted_or_masked():
    def told(*worth):
        return value.below_nothing(pd.Series(worth, dtype="float64"), smallest=11)

    assert told() == told(float("nan")) == "Nobody has a value."
    assert told(*[5.0] * 20) == "No active customer is worth less than nothing."
    assert told(*[5.0] * 20, -1.0).startswith("Fewer than 11 active customers are worth less than nothing: serving")
    assert told(*[5.0] * 20, *[-1.0] * 12).startswith("12 active customers are worth less than nothing")
    assert told(5.0, *[-1.0] * 12).startswith("Nearly all active customers are worth less than nothing")
    assert told(*[-1.0] * 12).startswith("12 active customers are")


def test_what_is_in_no_figure_is_told_apart():
    got = value.not_in_it(1_250_000.4, since=dt.date(2023, 10, 1), currency="EUR")
    assert "€1,250,000 since 1 October 2023" in got[0]
    assert "part of no other figure" in got[0]
    assert len(got) == 1
    assert "it is not told" in value.not_in_it(float("nan"), since=dt.date(2023, 10, 1), currency="EUR")[0]


def test_every_figure_behind_the_value_says_where_it_comes_from():
    figures = pd.DataFrame(
        [
            ("drift", 1.012, 1.0, 1.024, "measured", "2 years observed"),
            ("contact_cost", 0.0, None, None, "assumed", "no tickets"),
            ("service_cost", 1.5, None, None, "params", "cost_to_serve.per_month"),
        ],
        columns=["item", "value", "low", "high", "basis", "remark"],
    )
    got = value.basis_rows(figures, discounts=DISCOUNTS.head(0), discount_rate=0.08, horizon=36, currency="EUR")
    assert got["shown"].tolist() == ["101.2 %", "€0.00", "€1.50", "8.0 %", "36"]
    assert got["interval"].tolist() == ["100.0 to 102.4 %", "–", "–", "–", "–"]
    words = value.basis_words(got)["finding"]
    assert words == "What the value is computed from: 1 measured, 3 set in the params and 1 assumed"


DISCOUNTS = pd.DataFrame({"months": [3.0, None, None], "discount": [6.0, 3.0, 1.0]})


def test_discounts_that_are_taken_to_go_on_are_told_where_there_are_any():
    figures = pd.DataFrame(columns=["item", "value", "low", "high", "basis", "remark"])
    rows = [
        value.basis_rows(figures, discounts=some, discount_rate=0.08, horizon=36, currency="EUR")
        for some in (DISCOUNTS, DISCOUNTS.head(1), DISCOUNTS.head(0))
    ]
    assert rows[0].iloc[0].tolist() == [
        "Discounts without an end date go on", "40.0 %", "–", "assumed",
        "share of all discounts that run today, in money",
    ]  # fmt: skip
    assert value.basis_words(rows[0])["finding"].endswith(": 2 set in the params and 1 assumed")
    assert [len(one) for one in rows] == [3, 2, 2]


def test_how_long_classes_stay_is_told_where_they_clearly_differ():
    stay = values(("contract", "month to month", 900, 22.0), ("contract", "two years", 900, 31.0))
    close = stay.assign(low=stay["mean"] - 1, high=stay["mean"] + 1)
    got = value.stay_words(close, horizon=36, stays=(27.4, 27.0, 27.8))["finding"]
    assert got == ("A customer is expected to stay 27.4 of the next 36 months; “two years” 31.0, “month to month” 22.0")
    got = value.stay_words(stay.assign(masked=True, mean=None), horizon=36, stays=(27.4, 27.0, 27.8))
    assert got["alt"].endswith("No class can be shown.")


def test_the_widest_gap_between_classes_is_the_title():
    got = value.class_value_words(CONTRACT, horizon=36, currency="EUR", smallest=11)
    assert got["finding"] == (
        "Value differs most by contract: a customer of “two years” is worth €800, of “month to month” €300"
    )
    close = values(("contract", "month to month", 900, 300.0), ("contract", "two years", 900, 330.0))
    got = value.class_value_words(close, horizon=36, currency="EUR", smallest=11)["finding"]
    assert got == "No class is clearly worth more than another"


def test_masked_classes_are_neither_told_nor_compared():
    one = values(*CONTRACT[["dimension", "class", "customers", "mean"]].to_numpy(), ("contract", "other term", 5, None))
    got = value.class_value_words(one.assign(masked=[False, False, True]), horizon=36, currency="EUR", smallest=11)
    assert "masked to protect groups of fewer than 11" in got["subtitle"]
    assert "other term" not in got["alt"]
    none = value.class_value_words(CONTRACT.assign(masked=True, mean=None), horizon=36, currency="EUR", smallest=11)
    assert none["alt"].endswith("No class can be shown.")


def test_the_most_valuable_tenth_is_compared_with_the_least():
    tenths = pd.DataFrame({"tenth": [1, 10], "share": [0.24, 0.02], "mean": [1200.0, 100.0]})
    got = value.tenth_words(tenths, horizon=36, currency="EUR")
    assert got["finding"] == "The most valuable tenth holds 24 % of the value, 12.0 times as much as the least valuable"
    assert value.tenth_rows(tenths)["name"].tolist() == ["Most valuable tenth", "Least valuable tenth"]
    assert value.tenth_words(tenths.head(0), horizon=36, currency="EUR")["finding"].startswith(
        "The value cannot be divided into tenths"
    )


def test_where_every_tenth_holds_as_much_no_tenth_is_singled_out():
    tenths = pd.DataFrame({"tenth": [1, 10], "share": [0.102, 0.098], "mean": [545.0, 540.0]})
    got = value.tenth_words(tenths, horizon=36, currency="EUR")["finding"]
    assert got == "The value is spread evenly: every tenth of the customers holds about as much"
