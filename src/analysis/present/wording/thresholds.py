"""Sentences about thresholds of warning signs: which change is proposed, or that none is supported."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.policy.threshold_signs import NO_NUMBER, NO_POLICY, NO_VALUE, NOT_HERE, Signs
from analysis.policy.thresholds import CHANGE, FEW, JUDGED, KEEP, NEVER, NO_CASE, SHORT
from analysis.present import numbers
from analysis.present.numbers import count, decimal, interval, money
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, counted, inside, listed

BOUNDS = {"at_most": "at most", "at_least": "at least", "below": "below", "above": "above"}
SAID = {
    CHANGE: "a change is proposed",
    NO_CASE: "no change: the gain may be chance",
    KEEP: "no change: the present one was the best before",
    NEVER: "no threshold paid on earlier quarters: a warning, no list to call",
    FEW: "too few to tell",
    SHORT: "too few quarters to judge",
}
LATELY = "no threshold paid on earlier quarters; that the present one did in the last {} is not enough to go by"
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
    signs = _judged(found, asked)
    quarters = counted(JUDGED, "quarter", "quarters")
    if not changes:
        return (
            f"No change of a threshold is supported: of {signs}, none would clearly have brought more in the "
            f"last {quarters} with another one.{_never(asked)}"
        )
    return (
        f"{counted(changes, 'change', 'changes')} of a threshold proposed: of {signs}, so many would clearly "
        f"have brought more in the last {quarters} with another one, which was chosen on the quarters before."
        f"{_never(asked)}"
    )


def _judged(found: pd.DataFrame, asked: pd.DataFrame) -> str:
    """How many signs could be judged, of how many that were tried."""
    signs = counted(len(asked), "warning sign", "warning signs")
    return f"{signs} that can be judged{f' ({count(len(found))} were tried)' if len(found) > len(asked) else ''}"


def _never(asked: pd.DataFrame) -> str:
    """How many signs paid on no earlier quarter, whatever their threshold, and of those lately; empty where all did."""
    rows = asked[asked["verdict"] == NEVER]
    if rows.empty:
        return ""
    which = "every one" if len(rows) == len(asked) else count(len(rows))
    said = (
        f" By {which} of them, approaching everybody flagged cost more than it brought on the earlier quarters, with "
        "every threshold tried"
    )
    lately = int((rows["money"] > 0).sum())
    if not lately:
        return f"{said}."
    return f"{said}; {count(lately)} brought more than it cost in the last {counted(JUDGED, 'quarter', 'quarters')}."


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
        f"{amount(row['gain'])} more ({interval(row['low'], row['high'], amount)}). In the params: “{key}”."
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
            "tried": _best(row),
            "said": _said(row),
            "masked": row["verdict"] == FEW,
        }
        for row in told
    ]
    columns = [*found.columns, "label", "threshold", "tried", "said", "masked"]
    return pd.DataFrame(shown, columns=columns)


def _best(row: dict) -> str:
    """The best threshold of earlier quarters; a dash where there is none, or nothing may be told of it."""
    return MISSING if row["verdict"] in (FEW, SHORT) or pd.isna(row["best"]) else threshold(row, row["best"])


def _said(row: dict) -> str:
    lately = row["verdict"] == NEVER and row["money"] > 0
    return LATELY.format(counted(JUDGED, "quarter", "quarters")) if lately else SAID[row["verdict"]]


def words(found: pd.DataFrame) -> Captions:
    """Above the table of thresholds."""
    asked = int((~found["verdict"].isin([FEW, SHORT])).sum())
    if not asked:
        return {"finding": "No threshold of a warning sign can be judged", "subtitle": ""}
    better = int(found["verdict"].isin([CHANGE, NO_CASE]).sum())
    signs = f"{counted(asked, 'warning sign', 'warning signs')} that can be judged"
    return {
        "finding": (
            f"For {count(better) if better else 'none'} of {signs} did another threshold pay on earlier quarters, and "
            "more than the present one"
        ),
        "subtitle": (
            f"Chosen on all past quarter ends but the last {count(JUDGED)}, figures of these; left: within the quarter "
            "after; best before: the threshold that paid most on earlier quarters; gain: of it over the present one, "
            "with an interval that reckons with all signs asked"
        ),
    }
