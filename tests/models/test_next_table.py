"""The stage table of what to offer next: a row per customer and kind at most, by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import narwhals as nw
import pandas as pd
import pytest

from analysis.extracts.engine import Engine, to_pandas
from analysis.models.next_product import basket_cells
from analysis.models.next_table import COLUMNS, next_new, next_upgrade, offer_counts, upgrade_chances

A, B, C = 1, 2, 4
PRODUCTS = ["a", "b", "c"]
PAST, NOW = dt.date(2026, 6, 30), dt.date(2026, 9, 30)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as one:
        yield one


def held(engine: Engine, *rows: tuple) -> nw.LazyFrame:
    """Rows of (customer, landmark, basket, offered, added)."""
    table = pd.DataFrame(rows, columns=["customer_id", "landmark", "basket", "offered", "added"])
    table = table.assign(technology="", customer_type="", landmark=pd.to_datetime(table["landmark"]))
    return engine.table(table.astype({"added": "Int64"})).with_columns(nw.col("landmark").cast(nw.Date))


def test_the_likeliest_product_is_named_once_per_customer_with_what_it_rests_on(engine):
    past = [(f"p{n}", PAST, A, 7, C if n < 30 else 0) for n in range(100)]
    past += [(f"q{n}", PAST, A + C, 7, B if n < 5 else 0) for n in range(100)]
    now = [("x", NOW, A, 7, None), ("y", NOW, A, A + B, None), ("z", NOW, 7, 7, None)]
    rows = held(engine, *past, *now)
    asked = rows.filter(nw.col("landmark") == NOW)
    got = to_pandas(next_new(asked, basket_cells(rows, "added"), "additions", products=PRODUCTS, engine=engine))
    got = got.set_index("customer_id").sort_index()
    assert list(got.reset_index().columns) == list(COLUMNS)
    assert got["product"].to_dict() == {"x": "c", "y": "b"}  # z holds everything
    assert got["kind"].tolist() == ["new", "new"] and got["basis"].tolist() == ["additions"] * 2
    x = got.loc["x"]
    assert x["support"] == pytest.approx(30 / 200)
    assert x["low"] < x["confidence"] < x["high"]
    assert x["confidence"] == pytest.approx(0.3, abs=0.03)


def test_nobody_is_told_anything_where_no_product_is_known(engine):
    rows = held(engine, ("x", NOW, 0, 0, None)).filter(nw.col("basket") > 0)
    new = next_new(rows, basket_cells(rows, "added"), "rules", products=[], engine=engine)
    up = next_upgrade(steps(engine, ("x", NOW, "a", "S", "M", None)), as_of=NOW, engine=engine)
    assert to_pandas(nw.concat([new, up])).empty  # of one kind of columns, with or without rows


def steps(engine: Engine, *rows: tuple) -> nw.LazyFrame:
    """Rows of (customer, landmark, product, plan, target, upgraded)."""
    table = pd.DataFrame(rows, columns=["customer_id", "landmark", "product", "plan", "target", "upgraded"])
    table = table.assign(customer_type="", landmark=pd.to_datetime(table["landmark"])).astype({"upgraded": "Int64"})
    return engine.table(table).with_columns(nw.col("landmark").cast(nw.Date))


def past_steps() -> list[tuple]:
    slow = [(f"s{n}", PAST, "a", "S", "M", int(n < 20)) for n in range(100)]
    fast = [(f"m{n}", PAST, "a", "M", "L", int(n < 2)) for n in range(100)]
    return [*slow, *fast, *[(f"b{n}", PAST, "b", "S", "M", int(n < 50)) for n in range(100)]]


def test_the_chance_of_a_step_is_drawn_to_the_rate_of_its_product(engine):
    got = upgrade_chances(steps(engine, *past_steps())).set_index(["product", "plan"])
    rate = 22 / 200
    assert got.loc[("a", "S"), "confidence"] == pytest.approx(22 / (100 + 2 / rate))
    assert got.loc[("a", "M"), ["taken", "count", "rate"]].tolist() == [2, 100, rate]
    assert got.loc[("a", "M"), "support"] == pytest.approx(2 / 300)


def test_of_several_steps_the_likeliest_is_named_with_the_plan_to_offer(engine):
    now = [
        ("x", NOW, "a", "S", "M", None), ("x", NOW, "b", "S", "M", None), ("y", NOW, "a", "M", "L", None),
        ("z", NOW, "c", "S", "M", None),
    ]  # fmt: skip
    got = to_pandas(next_upgrade(steps(engine, *past_steps(), *now), as_of=NOW, engine=engine))
    got = got.set_index("customer_id").sort_index()
    assert list(got.reset_index().columns) == list(COLUMNS)
    assert got["product"].to_dict() == {"x": "b", "y": "a"}  # nobody ever stepped up in c
    assert got["plan"].to_dict() == {"x": "M", "y": "L"}
    assert set(got["kind"]) == {"upgrade"}


def test_where_nobody_stepped_up_there_is_no_upgrade(engine):
    assert to_pandas(next_upgrade(steps(engine, ("x", NOW, "a", "S", "M", None)), as_of=NOW, engine=engine)).empty


def offered(engine: Engine, **customers: int) -> nw.LazyFrame:
    """`offered(engine, new_tv=30, upgrade_L=20)`: customers by what each is offered."""
    rows = []
    for name, number in customers.items():
        kind, what = name.split("_")
        one = {"product": what if kind == "new" else "broadband", "kind": kind, "plan": None if kind == "new" else what}
        rows += [{"customer_id": f"{name}{n}", **one, "confidence": 0.1} for n in range(number)]
    return engine.table(pd.DataFrame(rows).assign(low=0.05, high=0.2, lift=2.0))


def people(engine: Engine, number: int) -> nw.LazyFrame:
    return engine.table(pd.DataFrame({"customer_id": [str(n) for n in range(number)]}))


def test_offers_are_counted_by_kind_with_those_who_get_none(engine):
    table = offered(engine, new_tv=30, new_voice=50, upgrade_L=20)
    got = offer_counts(table, active=people(engine, 100), smallest=11)
    assert got["customers"].tolist() == [50, 30, 20, 20, 80]
    assert got["what"].where(got["what"].notna(), None).tolist() == ["voice", "tv", None, "L", None]
    assert got.loc[0, ["confidence", "low", "high", "lift"]].tolist() == pytest.approx([0.1, 0.05, 0.2, 2.0])
    assert not got["masked"].any()


def test_few_customers_of_an_offer_are_masked_and_cannot_be_computed(engine):
    table = offered(engine, new_tv=5, new_voice=50, new_cloud=30, upgrade_L=20)
    got = offer_counts(table, active=people(engine, 100), smallest=11)
    new = got[got["kind"] == "new"].set_index("what")
    assert new.loc["tv", "masked"] and pd.isna(new.loc["tv", "confidence"])
    assert new["masked"].sum() == 2  # the sum of all, less the others, would tell
    assert not got[got["kind"] == "upgrade"]["masked"].any()


def test_where_nothing_is_offered_there_is_no_row(engine):
    got = offer_counts(
        offered(engine, new_tv=20).filter(nw.col("kind") == "none"), active=people(engine, 40), smallest=11
    )
    assert got.empty and "masked" in got
    only_new = offer_counts(offered(engine, new_tv=20), active=people(engine, 40), smallest=11)
    assert only_new["kind"].tolist() == ["new", "new"]
