"""The demo's files: one CSV per contract table and the truth, made chunk by chunk, put into place as a whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

from analysis.basis.errors import ParamsError, StorageFailed
from analysis.extracts.contract import CONTRACT
from analysis.extracts.demo import tables
from analysis.extracts.demo.accounts import customers, identities
from analysis.extracts.demo.book import Book, Columns
from analysis.extracts.demo.cells import Cells, ids
from analysis.extracts.demo.chunk import live
from analysis.extracts.demo.names import Language
from analysis.extracts.demo.parameters import Parameters
from analysis.extracts.demo.settle import never_paid, settled, spoiled
from analysis.extracts.demo.shared import campaigns, network
from analysis.extracts.demo.source import source_description
from analysis.extracts.demo.state import State
from analysis.extracts.demo.tables import PER_CHUNK, Labels
from analysis.extracts.demo.truth import Effort
from analysis.extracts.demo.truth_files import FILES, TRUTH, Teller, Told, teller, write_truth
from analysis.extracts.demo.world import World, world

CHUNK = 2_000  # accounts made at a time: a constant, because the random numbers of an account depend on it
SOURCE = "source.yml"
DEFAULT = Parameters()

Files = Mapping[str, BinaryIO]
Tables = dict[str, dict[str, Cells]]

FROM_BOOK: dict[str, Callable[[Columns, Labels], dict[str, Cells]]] = {
    "subscriptions": tables.subscriptions, "invoices": tables.invoices, "usage": tables.usage,
    "tickets": tables.tickets, "surveys": tables.surveys, "contacts": tables.contacts, "leads": tables.leads,
    "work_orders": tables.work_orders, "consents": tables.consents,
}  # fmt: skip


def write_demo(
    folder: Path, *, customers: int = 8000, months: int = 36, seed: int = 1, until: date = date(2026, 9, 30),
    names: Language = "en", truth: bool = False,
    parameters: Parameters = DEFAULT,
) -> None:  # fmt: skip
    """Write the extracts of a simulated provider: a CSV file per contract table, and a `source.yml` that reads them.

    A very small demo leaves out tables in which nothing happened.
    The same arguments give the same bytes. The first chunk of accounts is the same whatever `customers` is.

    Parameters
    ----------
    folder
        Made as a whole; an earlier demo in its place is replaced, anything else is left alone.
    customers
        Accounts on the books on the window's first day or acquired in it. Accounts opened by house moves
        (about one in twenty) come on top.
    months
        Length of the window in whole months.
    until
        Last day of the window and of the extracts: the last day of a month.
    names
        Language of the names of plans, regions and campaigns and of the tickets' texts.
    truth
        Also write the folder `truth`: every active customer's chances of leaving and value, the types of behaviour,
        and one future. The extracts are the same with it and without.
    parameters
        Others than the default ones, as `Parameters.with_newcomer` gives.

    Raises
    ------
    ParamsError
        For numbers that make no demo.
    StorageFailed
        When the folder holds something else, or cannot be written.
    """
    _check(customers=customers, months=months, seed=seed, until=until, begins=_begins(parameters))
    _check_place(folder)
    there = world(seed=seed, months=months, until=until, parameters=parameters)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _write_files(made, there, customers, names, teller(there, Effort()) if truth else None)
            (made / SOURCE).write_text(source_description(there, files="."), encoding="utf-8")
            _move_into_place(made, folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise StorageFailed(
            str(folder), expected="a folder that can be written", found=str(error), do="Name another folder."
        ) from error


def _begins(parameters: Parameters) -> date | None:
    """The day on which a new behaviour begins, where there is one."""
    new = parameters.behaviours.newcomer
    return new.begins if new else None


def _check(*, customers: int, months: int, seed: int, until: date, begins: date | None) -> None:
    """Refuse numbers that make no demo."""
    tests = (
        ("customers", customers, customers >= 1, "at least 1"),
        ("months", months, 1 <= months <= 600, "1 to 600"),
        ("seed", seed, seed >= 0, "0 or more"),
        ("until", until, (until + timedelta(days=1)).day == 1, "the last day of a month"),
        ("new type", begins, not begins or (begins.day, begins.month % 3) == (1, 1), "the first day of a quarter"),
    )
    for name, value, good, expected in tests:
        if not good:
            raise ParamsError(f"demo, {name}", expected=expected, found=str(value), do=f"Give another {name}.")


def _check_place(folder: Path) -> None:
    """Refuse to replace anything but an earlier demo."""
    if not folder.exists():
        return
    known = {f"{table}.csv" for table in CONTRACT} | {SOURCE, TRUTH} | {f"{TRUTH}/{name}" for name in FILES}
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) or [folder.name]
    strange = [name for name in found if name not in known]
    if strange or not folder.is_dir():
        raise StorageFailed(
            str(folder), expected="a new folder, or an earlier demo to replace", found=strange[0],
            do="Name another folder, or move what is there away.",
        )  # fmt: skip


def _move_into_place(made: Path, folder: Path) -> None:
    """Put the new folder where the old one was, which goes last."""
    made.chmod(0o755)
    old = made.with_name(made.name + "-old")
    if folder.exists():
        folder.rename(old)
    made.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _write_files(folder: Path, there: World, size: int, language: Language, by: Teller | None) -> None:
    told: list[Told] = []
    with ExitStack() as stack:
        files = {table: stack.enter_context((folder / f"{table}.csv").open("wb")) for table in CONTRACT}
        heads = {table: (",".join(CONTRACT[table].names) + "\n").encode() for table in files}
        for table, file in files.items():
            file.write(heads[table])
        _append({"network": network(there), "campaigns": campaigns(there, language)}, files)
        for chunk, start in enumerate(range(0, size, CHUNK)):
            state, book = live(there, chunk=chunk, size=min(CHUNK, size - start))
            labels = _labels(state, there, chunk=chunk, language=language)
            _append(_tables(state, book, labels), files)
            told += [by.told(state, book, labels)] if by else []
        for table, file in files.items():
            if file.tell() == len(heads[table]):
                (folder / f"{table}.csv").unlink()
    if by:
        write_truth(folder / TRUTH, told, by)


def _append(made: Tables, files: Files) -> None:
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    for table, cells in made.items():
        rows = pa.table({name: cells[name] for name in CONTRACT[table].names})
        if rows.num_rows:
            csv.write_csv(rows, files[table], options)


def chunk_tables(there: World, *, chunk: int, size: int, language: Language) -> Tables:
    """The contract tables of a chunk, as they are known on the last day."""
    state, book = live(there, chunk=chunk, size=size)
    return _tables(state, book, _labels(state, there, chunk=chunk, language=language))


def _tables(state: State, book: Book, labels: Labels) -> Tables:
    there, joined = labels.world, _joined(state, labels.world)
    made: Tables = {"customers": customers(joined, labels), "identities": identities(joined, labels)}
    for table, columns in FROM_BOOK.items():
        rows = book.rows(table)
        if not rows:
            continue
        rows = _seen(rows, labels)
        rows["number"] = np.arange(len(rows[next(iter(rows))]))
        rows = never_paid(rows, state) if table == "invoices" else rows
        rows = spoiled(settled(rows, table, until=there.until), table, world=there, chunk=labels.chunk)
        made[table] = columns(rows, labels)
    return made


def _seen(rows: Columns, labels: Labels) -> Columns:
    """Rows without those of accounts that left before the window."""
    if "customer" not in rows:
        return dict(rows)
    keep = (rows["customer"] < 0) | (labels.number[rows["customer"]] >= 0)
    return {name: values[keep] for name, values in rows.items()}


def _joined(state: State, there: World) -> State:
    """The accounts that have joined by the last day."""
    return state.take(np.flatnonzero(state.signup <= there.until))


def _labels(state: State, there: World, *, chunk: int, language: Language) -> Labels:
    """Customer numbers in the order of the accounts the window can see, with gaps for those still to come."""
    account = _joined(state, there).account
    size = int(state.account.max()) + 1
    place = np.full(size, -1)
    place[state.account] = np.arange(state.size)
    number = np.full(size, -1)
    number[account] = chunk * PER_CHUNK + place[account]
    known = ids("C", np.maximum(number, 0), 8)
    homes = ids("H", chunk * PER_CHUNK + np.arange(size), 8)
    return Labels(there, language, chunk, number, known, homes)
