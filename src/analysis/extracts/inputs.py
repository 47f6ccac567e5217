"""What the tables of a database hold now, for who wants to know whether they changed."""

from __future__ import annotations

from analysis.extracts.crosswalk import crosswalk_table
from analysis.extracts.engine import Engine
from analysis.extracts.mapping import Source
from analysis.extracts.read import offered, read_raw
from analysis.extracts.selected import IDENTITIES, only_optional, raw_tables, wanted


def database_inputs(source: Source) -> dict[str, str]:
    """Raw table → digest of its rows, for every table that would be taken in; all of them are read to know it.

    A database keeps no note of when a table last changed that could be trusted.
    """
    with Engine() as engine:
        tables = offered(source)
        needs = wanted(source, tables) | {IDENTITIES: raw_tables(source, tables, IDENTITIES)}
        raws, spare = crosswalk_table(source, tables).union(*needs.values()), only_optional(source, needs)
        with read_raw(source, tables, sorted(raws), engine=engine, may_be_empty=spare) as read:
            return {str(file["file"]): str(file["sha256"]) for file in read.files()}
