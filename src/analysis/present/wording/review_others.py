"""Sentences about what became of former customers asked back and of leads called, a quarter later."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.models.differences import share_difference, shares_of
from analysis.policy.review_others import BACK, WON, Group
from analysis.present.numbers import count, interval, money, percent
from analysis.present.wording.phrase import at_least_few

WHO = {BACK: ("former customer", "former customers"), WON: ("lead", "leads")}
WHAT = {BACK: "asked back", WON: "called"}
CAME = {BACK: "came back", WON: "became customers"}


def others_told(groups: Sequence[Group], *, currency: str, smallest: int) -> list[str]:
    """How many were on each list, at what cost, and whether approaching them did anything."""
    return [f"{_size(one, currency, smallest)}: {_did(one, smallest)}." for one in groups]


def _size(one: Group, currency: str, smallest: int) -> str:
    held = f"{at_least_few(one.held, *WHO[one.kind], smallest=smallest)} held out by lot"
    if one.acted < smallest:
        return f"Fewer than {smallest} {WHO[one.kind][1]} were to be {WHAT[one.kind]}, beside {held}"
    return (
        f"{count(one.acted)} {WHO[one.kind][1]} were to be {WHAT[one.kind]}, at a cost of "
        f"{money(one.cost, currency, 0)}, beside {held}"
    )


def _did(one: Group, smallest: int) -> str:
    """The two shares and their difference; or why there is no comparison."""
    if not one.held:
        return "what that did cannot be told apart from what would have come anyway"
    if one.came is None or one.held_came is None:
        return f"how many of them {CAME[one.kind]} is not on record"
    sides = (one.came, one.acted - one.came, one.held_came, one.held - one.held_came)
    if min(sides) < smallest:
        return f"too few of them {CAME[one.kind]} within the quarter, or did not, to tell what that did"
    treated, control = shares_of([one.came], [one.acted]), shares_of([one.held_came], [one.held])
    more = share_difference(treated, control, [1.0])
    way, sign = ("more", 1) if more.value >= 0 else ("fewer", -1)
    low, high = sorted((sign * more.low, sign * more.high))
    doubt = "" if more.low * more.high > 0 else ", which may be chance"
    return (
        f"{percent(one.came / one.acted)} of those {CAME[one.kind]} within the quarter and "
        f"{percent(one.held_came / one.held)} of those held out, {percent(abs(more.value))} {way} "
        f"({interval(low, high, percent)}){doubt}"
    )
