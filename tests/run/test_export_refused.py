"""`linecard export` through the real command line: what is refused, and that nothing is written then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from tests.run.handed import FILE, KEYS, actions, export, exported, people, rows, take_in

from analysis.run.reuse import file_digest
from analysis.run.store import open_run

if TYPE_CHECKING:
    from tests.run.conftest import Project


@pytest.fixture
def ran(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(project.root)
    return take_in(project)


@pytest.mark.parametrize(
    ("header", "found"),
    [(["客户名称", None, "客户编号"], "an empty cell"), (["客户名称"], "found none"), (None, "found none")],
)
def test_a_template_that_cannot_be_used_is_refused(ran: Project, header: list[str | None] | None, found: str) -> None:
    if header:
        book = openpyxl.Workbook()
        book.active.append(header)
        book.save(ran.root / "params/quarterly/template.xlsx")
    ran.params(text="quarter: 2026-Q3\nsource: tiny\nexport: {fxiaoke: {template: template.xlsx}}\n")
    got = export("fxiaoke")
    assert got.exit_code == 2
    assert "export.fxiaoke.template" in got.output
    assert found in got.output
    assert ran.files("reports/tiny") == []


def test_without_a_report_nothing_is_handed_over(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    got = export("csv")
    assert got.exit_code == 3
    assert got.output == (
        "reports/tiny: expected a finished report, and the tables of its run, found none. "
        "Make it first: linecard run params/quarterly/tiny.yml\n"
    )
    assert ran_nothing(project)


def ran_nothing(project: Project) -> bool:
    return not (project.root / "reports").exists() and not (project.root / "data/runs").exists()


@pytest.mark.parametrize(
    "manifest", ['{"status": "failed", "rows": {}}', '{"status": "succeeded", "rows": {"10_data": {}}}', "no JSON"]
)
def test_of_a_run_that_did_not_end_well_nothing_is_handed_over(ran: Project, manifest: str) -> None:
    ran.write("data/runs/tiny/manifest.json", manifest)
    got = export("csv")
    assert got.exit_code == 3
    assert got.output == (
        "data/runs/tiny: expected a run that came to its end, found one that failed, or was stopped. "
        "Make it first: linecard run params/quarterly/tiny.yml\n"
    )
    assert ran.files("reports/tiny") == []


def test_of_tables_that_were_changed_since_nothing_is_handed_over(ran: Project) -> None:
    made = {name: file_digest(ran.root / f"data/runs/tiny/{name}") for name in ("actions.parquet", "customers.parquet")}
    note = {"fingerprint": "f", "notebook": "n", "inputs": {}, "needs": {}, "made": made}
    ran.write("data/runs/tiny/state.json", json.dumps({"70_strategy": note}))
    assert export("csv").exit_code == 0
    open_run(FILE).write("actions", actions(KEYS[:1]), order_by=["customer_id"])
    got = export("csv")
    assert got.exit_code == 3
    assert got.output == (
        "data/runs/tiny/actions.parquet: expected the table that the run of the report made, found another. "
        "Run the report again: linecard run params/quarterly/tiny.yml\n"
    )


def test_without_identities_a_crm_that_demands_names_is_refused_and_csv_is_not(ran: Project) -> None:
    (ran.root / "data/raw/tiny/identities.csv").unlink()
    got = export("zoho")
    assert got.exit_code == 3
    assert "params/sources/tiny: expected the table identities, found none." in got.output
    assert ran.files("reports/tiny") == []
    assert next(row["name"] for row in rows(exported(ran, "csv") / "segments.csv")) == ""


def test_too_many_columns_are_refused_before_anything_is_written(ran: Project) -> None:
    run = open_run(FILE)
    classes = pd.DataFrame("x", index=range(len(KEYS)), columns=[f"c{number}_class" for number in range(200)])
    wide = pd.concat([people(KEYS), classes], axis=1)
    run.write("customers", wide, order_by=["customer_id"])
    got = export("zoho")
    assert got.exit_code == 3
    assert "expected at most 200 columns, found 204" in got.output
    assert ran.files("reports/tiny") == []


def test_an_older_hand_over_stays_when_a_new_one_fails(ran: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = exported(ran, "zoho")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr("analysis.run.export_params.MOST_MEGABYTES", 0)
    got = export("zoho")
    assert got.exit_code == 3
    assert "bytes" in got.output
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["zoho"]


def test_consents_that_lost_everybody_who_refuses_contact_are_refused(ran: Project) -> None:
    folder = ran.root / "data/raw/tiny"
    told = (folder / "consents.csv").read_text().replace("2026-11-05", "2026-09-06")
    ran.write("data/raw/tiny/consents.csv", told)
    open_run(FILE).intake()
    for kept in ([line for line in told.splitlines() if "do_not_contact" not in line.lower()], []):
        (folder / "consents.csv").unlink()
        if kept:
            ran.write("data/raw/tiny/consents.csv", "\n".join(kept) + "\n")
        got = export("csv")
        assert got.exit_code == 3
        assert "who refuses contact would be contacted" in got.output
        assert ran.files("reports/tiny") == []
