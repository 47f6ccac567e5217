"""What of a control chart may be published: nothing of a class whose rate is masked, and no small group of the past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from analysis.measures.class_quarters import EVERYONE
from analysis.measures.control import KEYS, Control
from analysis.measures.disclosure import masked


def publishable(found: Control, *, rates: pd.DataFrame, base: pd.DataFrame) -> Control:
    """The judgement without classes whose rate of the quarter is masked, and without the whole base where that is.

    Parameters
    ----------
    rates : the churn side of a table of classes, with `masked` as to the quarter's rate.
    base : the published movement of the base, one row per quarter, with `churn_rate_masked`.
    """
    shown = list(rates.loc[~rates["masked"], KEYS].itertuples(index=False, name=None))
    if not base.empty and not base["churn_rate_masked"].iloc[-1]:
        shown.append((EVERYONE, EVERYONE))
    return replace(found, judged=_only(found.judged, shown), history=_only(found.history, shown))


def pictured(found: Control, counts: pd.DataFrame, *, base: pd.DataFrame, most: int, smallest: int) -> pd.DataFrame:
    """Rates and limits of the whole base and of the classes signalled, the rarest first, for a picture.

    A past rate is missing where customers, leavers or stayers were 1 to `smallest` - 1, or would give such a group
    away.

    Parameters
    ----------
    found : what may be published of the judgement; `counts` is the table of `class_quarters` it was made from.
    base : the published movement of the base.
    most : classes that the picture has room for.

    Returns
    -------
    Rows of the history, one per class and quarter, class by class, with `signal`: True in the judged quarter of a class
    that is signalled.
    """
    chosen = pd.concat([found.base, found.signals.head(most)])[[*KEYS, "side"]].assign(
        place=lambda rows: range(len(rows))
    )
    hidden = pd.concat([_told_nowhere(base), *_small(found, counts, smallest=smallest)], ignore_index=True)
    rows = chosen.merge(found.history, on=KEYS).merge(hidden, on=[*KEYS, "quarter"], how="left")
    last = rows["quarter"] == found.quarters[-1] if len(rows) else pd.Series(dtype=bool)
    past = rows["masked"].eq(other=True) & ~last
    told = rows.assign(churn_rate=rows["churn_rate"].mask(past), signal=last & (rows["side"] != ""))
    return told.sort_values(["place", "quarter"], ignore_index=True).drop(columns=["masked", "side"])


def _only(rows: pd.DataFrame, keys: list[tuple[str, str]]) -> pd.DataFrame:
    kept = pd.MultiIndex.from_frame(rows[KEYS]).isin(pd.MultiIndex.from_tuples(keys, names=KEYS)) if keys else []
    return rows[kept].reset_index(drop=True) if keys else rows.iloc[0:0]


def _told_nowhere(base: pd.DataFrame) -> pd.DataFrame:
    """Which quarters' rates of the whole base are masked."""
    return base[["quarter"]].assign(dimension=EVERYONE, masked=base["churn_rate"].isna(), **{"class": EVERYONE})


def _small(found: Control, counts: pd.DataFrame, *, smallest: int) -> Iterator[pd.DataFrame]:
    """Which rates of past quarters are masked, in the dimensions of classes that are signalled."""
    rows = counts[counts["dimension"].isin(found.signals["dimension"])]
    for _, one in rows.groupby(["dimension", "quarter"]):
        with_stayers = one.assign(stayers=one["customers"] - one["leavers"])
        groups = ["customers", "leavers", "stayers"]
        told = masked(with_stayers, by=["class"], count=groups, values=[], minimum=smallest)
        yield told[[*KEYS, "quarter", "masked"]]
