"""What is owed, by how long it has been due, and by whom: customers of today or those who have left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.open_bills import CREDIT, CURRENT, NO_DUE_DATE, NOT_DUE, NOT_ON_RECORD, OVERDUE
from analysis.measures.disclosure import masked
from analysis.measures.interval import share_interval

Rows = nw.LazyFrame[Any]

HERE, LEFT, LEFT_LONG = "here", "left", "left, over 90"
CELLS = (NOT_DUE, *OVERDUE, LEFT, LEFT_LONG)  # what differs in how much of it is paid in the end
PARTS = (*CELLS, NO_DUE_DATE, NOT_ON_RECORD, CREDIT)
AT_RISK = OVERDUE[2:]  # more than 60 days past due


def placed(bills: Rows, books: Rows) -> Rows:
    """The bills with `whose` (here or left, on their day), `part` (one of `PARTS`), and `cell`, which is the part where
    it is one of `CELLS`, else missing.

    Parameters
    ----------
    bills : table of `open_bills`.
    books : customers on the books: `customer_id`, `day`.
    """
    here = books.select("customer_id", "day", whose=nw.lit(HERE))
    known = bills.join(here, on=["customer_id", "day"], how="left")
    known = known.with_columns(whose=nw.coalesce(nw.col("whose"), nw.lit(LEFT)))
    gone = nw.when(nw.col("bucket") == OVERDUE[-1]).then(nw.lit(LEFT_LONG)).otherwise(nw.lit(LEFT))
    cell = nw.when(nw.col("whose") == LEFT).then(gone).otherwise(nw.col("bucket"))
    known = known.with_columns(cell=nw.when(nw.col("bucket").is_in([NOT_DUE, *OVERDUE])).then(cell))
    return known.with_columns(part=nw.coalesce(nw.col("cell"), nw.col("bucket")))


def ageing(bills: Rows, *, smallest: int) -> pd.DataFrame:
    """What is owed by part; the parts sum to all that is not paid, to the cent.

    Parameters
    ----------
    bills : table of `placed`, of one day.

    Returns
    -------
    Table, one row per part with a bill, in the order of `PARTS`: `part`, `customers`, `owed` (money, tax included),
    `masked`.
    """
    sums = {"customers": nw.col("customer_id").n_unique(), "owed": nw.col("owed").sum()}
    found = to_pandas(bills.group_by("part").agg(**sums)).set_index("part")
    parts = [part for part in PARTS if part in found.index]
    table = found.loc[parts].astype({"customers": "int64", "owed": "float64"}).reset_index()
    return masked(table, by=["part"], count="customers", values=["owed"], minimum=smallest)


class Owed(NamedTuple):
    """All that is not paid: `amount`, what of it is `overdue`, and owed by who has `left` (money, to the cent).

    Beside it how many customers owe it: `owing`, `late` (with a bill past its due date), `gone` (who have left).
    """

    amount: float
    overdue: float
    left: float
    owing: int
    late: int
    gone: int


def owed_in_all(bills: Rows) -> Owed:
    """What is owed in all; `bills` is a table of `placed`, of one day."""
    parts = (~nw.col("owed").is_null(), nw.col("bucket").is_in(list(OVERDUE)), nw.col("whose") == LEFT)
    sums = {"owed": nw.col("owed").sum(), "customers": nw.col("customer_id").n_unique()}
    rows = [to_pandas(bills.filter(part).select(**sums)).astype("float64").fillna(0.0).iloc[0] for part in parts]
    amount, overdue, left = (float(row["owed"]) for row in rows)
    owing, late, gone = (int(row["customers"]) for row in rows)
    return Owed(amount, overdue, left, owing, late, gone)


def states(books: Rows, worst: Rows) -> Rows:
    """Customers on the books with their `state` of a day: the bill longest overdue, or `current`."""
    joined = books.join(worst, on=["customer_id", "day"], how="left")
    return joined.with_columns(state=nw.coalesce(nw.col("state"), nw.lit(CURRENT)))


def overdue_by_class(
    customers: Rows, dimensions: Mapping[str, str], *, smallest: int, order: Mapping[str, list[str]] | None = None
) -> pd.DataFrame:
    """The share of customers with a bill past its due date, class by class.

    Parameters
    ----------
    customers : table, one row per active customer: `state`, and the columns that `dimensions` name, with their labels.
    order : classes of a column in the order shown; others come first by size.

    Returns
    -------
    Table, one row per dimension and class with customers: `label`, `class`, `customers`, `share`, `low`, `high` (95 %,
    Wilson), `masked`.
    """
    parts = []
    for column, label in dimensions.items():
        late = (nw.col("state") != CURRENT).cast(nw.Int64).sum()
        rows = to_pandas(customers.group_by(column).agg(customers=nw.len(), late=late)).rename(
            columns={column: "class"}
        )
        rows = rows[rows["class"].notna()].astype({"customers": "int64", "late": "int64"}).assign(label=label)
        places = {name: place for place, name in enumerate((order or {}).get(column, []))}
        rows = rows.assign(place=rows["class"].map(places).fillna(-1))
        parts.append(rows.sort_values(["place", "customers", "class"], ascending=[True, False, True]))
    table = (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["label", "class", "customers", "late"])
    )
    return _published(table, smallest)


def _published(table: pd.DataFrame, smallest: int) -> pd.DataFrame:
    counted = table.astype({"customers": "float64", "late": "float64"})
    low, high = share_interval(counted["late"], counted["customers"])
    share = counted["late"] / counted["customers"]
    found = counted.assign(share=share, low=low, high=high, paying=counted["customers"] - counted["late"])
    parts = [
        masked(
            part, by=["class"], count=["customers", "late", "paying"], values=["share", "low", "high"], minimum=smallest
        )
        for _, part in found.groupby("label", sort=False)
    ]
    columns = ["label", "class", "customers", "share", "low", "high", "masked"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else found.assign(masked=False)[columns]
