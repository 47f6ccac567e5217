"""What is owed, by how long it has been due, and by whom: customers of today or those who have left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.basis.rounding import half_up
from analysis.extracts.engine import to_pandas
from analysis.frames.open_bills import CREDIT, CURRENT, NO_DUE_DATE, NOT_DUE, NOT_ON_RECORD, OVERDUE
from analysis.measures.concentration import TOLERANCE
from analysis.measures.disclosure import masked, withheld
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
    `masked`: few owe it, one owes so much of it that the sum would tell how much, or it would give such a part away.
    """
    sums = {"customers": nw.col("customer_id").n_unique(), "owed": nw.col("owed").sum()}
    found = to_pandas(bills.group_by("part").agg(**sums)).set_index("part")
    parts = [part for part in PARTS if part in found.index]
    table = found.loc[parts].astype({"customers": "int64", "owed": "float64"}).reset_index()
    told = masked(table, by=["part"], count="customers", values=["owed"], minimum=smallest)
    dominated = table["part"].isin(one_tells(bills)).to_numpy()
    if not dominated.any():
        return told
    counts = table[["customers"]].to_numpy("float64")
    first = told["masked"].to_numpy("bool") | dominated
    hidden = withheld(np.ones((1, len(table))), counts, hidden=first, minimum=smallest)
    return table.assign(**{name: table[name].mask(hidden) for name in ("customers", "owed")}, masked=hidden)


def one_tells(bills: Rows) -> list[str]:
    """The parts whose sum tells the second largest debtor too exactly what the largest owes.

    The p-per-cent rule (Hundepool et al., 2012): what all others owe is less than 15 % of the largest. Credits count
    by their size.
    """
    each = bills.group_by("part", "customer_id").agg(owed=nw.col("owed").sum())
    each = each.with_columns(owed=nw.when(nw.col("owed") < 0).then(-nw.col("owed")).otherwise(nw.col("owed")))
    known = each.join(each.group_by("part").agg(most=nw.col("owed").max()), on="part", how="inner")
    first = nw.col("owed") == nw.col("most")
    sums = {
        "whole": nw.col("owed").sum(),
        "most": nw.col("owed").max(),
        "ties": first.cast(nw.Int64).sum(),
        "next": nw.when(~first).then(nw.col("owed")).max(),
    }
    rows = to_pandas(known.group_by("part").agg(**sums).sort("part"))
    rows = rows.astype(dict.fromkeys(sums, "float64")).fillna({"next": 0.0})
    second = rows["next"].where(rows["ties"] < 2, rows["most"])
    return rows.loc[rows["whole"] - rows["most"] - second < TOLERANCE * rows["most"], "part"].tolist()


class Owed(NamedTuple):
    """All that is not paid: `amount`, what of it is `overdue`, and owed by who has `left` (money, to the cent).

    Beside it how many customers owe it: `owing`, `late` (with a bill past its due date), `gone` (who have left); and
    whether each sum may be told: not where it, or what it leaves of the total or of hidden parts, tells of few.
    """

    amount: float
    overdue: float
    left: float
    owing: int
    late: int
    gone: int
    told: bool = True
    overdue_told: bool = True
    left_told: bool = True
    loss_told: bool = True  # of who has left and who is here, apart; a loss is told of `CELLS` alone


def owed_in_all(bills: Rows, *, hidden: Sequence[str] = (), smallest: int = 11) -> Owed:
    """What is owed in all; in whole units of the currency where parts are hidden.

    Parameters
    ----------
    bills : table of `placed`, of one day.
    hidden : parts that `ageing` hides.
    """
    late, gone = nw.col("bucket").is_in(list(OVERDUE)), nw.col("whose") == LEFT
    sums = {"owed": nw.col("owed").sum(), "customers": nw.col("customer_id").n_unique()}
    parts = [bills, bills.filter(late), bills.filter(gone)]
    rows = [to_pandas(part.select(**sums)).astype("float64").fillna(0.0).iloc[0] for part in parts]
    amounts = [half_up(float(row["owed"]), 0) if hidden else float(row["owed"]) for row in rows]
    owing, behind, left = (int(row["customers"]) for row in rows)
    told = _safe(bills, smallest)
    split = {"late": (late, [*hidden, LEFT]), "gone": (gone, list(hidden))}
    safe = {name: told and _split_safe(bills, *one, smallest) for name, one in split.items()}
    apart = not 0 < owing - behind < smallest
    sure = {"told": told, "overdue_told": safe["late"] and apart, "left_told": safe["gone"]}
    sure["loss_told"] = told and _split_safe(bills.filter(~nw.col("cell").is_null()), gone, list(hidden), smallest)
    return Owed(amounts[0], amounts[1], amounts[2], owing, behind, left, **sure)


def _split_safe(bills: Rows, inside: nw.Expr, open_parts: list[str], smallest: int) -> bool:
    """Whether a sum may be told beside the total: it, the rest, and what both leave of parts that are not told."""
    left = nw.col("part").is_in(open_parts)
    return all(_safe(bills.filter(rows), smallest) for rows in (inside, ~inside, inside & left, ~inside & left))


def _safe(bills: Rows, smallest: int) -> bool:
    """Whether the sum of bills tells of nobody: none owe it, or enough do, and none of them most of it."""
    customers = int(to_pandas(bills.select(n=nw.col("customer_id").n_unique()))["n"].fillna(0).iloc[0])
    return not 0 < customers < smallest and not one_tells(bills.with_columns(part=nw.lit("all")))


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
