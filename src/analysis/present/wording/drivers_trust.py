"""Sentences about how far the drivers can be trusted: who answers, what is foretold, what was left out."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from analysis.models.drivers.catalogue import DRIVERS
from analysis.models.drivers.design import ABSENT
from analysis.models.drivers.fit_quality import OutOfSample
from analysis.models.drivers.shares import Shares
from analysis.models.drivers.study import Study
from analysis.present import numbers
from analysis.present.numbers import count, decimal, finite, interval, percent
from analysis.present.wording.drivers import BENT, NAMES, STEPS, step_words
from analysis.present.wording.phrase import Captions, capital, counted

MOST_LISTED = 4

HELD = frozenset(one.name for one in DRIVERS if one.held)


def fit_sentence(fit: OutOfSample, what: str) -> str:
    """How much the drivers tell in rows that were not learned from."""
    if finite(fit.share) is None:
        return f"How well the drivers foretell {what} could not be judged."
    between = interval(fit.low, fit.high, lambda end: percent(end, 0))
    if not fit.beats_the_mean:
        return (
            f"The drivers do not foretell {what} better than its mean does, in rows they were not learned from "
            f"({between} of the squared error taken away): read the effects with great care."
        )
    return (
        f"In rows they were not learned from, the drivers take away {percent(fit.share, 0)} of the squared error of "
        f"the mean alone ({between}) of {what}; the rest is what no record tells, and chance."
    )


def response_sentence(table: pd.DataFrame) -> str:
    """Who answers surveys; `table` is one of `measures.response`."""
    if table.empty or table["class"].iloc[0] != "all":
        return "How many answer surveys cannot be told."
    whole, parts = table.iloc[0], table.iloc[1:]
    said = f"{percent(whole['share'], 0)} of the surveys sent were answered ({count(whole['sent'])} sent)"
    if len(parts) > 1:
        most, least = parts.loc[parts["share"].idxmax()], parts.loc[parts["share"].idxmin()]
        if most["low"] > least["high"]:
            said += (
                f", most often by customers {most['class']} ({percent(most['share'], 0)}), least by those "
                f"{least['class']} ({percent(least['share'], 0)})"
            )
    return f"{said}. The effects are those on the answers of who answers; who is silent may feel otherwise."


def share_sentences(shares: Shares, *, currency: str) -> list[str]:
    """What the clearest steps do to promoters and detractors, and whether the model's assumption holds."""
    if shares.verdict:
        return [f"Shares of promoters and detractors: {shares.verdict}"]
    rows = shares.effects
    clear = rows[(rows["promoters_low"] > 0) | (rows["promoters_high"] < 0)]
    order = clear.assign(size=clear["promoters"].abs()).sort_values(["size", "driver"], ascending=[False, True])
    told = [_share(row, currency) for row in order.head(MOST_LISTED).to_dict("records")]
    return [*(told or ["No step clearly moves the share of promoters."]), _proportional(shares.proportional)]


def left_out_rows(*studies: Study) -> pd.DataFrame:
    """What was left out of the regressions and why, the same once: `driver`, `reason`."""
    rows = pd.concat([one.left_out for one in studies], ignore_index=True).drop_duplicates(ignore_index=True)
    # What is only held constant is no driver, nor is a column that says that a number is not known; and what one
    # regression has the source does tell.
    told = {name for one in studies for name in one.effects["driver"]}
    no_driver = rows["driver"].isin(HELD) | rows["driver"].str.endswith(": not known")
    rows = rows[~no_driver & ~(rows["driver"].isin(told) & (rows["reason"] == ABSENT))].reset_index(drop=True)
    reasons = [re.sub("“(.*)”", lambda found: f"“{_left_name(found[1])}”", reason) for reason in rows["reason"]]
    return rows.assign(driver=[_left_name(name) for name in rows["driver"]], reason=reasons)


def left_out_words(rows: pd.DataFrame) -> Captions:
    """Above the table of what was left out."""
    finding = f"{counted(len(rows), 'driver was', 'drivers were')} left out" if len(rows) else "No driver was left out"
    return {"finding": finding, "subtitle": "What the rows cannot tell of, or others tell already"}


def composition(margin: Study) -> str:
    """Why fees and products are no drivers of the margin."""
    if margin.verdict:
        return f"What goes with a higher margin cannot be told. {margin.verdict}"
    return (
        "Fees, discounts, price rises, bandwidth and the products held make the margin: it is a sum of them, at each "
        "product's gross margin, before the cost to serve. A part of a sum does not drive it: they are left out here."
    )


def _share(row: dict[Any, Any], currency: str) -> str:
    up, down = row["promoters"], row["detractors"]
    ends = interval(row["promoters_low"], row["promoters_high"], lambda end: decimal((finite(end) or 0) * 100, 1))
    step = capital(step_words(str(row["driver"]), currency))
    return f"{step}: promoters {_points(up)} ({ends}), detractors {_points(down)}."


def _points(share: float) -> str:
    size = decimal(abs(100 * share), 1)
    return f"{'+' if share > 0 else numbers.MINUS}{size} points"


def _proportional(p: float) -> str:
    if finite(p) is None:
        return "Whether one effect serves both borders, of detractors and of promoters, could not be tested."
    if p < BENT:
        return (
            "The two borders, detractor to passive and passive to promoter, do not move alike: the shares are averages."
        )
    return "The two borders, detractor to passive and passive to promoter, move alike as far as the answers tell."


def _left_name(name: str) -> str:
    driver, _, level = name.partition(": ")
    words = NAMES.get(driver) or capital(STEPS.get(driver, driver.replace("_", " ")).format(ten="Ten"))
    return f"{words}: {level}" if level else words
