"""Sentences about what goes with being a promoter or a detractor."""

from __future__ import annotations

import pandas as pd

from analysis.present.numbers import decimal, finite, interval
from analysis.present.wording.drivers import step_words
from analysis.present.wording.phrase import capital

MOST = 3  # reasons that are named of each side
SIDES = {"detractors": "detractors", "promoters": "promoters"}


def share_reasons(shares: pd.DataFrame, *, currency: str) -> list[str]:
    """What clearly goes with more detractors and with more promoters, a sentence each; with fewer where nothing does.

    Parameters
    ----------
    shares : stage table `answer_shares`, one row per driver: changes of both shares by a step, with intervals.
    """
    if shares.empty:
        return ["What goes with being a promoter or a detractor is not told: too few answers."]
    return [_side(shares, name, currency) for name in SIDES]


def _side(shares: pd.DataFrame, name: str, currency: str) -> str:
    clear = {1: shares[shares[f"{name}_low"] > 0], -1: shares[shares[f"{name}_high"] < 0]}
    told = []
    for sign, words in ((1, "more"), (-1, "fewer")):
        rows = clear[sign].sort_values([name, "driver"], ascending=[sign < 0, True]).head(MOST)
        if len(rows):
            named = "; ".join(_reason(row, name, currency) for row in rows.to_dict("records"))
            told.append(f"{words} {SIDES[name]} go with {named}")
    if not told:
        return f"Nothing that customers met clearly goes with more or fewer {SIDES[name]}."
    return ". ".join(capital(one) for one in told) + "."


def _reason(row: dict[object, object], name: str, currency: str) -> str:
    value, *ends = (abs(finite(row[f"{name}{end}"]) or 0.0) * 100 for end in ("", "_low", "_high"))
    between = interval(min(ends), max(ends), decimal)
    return f"{step_words(str(row['driver']), currency)} ({decimal(value)} percentage points; {between})"
