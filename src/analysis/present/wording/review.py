"""Sentences about what last quarter's actions did: kept, cost, brought, carried out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.policy.review import EARNED, LOST, UNKNOWN, share_of_both, smallest_seen
from analysis.policy.review_rows import DONE, NEVER, OPEN, REFUSED
from analysis.policy.review_study import NO_LIST, NO_LOT, NO_REPORT, NOBODY, TOO_EARLY, HeldBefore, Reviewed
from analysis.policy.table import Policy
from analysis.present import numbers
from analysis.present.numbers import finite, interval, money, percent, quarter
from analysis.present.wording.phrase import Captions, at_least_few, capital, listed

INTENDED = (
    "Everybody on the list counts as the lot had it, whether or not the action was carried out: who can be reached "
    "differs from who cannot."
)
CANNOT = (
    "This list with so many held out cannot show whether it works; a larger hold-out or several quarters together can."
)
SAID = {EARNED: "brought more than it cost", LOST: "cost more than it brought", UNKNOWN: "cannot be told"}
STATES = {DONE: "done", REFUSED: "refused", OPEN: "still open", NEVER: "never handed out, as far as is on record"}


def _lacking(done: Reviewed, before: Quarter) -> str:
    """Why nothing is told, and what to do about it."""
    name = quarter(before)
    return {
        NO_REPORT: (
            f"What the actions of {name} did cannot be told: no report of that quarter lies beside this one. Make it "
            f"with the same params, “quarter: {before}” and a name that differs in the quarter only, then this one "
            "again."
        ),
        TOO_EARLY: (
            f"There are no actions of {name} to review: the source was not observed in all of that quarter. The next "
            "report tells what this one's list did."
        ),
        NO_LIST: f"The report of {name} proposed no action for customers: of these there is nothing to review.",
        NO_LOT: (
            f"Of the list of {name} nobody was held out by lot: what the actions did cannot be told apart from what "
            "would have come anyway. “holdout” in the params holds some out."
        ),
        NOBODY: f"What became of the customers on the list of {name} is not known: none of them is in these extracts.",
    }[done.lack]


def finding(done: Reviewed, *, before: Quarter, currency: str, smallest: int) -> str:
    """Whether last quarter's actions kept customers, and paid."""
    if done.lack:
        return _lacking(done, before)
    whole = _whole(done)
    if whole is None:
        return _too_few(done, before, smallest)
    left = _left(done)
    spared = "kept" if whole["effect"] >= 0 else "lost"
    clear = whole["low"] > 0 or whole["high"] < 0
    said = (
        f"Of the customers to be approached after {quarter(before)}, {percent(whole['share'])} {left} within the "
        f"quarter, of those held out {percent(whole['control_share'])}: the actions {spared} "
        f"{percent(abs(whole['effect']))} of them ({interval(whole['low'], whole['high'], percent)})"
    )
    doubt = "" if clear else ", which may be chance"
    return f"{said}{doubt}. After their cost that is {_net(whole, currency)}: {_verdict(whole)}."


def _net(row: pd.Series, currency: str) -> str:
    def amount(value: numbers.Number) -> str:
        return money(value, currency, 0)

    return f"{amount(row['net'])} ({interval(row['net_low'], row['net_high'], amount)})"


def _verdict(row: pd.Series) -> str:
    told = {EARNED: "they paid", LOST: "they did not pay", UNKNOWN: "whether they paid cannot be told"}
    return told[str(row["verdict"])]


def _left(done: Reviewed) -> str:
    return "left by choice" if done.came is not None and done.came.by_choice else "left"


def _whole(done: Reviewed) -> pd.Series | None:
    """The row of all policies together; None where it may not be told, or there is none."""
    rows = done.rows[done.rows["policy"].isna()]
    return None if rows.empty or bool(rows["masked"].iloc[0]) else rows.iloc[0]


def _too_few(done: Reviewed, before: Quarter, smallest: int) -> str:
    approached = at_least_few(done.approached, "customer", "customers", smallest=smallest)
    held = at_least_few(done.held, "customer", "customers", smallest=smallest)
    said = (
        f"What the actions of {quarter(before)} did cannot be told: {approached} were to be approached and {held} held "
        "out by lot, and too few of them left or stayed for a comparison."
    )
    share = None if done.found is None else share_of_both(done.found, smallest=smallest)
    seen = float("nan") if share is None else smallest_seen(share, done.approached, done.held)
    if min(done.approached, done.held) < smallest or share is None or finite(seen) is None or not seen < 1:
        return f"{said} {CANNOT}" if _hopeless(done, smallest) else said
    least = percent(seen).replace(f"{numbers.NO_BREAK}%", f"{numbers.NO_BREAK}points")
    can = f"{said} Groups of this size would show an effect of {least} of leaving or more, and hardly a smaller one"
    if seen < share:
        return f"{can}; of both together {percent(share)} {_left(done)}."
    return f"{can}: more than the {percent(share)} of both together who {_left(done)}. {CANNOT}"


def _hopeless(done: Reviewed, smallest: int) -> bool:
    """Whether so few left that the list could not have shown anything: with the most of them that are not told."""
    if done.found is None or done.found.rows.empty or not done.rows["masked"].astype(bool).all():
        return False
    whole = done.found.rows[done.found.rows["policy"].isna()].iloc[0]
    most = smallest / (done.approached + done.held)
    few = whole["left"] + whole["control_left"] < smallest
    return bool(few and smallest_seen(most, done.approached, done.held) > most)


def bullets(done: Reviewed, *, currency: str, smallest: int) -> list[str]:
    """What was expected, what was carried out, and how it is compared."""
    if done.lack in (NO_REPORT, TOO_EARLY, NO_LIST):
        return ["Nothing to tell of customers: no list of that quarter is on record here."]
    told = [_expected(done, currency, smallest), _carried_out(done, smallest)]
    if not done.lack:
        told += [INTENDED, *_alone(done)]
    return [one for one in told if one]


def _expected(done: Reviewed, currency: str, smallest: int) -> str:
    if done.approached < smallest:
        return ""
    said = (
        f"Expected was to keep {money(done.expected, currency, 0)} of value for {money(done.cost, currency, 0)}, if "
        "everybody on the list was approached"
    )
    whole = _whole(done)
    if whole is None:
        return f"{said}."

    def amount(value: numbers.Number) -> str:
        return money(value, currency, 0)

    between = interval(whole["brought_low"], whole["brought_high"], amount)
    expects = whole["brought_low"] <= whole["expected"] <= whole["brought_high"]
    beside = "what was expected lies within that" if expects else "that is not what was expected"
    return f"{said}; measured are {amount(whole['brought'])} ({between}): {beside}."


def _carried_out(done: Reviewed, smallest: int) -> str:
    if done.orders is None:
        return (
            "Which actions were carried out is not known: no work order of the source since then bears the name of an "
            "action on the list."
        )
    counts = dict(done.orders.counts)
    few = [name for name, many in counts.items() if 0 < many < smallest]
    if few:
        return (
            "Work orders tell which actions were carried out, but of some outcomes there are too few to say how many."
        )
    named = [f"{numbers.count(counts[name])} {words}" for name, words in STATES.items()]
    stray = at_least_few(done.orders.strayed, "customer", "customers", smallest=smallest)
    beside = f" {capital(stray)} held out got one all the same." if done.orders.strayed else ""
    return f"By the source's work orders: {listed(named)}.{beside}"


def _alone(done: Reviewed) -> list[str]:
    if done.found is None or not done.found.alone:
        return []
    return [f"Not compared, for want of somebody in both groups: {listed(list(done.found.alone))}."]


def held_again(found: HeldBefore, *, before: Quarter, smallest: int) -> list[str]:
    """How many of those held out the quarter before are on this quarter's list; nothing where nobody was."""
    if not found.held:
        return []
    over = "Their quarter is over and compared above; each quarter's lot is drawn anew."
    if found.held < smallest:
        few = f"Fewer than {smallest} customers were held out by lot after {quarter(before)}"
        return [f"{few}: how many of them are on this list is not told. {over}"]
    held, asked = numbers.count(found.held), _asked(found, smallest)
    return [f"Of the {held} customers held out by lot after {quarter(before)}, {asked} are on this list. {over}"]


def _asked(found: HeldBefore, smallest: int) -> str:
    """How many are asked now; neither they nor those who are not may be few."""
    if 0 < found.held - found.asked < smallest:
        return f"more than {numbers.count(found.held - smallest)}"
    if found.asked in (0, found.held):
        return "all" if found.asked else "none"
    return f"fewer than {smallest}" if found.asked < smallest else numbers.count(found.asked)


def rows(done: Reviewed, policies: Sequence[Policy]) -> pd.DataFrame:
    """The table by policy as it is read, all together last; empty where no row may be told."""
    told = done.rows
    if told.empty or told["masked"].astype(bool).all():
        return told.iloc[:0].assign(name=pd.Series(dtype=object), said=pd.Series(dtype=object))
    names = {policy.name: capital(policy.action) for policy in policies}
    label = [_name(one, names) for one in told["policy"]]
    said = [
        "too few to tell" if hidden else SAID[str(verdict)]
        for verdict, hidden in zip(told["verdict"], told["masked"], strict=True)
    ]
    return told.assign(name=label, said=said, masked=told["masked"].astype(bool))


def _name(policy: object, names: dict[str, str]) -> str:
    return "All together" if policy is None or pd.isna(policy) else names.get(str(policy), str(policy))


def words(shown: pd.DataFrame, before: Quarter) -> Captions:
    """Above the table by policy."""
    single = shown[shown["policy"].notna()]
    clear = {verdict: int((single["verdict"][~single["masked"]] == verdict).sum()) for verdict in (EARNED, LOST)}
    if shown.empty:
        finding = "Nothing can be told of any single action"
    elif not any(clear.values()):
        finding = "Whether an action paid cannot be told of any single one"
    else:
        finding = f"Actions that paid: {numbers.count(clear[EARNED])}; that did not: {numbers.count(clear[LOST])}"
    return {
        "finding": finding,
        "subtitle": (
            f"Customers of the list of {quarter(before)}; kept: share of those held out who left, less that of those "
            "to be approached; net: what was kept at its lifetime value, less cost"
        ),
    }
