"""Conversion of leads by hand: within 90 days, by quarter of being made, by channel."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.frames.observation import Observation
from analysis.measures.interval import share_interval
from analysis.measures.lead_conversion import conversion_by, lead_conversion, ripe_quarters

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)


@pytest.fixture
def engine():
    with Engine(threads=1) as one:
        yield one


def leads(engine: Engine, *rows: tuple[str, int, int, str], times: int = 1):
    """`(created, days, converted, channel)`, each so many times."""
    data = pd.DataFrame(list(rows) * times, columns=["created", "days", "converted", "channel"])
    made = engine.table(data.assign(created=pd.to_datetime(data["created"]), segment="household"))
    return made.with_columns(nw.col("created").cast(nw.Date))


def test_who_became_a_customer_on_day_90_counts_and_on_day_91_not(engine: Engine) -> None:
    rows = leads(
        engine, ("2026-01-01", 90, 1, "web"), ("2026-03-31", 91, 1, "web"), ("2026-02-01", 200, 0, "web"),
        ("2026-04-01", 5, 1, "web"),
    )  # fmt: skip
    got = lead_conversion(rows, [Q1, Q2])
    assert got["quarter"].tolist() == ["2026-Q1", "2026-Q2"]
    assert got[["leads", "converted"]].to_numpy().tolist() == [[3, 1], [1, 1]]
    low, high = share_interval(1, 3)
    assert got.loc[0, ["share", "low", "high"]].tolist() == pytest.approx([1 / 3, low, high])


def test_a_quarter_without_leads_has_no_share(engine: Engine) -> None:
    got = lead_conversion(leads(engine, ("2026-04-01", 5, 1, "web")), [Q1])
    assert got["leads"].tolist() == [0]
    assert got["share"].isna().all()
    assert lead_conversion(leads(engine, ("2026-04-01", 5, 1, "web")), []).empty


@pytest.mark.parametrize(
    ("as_of", "last"), [(dt.date(2026, 3, 31), "2025-Q4"), (dt.date(2026, 6, 30), "2026-Q1"),
                        (dt.date(2026, 9, 30), "2026-Q2")],
)  # fmt: skip
def test_leads_of_the_quarter_before_have_been_followed_for_90_days(as_of: dt.date, last: str) -> None:
    seen = Observation(as_of, dt.date(2024, 1, 1), covers_from={"leads": dt.date(2025, 2, 1)})
    got = [str(one) for one in ripe_quarters(seen)]
    assert got[0] == "2025-Q2"  # leads are told from February on: not the whole quarter before
    assert got[-1] == last


def test_channels_are_told_over_four_quarters_and_few_are_hidden_with_what_would_tell_them(engine: Engine) -> None:
    rows = [("2025-04-01", 5, 1, "expo")] * 12  # older than a year
    rows += [("2025-07-01", 5, 1, "shop")] * 12 + [("2026-04-01", 200, 0, "shop")] * 12
    rows += [("2025-07-01", 5, 1, "web")] * 20 + [("2026-04-01", 200, 0, "web")] * 20
    rows += [("2026-04-01", 3, 1, "fair")] * 2 + [("2026-04-01", 200, 0, "fair")] * 20
    quarters = [Quarter(2025, 2), Quarter(2025, 3), Quarter(2025, 4), Q1, Q2]
    got = conversion_by(leads(engine, *rows), quarters, smallest=11).set_index(["dimension", "class"])
    assert got.loc[("all", "all"), ["leads", "converted"]].tolist() == [86, 34]
    assert got.loc["channel"]["masked"].to_dict() == {"web": False, "fair": True, "shop": True}
    assert got.loc[("channel", "fair"), ["leads", "converted", "share"]].isna().all()
    assert got.loc[("channel", "web"), ["leads", "converted", "share"]].tolist() == [40, 20, 0.5]
