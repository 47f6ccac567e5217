"""The largest accounts: what they bring together, and how much of that may be told."""

from __future__ import annotations

from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.measures.concentration import EXACT, TOLERANCE, index_interval
from analysis.measures.interval import standard_normal_quantile

Rows = nw.LazyFrame[Any]
Floats = npt.NDArray[np.float64]

MULTIPLES = (1, 2, 5, 10)  # of the smallest group that may be told: how many of the largest accounts are summed
BANDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # edges of the bands in which the share of one account is told
NONE = float("nan")


class Largest(NamedTuple):
    """What the largest accounts bring.

    `tops`: table, one row per number of accounts, `accounts`, `share`, `share_low`, `share_high` (95 %), `masked`; an
    interval holds the sum of squares, and is missing where that would tell how much the largest brings.
    `quarters`: table, one row per period, `period`, `accounts`, `hhi`, `hhi_low`, `hhi_high`, `hhi_error`, `masked`:
    hidden where they would tell how much the largest brings. `listed`: the accounts themselves, for whoever has to
    look after them. `first` is the share of the largest, never to be shown as it is.
    """

    tops: pd.DataFrame
    quarters: pd.DataFrame
    listed: pd.DataFrame
    first: float
    accounts: int
    whole: float


def account_sums(rows: Rows) -> Rows:
    """What each account brought by period: `period`, `account`, `amount`; those with nothing, or less, are left out."""
    sums = rows.group_by("period", "account").agg(amount=nw.col("amount").cast(EXACT).sum().cast(EXACT))
    return sums.filter(nw.col("amount") > 0)


def largest(year: Rows, quarters: Rows, *, smallest: int) -> Largest:
    """The largest accounts of a year, and how the revenue is spread over accounts quarter by quarter.

    Parameters
    ----------
    year, quarters : tables of `account_sums`; that of the year has one period.
    """
    amount = nw.col("amount").cast(nw.Float64)
    moments = {"whole": nw.col("amount").sum(), "squares": (amount * amount).round(4).cast(EXACT).sum(), "n": nw.len()}
    found = to_pandas(year.select(**moments)).astype("float64").fillna(0.0).iloc[0]
    most = MULTIPLES[-1] * smallest
    listed = to_pandas(
        year.sort(["amount", "account"], descending=[True, False]).head(most).select("account", "amount")
    )
    amounts = listed["amount"].to_numpy("float64")
    whole = float(found["whole"])
    counts = [step * smallest for step in MULTIPLES if step * smallest < found["n"]]
    tops = [_top(amounts, count, found, told=count >= most) for count in counts]
    table = pd.DataFrame(tops, columns=["accounts", "share", "share_low", "share_high", "masked"])
    first = float(amounts[0] / whole) if len(amounts) else NONE
    return Largest(table, _indices(quarters), listed.assign(share=amounts / whole), first, int(found["n"]), whole)


def _top(amounts: Floats, count: int, found: pd.Series, *, told: bool) -> tuple[int, float, float, float, bool]:
    own, whole = amounts[:count], float(found["whole"])
    share = float(own.sum() / whole)
    squares = float((own**2).sum())
    spread = squares * (1 - share) ** 2 + share**2 * max(float(found["squares"]) - squares, 0.0)
    reach = standard_normal_quantile(0.95) * spread**0.5 / whole
    if tells_the_first(own):
        return count, NONE, NONE, NONE, True
    if not told or squares_tell_the_first(amounts, float(found["squares"])):
        return count, share, NONE, NONE, False
    return count, share, max(share - reach, 0.0), min(share + reach, 1.0), False


def tells_the_first(amounts: Floats) -> bool:
    """Whether the sum of amounts in falling order tells the first too exactly to whoever brings the second.

    The p-per-cent rule (Hundepool et al., 2012): what is left after the two largest is less than 15 % of the first.
    """
    return bool(len(amounts) and amounts[2:].sum() < TOLERANCE * amounts[0])


def squares_tell_the_first(amounts: Floats, squares: float) -> bool:
    """Whether the sum of squares of all amounts, of which the first are given in falling order, tells the first too
    exactly to whoever brings the second.
    """
    rest = max(squares - float((amounts[1:2] ** 2).sum()), 0.0)
    return bool(len(amounts) and rest**0.5 < (1 + TOLERANCE) * amounts[0])


def _indices(quarters: Rows) -> pd.DataFrame:
    """Herfindahl's index over accounts by period; the error is that of drawing accounts (linearised)."""
    sums = quarters.group_by("period").agg(
        whole=nw.col("amount").sum().cast(nw.Float64), n=nw.len(), most=nw.col("amount").max()
    )
    known = quarters.join(sums, on="period", how="inner")
    # Amounts as multiples of their mean, and to six places: a sum of floats would differ from run to run.
    known = known.with_columns(y=nw.col("amount").cast(nw.Float64) * nw.col("n") / nw.col("whole"))
    known = known.with_columns(y2=nw.col("y") ** 2, y3=nw.col("y") ** 3, y4=nw.col("y") ** 4)
    powers = {name: nw.col(name).round(6).cast(nw.Decimal(38, 6)).sum() for name in ("y2", "y3", "y4")}
    first = nw.col("amount") == nw.col("most")
    two = {
        "top0": nw.col("y").max(),
        "top1": nw.when(~first).then(nw.col("y")).max(),
        "ties": first.cast(nw.Int64).sum(),
    }
    rows = to_pandas(known.group_by("period").agg(accounts=nw.len(), **powers, **two).sort("period"))
    found = [_index(one) for one in rows.astype(dict.fromkeys((*powers, *two), "float64")).to_dict("records")]
    table = pd.DataFrame(found, columns=["period", "accounts", "hhi", "hhi_error", "masked"])
    low, high = index_interval(table["hhi"], table["hhi_error"])
    table = table.assign(hhi_low=low, hhi_high=high)
    return table.assign(**{name: table[name].mask(table["masked"]) for name in ("hhi", "hhi_low", "hhi_high")})


def _index(one: dict[Any, Any]) -> tuple[Any, int, float, float, bool]:
    """The index of one period, from powers of the amounts in multiples of their mean, and the two largest of them."""
    n, y2, y3, y4 = float(one["accounts"]), one["y2"], one["y3"], one["y4"]
    hhi = y2 / n**2
    # What each account adds to the index sums to minus the index: its mean is taken off.
    squares = max((y4 - 4 * hhi * n * y3 + 4 * hhi**2 * n**2 * y2) / n**4 - hhi**2 / n, 0.0)
    first = one["top0"] / n
    second = first if one["ties"] > 1 else one["top1"] / n if n > 1 else 0.0
    told = max(hhi - second**2, 0.0) ** 0.5 < (1 + TOLERANCE) * first
    return one["period"], int(n), hhi, (squares * n / (n - 1)) ** 0.5 if n > 1 else NONE, told
