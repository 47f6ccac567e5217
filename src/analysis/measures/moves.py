"""Everybody's class at the quarter's start and at its end, and what they paid before and after."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from analysis.basis.quarter import Quarter
from analysis.frames.fees import EXACT
from analysis.measures.class_rules import NOT_AVAILABLE, SUFFIX, ClassRules, telling
from analysis.measures.moves_masked import BEFORE, LEFT

Rows = nw.LazyFrame[Any]

FROM, TO = "_from", "_to"
NUMBERS = (("spell", 0), ("joined", 0), ("event", 1), ("followed", 0))  # of who had left before
WHO = ("customer_id", "spell", "joined", "event", "followed")


def moves(exposed: Rows, customers: Rows, months: Rows, *, rules: ClassRules, quarter: Quarter) -> Rows:
    """The class of everyone on the books in the quarter at its start and at its end, and what was billed.

    Both classes follow the same rules, today's; the earlier one tells only what was known at the quarter's start, and
    shares of the customers (scores, percentiles) are those of the customers of that time.

    Parameters
    ----------
    exposed : table of `frames.episodes.exposures` with class columns: as at the previous quarter's end, or on joining.
    customers : table, one row per customer, with class columns as at the quarter's end.
    months : table of `frames.months.months`.

    Returns
    -------
    Table, one row per spell, and one per customer (spell 0) who was billed in either quarter and had left before:
    `customer_id`, `spell`, `joined`, `event` (1 when it began, ended in the quarter), `followed` (1 when it began
    before the quarter before, so that both are billed for the same time), `before`, `after` (billed for the
    months of the quarter before and of this one, exact; of a customer with several spells, before is in the first and
    after in the last), and `<dimension>_from` and `<dimension>_to` of
    every dimension that is told: classes, "left" for who
    left in the quarter, "left before" for who had left.
    """
    told = telling(rules)
    followed = (nw.col("spell_start") <= quarter.previous.first_day).cast(nw.Int64)
    there = exposed.with_columns(followed=followed).select(
        *WHO, *(nw.col(name + SUFFIX).alias(name + FROM) for name in told)
    )
    now = customers.select("customer_id", "spell", *(nw.col(name + SUFFIX).alias(name + TO) for name in told))
    both = there.join(now, on=["customer_id", "spell"], how="left")
    # From customers to spells, so that the bills are read once, also of those who had left before.
    seen = _money(exposed, months, quarter).join(both, on="customer_id", how="left")
    gone, spell = nw.col("spell").is_null(), nw.col("spell")
    money = {
        "before": nw.when(gone | (spell == nw.col("first"))).then(nw.col("before")),
        "after": nw.when(gone | (spell == nw.col("last"))).then(nw.col("after")),
    }
    sides = {name + FROM: nw.coalesce(nw.col(name + FROM), nw.lit(BEFORE)) for name in told}
    sides |= {name + TO: nw.when(gone).then(nw.lit(BEFORE)).otherwise(_end(name + TO)) for name in told}
    numbers = {name: nw.coalesce(nw.col(name), nw.lit(number)).cast(nw.Int64) for name, number in NUMBERS}
    columns = [*WHO, "before", "after", *(name + side for name in told for side in (FROM, TO))]
    return seen.with_columns(**money, **sides, **numbers).select(columns)


def _money(exposed: Rows, months: Rows, quarter: Quarter) -> Rows:
    """Customers on the books or billed: their first and last spell in the quarter, and what was billed."""
    ends = exposed.group_by("customer_id").agg(first=nw.col("spell").min(), last=nw.col("spell").max())
    joined = ends.join(_billed(months, quarter), on="customer_id", how="full", suffix="_billed")
    key = nw.coalesce(nw.col("customer_id"), nw.col("customer_id_billed"))
    return joined.with_columns(customer_id=key).drop("customer_id_billed")


def _end(column: str) -> nw.Expr:
    there = nw.coalesce(nw.col(column), nw.lit(NOT_AVAILABLE))
    return nw.when(nw.col("event") == 1).then(nw.lit(LEFT)).otherwise(there)


def _billed(months: Rows, quarter: Quarter) -> Rows:
    """Customers with a bill in the quarter or the one before, and both sums."""
    both = months.filter(
        (nw.col("month") >= quarter.previous.first_day)
        & (nw.col("month") <= quarter.last_day)
        & ~nw.col("revenue").is_null()
    )
    later = nw.col("month") >= quarter.first_day
    amount = nw.col("revenue").cast(EXACT)
    return both.group_by("customer_id").agg(
        before=nw.when(~later).then(amount).sum(), after=nw.when(later).then(amount).sum()
    )
