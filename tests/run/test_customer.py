"""One customer on one page, through the real command line."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from analysis.run.store import open_run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.run.conftest import Project

FILE = "params/quarterly/tiny.yml"
KEY = "0123456789abcdef0123456789abcdef"
HOSTILE = "<script>alert(1)</script>\x1b[31mred\u202e"
CUSTOMERS = f"""\
customer_id,signup_date,churn_date,status,region,replaces_customer_id
old-1,2024-01-05,,active,North,
new-1,2025-03-05,,active,{HOSTILE},old-1
other-2,2024-02-05,2026-08-01,churned,North,
staff-3,2024-02-05,,staff,,
wrong-4,2024-02-05,2024-01-01,churned,,
"""
SUBSCRIPTIONS = f"""\
subscription_id,customer_id,product,plan,monthly_fee,start_date,end_date
s1,old-1,broadband,Fibre 100,29.90,2024-01-05,2025-03-05
s2,new-1,broadband,{HOSTILE},31.90,2025-03-05,
"""
TICKETS = f"""\
ticket_id,opened_at,customer_id,category,is_complaint,text
t1,2026-05-01 10:00:00,old-1,{HOSTILE},true,my number is 0170 1234567
"""


@pytest.fixture
def ran(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose extracts were taken in, so that their tables are there."""
    monkeypatch.chdir(project.root)
    for name, text in (("customers", CUSTOMERS), ("subscriptions", SUBSCRIPTIONS), ("tickets", TICKETS)):
        project.write(f"data/raw/tiny/{name}.csv", text)
    project.write("data/raw/tiny/usage.csv", "customer_id,month,download_gb\nnew-1,2026-09,12.5\n")
    params = project.root / FILE
    params.write_text(f"{params.read_text(encoding='utf-8')}quarantine_share_max: 1\n", encoding="utf-8")
    run = open_run(FILE)
    run.intake()
    return project


def test_the_page_shows_products_history_and_nobody_else(ran: Project) -> None:
    got = ran.linecard("customer", "new-1", FILE)
    assert (got.returncode, got.stderr) == (0, "")
    assert got.stdout.startswith("Customer new-1\n")
    assert "€31.90" in got.stdout
    assert "plan changed" in got.stdout
    assert "complaint" in got.stdout
    assert "other-2" not in got.stdout
    assert "0170" not in got.stdout


def test_a_key_held_earlier_leads_to_the_same_customer_and_is_said(ran: Project) -> None:
    got = ran.linecard("customer", "old-1", FILE).stdout
    assert got.startswith("Customer new-1\n")
    assert "old-1 → new-1" in got
    assert "old-1, which a later account of the same customer replaced" in got


def test_of_a_customer_who_was_set_aside_it_is_said(ran: Project) -> None:
    got = ran.linecard("customer", "wrong-4", FILE)
    assert (got.returncode, got.stdout) == (2, "")
    assert got.stderr == (
        "ID: expected the key of a customer of tiny, found one whose row of customers was set aside. "
        "data/runs/tiny/quarantine/customers.parquet says by which rule: mend it, and run again.\n"
    )


def test_a_pipe_that_is_closed_early_is_no_error(ran: Project) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody:
        got = ran.linecard("customer", "new-1", FILE, out=nobody)
    assert (got.returncode, got.stderr) == (141, "")


def test_no_text_of_the_data_steers_the_terminal_or_becomes_markup(ran: Project, tmp_path: Path) -> None:
    got = ran.linecard("customer", "new-1", FILE).stdout
    assert "<script>alert(1)</script>[31mred" in got
    assert not [mark for mark in got if mark in "\x1b\u202e"]
    file = tmp_path / "page.html"
    assert ran.linecard("customer", "new-1", FILE, "--html", str(file)).stdout == f"{file}\n"
    page = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    assert not page.find_all("script")
    assert "<script>alert(1)</script>" in page.get_text()
    assert [tag.get_text() for tag in page.find_all("h1")] == ["Customer new-1"]


def test_the_file_is_for_who_asked_only(ran: Project, tmp_path: Path) -> None:
    ran.linecard("customer", "new-1", FILE, "--html", str(tmp_path / "page.html"))
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o600


def test_the_folder_of_the_file_is_never_made(ran: Project, tmp_path: Path) -> None:
    got = ran.linecard("customer", "new-1", FILE, "--html", "pagse/page.html")
    assert (got.returncode, got.stdout) == (2, "")
    assert got.stderr == (
        "--html: expected the folder pagse to be there, found none. Make it first, or write the page into another.\n"
    )
    assert not (ran.root / "pagse").exists()


def test_a_line_that_is_nobodys_is_named_so(ran: Project) -> None:
    assert "A staff line: in no figure of the report." in ran.linecard("customer", "staff-3", FILE).stdout


def test_a_key_nobody_has_is_refused_without_telling_another(ran: Project) -> None:
    got = ran.linecard("customer", "new-2", FILE)
    assert (got.returncode, got.stdout) == (2, "")
    assert got.stderr == (
        "ID: expected the key of a customer of tiny, found one that nobody has. "
        "Write it as the source does, capitals and leading zeros included.\n"
    )


def test_without_a_run_the_command_that_makes_it_is_named_and_nothing_is_made(project: Project) -> None:
    got = project.linecard("customer", "a1", FILE)
    assert got.returncode == 2
    assert got.stderr == (
        "data/runs/tiny: expected the tables of a finished run, found none. "
        "Make them first: linecard run params/quarterly/tiny.yml\n"
    )
    assert not (project.root / "data" / "runs").exists()


def test_under_pseudonyms_the_sources_key_finds_the_customer_and_is_not_shown(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("LINECARD_KEY", KEY)
    project.params(text="quarter: 2026-Q3\nsource: tiny\npseudonymise: true\n")
    run = open_run(FILE)
    run.intake()
    assert run.key is not None
    hidden = run.key.pseudonym("a1")
    by_key, by_pseudonym = (project.linecard("customer", id, FILE) for id in ("a1", hidden))
    assert by_key.stdout.startswith(f"Customer {hidden}\n")
    assert by_pseudonym.stdout == by_key.stdout
    assert "a1" not in by_key.stdout.replace(hidden, "")


def test_pseudonyms_without_a_key_stop_every_command(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINECARD_KEY", raising=False)
    project.params(text="quarter: 2026-Q3\nsource: tiny\npseudonymise: true\n")
    for command in (["run"], ["check"]):
        got = project.linecard(*command, FILE)
        assert got.returncode == 2
        assert "params/quarterly/tiny.yml, pseudonymise: expected a key of at least 32 bytes" in got.stderr
    assert not (project.root / "data" / "runs").exists()
