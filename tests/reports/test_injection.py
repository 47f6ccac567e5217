"""Must hold: with the gates raised, the quality page lists each injected defect with its true count."""

from __future__ import annotations

import shutil
from collections import Counter
from itertools import repeat
from pathlib import Path

import pandas as pd
import pytest
from tests.promises.injection import DEFECTS, Injected, Told, inject
from tests.reports.conftest import Project, Report, made_once, with_params

from analysis.basis.quarter import Quarter
from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine
from analysis.extracts.erasure import ERASED
from analysis.extracts.intake import Extracts, intake
from analysis.extracts.mapping import read_source
from analysis.frames.observation import Observation
from analysis.measures.data_quality import data_quality
from analysis.measures.standing import Limits
from analysis.measures.whole_months import MONTH_RULES
from analysis.present.numbers import count

ROOT = Path(__file__).parents[2]
AS_OF = Quarter(2026, 3).last_day
RAISED = "quarter: 2026-Q3\nsource: demo\nquarantine_share_max: 1.0\norphan_share_max: 1.0\n"
DIMENSIONS = {
    "not_null": "completeness",
    "unique": "uniqueness",
    "duplicate": "uniqueness",
    "relationships": "consistency",
}


@pytest.fixture(scope="session")
def plain(shelf: Path) -> Project:
    """A project with extracts as the simulator writes them, and no report yet."""

    def make(project: Project) -> None:
        with_params(project)
        ended = project.linecard("demo", "--customers", "400", "--seed", "5")
        assert ended.returncode == 0, ended.stderr

    return made_once(shelf / "plain", make)


def undamaged(plain: Project, root: Path) -> Project:
    """A copy of the project, its extracts as they are."""
    shutil.copytree(plain.root / "params", root / "params")
    shutil.copytree(plain.extracts, root / "data" / "raw" / "demo")
    return Project(root)


def damaged(plain: Project, root: Path, *, seed: int) -> tuple[Project, Injected]:
    """A copy of the project with its extracts damaged, the gates raised, and the data chapter alone."""
    undamaged(plain, root)
    (root / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "10_data.ipynb", root / "notebooks")
    (root / "params/quarterly/damaged.yml").write_text(RAISED)
    return Project(root), inject(root / "data" / "raw" / "demo", seed=seed)


def taken(project: Project, engine: Engine) -> Extracts:
    return intake(read_source(project.root / "params" / "sources" / "demo", environ={}), engine, as_of=AS_OF)


def told(findings: pd.DataFrame) -> Told:
    """Rows set aside or left out, by table or file and rule."""
    struck = findings[findings["severity"].eq("set_aside") | findings["rule"].eq("duplicate")]
    return Counter({(row.table, row.rule): int(row.rows) for row in struck.itertuples()})


def measured(extracts: Extracts) -> pd.DataFrame:
    view = Observation(AS_OF, pd.Timestamp("2023-10-01").date())
    return data_quality(extracts, view, limits=Limits())


def by_dimension(found: Told) -> Counter[tuple[str, str, str]]:
    """Rows by table, column and dimension: what the quality table must say of them."""
    rows: Counter[tuple[str, str, str]] = Counter()
    for (table, rule), number in found.items():
        kind, _, column = rule.partition(":")
        if rule == ERASED or kind == "follows":
            continue
        if kind == "fields":
            rows["files", table, "validity"] += number
        elif kind == "duplicate":
            rows[table, ",".join(CONTRACT[table].key), "uniqueness"] += number
        else:
            rows[table, column, DIMENSIONS.get(kind, "validity")] += number
    return rows


@pytest.fixture(scope="session")
def before(plain: Project) -> Told:
    """What the simulator's own impossible readings and repeated tickets are told as."""
    with Engine(threads=1) as engine:
        return told(taken(plain, engine).findings)


def expected(injected: Injected, before: Told) -> Told:
    torn = {(file, "fields"): rows for file, rows in injected.unreadable.items()}
    return +(injected.told + before + Counter(torn))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_injected_defect_is_told_with_its_true_count(
    seed: int, plain: Project, before: Told, tmp_path: Path
) -> None:
    project, injected = damaged(plain, tmp_path, seed=seed)
    assert {(one.table, one.rule) for one in DEFECTS} <= set(injected.told)
    with Engine(threads=1) as engine:
        got = taken(project, engine)
        assert told(got.findings) == expected(injected, before)
        later = got.doors.set_index("table")["later"]
        assert +Counter(later[later > 0].to_dict()) == +injected.later
        quality = measured(got)
    rows = quality[quality["rule"].isin(["not_null", "valid", "unique", "relationships", "fields"])]
    shown = {(row.table, row.column, row.dimension): row.rows for row in rows.itertuples() if row.rows}
    wanted = by_dimension(expected(injected, before))
    assert {name: shown.get(name) for name in wanted} == wanted


def test_a_missing_month_and_a_file_that_is_cut_off_are_told(plain: Project, tmp_path: Path) -> None:
    project = undamaged(plain, tmp_path)
    extracts = project.extracts
    usage = (extracts / "usage.csv").read_text().splitlines(keepends=True)
    (extracts / "usage.csv").write_text("".join(line for line in usage if "2026-02" not in line))
    bills = pd.read_csv(extracts / "invoices.csv", dtype=str).sort_values("month", kind="stable")
    last = int((bills["month"].str[:7] == "2026-09").sum())
    text = bills.iloc[: -last // 3].to_csv(index=False)
    (extracts / "invoices.csv").write_text(text[:-20])
    with Engine(threads=1) as engine:
        got = taken(project, engine)
        quality = measured(got)
    struck = quality[quality["rule"].isin(MONTH_RULES) & (quality["status"] == "bad")]
    assert sorted(zip(struck["table"], struck["rule"], struck["month"], strict=True)) == [
        ("invoices", "month_customers", "2026-09"),
        ("usage", "month_rows", "2026-02"),
    ]
    assert "cut_off" in set(got.findings["rule"])


@pytest.fixture(scope="module")
def reported(plain: Project, before: Told, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Told, Injected]:
    project, injected = damaged(plain, tmp_path_factory.mktemp("damaged"), seed=4)
    project.make("damaged")
    return project.report("damaged"), expected(injected, before), injected


def test_the_quality_page_lists_every_injected_defect_with_its_true_count(
    reported: tuple[Report, Told, Injected],
) -> None:
    report, wanted, injected = reported
    (listed,) = [table for table in report.tables() if {"Rule", "Outcome", "Rows"} <= set(table[0])]
    shown = {(row[0], row[1]): row[3] for row in listed[1:] if row[2] in ("set aside", "repaired")}
    assert {name: shown.get(name) for name in wanted} == {name: count(rows) for name, rows in wanted.items()}
    (doors,) = [table for table in report.tables() if "Dated later" in table[0]]
    assert {row[0]: row[5] for row in doors[1:] if row[5] != "0"} == {
        name: count(rows) for name, rows in injected.later.items() if rows
    }


def test_the_quarantine_holds_exactly_the_rows_set_aside_and_the_unreadable_ones(
    reported: tuple[Report, Told, Injected],
) -> None:
    report, wanted, _ = reported
    held: Told = Counter()
    for path in sorted((report.run / "quarantine").glob("*.parquet")):
        rows = pd.read_parquet(path)
        for name, rule in zip(
            rows["file"] if path.stem == "unreadable" else repeat(path.stem), rows["rule"], strict=False
        ):
            held[("consents", ERASED) if rule == ERASED else (name, rule)] += 1
    assert held == Counter({name: rows for name, rows in wanted.items() if name[1] != "duplicate"})


def test_the_stage_table_says_what_every_defect_touches(reported: tuple[Report, Told, Injected]) -> None:
    report, wanted, _ = reported
    quality = pd.read_parquet(report.run / "quality.parquet")
    assert list(quality.columns[:4]) == ["table", "column", "dimension", "rule"]
    for (table, column, dimension), rows in by_dimension(wanted).items():
        part = quality[(quality["table"] == table) & (quality["column"] == column)]
        part = part[part["dimension"] == dimension]
        assert rows in set(part["rows"]), (table, column, dimension)
        share = 1 - part.loc[part["rows"] == rows, "value"].iloc[0]
        status = part.loc[part["rows"] == rows, "status"].iloc[0]
        assert status == ("bad" if share >= 0.01 else "watch" if share >= 0.001 else "good")


def test_the_bottom_line_does_not_call_it_good(reported: tuple[Report, Told, Injected]) -> None:
    finding = reported[0].chapter("Can the data be trusted?").select_one("p.finding")
    assert finding is not None
    assert finding.get_text().startswith("Only with care: of ")
    assert "which touches the chapters on the base, groups, churn, value and service" in finding.get_text()
