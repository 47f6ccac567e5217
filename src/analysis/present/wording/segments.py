"""Sentences of the chapter on groups: those that behaviour makes, and what they are called."""

from __future__ import annotations

import pandas as pd

from analysis.models.clusters.judging import ONE_PEAK, STEADY, THIN, TWO_PEAKS
from analysis.models.clusters.quarter import Groups
from analysis.models.clusters.search import FEWEST
from analysis.present.numbers import count, decimal, percent, quarter
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, capital, counted, listed

UNGROUPED = "in no group"
VARIABLES = {
    "download_gb": "data downloaded",
    "upload_share": "share of upload",
    "evening_share": "use in the evening",
    "active_share": "days of use",
    "voice_minutes": "voice minutes",
    "app_logins": "app logins",
    "download_change": "change of use",
    "products": "products held",
    "monthly_fee": "monthly fee",
    "discount_share": "discount",
    "bandwidth_mbps": "bandwidth",
    "contract_months": "contract term",
    "tickets_3m": "service contacts",
    "complaints_3m": "complaints",
    "late_bills_6m": "late bills",
    "payment_method": "payment by",
    "technology": "technology",
}
REASONS = {
    "few": f"there are fewer than {FEWEST} customers with enough values",
    "unvaried": "customers do not differ in any variable that could tell groups apart",
    "no_use": "the source gives no use that groups could be looked for in",
    "one_crowd": "customers form one crowd without a gap in it: any line through it would be drawn by hand",
    "unsteady": "other samples of the same customers would be grouped otherwise",
}
USES = {"searched": "searched", "describes": "describes", "left out": "left out"}
WHY = {
    "searched": "What customers do; compared among customers with the same access",
    "change": "A change is over the quarter after: it describes groups, and makes none",
    "fact": "Divides customers by itself: it describes groups, and makes none",
    "absent": "Not in the source",
    "missing": "Missing for too many customers",
    "few_values": "Takes too few different values",
    "one_value": "Says the same of most customers",
}
FAULTS = {
    "small": "a group too small",
    "gap": "two groups without a gap",
    "unsteady": "not steady",
    "old": "divides a group of the quarter before",
}
WANTS = {  # what a group with more, and with less, of something needs
    "download_gb": ("Speed and a plan without limits", "A small plan at a fair price"),
    "upload_share": ("Fast upload", "Entertainment: TV and films"),
    "evening_share": ("A network that holds in the evening", "A line and a help desk that work by day"),
    "active_share": ("A line that never fails", "A reason to use the line more"),
    "voice_minutes": ("Voice flat rates and good mobile tariffs", "Data rather than minutes"),
    "app_logins": ("Offers and help in the app", "Letters and the telephone rather than the app"),
}


def bottom_line(groups: Groups, sizes: pd.DataFrame) -> str:
    """Whether customers fall into groups by what they do, and which is the largest."""
    if groups.model is None:
        return f"Customers fall into no groups by what they do: {REASONS[str(groups.found.reason)]}."
    known = sizes[~sizes["masked"]].sort_values("share", ascending=False, kind="stable")
    many = counted(len(sizes), "group", "groups")
    if known.empty:
        return f"By what they do, customers fall into {many}."
    first = known.iloc[0]
    return (
        f"By what they do, customers fall into {many}; the largest, “{first['name']}”, holds {percent(first['share'])}."
    )


def outside(members: pd.Series, *, smallest: int) -> str:
    """How many customers are in no group."""
    if members.isna().all():
        return "Nobody is in a group, for there are none."
    missing = int(members.isna().sum())
    if missing == 0:
        return "Every customer has enough values to be in a group."
    few = f"fewer than {smallest}" if missing < smallest else count(missing)
    return f"In no group, for want of values of half of the variables: {few} of {count(len(members))} customers."


def size_words(sizes: pd.DataFrame) -> Words:
    """Around the bars of the groups' shares."""
    known = sizes[~sizes["masked"]] if len(sizes) else sizes
    finding = "There are no groups to show"
    if len(known):
        first = known.sort_values("share", ascending=False, kind="stable").iloc[0]
        finding = f"“{first['name']}” are the largest group: {percent(first['share'])} of the customers"
    told = [f"{row['name']} {percent(row['share'])}" for row in known.to_dict("records")]
    return {
        "finding": finding,
        "subtitle": "Customers of each group, % of those in a group, at the end of the quarter",
        "alt": f"Shares of the groups: {', '.join(told)}." if told else finding,
    }


def heat_rows(profile: pd.DataFrame) -> pd.DataFrame:
    """The differences in what was searched, under plain words: `name`, `label`, `difference`."""
    if profile.empty:
        return pd.DataFrame(columns=["name", "label", "difference"])
    rows = profile[profile["searched"]]
    return rows.assign(label=[capital(VARIABLES.get(name, name)) for name in rows["variable"]])


def heat_words(profile: pd.DataFrame) -> Words:
    """Around the picture of what is special about each group."""
    rows = heat_rows(profile).dropna(subset=["difference"])
    finding = "There are no groups to compare"
    if len(rows):
        top = rows.loc[rows["difference"].abs().idxmax()]
        how = "above" if top["difference"] > 0 else "below"
        finding = f"“{top['name']}” stand out most: {str(top['label']).lower()} far {how} the rest"
    told = [
        f"{row.name_}: {row.label} {decimal(row.difference, 1)}"
        for row in rows.rename(columns={"name": "name_"}).itertuples()
    ]
    return {
        "finding": finding,
        "subtitle": "Difference from all other customers, in standard deviations, same kind of access compared",
        "alt": f"Differences by group: {'; '.join(told)}." if told else finding,
    }


def card_rows(groups: Groups, sizes: pd.DataFrame, money: pd.DataFrame, churn: pd.DataFrame) -> pd.DataFrame:
    """One row per group: who they are, how many, what they bring, how many left, and what they need."""
    rows = sizes.merge(money, on="name").merge(churn, on="name")
    hidden = rows["masked"]
    for name in ("arpu", "arpu_low", "arpu_high"):
        rows[name] = rows[name].mask(hidden)
    who = [_who(groups.profile, name) for name in rows["name"]]
    wants = [_wants(groups.profile, name) for name in rows["name"]]
    return rows.assign(who=who, wants=wants)


def card_words(cards: pd.DataFrame) -> Captions:
    """Above the cards of the groups."""
    known = cards.dropna(subset=["arpu"]) if len(cards) else cards
    finding = "There are no groups to describe"
    if len(known) > 1:
        high, low = known.loc[known["arpu"].idxmax()], known.loc[known["arpu"].idxmin()]
        clear = high["arpu_low"] > low["arpu_high"]
        finding = (
            f"“{high['name']}” bring most a month" if clear else "What the groups bring a month does not clearly differ"
        )
    return {
        "finding": finding,
        "subtitle": "How many they are, what they bring, how many left in the quarter",
    }


def need_words(cards: pd.DataFrame) -> Captions:
    """Above who the groups are and what they need."""
    finding = "What each group is, and what it needs" if len(cards) else "There are no groups to describe"
    return {
        "finding": finding,
        "subtitle": "By what sets it apart from all other customers, the largest difference first",
    }


def _special(profile: pd.DataFrame, name: str, *, searched: bool) -> pd.DataFrame:
    """What is clearly special about a group, the largest differences first."""
    mine = profile[(profile["name"] == name) & (profile["searched"] == searched)].dropna(subset=["difference"])
    clear = mine[(mine["low"] * mine["high"] > 0) & (mine["difference"].abs() >= 0.2)]
    return clear.assign(size=clear["difference"].abs()).sort_values(["size", "variable"], ascending=[False, True])


def _who(profile: pd.DataFrame, name: str) -> str:
    told = []
    for row in pd.concat(
        [_special(profile, name, searched=True).head(3), _special(profile, name, searched=False).head(2)]
    ).itertuples():
        what = VARIABLES.get(str(row.variable), str(row.variable).removeprefix("has_").replace("_", " "))
        what += f" {row.level}" if isinstance(row.level, str) else ""
        told.append(f"{'more' if row.difference > 0 else 'less'} {what}")
    return f"{capital(listed(told))}." if told else "Close to the average in everything."


def _wants(profile: pd.DataFrame, name: str) -> str:
    wants = [
        WANTS[str(row.variable)][0 if row.difference > 0 else 1]
        for row in _special(profile, name, searched=True).head(2).itertuples()
        if row.variable in WANTS
    ]
    return f"{'; '.join([wants[0], *(each[:1].lower() + each[1:] for each in wants[1:])])}." if wants else MISSING


def pair_rows(pairs: pd.DataFrame) -> pd.DataFrame:
    """The groups of now and before: `shown`, `former`, `drift`, `said`."""
    if pairs.empty:
        return pd.DataFrame(columns=["shown", "former", "drift", "said"])
    said = {"kept": "the same group", "new": "new this quarter", "gone": "gone"}
    return pd.DataFrame(
        {
            "shown": pairs["name"].fillna(MISSING),
            "former": pairs["former_name"].fillna(MISSING),
            "drift": pairs["drift"],
            "said": pairs["status"].map(said),
        }
    )


def pair_words(groups: Groups, before: str) -> Captions:
    """Above the table of groups met again."""
    pairs = groups.pairs
    if pairs.empty:
        return {"finding": f"There are no groups of {quarter(before)} to compare with", "subtitle": "Groups met again"}
    new, gone = (int((pairs["status"] == status).sum()) for status in ("new", "gone"))
    subtitle = "Groups met again, and how far each moved, in spreads within a group"
    if groups.former == "kept":
        return {"finding": f"The groups of {quarter(before)}, applied again as they are", "subtitle": subtitle}
    finding = f"Every group was already there in {quarter(before)}"
    if new or gone:
        finding = f"Since {quarter(before)}: {counted(new, 'new group', 'new groups')}, {count(gone)} gone"
    if groups.former == "looked back":
        subtitle += (
            f"; no report of {quarter(before)} kept its groups: they were looked for in its data by today's rules"
        )
    return {"finding": finding, "subtitle": subtitle}


def tried_rows(tried: pd.DataFrame) -> pd.DataFrame:
    """The numbers of groups that were tried, with a verdict in words."""
    if tried.empty:
        return tried.assign(said=pd.Series(dtype=object))
    said = [
        "in use" if row.chosen else "would do" if row.accepted else FAULTS[str(row.fault)] for row in tried.itertuples()
    ]
    return tried.assign(said=said)


def tried_words(groups: Groups) -> Captions:
    """Above the table of numbers of groups."""
    tried = groups.found.tried
    finding = "No number of groups could be tried"
    if len(tried):
        chosen = tried.loc[tried["chosen"].astype(bool), "groups"]
        finding = (
            f"{counted(int(chosen.iloc[0]), 'group stands', 'groups stand')} the tests"
            if len(chosen)
            else "No number of groups stands the tests"
        )
    needs = f"needed: stability {decimal(STEADY, 2)}, peaks {decimal(TWO_PEAKS, 2)}, passage at most {decimal(THIN, 2)}"
    if len(tried) and tried["held"].max() > 0:
        needs += f"; between groups of the quarter before peaks {decimal(ONE_PEAK, 2)}"
    return {"finding": finding, "subtitle": f"In a sample of {count(groups.found.sample)} customers; {needs}"}


def variable_rows(variables: pd.DataFrame) -> pd.DataFrame:
    """Variables of which the same is to be said, together: `what`, `use`, `why`."""
    told = [
        (
            VARIABLES.get(row.variable, str(row.variable).removeprefix("has_").replace("_", " ")),
            USES[row.use],
            f"Nearly the same as {VARIABLES.get(row.other, row.other)}" if row.reason == "same" else WHY[row.reason],
        )
        for row in variables.itertuples()
    ]
    table = pd.DataFrame(told, columns=["what", "use", "why"])
    joined = table.groupby(["use", "why"], sort=False)["what"].agg(lambda names: capital(listed(list(names))))
    return joined.reset_index()[["what", "use", "why"]]


def variable_words(variables: pd.DataFrame) -> Captions:
    """Above the table of variables."""
    searched = int((variables["use"] == "searched").sum())
    finding = f"Groups were looked for in {counted(searched, 'variable', 'variables')}"
    return {"finding": finding, "subtitle": "What became of each candidate, and why; age, sex and address are none"}
