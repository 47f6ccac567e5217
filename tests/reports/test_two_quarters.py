"""Two quarters one after the other, and warnings between and after: no open order is doubled, nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from tests.reports.conftest import ROOT, Project, made_once

from analysis.extracts.demo import write_demo

Q2, Q3, BETWEEN, AFTER = "2026-Q2", "2026-Q3", "2026-07-31", "2026-10-31"
CHAPTERS = ("10_data", "30_segments", "40_churn", "50_value", "60_service", "70_strategy")
LOCKED = 7
OPEN_DAYS = 90  # so that orders of the first quarter are still open in the second
NEEDED = ["reason", "owner", "due_date", "cost", "expected_benefit", "action", "priority"]
ANSWERS = ("done", "refused", "open")  # that the source gives to orders of the second quarter


def quarter_file(project: Project, name: str) -> None:
    text = f"quarter: {name}\nsource: demo\nwarnings: {{open_days: {OPEN_DAYS}}}\n"
    (project.root / f"params/quarterly/{name}.yml").write_text(text)


def answered(project: Project) -> None:
    """The source's work orders, with an answer to each warning order of the second quarter, in turn."""
    handed = stage(project, Q3, "warnings").query("arm == 'act'")
    lines = []
    for number, row in enumerate(handed.itertuples()):
        status = ANSWERS[number % 3]
        closed = "" if status == "open" else "2026-10-09 10:00:00"
        lines.append(f"BACK{number:05d},{row.customer_id},{row.action},{status},2026-10-02 09:00:00,{closed},\n")
    with (project.extracts / "work_orders.csv").open("a", encoding="utf-8") as file:
        file.writelines(lines)


def alone(project: Project, params: str, day: str) -> subprocess.CompletedProcess[str]:
    """`linecard warn`, again where another test of this file is at it: one at a time may."""
    for _ in range(60):
        ended = project.linecard("warn", params, "--as-of", day)
        if ended.returncode != LOCKED:
            break
        time.sleep(2)
    return ended


def warn(project: Project, quarter: str, day: str) -> None:
    ended = alone(project, f"params/quarterly/{quarter}.yml", day)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == f"reports/{quarter}/exports/warn/{day}"


@pytest.fixture(scope="module")
def made(shelf: Path) -> Project:
    def make(project: Project) -> None:
        shutil.copytree(ROOT / "params", project.root / "params")
        (project.root / "notebooks").mkdir()
        for name in CHAPTERS:
            shutil.copy(ROOT / f"notebooks/{name}.ipynb", project.root / "notebooks")
        write_demo(project.extracts, customers=2000, months=38, seed=3, until=dt.date(2026, 11, 30))
        for name in (Q2, Q3):
            quarter_file(project, name)
        project.make(Q2)
        project.report(Q2)
        warn(project, Q2, BETWEEN)
        project.make(Q3)
        project.report(Q3)
        answered(project)
        before = tables(project)
        warn(project, Q3, AFTER)
        (project.root / "touched.json").write_text(json.dumps(sorted(set(before) ^ set(tables(project)))))

    return made_once(shelf / "two_quarters", make)


def tables(project: Project) -> list[tuple[str, int, int]]:
    """The tables of the second quarter's run: name, size and moment of each."""
    files = (project.root / "data/runs" / Q3).glob("*.parquet")
    return [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]


def stage(project: Project, report: str, name: str) -> pd.DataFrame:
    return pd.read_parquet(project.root / "data/runs" / report / f"{name}.parquet")


def lists(project: Project) -> Iterator[tuple[str, pd.Timestamp, pd.DataFrame]]:
    """Every list of orders in the order it was handed out: its name, its day, the orders."""
    for quarter, end, day in ((Q2, "2026-06-30", BETWEEN), (Q3, "2026-09-30", AFTER)):
        for name in ("actions", "warnings"):
            yield f"{quarter} {name}", pd.Timestamp(end), stage(project, quarter, name).query("arm == 'act'")
        orders = stage(project, quarter, f"warn/{day}/work_orders").query("arm == 'act'")
        yield f"warn {day}", pd.Timestamp(day), orders


def test_every_order_has_reason_owner_due_date_cost_and_benefit(made: Project) -> None:
    for name, day, rows in lists(made):
        assert len(rows), name
        assert rows[NEEDED].notna().all().all(), name
        assert (rows["expected_benefit"] > rows["cost"]).all(), name
        assert (rows["due_date"] > day).all(), name
        assert rows["customer_id"].is_unique, name


def test_nobody_without_consent_and_nobody_who_asked_to_be_left_alone_is_on_a_list(made: Project) -> None:
    consents = pd.read_csv(made.extracts / "consents.csv", parse_dates=["changed_at"])
    for name, day, rows in lists(made):
        known = consents[consents["changed_at"].dt.normalize() <= day].sort_values("changed_at", kind="stable")
        latest = known.drop_duplicates(["customer_id", "channel"], keep="last")
        granted = latest[latest["granted"].astype(str).str.lower() == "true"]
        pairs = set(zip(granted["customer_id"], granted["channel"], strict=True))
        asks = rows[rows["marketing"].astype(bool)]
        assert all(pair in pairs for pair in zip(asks["customer_id"], asks["channel"], strict=True)), name
        assert not {(customer, "do_not_contact") for customer in rows["customer_id"]} & pairs, name


def still_open(handed: pd.DataFrame, said: pd.DataFrame, day: pd.Timestamp) -> set[str]:
    """Who of those handed out has an order open on a day, told from the files alone."""
    over = said[(said["closed_at"].dt.normalize() <= day)]
    pairs = set(zip(over["customer_id"], over["action"], strict=True))
    left = handed[handed["due_date"] + pd.Timedelta(days=OPEN_DAYS) >= day]
    return {row.customer_id for row in left.itertuples() if (row.customer_id, row.action) not in pairs}


def test_no_open_order_is_doubled_across_the_quarters_and_between_them(made: Project) -> None:
    said = pd.read_csv(made.extracts / "work_orders.csv", parse_dates=["opened_at", "closed_at"])
    back = said[said["work_order_id"].str.startswith("BACK")]
    earlier: list[pd.DataFrame] = []
    stood = 0
    for name, day, rows in lists(made):
        known = said[said["opened_at"].dt.normalize() <= day]
        theirs = known[known["closed_at"].isna() | (known["closed_at"].dt.normalize() > day)]
        ours = still_open(pd.concat(earlier), back, day) if earlier else set()
        stood += len(ours)
        assert not set(rows["customer_id"]) & (ours | set(theirs["customer_id"])), name
        earlier.append(rows[["customer_id", "action", "due_date"]])
    assert stood > 0


def test_an_order_that_the_source_shows_done_or_refused_may_come_again_and_an_open_one_not(made: Project) -> None:
    said = pd.read_csv(made.extracts / "work_orders.csv")
    back = said[said["work_order_id"].str.startswith("BACK")].set_index("customer_id")["status"]
    again = set(stage(made, Q3, f"warn/{AFTER}/work_orders")["customer_id"])
    assert set(back) == set(ANSWERS)
    assert not again & set(back.index[back == "open"])
    assert again & set(back.index[back != "open"])


def test_who_is_on_the_quarters_list_or_held_out_from_it_is_not_warned_of(made: Project) -> None:
    for quarter, day in ((Q2, BETWEEN), (Q3, AFTER)):
        told = set(stage(made, quarter, "actions")["customer_id"])
        for name in ("warnings", f"warn/{day}/work_orders"):
            assert not told & set(stage(made, quarter, name).query("arm == 'act'")["customer_id"])


def test_teams_take_no_more_than_a_month_gives_them(made: Project) -> None:
    for name, _, rows in lists(made):
        if "actions" not in name:
            assert rows["team"].isin(["retention", "service"]).groupby(rows["team"]).sum().max() <= 100
            assert rows["cost"].sum() <= 1000


def test_the_files_are_for_their_owner_and_their_manifest_counts_everybody(made: Project) -> None:
    folder = made.root / "reports" / Q3 / "exports/warn" / AFTER
    assert {path.stat().st_mode & 0o777 for path in (folder, folder.parent, folder.parent.parent)} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "work_orders.csv"]
    own = made.root / "data/runs" / Q3 / "warn" / AFTER
    assert own.stat().st_mode & 0o077 == 0
    assert not (own / "tables").exists()
    told = json.loads((folder / "manifest.json").read_text())
    orders = stage(made, Q3, f"warn/{AFTER}/work_orders").query("arm == 'act'")
    rows = pd.read_csv(folder / "work_orders.csv", dtype=str)
    assert told["orders"] == len(orders) == told["list"]["records"] == len(rows)
    assert told["orders"] + sum(told["left_out"].values()) == told["warned_of"]
    assert sum(told["orders_by"].values()) == told["orders"]
    assert told["left_out"]["order open"] > 0
    assert rows["customer_id"].tolist() == orders.sort_values("priority")["customer_id"].tolist()
    assert (stage(made, Q3, "warnings")["due_date"] > "2026-09-30").all()


def test_the_quarters_run_is_not_touched(made: Project) -> None:
    assert json.loads((made.root / "touched.json").read_text()) == []


def test_the_same_day_again_gives_the_same_bytes(made: Project) -> None:
    folder = made.root / "reports" / Q3 / "exports/warn" / AFTER
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    warn(made, Q3, AFTER)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("quarter", "day", "code", "said"),
    [
        (Q3, "31.10.2026", 2, "expected a date, year-month-day"),
        (Q3, "2026-09-30", 2, "expected a day after 2026-09-30, the last of the quarter"),
        (Q3, "2027-01-01", 2, "Run the report of 2026-Q4"),
        (Q3, "2026-10-15", 2, "expected a day after 2026-10-31, the last one made"),
        (Q3, "2026-12-31", 3, "expected data up to 2026-12-31, found no usage or invoices later than 2026-11"),
        ("2026-Q1", "2026-04-30", 3, "Make it first: linecard run params/quarterly/2026-Q1.yml"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(made: Project, quarter: str, day: str, code: int, said: str) -> None:
    quarter_file(made, quarter)
    ended = alone(made, f"params/quarterly/{quarter}.yml", day)
    assert ended.returncode == code
    assert said in ended.stderr


def whole_base(project: Project, quarter: str, chapter: str, metric: str) -> dict[str, float | None]:
    """A figure of the whole base as a chapter recorded it."""
    kpis = json.loads((project.root / f"data/runs/{quarter}/kpis/{chapter}.json").read_text())
    (found,) = [kpi for kpi in kpis if kpi["metric"] == metric and kpi["dimension"] is None]
    return found


def test_overdue_customers_of_the_quarter_before_are_those_that_its_report_told(made: Project) -> None:
    before, now = (whole_base(made, quarter, "60_service", "overdue_customers") for quarter in (Q2, Q3))
    assert now["previous"] == before["value"]  # made again as of then: so few are suspended that they count as active
    assert now["previous"] != now["value"]


def test_what_a_customer_won_was_worth_is_what_the_report_before_told(made: Project) -> None:
    before, now = (whole_base(made, quarter, "50_value", "clv_per_cac") for quarter in (Q2, Q3))
    assert (before["previous"], now["previous"], now["year_before"]) == (None, before["value"], None)


@pytest.fixture
def own(made: Project, tmp_path: Path) -> Project:
    """A copy that a test may change, without what other tests are making meanwhile."""
    shutil.copytree(made.root, tmp_path / "own", ignore=shutil.ignore_patterns("warn", "temp"))
    return Project(tmp_path / "own")


def test_a_mapping_that_changed_since_the_report_is_refused_by_its_file(own: Project) -> None:
    (own.root / "params/sources/demo/consents.sql").write_text("SELECT * FROM consents")
    ended = alone(own, f"params/quarterly/{Q3}.yml", AFTER)
    assert ended.returncode == 2
    assert "params/sources/demo: expected the mapping that the report was made with, found another in consents.sql" in (
        ended.stderr
    )


def test_consents_without_anybody_who_refuses_contact_are_refused_where_the_report_had_some(own: Project) -> None:
    consents = pd.read_csv(own.extracts / "consents.csv", dtype=str)
    kept = consents[consents["channel"] != "do_not_contact"]
    assert 0 < len(kept) < len(consents)
    kept.to_csv(own.extracts / "consents.csv", index=False)
    ended = alone(own, f"params/quarterly/{Q3}.yml", AFTER)
    assert ended.returncode == 3
    assert (
        "expected who asked not to be contacted (do_not_contact in consents), as the report had it, found nobody"
        in (ended.stderr)
    )
    assert not (own.root / "reports" / Q3 / "exports/warn").exists()


def test_the_report_tells_the_orders_that_were_handed_out(made: Project) -> None:
    values = made.report(Q3).values
    assert values["warnings",] == len(stage(made, Q3, "warnings").query("arm == 'act'"))
    words = made.report(Q3).chapter("What worked, and what next?").get_text(" ")
    assert "Whom to warn of" in words
    assert "an order for them is still open" in words
