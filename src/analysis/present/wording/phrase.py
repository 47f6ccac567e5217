"""Pieces that sentences share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import pandas as pd

from analysis.basis.rounding import half_up
from analysis.measures.interval import clearly_different
from analysis.present import numbers
from analysis.present.numbers import count, finite, percent


class Words(TypedDict):
    """What stands around a chart: the finding as its title, measure, unit and period, and the alternative text."""

    finding: str
    subtitle: str
    alt: str


class Captions(TypedDict):
    """What stands above a table."""

    finding: str
    subtitle: str


def listed(parts: Sequence[str]) -> str:
    """The parts as a list in a sentence: "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def counted(number: float, one: str, many: str) -> str:
    """The number with its noun: "1 customer", "2 customers"."""
    return f"{count(number)} {one if number == 1 else many}"


def tens(number: float) -> str:
    """A number to the nearest ten: of a count that grows from report to report, the difference would tell of a few."""
    return count(half_up(number, -1))


def capital(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def inside(label: str) -> str:
    """A label within a sentence: in small letters, but for words of capitals like RFM."""
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in label.split(" "))


def at_least_few(number: float, one: str, many: str, *, smallest: int) -> str:
    """As `counted`, but a group too small to be told is "fewer than 11 customers"."""
    return f"fewer than {smallest} {many}" if 0 < number < smallest else counted(number, one, many)


def moved(now: float | None, n: float, before: float | None, n_before: float) -> str:
    """How a share of `n` customers moved: "up from 4.1 % the quarter before"; empty without an earlier value.

    A difference that chance explains is told as none.
    """
    new, old = finite(now), finite(before)
    if new is None or old is None:
        return ""
    if percent(new) == percent(old):
        return "as in the quarter before"
    if not clearly_different(new, n, old, n_before):
        return f"not clearly different from {percent(old)} the quarter before"
    return f"{'up' if new > old else 'down'} from {percent(old)} the quarter before"


def churn_moved(base: pd.DataFrame) -> str:
    """How the churn rate of the last quarter moved; `base` has `churn_rate`, `opening` and `joiners` per quarter."""
    if len(base) < 2:
        return ""
    exposed = base["opening"] + base["joiners"]
    rate = base["churn_rate"]
    return moved(rate.iloc[-1], exposed.iloc[-1], rate.iloc[-2], exposed.iloc[-2])


def whole_or_part(share: float, places: int = 1) -> str:
    """A share in per cent that is printed as none or all only when it is: "< 0.01 %", "> 99.99 %"."""
    least = 10.0 ** -(places + 2)
    if 0 < share < 1 and percent(share, places) == percent(0, places):
        return f"<{numbers.NO_BREAK}{percent(least, places)}"
    if 0 < share < 1 and percent(share, places) == percent(1, places):
        return f">{numbers.NO_BREAK}{percent(1 - least, places)}"
    return percent(share, places)


def most_or_largest(groups: pd.Series) -> str:
    """How to begin on the largest group: "Most of", where it is more than half of all; else "The largest group of".

    Parameters
    ----------
    groups : numbers per group; missing where masked: no such group is larger than the smallest of the others.
    """
    known = groups.dropna().astype("float64")
    known = known[known > 0]
    most = known.sum() + groups.isna().sum() * (known.min() if len(known) else 0)
    return "Most of" if len(known) and 2 * known.max() > most else "The largest group of"


def cut_at(rows: pd.DataFrame, most: int) -> bool:
    """Whether a dimension of `rows` has more than `most` classes, so that not all of them are shown."""
    return bool((rows.groupby("dimension")["class"].count() > most).any())


def extremes(rows: pd.DataFrame, value: str) -> tuple[pd.Series, pd.Series] | None:
    """The rows with the highest and the lowest value; None when fewer than two have one."""
    known = rows.dropna(subset=[value])
    if len(known) < 2:
        return None
    ordered = known.sort_values(value, kind="stable")
    return ordered.iloc[-1], ordered.iloc[0]
