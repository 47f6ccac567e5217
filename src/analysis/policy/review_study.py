"""Everything the chapter tells of last quarter's actions, from the report of that quarter and from what came since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import Engine
from analysis.policy.actions import ACT, HOLD_OUT
from analysis.policy.open_orders import held_now
from analysis.policy.review import COLUMNS, Review, followed, published, review
from analysis.policy.review_rows import Came, Orders, came_since, orders

Rows = nw.LazyFrame[Any]

NO_REPORT, TOO_EARLY, NO_LIST, NOBODY, NO_LOT = "no report", "too early", "no list", "nobody", "no lot"


class Before(NamedTuple):
    """Of the report of the quarter before: its stage tables `actions` and `customer_value`; None where none is.

    `observed` is whether the source was observed in all of that quarter, so that a report of it can be made.
    """

    quarter: Quarter
    listed: pd.DataFrame | None
    values: pd.DataFrame | None
    observed: bool = True


class Since(NamedTuple):
    """What this run knows of the quarter since: stage table `episodes`, the tables of `population`, the engine, and
    what a customer is worth on average.
    """

    episodes: Rows
    tables: Mapping[str, Rows]
    engine: Engine
    usual: float


class Reviewed(NamedTuple):
    """`lack`: why nothing is told, or nothing. `rows`: table of `review.published`. `approached`, `held`: customers of
    the list by arm; `cost`, `expected`: of those to be approached, as the list said.
    """

    lack: str
    rows: pd.DataFrame
    found: Review | None = None
    came: Came | None = None
    orders: Orders | None = None
    approached: int = 0
    held: int = 0
    cost: float = 0.0
    expected: float = 0.0


def reviewed(before: Before, since: Since, *, policies: Sequence[str], smallest: int) -> Reviewed:
    """What last quarter's actions did; `lack` says why where that cannot be told."""
    nothing = pd.DataFrame(columns=[*COLUMNS, "masked"])
    if before.listed is None:
        return Reviewed(NO_REPORT if before.observed else TOO_EARLY, nothing)
    arms = before.listed["arm"].value_counts()
    if not arms.get(ACT, 0):
        return Reviewed(NO_LIST, nothing)
    acted = before.listed[before.listed["arm"] == ACT]
    size: dict[str, Any] = {"approached": int(arms[ACT]), "held": int(arms.get(HOLD_OUT, 0))}
    size |= {"cost": float(acted["cost"].sum()), "expected": float(acted["expected_benefit"].sum())}
    listed = _today(before.listed, since)
    day = before.quarter.last_day
    came = came_since(since.episodes, day, listed["customer_id"], engine=since.engine)
    done = orders(listed, since.tables, handed=day, engine=since.engine)
    if not size["held"]:
        return Reviewed(NO_LOT, nothing, None, came, done, **size)
    if came.left.empty:
        return Reviewed(NOBODY, nothing, None, came, done, **size)
    values = _valued(before.values, before.listed["customer_id"], since)
    found = review(followed(listed, came.left, values, usual=since.usual), policies)
    return Reviewed("", published(found, smallest=smallest), found, came, done, **size)


class HeldBefore(NamedTuple):
    """Customers whom the lot of the quarter before held out, and those of them who are to be approached now."""

    held: int
    asked: int


def held_before(before: Before, now: pd.DataFrame, since: Since) -> HeldBefore:
    """How many of those held out the quarter before are on a list; nobody where no list of that quarter is known.

    Parameters
    ----------
    now : stage table `actions` of this quarter.
    """
    if before.listed is None:
        return HeldBefore(0, 0)
    held = _today(before.listed[before.listed["arm"] == HOLD_OUT], since)["customer_id"]
    return HeldBefore(len(held), int(held.isin(now.loc[now["arm"] == ACT, "customer_id"]).sum()))


def _today(listed: pd.DataFrame, since: Since) -> pd.DataFrame:
    """The list under the keys that customers hold now, each once."""
    return held_now(listed, since.tables["customers"], since.engine).drop_duplicates("customer_id", ignore_index=True)


def _valued(values: pd.DataFrame | None, listed: pd.Series, since: Since) -> pd.DataFrame:
    """What the listed were worth when they were listed, under the keys they hold now."""
    if values is None or "clv" not in values.columns:
        return pd.DataFrame({"customer_id": pd.Series(dtype=object), "clv": pd.Series(dtype="float64")})
    return _today(values.loc[values["customer_id"].isin(listed), ["customer_id", "clv"]].reset_index(drop=True), since)
