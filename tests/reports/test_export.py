"""Lists handed over from the demo provider's report, held against its extracts by another road."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from tests.reports.conftest import DEMO, Project
from tests.reports.test_identities import erased, raw

from analysis.run.reuse import file_digest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reports.conftest import Report

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def handed(demo: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo report with all its exports, in a copy: the report itself stays as it is."""
    root = tmp_path_factory.mktemp("handed") / "project"
    shutil.copytree(demo.root, root, symlinks=True)
    table = pd.read_parquet(root / f"data/runs/{DEMO}/churn_scores.parquet")[["customer_id"]]
    actions = table.assign(
        action="offer", priority=range(len(table)), marketing=[place % 3 > 0 for place in table.index]
    )
    path, state = root / f"data/runs/{DEMO}/actions.parquet", root / f"data/runs/{DEMO}/state.json"
    actions.to_parquet(path, index=False)
    made = json.loads(state.read_text())
    made["70_strategy"]["made"]["actions.parquet"] = file_digest(path)  # as if the report had made it
    state.write_text(json.dumps(made))
    for to in ("zoho", "fxiaoke", "csv"):
        ended = Project(root).linecard("export", f"params/quarterly/{DEMO}.yml", "--to", to)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"reports/{DEMO}/exports/{to}\n", "")
    return root / "reports" / DEMO / "exports"


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def latest(demo: Report) -> pd.DataFrame:
    """The latest word of each customer and channel, by the key held at the end."""
    consents, customers = raw(demo, "consents"), raw(demo, "customers")
    after = dict(
        zip(
            customers["replaces_customer_id"].dropna(),
            customers.dropna(subset="replaces_customer_id")["customer_id"],
            strict=True,
        )
    )
    for _ in range(9):
        consents["customer_id"] = consents["customer_id"].replace(after)
    rows = consents.sort_values(["changed_at", "granted"], ascending=[True, False])
    return rows.groupby(["customer_id", "channel"])["granted"].last().unstack()


def test_segments_are_every_active_customer_once_with_a_name(demo: Report, handed: Path) -> None:
    got = read(handed / "csv" / "segments.csv")
    told = pd.read_parquet(demo.run / "customers.parquet")
    active = set(told.loc[told["state"] == "active", "customer_id"])
    assert set(got["customer_id"]) == active - erased(demo)
    assert got["customer_id"].is_unique
    names = raw(demo, "identities").set_index("customer_id")
    firm = names["company"].reindex(got["customer_id"]).fillna(names["last_name"].reindex(got["customer_id"]))
    home = names["last_name"].reindex(got["customer_id"])
    expected = home.where(got["customer_type_class"].eq("household").to_numpy(), firm)
    assert (got["name"].to_numpy() == expected.to_numpy()).mean() > 0.99  # planted rows have none


def test_no_customer_without_consent_is_in_a_marketing_list(demo: Report, handed: Path) -> None:
    got, words = read(handed / "csv" / "marketing_actions.csv"), latest(demo)
    assert len(got) > 100
    for customer, channel in zip(got["customer_id"], got["channel"], strict=True):
        assert words.loc[customer, channel] == True  # noqa: E712  # missing is no consent
    assert not set(got["customer_id"]) & set(words.index[words["do_not_contact"] == True])  # noqa: E712


def test_who_asked_to_be_left_alone_or_erased_is_in_no_list_of_whom_to_contact(demo: Report, handed: Path) -> None:
    words = latest(demo)
    gone = set(words.index[(words["do_not_contact"] == True)]) | erased(demo)  # noqa: E712
    assert gone
    for name in ("fault_notices", "usage_anomalies", "credit_risk", "actions", "marketing_actions"):
        assert not gone & set(read(handed / "csv" / f"{name}.csv")["customer_id"]), name


def test_every_crm_gets_the_same_customers_and_no_cell_is_run(handed: Path) -> None:
    manifest = json.loads((handed / "zoho" / "manifest.json").read_text())
    assert {one["list"] for one in manifest["lists"]} >= {"segments", "fault_notices", "largest_accounts", "actions"}
    for one in manifest["lists"]:
        zoho = pd.concat([read(handed / "zoho" / file["file"]) for file in one["files"]] or [pd.DataFrame()])
        plain = read(handed / "csv" / f"{one['list']}.csv")
        key, own = ("Lead_ID", "lead_id") if one["kind"] == "leads" else ("Customer_ID", "customer_id")
        assert sorted(zoho.get(key, [])) == sorted(plain[own])
        texts = zoho.drop(columns=["Phone"], errors="ignore").fillna("").to_numpy().ravel()
        assert not [
            text for text in texts if text.startswith(FORMULA) and not text.lstrip("+-").replace(".", "").isdigit()
        ]


def test_workbooks_hold_text_and_nothing_else(handed: Path) -> None:
    books = sorted((handed / "fxiaoke").glob("*.xlsx"))
    assert books
    ids = []
    for path in books:
        rows = list(openpyxl.load_workbook(path).active.iter_rows())
        assert {cell.data_type for row in rows for cell in row if cell.value is not None} == {"s"}
        assert len(rows) <= 2_001
        ids += [row[0].value for row in rows[1:]] if path.name.startswith("segments") else []
    assert ids == read(handed / "csv" / "segments.csv")["customer_id"].tolist()


def test_nothing_of_identities_is_left_in_the_run_or_in_the_report(demo: Report, handed: Path) -> None:
    mails = [mail.encode() for mail in raw(demo, "identities")["email"].dropna()]
    root = handed.parents[2]
    kept = [path for folder in ("data/runs", "reports") for path in (root / folder).rglob("*") if path.is_file()]
    held = b"".join(path.read_bytes() for path in kept if handed not in path.parents)
    assert not [mail for mail in mails if mail in held]
    listed = (handed / "csv" / "marketing_actions.csv").read_bytes()
    assert [mail for mail in mails if mail in listed]  # that they would be found
