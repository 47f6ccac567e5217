"""The first door: which files are raw tables, and what is refused before a row is looked at."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.extracts.conftest import Taken

from analysis.basis.errors import InputRefused, LinecardError
from analysis.extracts import read as module
from analysis.extracts.engine import Engine, quoted
from analysis.extracts.part import Part
from analysis.extracts.raw_files import raw_files
from analysis.extracts.read import read_raw
from analysis.extracts.read_csv import read_csv

Cells = Callable[..., list[tuple[Any, ...]]]
Refused = Callable[..., str]


def test_a_file_or_a_folder_of_files_is_a_raw_table_by_its_name(written: Callable[..., Any]) -> None:
    files = [
        "Bill lines.csv",
        "usage.2024.tsv",
        "net.csv.gz",
        "log/a.csv",
        "log/b.csv",
        "terms.txt",
        "notes.md",
        ".hidden.csv",
        "~$x.csv",
        "empty/x.md",
    ]
    source = written(dict.fromkeys(files, "a\n1\n"))
    got = {name: [path.name for path in paths] for name, paths in raw_files(source).tables.items()}
    assert got == {
        "Bill lines": ["Bill lines.csv"],
        "usage.2024": ["usage.2024.tsv"],
        "net": ["net.csv.gz"],
        "log": ["a.csv", "b.csv"],
        "terms": ["terms.txt"],
    }


def test_one_file_may_be_all_there_is(written: Callable[..., Any], cells: Cells) -> None:
    source = written({"crm.csv": "a\n1\n"}, files="raw/crm.csv")
    assert cells(source, "crm") == [("1", "crm.csv", 2)]


def test_files_of_one_folder_are_one_table_whatever_the_order_of_their_columns(
    written: Callable[..., Any], cells: Cells
) -> None:
    source = written({"log/1.csv": "a,b\n1,2\n", "log/2.csv": "b,a\n4,3\n5,\n"})
    assert cells(source, "log") == [
        ("1", "2", "log/1.csv", 2),
        ("3", "4", "log/2.csv", 2),
        (None, "5", "log/2.csv", 3),
    ]


def test_files_of_one_folder_must_have_the_same_columns(written: Callable[..., Any], file_refused: Refused) -> None:
    source = written({"log/1.csv": "a,b\n1,2\n", "log/2.csv": "a,c\n1,2\n"})
    assert file_refused(source, "log") == (
        "log/2.csv: expected the columns of log/1.csv, found a difference in 'b'. "
        "Files in one folder make one raw table: give them the same columns."
    )


def test_the_same_file_twice_in_a_folder_is_refused(written: Callable[..., Any], file_refused: Refused) -> None:
    source = written({"log/1.csv": "a,b\n1,2\n", "log/2.csv": "a,b\n1,2\n"})
    got = file_refused(source, "log")
    assert got.startswith("log/2.csv: expected a file of its own, found a copy of log/1.csv. Remove one of them")


def test_two_files_of_one_name_are_refused(written: Callable[..., Any]) -> None:
    source = written({"crm.csv": "a\n1\n", "CRM.tsv": "a\n1\n"})
    with pytest.raises(
        InputRefused, match=r"raw: expected one file per raw table, found CRM\.tsv and crm\.csv\. Remove"
    ):
        raw_files(source)


def test_a_missing_folder_names_the_nearest(written: Callable[..., Any], folder: Path) -> None:
    (folder / "extracts").mkdir()
    with pytest.raises(InputRefused) as error:
        raw_files(written(files="extract"))
    assert str(error.value) == (
        "params/sources/acme/source.yml: expected a folder or file of extracts named extract, found none. "
        "Nearest: extracts. Correct `files:`, or put the extracts there."
    )


def test_a_folder_without_extracts_is_refused(written: Callable[..., Any]) -> None:
    with pytest.raises(InputRefused) as error:
        raw_files(written({"notes.md": "x"}))
    assert str(error.value) == (
        "raw/: expected files ending in .csv, .tsv, .txt, .csv.gz, .tsv.gz, .txt.gz, found none. "
        "Set `files:` in source.yml to the folder of the extracts, and `format:` to their kind."
    )


@pytest.mark.parametrize("text", ["a,b\n", "a,b\n\n\n"])
def test_a_header_without_rows_is_refused(written: Callable[..., Any], file_refused: Refused, text: str) -> None:
    got = file_refused(written({"crm.csv": text}), "crm")
    assert got.startswith("crm.csv: expected rows below the header, found none. Ask for the extract again")


def test_a_file_none_of_whose_rows_fit_its_header_is_refused(
    written: Callable[..., Any], file_refused: Refused
) -> None:
    assert file_refused(written({"crm.csv": "a,b\n1,2,3\n4,5,6\n"}), "crm") == (
        "crm.csv, line 2: expected as many fields as the header has, found 3 fields where the header has 2, and so in "
        "all 2 rows. Check the separator (`csv: {delimiter: …}` in source.yml) and the header line."
    )


def test_a_link_out_of_the_folder_is_refused(written: Callable[..., Any], file_refused: Refused, folder: Path) -> None:
    (folder / "secret.csv").write_text("a\n1\n")
    source = written({"crm.csv": "a\n1\n"})
    (folder / "raw" / "away.csv").symlink_to(folder / "secret.csv")
    got = file_refused(source, "away")
    assert got.startswith("away.csv: expected a file inside the folder of extracts, found a link out of it. Copy")


def test_a_file_that_changes_while_it_is_read_is_refused(
    written: Callable[..., Any], file_refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written({"crm.csv": "a\n1\n"})

    def growing(path: Path, **more: Any) -> Part:
        part = read_csv(path, **more)
        path.write_text("a\n1\n2\n")
        return part

    monkeypatch.setattr(module, "read_csv", growing)
    assert file_refused(source, "crm") == (
        "crm.csv: expected a file at rest, found that it changed while it was read. "
        "Run again when the extract is complete."
    )


def test_a_file_that_changes_is_refused_for_that_and_for_nothing_it_seems_to_hold_meanwhile(
    written: Callable[..., Any], file_refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written({"crm.csv": 'a\n"1\n'})

    def finished(path: Path, **more: Any) -> Part:
        try:
            return read_csv(path, **more)
        finally:
            path.write_text('a\n"1"\n')

    monkeypatch.setattr(module, "read_csv", finished)
    assert "found that it changed while it was read" in file_refused(source, "crm")


def test_what_holds_of_several_files_of_a_table_is_said_once(taken: Callable[..., Any]) -> None:
    files = {f"customers/{n}.csv": f"customer_id;region\n{n};x\n" for n in "ABC"}
    got = taken(files | {"leads.csv": "lead_id;created_at\nL;2024-01-01\n"})
    rows = got.extracts.findings[["table", "rule", "rows", "where"]].to_numpy().tolist()
    assert rows == [
        ["customers/A.csv", "delimiter", 3, "customers/A.csv (and so in 2 more)"],
        ["leads.csv", "delimiter", 1, "leads.csv"],
    ]


def test_a_table_that_may_be_missing_is_left_out_and_noted(taken: Callable[..., Any]) -> None:
    files = {
        "customers.csv": "customer_id\nA\n",
        "log/1.csv": "customer_id,month\n",
        "log/2.csv": "customer_id,month\n",
    }
    select = {"usage": "SELECT * FROM log", "tickets": "SELECT * FROM nowhere"}
    got = taken(files, selects=select, optional="[usage, tickets, leads]")
    assert list(got.extracts.tables) == ["customers"]
    notes = got.extracts.findings[["table", "rule", "severity"]].to_numpy().tolist()
    assert notes == [[name, "optional", "note"] for name in ("usage", "tickets", "leads")]


def test_an_empty_month_of_a_table_that_may_be_missing_is_no_reason_to_leave_it_out(taken: Callable[..., Any]) -> None:
    files = {"customers/1.csv": "customer_id\n", "customers/2.csv": "customer_id\nA\n"}
    got = taken(files, optional="[customers]")
    assert got.column("customers", "customer_id") == ["A"]
    assert got.rules() == []


def test_a_raw_table_that_another_table_needs_may_not_be_empty(refused: Callable[..., str]) -> None:
    select = {
        "leads": "SELECT id AS lead_id, day AS created_at FROM crm",
        "customers": "SELECT id AS customer_id FROM crm",
    }
    got = refused({"crm.csv": "id,day\n"}, selects=select, optional="[leads]")
    assert got.startswith("crm.csv: expected rows below the header, found none.")


def test_a_file_that_may_not_be_read_is_refused(
    written: Callable[..., Any], file_refused: Refused, folder: Path
) -> None:
    source = written({"crm.csv": "a\n1\n"})
    (folder / "raw" / "gone.csv").symlink_to(folder / "raw" / "nowhere.csv")
    got = file_refused(source, "gone")
    assert got.startswith("gone.csv: expected a file that can be read, found no such file or directory.")


def test_a_record_lost_on_the_way_is_an_internal_error(
    written: Callable[..., Any], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written({"crm.csv": "a\n1\n"})

    def lossy(path: Path, *, engine: Engine, table: str, name: str, **_: Any) -> Part:
        engine.execute(f"CREATE TABLE {quoted(table)} AS SELECT '1' AS a, 'crm.csv' AS _file, 2 AS _line")
        return Part(name, "", 0, ["a"], records=3, parsed=1)

    monkeypatch.setattr(module, "read_csv", lossy)
    words = r"crm\.csv: expected 3 records, found 1 rows and 0 unreadable"
    with pytest.raises(LinecardError, match=words), read_raw(source, raw_files(source), ["crm"], engine=engine):
        pytest.fail("read")


def test_unreadable_records_are_counted_kept_and_mentioned(taken: Callable[..., Any], engine: Engine) -> None:
    got = taken({"customers.csv": "customer_id,region\nA,North\nB\n=C,x,y\n"})
    assert got.extracts.raw.to_dict("records") == [{"file": "customers.csv", "lines": 3, "parsed": 1, "unreadable": 2}]
    rows = engine_rows(got)
    assert rows == [
        ("fields", "customers.csv", 3, "1 field where the header has 2", '"B"'),
        ("fields", "customers.csv", 4, "3 fields where the header has 2", '"=C,x,y"'),
    ]
    assert got.sentence("fields") == (
        "customers.csv, line 3: expected as many fields as the header has, found 1 field where the header has 2. "
        "2 rows like it are set aside (a run writes them to quarantine/unreadable.parquet)."
    )


def engine_rows(got: Any) -> list[tuple[Any, ...]]:
    rows = got.extracts.quarantine["unreadable"].collect("pandas").to_native().sort_values("line")
    return list(rows[["rule", "file", "line", "found", "row"]].itertuples(index=False, name=None))


def test_files_are_named_by_what_is_in_them(taken: Callable[..., Any]) -> None:
    text = b"customer_id\nA\n"
    got = taken({"customers/1.csv.gz": gzip.compress(text, mtime=0)})
    [entry] = got.extracts.files
    assert entry["file"] == "customers/1.csv.gz"
    assert entry["bytes"] == len(gzip.compress(text, mtime=0))
    assert len(str(entry["sha256"])) == 64


def test_files_of_another_format_are_raw_tables_too_and_what_is_none_is_told(taken: Callable[..., Taken], folder: Path):
    raw = folder / "raw"
    raw.mkdir(exist_ok=True)
    usage = pd.DataFrame({"customer_id": ["K1"], "month": ["2024-01"], "download_gb": [1.5]})
    usage.to_excel(raw / "usage.xlsx", index=False)
    usage.to_excel(raw / "customers.xlsx", index=False)
    (raw / "older.xls").write_bytes(b"")
    (raw / "usage.sql").write_text("SELECT * FROM usage")
    (raw / "source.yml").write_text("name: Somebody else's")
    got = taken({"customers.csv": "customer_id\nK1\n"})
    assert got.extracts.doors["table"].tolist() == ["customers", "usage"]
    assert got.sentence("odd_file").endswith(
        "found 'customers.xlsx', 'older.xls', of another kind or beside one of that name. Not read. "
        "Save what is needed of them as one of these."
    )


def test_a_stray_file_in_a_folder_of_one_table_is_told(taken: Callable[..., Taken], folder: Path):
    months = folder / "raw" / "usage"
    months.mkdir(parents=True)
    head = "customer_id,month,download_gb\n"
    (months / "2024-01.csv").write_text(f"{head}K1,2024-01,1\n")
    (months / "2024-02.xlsx").write_bytes(b"")
    got = taken({"customers.csv": "customer_id\nK1\n"})
    assert "found 'usage/2024-02.xlsx', of another kind" in got.sentence("odd_file")
