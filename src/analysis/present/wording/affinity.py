"""Sentences of the section on products: which go together, and what customers are likely to want next."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.models.next_table import MOST_OFFERS
from analysis.present import numbers
from analysis.present.numbers import Number, count, decimal, interval, percent
from analysis.present.numbers import quarter as quarter_words
from analysis.present.wording.base import name
from analysis.present.wording.phrase import Captions, Words, capital, counted, listed

METHODS = {
    "additions": "past additions of like customers",
    "rules": "what like customers hold",
    "most_added": "what most customers added",
    "popularity": "what most customers hold",
}
WAYS = {  # the same under a picture
    "additions": "added by like customers",
    "rules": "held by like customers",
    "most_added": "added by most",
    "popularity": "popularity: held by most",
}
KINDS = {"new": "new product", "upgrade": "better plan"}
NOTHING = "nothing that is offered there"
PLACES = {1: "The product named first", 3: "One of the first three"}
OF = 100  # customers in a rule told in words


def named(given: str) -> str:
    """Products joined by " and " as a reader writes them."""
    return " and ".join(name(part) for part in given.split(" and "))


def bottom_line(products: Sequence[str], rules: pd.DataFrame, hits: pd.DataFrame, *, method: str) -> str:
    """What goes together most, and whether offers by it beat those by popularity."""
    if not products:
        return (
            "The source tells no products held: nothing can be said about what goes together, or about what to offer."
        )
    if len(products) == 1:
        return f"Only one product is held, {name(products[0])}: there is nothing that could go together with it."
    told = "No two products are held together clearly more often than chance would have it."
    if len(rules):
        first = rules.iloc[0]
        told = (
            f"Who holds {named(first['given'])} holds {name(first['product'])} {decimal(first['lift'])} times as often "
            "as customers do on average."
        )
    return f"{told} {_judged(hits, method)}"


def _judged(hits: pd.DataFrame, method: str) -> str:
    """How often the way in use named what was added, beside popularity."""
    if hits.empty:
        return "Too few products were added to judge an offer by what happened next."
    rows = hits[hits["places"] == max(PLACES)].set_index("method")
    popular = rows.loc["popularity"]
    if method == "popularity":
        return (
            f"Of {counted(popular['adders'], 'customer', 'customers')} who added a product in the last quarter, none "
            "of the ways of choosing named it clearly more often than plain popularity: offers go by popularity."
        )
    used = rows.loc[method]
    if pd.isna(used["difference"]):
        return "Too few added a product, or were named another, to tell how good the offers are."
    between = interval(used["difference_low"], used["difference_high"], _points)
    return (
        f"Of {counted(used['adders'], 'customer', 'customers')} who added a product in the last quarter, offers by "
        f"{METHODS[method]} would have named it among three for {percent(used['rate'], 0)}, plain popularity for "
        f"{percent(popular['rate'], 0)}: {_points(used['difference'])} points fewer ({between})."
    )


def _points(share: Number) -> str:
    """A difference of two shares in points, without a unit."""
    return percent(share, 0).removesuffix(f"{numbers.NO_BREAK}%")


# ----------------------------------------------------------------------------------------------- what goes together


def map_rows(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs as the map shows them: names in words, and `clear` where the interval leaves out the share of all."""
    clear = (pairs["low"] > pairs["share"]) | (pairs["high"] < pairs["share"])
    return pairs.assign(given=pairs["given"].map(name), product=pairs["product"].map(name), clear=clear)


def map_words(pairs: pd.DataFrame) -> Words:
    """Around the product map; `pairs` is a table of `map_rows`."""
    subtitle = (
        "Of the active customers who hold the product of a row, the share who hold that of a column; coloured where "
        "it clearly differs from the share of all customers, in the last row"
    )
    known = pairs.dropna(subset=["lift"]) if len(pairs) else pairs
    if known.empty:
        finding = "No two products are held by enough customers to be shown together"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    both = pd.Series(
        [frozenset(pair) for pair in zip(known["given"], known["product"], strict=True)], index=known.index
    )
    once = known[known["clear"] & ~both.duplicated()]
    more = once[once["lift"] > 1].sort_values(["lift", "given", "product"], ascending=[False, True, True]).head(2)
    less = once[once["lift"] < 1].sort_values(["lift", "given", "product"]).head(1)
    together = [_pair(row) for row in more.to_dict("records")]
    apart = [_pair(row) for row in less.to_dict("records")]
    finding = f"{capital(listed(together))} go together" if together else "No two products clearly go together"
    finding += f"; {listed(apart)} seldom do" if apart and together else ""
    told = listed(
        [
            f"of those with {row['given']} {percent(row['confidence'], 0)} hold {row['product']} (all customers "
            f"{percent(row['share'], 0)})"
            for row in [*more.to_dict("records"), *less.to_dict("records")]
        ]
    )
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. {capital(told)}." if told else f"{finding}."}


def _pair(row: dict[str, str]) -> str:
    return f"{row['given']} with {row['product']}"


def rule_rows(rules: pd.DataFrame) -> pd.DataFrame:
    """The strongest rules as the table shows them: `told` in words."""
    told = [
        f"Of {OF} who hold {named(row.given)}, {count(OF * row.confidence)} hold {name(row.product)}"
        for row in rules.itertuples()
    ]
    return rules.assign(told=told)


def rule_words(rules: pd.DataFrame, *, smallest: int) -> Captions:
    """Above the table of the strongest rules."""
    subtitle = (
        "Active customers at quarter end; times expected: beside all customers. Intervals are drawn towards the share "
        f"of all where few hold what is given; rules that would tell of fewer than {smallest} customers are left out"
    )
    if rules.empty:
        return {"finding": "No product is clearly held more often by those who hold others", "subtitle": subtitle}
    first = rules.iloc[0]
    finding = (
        f"{count(OF * first['confidence'])} of {OF} who hold {named(first['given'])} hold {name(first['product'])}, "
        f"{decimal(first['lift'])} times as many as expected"
    )
    return {"finding": finding, "subtitle": subtitle}


# ------------------------------------------------------------------------------------------------------------ what next


def next_rows(offered: pd.DataFrame) -> pd.DataFrame:
    """What is offered to how many, as the table shows it: `what` and `kind` in words."""
    pairs = zip(offered["kind"], offered["what"], strict=True)
    what = [NOTHING if pd.isna(what) else name(what) if kind == "new" else what for kind, what in pairs]
    return offered.assign(kind=[capital(KINDS[kind]) for kind in offered["kind"]], what=what)


def next_words(offered: pd.DataFrame, *, method: str, smallest: int) -> Captions:
    """Above the table of what customers are likely to want next; `offered` is a table of `offer_counts`."""
    chance = "chance of adding it within a quarter" if method == "additions" else "share of like customers who hold it"
    subtitle = (
        "Active customers by the product, and by the better plan, that each is likeliest to take of those not held and "
        f"offered in the area, the {MOST_OFFERS} most frequent of each; {chance}, for a plan the chance of taking it, "
        f"on average, with the mean of the customers' 95 % intervals; groups of fewer than {smallest} are masked"
    )
    known = offered[(offered["kind"] == "new") & ~offered["masked"]].dropna(subset=["what"])
    if known.empty:
        plans = offered[(offered["kind"] != "new") & ~offered["masked"]].dropna(subset=["what"])
        finding = "Nobody can be offered a new product yet"
        if len(plans):
            finding += f"; {plans['what'].iloc[0]} is the better plan for {count(plans['customers'].iloc[0])} customers"
        return {"finding": finding, "subtitle": subtitle}
    told = [f"{name(row.what)} for {count(row.customers)}" for row in known.head(3).itertuples()]
    return {"finding": f"The next product is {listed(told)} customers", "subtitle": subtitle}


# ---------------------------------------------------------------------------------------------- how good offers are


def hit_rows(hits: pd.DataFrame) -> pd.DataFrame:
    """Hit rates as the picture shows them: `way` and `group` in words."""
    return hits.assign(way=hits["method"].map(way), group=hits["places"].map(PLACES))


def way(method: str) -> str:
    """A way of choosing as it stands under the picture."""
    return capital(WAYS[method])


def hit_words(hits: pd.DataFrame, *, method: str, quarter: Quarter) -> Words:
    """Around the picture of how often each way of choosing names what was added."""
    subtitle = (
        f"Share of those who added a product in {quarter_words(quarter)} to whom it would have been named at the "
        "quarter's beginning, by what the offers go by; with the 95 % interval"
    )
    if hits.empty:
        finding = "Offers cannot be judged: too few customers added a product, or too little history"
        return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}."}
    rows = hits[hits["places"] == max(PLACES)].set_index("method")
    if method == "popularity":
        finding = "No way of choosing clearly beats popularity"
    elif rows.loc[[method, "popularity"], "rate"].isna().any():
        finding = "Too few were named another product to tell how good the offers are"
    else:
        ours, popular = (percent(rows.at[one, "rate"], 0) for one in (method, "popularity"))
        finding = (
            f"Offers by {METHODS[method]} name the right product among three for {ours} of those who add one, "
            f"by popularity for {popular}"
        )
    known = rows.dropna(subset=["rate"])
    told = listed([f"{METHODS[str(one)]} {percent(row['rate'], 0)}" for one, row in known.iterrows()])
    return {
        "finding": finding,
        "subtitle": subtitle,
        "alt": f"{finding}. Among the first three by {told}." if told else f"{finding}.",
    }


def cautions(method: str, given: Collection[str]) -> list[str]:
    """What has to be known before an offer goes out."""
    if "subscriptions" not in given:
        return ["Nothing is offered to anybody: which products they hold is not known."]
    basis = {
        "additions": (
            "from what customers with like products, technology and type of customer added in past quarters, of "
            "themselves or after a campaign"
        ),
        "rules": "from what customers with the same products hold, for too little is known of what was added when",
        "popularity": "by what most customers hold, for nothing better was found",
    }
    offered = (
        "A product counts as not offered in an area where nobody holds it though at least three would, were its "
        "residents like all customers. A better plan is dearer, faster or larger, and held by somebody of the same "
        "type of customer in the area."
    )
    effect = (
        "Products held together are no proof that one leads to the other; what an offer achieves is told only by a "
        "campaign with a control group."
    )
    return [f"A new product is chosen {basis[method]}.", offered, effect]
