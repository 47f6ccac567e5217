"""`linecard export` of whom to ask back and which leads to call, through the real command line."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from tests.run.handed import FILE, KEY, KEYS, exported, rows, take_in, told

from analysis.run.store import open_run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.run.conftest import Project

LEADS = [("L1", 1, "act"), ("=L2", 2, "act"), ("L3", 3, "control"), ("L4", 4, None)]


def open_leads() -> pd.DataFrame:
    table = pd.DataFrame(LEADS, columns=["lead_id", "priority", "arm"])
    return table.assign(
        channel="=web", segment="household", created_at=pd.Timestamp("2026-09-01"), chance=0.12345,
        expected_value=61.5, expected_benefit=50.0, cost=38.0, net=12.0, due_date=pd.Timestamp("2026-10-07"),
        owner="Head of sales", action="sales call", reason="by web, open for 29 days",
    )  # fmt: skip


def asked_back(keys: list[str]) -> pd.DataFrame:
    table = pd.DataFrame({"customer_id": keys, "priority": range(1, len(keys) + 1)})
    arms = ["control" if place == 4 else "act" for place in table["priority"]]
    return table.assign(
        reason="price too high", months_since=2, expected_benefit=20.0, cost=6.0, net=14.0, arm=arms, owner="Marketing",
        due_date=pd.Timestamp("2026-10-30"), action="win-back letter", channel="email", marketing=True,
    )  # fmt: skip


def with_lists(project: Project, **more: str) -> Project:
    take_in(project, **more)
    run = open_run(FILE)
    with run.engine:
        keys = [run.key.pseudonym(key) for key in KEYS] if run.key else KEYS
        run.write("win_back", asked_back(keys), order_by=["priority"], private=True)
        run.write("open_leads", open_leads(), order_by=["priority"], private=True)
        left = pd.DataFrame({"customer_id": keys, "customer_type": "household", "state": "left", "loyalty_class": "x"})
        run.write("customers", left, order_by=["customer_id"])
    return project


@pytest.fixture
def ran(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(project.root)
    return with_lists(project)


def test_who_left_is_handed_over_only_with_a_permission_of_the_channel(ran: Project) -> None:
    folder = exported(ran, "csv")
    got = rows(folder / "win_back.csv")
    # Of six: two permit e-mail as of now, the one of a formula's address and the one who asked to be left alone do not.
    assert [(row["customer_id"], row["email"], row["months_since"]) for row in got] == [
        ("new", "old@mail.example", "2")
    ]
    left_out = told(folder, "win_back")["left_out"]
    assert left_out["asked not to be contacted"] == 1
    assert left_out["no consent to the channel"] >= 1
    assert "no active customer" not in left_out
    assert sum(left_out.values()) + len(got) == len(KEYS)


def test_leads_are_handed_over_by_their_id_alone_those_held_out_are_not(ran: Project) -> None:
    folder = exported(ran, "csv")
    [got] = rows(folder / "open_leads.csv")
    assert (got["lead_id"], got["channel"], got["chance"], got["due_date"]) == ("L1", "'=web", "0.1235", "2026-10-07")
    assert not {"name", "phone", "email"} & set(got)
    one = told(folder, "open_leads")
    assert (one["kind"], one["records"]) == ("leads", 1)
    assert one["left_out"] == {
        "an id that cannot be written unchanged": 1, "held out by lot, to measure what the action brings": 1,
    }  # fmt: skip
    assert stat.S_IMODE((folder / "open_leads.csv").stat().st_mode) == 0o600


def test_zoho_updates_leads_by_the_key_that_the_params_name_and_no_name_is_overwritten(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    with_lists(project, params="export: {zoho: {lead_key: Our_Lead}}\n")
    folder = exported(project, "zoho")
    [got] = rows(folder / "open_leads_Leads_1.csv")
    assert got["Our_Lead"] == "L1"
    assert got["Expected_Value"] == "61.50"
    assert not {"Last_Name", "Company"} & set(got)
    assert told(folder, "open_leads")["files"][0]["module"] == "Leads"


def test_fxiaoke_gets_leads_under_chinese_headers(ran: Project) -> None:
    folder = exported(ran, "fxiaoke")
    header, row = openpyxl.load_workbook(folder / "open_leads_1.xlsx").active.iter_rows(values_only=True)
    assert header[0] == "线索编号"
    assert dict(zip(header, row, strict=True))["转化概率"] == "0.1235"
    assert (folder / "win_back_1.xlsx").is_file()


def test_under_pseudonyms_no_lead_is_handed_over_for_none_could_be_found(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("LINECARD_KEY", KEY)
    with_lists(project, params="pseudonymise: true\n")
    folder: Path = exported(project, "csv")
    assert not (folder / "open_leads.csv").exists()
    assert told(folder, "open_leads")["left_out"]["ids of leads that no key leads back from"] == 2
