"""`linecard export` through the real command line: what is written, and for whom."""

from __future__ import annotations

import hashlib
import json
import stat
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from tests.run.handed import CUSTOMERS, FILE, KEY, export, exported, rows, take_in, told

from analysis.run.store import open_run

if TYPE_CHECKING:
    from tests.run.conftest import Project


@pytest.fixture
def ran(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(project.root)
    return take_in(project)


def test_csv_holds_ids_as_they_are_and_no_cell_that_is_run(ran: Project) -> None:
    got = rows(exported(ran, "csv") / "segments.csv")
    assert [row["customer_id"] for row in got] == ["0001", "12345678901234567890", "new", "quiet"]
    assert [row["name"] for row in got] == [
        '\'=HYPERLINK("http://x","y")', '李|"雷" <script> 有限公司 👍', "Berg", "Still",
    ]  # fmt: skip
    assert {row["loyalty_class"] for row in got} == {"'=2+2"}
    assert [row["do_not_contact"] for row in got] == ["false", "false", "false", "true"]


def test_marketing_goes_by_the_latest_word_also_one_after_the_as_of_date(ran: Project) -> None:
    folder = exported(ran, "csv")
    got = rows(folder / "marketing_actions.csv")
    assert [(row["customer_id"], row["channel"], row["phone"], row["email"]) for row in got] == [
        ("0001", "sms", "+49 30 23125 639", ""),
        ("new", "email", "", "old@mail.example"),
    ]
    assert told(folder, "marketing_actions")["left_out"] == {
        "asked not to be contacted": 1,
        "erased, or no longer in the source": 1,
        "no consent to the channel": 1,
        "nothing on file to reach them by the channel": 1,
    }
    assert (got[0]["cost"], got[0]["due_date"]) == ("-1.50", "2026-10-15")


def test_zoho_gets_a_file_per_module_under_api_names_without_what_it_forbids(ran: Project) -> None:
    folder = exported(ran, "zoho")
    content = (folder / "segments_Accounts_1.csv").read_bytes()
    [firm] = rows(folder / "segments_Accounts_1.csv")
    assert content.startswith(b"Customer_ID,Account_Name,Loyalty_Class,Do_Not_Contact\r\n")
    assert firm["Account_Name"] == "李/'雷' ‹script› 有限公司 👍"
    people = rows(folder / "segments_Contacts_1.csv")
    assert [row["Last_Name"] for row in people] == ["'=HYPERLINK('http://x','y')", "Berg", "Still"]
    assert all(row["Last_Name"] for row in people)


def test_fxiaoke_gets_text_cells_under_chinese_headers(ran: Project) -> None:
    book = openpyxl.load_workbook(exported(ran, "fxiaoke") / "segments_1.xlsx")
    [head, *body] = list(book.active.iter_rows())
    assert [cell.value for cell in head] == ["客户编号", "客户名称", "loyalty_class", "请勿联系"]
    assert [row[0].value for row in body] == ["0001", "12345678901234567890", "new", "quiet"]
    assert {cell.data_type for row in body for cell in row} == {"s"}
    assert {cell.number_format for row in body for cell in row} == {"@"}


def test_a_template_gives_headers_and_their_order(ran: Project) -> None:
    book = openpyxl.Workbook()
    book.active.append(["客户名称（必填）", "负责人", "客户编号*"])
    book.save(ran.root / "params/quarterly/template.xlsx")
    ran.params(text="quarter: 2026-Q3\nsource: tiny\nexport: {fxiaoke: {template: template.xlsx}}\n")
    folder = exported(ran, "fxiaoke")
    got = list(openpyxl.load_workbook(folder / "segments_1.xlsx").active.iter_rows(values_only=True))
    assert got[0] == ("客户名称（必填）", "负责人", "客户编号*")
    assert got[3] == ("Berg", None, "new")
    assert told(folder, "segments")["files"][0]["left_without_header"] == ["loyalty_class", "do_not_contact"]


def test_files_are_for_their_owner_only_and_the_manifest_tells_their_digests(ran: Project) -> None:
    folder = exported(ran, "zoho")
    assert {stat.S_IMODE(one.stat().st_mode) for one in (folder, folder.parent)} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    manifest = json.loads((folder / "manifest.json").read_text())
    files = {file["file"]: file for one in manifest["lists"] for file in one["files"]}
    assert files.keys() | {"manifest.json"} == {path.name for path in folder.iterdir()}
    for name, file in files.items():
        content = (folder / name).read_bytes()
        assert (file["sha256"], file["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
        assert file["records"] == len(rows(folder / name))


def test_no_name_is_in_the_manifest_nor_in_the_run(ran: Project) -> None:
    for to in ("zoho", "csv", "fxiaoke"):
        text = (exported(ran, to) / "manifest.json").read_text()
        assert not [word for word in ("Berg", "Still", "mail.example", "0001", "quiet") if word in text]
    kept = [path for path in (ran.root / "data/runs").rglob("*") if path.is_file()]
    assert not [path for path in kept if b"mail.example" in path.read_bytes() or b"Still" in path.read_bytes()]


def test_the_same_run_gives_the_same_bytes(ran: Project) -> None:
    for to in ("zoho", "csv", "fxiaoke"):
        first, again = ({path.name: path.read_bytes() for path in exported(ran, to).iterdir()} for _ in range(2))
        assert first == again


def test_under_pseudonyms_the_key_leads_back_to_the_ids(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("LINECARD_KEY", KEY)
    take_in(project, params="pseudonymise: true\n")
    got = {row["customer_id"]: row["name"] for row in rows(exported(project, "csv") / "segments.csv")}
    assert got.keys() == {"0001", "12345678901234567890", "new", "quiet"}
    assert got["new"] == "Berg"
    marketing = rows(project.root / "reports/tiny/exports/csv/marketing_actions.csv")
    assert [row["customer_id"] for row in marketing] == ["0001", "new"]
    monkeypatch.setenv("LINECARD_KEY", KEY[::-1])
    refused = export("csv")
    assert refused.exit_code == 2
    assert refused.output == (
        f"{FILE}, pseudonymise: expected the key of pseudonyms that the run was made with, or none as there, "
        "found another. Give that key, or run the report again.\n"
    )


def test_precedence_of_tables_that_are_not_read_here_does_not_matter(ran: Project) -> None:
    source = ran.root / "params/sources/tiny/source.yml"
    source.write_text(source.read_text() + "precedence: [crm, billing]\n")
    ran.write("params/sources/tiny/subscriptions.sql", "SELECT *, 'crm' AS _system FROM usage")
    exported(ran, "csv")


def test_every_limit_is_kept_at_sixty_thousand_customers(ran: Project) -> None:
    ids = [f"{number:08d}" for number in range(60_000)]
    lines = "".join(f"{one},2024-01-05,active,household,\n" for one in ids)
    ran.write("data/raw/tiny/customers.csv", CUSTOMERS.splitlines()[0] + "\n" + lines)
    ran.write("data/raw/tiny/identities.csv", "customer_id,last_name\n" + "".join(f"{one},N{one}\n" for one in ids))
    many = pd.DataFrame({"customer_id": ids, "state": "active", "customer_type": "household", "loyalty_class": "x"})
    open_run(FILE).write("customers", many, order_by=["customer_id"])
    (ran.root / "data/runs/tiny/tables/consents.parquet").unlink()  # those of the source are of other customers
    zoho, fxiaoke = exported(ran, "zoho"), exported(ran, "fxiaoke")
    files = told(zoho, "segments")["files"]
    assert [file["records"] for file in files] == [25_000, 25_000, 10_000]
    assert all(file["bytes"] <= 25 * 1024**2 and len(file["columns"]) <= 200 for file in files)
    assert [row["Customer_ID"] for file in files for row in rows(zoho / file["file"])] == ids
    books = told(fxiaoke, "segments")["files"]
    assert [file["records"] for file in books] == [2_000] * 30
    last = openpyxl.load_workbook(fxiaoke / "segments_30.xlsx", read_only=True).active
    assert [row[0] for row in last.iter_rows(min_row=2, values_only=True)] == ids[-2_000:]


def test_a_source_without_customers_or_consents_still_hands_over_segments(ran: Project) -> None:
    for name in ("customers", "consents"):
        (ran.root / f"data/raw/tiny/{name}.csv").unlink()
        (ran.root / f"data/runs/tiny/tables/{name}.parquet").unlink()
    folder = exported(ran, "csv")
    got = rows(folder / "segments.csv")
    assert len(got) == 5
    assert {row["do_not_contact"] for row in got} == {""}  # nobody told
    assert rows(folder / "marketing_actions.csv") == []
