"""Same arguments, same bytes; chunks that do not know each other; a folder that appears as a whole."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as csv
import pytest

from analysis.basis.errors import ParamsError, StorageFailed
from analysis.extracts.contract import CONTRACT
from analysis.extracts.demo import write, write_demo
from analysis.extracts.demo.parameters import Parameters
from analysis.extracts.demo.world import world
from analysis.extracts.demo.write import CHUNK, chunk_tables
from analysis.extracts.engine import Engine
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source

SMALL = {"customers": 150, "months": 6}
SOURCE = Path(__file__).parents[3] / "params" / "sources" / "demo" / "source.yml"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_arguments_give_the_same_bytes(tmp_path):
    write_demo(tmp_path / "one", **SMALL)
    write_demo(tmp_path / "two", **SMALL)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_seed_gives_other_rows_in_every_table_but_the_campaigns(tmp_path):
    write_demo(tmp_path / "one", **SMALL)
    write_demo(tmp_path / "two", **SMALL, seed=2)
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert {name for name in one if one[name] == two[name]} == {"campaigns.csv", "source.yml"}


def test_a_chunk_is_the_same_whatever_comes_after_it(tmp_path):
    write_demo(tmp_path / "demo", customers=CHUNK + 40, months=3)
    there = world(seed=1, months=3, until=date(2026, 9, 30), parameters=Parameters())
    alone = chunk_tables(there, chunk=0, size=CHUNK, language="en")
    for table in ("customers", "subscriptions", "invoices", "usage", "tickets"):
        rows = pa.table({name: alone[table][name] for name in CONTRACT[table].names})
        made = io.BytesIO()
        csv.write_csv(rows, made, csv.WriteOptions(include_header=False, quoting_style="none"))
        written = (tmp_path / "demo" / f"{table}.csv").read_bytes().split(b"\n", 1)[1]
        assert written.startswith(made.getvalue())
        assert len(written) > len(made.getvalue())


def test_the_accounts_are_those_asked_for_and_the_house_moves(tables):
    customers = tables["customers"]
    moves = customers["replaces_customer_id"].notna()
    assert (~moves).sum() == pytest.approx(4_000, abs=40)
    assert 0.02 < moves.mean() < 0.08


def test_one_file_per_contract_table_and_the_sources_description(tmp_path):
    write_demo(tmp_path / "demo", **SMALL)
    assert set(contents(tmp_path / "demo")) == {f"{table}.csv" for table in CONTRACT} | {"source.yml"}
    assert (tmp_path / "demo").stat().st_mode & 0o777 == 0o755


def test_an_earlier_demo_is_replaced_and_nothing_else_is_left(tmp_path):
    write_demo(tmp_path / "demo", **SMALL, seed=2)
    write_demo(tmp_path / "demo", **SMALL)
    write_demo(tmp_path / "again", **SMALL)
    assert contents(tmp_path / "demo") == contents(tmp_path / "again")
    assert {path.name for path in tmp_path.iterdir()} == {"demo", "again"}


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StorageFailed, match=r"expected a new folder, or an earlier demo to replace, found notes\.txt"):
        write_demo(tmp_path, **SMALL)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_file_in_the_folders_place_is_left_alone(tmp_path):
    (tmp_path / "demo").write_text("mine")
    with pytest.raises(StorageFailed, match="expected a new folder, or an earlier demo to replace, found demo"):
        write_demo(tmp_path / "demo", **SMALL)


def test_nothing_is_left_behind_when_the_disk_is_full(tmp_path, monkeypatch):
    def full(folder: Path, *_: object) -> None:
        (folder / "customers.csv").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "_write_files", full)
    with pytest.raises(StorageFailed, match="expected a folder that can be written, found .*No space left on device"):
        write_demo(tmp_path / "demo", **SMALL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"customers": 0}, "demo, customers: expected at least 1, found 0. Give another customers."),
        ({"months": 0}, "demo, months: expected 1 to 600, found 0. Give another months."),
        ({"seed": -1}, "demo, seed: expected 0 or more, found -1. Give another seed."),
        (
            {"until": date(2026, 9, 29)},
            "demo, until: expected the last day of a month, found 2026-09-29. Give another until.",
        ),
        (
            {"parameters": Parameters().with_newcomer(date(2026, 5, 1))},
            "demo, new type: expected the first day of a quarter, found 2026-05-01. Give another new type.",
        ),
    ],
)
def test_numbers_that_make_no_demo_are_refused(tmp_path, option, message):
    with pytest.raises(ParamsError, match=re.escape(message)):
        write_demo(tmp_path / "demo", **option)
    assert list(tmp_path.iterdir()) == []


def test_the_smallest_demo_has_no_table_without_rows(tmp_path):
    write_demo(tmp_path / "demo", customers=1, months=1)
    got = contents(tmp_path / "demo")
    assert {"customers.csv", "source.yml"} < set(got)
    assert len(got) < len(CONTRACT) + 1
    assert [name for name in got if name.endswith(".csv") and got[name].count(b"\n") < 2] == []


@pytest.mark.parametrize("size", [{"customers": 1, "months": 1}, {"customers": 20, "months": 3}])
def test_a_very_small_demo_can_be_taken_in(tmp_path, size):
    write_demo(tmp_path / "demo", **size)
    with Engine(threads=1) as engine:
        got = intake(read_source(tmp_path / "demo", environ={}), engine, as_of=date(2026, 9, 30))
        doors = got.doors.set_index("table")
    assert doors.loc["customers", "accepted"] >= size["customers"] / 2
    assert set(doors.index) == {path.stem for path in (tmp_path / "demo").glob("*.csv")} - {"identities"}


def test_chinese_names_change_the_words_and_nothing_else(tmp_path):
    write_demo(tmp_path / "en", **SMALL)
    write_demo(tmp_path / "zh", **SMALL, names="zh")
    en, zh = contents(tmp_path / "en"), contents(tmp_path / "zh")
    differ = {name for name in en if en[name] != zh[name]}
    assert differ == {"customers.csv", "subscriptions.csv", "tickets.csv", "identities.csv", "campaigns.csv"}
    assert "光纤 500" in zh["subscriptions.csv"].decode()
    assert "首府" in zh["customers.csv"].decode()
    assert all(text.isascii() for text in en.values())
    assert en["customers.csv"].count(b"\n") == zh["customers.csv"].count(b"\n")


def test_the_shipped_source_describes_the_default_demo(demo):
    def settings(text: str) -> list[str]:
        return [line for line in text.splitlines() if not line.startswith(("#", "files:"))]

    assert settings(SOURCE.read_text()) == settings((demo / "source.yml").read_text())
    assert "files: ../../../data/raw/demo" in SOURCE.read_text()
    assert "files: ." in (demo / "source.yml").read_text()
