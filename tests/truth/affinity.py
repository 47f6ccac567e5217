"""Offers beside what simulated customers went on to add: products whose affinities are planted, seed by seed.

Each seed makes a demo and judges the offers twice: on the last quarter of the extracts, as the report does, and on the
realised future after the as-of date, which no extract holds.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import narwhals as nw
import pandas as pd
from tests.truth.table import Table

from analysis.extracts.demo import write_demo
from analysis.extracts.engine import Engine
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source
from analysis.frames.baskets import Baskets, baskets, landmarks
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.models.hit_rate import hit_rates
from analysis.models.next_product import basket_cells

AS_OF = dt.date(2026, 9, 30)
FEWEST = 200  # adders from whom a difference of a tenth can be told from chance


class Size(NamedTuple):
    """Seeds and accounts of a part, and from how many adders on a line is judged by its interval."""

    seeds: int
    accounts: int
    fewest: int = FEWEST


FULL, QUICK = Size(10, 20_000), Size(1, 8_000)


def tables(quick: bool, out: Path) -> list[Table]:
    return made(QUICK if quick else FULL, out)


def made(size: Size, out: Path) -> list[Table]:
    """The table of this part: two lines per seed."""
    found = [rows for seed in range(1, size.seeds + 1) for rows in compared(seed, size, out)]
    title = "Share of adders to whom one of three offers would have named the product, beside popularity"
    return [Table("affinity_hits", title, judged(pd.DataFrame(found), fewest=size.fewest))]


def judged(rows: pd.DataFrame, *, fewest: int) -> pd.DataFrame:
    """Whether offers clearly beat popularity; of few adders, whether they beat it at all."""
    clear = rows["low"].where(rows["adders"] >= fewest, rows["difference"]) > 0
    return rows.assign(holds=clear)


def compared(seed: int, size: Size, out: Path) -> list[dict[str, object]]:
    """A seed's figures for the last quarter, and for the future."""
    with tempfile.TemporaryDirectory(dir=out) as name, Engine() as engine:
        folder = Path(name) / "extracts"
        write_demo(folder, customers=size.accounts, seed=seed, until=AS_OF, truth=True)
        held = held_in(folder, engine)
        future = with_future(held, pd.read_parquet(folder / "truth/added.parquet"), engine)
        return [
            {"seed": seed, "quarter": when, **figures(hit_rates(basket_cells(rows, "added"), held.products))}
            for when, rows in (("last", held.rows), ("next", future))
        ]


def held_in(folder: Path, engine: Engine) -> Baskets:
    """The baskets of a demo, from its extracts alone."""
    source = read_source(folder, environ=os.environ)
    people = population(intake(source, engine, as_of=AS_OF).tables, engine=engine)
    seen = Observation(AS_OF, source.observed_from, source.covers_from, source.known_at)
    return baskets(people.tables, days=landmarks(seen), observation=seen, engine=engine)


def with_future(held: Baskets, added: pd.DataFrame, engine: Engine) -> nw.LazyFrame:
    """The baskets, with what was added after the as-of date in the realised future."""
    new = added[added["kind"] == "new"]
    bits = new["product"].map({product: 2**place for place, product in enumerate(held.products)})
    taken = bits.groupby(new["customer_id"]).sum().rename("taken").reset_index()
    joined = held.rows.join(engine.table(taken), on="customer_id", how="left")
    later = nw.when(nw.col("landmark") == AS_OF).then(nw.coalesce(nw.col("taken"), nw.lit(0)))
    return joined.with_columns(added=nw.coalesce(nw.col("added"), later))


def figures(hits: pd.DataFrame) -> dict[str, float]:
    """Hit rates at three by additions, by what most added and by popularity; and at one."""
    at = hits.set_index(["method", "places"])
    used = at.loc[("additions", 3)]
    return {
        "adders": used["adders"],
        "first": at.at[("additions", 1), "rate"],
        "popular_first": at.at[("popularity", 1), "rate"],
        "three": used["rate"],
        "most_added": at.at[("most_added", 3), "rate"],
        "popular": at.at[("popularity", 3), "rate"],
        "difference": used["difference"],
        "low": used["difference_low"],
        "high": used["difference_high"],
    }
