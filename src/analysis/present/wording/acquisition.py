"""Sentences about winning customers: what it costs, what they bring, and when it is paid back."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pandas as pd

from analysis.basis.quarter import months_later
from analysis.frames.observation import Observation
from analysis.measures.acquisition import UNTOLD, YEAR
from analysis.measures.channels import Acquisition
from analysis.present.numbers import count, day, decimal, finite, interval, money, months, percent, quarter, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, capital, extremes, listed

ALL = "All channels"
ALONG = "Calendar months since joining, that of joining counted"
NO_COST = "What it costs to win a customer cannot be told: the source gives no acquisition cost"
ALL_FREE = "What it costs to win a customer cannot be told: every acquisition cost on record is zero, which tells none"
NOBODY = "What it costs to win a customer cannot be told: nobody joined for the first time since observation began"
A_WHILE = 3  # months followed from which it says something that the cost is still out
FEWEST = 6  # months that the picture shows, as far as customers are followed


def bottom_line(found: Acquisition, *, currency: str) -> str:
    """What winning a customer costs, how many times that one brings, and when it is paid back."""
    why = _why(found)
    if why:
        return f"{why}."
    whole = _whole(found.channels)
    if whole is None:
        return "What it costs to win a customer is not told: too few joined in the last four quarters."
    told = f"Winning a customer costs {money(whole['cost'], currency)}"
    if finite(whole["ratio"]) is not None:
        between = spread(whole["ratio_low"], whole["ratio_high"], decimal)
        known = "" if between == MISSING else f" ({between})"
        told += f", and one brings {decimal(whole['ratio'])} times that{known}"
    paid = _whole(found.paid)
    return f"{told}.{'' if paid is None else f' {_paid_sentence(paid)}.'}"


def _why(found: Acquisition) -> str:
    if finite(found.told) is None:
        return NOBODY
    if found.free:
        return ALL_FREE
    return "" if found.told > 0 else NO_COST


def _whole(table: pd.DataFrame) -> pd.Series | None:
    """The row of all channels together; None where it is masked, or there is none."""
    rows = table[table["channel"].isna() & ~table["masked"].astype(bool)]
    return rows.iloc[0] if len(rows) else None


def _paid_sentence(row: pd.Series) -> str:
    if finite(row["months"]) is None:
        return f"It is {_not_yet(row['followed'])}, those who left counted"
    return f"It is paid back after {months(row['months'], 0)}, those who left counted"


def _not_yet(followed: float) -> str:
    """That what winning customers cost is still out; of a few months that is no news."""
    if followed >= A_WHILE:
        return f"not paid back after {months(followed, 0)}"
    return f"not paid back yet, as only {months(followed, 0)} could be followed"


def channel_name(channel: Any) -> str:
    """A channel as a table names it."""
    return ALL if pd.isna(channel) else "Channel not told" if channel == UNTOLD else capital(str(channel))


def channel_rows(found: Acquisition) -> pd.DataFrame:
    """The channels as table and picture name them: `name` added; one row where no channel is told."""
    rows = found.channels.assign(name=[channel_name(channel) for channel in found.channels["channel"]])
    return rows[rows["channel"].isna()] if set(rows["channel"].dropna()) <= {UNTOLD} else rows


def ratio_rows(found: Acquisition) -> pd.DataFrame:
    """The rows of the picture: the channels alone, the one that brings most for its cost first."""
    rows = channel_rows(found)
    return rows[rows["channel"].notna()].sort_values("ratio", ascending=False, kind="stable", ignore_index=True)


def ratio_of_all(found: Acquisition) -> float | None:
    """The ratio of all channels together, where it is known."""
    whole = _whole(found.channels)
    return None if whole is None else finite(whole["ratio"])


def ratio_words(found: Acquisition, *, horizon: int) -> Words:
    """Around the picture of what a customer won brings by what winning one costs, by channel."""
    subtitle = (
        f"Margin received so far and expected in the next {months(horizon, 0)} of customers won in the last four "
        "quarters ÷ their acquisition cost, with the 95 % interval"
    )
    rows = ratio_rows(found)
    known = rows.dropna(subset=["ratio"])
    if known.empty:
        finding = "Which channel brings most for its cost cannot be told" + (
            "" if _why(found) or len(rows) else ": the source gives no channel"
        )
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    ends = extremes(known, "ratio")
    finding = "No channel clearly brings more for its cost than another"
    if ends is not None and ends[0]["ratio_low"] > ends[1]["ratio_high"]:
        best, least = ends
        finding = (
            f"A customer won by {_by(best)} brings {decimal(best['ratio'])} times what winning one costs, "
            f"by {_by(least)} {decimal(least['ratio'])} times"
        )
    told = listed([f"{row['name']} {decimal(row['ratio'])}" for row in known.to_dict("records")])
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {told}."}


def _by(row: pd.Series) -> str:
    return "a channel not told" if row["channel"] == UNTOLD else f"“{row['channel']}”"


def first_day(seen: Observation) -> dt.date:
    """The first day of the last four quarters, as far as they were observed."""
    return max(seen.begins, months_later(seen.as_of, -YEAR) + dt.timedelta(days=1))


def channel_words(found: Acquisition, *, since: dt.date, smallest: int) -> Captions:
    """Above the table of the channels."""
    rows = channel_rows(found)
    if rows.empty:
        return {"finding": _why(found) or "No customer was won lately", "subtitle": "Customers won"}
    subtitle = f"Customers who joined for the first time since {day(since)} and whose cost is known; leavers too"
    if rows["masked"].any():
        subtitle += f"; channels masked to protect groups of fewer than {count(smallest)}"
    known = rows[rows["channel"].notna()].dropna(subset=["cost"])
    ends = extremes(known, "cost")
    finding = "What winning a customer costs and brings"
    if ends is not None:
        finding += f": “{ends[0]['channel']}” costs most, “{ends[1]['channel']}” least"
    return {"finding": finding, "subtitle": subtitle}


def what_it_counts(found: Acquisition, *, gross_margin: float, invoiced: bool) -> list[str]:
    """What the ratio and the months to payback count, and what they do not.

    `invoiced` says whether the source gives invoices; else fees stand for what was billed.
    """
    if _why(found):
        return ["There is no ratio: what it costs to win a customer is not known."]
    charged = "what was billed," if invoiced else "the fees of the products held, as the source gives no invoices,"
    told = [
        (
            "What a customer won brings is the margin received so far and that expected of who is still there; who "
            "left counts with what was received. Further sales are not in it, nor is what comes after the months "
            "looked ahead. These begin today: with the months received they reach further than the value of a "
            "newcomer, which looks ahead from the first day."
        ),
        (
            f"Margin received: {charged} at a gross margin of {percent(gross_margin)} (that of the products "
            "held now, all together), less the cost to serve and of contacts with the service desk."
        ),
        (
            "Only customers who joined since observation began are counted: of those who joined earlier the first "
            "months are not on record, and who left before is not seen. Who came back was not won again."
        ),
    ]
    if found.told < 1:
        told.append(f"Of {percent(1 - found.told)} of the customers won the cost is not known; they are left out.")
    names = set(found.channels["channel"].dropna())
    if names == {UNTOLD}:
        told.append("The source gives no acquisition channel: all customers won are told together.")
    return told


def course_rows(found: Acquisition) -> pd.DataFrame:
    """The courses as the picture draws them: up to twice the longest time to payback, the dearest channel first."""
    rows = found.courses
    slowest = found.paid["months"].max()
    last = found.horizon if pd.isna(slowest) else min(found.horizon, max(2 * int(slowest), FEWEST))
    shown = rows[rows["month"] <= last]
    return shown.assign(name=[channel_name(channel) for channel in shown["channel"]])


def course_words(found: Acquisition) -> Words:
    """Around the picture of the way to payback."""
    subtitle = (
        "Margin received of all customers won, leavers counted, less the cost of winning them, per customer; "
        "95 % intervals"
    )
    rows = found.paid[found.paid["channel"].notna() & ~found.paid["masked"].astype(bool)]
    if rows.empty:
        finding = "When winning customers is paid back cannot be told by channel"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    late = rows[rows["months"].isna()]
    ends = extremes(rows, "months")
    if len(late):
        names = listed([f"“{channel}”" for channel in late["channel"]])
        finding = f"{capital(_not_yet(found.horizon))}: {names}"
    elif ends is None or ends[0]["months"] == ends[1]["months"]:
        every = "Every channel" if len(rows) > 1 else f"“{capital(str(rows['channel'].iloc[0]))}”"
        shown = " shown" if len(rows) > 1 and found.paid["masked"].any() else ""
        finding = f"{every}{shown} is paid back after {months(rows['months'].iloc[0], 0)}"
    else:
        finding = (
            f"“{capital(str(ends[1]['channel']))}” is paid back after {months(ends[1]['months'], 0)}, "
            f"“{ends[0]['channel']}” after {months(ends[0]['months'], 0)}"
        )
    told = listed([f"{channel_name(row.channel)}: {_paid(row.months, row.followed)}" for row in rows.itertuples()])
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {told}."}


def payback_rows(found: Acquisition) -> pd.DataFrame:
    """Channels, then quarters of joining: `by`, `name`, `paid`, `interval` and the figures of `payback`."""
    alone = found.paid["channel"].notna()
    ordered = found.paid[alone].sort_values(["months", "cost"], kind="stable")
    paid = pd.concat([found.paid[~alone], ordered]) if alone.any() else found.paid
    channels = paid.assign(by="Channel", name=[channel_name(channel) for channel in paid["channel"]])
    if set(found.paid["channel"].dropna()) <= {UNTOLD}:
        channels = channels[channels["channel"].isna()]
    cohorts = found.cohorts.assign(by="Joined in", name=[quarter(cohort) for cohort in found.cohorts["cohort"]])
    rows = pd.concat([part for part in (channels, cohorts) if len(part)] or [channels], ignore_index=True)
    return rows.assign(
        paid=[_paid(row.months, row.followed) for row in rows.itertuples()],
        interval=[_between(row.months_low, row.months_high, row.followed) for row in rows.itertuples()],
    )


def _paid(reached: Any, followed: Any) -> str:
    return f"not within {count(followed)}" if finite(reached) is None else months(reached, 0)


def _between(low: Any, high: Any, followed: Any) -> str:
    """The months between which the crossing lies; open above where it may lie beyond those followed."""
    if finite(low) is None:
        return f"over {count(followed)}"
    if finite(high) is None:
        return f"{count(low)} or more"
    return interval(low, high, partial(months, places=0)) if low != high else months(low, 0)


def payback_words(found: Acquisition) -> Captions:
    """Above the table of months to payback."""
    if found.paid.empty:
        finding = _why(found) or "No month is billed in which customers could be followed"
        return {"finding": finding, "subtitle": "Months until winning a customer is paid back"}
    subtitle = (
        f"Channels: customers won early enough to be followed for {months(found.horizon, 0)}; quarters: as long as all "
        "who joined in them were. Months are calendar months, that of joining counted"
    )
    whole = _whole(found.paid)
    finding = "Months until winning a customer is paid back" if whole is None else _paid_sentence(whole)
    return {"finding": finding.replace("It is", "Winning a customer is"), "subtitle": subtitle}
