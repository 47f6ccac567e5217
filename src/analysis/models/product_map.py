"""What may be published of rules between products: pairs for the map, and the strongest rules for the table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product as combinations_of

import numpy as np
import pandas as pd

MOST_MAPPED = 8  # products on a map, the most held
MOST_RULES = 10
MOST_GIVEN = 2  # products on the left side of a rule that is told in words
CLEARER = 1.1  # times the lift of a shorter rule: else the longer one tells nothing more
FIGURES = ("customers", "holders", "share", "confidence", "lift", "drawn", "low", "high")


def places_in(given: int) -> list[int]:
    """The places of the products in a basket."""
    return [place for place in range(int(given).bit_length()) if int(given) >> place & 1]


def gives_away(places: Sequence[int], baskets: pd.DataFrame, *, smallest: int) -> bool:
    """Whether some customers who hold just these of the products, and not those, are too few to be told.

    Of all ways to hold some of the products and not the others, each must have no customer or `smallest`: then no
    difference of published counts leaves a small group.
    """
    codes, customers = baskets["basket"].to_numpy("int64"), baskets["customers"].to_numpy("int64")
    for flags in combinations_of((0, 1), repeat=len(places)):
        alike = np.all([(codes >> place & 1) == flag for place, flag in zip(places, flags, strict=True)], axis=0)
        if 0 < customers[alike].sum() < smallest:
            return True
    return False


def product_map(rules: pd.DataFrame, baskets: pd.DataFrame, products: Sequence[str], *, smallest: int) -> pd.DataFrame:
    """The rules between two products, both ways, for the products that most customers hold.

    Parameters
    ----------
    rules : table of `product_rules`.
    baskets : table, one row per different `basket`: `customers` who hold just that.

    Returns
    -------
    Table, one row per ordered pair, most held first: `given` and `product` (names), and of the rule between them
    `customers`, `holders`, `share`, `confidence`, `lift`, `drawn`, `low` and `high`; missing where `masked`: where
    holders of both, of one, of the other or of neither are too few to be told.
    """
    held = rules.drop_duplicates("product").sort_values(["share", "product"], ascending=[False, True])
    order = [int(place) for place in held["product"].head(MOST_MAPPED)]
    wanted = pd.DataFrame(
        [(1 << first, second) for first in order for second in order if first != second],
        columns=["given", "product"], dtype="int64",
    )  # fmt: skip
    pairs = wanted.merge(rules.astype({"given": "int64", "product": "int64"}), on=["given", "product"], how="inner")
    return _told(pairs, baskets, products, smallest)


def strongest_rules(
    rules: pd.DataFrame, baskets: pd.DataFrame, products: Sequence[str], *, smallest: int
) -> pd.DataFrame:
    """The rules that say most: clearly more often than expected, and by more than any shorter rule.

    Only rules whose interval lies above the share of all customers, of at most two given products. A rule of two is
    kept where its lift is a tenth above those of both its parts; of several rules between the same products, the first.
    At most ten, the highest lower edge of lift first.

    Returns
    -------
    Table, one row per rule, with the columns of `product_map`; `given` names the products, joined by " and ". Rules
    that would give away a small group are left out.
    """
    size = rules["given"].map(lambda given: len(places_in(given))).astype("int64")
    clear = rules[(rules["low"] > rules["share"]) & (size <= MOST_GIVEN) & (rules["customers"] >= smallest)]
    lifts = rules.set_index(["given", "product"])["lift"].to_dict()
    news = [_tells_more(int(row.given), int(row.product), row.lift, lifts) for row in clear.itertuples()]
    kept = clear[np.array(news, dtype=bool)]
    kept = kept.assign(edge=kept["low"] / kept["share"]).sort_values(
        ["edge", "given", "product"], ascending=[False, True, True]
    )
    products_of = [given | 1 << product for given, product in zip(kept["given"], kept["product"], strict=True)]
    told = _told(kept[~pd.Series(products_of, index=kept.index).duplicated()], baskets, products, smallest)
    return told[~told["masked"]].head(MOST_RULES).reset_index(drop=True)


def _tells_more(given: int, product: int, lift: float, lifts: dict[tuple[int, int], float]) -> bool:
    places = places_in(given)
    return len(places) == 1 or all(lift >= CLEARER * lifts.get((1 << place, product), 0.0) for place in places)


def _told(rules: pd.DataFrame, baskets: pd.DataFrame, products: Sequence[str], smallest: int) -> pd.DataFrame:
    """Rules with names, their figures missing where they would give away a small group."""
    items = [(places_in(given), int(place)) for given, place in zip(rules["given"], rules["product"], strict=True)]
    secret = pd.Series(
        [gives_away([*given, place], baskets, smallest=smallest) for given, place in items],
        index=rules.index,
        dtype=bool,
    )
    names = rules.assign(
        given=[" and ".join(products[one] for one in given) for given, _ in items],
        product=[products[place] for _, place in items],
    )
    hidden = {name: names[name].astype("float64").mask(secret) for name in FIGURES}
    return names.assign(**hidden, masked=secret)[["given", "product", *FIGURES, "masked"]]
