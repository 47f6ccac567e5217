"""Files and encodings (M01–M25)."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import threading
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.worksheet.worksheet import Worksheet
from tests.promises.cases import Seen, case
from tests.promises.provider import Taken, described, take, taken

from analysis.present.wording.data import remarks

CUSTOMERS = "customer_id,region\nA,North\nB,South\n"
USAGE = "customer_id,month,download_gb\nA,2024-01,5\nB,2024-01,6\n"


def _told(seen: Seen, *words: str) -> Seen:
    """The same, when its words hold these."""
    missing = [word for word in words if word not in seen.said]
    assert not missing, f"{missing} is not in: {seen.said}"
    return seen


def _book(*sheets: list[list[object]]) -> bytes:
    """A workbook with these sheets, named Sheet, Sheet1, …"""
    book = openpyxl.Workbook()
    for place, rows in enumerate(sheets):
        sheet = book.worksheets[0] if place == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@case("M01", "A file that a SELECT names is missing", "REFUSE")
def missing_file(folder: Path) -> Seen:
    selects = {"usage": "SELECT * FROM usage_2024"}
    seen = taken(folder, {"customers.csv": CUSTOMERS, "usage_2023.csv": USAGE}, selects=selects).refused
    return _told(seen, "none of usage_2024.csv", "usage_2024.tsv", "Nearest: 'usage_2023'")


@case("M01", "The folder of the extracts is missing", "REFUSE")
def missing_folder(folder: Path) -> Seen:
    source = described(folder, {"customers.csv": CUSTOMERS})
    (source / "raw").rename(source / "raws")
    return _told(take(source).refused, "a folder or file of extracts named raw", "Nearest: raws")


@case("M02", "The file of an optional table is missing", "SKIP")
def missing_optional(folder: Path) -> Seen:
    select = {"usage": "SELECT * FROM usage_2024"}
    got = taken(folder, {"customers.csv": CUSTOMERS}, selects=select, optional="[usage]")
    return _left_out(got, "usage")


def _left_out(got: Taken, table: str) -> Seen:
    """Nothing of the table was read, and chapter 10 says so of all that depends on it."""
    seen = got.found("optional", table=table)
    assert seen.outcome == "NOTE"
    assert table not in got.tables
    said = remarks(list(got.tables), {})
    assert re.search(rf"does not give .*\b{table}\b.*; what depends on them is not in this report", said), said
    return Seen("SKIP", seen.said)


@case("M03", "A file of no bytes", "REFUSE")
def empty_file(folder: Path) -> Seen:
    return _told(taken(folder, {"customers.csv": ""}).refused, "empty file")


@case("M04", "A header and nothing below it", "REFUSE")
def header_only(folder: Path) -> Seen:
    seen = taken(folder, {"customers.csv": CUSTOMERS, "usage.csv": "customer_id,month\n"}).refused
    return _told(seen, "usage.csv: expected rows below the header, found none")


@case("M04", "A header and nothing below it, in an optional table", "SKIP")
def optional_header_only(folder: Path) -> Seen:
    files = {"customers.csv": CUSTOMERS, "usage/01.csv": "customer_id,month\n", "usage/02.csv": "customer_id,month\n"}
    return _left_out(taken(folder, files, optional="[usage]"), "usage")


@case("M05", "UTF-8 with a byte-order mark", "FIX")
def byte_order_mark(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": "\ufeff" + CUSTOMERS})
    assert got.column("customers", "customer_id") == ["A", "B"]
    return got.found("mark", rows=1)


@case("M07", "UTF-8 declared as GB18030", "REFUSE")
def wrong_encoding(folder: Path) -> Seen:
    source = described(folder, {"customers.csv": "customer_id,region\nA,北京\n"}, csv="{encoding: gb18030}")
    return _told(take(source).refused, "plainly UTF-8, declared as gb18030", "encoding: utf-8")


BROKEN = b"customer_id,region\nA,North\nB,So\xffth\nC,West\n"


@case("M08", "A broken byte in UTF-8", "REFUSE")
def broken_byte(folder: Path) -> Seen:
    return _told(taken(folder, {"customers.csv": BROKEN}).refused, "customers.csv, line 3", "at offset 31")


@case("M08", "A broken byte, on_bad_bytes: quarantine", "QUAR")
def broken_byte_set_aside(folder: Path) -> Seen:
    got = take(described(folder, {"customers.csv": BROKEN}, on_bad_bytes="quarantine"))
    assert got.column("customers", "customer_id") == ["A", "C"]
    assert got.quarantine["unreadable"][["line", "row"]].to_numpy().tolist() == [[3, '"B,So\\\\xffth"']]
    return _told(got.found("bytes", rows=1), "customers.csv, line 3")


@case("M09", "Two files of a table in different encodings", "FIX")
def two_encodings(folder: Path) -> Seen:
    february = "customer_id,month,download_gb\nC,2024-02,7\n".encode("utf-16")
    got = taken(folder, {"usage/01.csv": USAGE, "usage/02.csv": february})
    assert sorted(map(str, got.column("usage", "customer_id"))) == ["A", "B", "C"]
    return _told(got.found("encoding", rows=1), "usage/02.csv", "UTF-16")


@case("M10", "UTF-16, as Excel's Unicode text is", "FIX")
def unicode_text(folder: Path) -> Seen:
    got = taken(folder, {"customers.txt": "customer_id\tregion\r\nA,1\t北京\r\n".encode("utf-16")})
    assert got.column("customers", "region") == ["北京"]
    got.found("delimiter", rows=1)
    return got.found("encoding", rows=1)


@case("M10", "UTF-16 without its mark", "REFUSE")
def unmarked_utf_16(folder: Path) -> Seen:
    return _told(taken(folder, {"customers.csv": CUSTOMERS.encode("utf-16-le")}).refused, "byte-order mark")


@case("M11", "A NUL byte in a field", "QUAR")
def nul_byte(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": b"customer_id,region\nA,North\nB,So\x00th\n"})
    assert got.column("customers", "customer_id") == ["A"]
    return _told(got.found("nul", rows=1), "customers.csv, line 3")


@case("M12", "A zero-width space in an id", "QUAR")
def hidden_in_id(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": "customer_id,region\nA\u200b,North\nB,South\n"})
    assert got.column("customers", "customer_id") == ["B"]
    return got.found("type:customer_id", rows=1)


@case("M12", "Control, turning and zero-width characters in labels", "FIX")
def hidden_in_label(folder: Path) -> Seen:
    rows = "A,No\u200brth,active\u200e\nB,\u202eSouth,active\nC,We\x07st,active\nD,East,active\n"
    got = taken(folder, {"customers.csv": f"customer_id,region,status\n{rows}"})
    assert got.column("customers", "region") == ["North", "South", "West", "East"]
    assert got.column("customers", "status") == ["active"] * 4
    got.found("hidden:status", rows=1)
    return got.found("hidden:region", rows=3)


@case("M13", "A gzip archive that is cut off", "REFUSE")
def cut_gzip(folder: Path) -> Seen:
    packed = gzip.compress(USAGE.encode() + b"B,2024-02,1\n" * 9000, mtime=0)
    return _told(taken(folder, {"usage.csv.gz": packed[:-20]}).refused, "cut off")


@case("M14", "A Parquet file that is cut off", "REFUSE")
def cut_parquet(folder: Path) -> Seen:
    held = io.BytesIO()
    pq.write_table(pa.table({"customer_id": [f"C{n}" for n in range(999)]}), held)
    source = described(folder, {"customers.parquet": held.getvalue()[:-40]}, format="parquet")
    return _told(take(source).refused, "customers.parquet", "cut off or damaged (")


@case("M15", "An archive that unpacks beyond the limit", "REFUSE")
def gzip_bomb(folder: Path) -> Seen:
    bomb = gzip.compress(b"customer_id\n" + b"A" * 30_000_000)
    source = described(folder, {"customers.csv.gz": bomb}, max_file_gb="0.01")
    return _told(take(source).refused, "at most 0.01 GB of text, found more when unpacked")


@case("M15", "A text beyond the limit", "REFUSE")
def large_text(folder: Path) -> Seen:
    source = described(folder, {"customers.csv": CUSTOMERS}, max_file_gb="0.00000001")
    return _told(take(source).refused, "customers.csv: expected at most", "GB of text", "raise `max_file_gb`")


@case("M16", "A .csv that is something else", "REFUSE")
def another_kind(folder: Path) -> Seen:
    held = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), held)
    contents = {
        "an Excel workbook": _book([["a"], [1]]),
        "HTML": b"<!DOCTYPE html><table>",
        "JSON": json.dumps([{"a": 1}]).encode(),
        "a Parquet file": held.getvalue(),
    }
    for kind, content in contents.items():
        seen = _told(taken(folder, {"customers.csv": content}).refused, kind)
    return seen


def _workbook(folder: Path, content: bytes, **keys: str) -> Path:
    return described(folder, {"customers.xlsx": content}, format="excel", **keys)


ROWS: list[list[object]] = [["customer_id", "region"], ["A", "North"], ["B", "South"]]


@case("M17", "A workbook of several sheets", "REFUSE")
def several_sheets(folder: Path) -> Seen:
    return _told(take(_workbook(folder, _book(ROWS, [["x"]]))).refused, "2 sheets: 'Sheet', 'Sheet1'", "`sheet: …`")


@case("M17", "Title lines above the header", "REFUSE")
def title_lines(folder: Path) -> Seen:
    book = _book([["Customers of Acme"], ["as of 2024"], [], *ROWS])
    return _told(take(_workbook(folder, book)).refused, "row 1", "header_row", "row 4, it seems")


def _spoiled(spoil: str) -> bytes:
    book = openpyxl.Workbook()
    sheet: Worksheet = book.worksheets[0]
    for row in [*ROWS, ["C", "West"]]:
        sheet.append(row)
    if spoil == "merged cells":
        sheet.merge_cells("B2:B3")
    else:
        sheet.row_dimensions[3].hidden = True
    return _saved(book)


@case("M17", "Merged cells, hidden rows", "REFUSE")
def layout(folder: Path) -> Seen:
    for spoil in ("merged cells", "hidden rows"):
        seen = _told(take(_workbook(folder, _spoiled(spoil))).refused, spoil, "header_row")
    return seen


@case("M17", "The same, sheet and header row named", "OK")
def named_sheet(folder: Path) -> Seen:
    book = _book([["x"]], [["Customers of Acme"], [], *ROWS])
    got = take(_workbook(folder, book, sheet="Sheet1", header_row="3"))
    assert got.column("customers", "customer_id") == ["A", "B"]
    assert got.column("customers", "_line") == [4, 5]
    return got.plain()


@case("M18", "Error values of a workbook", "QUAR")
def error_values(folder: Path) -> Seen:
    got = take(_workbook(folder, _book([*ROWS, ["C", "#N/A"], ["#REF!", "West"]])))
    assert got.column("customers", "customer_id") == ["A", "B"]
    return _told(got.found("error", rows=2), "customers.xlsx, line 4", "#N/A, an error of the workbook")


@case("M19", "Semicolons, quoted line breaks, doubled quotes", "FIX")
def semicolons(folder: Path) -> Seen:
    text = 'customer_id;region\nA;"North\nEast"\nB;"the ""far"" South"\n'
    got = taken(folder, {"customers.csv": text})
    assert got.column("customers", "region") == ["North\nEast", 'the "far" South']
    return _told(got.found("delimiter", rows=2), "';'")


@case("M19", "Quotes escaped by a backslash", "FIX")
def backslashes(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": 'customer_id,region\nA,"the \\"far\\" South"\n"B","x"\n'})
    assert got.column("customers", "region") == ['the "far" South', "x"]
    return _told(got.found("quotes", rows=2), "backslash")


@case("M20", "A quote that is never closed", "REFUSE")
def unclosed_quote(folder: Path) -> Seen:
    text = 'customer_id,region\nA,North\nB,"South\nC,West\n'
    return _told(taken(folder, {"customers.csv": text}).refused, "customers.csv, line 3", "quote that opens here")


@case("M21", "Lines that end in CR, LF and CRLF", "FIX")
def mixed_ends(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": b"customer_id,region\nA,North\r\nB,South\rC,West\n"})
    assert got.column("customers", "_line") == [2, 3, 4]
    return _told(got.found("line_ends", rows=2), "2 in LF, 1 in CRLF, 1 in CR")


@case("M22", "A field of 5 MB", "QUAR")
def long_field(folder: Path) -> Seen:
    got = taken(folder, {"customers.csv": f"customer_id,region\nA,North\nB,{'x' * 5_000_000}\nC,West\n"})
    assert got.column("customers", "customer_id") == ["A", "C"]
    return _told(got.found("length", rows=1), "at most 10,000 characters", "one of 5,000,000")


@case("M23", "The same file twice under two names", "REFUSE")
def copied_file(folder: Path) -> Seen:
    return _told(taken(folder, {"usage/01.csv": USAGE, "usage/02.csv": USAGE}).refused, "a copy of usage/01.csv")


@case("M23", "Two extracts of one month", "NOTE")
def one_month_twice(folder: Path) -> Seen:
    again = "customer_id,month,download_gb\nC,2024-01,7\nC,2024-02,7\n"
    files = {"customers.csv": "customer_id\nA\nB\nC\n", "usage/01.csv": USAGE, "usage/01 (2).csv": again}
    got = taken(folder, files)
    assert len(got.column("usage", "month")) == 4
    return _told(got.found("periods", rows=3), "2024-01 in usage/01 (2).csv and in usage/01.csv")


@case("M24", "A link to a file outside the folder", "REFUSE")
def link(folder: Path) -> Seen:
    source = described(folder, {"customers.csv": CUSTOMERS})
    (folder / "elsewhere.csv").write_text(USAGE)
    (source / "raw" / "usage.csv").symlink_to(folder / "elsewhere.csv")
    return _told(take(source).refused, "usage.csv", "a link out of it")


@case("M24", "A SELECT that reads a path", "REFUSE")
def path_in_select(folder: Path) -> Seen:
    (folder / "elsewhere.csv").write_text(USAGE)
    select = {"usage": f"SELECT * FROM '{folder / 'elsewhere.csv'}'"}
    return _told(taken(folder, {"customers.csv": CUSTOMERS}, selects=select).refused, "usage.sql", "the path")


@case("M25", "A file that grows while it is read", "REFUSE")
def growing_file(folder: Path) -> Seen:
    source = described(folder, {"customers.csv": "customer_id\n" + "".join(f"C{n}\n" for n in range(200_000))})
    done = threading.Event()

    def grow() -> None:
        with (source / "raw" / "customers.csv").open("a") as file:
            for number in range(1_000_000):
                if done.wait(0.001):
                    break
                file.write(f"D{number}\n")
                file.flush()
                os.fsync(file.fileno())

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        return _told(take(source).refused, "found that it changed while it was read")
    finally:
        done.set()
        writer.join()
