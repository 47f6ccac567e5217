"""Sentences about where the effects of policies come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from analysis.policy.effects import FEW, SILENT, UNKNOWN, Effect
from analysis.policy.table import Policy
from analysis.present.numbers import percent
from analysis.present.text import shortened
from analysis.present.wording.phrase import listed

LACK = {
    UNKNOWN: "no campaign of that name was drawn by lot",
    FEW: "too few of its customers left or stayed for a figure that may be told",
    SILENT: "who left after it is not known",
}


def notes(
    policies: Sequence[Policy], effects: Mapping[str, Effect], stray: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> list[str]:
    """What was measured, what could not be, and that the rest is assumed; a sentence or two each.

    `stray` is by policy the names nearest to a campaign that there is not.
    """
    told = [
        _note(policy, effects[policy.name]) + _nearest(stray.get(policy.name, ()))
        for policy in policies
        if policy.campaign is not None
    ]
    assumed = [policy for policy in policies if not effects[policy.name].measured]
    if not told:
        return ["What every action does is assumed: no policy names a campaign drawn by lot that measured it."]
    rest = "What the other actions do is assumed." if assumed else ""
    return [one for one in (*told, rest) if one]


def misnamed(policies: Sequence[Policy], stray: Mapping[str, Sequence[str]]) -> list[str]:
    """For whoever runs a report: which key of the params names a campaign that there is not, and what may be meant."""
    return [
        f"policies.{policy.name}.campaign: “{shortened(str(policy.campaign))}” names no campaign drawn by lot, or more "
        f"than one variant of it; what the action does stays as the table states.{_nearest(stray[policy.name])}"
        for policy in policies
        if policy.name in stray
    ]


def unheard(channels: Sequence[str]) -> list[str]:
    """That nobody can have consented to a channel that the source does not know."""
    if not channels:
        return []
    named = listed([f"“{shortened(one)}”" for one in channels])
    told = (
        f"The source's consents know no channel {named}: nothing that needs consent to it is proposed. If it is only "
        "called otherwise there, write it so in the policy table."
    )
    return [told]


def _note(policy: Policy, effect: Effect) -> str:
    action, campaign = f"“{shortened(policy.action)}”", f"“{shortened(str(policy.campaign))}”"
    if not effect.measured:
        why = LACK[effect.lack or UNKNOWN]
        return f"What {action} does should come from the campaign {campaign}, but {why}: it stays an assumption."
    between = f"95 % interval {percent(effect.low, 0)} to {percent(effect.high, 0)}"
    found = (
        f"took away {percent(effect.share, 0)} of the risk of leaving by choice ({between})"
        if effect.share > 0
        else f"took away none of the risk of leaving by choice, but added {percent(-effect.share, 0)} "
        f"(change {percent(-effect.high, 0)} to {percent(-effect.low, 0)}, 95 % interval)"
    )
    text = f"What {action} does is taken from the campaign {campaign}, which {found}; the table assumes "
    text += f"{percent(policy.effect, 0)}."
    if effect.share <= 0:
        text += " It is not proposed."
    elif effect.low <= 0:
        text += " That is not clearly more than nothing."
    return text + _spared(effect)


def _nearest(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f" The nearest there are: {', '.join(f'“{shortened(one)}”' for one in names)}."


def _spared(effect: Effect) -> str:
    """Who is left out, because a contact would harm them."""
    classes = listed([f"{klass} ({dimension})" for dimension, klass in effect.harmed])
    text = f" It clearly made more leave of these classes, who are left out: {classes}." if classes else ""
    if effect.model is not None:
        text += " Whom its uplift model expects to leave more after a contact is left out, too."
    return text
