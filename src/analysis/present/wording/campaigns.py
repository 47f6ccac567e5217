"""Sentences about campaigns drawn by lot: what they changed, what that cost and brought, and how the lot was kept."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.policy.campaign_effects import CONVERTED, FOLLOWED, LEFT, RESPONDED
from analysis.policy.campaign_money import AFTER, AMOUNTS
from analysis.policy.campaign_study import SUSPICIOUS, Study
from analysis.present.numbers import count, decimal, finite, interval, money, percent
from analysis.present.wording.phrase import Captions, Words, at_least_few, counted, listed

LACKS = {
    "campaigns": "What campaigns did cannot be told: the source gives no table of campaigns.",
    "contacts": "What campaigns did cannot be told: the source gives no contacts, and so nobody who was approached.",
    "nobody": "What campaigns did cannot be told: no contact is dated by the end of the quarter.",
}
OUTCOMES = {
    LEFT: "left within three months", CONVERTED: "bought", RESPONDED: "responded", "revenue": "revenue",
    "margin": "margin",
}  # fmt: skip
GOOD = {LEFT: "kept", CONVERTED: "won"}
HUNDRED = 100


def finding(study: Study, effects: pd.DataFrame, returns: pd.DataFrame, *, currency: str) -> str:
    """What worked, per hundred contacted, or that nothing clearly did."""
    if study.lack:
        return LACKS[study.lack]
    if effects.empty:
        return "Whether any campaign worked is not known: none was drawn by lot, with customers held out of it."
    rows = main_rows(effects)
    clear = rows[rows["low"] > 0]
    if len(clear):
        told = [_clear(row, returns, currency) for row in clear.to_dict("records")[:3]]
        rest = len(rows) - len(clear)
        others = f" {_capital_count(rest)} shown to work." if rest else ""
        return " ".join(told) + others
    if rows["effect"].isna().all():
        return "Too few customers are behind the campaigns drawn by lot to tell what they did."
    worse = rows[rows["high"] < 0]
    if len(worse):
        names = listed([_name(row) for row in worse.to_dict("records")])
        return f"No contact by lot is shown to work, and {names} did harm."
    told = [_unclear(row) for row in rows.dropna(subset=["effect"]).to_dict("records")[:3]]
    return f"No contact drawn by lot is shown to work; it may be chance that {listed(told)}. {_unseen(rows)}"


def _unclear(row: dict[str, object]) -> str:
    fewer = float(row["effect"]) < 0  # type: ignore[arg-type]
    what = "left" if row["outcome"] == LEFT else "bought"
    less = "more" if fewer == (row["outcome"] == LEFT) else "fewer"
    between = interval(row["low"] * HUNDRED, row["high"] * HUNDRED, lambda one: decimal(one, 1))  # type: ignore[operator]
    size = _hundred(abs(float(row["effect"])))  # type: ignore[arg-type]
    return f"{size} of a hundred {less} {what} after {_name(row)} (gain {between})"


def _capital_count(rest: int) -> str:
    return "One other variant is not" if rest == 1 else f"{count(rest)} other variants are not"


def _unseen(rows: pd.DataFrame) -> str:
    least = rows["detectable"].min()
    return f"Effects below {_hundred(least)} of a hundred contacted would mostly have gone unseen."


def _clear(row: dict[str, object], returns: pd.DataFrame, currency: str) -> str:
    what = "fewer left within three months" if row["outcome"] == LEFT else "more bought"
    between = interval(row["low"] * HUNDRED, row["high"] * HUNDRED, lambda one: decimal(one, 1))  # type: ignore[operator]
    told = (
        f"Of a hundred contacted with {_name(row)}, {_hundred(row['effect'])} {what} than of those held out ({between})"
    )
    paid = returns[(returns["campaign"] == row["campaign"]) & (returns["variant"] == row["variant"])]
    if paid.empty or finite(paid.iloc[0]["cost"]) is None:
        return f"{told}; what it cost is not on record."
    one = paid.iloc[0]
    cost = f"{told}, at {money(one['cost'], currency)} a contact"
    if finite(one["net"]) is None:
        return f"{cost}."
    ends = interval(one["net_low"], one["net_high"], lambda end: money(end, currency))
    worth = "the customers kept" if row["outcome"] == LEFT else "the sales won"
    return f"{cost}: what {worth} are worth, less cost, is {money(one['net'], currency)} a contact ({ends})."


def _hundred(share: object) -> str:
    number = finite(share)
    return decimal(None if number is None else number * HUNDRED, 1)


def _name(row: dict[str, object]) -> str:
    return f"“{row['campaign']}: {row['variant']}”"


def main_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """The outcome each variant is judged by, turned so that more is better: `name`, `effect`, `low`, `high`, …"""
    rows = []
    for (campaign, variant), own in effects.groupby(["campaign", "variant"], sort=True):
        keeps = own["objective"].iloc[0] in (None, "retention") or pd.isna(own["objective"].iloc[0])
        wanted = LEFT if keeps and (own["outcome"] == LEFT).any() else CONVERTED
        main = own[own["outcome"] == wanted]
        if len(main):
            rows.append({"name": f"{campaign}: {variant}"} | _turned(main.iloc[0].to_dict()))
    columns = ["name", *effects.columns]
    return pd.DataFrame(rows, columns=columns)


def _turned(row: dict[str, object]) -> dict[str, object]:
    if row["outcome"] != LEFT:
        return row
    ends = (float(row[name]) for name in ("effect", "high", "low"))  # type: ignore[arg-type]
    return row | dict(zip(("effect", "low", "high"), (-end for end in ends), strict=True))


# --------------------------------------------------------------------------------------------------------- the charts


def effect_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Rows of the chart of effects: customers kept, or sales won, per hundred contacted."""
    rows = main_rows(effects)
    named = {name: rows[name].astype("float64") * HUNDRED for name in ("effect", "low", "high")}
    kinds = rows["outcome"].map(GOOD)
    several = kinds.nunique() > 1
    label = rows["name"] + (" (" + kinds + ")" if several else "")
    return rows.assign(**named, label=label)


def effect_words(effects: pd.DataFrame) -> Words:
    """What stands around the chart of effects."""
    rows = main_rows(effects)
    clear = rows[rows["low"] > 0]
    kinds = listed(sorted({GOOD[one] for one in rows["outcome"]}))
    harm = rows[rows["high"] < 0]
    if len(clear) == len(rows) and len(rows) > 1:
        title = "Every variant drawn by lot worked"
    elif len(clear):
        title = f"Shown to work: {listed(list(clear['name']))}"
    elif len(harm):
        title = f"Shown to do harm: {listed(list(harm['name']))}"
    else:
        title = "No variant drawn by lot is shown to work"
    span = f"within {_span(rows)}" if (rows["outcome"] == LEFT).any() else "as far as on record"
    best = rows.dropna(subset=["effect"]).sort_values("effect", kind="stable").tail(1)
    alt = f" Highest: {best['name'].iloc[0]}, {_hundred(best['effect'].iloc[0])}." if len(best) else ""
    return {
        "finding": title,
        "subtitle": f"Customers {kinds} per 100 contacted, more than of those held out by lot, {span}, 95 % intervals",
        "alt": f"A dot on its interval for each variant, around zero. {title}.{alt}",
    }


def _span(rows: pd.DataFrame) -> str:
    days = rows["days"].dropna()
    short = len(days) and days.min() < FOLLOWED
    return f"{count(days.min())} days so far" if short else "three months"


def outcome_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table of effects, every outcome on record."""
    rows = effects.reset_index(drop=True)
    return rows.assign(
        name=rows["campaign"] + ": " + rows["variant"], what=rows["outcome"].map(OUTCOMES),
    )  # fmt: skip


def outcome_words(effects: pd.DataFrame, *, by_choice: bool) -> Captions:
    """The caption of the table of effects."""
    clear = effects[(effects["low"] > 0) | (effects["high"] < 0)]
    told = f"{counted(len(clear), 'difference is', 'differences are')} larger than chance explains, of {len(effects)}"
    told = told if len(clear) else "No difference is larger than chance explains"
    left = "by choice" if by_choice else "for any reason"
    weighed = "rounds of a campaign weighed by their contacts"
    if (effects["outcome"] == LEFT).any():
        weighed = f"leaving {left}, later contacts followed as far as they go, {weighed}"
    return {
        "finding": told,
        "subtitle": f"Shares of contacted and held out; {weighed}; could be found: the smallest true difference that "
        "shows with a chance of 80 %",
    }


# ---------------------------------------------------------------------------------------------------------- the money


def return_rows(returns: pd.DataFrame, gains: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table of costs and returns."""
    rows = returns.assign(name=returns["campaign"] + ": " + returns["variant"])
    margin = gains[gains["outcome"] == "margin"] if len(gains) else gains.reindex(columns=["campaign", "variant"])
    keys = ["campaign", "variant"]
    wanted = margin.reindex(columns=[*keys, "effect", "low", "high"]).rename(
        columns={"effect": "margin", "low": "margin_low", "high": "margin_high"}
    )
    return rows.merge(wanted, on=keys, how="left")


def return_words(returns: pd.DataFrame, study: Study) -> Captions:
    """The caption of the table of costs and returns."""
    known = returns.dropna(subset=["roi"])
    paid, lost = known[known["roi_low"] > 0], known[known["roi_high"] < 0]
    if returns["cost"].isna().all():
        title = "No return can be told: no cost is on record"
    elif known.empty:
        title = "No return can be told: nothing that contacts brought is on record"
    elif len(paid):
        title = f"Paid for themselves within three months: {listed([_pair(row) for row in paid.to_dict('records')])}"
    elif len(lost) == len(known):
        title = "Within three months no variant brought back what it cost"
    else:
        title = "Whether any variant paid for itself within three months is not clear"
    months = f"the {count(AFTER)} whole months after the contact, before credits"
    basis = "amounts on record beside the contacts" if study.basis == AMOUNTS else f"bills of {months}"
    return {
        "finding": title,
        "subtitle": f"Per contact; margin: {basis}, less products' own costs, against those held out; 95 % intervals",
    }


def _pair(row: dict[str, object]) -> str:
    return f"{row['campaign']}: {row['variant']}"


def later(returns: pd.DataFrame, *, value: float, currency: str) -> list[str]:
    """What is not in the return: what customers who were kept bring later."""
    told = returns.dropna(subset=["break_even"])
    if told.empty or finite(value) is None:
        return []
    pieces = [
        f"{row['campaign']}: {row['variant']} pays if it keeps or wins {_hundred(row['break_even'])} of 100"
        for row in told.to_dict("records")
    ]
    return [
        (
            "What a customer kept brings after these months is not in the return. Were it as much as customers of today"
            f" are worth on average, {money(value, currency, 0)} (see “What are they worth?”): {'; '.join(pieces)}."
        )
    ]


# --------------------------------------------------------------------------------------------------------- the checks


def checks(study: Study, *, smallest: int) -> list[str]:
    """How the lot was kept, who was in several campaigns at once, what is under way, and what is left out."""
    if study.lack:
        return ["Not told, for the reason given above."]
    return [*_lots(study), *_overlaps(study, smallest), *_several(study, smallest), *_open(study)]


def _lots(study: Study) -> Iterator[str]:
    rows = study.checks[study.checks["randomised"].astype(bool)] if len(study.checks) else study.checks
    bad = rows[rows["chance"] < SUSPICIOUS] if len(rows) else rows
    for row in bad.to_dict("records"):
        yield (
            f"The arms of “{row['campaign']}” have sizes that a lot would hardly give (less than once in a thousand, "
            "against equal arms, or against the shares of its other rounds). Unless they were planned so, something "
            "else than the lot decided who was contacted, and its effects may not be believed."
        )
    if len(rows) and bad.empty:
        yield "The sizes of the arms are what a lot gives, in every campaign drawn by lot."


def _overlaps(study: Study, smallest: int) -> Iterator[str]:
    told = []
    for row in study.checks.to_dict("records"):
        share = row["overlap"] / row["contacts"] if row["contacts"] else 0.0
        rest = row["contacts"] - row["overlap"]
        if row["overlap"] >= smallest and (rest == 0 or rest >= smallest):
            told.append(f"{percent(share, 0)} of those in “{row['campaign']}”")
    if told:
        yield (
            f"Another campaign approached, within three months before or after, {listed(told)}. By lot that falls on "
            "both arms alike; it makes effects those of a contact beside what else was done."
        )


def _several(study: Study, smallest: int) -> Iterator[str]:
    for row in study.checks.to_dict("records"):
        if row["several"] > 0:
            some = at_least_few(row["several"], "customer was", "customers were", smallest=smallest)
            yield f"In “{row['campaign']}” {some} in more than one arm of a round; they are left out."


def _open(study: Study) -> Iterator[str]:
    if study.running:
        names = listed([f"“{name}”" for name in study.running])
        yield (
            f"{names}: the last contacts are less than three months old, and count as far as they are followed. The "
            "figures will move."
        )
    if study.left_out:
        yield f"{counted(study.left_out, 'campaign', 'campaigns')} with fewer contacts are not looked at."
