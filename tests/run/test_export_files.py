"""The files of a hand-over: parts that keep every limit, and workbooks of text without the moment they were made."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pandas as pd
import pytest

from analysis.basis.errors import InputRefused, ParamsError
from analysis.policy.handover_shapes import Fxiaoke, Limits, Shape, Zoho, api_name, csv_shape
from analysis.run.export_files import csv_bytes, csv_parts, xlsx_bytes
from analysis.run.export_params import ExportKeys

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "00123",
    "12345678901234567890",
    'a"b',
    "李,雷",
    "\u202aشركة",
    "👍",
    "1e5",
    "2026-09-30",
]


def table(*values: str) -> pd.DataFrame:
    return pd.DataFrame({"id": pd.Series(values, dtype="string")})


def test_parts_together_are_the_whole_and_each_keeps_its_limits() -> None:
    rows = table(*(f"{number:04d}" for number in range(1_000)))
    parts = list(csv_parts(rows, Limits(rows=300, bytes=1_000), name="x"))
    assert sum(records for records, _ in parts) == 1_000
    assert all(records <= 300 and len(content) <= 1_000 for records, content in parts)
    read = [line for _, content in parts for line in content.decode().split("\r\n")[1:-1]]
    assert read == rows["id"].tolist()


def test_one_record_that_is_too_large_is_refused() -> None:
    with pytest.raises(InputRefused, match="x: expected at most 10 bytes, found 104"):
        list(csv_parts(table("a" * 98), Limits(bytes=10), name="x"))


def test_csv_has_no_byte_order_mark_and_reads_back_as_it_was() -> None:
    content = csv_bytes(table(*HOSTILE))
    assert content.startswith(b"id\r\n")
    assert [row["id"] for row in csv.DictReader(io.StringIO(content.decode(), newline=""))] == HOSTILE


def test_a_workbook_reads_back_as_text_whatever_it_holds() -> None:
    cells = [
        row[0] for row in openpyxl.load_workbook(io.BytesIO(xlsx_bytes(table(*HOSTILE)))).active.iter_rows(min_row=2)
    ]
    assert [cell.value for cell in cells] == HOSTILE
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


def test_a_workbook_does_not_tell_when_it_was_made() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(table("a")))) as book:
        assert {one.date_time for one in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = book.read("docProps/core.xml")
    assert core.count(b"1980-01-01T00:00:00Z") == 2
    assert b"20" not in core.split(b"created")[1][:60].replace(b"2001/XMLSchema", b"")


def test_every_kind_of_customer_goes_into_exactly_one_module() -> None:
    shapes = ExportKeys().zoho.shaped().shapes("segments", ["value_tier"], [])
    assert [(one.module, one.types, one.others) for one in shapes] == [
        ("Contacts", ("household",), True),
        ("Accounts", ("business", "government", "education"), False),
    ]
    assert shapes[0].headers == ("Customer_ID", "Last_Name", "Value_Tier")


def test_a_lead_has_both_names_that_zoho_demands() -> None:
    [one] = Zoho({"household": "Leads"}, "Key", {"value_tier": "Tier"}, Limits()).shapes("x", ["value_tier"], ["phone"])
    assert one.headers == ("Key", "Last_Name", "Company", "Phone", "Tier")


def test_two_columns_under_one_header_are_refused() -> None:
    with pytest.raises(ParamsError, match="x_Contacts: expected each header once, found Phone twice"):
        Zoho({"household": "Contacts"}, "Key", {"value_tier": "Phone"}, Limits()).shapes("x", ["value_tier"], ["phone"])


def test_names_are_cut_at_what_zoho_keeps() -> None:
    [one] = Zoho({"household": "Contacts"}, "Key", {}, Limits()).shapes("x", [], [])
    got = one.table(pd.DataFrame({"source_id": ["1"], "last_name": ["n" * 90]}))
    assert got["Last_Name"].str.len().tolist() == [80]


def test_a_class_of_the_params_own_bears_its_label_in_chinese_files() -> None:
    shape = Fxiaoke({"cluster": "群组"}, [], Limits()).shape(
        "x", ["loyalty_class", "usage_class", "cluster"], [], labels={"loyalty_class": "忠诚度"}
    )
    assert shape.headers == ("客户编号", "客户名称", "分类：忠诚度", "使用量等级", "群组")


def test_an_api_name_is_ours_with_capitals() -> None:
    assert [api_name(one) for one in ("value_tier", "churn_3m", "reason_1")] == ["Value_Tier", "Churn_3m", "Reason_1"]


def test_missing_is_an_empty_cell_and_numbers_stay_numbers() -> None:
    shape: Shape = csv_shape("x", ["owed", "share", "since"], [])
    rows = pd.DataFrame({
        "source_id": ["1", "2"], "name": ["a", None], "owed": [-1.005, float("nan")], "share": [0.12345, 1.0],
        "since": pd.to_datetime(["2026-09-01", None]),
    })  # fmt: skip
    assert shape.table(rows).to_numpy().tolist() == [
        ["1", "a", "-1.01", "0.1235", "2026-09-01"], ["2", "", "", "1", ""],
    ]  # fmt: skip
