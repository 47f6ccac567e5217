"""How many tickets each theme has, how that moved, and where: small groups masked."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.desk import BEFORE, NOT_NAMED, NOW
from analysis.measures.disclosure import masked
from analysis.measures.interval import clearly_different
from analysis.measures.ratios_by import published_ratios, ratios_by

Rows = nw.LazyFrame[Any]

MOST_REGIONS = 60  # further ones are told together
OTHER_REGIONS = "all others"


def theme_shares(rows: Rows | None, names: list[str], *, smallest: int) -> pd.DataFrame:
    """Tickets and their share by theme, in the order of `names`, beside the quarter before.

    Returns
    -------
    Table, one row per theme: `theme`, `tickets`, `share` (of the quarter's tickets with a text), `low`, `high`,
    `previous` (share of the quarter before; missing without one), `moved` (whether the two differ by more than chance
    allows), `masked` (too few customers, this quarter or the one before).
    """
    if rows is None:
        return pd.DataFrame(columns=["theme", "masked", "tickets", "share", "low", "high", "previous", "moved"])
    parts = {}
    for period in (NOW, BEFORE):
        own = rows.filter(nw.col("period") == period)
        sides = [(nw.col("theme") == name).cast(nw.Int64).alias(f"t{place}") for place, name in enumerate(names)]
        ratios = {f"t{place}": (f"t{place}", "each") for place in range(len(names))}
        found = ratios_by(own.with_columns(*sides, every=nw.lit(""), each=nw.lit(1)), ratios, by="every", key="caller")
        # A row per theme; each theme is a cell of the same whole.
        cells = found.assign(group=found["ratio"].str[1:].astype(int), ratio="share").sort_values("group")
        parts[period] = _published(cells.assign(people=_people(own, names, cells["group"])), names, smallest)
    now, before = parts[NOW], parts[BEFORE]
    table = now[["theme", "masked"]].assign(
        tickets=now["top"], share=now["value"], low=now["low"].clip(lower=0), high=now["high"], previous=before["value"]
    )
    pairs = zip(now["value"], now["bottom"], before["value"], before["bottom"], strict=True)
    return table.assign(moved=[_clearly(*pair) for pair in pairs])


def _people(own: Rows, names: list[str], places: pd.Series) -> pd.Series:
    """People behind each theme, by its place among the names."""
    counted = to_pandas(own.group_by("theme").agg(n=nw.col("person").n_unique())).set_index("theme")["n"]
    return places.map(lambda place: float(counted.get(names[place], 0)))


def _published(cells: pd.DataFrame, names: list[str], smallest: int) -> pd.DataFrame:
    if cells.empty:
        columns = ["value", "low", "high", "top", "bottom"]
        return pd.DataFrame({"theme": names}).assign(**dict.fromkeys(columns, float("nan")), masked=False)
    safe = published_ratios(cells, smallest=smallest, shares=[])
    return safe.assign(theme=[names[place] for place in safe["group"]]).reset_index(drop=True)


def _clearly(now: float, n: float, before: float, m: float) -> bool:
    known = not any(pd.isna(one) for one in (now, n, before, m))
    return known and clearly_different(now, n, before, m)


def themes_by_region(rows: Rows | None, names: list[str], *, smallest: int) -> pd.DataFrame:
    """The quarter's tickets by region and theme, the largest regions first.

    Returns
    -------
    Table, one row per region: `region`, `tickets`, and for each theme its tickets under its name, `<theme>_masked`.
    Empty where all tickets are of one region, or none is known.
    """
    if rows is None:
        return pd.DataFrame(columns=["region", "tickets"])
    own = rows.filter(nw.col("period") == NOW).with_columns(region=nw.coalesce(nw.col("region"), nw.lit(NOT_NAMED)))
    counted = own.group_by("region", "theme").agg(tickets=nw.len(), people=nw.col("person").n_unique())
    found = to_pandas(counted)
    sizes = found.groupby("region")["tickets"].sum().reset_index()
    if len(sizes) < 2:
        return pd.DataFrame(columns=["region", "tickets"])
    order = sizes.sort_values(["tickets", "region"], ascending=[False, True])["region"].tolist()
    kept = set(order[:MOST_REGIONS])
    merged = found.assign(region=found["region"].where(found["region"].isin(kept), OTHER_REGIONS))
    cells = merged.groupby(["region", "theme"], as_index=False)[["tickets", "people"]].sum()
    regions = [name for name in order if name in kept] + ([OTHER_REGIONS] if len(order) > MOST_REGIONS else [])
    full = pd.MultiIndex.from_product([regions, names], names=["region", "theme"])
    grid = cells.set_index(["region", "theme"]).reindex(full, fill_value=0).reset_index()
    return _wide(grid, regions, names, smallest)


def _wide(grid: pd.DataFrame, regions: list[str], names: list[str], smallest: int) -> pd.DataFrame:
    safe = masked(grid, by=["region", "theme"], count="people", values=["tickets"], minimum=smallest)
    sums = grid.groupby("region")["tickets"].sum()
    people = grid.groupby("region")["people"].sum()
    table = pd.DataFrame({"region": regions})
    totals = sums.reindex(regions).astype("float64").to_numpy()
    small = (people.reindex(regions) < smallest).to_numpy()
    table = table.assign(tickets=pd.Series(totals).mask(small), tickets_masked=small)
    for name in names:
        part = safe[safe["theme"] == name].set_index("region").reindex(regions)
        table[name], table[f"{name}_masked"] = part["tickets"].to_numpy(), part["masked"].astype(bool).to_numpy()
    return table
