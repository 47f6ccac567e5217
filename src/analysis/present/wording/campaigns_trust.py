"""Sentences about for whom campaigns worked, whether a model can choose whom to contact, and campaigns without lots."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.models.families import label
from analysis.models.weighted_difference import Weighted, e_value
from analysis.policy.campaign_classes import CLEAR
from analysis.policy.campaign_observed import Observed
from analysis.policy.campaign_study import Study
from analysis.policy.campaign_uplift import Uplift
from analysis.present.numbers import Number, count, decimal, finite, interval, money, percent
from analysis.present.table import MASKED
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, capital, counted, inside, listed

HUNDRED = 100
ALONG = "share contacted, those first whom the model expects to move most"
NO_UPLIFT = "No model of whom to contact is made: too few outcomes are known in each arm."
FLAGS = {
    "missing": "nothing on record tells of {families}, which drive leaving: the chosen may differ in them",
    "untold": "what is on record hardly tells who was contacted; what did is not allowed for",
    "apart": "contacted and others hardly overlap: few on either side are alike",
    "unbalanced": "even weighed, contacted and others differ in what is on record, by more than chance makes of it",
    "diluted": "many of the others were contacted soon after, so that the difference is too small",
    "picked": "the contacted were {risk} of leaving to begin with, so that what else they were picked for, of which "
    "nothing is on record, points the same way as the difference",
    "placebo": "bills had moved otherwise before the contact already, which the contact cannot have done",
}
FAMILY_WORDS = {
    "price": "prices and discounts", "contract": "contracts", "service": "tickets and complaints", "use": "use",
    "payment": "unpaid bills",
}  # fmt: skip
PLACES = 1
MOST_BALANCE = 8  # columns that are shown, those that differed most


# -------------------------------------------------------------------------------------------------------- for whom


def class_note(study: Study, rules: ClassRules) -> str:
    """Whether the effects differ between classes, with care for having looked often."""
    tried = study.interactions
    if tried.empty:
        return (
            "Whether effects differ between classes cannot be told: too few customers, or no classes, at the contact."
        )
    looked = counted(len(tried), "comparison was made", "comparisons were made")
    clear = tried[tried["adjusted"] < CLEAR]
    if clear.empty:
        first = tried.iloc[0]
        return (
            f"No class is shown to be moved more than others: {looked}, and differences as large as the largest, by "
            f"{inside(_dimension(first['dimension'], rules))} for “{first['campaign']}: {first['variant']}”, are to be "
            "expected by chance in so many. Choosing classes by these figures would be fishing."
        )
    names = [
        f"{inside(_dimension(row['dimension'], rules))} (“{row['campaign']}: {row['variant']}”)"
        for row in clear.to_dict("records")
    ]
    return f"Effects differ by {listed(names)}, beyond what chance makes of it, although {looked}."


def _dimension(name: str, rules: ClassRules) -> str:
    return rules[name].label if name in rules else name


def class_rows(study: Study, rules: ClassRules) -> pd.DataFrame:
    """Effects by class of the dimensions whose classes differ, or else of the one that comes nearest to it."""
    tried = study.interactions
    shown = tried[tried["adjusted"] < CLEAR].head(4) if len(tried) else tried
    shown = shown if len(shown) else tried.head(1)
    keys = ["campaign", "variant", "dimension"]
    rows = shown[keys].merge(study.classes, on=keys, how="left") if len(shown) else study.classes.iloc[:0]
    named = rows["dimension"].map(lambda name: _dimension(str(name), rules)).astype(object)
    return rows.assign(
        name=rows["campaign"].astype(object) + ": " + rows["variant"].astype(object), label=named,
        **{end: rows[end].astype("float64") for end in ("effect", "low", "high")},
    )  # fmt: skip


def class_words(study: Study) -> Captions:
    """The caption of the table of effects by class."""
    clear = len(study.interactions) and (study.interactions["adjusted"] < CLEAR).any()
    title = "Effects that differ between classes" if clear else "No class is shown to be moved more than others"
    return {
        "finding": title,
        "subtitle": "Share kept or won among contacted less held out, by class on the day before the contact, 95 % "
        "intervals of each class alone",
    }


# ---------------------------------------------------------------------------------------------------------- uplift


def uplift_rows(one: Uplift) -> pd.DataFrame:
    """The curve of a model per hundred contacted."""
    return one.qini.curve.assign(**{n: one.qini.curve[n] * HUNDRED for n in ("gain", "low", "high", "lot")})


def uplift_words(one: Uplift) -> Words:
    """What stands around the curve."""
    title = f"{one.campaign}, {one.variant}: {_verdict(one)}"
    return {
        "finding": title,
        "subtitle": "Customers kept or won per 100 contacted in all, when only the first so many are contacted; "
        "95 % band; dashed: contacted by lot",
        "alt": f"A curve of what is gained by the share contacted, beside a straight line for going by lot. {title}.",
    }


def _verdict(one: Uplift) -> str:
    if one.qini.low > 0:
        return "choosing by a model is better than by lot"
    if one.qini.high < 0:
        return "choosing by a model is worse than by lot"
    return "choosing by a model is no better than by lot"


def uplift_notes(study: Study) -> list[str]:
    """Of each model whether it beats going by lot."""
    return [
        f"“{one.campaign}: {one.variant}”: {_verdict(one)}. Qini coefficient "
        f"{decimal(one.qini.coefficient * HUNDRED, 2)} ({_ends(one)}) customers per 100 contacted; "
        f"{count(one.qini.customers)} customers, each foretold by models that had not seen them."
        for one in study.uplifts
    ]


def _ends(one: Uplift) -> str:
    return interval(one.qini.low * HUNDRED, one.qini.high * HUNDRED, lambda end: decimal(end, 2))


# ---------------------------------------------------------------------------------------------------- without lots


def observed_note(study: Study) -> str:
    """What these figures are, and which campaigns cannot be compared at all."""
    if study.lack:
        return "Not told, for the reason given above."
    if not study.observed and not study.apart:
        return "Every campaign was drawn by lot."
    parts = []
    if study.observed:
        parts.append(
            "Observational: nobody was held out by lot. The contacted are compared with customers of the same months "
            "who were alike in all that is on record, and may still have been chosen for something that is not. Such a "
            "figure is weaker than any of those above, and is not to be ranked beside them."
        )
    if study.apart:
        names = listed([f"“{name}”" for name in study.apart])
        parts.append(
            f"Nothing can be compared for {names}: too few contacts of customers on the books, followed long enough."
        )
    return " ".join(parts)


def observed_rows(study: Study, *, smallest: int, currency: str) -> pd.DataFrame:
    """Rows of the table of comparisons: leaving, and what was billed where a campaign is to sell."""
    rows = [row for one in study.observed for row in _observed(one, smallest, currency)]
    return pd.DataFrame(rows)


def _observed(one: Observed, smallest: int, currency: str) -> Iterator[dict[str, object]]:
    head = {
        "name": one.campaign, "treated": one.treated, "others": one.others,
        "effective": f"{count(one.effective[0])} / {count(one.effective[1])}", "flags": "yes" if one.flags else "no",
    }  # fmt: skip
    few = any(0 < size < smallest for size in one.leavers)
    first, second = e_value(one.left)
    hidden = MISSING if few else f"{decimal(first, 1)} / {decimal(second, 1)}"
    yield head | {"what": "left", "e_value": hidden, "masked": False} | _written(one.left, percent, few=few)
    if one.objective == "upsell" and one.money:
        yield (
            head
            | {"what": "billed", "e_value": MISSING, "masked": False}
            | _written(one.money, lambda end: money(end, currency), few=False)
        )


def _written(one: Weighted, write: Callable[[Number], str], *, few: bool) -> dict[str, str]:
    """The figures of a comparison in their unit; few leavers are not told."""
    names = ("share", "other_share", "effect", "between")
    if few:
        return dict.fromkeys(names, MASKED)
    told = (write(one.treated), write(one.others), write(one.value), interval(one.low, one.high, write))
    return dict(zip(names, told, strict=True))


def observed_words(study: Study) -> Captions:
    """The caption of the table of comparisons."""
    clear = [one.campaign for one in study.observed if one.left.high < 0 and not one.flags]
    title = "Observational: no campaign without a lot is seen to keep customers"
    if clear:
        title = f"Observational: fewer left after {listed(clear)} than of others alike"
    kind = "by choice " if study.observed and study.observed[0].by_choice else ""
    return {
        "finding": title,
        "subtitle": f"Left {kind}within three months, or billed in them, of the contacted and as expected of them "
        "without it; others weighed to be like them, both counting as so many of equal weight; 95 % intervals by "
        "resampling; E-value: how strong a hidden cause must be to explain the difference / make it chance",
    }


def observed_flags(study: Study) -> list[str]:
    """What speaks against each comparison, and how strong something unseen would have to be to explain it."""
    told = []
    for one in study.observed:
        families = listed([FAMILY_WORDS[name] for name in one.missing])
        risk = "at more risk" if one.left.value > 0 else "at less risk"
        reasons = [FLAGS[name].format(families=families, risk=risk) for name in one.flags]
        if reasons:
            told.append(f"“{one.campaign}” is not to be relied on: {'; '.join(reasons)}.")
        else:
            told.append(_strength(one))
    return told


def _strength(one: Observed) -> str:
    first, second = e_value(one.left)
    if finite(second) is None or second <= 1:
        return f"“{one.campaign}”: what differs may be chance; nothing unseen is needed to explain it."
    return (
        f"“{one.campaign}”: something unseen would have to make both contact and leaving {decimal(first, 1)} times as "
        f"likely to explain the difference, and {decimal(second, 1)} times to make it chance."
    )


def balance_rows(one: Observed) -> pd.DataFrame:
    """The columns in which contacted and others differed most before weighting."""
    ordered = one.balance.assign(size=one.balance["before"].abs()).sort_values(
        ["size", "column"], ascending=[False, True]
    )
    rows = ordered.head(MOST_BALANCE).reset_index(drop=True)
    return rows.assign(name=rows["column"].map(lambda name: capital(label(str(name)))))


def balance_words(one: Observed) -> Captions:
    """The caption of the balance table."""
    apart = int((one.balance["before"].abs() > one.unlike).sum())
    after = int((one.balance["after"].abs() > one.unlike).sum())
    return {
        "finding": f"{one.campaign}: {counted(apart, 'column', 'columns')} differed before weighting, "
        f"{count(after)} after",
        "subtitle": f"Difference of means in standard deviations, of {count(len(one.balance))} columns those that "
        f"differed most; beyond {decimal(one.unlike, 2)} counts as different, at this size; contact is told apart in "
        f"{percent(one.auc, 0)} of pairs",
    }
