"""Who comes back, by hand: by how long they are gone, by the way they left, and what one who does is worth."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from analysis.extracts.engine import Engine
from analysis.frames.observation import Observation
from analysis.measures.former import former_customers, worth_of_returners
from analysis.measures.returners import return_counts, return_counts_by_kind
from analysis.models.win_back_study import People, fading, win_back_study

AS_OF = dt.date(2026, 9, 30)
SEEN = Observation(AS_OF, dt.date(2023, 1, 1))


@pytest.fixture
def engine():
    with Engine(threads=1) as one:
        yield one


def dated(engine: Engine, data: pd.DataFrame, *names: str) -> nw.LazyFrame:
    whole = engine.table(data.assign(**{name: pd.to_datetime(data[name]) for name in names}))
    return whole.with_columns(*(nw.col(name).cast(nw.Date) for name in names))


def lives(engine: Engine, *rows: tuple[str, int, str, str | None, str | None]) -> nw.LazyFrame:
    table = pd.DataFrame(rows, columns=["customer_id", "spell", "start", "end", "kind"])
    return dated(engine, table.assign(kind=table["kind"].astype("string")), "start", "end")


def accounts(engine: Engine, *rows: tuple[str, str | None, str | None]) -> nw.LazyFrame:
    table = pd.DataFrame(
        [("nobody", "2020-01-01", "other"), *rows], columns=["customer_id", "churn_date", "churn_kind"]
    )
    return dated(engine, table.assign(churn_kind=table["churn_kind"].astype("string")), "churn_date")


def people(engine: Engine, **columns: list) -> nw.LazyFrame:
    """Stage table `customers`."""
    table = pd.DataFrame(columns)
    usual = {
        "spells": 1,
        "spell_start": "2020-01-01",
        "monetary_month": 40.0,
        "state": "left",
        "churn_date": "2026-01-01",
    }
    for name, value in usual.items():
        table = table if name in table else table.assign(**{name: value})
    return dated(engine, table, "spell_start", "churn_date")


def test_the_way_of_leaving_is_that_of_the_account_that_was_left_where_it_is_kept(engine: Engine) -> None:
    spells = lives(
        engine, ("a", 1, "2024-01-01", "2025-01-01", None), ("a", 2, "2025-07-01", None, None),
        ("b", 1, "2024-01-01", "2025-01-01", None), ("b", 2, "2025-07-01", None, None),
        ("c", 1, "2024-01-01", "2025-01-01", "moved"),
    )  # fmt: skip
    kept = accounts(engine, ("a", "2025-01-01", "voluntary"), ("a", None, None), ("b", None, None))
    got = return_counts_by_kind(spells, kept, as_of=AS_OF, seen_after=SEEN.entry)
    told = {"" if pd.isna(kind) else kind: event for kind, event in zip(got["kind"], got["event"], strict=True)}
    assert told == {"moved": 0, "voluntary": 1, "": 1}
    whole = return_counts(spells, as_of=AS_OF, seen_after=SEEN.entry)
    assert got["n"].sum() == whole["n"].sum() == 3


def many(engine: Engine, *, back: int, away: int, kind: str | None = None) -> tuple[nw.LazyFrame, nw.LazyFrame]:
    """Spells of so many who left on 1 January 2025 and came back on 1 July, and of others who stayed away."""
    rows = [(f"b{n:03}", 1, "2024-01-01", "2025-01-01", None) for n in range(back)]
    rows += [(f"b{n:03}", 2, "2025-07-01", None, None) for n in range(back)]
    rows += [(f"c{n:03}", 1, "2024-01-01", "2025-01-01", "voluntary") for n in range(away)]
    held = [(f"b{n:03}", "2025-01-01", kind) for n in range(back)]
    return lives(engine, *rows), accounts(engine, *held)


def customers(engine: Engine, *, back: int, away: int) -> nw.LazyFrame:
    ids = [f"b{n:03}" for n in range(back)] + [f"c{n:03}" for n in range(away)]
    return people(
        engine, customer_id=ids, state=["active"] * back + ["left"] * away, spells=[2] * back + [1] * away,
        spell_start=["2025-07-01"] * back + ["2024-01-01"] * away, churn_date=[None] * back + ["2025-01-01"] * away,
    )  # fmt: skip


def test_shares_by_way_of_leaving_are_told_only_where_those_who_came_back_have_one(engine: Engine) -> None:
    for kind, known in (("voluntary", 1.0), (None, 0.0)):
        spells, held = many(engine, back=20, away=60, kind=kind)
        whole = customers(engine, back=20, away=60)
        got = win_back_study(spells, whole, People(held, None), SEEN, smallest=11)
        assert got.kinds_known == known
        assert got.kinds["chance"].tolist() == ([pytest.approx(0.25)] if kind else [])
        assert got.returns.share == pytest.approx(0.25)


def test_the_longer_gone_the_less_is_left_of_an_added_chance(engine: Engine) -> None:
    spells, held = many(engine, back=20, away=60)
    study = win_back_study(spells, customers(engine, back=20, away=60), People(held, None), SEEN, smallest=11)
    got = fading(study, pd.Series([0, 5, 6, 20]))
    assert got.tolist() == [1.0, 1.0, 0.0, 0.0]  # all came back after 181 days: just before six months are over
    few = win_back_study(*_few(engine), SEEN, smallest=11)
    assert fading(few, pd.Series([0, 11, 12])).tolist() == [1.0, 1.0, 0.0]
    assert len(fading(few, pd.Series([], dtype="int64"))) == 0


def _few(engine: Engine):
    spells, held = many(engine, back=2, away=60)
    return spells, customers(engine, back=2, away=60), People(held, None)


def test_who_came_back_is_worth_a_multiple_of_the_bill_and_who_left_again_nothing(engine: Engine) -> None:
    whole = people(
        engine, customer_id=["a", "b", "long ago", "new"], state=["active", "left", "active", "active"],
        spells=[2, 2, 2, 1], spell_start=["2025-01-01", "2025-01-01", "2022-01-01", "2025-01-01"],
        monetary_month=[40.0, 60.0, 50.0, 50.0], churn_date=[None, "2026-01-01", None, None],
    )  # fmt: skip
    value = engine.table(pd.DataFrame({"customer_id": ["a", "long ago", "new"], "clv": [500.0, 900.0, 700.0]}))
    got = worth_of_returners(whole, value, as_of=AS_OF)
    assert (got.value, got.customers) == (pytest.approx(500 / 100), 2)


def test_for_want_of_who_came_back_everybody_on_the_books_is_taken(engine: Engine) -> None:
    spells, held = many(engine, back=3, away=60)
    value = engine.table(pd.DataFrame({"customer_id": ["b000", "b001", "b002"], "clv": [400.0, 400.0, 400.0]}))
    whole = customers(engine, back=3, away=60)
    got = win_back_study(spells, whole, People(held, value), SEEN, smallest=11)
    assert not got.of_returners
    assert got.multiple.value == pytest.approx(10.0)
    assert np.isnan(win_back_study(spells, whole, People(held, None), SEEN, smallest=11).multiple.value)


def test_former_customers_are_those_who_left_with_the_whole_months_since(engine: Engine) -> None:
    whole = people(
        engine, customer_id=["a", "b", "c"], state=["left", "left", "active"],
        churn_date=["2026-09-01", "2026-08-30", None],
    )  # fmt: skip
    got = former_customers(whole, {}, as_of=AS_OF).select("customer_id", "months_since").sort("customer_id")
    assert got.collect("pyarrow").to_pandas().to_numpy().tolist() == [["a", 0], ["b", 1]]
