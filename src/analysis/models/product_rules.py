"""Which products are held together: frequent sets, and rules between them, counted over active customers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import numpy.typing as npt
import pandas as pd
from mlxtend.frequent_patterns import association_rules, fpgrowth
from scipy.stats import beta

from analysis.models.adoption import holds
from analysis.models.counts import Floats, Integers

LARGEST_SET = 3  # products: more cannot be read, and of many products there are more sets than customers
PRIOR_HOLDERS = 2.0  # holders put in advance, at the product's own share: what few customers show is drawn to it
COUNTED = {"given": "int64", "product": "int64", "customers": "int64", "holders": "int64", "share": "float64"}
COLUMNS = (
    *COUNTED, "support", "confidence", "lift", "drawn", "low", "high",
)  # fmt: skip


def product_sets(baskets: pd.DataFrame, products: Sequence[str]) -> pd.DataFrame:
    """All sets of up to three products that anybody holds together, and the share of customers who do.

    Parameters
    ----------
    baskets : table, one row per different `basket`: `customers` who hold just that.

    Returns
    -------
    Table, one row per set: `itemsets` (frozenset of places in `products`), `support` (0 to 1); without rows where
    nobody holds anything.

    References
    ----------
    Han, Pei and Yin (2000) for the search.
    """
    held = holds(baskets["basket"], products)
    total = float(baskets["customers"].sum())
    if not total:
        return pd.DataFrame({"support": pd.Series(dtype=float), "itemsets": pd.Series(dtype=object)})
    # The search sees each different basket once; how many customers hold it is counted afterwards.
    found = fpgrowth(pd.DataFrame(held), min_support=1 / len(held), max_len=LARGEST_SET)
    sets = sorted(found["itemsets"], key=lambda one: (len(one), sorted(one)))
    counts = baskets["customers"].to_numpy("float64")
    support = [float(counts[held[:, sorted(one)].all(axis=1)].sum()) / total for one in sets]
    return pd.DataFrame({"support": support, "itemsets": sets})


def product_rules(baskets: pd.DataFrame, products: Sequence[str]) -> pd.DataFrame:
    """How many of those who hold some products hold one more, beside the share of all customers who do.

    confidence = holders of both / customers who hold what is given;  lift = confidence / share of all customers
    drawn = (holders + 2) / (customers + 2 / share): 2 holders at the product's own share are put in advance

    Parameters
    ----------
    baskets : table, one row per different `basket`: `customers` who hold just that.

    Returns
    -------
    Table, one row per rule, ordered by `given` and `product`: `given` (the products held, as a basket), `product`
    (place in `products`), `customers` who hold what is given, `holders` among them, `share` of all customers who hold
    the product, `support`, `confidence`, `lift`, and `drawn` with `low` and `high`: the confidence drawn towards the
    share, and its 95 % interval. Pairs that nobody holds together are rules without holders. Without rows where nobody
    holds two products.

    References
    ----------
    Agrawal and Srikant (1994).
    """
    sets = product_sets(baskets, products)
    if sets.empty or sets["itemsets"].map(len).max() < 2:
        return pd.DataFrame({name: pd.Series(dtype=float) for name in COLUMNS})
    total = float(baskets["customers"].sum())
    rows = pd.concat([_found(sets, total), _apart(sets, total)], ignore_index=True)
    rows = rows.assign(support=rows["holders"] / total, confidence=rows["holders"] / rows["customers"])
    drawn, low, high = drawn_share(rows["holders"], rows["customers"], rows["share"])
    rows = rows.assign(lift=rows["confidence"] / rows["share"], drawn=drawn, low=low, high=high)
    return rows.sort_values(["given", "product"], ignore_index=True)[list(COLUMNS)]


def _found(sets: pd.DataFrame, total: float) -> pd.DataFrame:
    """The rules that the sets make, with one product each to be told."""
    with np.errstate(invalid="ignore", divide="ignore"):  # unused measures are 0 / 0 where everyone holds it
        rules = association_rules(sets, metric="support", min_threshold=0.0)
    rules = rules[rules["consequents"].map(len) == 1]
    return pd.DataFrame(
        {
            "given": [sum(1 << place for place in one) for one in rules["antecedents"]],
            "product": [next(iter(one)) for one in rules["consequents"]],
            "customers": (rules["antecedent support"] * total).round().to_numpy("int64"),
            "holders": (rules["support"] * total).round().to_numpy("int64"),
            "share": rules["consequent support"].to_numpy("float64"),
        }
    )


def _apart(sets: pd.DataFrame, total: float) -> pd.DataFrame:
    """The rules that a search for what is held together cannot find: of pairs that nobody holds together."""
    share = {next(iter(one)): s for one, s in zip(sets["itemsets"], sets["support"], strict=True) if len(one) == 1}
    known = {one for one in sets["itemsets"] if len(one) == 2}
    pairs = [(given, other) for given, other in permutations(share, 2) if frozenset((given, other)) not in known]
    rows = [(1 << given, other, round(share[given] * total), 0, share[other]) for given, other in pairs]
    return pd.DataFrame(rows, columns=list(COUNTED)).astype(COUNTED)


def drawn_share(count: npt.ArrayLike, of: npt.ArrayLike, share: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """A share of customers drawn towards the share of all, and its 95 % interval.

    Mean and quantiles of Beta(count + 2, of - count + 2 / share - 2): the share of all where nobody is counted.
    """
    part, whole, mean = (np.asarray(given, dtype=float) for given in (count, of, share))
    positive = part + PRIOR_HOLDERS
    negative = np.maximum(whole - part + PRIOR_HOLDERS * (1 / np.clip(mean, 1e-9, 1) - 1), 1e-9)
    low, high = (beta.ppf(edge, positive, negative) for edge in (0.025, 0.975))
    return positive / (positive + negative), low, high


def best_rules(rules: pd.DataFrame, baskets: pd.Series, products: Sequence[str]) -> Integers:
    """For each basket (rows) and product (columns) the place in `rules` of the rule that fits best; -1 for none.

    Of the rules whose given products are all held, the one with the most of them; of several the one with the highest
    lower edge of its interval. None for a product that is held.
    """
    best = np.full((len(baskets), len(products)), -1, dtype=np.int64)
    size = [int(given).bit_count() for given in rules["given"]]
    order = rules.assign(size=size).sort_values(["size", "low", "given"], kind="stable").index
    codes = baskets.to_numpy("int64")
    for place in order:  # a later one overwrites an earlier one: the last is the best
        given, product = int(rules.at[place, "given"]), int(rules.at[place, "product"])
        best[(codes & given == given) & (codes >> product & 1 == 0), product] = place
    return best
