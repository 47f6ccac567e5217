"""Bills that are not paid: what is owed, how it moves, what will be lost, and whose fees hang on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import months_later
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.observation import Observation
from analysis.frames.open_bills import (
    CURRENT,
    Payments,
    lasting_lines,
    on_the_books,
    open_bills,
    payments,
    worst_bucket,
)
from analysis.measures.ageing import AT_RISK, CELLS, LEFT, LEFT_LONG, ageing, placed, states
from analysis.measures.ratio import Ratio, ratio_of_sums
from analysis.measures.roll_rates import monthly_steps, roll_rates
from analysis.models.expected_loss import (
    WARM_UP,
    Losses,
    cohort_days,
    cohort_sums,
    expected_loss,
    loss_rates,
    owed_by_cell,
    rated,
)

Rows = nw.LazyFrame[Any]
Tables = Mapping[str, Rows]
Estimate = tuple[float, float, float]

HERE = tuple(cell for cell in CELLS if cell not in (LEFT, LEFT_LONG))
STEPS = 12  # months over which moves are averaged
YEAR = 12
MOST_WITHOUT = 0.1  # of the money owed: with no share for more of it, the sum is not told


class Bills(NamedTuple):
    """What everything rests on: the lines that were open at some month's end, who was there when, and since when."""

    lines: Rows
    spells: Rows
    told: Payments
    begins: dt.date
    as_of: dt.date


class Back(NamedTuple):
    """What was expected a year ago of what was owed then, and what of it is still not paid.

    `ratio` is what came ÷ what was expected; its interval holds the luck of who pays, and what was unknown of rates.
    """

    day: dt.date
    expected: Estimate
    came: float
    ratio: Ratio
    unpaid: int  # customers who have still not paid


class Loss(NamedTuple):
    """What is expected never to be paid: in `parts` (the table of `ageing` with rates), in all, and of who is here."""

    parts: pd.DataFrame
    whole: Estimate
    here: Estimate
    months: int | None  # after which an open bill counts as never paid
    losses: Losses | None
    without: float  # money owed of which nothing is told


def credit_bills(tables: Tables, spells: Rows, observation: Observation, *, engine: Engine) -> Bills | None:
    """The bills to look at; None where the source has no invoices, or does not say who pays."""
    if "invoices" not in tables:
        return None
    told = payments(tables["invoices"], observation.as_of)
    if not told.told or told.first is None:
        return None
    begins = max(told.first, observation.covered_from("invoices"))
    kept = engine.table(lasting_lines(tables["invoices"]))
    return Bills(kept, _followed(tables, spells, observation), told, begins, observation.as_of)


def _followed(tables: Tables, spells: Rows, observation: Observation) -> Rows:
    """Spells; where nothing tells who left, everybody is still there."""
    if observation.leaving_told_by != "nothing":
        return spells
    ids = tables["customers"].select("customer_id").unique()
    return ids.with_columns(start=nw.lit(dt.date(1900, 1, 1)), end=nw.lit(None).cast(nw.Date))


def open_now(bills: Bills, *, engine: Engine) -> Rows:
    """The bills open on the as-of date: table of `placed`."""
    found = open_bills(bills.lines, [bills.as_of], first=bills.told.first)
    return engine.table(placed(found, on_the_books(bills.spells, bills.as_of)))


def losses_told(bills: Bills, day: dt.date) -> tuple[Losses, int] | None:
    """Shares never paid as they were known on a day, and after how many months; None with too little history."""
    cohorts = cohort_days(day, bills.begins)
    if cohorts is None:
        return None
    days, months = cohorts
    books = nw.concat([on_the_books(bills.spells, one) for one in days])
    until = [months_later(one, months) for one in days]
    found = placed(open_bills(bills.lines, days, first=bills.told.first, until=until), books)
    return loss_rates(cohort_sums(found)), months


def loss_now(bills: Bills, now: Rows, *, smallest: int) -> Loss:
    """What is owed by part, and what is expected never to be paid of it."""
    parts, known = ageing(now, smallest=smallest), losses_told(bills, bills.as_of)
    blank = dict.fromkeys(("rate", "rate_low", "rate_high", "loss", "loss_low", "loss_high"), float("nan"))
    nothing = (float("nan"),) * 3
    if known is None:
        return Loss(parts.assign(**blank), nothing, nothing, None, None, 0.0)
    losses, months = known
    owed = owed_by_cell(now)
    rows = losses.table.set_index("cell")
    told = parts.assign(**blank).astype({"part": object})
    for place, part in enumerate(parts["part"]):
        if part in rows.index and rows.at[part, "customers"] >= smallest and not parts["masked"].iloc[place]:
            told.loc[place, ["rate", "rate_low", "rate_high"]] = rows.loc[part, ["rate", "low", "high"]].to_numpy()
            told.loc[place, ["loss", "loss_low", "loss_high"]] = expected_loss(owed, losses, [part])
    without = sum(amount for cell, amount in owed.items() if cell not in losses.rates)
    if without > MOST_WITHOUT * sum(owed.values()):
        return Loss(told, nothing, nothing, months, losses, without)
    return Loss(told, expected_loss(owed, losses), expected_loss(owed, losses, HERE), months, losses, without)


def looked_back(bills: Bills, months: int | None) -> Back | None:
    """What was expected so many months ago, with what was known then, against what came; None without history."""
    if months is None:
        return None
    day = months_later(bills.as_of, -months)
    known = losses_told(bills, day)
    if known is None or known[1] != months:
        return None
    found = open_bills(bills.lines, [day], first=bills.told.first, until=[bills.as_of])
    then = placed(found, on_the_books(bills.spells, day))
    rows = rated(then.filter(nw.col("cell").is_in(list(known[0].rates)) & (nw.col("owed") > 0)), known[0].rates)
    came = to_pandas(rows.select(came=nw.col("unpaid").sum()))["came"].astype(float).fillna(0.0).iloc[0]
    ratio = ratio_of_sums(rows.select("customer_id", top="unpaid", bottom="expected"))
    expected = expected_loss(owed_by_cell(then), known[0])
    return Back(day, expected, float(came), _widened(ratio, expected), _customers(rows.filter(nw.col("unpaid") > 0)))


def _customers(rows: Rows) -> int:
    return int(to_pandas(rows.select("customer_id").unique().select(n=nw.len()))["n"].iloc[0])


def _widened(ratio: Ratio, expected: Estimate) -> Ratio:
    """The ratio with an interval that holds, beside the luck of who pays, what was not known of the expectation."""
    reach = (expected[2] - expected[1]) / 2 / expected[0] * ratio.value if expected[0] > 0 else float("nan")
    ends = ((ratio.high - ratio.low) ** 2 / 4 + reach**2) ** 0.5
    return ratio._replace(low=max(ratio.value - ends, 0.0), high=ratio.value + ends)


def moves(bills: Bills, *, smallest: int, engine: Engine) -> tuple[pd.DataFrame, int]:
    """The table of `roll_rates` over the last year, and over how many steps; no rows with too little history."""
    ends = [months_later(bills.as_of, -back) for back in range(STEPS, -1, -1)]
    days = [end for end in ends if end >= months_later(bills.begins, WARM_UP)]
    if len(days) < 2:
        return pd.DataFrame(columns=["state", "next", "rate"]), 0
    worst = engine.table(worst_bucket(open_bills(bills.lines, days, first=bills.told.first)))
    steps = engine.table(monthly_steps(bills.spells, worst, days))
    return roll_rates(steps, smallest=smallest), len(days) - 1


def never_paid(invoices: Rows, bills: Bills, months: int | None) -> tuple[Ratio, int] | None:
    """The share of what was billed in a year that was not paid for so many months after it, and by how many customers.

    None without history.
    """
    if months is None:
        return None
    last = months_later(bills.as_of, -months)
    first = max(months_later(last, -YEAR), bills.begins - dt.timedelta(days=1))
    issued = nw.coalesce(nw.col("issued_on"), nw.col("month"))
    gross = nw.col("amount") + nw.coalesce(nw.col("tax"), nw.lit(0))
    kept = invoices.filter((issued > first) & (issued <= last))
    still = nw.col("paid_date").is_null() | (nw.col("paid_date") > bills.as_of)
    found = ratio_of_sums(kept.select("customer_id", top=nw.when(still).then(gross).otherwise(0), bottom=gross))
    return (found, _customers(kept.filter(still))) if found.value == found.value else None


def payer_states(bills: Bills, now: Rows, customers: Rows, losses: Losses | None) -> Rows:
    """Active customers with how they pay.

    Returns
    -------
    The rows of `customers` with `state` (current, or the bill longest overdue), `owed` (money, credits subtracted) and
    `expected_loss` (money; missing where nothing is told of losses).
    """
    rates = losses.rates if losses else {}
    sums = {"owed": nw.col("owed").sum(), "expected_loss": nw.col("expected").sum()}
    own = rated(now, rates).group_by("customer_id").agg(**sums)
    books = customers.with_columns(day=nw.lit(bills.as_of))
    found = states(books, worst_bucket(now)).join(own, on="customer_id", how="left").drop("day")
    zero = nw.lit(0).cast(nw.Decimal(38, 4))
    filled = {name: nw.coalesce(nw.col(name), zero) for name in sums}
    return found.with_columns(**filled if losses else filled | {"expected_loss": nw.lit(None).cast(nw.Float64)})


def at_risk(customers: Rows) -> tuple[int, float]:
    """Customers more than 60 days overdue, and what they are due a month: fees less running discounts."""
    late = customers.filter(nw.col("state").is_in(list(AT_RISK)))
    if "monthly_fee" not in customers.collect_schema().names():
        return int(to_pandas(late.select(n=nw.len()))["n"].iloc[0]), float("nan")
    fee = nw.col("monthly_fee") - nw.coalesce(nw.col("discount"), nw.lit(0))
    row = to_pandas(late.select(n=nw.len(), fee=fee.sum())).astype("float64").iloc[0]
    return int(row["n"]), float(row["fee"])


def overdue_then(bills: Bills, day: dt.date) -> tuple[int, int] | None:
    """As `overdue_customers` at the end of an earlier month, of everybody on the books then; None with too little
    history. Who was suspended is on record of today only.
    """
    if day < months_later(bills.begins, WARM_UP):
        return None
    worst = worst_bucket(open_bills(bills.lines, [day], first=bills.told.first))
    return overdue_customers(states(on_the_books(bills.spells, day), worst))


def overdue_customers(customers: Rows) -> tuple[int, int]:
    """Active customers with a bill past its due date, and all active customers."""
    row = to_pandas(customers.select(late=(nw.col("state") != CURRENT).cast(nw.Int64).sum(), all=nw.len())).fillna(0)
    return int(row["late"].iloc[0]), int(row["all"].iloc[0])
