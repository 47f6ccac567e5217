"""Plans against use: a small town with three fibre plans and two mobile ones."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest

from analysis.extracts.engine import to_pandas
from analysis.frames.observation import Observation
from analysis.frames.plan_use import plan_use

DAY, AS_OF = dt.date(2026, 6, 30), dt.date(2026, 9, 30)
SEEN = Observation(AS_OF, dt.date(2024, 1, 1))
FIBRE = {"product": "broadband", "technology": "fibre", "start_date": "2025-01-01"}
F250 = FIBRE | {"plan": "F250", "bandwidth_mbps": 250, "monthly_fee": 30}
F500 = FIBRE | {"plan": "F500", "bandwidth_mbps": 500, "monthly_fee": 40}
COPPER = FIBRE | {"plan": "C50", "technology": "dsl", "bandwidth_mbps": 50, "monthly_fee": 25}
MOBILE = {"product": "mobile", "start_date": "2025-01-01"}
M5 = MOBILE | {"plan": "M5", "data_cap_gb": 5, "monthly_fee": 10}
M20 = MOBILE | {"plan": "M20", "data_cap_gb": 20, "monthly_fee": 18}
VOICE = {"product": "voice", "plan": "V", "monthly_fee": 50, "start_date": "2025-01-01"}


@pytest.fixture
def use(contract, engine):
    """`use({"a": [line, …]}, {"a": (gb of July, August, September)})`: the rows of a day, by customer."""

    def made(lines, gb, *, day=AS_OF, spells=(), areas=None, upload=None):
        held = [
            {"subscription_id": f"{name}{place}", "customer_id": name, "account_id": name, **line}
            for name, own in lines.items()
            for place, line in enumerate(own)
        ]
        people = [{"customer_id": name, "area_id": (areas or {}).get(name, "x")} for name in lines]
        used = [
            {"customer_id": name, "month": f"2026-0{7 + place}-01", "download_gb": one, "upload_gb": upload}
            for name, own in gb.items()
            for place, one in enumerate(own)
            if one is not None
        ]
        ends = dict(spells)
        lives = pd.DataFrame(
            {
                "customer_id": list(lines), "start": dt.date(2025, 1, 1),
                "end": [ends.get(name, (None, None))[0] for name in lines],
                "kind": [ends.get(name, (None, None))[1] for name in lines],
            }
        )  # fmt: skip
        typed = pa.table(
            {
                "customer_id": pa.array(lives["customer_id"], pa.string()), "spell": pa.array([1] * len(lives)),
                "start": pa.array(lives["start"], pa.date32()), "end": pa.array(list(lives["end"]), pa.date32()),
                "kind": pa.array(list(lives["kind"]), pa.string()),
            }
        )  # fmt: skip
        tables = {
            "customers": contract("customers", *people),
            "subscriptions": contract("subscriptions", *held, account_id=pa.string()),
            "usage": contract("usage", *used),
            "spells": engine.table(typed),
        }
        got = to_pandas(plan_use([day], tables, SEEN, engine=engine, near_cap=0.8))
        return got.astype(object).where(got.notna(), None).set_index("customer_id").to_dict("index")

    return made


def test_use_is_the_mean_of_three_whole_months_down_and_up(use):
    got = use({"a": [F250]}, {"a": (100, 200, 300)}, upload=10)["a"]
    assert (got["product"], got["plan"], got["fee"], got["use"]) == ("broadband", "F250", 30, 210)


def test_with_a_month_missing_use_is_not_told(use):
    assert use({"a": [F250]}, {"a": (100, None, 300)})["a"]["use"] is None


def test_the_broadband_line_is_the_data_line_and_a_dearer_line_without_data_is_none(use):
    got = use({"a": [M5, F250], "b": [VOICE, M20]}, {"a": (9, 9, 9), "b": (9, 9, 9)})
    assert (got["a"]["plan"], got["b"]["plan"]) == ("F250", "M20")


def test_plans_beside_it_are_those_that_somebody_in_the_area_holds_by_the_same_technology(use):
    got = use({"a": [F250], "b": [F500], "c": [COPPER], "d": [F250]}, {}, areas={"d": "far"})
    assert (got["a"]["up"], got["a"]["up_fee"], got["a"]["down"]) == ("F500", 40, None)
    assert (got["b"]["up"], got["b"]["down"], got["b"]["down_fee"]) == (None, "F250", 30)
    assert (got["c"]["up"], got["d"]["up"]) == (None, None)


def test_months_near_the_cap_and_above_it_are_counted(use):
    got = use({"a": [M5], "b": [M20]}, {"a": (4, 3.9, 5.1), "b": (1, 1, 1)})
    assert (got["a"]["near"], got["a"]["over"], got["a"]["up"]) == (2, 1, "M20")
    assert got["a"]["share"] == pytest.approx(13 / 3 / 5)
    assert (got["b"]["near"], got["b"]["down"]) == (0, "M5")


def test_beside_another_data_line_no_use_is_held_against_a_cap(use):
    got = use({"a": [M5, M20]}, {"a": (30, 30, 30)})["a"]
    assert (got["plan"], got["near"], got["use"]) == ("M20", None, None)


def test_who_left_within_three_months_is_told_of_earlier_days_only(use):
    lines = {name: [F250] for name in ("stays", "chose", "moved", "unknown", "later")}
    ends = [
        ("chose", (dt.date(2026, 9, 30), "voluntary")), ("moved", (dt.date(2026, 7, 1), "moved")),
        ("unknown", (dt.date(2026, 8, 1), None)),
    ]  # fmt: skip
    got = use(lines, {}, day=DAY, spells=ends)
    assert {name: (row["left"], row["chose"]) for name, row in got.items()} == {
        "stays": (0, 0), "chose": (1, 1), "moved": (1, 0), "unknown": (1, 1), "later": (0, 0),
    }  # fmt: skip
    assert use(lines, {})["stays"]["chose"] is None
