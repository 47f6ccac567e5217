"""Sentences about winning customers."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.frames.observation import Observation
from analysis.measures.acquisition import FIGURES, UNTOLD
from analysis.measures.channels import PAID, Acquisition
from analysis.present.wording import acquisition as words

NAN = float("nan")
DAY = dt.date(2025, 10, 1)


def channels(*rows: tuple) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["channel", "cost", "value", "ratio"])
    for name in ("cost", "value", "ratio"):
        data = data.assign(**{f"{name}_low": data[name] * 0.9, f"{name}_high": data[name] * 1.1})
    return data.assign(share=0.5, customers=100, masked=data["cost"].isna())


def paid(*rows: tuple, by: str = "channel") -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=[by, "cost", "months", "months_low", "months_high"])
    return data.assign(followed=12, net=100.0, net_low=80.0, net_high=120.0, masked=data["cost"].isna())


def courses(*names: str) -> pd.DataFrame:
    found = [(name, month, month * 20.0 - 60) for name in names for month in range(1, 13)]
    data = pd.DataFrame(found, columns=["channel", "month", "net"])
    return data.assign(low=data["net"] - 5, high=data["net"] + 5)


CHANNELS = channels((None, 78.5, 862.0, 11.0), ("web", 64.3, 893.0, 13.9), ("door to door", 140.8, 838.0, 6.0))
BY_CHANNEL = paid((None, 78.5, 3, 3, 4), ("door to door", 140.8, 6, 5, 6), ("web", 64.3, 3, 3, 3))
COHORTS = paid(("2026-Q1", 80.0, 3, 3, 4), ("2026-Q3", 80.0, NAN, NAN, NAN), by="cohort")
FOUND = Acquisition(1.0, CHANNELS, BY_CHANNEL, COHORTS, courses("web", "door to door"), 12)
NOTHING = Acquisition(
    NAN,
    pd.DataFrame(columns=["channel", "customers", "share", *FIGURES, "masked"]),
    pd.DataFrame(columns=["channel", "followed", *PAID, "masked"]),
    pd.DataFrame(columns=["cohort", "followed", *PAID, "masked"]),
    pd.DataFrame(columns=["channel", "month", "net", "low", "high"]),
    0,
)


def like(**other: object) -> Acquisition:
    return Acquisition(**({name: getattr(FOUND, name) for name in Acquisition.__dataclass_fields__} | other))


def test_the_bottom_line_tells_cost_ratio_and_payback() -> None:
    assert words.bottom_line(FOUND, currency="EUR") == (
        "Winning a customer costs €78.50, and one brings 11.0 times that (9.9 to 12.1). "
        "It is paid back after 3 months, those who left counted."
    )


def test_what_cannot_be_told_is_not_told() -> None:
    assert words.bottom_line(NOTHING, currency="EUR").endswith(
        "nobody joined for the first time since observation began."
    )
    uncosted = Acquisition(0.0, NOTHING.channels, NOTHING.paid, NOTHING.cohorts, NOTHING.courses, 12)
    assert words.bottom_line(uncosted, currency="EUR").endswith("the source gives no acquisition cost.")
    for found in (NOTHING, uncosted):
        assert len(words.what_it_counts(found, gross_margin=0.6, invoiced=True)) == 1
        assert words.channel_rows(found).empty
        assert words.payback_rows(found).empty
        assert words.course_rows(found).empty
        assert words.ratio_of_all(found) is None
        assert (
            words.ratio_words(found, horizon=36)["finding"] == "Which channel brings most for its cost cannot be told"
        )
        assert "cannot be told" in words.channel_words(found, since=dt.date(2025, 10, 1), smallest=11)["finding"]
        assert "cannot be told" in words.payback_words(found)["finding"]
        assert "cannot be told" in words.course_words(found)["finding"]
    few = like(channels=channels((None, NAN, NAN, NAN)))
    assert words.bottom_line(few, currency="EUR").endswith("too few joined in the last four quarters.")


def test_without_a_forecast_or_bills_the_cost_alone_is_told() -> None:
    alone = like(channels=channels((None, 78.5, NAN, NAN), ("web", 64.3, NAN, NAN)), paid=NOTHING.paid, horizon=0)
    assert words.bottom_line(alone, currency="EUR") == "Winning a customer costs €78.50."
    assert words.payback_words(alone)["finding"] == "No month is billed in which customers could be followed"


def test_what_is_not_paid_back_is_said_with_the_months_followed() -> None:
    never = like(paid=paid((None, 78.5, NAN, NAN, NAN), ("web", 64.3, NAN, 11, NAN), ("shop", 90.0, NAN, NAN, NAN)))
    assert words.bottom_line(never, currency="EUR").endswith(
        "It is not paid back after 12 months, those who left counted."
    )
    assert words.course_words(never)["finding"] == "Not paid back after 12 months: “web” and “shop”"
    rows = words.payback_rows(never)
    assert rows["paid"].tolist()[:3] == ["not within 12"] * 3
    assert rows["interval"].tolist()[:3] == ["over 12", "11 or more", "over 12"]
    assert words.course_rows(never)["month"].max() == 12


def test_the_picture_of_ratios_names_the_ends_where_they_clearly_differ() -> None:
    assert words.ratio_words(FOUND, horizon=36)["finding"] == (
        "A customer won by “web” brings 13.9 times what winning one costs, by “door to door” 6.0 times"
    )
    close = like(channels=channels((None, 70.0, 800.0, 11.4), ("web", 70.0, 800.0, 11.0), ("shop", 70.0, 800.0, 11.9)))
    assert words.ratio_words(close, horizon=36)["finding"].startswith("No channel clearly brings more")
    assert words.ratio_rows(FOUND)["name"].tolist() == ["Web", "Door to door"]
    assert words.ratio_of_all(FOUND) == 11.0


def test_a_source_without_channels_shows_all_customers_together() -> None:
    untold = like(channels=channels((None, 78.5, 862.0, 11.0), (UNTOLD, 78.5, 862.0, 11.0)),
                  paid=paid((None, 78.5, 3, 3, 4), (UNTOLD, 78.5, 3, 3, 4)))  # fmt: skip
    assert words.channel_rows(untold)["name"].tolist() == ["All channels"]
    assert words.payback_rows(untold)["name"].tolist() == ["All channels", "Q1 2026", "Q3 2026"]
    assert words.ratio_words(untold, horizon=36)["finding"].endswith("the source gives no channel")
    assert words.what_it_counts(untold, gross_margin=0.6, invoiced=True)[-1].startswith(
        "The source gives no acquisition channel"
    )


def test_customers_without_a_cost_are_counted() -> None:
    assert len(words.what_it_counts(FOUND, gross_margin=0.6, invoiced=True)) == 3
    part = words.what_it_counts(like(told=0.875), gross_margin=0.6, invoiced=True)
    assert part[-1] == "Of 12.5 % of the customers won the cost is not known; they are left out."


def test_channels_stand_before_quarters_in_the_order_of_payback() -> None:
    rows = words.payback_rows(FOUND)
    assert rows["name"].tolist() == ["All channels", "Web", "Door to door", "Q1 2026", "Q3 2026"]
    assert rows["paid"].tolist() == ["3 months", "3 months", "6 months", "3 months", "not within 12"]
    assert rows["interval"].tolist() == ["3 to 4 months", "3 months", "5 to 6 months", "3 to 4 months", "over 12"]
    assert (
        words.payback_words(FOUND)["finding"]
        == "Winning a customer is paid back after 3 months, those who left counted"
    )


def test_the_courses_end_at_twice_the_longest_payback() -> None:
    assert words.course_words(FOUND)["finding"] == "“Web” is paid back after 3 months, “door to door” after 6 months"
    assert words.course_rows(FOUND)["month"].max() == 12
    assert words.course_rows(like(paid=paid(("web", 64.3, 1, 1, 1))))["month"].max() == 6
    same = like(paid=paid(("web", 64.3, 1, 1, 1), ("shop", 64.3, 1, 1, 1)))
    assert words.course_words(same)["finding"] == "Every channel is paid back after 1 month"
    assert words.course_words(like(paid=paid(("web", 64.3, 2, 1, 3))))["finding"] == "“Web” is paid back after 2 months"


def test_masked_channels_are_named_as_masked() -> None:
    hidden = like(channels=channels((None, 78.5, 862.0, 11.0), ("web", 64.3, 893.0, 13.9), ("fair", NAN, NAN, NAN)))
    got = words.channel_words(hidden, since=dt.date(2025, 10, 1), smallest=11)
    assert got["subtitle"].endswith("channels masked to protect groups of fewer than 11")
    assert got["finding"] == "What winning a customer costs and brings"


def test_the_last_four_quarters_begin_no_earlier_than_observation() -> None:
    assert words.first_day(Observation(dt.date(2026, 9, 30), dt.date(2023, 10, 1))) == dt.date(2025, 10, 1)
    assert words.first_day(Observation(dt.date(2026, 9, 30), dt.date(2026, 4, 1))) == dt.date(2026, 4, 1)


def test_costs_that_are_all_zero_are_said_to_tell_nothing() -> None:
    free = Acquisition(0.0, NOTHING.channels, NOTHING.paid, NOTHING.cohorts, NOTHING.courses, 12, free=True)
    assert words.bottom_line(free, currency="EUR") == f"{words.ALL_FREE}."
    assert "every acquisition cost on record is zero" in words.channel_words(free, since=DAY, smallest=11)["finding"]
    assert words.what_it_counts(free, gross_margin=0.6, invoiced=True) == [
        "There is no ratio: what it costs to win a customer is not known."
    ]


def test_without_invoices_margin_received_is_that_of_fees() -> None:
    billed, fees = (words.what_it_counts(FOUND, gross_margin=0.6, invoiced=one)[1] for one in (True, False))
    assert billed.startswith("Margin received: what was billed, at a gross margin of 60.0")
    assert fees.startswith(
        "Margin received: the fees of the products held, as the source gives no invoices, at a gross"
    )


def test_a_cost_still_out_after_a_month_is_no_verdict() -> None:
    rows = paid((None, 78.5, NAN, NAN, NAN), ("web", 64.3, NAN, NAN, NAN)).assign(followed=1)
    early = like(paid=rows, horizon=1)
    assert words.bottom_line(early, currency="EUR").endswith(
        "It is not paid back yet, as only 1 month could be followed, those who left counted."
    )
    assert words.course_words(early)["finding"] == "Not paid back yet, as only 1 month could be followed: “web”"


def test_a_ratio_whose_interval_prints_as_one_number_stands_alone() -> None:
    sure = like(channels=CHANNELS.assign(ratio_low=CHANNELS["ratio"], ratio_high=CHANNELS["ratio"]))
    assert "and one brings 11.0 times that. It" in words.bottom_line(sure, currency="EUR")
