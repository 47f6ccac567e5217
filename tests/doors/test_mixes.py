"""Must hold: both doors balance, whatever mix of defects a source brings."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.promises.provider import AS_OF, described

from analysis.basis.errors import InputRefused
from analysis.extracts.contract import CONTRACT, Column, Table
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import Extracts, intake
from analysis.extracts.mapping import read_source

TABLES = ("customers", "subscriptions", "invoices", "usage", "tickets", "surveys", "network", "campaigns", "contacts")
CUSTOMERS, CAMPAIGNS = ("A", "B", "C"), ("K", "L", "M")
LATER = "2025-03-01"
GOOD = {
    "date": "2024-05-01", "time": "2024-05-01 09:30:00", "month": "2024-05-01", "money": "29.90", "number": "3.5",
    "integer": "3", "boolean": "yes",
}  # fmt: skip
DEFECTS = {  # what a cell may hold instead, by the column's type: odd but good, doubtful, and impossible
    "id": ("", " ", "NULL", "n/a", "0", "test", "A\u200bB", "A\x07", "nobody", "007", "12E5", "a"),
    "text": ("", "NA", "None", "=1+1", "<script>", "x" * 11_000, "unknown", "\u202ex"),
    "date": ("", LATER, "2024-13-01", "2024-02-30", "1900-01-00", "9999-12-31", "1970-01-01", "x", "2020-01-01"),
    "number": ("", "-1", "nan", "inf", "1e400", "1,000", "1.234,56", "many", "1e308", "29.85元", "2.5"),
    "boolean": ("", "maybe", "N", "1"),
}
TORN = ("one field more", "one field less", "words alone", "the header again", "a total", "a blank line", "stray quote")


class Row(NamedTuple):
    """A line of an extract: cells, or a record that is torn in a way."""

    cells: tuple[str, ...]
    torn: str | None = None


class Mix(NamedTuple):
    """The text of one extract, and how many records it holds below the header."""

    text: str
    records: int


def kind(column: Column) -> str:
    if column.type == "text":
        return "id" if column.name.endswith("_id") else "text"
    return {"time": "date", "month": "date", "money": "number", "integer": "number"}.get(column.type, column.type)


def good(table: Table, place: int) -> tuple[str, ...]:
    """The cells of a row without a defect; a row of another place has another key, where the table has one."""
    cells = {column.name: GOOD.get(column.type) or (column.values or ("x",))[0] for column in table.columns}
    open_ends = dict.fromkeys(table.settled_by, "") | {"birth_year": "1980", "evening_share": "0.5"}
    own = {name: f"{name}-{place}" for name in table.key}
    named = {"customer_id": CUSTOMERS[place % 3], "campaign_id": CAMPAIGNS[place % 3]}
    row = cells | open_ends | own | named | {"month": f"2024-{place % 12 + 1:02}-01"}
    return tuple(row[column.name] for column in table.columns)


def narrowed(table: Table, optional: frozenset[int]) -> Table:
    """The table with its required columns, its own dates, and a few others: what an extract may hold."""
    kept = {column.name for column in table.columns if column.required} | set(table.own_date)
    others = [column.name for column in table.columns if column.name not in kept]
    kept |= {others[place % len(others)] for place in optional if others}
    return replace(table, columns=tuple(column for column in table.columns if column.name in kept))


@st.composite
def rows(draw: st.DrawFn, table: Table) -> Row:
    """A good row, one with up to three odd cells, or a torn one."""
    cells = list(good(table, draw(st.integers(0, 11))))
    if draw(st.integers(0, 9)) == 0:
        return Row(tuple(cells), draw(st.sampled_from(TORN)))
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 1, 2, 3)))):
        place = draw(st.integers(0, len(cells) - 1))
        cells[place] = draw(st.sampled_from(DEFECTS[kind(table.columns[place])]))
    return Row(tuple(cells))


@st.composite
def extracts(draw: st.DrawFn) -> dict[str, Mix]:
    """One or two tables, each a header and up to twelve records; equal and contradicting rows come by repetition."""
    names = draw(st.lists(st.sampled_from(TABLES), min_size=1, max_size=2, unique=True))
    some = draw(st.frozensets(st.integers(0, 20), max_size=3))
    tables = {name: narrowed(CONTRACT[name], some) for name in names}
    return {name: text(table, draw(st.lists(rows(table), min_size=1, max_size=12))) for name, table in tables.items()}


def text(table: Table, found: list[Row]) -> Mix:
    lines = [",".join(table.names), *(line(row, table) for row in found)]
    return Mix("\n".join(lines) + "\n", sum(bool(one.strip()) for one in lines[1:]))


def line(row: Row, table: Table) -> str:
    cells = [f'"{cell}"' if "," in cell else cell for cell in row.cells]
    torn = {
        None: cells,
        "one field more": [*cells, "more"],
        "one field less": cells[:-1],
        "words alone": ["Extract of May"],
        "the header again": list(table.names),
        "a total": ["Total", *[""] * (len(cells) - 2), "12"],
        "a blank line": [],
        "stray quote": ['"stray" quote', *cells[1:]],
    }
    return ",".join(torn[row.torn])


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as one:
        yield one


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    base = tmp_path_factory.mktemp("mixes")
    return (base / str(count) for count in itertools.count())


OUTCOMES: list[str] = []


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mixes=extracts())
def test_both_doors_balance_for_any_mix_of_defects(
    mixes: dict[str, Mix], engine: Engine, folders: Iterator[Path]
) -> None:
    folder = next(folders)
    source = described(folder, {f"{name}.csv": mix.text for name, mix in mixes.items()})
    got: Extracts | InputRefused
    try:
        got = intake(read_source(source, environ={}), engine, as_of=AS_OF)
    except InputRefused as refusal:
        got = refusal
    shutil.rmtree(folder)
    if isinstance(got, Extracts):
        assert_balanced(got, {name: mix.records for name, mix in mixes.items()})
    else:
        assert re.fullmatch(r"[^:]+: expected .+, found .+\. .+", str(got), re.DOTALL)
    OUTCOMES.append(type(got).__name__)
    event(OUTCOMES[-1])


def test_most_mixes_were_taken_in() -> None:
    """Runs after the mixes: a refusal balances nothing."""
    assert OUTCOMES.count("Extracts") > 250 or len(OUTCOMES) < 500


def assert_balanced(got: Extracts, records: Mapping[str, int]) -> None:
    quarantine = {name: to_pandas(rows) for name, rows in got.quarantine.items()}
    unreadable = quarantine.pop("unreadable", pd.DataFrame({"file": []}))
    aside = got.findings[got.findings["severity"] == "set_aside"]
    for raw in got.raw.itertuples():
        assert raw.lines == records[raw.file.removesuffix(".csv")]
        assert raw.lines == raw.parsed + raw.unreadable
        assert raw.unreadable == (unreadable["file"] == raw.file).sum()
    assert set(quarantine) <= set(got.doors["table"])
    for door in got.doors.itertuples():
        parsed = int(got.raw.set_index("file").at[f"{door.table}.csv", "parsed"])
        assert door.selected == parsed
        assert door.selected == door.accepted + door.set_aside + door.duplicates + door.later
        waiting = quarantine.get(door.table, pd.DataFrame({"line": []}))
        used = to_pandas(got.tables[door.table])["_line"]
        assert len(waiting) == door.set_aside == aside[aside["table"] == door.table]["rows"].sum()
        assert len(used) == door.accepted
        assert waiting["line"].is_unique
        assert not set(used) & set(waiting["line"])


@pytest.mark.parametrize("name", TABLES)
def test_a_row_without_a_defect_is_accepted(name: str, tmp_path: Path, engine: Engine) -> None:
    """What the mixes begin with: else they would show the same defect five hundred times."""
    parents = {other: CONTRACT[other] for other in ("customers", "campaigns") if other != name}
    tables = {other: [good(table, place) for place in range(3)] for other, table in parents.items()}
    files = {
        f"{other}.csv": text(CONTRACT[other], [Row(cells) for cells in rows]).text
        for other, rows in (tables | {name: [good(CONTRACT[name], place) for place in range(3)]}).items()
    }
    got = intake(read_source(described(tmp_path, files), environ={}), engine, as_of=AS_OF)
    assert got.doors.set_index("table").loc[name].tolist() == [3, 3, 0, 0, 0]
    assert list(got.findings["severity"].unique()) in ([], ["note"])
