from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.basis.errors import InputRefused, ParamsError, QualityGate, StorageFailed
from analysis.basis.metric import Kpi
from analysis.extracts.engine import to_pandas
from analysis.run.store import Run, current_chapter, open_run, recorded

if TYPE_CHECKING:
    from tests.run.conftest import Project

FILE = "params/quarterly/tiny.yml"


@pytest.fixture
def opened(project: Project, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("LINECARD_CHAPTER", "10_data")
    return open_run(FILE)


def log(run: Run) -> dict[str, object]:
    return json.loads((run.folder / "chapters" / f"{run.chapter}.json").read_text(encoding="utf-8"))


def test_a_run_knows_its_report_its_quarter_and_its_source(opened: Run, project: Project) -> None:
    assert (opened.report, str(opened.quarter), str(opened.as_of)) == ("tiny", "2026-Q3", "2026-09-30")
    assert (opened.source.name, opened.params.grace_days, opened.chapter) == ("Tiny Broadband", 30, "10_data")
    assert opened.folder == project.root / "data" / "runs" / "tiny"


def test_a_notebook_in_jupyterlab_opens_the_same_run(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.root / "notebooks").mkdir()
    monkeypatch.chdir(project.root / "notebooks")
    monkeypatch.delenv("LINECARD_CHAPTER", raising=False)
    monkeypatch.setenv("JPY_SESSION_NAME", "notebooks/20_base.ipynb")
    run = open_run(FILE)
    assert (run.folder, run.chapter) == (project.root / "data" / "runs" / "tiny", "20_base")


def test_a_kernel_nobody_named_is_interactive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINECARD_CHAPTER", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert current_chapter() == "interactive"
    monkeypatch.setenv("LINECARD_CHAPTER", "../../etc")
    assert current_chapter() == "interactive"


def test_intake_stores_tables_quality_and_an_account(opened: Run) -> None:
    extracts = opened.intake()
    assert sorted(extracts.tables) == ["customers", "usage"]
    assert to_pandas(opened.read("tables/usage"))["download_gb"].tolist() == [12.5, 3.0]
    assert to_pandas(opened.read("quality_doors"))["accepted"].tolist() == [2, 2]
    assert log(opened)["tables"] == {
        "quality_findings": 0, "quality_doors": 2, "quality_files": 2, "tables/customers": 2, "tables/usage": 2
    }  # fmt: skip
    assert [file["file"] for file in log(opened)["inputs"]] == ["customers.csv", "usage.csv"]
    assert log(opened)["notices"] == []
    assert not opened.partial


def test_everything_measured_is_stored_as_quality(opened: Run) -> None:
    got = opened.quality(opened.intake())
    stored = opened.frame("quality")
    assert stored["rule"].tolist() == got["rule"].tolist()
    assert {"files", "customers", "usage"} == set(stored["table"])
    assert stored.set_index(["table", "column", "rule"]).at[("usage", "download_gb", "valid"), "status"] == "good"


def test_identities_are_never_stored(opened: Run, project: Project) -> None:
    project.write("data/raw/tiny/identities.csv", "customer_id,last_name,phone\na1,Canary,0123456789\n")
    opened.intake()
    assert not opened.has("tables/identities")
    assert not any(b"Canary" in path.read_bytes() for path in opened.folder.rglob("*") if path.is_file())


def test_a_table_of_an_earlier_intake_does_not_stay(opened: Run, project: Project) -> None:
    opened.intake()
    (project.root / "data/raw/tiny/usage.csv").unlink()
    project.write("data/raw/tiny/invoices.csv", "invoice_id,customer_id,month,amount\ni1,a1,2026-09,20\n")
    opened.intake()
    assert (opened.has("tables/usage"), opened.has("tables/invoices")) == (False, True)


def test_a_table_with_free_text_is_for_its_owner_only(opened: Run, project: Project) -> None:
    project.write("data/raw/tiny/tickets.csv", "ticket_id,opened_at,text\nt1,2026-09-01,Mrs Jones rang\n")
    opened.intake()
    modes = [
        stat.S_IMODE((opened.folder / "tables" / f"{name}.parquet").stat().st_mode) for name in ("tickets", "usage")
    ]
    assert (modes[0], modes[1] & 0o044) == (0o600, 0o044)


def test_rows_set_aside_are_private_and_too_many_shut_the_gate(opened: Run, project: Project) -> None:
    project.write(
        "data/raw/tiny/usage.csv", "customer_id,month,download_gb\na1,2026-09,1\na1,2026-08,-5\nzz,2026-09,1\n"
    )
    with pytest.raises(QualityGate, match=r"usage: 2 of 3 rows set aside \(66\.67 %\); usage: 1 of 3 rows orphans"):
        opened.intake()
    path = opened.folder / "quarantine" / "usage.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(to_pandas(opened.read("quarantine/usage"))) == 2


def test_a_quarter_outside_the_data_is_refused_before_anything_is_stored(opened: Run, project: Project) -> None:
    project.write("data/raw/tiny/usage.csv", "customer_id,month,download_gb\na1,2026-08,1\n")
    with pytest.raises(InputRefused, match="quarter 2026-Q3: expected usage or invoices of 2026-09, found none later"):
        opened.intake()
    assert not (opened.folder / "tables").exists()


def test_a_partial_quarter_that_is_allowed_leaves_a_notice(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    project.params(text="quarter: 2026-Q3\nsource: tiny\nallow_partial: true\n")
    project.write("data/raw/tiny/usage.csv", "customer_id,month,download_gb\na1,2026-08,1\n")
    run = open_run(FILE)
    run.intake()
    (notice,) = log(run)["notices"]
    assert notice.startswith("Partial quarter: for 2026-Q3 this report needs usage or invoices of 2026-09")
    assert run.partial


def test_a_notebook_gets_its_time_frame_and_its_classes_from_the_params(opened: Run) -> None:
    seen = opened.observation
    assert (str(seen.as_of), str(seen.observed_from), seen.grace_days) == ("2026-09-30", "2024-01-01", 30)
    assert (str(opened.quarters[0]), str(opened.quarters[-1]), len(opened.quarters)) == ("2024-Q1", "2026-Q3", 11)
    assert opened.classes["usage"].bands == {"light": None, "medium": 50, "heavy": 300}
    assert opened.classes["lifecycle"].rules["new"]["tenure_months"].bounds == {"below": 3}
    assert (opened.smallest, opened.currency) == (11, "EUR")
    assert "Tiny Broadband, extracts as of 30 September 2026" in opened.source_line


def test_the_contract_tables_of_a_run_are_there_after_its_intake(opened: Run) -> None:
    assert opened.tables() == {}
    opened.intake()
    assert {name: len(to_pandas(table)) for name, table in opened.tables().items()} == {"customers": 2, "usage": 2}


def test_a_run_without_kpis_has_the_columns_of_the_summary(opened: Run) -> None:
    assert opened.kpis().empty
    assert "metric" in opened.kpis().columns


def test_a_table_written_can_be_read_in_its_order(opened: Run) -> None:
    rows = opened.write(
        "months", pd.DataFrame({"customer_id": ["b", "a"], "gb": [1.5, None]}), order_by=["customer_id"]
    )
    got = to_pandas(opened.read("months"))
    assert (rows, got["customer_id"].tolist()) == (2, ["a", "b"])
    assert got["gb"].isna().tolist() == [True, False]
    assert opened.write("again", opened.read("months"), order_by=["customer_id"]) == 2
    assert log(opened)["tables"] == {"months": 2, "again": 2}


def test_a_private_table_is_for_its_owner_only(opened: Run) -> None:
    rows = pd.DataFrame({"customer_id": ["a"]})
    opened.write("largest", rows, order_by=["customer_id"], private=True)
    opened.write("months", rows, order_by=["customer_id"])
    modes = [stat.S_IMODE((opened.folder / f"{name}.parquet").stat().st_mode) for name in ("largest", "months")]
    assert (modes[0], modes[1] & 0o044) == (0o600, 0o044)


def test_a_table_that_is_not_there_names_the_notebook_that_makes_it(opened: Run) -> None:
    with pytest.raises(InputRefused, match=r"expected the table episodes, found none\. Run notebooks/40_churn\.ipynb"):
        opened.read("episodes")


@pytest.mark.parametrize("name", ["../x", "a/b/c", "A", "", "a.parquet", "/etc/passwd", "a\n", "a;b"])
def test_a_table_cannot_lie_outside_the_run(name: str, opened: Run) -> None:
    with pytest.raises(InputRefused, match="expected the name of a stage table, found"):
        opened.read(name)


def test_kpis_are_recorded_by_chapter_and_read_as_summary_rows(opened: Run) -> None:
    told = Kpi("churn_rate", 0.5, n=20, low=0.1, high=0.9)
    opened.record(Kpi("customers", 1), [told, Kpi("arpu", 30.0, n=10)])
    opened.record(Kpi("customers", 2))
    assert [path.name for path in (opened.folder / "kpis").iterdir()] == ["10_data.json"]
    assert recorded(opened.folder) == [Kpi("customers", 2.0), told]
    got = opened.kpis()
    assert got["metric"].tolist() == ["churn_rate", "customers"]
    assert got["value"].tolist() == [0.5, 2.0]


def test_what_copies_and_nameless_kernels_recorded_is_no_part_of_the_report(opened: Run) -> None:
    opened.record(Kpi("customers", 1))
    kpis = opened.folder / "kpis"
    for name in ("interactive", "10_data-Copy1"):
        (kpis / f"{name}.json").write_bytes((kpis / "10_data.json").read_bytes())
    assert recorded(opened.folder) == [Kpi("customers", 1.0)]
    assert opened.kpis()["metric"].tolist() == ["customers"]


def test_a_quarter_of_which_nothing_was_observed_is_refused_though_part_of_one_is_allowed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    project.params(text="quarter: 2027-Q1\nsource: tiny\nallow_partial: true\n")
    run = open_run(FILE)
    with pytest.raises(InputRefused, match="found no usage or invoices later than 2026-09"):
        run.intake()
    assert not (run.folder / "tables").exists()


def test_an_address_is_refused_as_params_file(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    with pytest.raises(ParamsError, match="expected a file on this machine, found an address"):
        open_run("https://example.org/tiny.yml")


def test_a_folder_that_cannot_be_made_is_a_storage_failure(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    project.write("data/runs", "a file")
    with pytest.raises(StorageFailed, match="data/runs/tiny: expected a folder that exists"):
        open_run(FILE)
