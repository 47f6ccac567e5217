"""How often what was offered first was what a customer then added, on a quarter that nothing was learned from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures.interval import share_interval
from analysis.models.adoption import holds
from analysis.models.counts import Integers, Truths
from analysis.models.next_product import METHODS, Method, offers, ranked
from analysis.models.resampling import percentile_interval

PLACES = (1, 3)  # products that an offer may name
USABLE: tuple[Method, ...] = ("additions", "rules")
DRAWS, SEED = 2_000, 5
FEWEST_ADDERS = 11  # fewer tell nothing, and may not be told
COLUMNS = (
    "method", "places", "adders", "hits", "rate", "low", "high", "difference", "difference_low", "difference_high",
)  # fmt: skip


def hit_rates(cells: pd.DataFrame, products: Sequence[str]) -> pd.DataFrame:
    """Judge the ways of choosing on the last quarter whose additions are known, as seen at its beginning.

    hit = one of the products a customer added is among the first 1 or 3 offered

    Only customers who added a product are judged: `adders`. The difference to popularity is paired, its interval by
    bootstrap over customers.

    Parameters
    ----------
    cells : table of `basket_cells` with `added`; rows whose `added` is missing are not used.

    Returns
    -------
    Table, one row per method and number of places: `method`, `places`, `adders`, `hits`, `rate` with `low` and `high`
    (Wilson), `difference` of the rate to that of popularity with `difference_low` and `difference_high` (missing for
    popularity itself). Without rows where fewer than 11 added anything, or no earlier quarter is known.

    References
    ----------
    Efron (1979).
    """
    known = cells.dropna(subset=["added"]).astype({"added": "int64"})
    last = known["landmark"].max()
    past, now = known[known["landmark"] < last], known[known["landmark"] == last]
    adders = now[now["added"] > 0].reset_index(drop=True)
    if past.empty or adders["customers"].sum() < FEWEST_ADDERS:
        return pd.DataFrame(columns=list(COLUMNS))
    order = {method: ranked(offers(method, adders, past=past, now=now, products=products)) for method in METHODS}
    added, customers = holds(adders["added"], products), adders["customers"].to_numpy("int64")
    rows = []
    for places in PLACES:
        hits = {method: _hit(places_of[:, :places], added) for method, places_of in order.items()}
        rows += [
            {
                "method": method,
                "places": places,
                **_rate(hit, customers),
                **_difference(hit, hits["popularity"], customers),
            }
            for method, hit in hits.items()
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _hit(first: Integers, added: Truths) -> Truths:
    """Whether any of the first places is a product that was added."""
    return np.asarray((np.take_along_axis(added, np.maximum(first, 0), axis=1) & (first >= 0)).any(axis=1))


def _rate(hit: Truths, customers: Integers) -> dict[str, float]:
    total, hits = int(customers.sum()), int(customers[hit].sum())
    low, high = share_interval(hits, total)
    return {"adders": total, "hits": hits, "rate": hits / total, "low": low, "high": high}


def _difference(hit: Truths, other: Truths, customers: Integers) -> dict[str, float]:
    """How much more often one way hits than the other, over the same customers; missing for the way itself.

    Customers are alike when both ways do alike on them: a draw of customers is a draw of how many there are of each.
    """
    names = ("difference", "difference_low", "difference_high")
    gained, lost = (int(customers[one & ~two].sum()) for one, two in ((hit, other), (other, hit)))
    if hit is other:
        return dict.fromkeys(names, float("nan"))
    total = int(customers.sum())
    drawn = np.random.default_rng(SEED).multinomial(
        total, np.array([gained, lost, total - gained - lost]) / total, DRAWS
    )
    low, high = percentile_interval(((drawn[:, 0] - drawn[:, 1]) / total)[:, None])
    return dict(zip(names, ((gained - lost) / total, low[0], high[0]), strict=True))


def told_hits(hits: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """Hit rates that may be published: `masked` where 1 to `smallest` - 1 customers hit, or missed.

    Figures of a masked row are missing, and so is the difference to a masked row of popularity.
    """
    missed = hits["adders"] - hits["hits"]
    small = hits["hits"].between(1, smallest - 1) | missed.between(1, smallest - 1)
    popular = hits["places"].isin(hits.loc[small & (hits["method"] == "popularity"), "places"])
    hidden = {name: hits[name].mask(small) for name in ("hits", "rate", "low", "high")}
    gains = {name: hits[name].mask(small | popular) for name in ("difference", "difference_low", "difference_high")}
    return hits.assign(**hidden, **gains, masked=small)


def chosen(hits: pd.DataFrame, cells: pd.DataFrame) -> Method:
    """The way of choosing that is used: that with the most hits at three, where it clearly beats popularity.

    Popularity where none does. Unjudged, additions where enough are known to learn from, else rules.
    """
    if hits.empty:
        known = cells[cells["added"].fillna(0) > 0]
        return "additions" if known["customers"].sum() >= FEWEST_ADDERS else "rules"
    able = hits[(hits["places"] == PLACES[-1]) & hits["method"].isin(USABLE) & (hits["difference_low"] > 0)]
    ordered = able.sort_values(["hits", "method"], ascending=[False, True])
    method: Method = ordered["method"].iloc[0] if len(ordered) else "popularity"
    return method
