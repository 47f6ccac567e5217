"""What of campaigns may be published: effects of few customers, or of few outcomes, are masked."""

from __future__ import annotations

import pandas as pd

HIDDEN = ["effect", "low", "high", "error", "detectable", "share", "control_share"]


def masked_effects(effects: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The effects with `masked`: those of arms in which too few have the outcome, or too few have not.

    A share times its customers is a count; the arms of a campaign are no parts of a sum that is published, so that
    none follows from the others.
    """
    counts = []
    for size, events in (("treated", "events"), ("control", "control_events")):
        counts += [effects[size], effects[events], effects[size] - effects[events]]
    few = pd.concat([(one > 0) & (one < smallest) for one in counts], axis=1).any(axis=1)
    return effects.assign(**{name: effects[name].mask(few) for name in HIDDEN}, masked=few)


def masked_money(money: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """What contacts brought, without arms of too few customers."""
    few = (money["treated"] < smallest) | (money["control"] < smallest)
    return money.assign(**{name: money[name].mask(few) for name in ("effect", "low", "high", "error")}, masked=few)


def masked_returns(returns: pd.DataFrame, effects: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Costs and returns, without variants of few contacts, and without what would tell a masked effect."""
    few = returns["contacts"] < smallest
    hidden = set(map(tuple, effects.loc[effects["masked"], ["campaign", "variant"]].to_numpy()))
    told = pd.Series([pair in hidden for pair in zip(returns["campaign"], returns["variant"], strict=True)], dtype=bool)
    of_effect = ["per_won", "won_low", "won_high", "net", "net_low", "net_high"]
    rest = ["cost", "total_cost", "roi", "roi_low", "roi_high", "break_even"]
    hide = {name: returns[name].mask(few | told) for name in of_effect} | {n: returns[n].mask(few) for n in rest}
    return returns.assign(**hide, masked=few)
