"""Sentences about the quarter ahead, and about what came of the last quarter's forecast."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.models.quarter_ahead import Told
from analysis.present.numbers import Number, count, finite, interval, money, percent, quarter
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, listed

NAMES = {
    "base": "Customers at the end",
    "joiners": "Joiners",
    "leavers": "Leavers",
    "churn_rate": "Churn rate",
    "customer_months": "Customer-months",
    "arpu": "ARPU, a month",
    "revenue": "Revenue",
}
NOT_YET = "The quarter ahead cannot be foretold: no forecast says how long customers will stay."


def bottom_line(ahead: pd.DataFrame, *, now: Quarter, currency: str) -> str:
    """What the next quarter is expected to bring."""
    if ahead.empty:
        return NOT_YET
    told = ahead.set_index("metric")
    written = _written(currency)
    base, churn, revenue = (_figure(told.loc[name], written[name]) for name in ("base", "churn_rate", "revenue"))
    money_told = f", revenue of {revenue}" if finite(told.at["revenue", "low"]) is not None else ""
    return f"Expected of {quarter(now.next)}: {base} customers at its end, a churn rate of {churn}{money_told}."


def _written(currency: str) -> dict[str, Callable[[Number], str]]:
    whole = partial(money, currency=currency, places=0)
    counts: dict[str, Callable[[Number], str]] = dict.fromkeys(("base", "joiners", "leavers", "customer_months"), count)
    return counts | {"churn_rate": percent, "arpu": partial(money, currency=currency), "revenue": whole}


def _figure(row: pd.Series, written: Callable[[Number], str]) -> str:
    between = interval(row["low"], row["high"], written)
    return f"{written(row['value'])}{'' if between == MISSING else f' ({between})'}"


def secret(base: pd.DataFrame) -> frozenset[str]:
    """Figures of the last quarter that so few customers stand behind that they are not told.

    `base` is the table of `measures.base.published`.
    """
    columns = {"joiners": "joiners", "leavers": "leavers", "churn_rate": "churn_rate", "base": "closing"}
    last = base.iloc[-1] if len(base) else pd.Series(dtype=object)
    return frozenset(name for name, column in columns.items() if len(base) and last[f"{column}_masked"])


def rows(told: Told, *, currency: str, hidden: frozenset[str]) -> pd.DataFrame:
    """Both quarters side by side: `name`, `next`, `next_between`, `said`, `said_between`, `came`, `inside`.

    What came is missing of the figures in `hidden`.
    """
    written, found = _written(currency), []
    nothing = pd.Series({"value": float("nan"), "low": float("nan"), "high": float("nan")})
    for name, label in NAMES.items():
        coming, said = (
            table.set_index("metric").loc[name] if len(table) else nothing for table in (told.coming, told.before)
        )
        real = told.came.get(name, float("nan")) if name not in hidden else float("nan")
        show = written[name]
        found.append(
            {
                "name": label,
                "next": show(coming["value"]),
                "next_between": interval(coming["low"], coming["high"], show),
                "said": show(said["value"]),
                "said_between": interval(said["low"], said["high"], show),
                "came": show(real),
                "inside": _inside(real, said),
            }
        )
    return pd.DataFrame(found)


def _inside(real: float, said: pd.Series) -> str:
    if finite(real) is None or finite(said["low"]) is None:
        return MISSING
    return "yes" if said["low"] <= real <= said["high"] else "no"


def words(table: pd.DataFrame, *, now: Quarter) -> Captions:
    """Above the table of both quarters."""
    judged = table[table["inside"] != MISSING]
    subtitle = (
        f"{quarter(now.next)} as expected now, {quarter(now)} as expected a quarter ago and as it came; 80 % intervals"
    )
    if judged.empty:
        return {"finding": f"What {quarter(now.next)} is expected to bring", "subtitle": subtitle}
    missed = [str(name).split(",")[0] for name in judged.loc[judged["inside"] == "no", "name"]]
    if not missed:
        return {"finding": f"{quarter(now)} came as foretold, within the intervals", "subtitle": subtitle}
    return {"finding": f"{quarter(now)} came otherwise than foretold in {_small(missed)}", "subtitle": subtitle}


def _small(names: list[str]) -> str:
    return listed([name if name.isupper() else name[:1].lower() + name[1:] for name in names])


def how(coming: pd.DataFrame, *, stored: bool, known: bool) -> str:
    """How the forecast is made, and which one the last quarter is held against."""
    told = (
        "Leavers of the base are those of the churn model; joiners and ARPU follow their own past quarters: level, "
        "season and luck, weighed against one another. One-off charges and credits on the bills are expected as in "
        "past quarters. Of new campaigns nothing is expected."
    )
    money_rows = coming[coming["metric"] == "arpu"]
    if (
        len(money_rows)
        and finite(money_rows["value"].iloc[0]) is not None
        and finite(money_rows["low"].iloc[0]) is None
    ):
        told += " Too few quarters tell how far ARPU moves: it and revenue have no interval."
    if not known:
        return f"{told} What was foretold of the quarter that has just ended is not known."
    which = (
        "It is held against what the report of the quarter before printed."
        if stored
        else "What would have been foretold a quarter ago is computed anew from what was known then."
    )
    return f"{told} {which}"
