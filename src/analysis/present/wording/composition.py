"""Sentences about what the base rests on: how much of the revenue hangs on few."""

from __future__ import annotations

import pandas as pd

from analysis.basis.rounding import half_up
from analysis.measures.composition import Composition
from analysis.measures.concentration import clearly_changed, publishable
from analysis.measures.exposure import ACCOUNT, ACCOUNTS, AMBER, GREEN, PRODUCT, RED, REGION, SEGMENT, light
from analysis.measures.holdings import LARGEST_HOUSEHOLD
from analysis.present.numbers import count, decimal, finite, percent, quarter, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, at_least_few, capital, listed

NAMES = {REGION: "Region", PRODUCT: "Product", SEGMENT: "Kind of customer"}
MANY = {REGION: "regions", PRODUCT: "products", SEGMENT: "kinds of customers"}
LIGHTS = {GREEN: "within", AMBER: "near it", RED: "beyond it"}
ABSENT = "What the base rests on cannot be told: no quarter is billed, or due to be billed, as a whole."
ONE = "Nothing is divided that could be told: the source gives no regions, products or kinds of customers."
YEAR = 4  # quarters from one to the same of the next year
WHY_TOGETHER = (
    "No account is named here, nor is what any single one brings: the largest are told together, "
    "the first of them only "
    "in a band. Whoever looks after them finds them in the table of the run that only its owner may open."
)


def bottom_line(found: Composition | None) -> str:
    """Whether anything is beyond its limit, and how much hangs on the largest accounts."""
    if found is None:
        return ABSENT
    table = found.exposures
    beyond = [_holding(row) for row in table[table["status"] == RED].to_dict("records")]
    near = [_holding(row) for row in table[table["status"] == AMBER].to_dict("records")]
    tops = found.accounts.tops[~found.accounts.tops["masked"].astype(bool)]
    told = ""
    if len(tops):
        row = tops.iloc[0]
        told = (
            f"The {count(row['accounts'])} largest accounts bring {percent(row['share'])} of the revenue of "
            f"{_span(len(found.quarters))}"
        )
    if beyond:
        lead = f"{capital(listed(beyond))} {'is' if len(beyond) == 1 else 'are'} beyond the limit"
        return f"{lead}. {told}." if told else f"{lead}."
    close = f", {listed(near)} {'is' if len(near) == 1 else 'are'} near it" if near else ""
    lead = f"nothing is beyond its limit{close}" if len(table) else "nothing can be held against a limit"
    return f"{told}; {lead}." if told else f"{capital(lead)}."


def _span(quarters: int) -> str:
    """The quarters that the revenue is of: four, or as many as are billed as a whole."""
    if quarters >= YEAR:
        return "the last four quarters"
    return f"the {count(quarters)} quarters billed as a whole" if quarters > 1 else "the one quarter billed as a whole"


def _holding(row: dict[object, object]) -> str:
    kind = row["holding"]
    if kind == ACCOUNT:
        return "the largest account"
    if kind == ACCOUNTS:
        return f"the {row['name']} largest accounts together"
    return f"the largest {NAMES[str(kind)].lower()} ({row['name']})"


def exposure_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The holdings as the table names them: `name`, `told`, `between`; the largest account in its band."""
    rows = table.to_dict("records")
    alone = [
        f"{percent(row['band_low'], 0)} to {percent(row['band_high'], 0)}"
        if row["band_low"]
        else f"below {percent(row['band_high'], 0)}"
        for row in rows
    ]
    return table.assign(
        name=[capital(_holding(row)).removeprefix("The ") for row in rows],
        told=[
            band if row["holding"] == ACCOUNT else percent(row["share"]) for row, band in zip(rows, alone, strict=True)
        ],
        between=[spread(row["low"], row["high"], percent) for row in rows],
        status=table["status"].map(LIGHTS).fillna("not told"),
    ).assign(name=lambda one: one["name"].map(capital))


def exposure_words(table: pd.DataFrame, *, quarters: int = YEAR) -> Captions:
    """Above the table of holdings against limits."""
    beyond = int((table["status"] == RED).sum())
    near = [_holding(row) for row in table[table["status"] == AMBER].to_dict("records")]
    finding = f"Nothing is beyond its limit; near it: {listed(near)}" if near else "Nothing is beyond its limit"
    if beyond:
        finding = f"Beyond the limit: {count(beyond)} of {count(len(table))}"
    subtitle = (
        f"What would go if the largest holding left: revenue of {_span(quarters)} (of products: "
        "fees less discounts "
        "due), active customers, and their expected value; of a product, of everybody who holds it"
    )
    return {"finding": finding, "subtitle": subtitle}


def top_rows(found: Composition) -> pd.DataFrame:
    """The largest accounts, summed, as picture and table name them."""
    tops = found.accounts.tops
    return tops.assign(name=[f"The {count(number)} largest" for number in tops["accounts"]])


def top_words(found: Composition) -> Words:
    """Around the picture of the largest accounts."""
    subtitle = (
        f"Share of the revenue of {_span(len(found.quarters))}, with its 95 % interval where it tells of no "
        "single account; accounts joined where they belong together"
    )
    tops = found.accounts.tops[~found.accounts.tops["masked"].astype(bool)]
    if tops.empty:
        finding = "What the largest accounts bring cannot be told without telling what one of them brings"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    last = tops.iloc[-1]
    part = last["accounts"] / found.accounts.accounts
    finding = (
        f"The {count(last['accounts'])} largest accounts, {percent(part)} of all, bring "
        f"{percent(last['share'])} of the revenue"
    )
    told = [f"{count(row['accounts'])}: {percent(row['share'])}" for row in tops.to_dict("records")]
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. Of the largest {listed(told)}."}


def how_joined(found: Composition, *, smallest: int) -> list[str]:
    """How accounts are joined, and why none is named."""
    said = [WHY_TOGETHER]
    joined = found.joined.joined
    if len(joined):
        many = at_least_few(len(joined), "customer", "customers", smallest=smallest)
        made = joined["account"].nunique()
        told = "belong to others in this way" if made < smallest else f"make {count(made)} accounts"
        lead = "Business accounts that name the same parent, and customers of one household, count as one account"
        said.append(f"{lead}: {many} {told}.")
    if found.joined.too_large:
        said.append(
            f"{count(found.joined.too_large)} customers bear the id of a household of more than "
            f"{LARGEST_HOUSEHOLD}: such "
            "an id stands for something else, and they are not joined."
        )
    return said


def drift_rows(found: Composition, *, smallest: int) -> pd.DataFrame:
    """The index of each dimension by quarter: `quarter`, `name`, `hhi`, `hhi_low`, `hhi_high`; small ones left out."""
    parts = []
    for name, table in found.indices.items():
        told = publishable(table, smallest=smallest)
        parts.append(told.assign(name=NAMES[name]))
    kept = [part for part in parts if len(part)]
    columns = ["quarter", "name", "hhi", "hhi_low", "hhi_high"]
    return pd.concat(kept, ignore_index=True)[columns] if kept else pd.DataFrame(columns=columns)


def drift_words(found: Composition, rows: pd.DataFrame) -> Words:
    """Around the picture of the index over quarters."""
    subtitle = "Concentration of revenue (Herfindahl’s index: sum of squared shares) by quarter, with its 95 % interval"
    if rows.empty:
        return {"finding": ONE.removesuffix("."), "subtitle": subtitle, "alt": ONE}
    finding = _moved(found, set(rows["name"]))
    last = rows.groupby("name", sort=False).tail(1)
    told = [f"{row['name'].lower()} {decimal(row['hhi'], 2)}" for row in last.to_dict("records")]
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. In the last quarter: {listed(told)}."}


def _moved(found: Composition, shown: set[str]) -> str:
    """What has clearly changed since the same quarter a year ago."""
    changes = {name: clearly_changed(table, back=YEAR) for name, table in found.indices.items() if NAMES[name] in shown}
    known = {name: change for name, change in changes.items() if change is not None}
    if not known:
        return "How concentrated the revenue is, by quarter"
    clear = {name: change for name, change in known.items() if change[2]}
    if not clear:
        return (
            f"Over {listed([MANY[name] for name in known])} the revenue is spread as it was a year ago, but for chance"
        )
    told = [
        f"{'more' if now > then else 'less'} concentrated on {MANY[name]}" for name, (then, now, _) in clear.items()
    ]
    return f"The revenue is {listed(told)} than a year ago"


def equal_number(found: Composition, *, smallest: int) -> list[str]:
    """The index in plain words: so many of equal size would be as uneven."""
    said = []
    for name, table in found.indices.items():
        if publishable(table.tail(1), smallest=smallest).empty:
            continue
        row = table.iloc[-1]
        between = spread(1 / row["hhi_high"], 1 / row["hhi_low"], decimal)
        known = "" if between == MISSING else f" ({between})"
        lead = f"The revenue of {count(row['classes'])} {MANY[name]} is as concentrated as if"
        index = f"the index is {decimal(row['hhi'], 2)}{_against(found, name, row)}"
        said.append(f"{lead} {decimal(1 / row['hhi'])}{known} equal ones shared it; {index}.")
    last = found.accounts.quarters.iloc[-1] if len(found.accounts.quarters) else None
    if last is not None and finite(last["hhi"]) is not None:
        ends = spread(1 / last["hhi_high"], 1 / last["hhi_low"], lambda end: count(half_up(float(end or 0), -1)))
        known = "" if ends == MISSING else f" ({ends})"
        equal = count(half_up(1 / last["hhi"], -1))
        lead = f"That of {count(last['accounts'])} accounts is, in {quarter(last['quarter'])},"
        said.append(f"{lead} as if {equal}{known} equal ones shared it.")
    return said


def _against(found: Composition, name: str, row: pd.Series) -> str:
    if name != REGION:
        return ""
    limit = found.limits.region_hhi
    where = {GREEN: "within", AMBER: "near", RED: "beyond"}[light(float(row["hhi"]), limit, found.limits.near)]
    return f", {where} its limit of {decimal(limit, 2)}"
