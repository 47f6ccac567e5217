"""Who kept the value tier of the quarter before, who rose and who fell."""

from __future__ import annotations

import pandas as pd

from analysis.measures.disclosure import masked
from analysis.measures.interval import share_interval
from analysis.measures.value_tiers import TIERS

MOVES = ("kept", "rose", "fell")
COLUMNS = (
    "tier",
    "customers",
    "masked",
    *(f"{move}{end}" for move in MOVES for end in ("", "_low", "_high", "_masked")),
)


def tier_moves(now: pd.DataFrame, before: pd.DataFrame | None, *, smallest: int) -> pd.DataFrame:
    """What became of the customers of each tier of the quarter before, of those who had a tier in both quarters.

    Parameters
    ----------
    now, before : stage tables `customer_value` of this report and of the one of the quarter before; None without one.

    Returns
    -------
    Table, a first row for all (`tier` missing), then one per tier of the quarter before: `tier`, `customers`,
    `masked`, and `kept`, `rose`, `fell`: shares of them, each with `_low`, `_high` (Wilson's 95 % interval) and
    `_masked`; missing where nobody can move that way. Empty where no customer had a tier in both.
    """
    if before is None or "value_tier" not in before.columns:
        return pd.DataFrame(columns=list(COLUMNS))
    both = now[["customer_id", "value_tier"]].merge(
        before[["customer_id", "value_tier"]], on="customer_id", suffixes=("", "_before"), validate="one_to_one"
    )
    places = {tier: place for place, tier in enumerate(TIERS)}
    new, old = both["value_tier"].map(places), both["value_tier_before"].map(places)
    pairs = pd.crosstab(old, new).reindex(index=range(len(TIERS)), columns=range(len(TIERS)), fill_value=0)
    if not pairs.to_numpy().sum():
        return pd.DataFrame(columns=list(COLUMNS))
    cells = _cells(pairs)
    hidden = masked(cells, by=["tier", "move"], count="customers", values=[], minimum=smallest)["masked"]
    cells = cells.assign(masked=hidden)
    return pd.DataFrame([_row(cells, tier) for tier in (None, *TIERS)], columns=list(COLUMNS))


def _cells(pairs: pd.DataFrame) -> pd.DataFrame:
    """Customers by former tier and move, with all totals; ways that a tier cannot move have no cell."""
    rows = [
        (TIERS[old], "kept" if new == old else "rose" if new < old else "fell", int(pairs.at[old, new]))
        for old in pairs.index
        for new in pairs.columns
    ]
    cells = pd.DataFrame(rows, columns=["tier", "move", "customers"]).groupby(["tier", "move"], as_index=False).sum()
    sums = [cells.groupby(side, as_index=False)["customers"].sum() for side in ("tier", "move")]
    whole = pd.DataFrame({"customers": [cells["customers"].sum()]})
    return pd.concat([cells, *sums, whole], ignore_index=True)


def _row(cells: pd.DataFrame, tier: str | None) -> dict[str, object]:
    """One row of the table: shares of the customers who were in the tier."""
    own = cells[cells["tier"].isna() if tier is None else cells["tier"] == tier]
    of = own.set_index(own["move"].fillna("all"))
    whole, unknown = int(of.at["all", "customers"]), bool(of.at["all", "masked"])
    row: dict[str, object] = {"tier": tier, "customers": float("nan") if unknown else whole, "masked": unknown}
    for move in MOVES:
        possible = move in of.index and whole > 0
        secret = possible and (unknown or bool(of.at[move, "masked"]))
        told = possible and not secret
        count = int(of.at[move, "customers"]) if told else 0
        low, high = share_interval(count, whole) if told else (float("nan"), float("nan"))
        row |= {move: count / whole if told else float("nan"), f"{move}_low": low, f"{move}_high": high}
        row[f"{move}_masked"] = secret
    return row
