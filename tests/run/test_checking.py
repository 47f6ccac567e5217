from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.basis.errors import InputRefused, QualityGate
from analysis.run.checking import aligned, finding_lines, print_check

if TYPE_CHECKING:
    from tests.run.conftest import Project

FILE = "params/quarterly/tiny.yml"


def checked(project: Project) -> str:
    out = io.StringIO()
    print_check(FILE, root=project.root, out=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _inside(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)


def test_a_clean_source_shows_both_doors_and_writes_nothing(project: Project) -> None:
    before = project.files(".")
    lines = checked(project).splitlines()
    assert lines[:4] == [
        "Files",
        "  file           lines  parsed  unreadable",
        "  customers.csv      2       2           0",
        "  usage.csv          2       2           0",
    ]
    assert lines[-1] == "Nothing is wrong with the source."
    assert project.files(".") == before


def test_findings_say_where_what_and_what_to_do_before_the_gate_speaks(project: Project) -> None:
    project.write("data/raw/tiny/usage.csv", "customer_id,month,download_gb,colour\na1,2026-09,-5,red\n")
    out = io.StringIO()
    with pytest.raises(QualityGate, match=r"usage: 1 of 1 rows set aside \(100 %\)"):
        print_check(FILE, root=project.root, out=out)
    got = out.getvalue()
    assert "  usage: colour" in got
    assert "set_aside: usage.download_gb, " in got
    assert "usage.csv, line 2: expected download_gb ≥ 0, found -5" in got


def test_a_file_that_is_missing_a_column_is_refused(project: Project) -> None:
    project.write("data/raw/tiny/usage.csv", "customer,month,download_gb\na1,2026-09,5\n")
    with pytest.raises(InputRefused, match="customer_id"):
        checked(project)


def test_a_partial_quarter_is_refused_here_too(project: Project) -> None:
    project.write("data/raw/tiny/usage.csv", "customer_id,month,download_gb\na1,2026-08,1\n")
    with pytest.raises(InputRefused, match="quarter 2026-Q3: expected usage or invoices of 2026-09, found none later"):
        checked(project)
    project.params(text="quarter: 2026-Q3\nsource: tiny\nallow_partial: true\n")
    assert checked(project).splitlines()[-1].startswith("Partial quarter: for 2026-Q3")


def test_a_quarter_of_which_nothing_was_observed_is_refused_here_too(project: Project) -> None:
    project.params(text="quarter: 2026-Q4\nsource: tiny\nallow_partial: true\n")
    with pytest.raises(InputRefused, match="quarter 2026-Q4: expected data from 2026-10-01 to 2026-12-31, or a part"):
        checked(project)


def test_a_policy_by_a_channel_that_no_consent_knows_is_told(project: Project) -> None:
    said = "".join(f"a1,{channel},true,2026-01-05 09:00:00\n" for channel in ("Email", "phone", "post"))
    project.write("data/raw/tiny/consents.csv", f"customer_id,channel,granted,changed_at\n{said}")
    assert "know no channel" not in checked(project)
    asked = "quarter: 2026-Q3\nsource: tiny\npolicies: {price: {channel: fax, marketing: MARKETING}}\n"
    project.params(text=asked.replace("MARKETING", "true"))
    assert checked(project).splitlines()[-1] == (
        "The source's consents know no channel “fax”: nothing that needs consent to it is proposed. If it is only "
        "called otherwise there, write it so in the policy table."
    )
    project.params(text=asked.replace("MARKETING", "false"))
    assert "know no channel" not in checked(project)


def test_columns_are_aligned_and_escapes_from_data_are_gone() -> None:
    table = pd.DataFrame({"file": ["a\x1b[31m.csv", "longer name.csv"], "lines": [1, 12345]})
    assert aligned(table, {"file": "file", "lines": "lines"}) == [
        "  file              lines",
        "  a[31m.csv             1",
        "  longer name.csv  12,345",
    ]


def test_a_finding_without_an_expectation_says_only_what_was_found() -> None:
    row = {"severity": "note", "table": "a.csv", "column": None, "rule": "unread", "rows": 1200, "where": "a.csv",
           "expected": "", "found": "a file no table uses", "do": "Name it."}  # fmt: skip
    assert finding_lines(row) == [
        "  note: a.csv, unread, 1,200 rows",
        "    a.csv: found a file no table uses. Name it.",
    ]


def test_one_row_is_told_in_the_singular() -> None:
    row = {"severity": "note", "table": "customers", "column": None, "rule": "last_row", "rows": 1}
    got = finding_lines(row | {"where": "customers", "expected": "", "found": "one", "do": "Ask."})
    assert got[0] == "  note: customers, last_row, 1 row"
