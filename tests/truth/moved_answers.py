"""A simulated provider's answers with their features, and what truly moved them, without a detour by files."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.extracts.contract import CONTRACT
from analysis.extracts.demo.chunk import live
from analysis.extracts.demo.days import date_of, first_day
from analysis.extracts.demo.parameters import Parameters
from analysis.extracts.demo.shared import network
from analysis.extracts.demo.truth_files import driver_effects
from analysis.extracts.demo.world import World, world
from analysis.extracts.demo.write import CHUNK, _labels, _tables
from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.answered import answered
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.frames.spells import spells

AS_OF, MONTHS = dt.date(2026, 9, 30), 36
WANTED = ("customers", "subscriptions", "usage", "tickets", "surveys")
TYPES = {
    "text": pa.string(), "date": pa.date32(), "month": pa.date32(), "time": pa.timestamp("us"),
    "money": pa.decimal128(18, 4), "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_(),
}  # fmt: skip


def answers_of(seed: int, customers: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Every answer with what was known the day before, and the true effects by score and driver."""
    there = world(seed=seed, months=MONTHS, until=AS_OF, parameters=Parameters())
    parts: dict[str, list[pa.Table]] = {name: [] for name in WANTED}
    felt = []
    for chunk, start in enumerate(range(0, customers, CHUNK)):
        state, book = live(there, chunk=chunk, size=min(CHUNK, customers - start))
        made = _tables(state, book, _labels(state, there, chunk=chunk, language="en"))
        for name in WANTED:
            parts[name] += [typed(name, made[name])] if name in made else []
        felt.append(book.rows("answers"))
    tables = {name: pa.concat_tables(rows) for name, rows in parts.items()} | {
        "network": typed("network", network(there))
    }
    return features_of(tables, there), driver_effects(felt, there)


def features_of(tables: dict[str, pa.Table], there: World) -> pd.DataFrame:
    """The rows that the report learns drivers of satisfaction from."""
    covers = {"usage": date_of(first_day(there.usage_from)), "network": date_of(first_day(there.network_from))}
    seen = Observation(as_of=AS_OF, observed_from=date_of(there.observed_from), covers_from=covers)
    seen = seen.informed({name: CONTRACT[name].names for name in tables})
    with Engine(threads=1) as engine:
        people = population({name: engine.table(rows) for name, rows in tables.items()}, engine=engine).tables
        rows = to_pandas(answered(people, engine.table(spells(people, seen)), seen))
    return rows.sort_values("survey_id", ignore_index=True)


def typed(name: str, cells: dict[str, Any]) -> pa.Table:
    """Columns of a file as the contract types them."""
    return pa.table({column.name: _cast(cells[column.name], TYPES[column.type]) for column in CONTRACT[name].columns})


def _cast(cell: Any, type: pa.DataType) -> Any:
    plain = cell.cast(pa.string()) if pa.types.is_dictionary(cell.type) else cell
    if pa.types.is_boolean(type) and pa.types.is_string(plain.type):
        return pc.equal(plain, "true")
    return plain.cast(type)
