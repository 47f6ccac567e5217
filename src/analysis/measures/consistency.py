"""Whether tables agree with each other: bills with the products held, use with products, tenure with dates.

Test and staff lines are left out: nobody bills them.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import DAYS_PER_MONTH, Quarter, months_later
from analysis.extracts.contract import KEPT_OUT
from analysis.extracts.engine import to_pandas
from analysis.frames.held import running_discount
from analysis.frames.observation import Observation
from analysis.frames.spells import ended_with_their_account
from analysis.measures.standing import Edges, Measure, Status, judged

Tables = Mapping[str, nw.LazyFrame[Any]]
EXACT = nw.Decimal(38, 4)
TOLERANCE, PENNIES = 0.01, 0.05  # of what was due, and in money: what rounding explains
FAR = 2  # times what fee and tenure make, or a half of it
NEAR_DAYS = 7  # between signup and the first product's start
FEWEST_EXCHANGED, CHANCE = 5, 4  # customers; standard deviations
SETTLED_MONTHS = 3  # of tenure, below which first bills and activation hide what is usual


def agreement(
    tables: Tables, quarter: Quarter, observation: Observation, *, kinds: bool, edges: Edges
) -> list[Measure]:
    """Every check across tables that the source's tables allow; `kinds`: whether bill lines say what they are for."""
    known = dict(tables) | {name: real(tables[name], tables) for name in JUDGED & set(tables)}
    if "subscriptions" in known and observation.leaving_told_by == "accounts":
        known["subscriptions"] = ended_with_their_account(known["subscriptions"], known["customers"])
    found = _undated(known["customers"], observation, edges)
    if "subscriptions" in known:
        found += _bills(known, quarter, observation, kinds=kinds, edges=edges)
        found += [*_dates(known, edges), *_exchanged(known, edges)]
        if "usage" in known:
            used = without_product(known["usage"], known["subscriptions"], quarter, back=0)
            found.append(_share(("usage", "", "consistency", "used_without_product"), *used, edges))
    return found


JUDGED = {"subscriptions", "invoices", "usage"}


def real(rows: nw.LazyFrame[Any], tables: Tables) -> nw.LazyFrame[Any]:
    """Rows of customers who are neither test nor staff lines."""
    out = tables["customers"].filter(nw.col("status").is_in(list(KEPT_OUT))).select("customer_id")
    return rows.join(out, on="customer_id", how="anti")


def billed_and_due(tables: Tables, months: Collection[dt.date], *, kinds: bool) -> nw.LazyFrame[Any]:
    """What customers were billed for whole months, and what their products cost in them.

    Returns
    -------
    Table, one row per customer and month in which every product was held from the first day to the last on unchanged
    terms: `customer_id`, `month`, `due` (fees less discounts that run on the first day), `billed` (recurring lines).
    """
    lines = tables["invoices"].filter(nw.col("month").is_in(list(months)))
    if kinds:
        lines = lines.filter(nw.coalesce(nw.col("kind"), nw.lit("recurring")) == "recurring")
    nothing = nw.lit(0).cast(EXACT)
    billed = lines.select("customer_id", "month", billed=nw.col("amount").cast(EXACT), due=nothing, part=nw.lit(0))
    due = [_due(tables["subscriptions"], month) for month in months]
    sums = (nw.col(name).sum() for name in ("due", "billed"))
    both = nw.concat([billed, *due]).group_by("customer_id", "month").agg(*sums, nw.col("part").max())
    return both.filter((nw.col("part") == 0) & (nw.col("due") > 0)).select("customer_id", "month", "due", "billed")


def without_product(
    rows: nw.LazyFrame[Any], subscriptions: nw.LazyFrame[Any], quarter: Quarter, *, back: int
) -> tuple[int, int]:
    """Rows of the quarter's months whose customer held nothing in the month, nor in `back` months before; and all."""
    held = [
        _overlapping(subscriptions, months_later(month - dt.timedelta(days=1), -back) + dt.timedelta(days=1), month)
        for month in quarter.months
    ]
    mine = rows.filter(nw.col("month").is_in(list(quarter.months))).select("customer_id", "month")
    bare = mine.join(nw.concat(held).unique(), on=["customer_id", "month"], how="anti")
    return _count(bare), _count(mine)


def far_totals(tables: Tables, observation: Observation) -> tuple[int, int]:
    """Customers whose bills add up to more than twice, or less than half, of monthly fee × tenure; and all compared.

    Compared: who holds a product on the as-of date and has done so for three months since bills begin; tenure is
    counted from then.
    """
    first = max(bills_begin(tables, observation), observation.begins)
    lines, day = tables["subscriptions"], observation.as_of
    starts = lines.group_by("customer_id").agg(since=nw.col("start_date").min())
    held = lines.filter(nw.col("end_date").is_null() & (nw.col("start_date") <= day))
    fee = (nw.col("monthly_fee") - running_discount(nw.lit(day))).cast(nw.Float64)
    fees = held.with_columns(fee=fee).group_by("customer_id").agg(fee=nw.col("fee").sum().round(4))
    recent = tables["invoices"].filter(nw.col("month") >= first)
    totals = recent.group_by("customer_id").agg(total=nw.col("amount").cast(EXACT).sum().cast(nw.Float64))
    since = nw.max_horizontal(nw.col("since"), nw.lit(first))
    months = (nw.lit(day) - since).cast(nw.Int64) / DAYS_PER_MONTH
    both = fees.join(starts, on="customer_id").join(totals, on="customer_id").with_columns(months=months)
    compared = both.filter((nw.col("months") >= SETTLED_MONTHS) & (nw.col("fee") > 0))
    expected = nw.col("fee") * nw.col("months")
    far = (nw.col("total") > FAR * expected) | (nw.col("total") * FAR < expected)
    counts = to_pandas(compared.select(far=far.cast(nw.Int64).sum(), n=nw.len())).fillna(0).iloc[0]
    return int(counts["far"]), int(counts["n"])


def bills_begin(tables: Tables, observation: Observation) -> dt.date:
    """The first month with bills, or the day they are covered from where that is later or no bill has a month."""
    covered = observation.covered_from("invoices")
    first = to_pandas(tables["invoices"].select(month=nw.col("month").min()))["month"].iloc[0]
    return covered if pd.isna(first) else max(covered, pd.Timestamp(first).date())


def _bills(tables: Tables, quarter: Quarter, observation: Observation, *, kinds: bool, edges: Edges) -> list[Measure]:
    if "invoices" not in tables:
        return []
    far, compared = far_totals(tables, observation)
    found = [_share(("invoices", "amount", "consistency", "total"), far, compared, edges)]
    covered = max(bills_begin(tables, observation), observation.covered_from("subscriptions"))
    if not kinds or covered > quarter.first_day:
        return found
    now, before = (_agreed(tables, one, covered) for one in (quarter, quarter.previous))
    odd, cases, ratio = now
    share = 1 - before[0] / before[1] if before[1] else math.nan
    found.append(_share(("invoices", "amount", "consistency", "billed_as_due"), odd, cases, edges, previous=share))
    off = Measure(
        "invoices", "amount", "consistency", "billed_of_due", ratio, judged(abs(ratio - 1), edges), cases,
        1 - edges[0], before[2],
    )  # fmt: skip
    recurring = tables["invoices"].filter((nw.col("kind") == "recurring") & (nw.col("amount") > 0))
    bare = without_product(recurring, tables["subscriptions"], quarter, back=1)
    return [*found, off, _share(("invoices", "", "consistency", "billed_without_product"), *bare, edges)]


def _agreed(tables: Tables, quarter: Quarter, covered: dt.date) -> tuple[int, int, float]:
    """Customers' months billed otherwise than due, all compared, and everything billed ÷ everything due."""
    if covered > quarter.first_day:
        return 0, 0, math.nan
    both = billed_and_due(tables, quarter.months, kinds=True)
    due, billed = (nw.col(name).cast(nw.Float64) for name in ("due", "billed"))
    odd = (billed - due).abs().round(4) > nw.max_horizontal(due * TOLERANCE, nw.lit(PENNIES)).round(4)
    sums = both.select(odd=odd.cast(nw.Int64).sum(), n=nw.len(), due=nw.col("due").sum(), billed=nw.col("billed").sum())
    got = to_pandas(sums).fillna(0).iloc[0]
    return int(got["odd"]), int(got["n"]), float(got["billed"] / got["due"]) if got["due"] else math.nan


def _dates(tables: Tables, edges: Edges) -> list[Measure]:
    """Tenure against dates: a first product before signup; an account closed while a product is held."""
    lives = (
        tables["subscriptions"]
        .group_by("customer_id")
        .agg(since=nw.col("start_date").min(), held=nw.col("end_date").is_null().cast(nw.Int64).max())
    )
    both = tables["customers"].join(lives, on="customer_id")
    early = nw.coalesce(nw.col("since") < nw.col("signup_date"), nw.lit(False)).cast(nw.Int64)
    closed = ~nw.col("churn_date").is_null()
    still = (closed & (nw.col("held") == 1)).cast(nw.Int64)
    counts = both.select(
        early=early.sum(), signed=nw.col("signup_date").count(), still=still.sum(), closed=nw.col("churn_date").count()
    )
    got = to_pandas(counts).fillna(0).astype(int).iloc[0]
    signed = ("customers", "signup_date", "consistency", "product_before_signup")
    left = ("customers", "churn_date", "consistency", "product_after_leaving")
    pairs = [(signed, got["early"], got["signed"]), (left, got["still"], got["closed"])]
    return [_share(named, odd, cases, edges) for named, odd, cases in pairs if cases]


def _exchanged(tables: Tables, edges: Edges) -> list[Measure]:
    """Signups that lie near the start of the first product once day and month change places, more than chance makes.

    Any count beyond chance is to be watched: who else was misread cannot be seen, where both days are twelve or less.
    """
    signed = tables["customers"].filter(~nw.col("signup_date").is_null()).select("customer_id", "signup_date")
    starts = tables["subscriptions"].group_by("customer_id").agg(since=nw.col("start_date").min())
    both = signed.join(starts, on="customer_id").group_by("signup_date", "since").agg(customers=nw.len())
    pairs = to_pandas(both)
    cases = int(pairs["customers"].sum())
    if not cases:
        return []
    open_cases, fits = would_fit(pairs)
    chance = open_cases * (2 * NEAR_DAYS + 1) / 365
    struck = fits >= FEWEST_EXCHANGED and fits > chance + CHANCE * math.sqrt(chance)
    share = fits / cases if struck else 0.0
    status: Status = "good" if not struck else "bad" if share >= edges[0] else "watch"
    named = ("customers", "signup_date", "consistency", "days_exchanged")
    return [Measure(*named, 1 - share, status, fits * struck, threshold=1.0, previous=math.nan)]


def would_fit(pairs: pd.DataFrame) -> tuple[int, int]:
    """Customers whose signup is far from their first product and could be read another way; those it then is near.

    `pairs` has `signup_date`, `since` (the first product's start) and `customers`.
    """
    signup, since = pd.to_datetime(pairs["signup_date"]), pd.to_datetime(pairs["since"])
    far = (signup - since).abs() > pd.Timedelta(days=NEAR_DAYS)
    rows = far & (signup.dt.day <= 12) & (signup.dt.day != signup.dt.month)
    parts = {"year": signup[rows].dt.year, "month": signup[rows].dt.day, "day": signup[rows].dt.month}
    near = (pd.to_datetime(pd.DataFrame(parts)) - since[rows]).abs() <= pd.Timedelta(days=NEAR_DAYS)
    customers = pairs.loc[rows, "customers"]
    return int(customers.sum()), int(customers[near].sum())


def _undated(customers: nw.LazyFrame[Any], observation: Observation, edges: Edges) -> list[Measure]:
    """Accounts that are called churned without a day of leaving, where no end of a product tells it."""
    if observation.leaving_told_by == "products":
        return []
    churned = customers.filter(nw.col("status") == "churned")
    bare, cases = _count(churned.filter(nw.col("churn_date").is_null())), _count(churned)
    named = ("customers", "churn_date", "consistency", "churned_without_a_day")
    return [_share(named, bare, cases, edges)] if cases else []


def _due(subscriptions: nw.LazyFrame[Any], month: dt.date) -> nw.LazyFrame[Any]:
    """Fees less discounts of a month, and `part`: 1 where a product, or its discount, began or ended within it."""
    after = months_later(month - dt.timedelta(days=1), 1) + dt.timedelta(days=1)
    open_end = nw.coalesce(nw.col("end_date"), nw.lit(after))
    held = subscriptions.filter((nw.col("start_date") < after) & (open_end > month))
    within = nw.coalesce((nw.col("discount_end_date") > month) & (nw.col("discount_end_date") < after), nw.lit(False))
    part = (nw.col("start_date") > month) | (open_end < after) | within
    due = (nw.col("monthly_fee") - running_discount(nw.lit(month))).cast(EXACT)
    nothing = nw.lit(0).cast(EXACT)
    return held.select("customer_id", month=nw.lit(month), billed=nothing, due=due, part=part.cast(nw.Int32)).select(
        "customer_id", "month", "billed", "due", "part"
    )


def _overlapping(subscriptions: nw.LazyFrame[Any], first: dt.date, month: dt.date) -> nw.LazyFrame[Any]:
    """Who held anything between `first` and the end of `month`: `customer_id`, `month`."""
    after = months_later(month - dt.timedelta(days=1), 1) + dt.timedelta(days=1)
    ended = nw.coalesce(nw.col("end_date") <= first, nw.lit(False))
    held = subscriptions.filter((nw.col("start_date") < after) & ~ended)
    return held.select("customer_id", month=nw.lit(month))


def _share(
    named: tuple[str, str, str, str], odd: int, cases: int, edges: Edges, *, previous: float = math.nan
) -> Measure:
    """The share of cases that agree."""
    apart = odd / cases if cases else math.nan
    return Measure(
        *named, value=1 - apart, status=judged(apart, edges), rows=int(odd), threshold=1 - edges[0], previous=previous
    )


def _count(rows: nw.LazyFrame[Any]) -> int:
    return int(to_pandas(rows.select(n=nw.len()))["n"].iloc[0])
