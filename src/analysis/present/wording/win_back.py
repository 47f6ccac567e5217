"""Sentences about whom to win back: who comes back, what that is worth, and whom it pays to ask."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.models.returns import YEAR
from analysis.models.win_back_study import WinBackStudy
from analysis.policy.added_chance import LEFT, policies_for
from analysis.policy.campaign_effects import CONVERTED
from analysis.policy.effects import Effect
from analysis.policy.table import Policy
from analysis.present.numbers import count, decimal, finite, interval, money, months, percent
from analysis.present.text import shortened
from analysis.present.wording.phrase import (
    Captions,
    Words,
    at_least_few,
    capital,
    listed,
    most_or_largest,
    whole_or_part,
)

SAME = "Not told, for the reason given above."
ALONG = "Months since leaving"
WAYS = {
    "voluntary": "choice", "non_payment": "unpaid bills", "moved": "moving away", "deceased": "death",
    "other": "other ways",
}  # fmt: skip


def bottom_line(study: WinBackStudy, options: pd.DataFrame, *, smallest: int) -> str:
    """How many come back, how long there is hope, and for how many it pays to ask."""
    if not study.returns.left:
        return "Nobody who left was followed afterwards: how many come back cannot be told."
    return " ".join(part for part in (_back(study), _hope(study.gone), _pays(options, smallest)) if part)


def _back(study: WinBackStudy) -> str:
    back = study.returns
    if finite(back.share) is None:
        return "Too few of those who left have come back to tell how many do."
    return (
        f"{percent(back.share)} of those who leave are back within {months(YEAR, 0)} "
        f"({interval(back.low, back.high, percent)})."
    )


def _hope(gone: pd.DataFrame) -> str:
    later = gone[(gone["seen"] >= YEAR) & gone["chance"].notna()]
    if later.empty:
        return ""
    row = later.iloc[0]
    within = f"within the next {months(YEAR, 0)} (at most {percent(row['high'])})."
    if not row["events"]:
        return f"Of those gone for {months(row['seen'], 0)} nobody has come back {within}"
    return f"Of those gone for {months(row['seen'], 0)} {whole_or_part(row['chance'])} come back {within}"


def _pays(options: pd.DataFrame, smallest: int) -> str:
    free = options[options["hindered"].isna()]
    many = free.loc[free["net"] > 0, "customer_id"].nunique()
    if options.empty:
        return "No policy is for customers who left, or what one who comes back is worth is not told."
    if not many:
        return "There is no former customer who may be asked and of whom it would bring more than it costs."
    told = at_least_few(many, "former customer", "former customers", smallest=smallest)
    return f"To ask them back is expected to bring more than it costs for {told}."


def course_words(study: WinBackStudy) -> Words:
    """Around the share that is back."""
    finding = "How many come back, and when, is not told: too few have"
    if len(study.course):
        half, between = months(study.half.time), interval(study.half.low, study.half.high, decimal)
        finding = f"Half of those who come back within {months(YEAR, 0)} have done so after {half} ({between})"
    return {
        "finding": finding,
        "subtitle": (
            "Share of those who left that has come back, by months since leaving; who left lately counts as far as "
            "followed, with the 95 % interval"
        ),
        "alt": f"{finding}. A curve that rises and levels off.",
    }


def gone_rows(gone: pd.DataFrame) -> pd.DataFrame:
    """Chances by time since leaving as the table shows them, as far as anybody is followed."""
    kept = gone[gone["chance"].notna() | gone["masked"]].rename(columns={"masked": "chance_masked"})
    return kept.assign(name=[_gone(month) for month in kept["seen"]]).reset_index(drop=True)


def _gone(month: float) -> str:
    return "Just left" if month == 0 else months(month, 0)


def gone_words(gone: pd.DataFrame) -> Captions:
    """Above chances by time since leaving."""
    subtitle = (
        f"Customers who left and were not back after so long, and the share of them that comes back within "
        f"{months(YEAR, 0)} from then"
    )
    known = gone[gone["chance"].notna()]
    finding = "How the chance falls with time is not told: too few have come back"
    if len(known) > 1 and known["seen"].iloc[0] == 0:
        first, last = known.iloc[0], known.iloc[-1]
        if last["high"] < first["low"]:
            finding = "The longer customers are gone, the fewer come back"
        else:
            finding = "Who has been gone for long does not come back clearly less than who has just left"
    return {"finding": finding, "subtitle": subtitle}


def kind_rows(kinds: pd.DataFrame) -> pd.DataFrame:
    """Returns by way of leaving as the table shows them."""
    return kinds.rename(columns={"masked": "chance_masked"}).assign(
        name=[capital(WAYS.get(kind, str(kind))) for kind in kinds["kind"]]
    )


def kind_words(study: WinBackStudy) -> Captions:
    """Above returns by way of leaving."""
    finding = "Who comes back, by the way they left"
    if study.kinds.empty:
        finding = (
            "By the way they left it cannot be told how many come back: of those who did, the way is not on record"
            if study.returns.back
            else "By the way they left it cannot be told how many come back: nobody has"
        )
    return {"finding": finding, "subtitle": "Share that is back within a year of leaving"}


def reason_rows(reasons: pd.DataFrame) -> pd.DataFrame:
    """Former customers by reason as the table shows them."""
    names = [
        f"{capital(WAYS.get(row['reason'], str(row['reason'])))} (nobody is asked)"
        if row["never"]
        else capital(str(row["reason"]))
        for row in reasons.to_dict("records")
    ]
    return reasons.assign(name=names)


def reason_words(reasons: pd.DataFrame) -> Captions:
    """Above former customers by reason."""
    known = reasons[~reasons["worthwhile_masked"].astype(bool) & ~reasons["never"].astype(bool)]
    best = known.sort_values(["worthwhile", "reason"], ascending=[False, True]).head(1)
    finding = "Former customers by why they left"
    if len(best) and best["worthwhile"].iloc[0] > 0:
        row = best.iloc[0]
        most = most_or_largest(reasons["worthwhile"].mask(reasons["worthwhile_masked"].astype(bool)))
        finding = f"{most} those whom it pays to ask back had left for: {row['reason']} ({count(row['worthwhile'])})"
    return {
        "finding": finding,
        "subtitle": (
            "Who left since observation began and is not back; may be asked: permits the channel and was not "
            "approached lately; worth it: expected to bring more than it costs"
        ),
    }


def rests_on(
    study: WinBackStudy,
    policies: Sequence[Policy],
    added: Mapping[str, Effect],
    effects: pd.DataFrame,
    *,
    currency: str,
) -> list[str]:
    """What the figures rest on: the worth of coming back, what an offer adds, and whom nobody asks."""
    if not study.returns.left:
        return [SAME]
    mine = policies_for(policies, LEFT)
    told = [_worth(study), *(_adds(policy, added[policy.name], currency) for policy in mine)]
    if mine and not any(added[policy.name].measured for policy in mine):
        told.append(_campaigns(effects))
    told.append(
        "Nobody is asked back who left a bill unpaid, died or moved away (out of the area or within it: that is not on "
        "record), asked not to be contacted, does not permit the channel, or was approached lately."
    )
    told.append("Whom to ask is chosen below, with all other actions and within one budget.")
    return [text for text in told if text]


def _worth(study: WinBackStudy) -> str:
    found = study.multiple
    if finite(found.value) is None:
        return "What a customer who comes back is worth is not told: nobody has a value, or no bill is on record."
    between = interval(found.low, found.high, decimal)
    told = f"is worth {decimal(found.value)} times the monthly bill of before ({between})"
    if study.of_returners:
        return f"A customer who comes back {told}, by those who came back lately; who left again counts with nothing."
    return (
        f"A customer who comes back is taken to be worth as much as any other, which {told}: too few came back to tell."
    )


def _adds(policy: Policy, added: Effect, currency: str) -> str:
    price = money(policy.costs, currency)
    if added.measured:
        between = interval(added.low, added.high, percent)
        return (
            f"{capital(policy.action)}: a campaign drawn by lot won back {percent(added.share)} of those asked who "
            f"would not have come otherwise ({between}); it costs {price} each."
        )
    return (
        f"{capital(policy.action)}: that it wins back {percent(added.share)} of those asked who would not have come "
        f"otherwise, and of those gone for long as much less as fewer come back, is an assumption of the "
        f"policy table; it costs {price} each. Those held out by lot tell, once they are enough."
    )


def _campaigns(effects: pd.DataFrame) -> str:
    """What campaigns drawn by lot added that no policy for who left names."""
    if not len(effects) or not (effects["objective"] == "win_back").any():
        return (
            "No campaign to win customers back was drawn by lot: what one added is not known. Who came back after "
            "one is among those who came back."
        )
    mine = effects[(effects["objective"] == "win_back") & (effects["outcome"] == CONVERTED)]
    told = [_measured(row) for row in mine[~mine["masked"].astype(bool)].to_dict("records")]
    if not told:
        return "A campaign to win customers back was drawn by lot, but too few came back to tell what it added."
    return f"Measured by lot: {listed(told)}. Where the policy names that campaign, its effect counts."


def _measured(row: Mapping[Hashable, Any]) -> str:
    between = interval(row["low"], row["high"], percent)
    name = shortened(f"{row['campaign']}: {row['variant']}")
    return f"“{name}” won back {percent(row['effect'])} of those asked who would not have come otherwise ({between})"
