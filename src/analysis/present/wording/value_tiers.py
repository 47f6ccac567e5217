"""Sentences about value tiers: who holds the value, what it brings now, and who changed tier."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analysis.measures.value_tiers import TIERS, TierEdges
from analysis.present.numbers import decimal, finite, money, months, percent, spread
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, Words, at_least_few, capital, listed

EXPECTED = 0.6  # of the revenue: what the trade expects high value to carry, a rule of thumb that nothing here measures
GROUPS = {"customer_share": "Customers", "share": "Lifetime value", "revenue_share": "Revenue"}
ALL = "All"
LEAST, VALUE = "Customers, the least valuable first", "Share of the lifetime value"


def tier_finding(tiers: pd.DataFrame, *, edges: TierEdges, currency: str) -> str:
    """What the high tier holds and brings, or why it does not; `tiers` is the table of `tier_revenue`."""
    high, lack = _tier(tiers, "high"), _lack(tiers, edges, currency)
    if lack or high is None:
        return f"{lack}."
    held = f"{percent(high['share'], 0)} of the lifetime value"
    first = f"The high tier, {percent(high['customer_share'], 0)} of the customers, holds {held}"
    if finite(high["revenue_share"]) is None:
        return f"{first}; what it brings of the revenue is not told, for want of bills of the whole quarter."
    between = spread(high["revenue_low"], high["revenue_high"], partial(percent, places=1))
    known = "" if between == MISSING else f" ({between})"
    brings = f"{percent(high['revenue_share'], 1)} of the last quarter’s revenue{known}"
    return f"{first} and brings {brings}: {_beside_expected(high)}."


def _lack(tiers: pd.DataFrame, edges: TierEdges, currency: str) -> str:
    """Why no tiers can be told, or not all of them: nobody is of high value, or everybody is; else nothing."""
    if tiers.empty:
        return "Value tiers cannot be told: nobody has a value"
    if _tier(tiers, "high") is None and tiers["masked"].any():
        held = "the high tier holds" if "high" in set(tiers["tier"]) else "the tiers hold"
        return f"What {held} is masked to protect a small group"
    if tiers.loc[~tiers["masked"].astype(bool), "share"].isna().any():
        return "What value tiers hold cannot be told: all customers together are worth nothing"
    if len(tiers) == 1:
        return _alone(str(tiers["tier"].iloc[0]), edges, currency)
    if "high" in set(tiers["tier"]):
        return ""
    medium = tiers[tiers["tier"] == "medium"].iloc[0]
    held = (
        f"{percent(medium['customer_share'], 0)} are of medium value and hold {percent(medium['share'], 0)} of it all"
    )
    reach = _nobody_reaches(edges.high, edges, currency) or "No customer is of high value"
    return f"{reach}: {held}, the others are of low value"


def _alone(tier: str, edges: TierEdges, currency: str) -> str:
    """That all customers are of one tier."""
    if tier == "high":
        return "All customers are of high value"
    edge = _nobody_reaches(edges.high if tier == "medium" else edges.medium, edges, currency)
    return f"{edge}: all are of {tier} value" if edge else f"All customers are of {tier} value"


def _nobody_reaches(edge: float, edges: TierEdges, currency: str) -> str:
    return f"No customer reaches {money(edge, currency, 0)}" if edges.by == "amount" else ""


def _beside_expected(high: pd.Series) -> str:
    """Whether the share of revenue is what a rule of thumb expects high value to carry."""
    usual = f"the {percent(EXPECTED, 0)} that a rule of thumb of the trade expects of high value"
    low, top = finite(high["revenue_low"]), finite(high["revenue_high"])
    if low is None or top is None:
        return f"{'more' if high['revenue_share'] > EXPECTED else 'not more'} than {usual}"
    if low > EXPECTED:
        return f"more than {usual}"
    return f"less than {usual}" if top < EXPECTED else f"not clearly other than {usual}"


def edge_sentence(edges: TierEdges, *, currency: str) -> str:
    """How the tiers are divided."""
    high, both = edges.high, edges.high + edges.medium
    if edges.by == "amount":
        amount = partial(money, currency=currency, places=0)
        return f"high from {amount(high)}, medium from {amount(edges.medium)}"
    of = "the customers" if edges.by == "customers" else "all value"
    first, rest = percent(high, 0), percent(both - high, 0)
    return f"in order of value, high the first {first} of {of}, medium the next {rest}"


def share_rows(tiers: pd.DataFrame) -> pd.DataFrame:
    """The tiers as the picture divides customers, value and revenue: `group`, `name`, `share`."""
    # One tier beside "other" would be no picture of them.
    shown = tiers.iloc[:0] if tiers["masked"].any() else tiers
    groups = {column: label for column, label in GROUPS.items() if shown[column].notna().any()}
    # A tier without customers keeps its place, and with it the others keep their colours.
    every = shown.set_index("tier").reindex(TIERS)[list(groups)].fillna(0.0)
    rows = [(label, capital(tier), every.at[tier, column]) for column, label in groups.items() for tier in TIERS]
    return pd.DataFrame(rows, columns=["group", "name", "share"])


def share_words(tiers: pd.DataFrame, *, edges: TierEdges, horizon: int, currency: str) -> Words:
    """Around the picture of the tiers."""
    finding = _lack(tiers, edges, currency) or _tells(tiers)
    subtitle = f"Share of customers, of the lifetime value over the next {months(horizon, 0)}, and of the revenue of "
    subtitle += f"the last quarter, by value tier: {edge_sentence(edges, currency=currency)}"
    ends = [row for row in map(partial(_tier, tiers), TIERS) if row is not None and finite(row["share"]) is not None]
    told = [f"{row['tier']} {percent(row['customer_share'], 0)} and {percent(row['share'], 0)}" for row in ends]
    alt = f"{finding}. Of customers and of value: {listed(told) or 'not told'}."
    return {"finding": finding, "subtitle": subtitle, "alt": alt}


def _tells(tiers: pd.DataFrame) -> str:
    """What the high tier holds."""
    high = tiers[tiers["tier"] == "high"].iloc[0]
    customers, value = percent(high["customer_share"], 0), percent(high["share"], 0)
    words = f"High value: {customers} of the customers, {value} of the value"
    brings = finite(high["revenue_share"])
    return words if brings is None else f"{words}, {percent(brings, 0)} of the revenue"


def tier_rows(tiers: pd.DataFrame) -> pd.DataFrame:
    """The tiers as the table names them: `name` added."""
    return tiers.assign(name=tiers["tier"].map(capital))


def tier_words(tiers: pd.DataFrame, *, without: int, invoiced: bool, smallest: int) -> Captions:
    """Above the table of tiers; `without` are active customers without a value.

    `invoiced` says whether the source gives invoices; else fees stand for what was billed.
    """
    told = "Value tiers in figures" if len(tiers) else "No value tier can be told"
    revenue = "what they were billed for the last quarter" if invoiced else "the fees of the last quarter (no invoices)"
    subtitle = f"Active customers with a value, their lifetime value, and {revenue}; "
    subtitle += "intervals of the value are those of model and margin, for these customers as they are"
    if without:
        nobody = at_least_few(without, "active customer has", "active customers have", smallest=smallest)
        subtitle += f"; {nobody} no value and no tier"
    return {"finding": told, "subtitle": subtitle}


def lorenz_marks(curve: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    """The point of the curve at which the high tier begins: `customers`, `value`, `words`, `more`."""
    high = _tier(tiers, "high")
    if high is None or curve.empty or finite(high["share"]) is None:
        return pd.DataFrame({"customers": [], "value": [], "words": [], "more": []})
    last, held = percent(high["customer_share"], 0), percent(high["share"], 0)
    where = {"customers": [1 - high["customer_share"]], "value": [1 - high["share"]]}
    return pd.DataFrame({**where, "words": [f"the most valuable {last}"], "more": [f"hold {held} of the value"]})


def lorenz_words(curve: pd.DataFrame, gini: tuple[float, float, float]) -> Words:
    """Around the Lorenz curve."""
    subtitle = "Share of the lifetime value that the least valuable customers hold together"
    if curve.empty or finite(gini[0]) is None:
        finding = "How unevenly the value is spread cannot be told: too few customers have one, or it is not above zero"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    between = spread(gini[1], gini[2], partial(decimal, places=2))
    known = "" if between == MISSING else f" ({between})"
    half = curve.iloc[(curve["customers"] - 0.5).abs().argmin()]
    finding = f"The less valuable half of the customers holds {percent(half['value'], 0)} of the value"
    subtitle += f"; Gini coefficient {decimal(gini[0], 2)}{known}, where 0 is even"
    alt = f"{finding}; the curve lies under the diagonal of an even spread, Gini {decimal(gini[0], 2)}{known}."
    return {"finding": finding, "subtitle": subtitle, "alt": alt}


def move_rows(moves: pd.DataFrame) -> pd.DataFrame:
    """The moves as the table names them: `name` added."""
    return moves.assign(name=[ALL if tier is None or tier != tier else capital(tier) for tier in moves["tier"]])


def move_words(moves: pd.DataFrame, *, previous: str) -> Captions:
    """Above the table of who changed tier; without rows the finding stands alone."""
    subtitle = f"Customers with a value tier both now and in the report of {previous}, by the tier they had then; "
    subtitle += "tiers as each report divided them"
    if moves.empty:
        return {
            "finding": (
                f"Who kept a value tier cannot be told yet: no report of {previous} with value tiers of the same "
                "customers lies beside this one"
            ),
            "subtitle": subtitle,
        }
    whole = moves.iloc[0]
    if finite(whole["kept"]) is None:
        return {"finding": "How many kept their value tier is masked to protect a small group", "subtitle": subtitle}
    between = spread(whole["kept_low"], whole["kept_high"], percent)
    known = "" if between == MISSING else f" ({between})"
    told = [f"{percent(whole[move])} {move}" for move in ("rose", "fell") if finite(whole[move]) is not None]
    beside = f"; {' and '.join(told)}" if told else ""
    return {"finding": f"{percent(whole['kept'])}{known} kept their value tier{beside}", "subtitle": subtitle}


def _tier(tiers: pd.DataFrame, name: str) -> pd.Series | None:
    """The row of a tier that may be shown."""
    rows = tiers[(tiers["tier"] == name) & ~tiers["masked"].astype(bool)]
    return None if rows.empty else rows.iloc[0]
