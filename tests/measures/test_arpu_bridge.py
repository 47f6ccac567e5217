"""The bridge of ARPU: by hand, as an identity, and its intervals against simulation."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.basis.rounding import half_up
from analysis.extracts.engine import Engine
from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.spells import spells
from analysis.measures.arpu import quarterly_arpu
from analysis.measures.arpu_bridge import Bridge, Printing, arpu_bridge

SEEN = Observation(dt.date(2025, 12, 31), dt.date(2025, 7, 1))
DATES = ("start_date", "end_date", "discount_end_date")
FIRSTS = [dt.date(2025, month, 1) for month in range(7, 13)]
LINE = {"product": "broadband", "plan": "M", "monthly_fee": 30.0, "discount": 0.0, "start_date": "2024-01-01"}
ENDS = {"end_date": None, "discount_end_date": None}


def held(customer: str, **terms: object) -> dict:
    return {"customer_id": customer, **LINE, **ENDS, **terms}


def bills(
    customer: str, *, kind: str = "recurring", months: list[dt.date] = FIRSTS, amount: float = 30.0
) -> list[dict]:
    return [{"customer_id": customer, "month": month, "kind": kind, "amount": amount} for month in months]


def contract_tables(engine: Engine, lines: list[dict], invoices: list[dict] | None = None) -> dict:
    rows = pd.DataFrame([{"subscription_id": str(i), **line} for i, line in enumerate(lines)])
    dated = rows.assign(**{name: pd.to_datetime(rows[name].astype(object)) for name in DATES})
    days = [nw.col(name).cast(nw.Date) for name in DATES]
    money = nw.Decimal(18, 4)
    ids = sorted({line["customer_id"] for line in lines})
    people = pd.DataFrame({"customer_id": ids, "account_id": ids, "signup_date": pd.Timestamp("2020-01-01")})
    nothing = {"churn_date": nw.lit(None).cast(nw.Date), "churn_kind": nw.lit(None).cast(nw.String)}
    found = {
        "subscriptions": engine.table(dated).with_columns(*days, nw.col("monthly_fee", "discount").cast(money)),
        "customers": engine.table(people).with_columns(nw.col("signup_date").cast(nw.Date), **nothing),
    }
    if invoices is not None:
        table = pd.DataFrame(invoices).assign(month=lambda rows: pd.to_datetime(rows["month"]))
        found["invoices"] = engine.table(table).with_columns(
            nw.col("month").cast(nw.Date), nw.col("amount").cast(money)
        )
    return found


def bridge(engine: Engine, lines: list[dict], invoices: list[dict] | None = None, *, seen: Observation = SEEN,
           without: tuple[str, ...] = (), **how: int) -> tuple[Bridge, pd.DataFrame]:  # fmt: skip
    tables = contract_tables(engine, lines, invoices)
    spell = engine.table(spells(tables, seen))
    month = engine.table(months(spell, tables, seen))
    kept = {name: table for name, table in tables.items() if name not in without}
    got = arpu_bridge(month, spells=spell, tables=kept, observation=seen, printing=Printing(**how))
    return got, quarterly_arpu(month, seen.quarters)


@pytest.fixture
def of(engine):
    return lambda *args, **more: bridge(engine, *args, **more)


def parts(got: Bridge) -> dict[str, float]:
    return dict(zip(got.parts["part"], got.parts["shown"], strict=True))


# ----------------------------------------------------------------------------------------------------------- by hand


def test_a_price_rise_of_one_of_two_customers_moves_arpu_by_half_of_it(of) -> None:
    dearer = [held("a", end_date="2025-10-01"), held("a", monthly_fee=32, start_date="2025-10-01")]
    got, _ = of([*dearer, held("b")])
    assert parts(got) == {"price": 1.0}
    assert (got.before, got.now, got.change, got.customers) == (30, 31, 1, 2)


def test_who_leaves_moves_arpu_by_what_they_paid_against_those_who_stay(of) -> None:
    got, _ = of([held("a"), held("b", monthly_fee=60, end_date="2025-10-01")])
    assert parts(got) == {"left": -15.0}
    assert (got.before, got.now) == (45, 30)


def test_who_joins_moves_arpu_by_what_they_pay_against_those_who_stay(of) -> None:
    got, _ = of([held("a"), held("b", monthly_fee=10, start_date="2025-10-01")])
    assert parts(got) == {"joined": -10.0}


def test_who_joined_in_the_first_quarter_and_stays_is_no_stayer_of_whole_quarters(of) -> None:
    got, _ = of([held("a"), held("b", monthly_fee=10, start_date="2025-09-01")])
    # (3 · 30 + 10) / 4 = 25 before, 20 after: fewer of the quarter's months were theirs.
    assert (got.before, got.now, parts(got)) == (25, 20, {"joined": -5.0})


def test_bill_lines_are_parts_by_kind_and_what_fees_do_not_tell_is_named(of) -> None:
    late = FIRSTS[3:]
    more = {"usage": (late, 3), "one_off": (late[:1], 9), "credit": (late[:1], -6), "recurring": (late[:2], 1.5)}
    lines = [
        line for kind, (when, amount) in more.items() for line in bills("a", kind=kind, months=when, amount=amount)
    ]
    got, _ = of([held("a")], [*bills("a"), *lines])
    assert parts(got) == {"usage": 3.0, "one_off": 3.0, "credit": -2.0, "unexplained": 1.0}


def test_a_credit_that_ended_raises_arpu(of) -> None:
    got, _ = of([held("a")], [*bills("a"), *bills("a", kind="credit", months=FIRSTS[:3], amount=-5)])
    assert parts(got) == {"credit": 5.0}


def test_a_bill_after_leaving_is_theirs_who_left(of) -> None:
    lines = [*bills("a"), *bills("b", months=FIRSTS[:3]), *bills("b", months=FIRSTS[3:4], amount=6)]
    got, _ = of([held("a"), held("b", end_date="2025-10-01")], lines)
    assert parts(got) == {"left": 2.0}


def test_without_subscriptions_what_recurs_is_not_divided(of) -> None:
    got, _ = of([held("a")], [*bills("a"), *bills("a", months=FIRSTS[3:], amount=2)], without=("subscriptions",))
    assert parts(got) == {"unexplained": 2.0}


def test_what_did_not_move_has_no_parts(of) -> None:
    got, _ = of([held("a"), held("b")])
    assert (got.why, got.change, len(got.parts)) == ("", 0, 0)


# --------------------------------------------------------------------------------------------------- no bridge, and why


def test_the_first_quarter_has_no_bridge(of) -> None:
    assert of([held("a")], seen=Observation(SEEN.as_of, dt.date(2025, 10, 1)))[0].why == "one quarter"


def test_a_quarter_that_is_not_billed_has_no_bridge(of) -> None:
    assert of([held("a")], bills("a", months=FIRSTS[:5]))[0].why == "not billed"


def test_without_anyone_who_stayed_there_is_no_bridge(of) -> None:
    got, _ = of([held("a", end_date="2025-10-01"), held("b", start_date="2025-10-01")])
    assert got.why == "nobody stayed"


def test_of_too_few_there_is_no_bridge(of) -> None:
    lines = [held(f"c{i}", monthly_fee=30 + i) for i in range(10)]
    assert of(lines, smallest=11)[0].why == "too few"


def test_a_price_of_few_is_told_with_another_part(of) -> None:
    crowd = [held(f"c{i:02}") for i in range(40)]
    added = [held(f"c{i:02}", product="tv", monthly_fee=10, start_date="2025-10-01") for i in range(20)]
    few = [{**line, "end_date": "2025-10-01"} for line in crowd[:4]]
    few += [held(f"c{i:02}", monthly_fee=50, start_date="2025-10-01") for i in range(4)]
    left = [held(f"l{i:02}", monthly_fee=20, end_date="2025-10-01") for i in range(15)]
    got, _ = of([*few, *crowd[4:], *added, *left], smallest=11)
    assert set(parts(got)) == {"added", "other"}
    assert got.parts["value"].sum() == pytest.approx(got.now - got.before, abs=1e-9)


# ---------------------------------------------------------------------------------------------------------- identities

DAY = st.dates(dt.date(2025, 6, 1), dt.date(2025, 12, 31))
FEE = st.decimals("0", "90", places=2)


@st.composite
def life(draw: st.DrawFn, customer: str) -> list[dict]:
    """Up to four lines of a customer, on any terms, one of them open so that somebody may stay."""
    lines = []
    for number in range(draw(st.integers(1, 4))):
        start, end, cheaper = draw(DAY), draw(st.none() | DAY), draw(st.none() | DAY)
        fee = draw(FEE)
        lines.append(
            held(
                customer,
                product=draw(st.sampled_from(["broadband", "tv"])), plan=draw(st.sampled_from(["M", "L"])),
                monthly_fee=float(fee), discount=float(draw(st.decimals("0", fee, places=2))),
                start_date=str(start) if number else "2025-01-01", discount_end_date=cheaper and str(cheaper),
                end_date=str(end) if end and end > start else None,
            )
        )  # fmt: skip
    return lines


@st.composite
def provider(draw: st.DrawFn) -> tuple[list[dict], list[dict] | None]:
    count = draw(st.integers(1, 6))
    lines = [line for i in range(count) for line in draw(life(f"c{i}"))]
    if draw(st.booleans()):
        return [*lines, held("whole")], None
    kinds = st.sampled_from(["recurring", "usage", "one_off", "credit", None])
    amounts = st.decimals("-60", "60", places=4)
    some = st.tuples(st.integers(0, count - 1), st.sampled_from(FIRSTS), kinds, amounts)
    found = [
        {"customer_id": f"c{i}", "month": month, "kind": kind, "amount": float(Decimal(amount))}
        for i, month, kind, amount in draw(st.lists(some, max_size=30))
    ]
    # A crowd whose every month is billed makes both quarters billed ones.
    crowd = [f"w{i:02}" for i in range(100)]
    return [*lines, *(held(one) for one in crowd)], [*found, *(bill for one in crowd for bill in bills(one))]


@pytest.fixture(scope="module")
def one_engine():
    with Engine() as engine:
        yield engine


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(provider(), st.sampled_from([0, 2, 3]), st.sampled_from([1, 5]))
def test_the_parts_add_up_whatever_was_held_and_billed(one_engine, company, places: int, smallest: int) -> None:
    got, arpu = bridge(one_engine, *company, places=places, smallest=smallest)
    if got.why:
        assert (got.why, smallest) == ("too few", 5)
        return
    before, now = arpu["arpu"]
    assert got.parts["value"].sum() == pytest.approx(now - before, abs=1e-9)
    shown = half_up(now, places) - half_up(before, places)
    assert half_up(got.parts["shown"].sum(), places) == got.change == half_up(shown, places)
    assert (got.parts["shown"] - got.parts["value"]).abs().max() < 10.0**-places * 2 or got.parts.empty


def test_the_parts_add_up_on_the_ibm_sample_with_fees_for_bills(engine, shared_data) -> None:
    """Its charges as fees, its tenure and leavers; the fees of every third customer rise by two dollars on 1 July."""
    folder, leaving = shared_data / "ibm_telco_multitable", "2019-09-30"
    services = pd.read_csv(folder / "Telco_customer_churn_services.csv")
    status = pd.read_csv(folder / "Telco_customer_churn_status.csv", usecols=["Customer ID", "Churn Value"])
    rows = services.merge(status, on="Customer ID").sort_values("Customer ID", ignore_index=True)
    days = np.floor(rows["Tenure in Months"] * 30.4375)
    start = (pd.Timestamp(leaving) - pd.to_timedelta(days, unit="D")).dt.strftime("%Y-%m-%d")
    gone = rows["Churn Value"].eq(1)
    dearer = (rows.index % 3 == 0) & (start < "2019-07-01")
    fee = rows["Monthly Charge"].round(2)
    lines = []
    for i, customer in enumerate(rows["Customer ID"]):
        terms = {"monthly_fee": fee[i], "start_date": start[i], "end_date": leaving if gone[i] else None}
        if dearer[i]:
            lines.append(held(customer, **terms | {"end_date": "2019-07-01"}))
            terms |= {"monthly_fee": round(fee[i] + 2, 2), "start_date": "2019-07-01"}
        lines.append(held(customer, **terms))
    seen = Observation(dt.date(2019, 9, 30), dt.date(2019, 4, 1))
    got, arpu = bridge(engine, lines, seen=seen, smallest=11)
    stays = ~gone & (start <= "2019-04-01")
    assert set(parts(got)) == {"left", "joined", "price"}
    assert parts(got)["price"] == pytest.approx(2 * dearer[stays].mean(), abs=0.01)
    before, now = arpu["arpu"]
    assert got.parts["value"].sum() == pytest.approx(now - before, abs=1e-9)
    assert half_up(got.parts["shown"].sum(), 2) == got.change == half_up(half_up(now, 2) - half_up(before, 2), 2)


# ----------------------------------------------------------------------------------------------------------- intervals


def company(random: np.random.Generator, size: int) -> list[dict]:
    """Customers of whom some join, leave, pay more or take a product, by chance."""
    lines = []
    for i in range(size):
        fee, luck = 20 + 20 * random.random(), random.random()
        start, end = ("2025-08-15", None) if luck < 0.15 else ("2024-01-01", "2025-11-10" if luck > 0.85 else None)
        first = held(f"c{i}", monthly_fee=round(fee, 2), start_date=start)
        if random.random() < 0.4 and end is None:
            lines += [{**first, "end_date": "2025-10-01"}]
            lines += [held(f"c{i}", monthly_fee=round(fee + 3, 2), start_date="2025-10-01")]
        else:
            lines += [{**first, "end_date": end}]
        if random.random() < 0.3 and end is None:
            lines += [held(f"c{i}", product="tv", monthly_fee=8, start_date="2025-11-01")]
    return lines


def test_the_interval_of_the_whole_change_is_that_of_a_difference_of_two_ratios(of) -> None:
    """The pulls of all parts add up to that of the change: revenue less months · ARPU, by all months."""
    lives = {"a": (20, 20, 3, 3), "b": (50, 53, 3, 3), "c": (90, 90, 3, 0), "d": (0, 10, 0, 3), "e": (40, 40, 3, 1)}
    lines = []
    for one, (before, now, _, there) in lives.items():
        lines += [held(one, monthly_fee=before, end_date="2025-10-01")] if before else []
        end = {0: "2025-10-01", 1: "2025-11-01", 3: None}[there]
        lines += [held(one, monthly_fee=now, start_date="2025-10-01", end_date=end)] if there else []
    got, arpu = of(lines)
    (a0, a1), (m0, m1) = arpu["arpu"], arpu["customer_months"]
    pulls = [(now * n - n * a1) / m1 - (before * b - b * a0) / m0 for before, now, b, n in lives.values()]
    error = np.sqrt(np.sum(np.square(pulls)) * 5 / 4)
    assert (got.low, got.high) == pytest.approx((a1 - a0 - 1.959964 * error, a1 - a0 + 1.959964 * error))


def test_intervals_of_the_parts_are_as_wide_as_the_parts_scatter(one_engine) -> None:
    random = np.random.default_rng(2)
    drawn = [bridge(one_engine, company(random, 100))[0] for _ in range(40)]
    named = [one.parts.set_index("part") for one in drawn]
    values = pd.DataFrame([one["value"] for one in named])
    reach = pd.DataFrame([one["high"] - one["value"] for one in named])
    assert set(values) >= {"left", "joined", "price", "added"}
    for part in ("left", "joined", "price", "added"):
        assert reach[part].mean() / 1.96 == pytest.approx(values[part].std(), rel=0.3), part
    whole = pd.Series([one.now - one.before for one in drawn])
    assert np.mean([(one.high - one.low) / 2 for one in drawn]) / 1.96 == pytest.approx(whole.std(), rel=0.3)
