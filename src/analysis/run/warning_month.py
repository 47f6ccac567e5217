"""What the warnings of a month are chosen within, as the params of a run say."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from analysis.measures.risk_figures import EARNS
from analysis.policy.capacity import money_left, time_left
from analysis.policy.warnings import Month
from analysis.run.store import Run


def warning_month(run: Run, handed: pd.DataFrame, *, as_of: dt.date) -> Month:
    """The limits of the month after a day; `handed` is every order handed out up to then, the action list among them.

    The lot that holds customers out is that of the quarter's end, so that the same ones are left alone all quarter.
    """
    frame, keys = run.action_frame, run.params.warnings
    time = time_left(frame.teams, handed, as_of=as_of)
    money = money_left(keys.budget, handed, as_of=as_of)
    return Month(as_of, run.as_of, frame.holdout, frame.teams, time, money, keys.check.policy())


def earning_signs(run: Run) -> dict[str, str]:
    """The warning signs that have earned their place by the quarter's end: sign → what it is called."""
    told = run.frame("signs")
    earning = set(told.loc[told["verdict"] == EARNS, "rule"])
    return {name: rule.label for name, rule in run.risk_rules.items() if name in earning}
