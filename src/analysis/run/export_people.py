"""Who the customers of a run are, and what they permit, from the source as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.people import People, read_people
from analysis.frames.population import population
from analysis.policy.handover import Known, known_words
from analysis.policy.handover_names import first_identity
from analysis.run.consents import NEEDED, check_consents
from analysis.run.store import Run

Rows = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Persons:
    """`known` is what lists need; `identities` has a row per customer, None where the source gives none."""

    known: Known
    identities: Rows | None


def persons(run: Run) -> Persons:
    """Customers under the keys they hold now, without who asked to be erased since, and what is known of them.

    Raises
    ------
    InputRefused
        When the source tells no more who refuses contact.
    """
    found = read_people(run.source, run.engine, key=run.key)
    check_consents(run.tables().get(NEEDED), found.tables.get(NEEDED), source=run.source.shown)
    tables = _held_now(found, run)
    engine = run.engine
    ids = engine.table(_ids(found, run))
    gone = engine.table(pd.DataFrame({"customer_id": pd.Series(found.erased, dtype="object")}))
    here = tables["customers"].select("customer_id").unique().join(gone, on="customer_id", how="anti")
    people = here.join(ids, on="customer_id", how="inner")
    words = engine.table(known_words(tables.get(NEEDED), ids))
    known = Known(
        engine.table(people),
        words,
        engine.table(found.unclear),
        tuple(run.params.export.channels),
        NEEDED in tables,
    )
    identities = tables.get("identities")
    return Persons(known, None if identities is None else engine.table(first_identity(identities)))


def _ids(found: People, run: Run) -> Rows:
    """The source's id of every key; without a table of customers, and without pseudonyms, keys are the source's own."""
    if run.key or "customers" in found.tables:
        return found.ids
    return run.read("customers").select("customer_id", source_id=nw.col("customer_id"))


def _held_now(found: People, run: Run) -> dict[str, Rows]:
    """The tables with every row under the key its customer holds now; as they are where nothing says who moved."""
    if "customers" in found.tables:
        return population(found.tables, engine=run.engine).tables
    own = {name: rows.with_columns(account_id=nw.col("customer_id")) for name, rows in found.tables.items()}
    return {"customers": run.read("customers").select("customer_id")} | own
