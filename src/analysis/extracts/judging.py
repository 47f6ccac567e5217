"""Every contract table of a source, read and judged in turn; what refuses one is told with what refuses the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from analysis.basis.errors import InputRefused, LinecardError, ParamsError, together
from analysis.extracts.check import Checked, check_rows, set_orphans_aside
from analysis.extracts.contract import CONTRACT
from analysis.extracts.crosswalk import Customers
from analysis.extracts.day_month import order_of, put_in_order
from analysis.extracts.engine import Engine, SqlError
from analysis.extracts.mapping import Source
from analysis.extracts.precedence import check_systems, join_systems
from analysis.extracts.raw_files import RawFiles
from analysis.extracts.read import RawRead
from analysis.extracts.refusals import check_columns, check_whole_columns, check_zones
from analysis.extracts.repeated import set_repeated_aside
from analysis.extracts.selected import prepared, select_refused


class Raw(NamedTuple):
    """A source, the raw tables it offers, and those in the engine."""

    source: Source
    files: RawFiles
    read: RawRead


def checked_tables(
    raw: Raw, needs: Mapping[str, set[str]], customers: Customers, *, as_of: dt.date
) -> dict[str, Checked]:
    """Every contract table of the source, judged; tables that others refer to come first.

    What refuses one table, or a file of it, is told with what refuses the others. Raw tables are in the engine only as
    long as a table is made of them: text takes more room than what it says.
    """
    checked: dict[str, Checked] = {}
    source, read, engine = raw.source, raw.read, customers.engine
    turns = sorted(needs, key=lambda name: (bool(CONTRACT[name].references), list(CONTRACT).index(name)))
    refused: list[LinecardError] = []
    for place, name in enumerate(turns):
        try:
            checked[name] = _judged(name, raw, needs, customers, as_of=as_of)
            read_on = needs[name].difference(*(needs[later] for later in turns[place + 1 :]))
            for table in sorted(read_on):
                read.let_go(table, engine=engine)
            check_whole_columns(checked[name], source=source, engine=engine)
            check_zones(checked[name], source=source, engine=engine)
            _settle(checked, name, source=source, as_of=as_of, engine=engine)
        except (InputRefused, ParamsError) as error:
            if source.database:  # what is wrong with one table may be the connection
                raise
            refused.append(error)
    if refused:
        raise together(refused)
    check_systems(checked, source=source)
    return {name: checked[name] for name in CONTRACT if name in checked}


def _judged(name: str, raw: Raw, needs: Mapping[str, set[str]], customers: Customers, *, as_of: dt.date) -> Checked:
    """One contract table: its raw tables read, its SELECT run, each row judged by itself."""
    source, files, read = raw
    engine = customers.engine
    for table in sorted(needs[name]):
        read.bring(table)
    selected = customers.translated(prepared(source, files, name, engine=engine))
    check_columns(selected, source=source)
    selected, order = put_in_order(selected, source=source, engine=engine)
    try:
        checked = check_rows(selected, source=source, as_of=as_of, engine=engine)
    except SqlError as error:
        raise select_refused(error, selected.sql, where=selected.where, engine=engine) from None
    checked.order = order
    return checked


def _settle(checked: dict[str, Checked], name: str, *, source: Source, as_of: dt.date, engine: Engine) -> None:
    """What a table's rows say of each other, and of the tables they refer to."""
    one = checked[name]
    one.order = one.order or order_of(CONTRACT[name], one.held, engine=engine)
    set_repeated_aside(one, source=source, as_of=as_of, engine=engine)
    join_systems(one, as_of=as_of, engine=engine)
    set_orphans_aside(one, checked, engine=engine)
