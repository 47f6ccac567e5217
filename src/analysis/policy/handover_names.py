"""A name for every customer that a CRM demands, and ways to reach it that the list is made for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.policy.handover_text import mails, neutralised, phones, plain_text, unfit_ids

Rows = nw.LazyFrame[Any]

PERSON, ACCOUNT, COMPANY = "last_name", "account_name", "company"
NAMES = {  # what is asked for → where it is looked for, in turn
    PERSON: (PERSON, ACCOUNT, COMPANY),
    ACCOUNT: (COMPANY, ACCOUNT, PERSON),
    COMPANY: (COMPANY, ACCOUNT, PERSON),
}
WAYS = {"email": "email", "phone": "phone", "sms": "phone", "post": "address"}  # channel → what it takes
REACHED_BY = {"fields": (), "service": ("phone", "email"), "marketing": ("phone", "email", "address")}
REACHED_BY |= {"orders": REACHED_BY["marketing"]}
UNFIT, UNREACHED = "an id that cannot be written unchanged", "nothing on file to reach them by the channel"
HOUSEHOLD = "household"


class Named(NamedTuple):
    """`rows` of customers to hand over, cleaned; `counts` of what was done to them, by a word for it."""

    rows: pd.DataFrame
    counts: dict[str, int]
    left_out: dict[str, int]


def first_identity(identities: Rows) -> Rows:
    """One row of `identities` per customer, that of the account held now before one it replaced.

    Parameters
    ----------
    identities : the population's: `customer_id` (the key held now), `account_id` (that of the row), names, ways.
    """
    own = nw.when(nw.col("account_id") == nw.col("customer_id")).then(nw.lit(0)).otherwise(nw.lit(1))
    ranked = identities.with_columns(own=own).with_row_index("__n", order_by=["customer_id", "own", "account_id"])
    first = ranked.group_by("customer_id").agg(__n=nw.col("__n").min())
    wanted = ["customer_id", *NAMES, "phone", "email", "address"]
    return ranked.join(first, on=["customer_id", "__n"], how="inner").select(wanted)


def named(rows: pd.DataFrame, kind: str, *, unnamed: str | None, swap: dict[str, str]) -> Named:
    """Rows of a list with clean texts, the three names filled, and only the ways that the list may use.

    Parameters
    ----------
    rows : `source_id`, `customer_type`, the columns of `identities` (missing where nothing is known), the list's own.
    unnamed : what stands before the id in place of a name nobody knows; None leaves such a name missing.
    swap : character that the CRM forbids → what stands for it.
    """
    unfit = unfit_ids(rows["source_id"], forbidden="".join(swap))
    rows = rows[~unfit].reset_index(drop=True)
    for name in ("phone", "email", "address", *NAMES):
        rows = rows if name in rows else rows.assign(**{name: pd.Series(pd.NA, rows.index, dtype="string")})
    told = {"phone": rows["phone"].notna().sum(), "email": rows["email"].notna().sum()}
    raw = {name: plain_text(rows[name], swap=swap) for name in NAMES}
    ways = {
        "phone": phones(rows["phone"]),
        "email": mails(rows["email"]),
        "address": plain_text(rows["address"], swap=swap),
    }  # fmt: skip
    unusable = sum(int(told[name] - ways[name].notna().sum()) for name in told)
    nameless = pd.concat(raw.values(), axis=1).isna().all(axis=1)
    filled = {name: _first([raw[other] for other in turn]) for name, turn in NAMES.items()}
    if unnamed is not None:
        stand_in = plain_text(unnamed + " " + rows["source_id"].astype("string"))
        filled = {name: one.fillna(stand_in) for name, one in filled.items()}
    rows = rows.assign(**filled, **ways, name=_shown_name(rows["customer_type"], filled))
    changed = sum(neutralised(rows[name]) for name in (*NAMES, "address"))
    rows, unreached = _reached(rows, kind)
    counts = {"without a name on file": int(nameless.sum()), "phones and e-mail addresses that are none": unusable}
    counts["texts with an apostrophe against being run as a formula"] = changed
    return Named(rows, counts, {UNFIT: int(unfit.sum()), UNREACHED: unreached})


def _reached(rows: pd.DataFrame, kind: str) -> tuple[pd.DataFrame, int]:
    """Rows with the ways that their list may use, and how many are left out since marketing cannot reach them."""
    if kind not in ("marketing", "orders"):
        gone = [way for way in ("phone", "email", "address") if way not in REACHED_BY[kind]]
        return rows.drop(columns=gone), 0
    needed = rows["channel"].map(WAYS)
    kept = rows.assign(**{way: rows[way].where(needed == way) for way in ("phone", "email", "address")})
    if kind == "orders":  # a check of an account contacts nobody, and an order stays one without a number on file
        return kept, 0
    there = needed.isna() | kept[["phone", "email", "address"]].notna().any(axis=1)
    return kept[there].reset_index(drop=True), int((~there).sum())


def _shown_name(types: pd.Series, filled: dict[str, pd.Series]) -> pd.Series:
    person = types.isna() | (types == HOUSEHOLD)
    return filled[PERSON].where(person, filled[ACCOUNT])


def _first(values: Sequence[pd.Series]) -> pd.Series:
    found = values[0]
    for other in values[1:]:
        found = found.fillna(other)
    return found
