"""Sentences about thresholds of warning signs: which change is proposed, or that none is supported."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.policy.threshold_signs import NO_NUMBER, NO_POLICY, NO_VALUE, NOT_HERE, Signs
from analysis.policy.thresholds import CHANGE, FEW, JUDGED, KEEP, NEVER, NO_CASE, SHORT
from analysis.present import numbers
from analysis.present.numbers import count, decimal, interval, money
from analysis.present.wording.phrase import Captions, counted, inside, listed

BOUNDS = {"at_most": "at most", "at_least": "at least", "below": "below", "above": "above"}
SAID = {
    CHANGE: "a change is proposed",
    NO_CASE: "no change: the gain may be chance",
    KEEP: "no change: it was the best before",
    NEVER: "no threshold paid before: a warning, no list to call",
    FEW: "too few to tell",
    SHORT: "too few quarters to judge",
}
WHY = {NOT_HERE: "cannot be used with this source", NO_NUMBER: "no single number as threshold",
       NO_POLICY: "no policy answers to it", NO_VALUE: "what a customer is worth is not known"}  # fmt: skip


def threshold(row: Mapping, value: float) -> str:
    """A threshold as it is read: "at most 3", "below 0.8 ×" the other column."""
    places = next((one for one in range(2) if round(value, one) == value), 2)
    times = "" if row["of"] is None or pd.isna(row["of"]) else f"{numbers.NO_BREAK}×"
    return f"{BOUNDS[str(row['bound'])]} {decimal(value, places)}{times}"


def finding(found: pd.DataFrame) -> str:
    """Whether a change of a threshold is supported."""
    asked = found[~found["verdict"].isin([FEW, SHORT])]
    if asked.empty:
        return "No threshold of a warning sign can be judged in money: too few quarters, or too few customers."
    changes = int((asked["verdict"] == CHANGE).sum())
    signs = counted(len(asked), "warning sign", "warning signs")
    quarters = counted(JUDGED, "quarter", "quarters")
    if not changes:
        return (
            f"No change of a threshold is supported: of {signs} asked, none would clearly have brought more in the "
            f"last {quarters} with another one.{_never(asked)}"
        )
    return (
        f"{counted(changes, 'change', 'changes')} of a threshold proposed: of {signs} asked, so many would clearly "
        f"have brought more in the last {quarters} with another one, which was chosen on the quarters before."
        f"{_never(asked)}"
    )


def _never(asked: pd.DataFrame) -> str:
    """How many signs never paid, whatever their threshold; empty where all did."""
    never = int((asked["verdict"] == NEVER).sum())
    if not never:
        return ""
    which = "every one" if never == len(asked) else count(never)
    return f" With {which} of them approaching everybody flagged cost more than it brought, at any threshold tried."


def proposals(found: pd.DataFrame, signs: Signs, rules: ClassRules, *, currency: str) -> list[str]:
    """Each change that is proposed, and what it rests on."""
    rows = found[found["verdict"] == CHANGE].to_dict("records")
    told = [_proposal({str(name): cell for name, cell in row.items()}, rules, currency) for row in rows]
    return [*told, _rests_on(signs, rules)]


def _proposal(row: dict, rules: ClassRules, currency: str) -> str:
    def amount(value: numbers.Number) -> str:
        return money(value, currency, 0)

    way = "Raise" if row["best"] > row["now"] else "Lower"
    label = inside(rules[row["rule"]].label)
    key = f"risk_rules: {{{row['rule']}: {{when: {{{row['column']}: {{{row['bound']}: {row['best']:g}}}}}}}}}"
    return (
        f"Proposal: {way.lower()} the threshold of {label} from {threshold(row, row['now'])} to "
        f"{threshold(row, row['best'])}. In the last {counted(JUDGED, 'quarter', 'quarters')} it would have brought "
        f"{amount(row['gain'])} more ({interval(row['low'], row['high'], amount)}). In the params: `{key}`."
    )


def _rests_on(signs: Signs, rules: ClassRules) -> str:
    said = (
        "Money is leavers who were flagged × the effect of the policy that answers to the sign × what a customer is "
        "worth on average, less what it costs to approach everybody who is flagged: it is as good as these "
        "assumptions. Nothing is changed by itself."
    )
    groups = {why: [inside(rules[name].label) for name, one in signs.left_out.items() if one == why] for why in WHY}
    left = "; ".join(f"{listed(names)} ({WHY[why]})" for why, names in groups.items() if names)
    return f"{said} Not judged: {left}." if left else said


def rows(found: pd.DataFrame, rules: ClassRules) -> pd.DataFrame:
    """The table of thresholds as it is read."""
    told = [{str(name): cell for name, cell in row.items()} for row in found.to_dict("records")]
    shown = [
        row
        | {
            "label": rules[row["rule"]].label,
            "threshold": threshold(row, row["now"]),
            "tried": "–" if pd.isna(row["best"]) else threshold(row, row["best"]),
            "said": SAID[row["verdict"]],
            "masked": row["verdict"] == FEW,
        }
        for row in told
    ]
    columns = [*found.columns, "label", "threshold", "tried", "said", "masked"]
    return pd.DataFrame(shown, columns=columns)


def words(found: pd.DataFrame) -> Captions:
    """Above the table of thresholds."""
    better = int(found["verdict"].isin([CHANGE, NO_CASE]).sum())
    if found.empty:
        return {"finding": "No threshold of a warning sign can be judged", "subtitle": ""}
    told = f"{count(better)} of {counted(len(found), 'threshold', 'thresholds')}" if better else "No threshold"
    return {
        "finding": f"{told} had a better one on earlier quarters that can be told",
        "subtitle": (
            f"Chosen on all past quarter ends but the last {count(JUDGED)}, figures of these; left: within the quarter "
            "after; gain: of the best over the present one, with an interval that reckons with all signs asked"
        ),
    }
