"""Nobody can be found in what a run publishes."""

from __future__ import annotations

import base64
import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reports.conftest import Report

PERSONAL = {
    "customers": ("customer_id", "household_id", "parent_id"),
    "subscriptions": ("subscription_id",),
    "invoices": ("invoice_id",),
    "tickets": ("ticket_id", "text"),
    "leads": ("lead_id",),
    "identities": ("customer_id", "last_name", "account_name", "company", "phone", "email", "address"),
}
SMALLEST = 11


def personal_values(extracts: Path) -> set[str]:
    """Every name and number in the extracts that stands for one customer, or for something of one."""
    found = set()
    for table, columns in PERSONAL.items():
        with (extracts / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            found |= {row[column] for row in csv.DictReader(file) for column in columns if row.get(column)}
    return found


def told(texts: list[str], values: set[str]) -> set[str]:
    """Values that stand in a text as whole words."""
    words = {word for text in texts for word in re.findall(r"[\w@.+-]+", text)}
    phrases = {value for value in values if not re.fullmatch(r"[\w@.+-]+", value)}
    return (values & words) | {value for value in phrases if any(value in text for text in texts)}


def published(report: Report) -> list[str]:
    """The text of everything a reader gets, and of what the run logs beside its tables; pictures decoded."""
    files = [path for path in report.folder.rglob("*") if path.suffix in (".json", ".html", ".ipynb")]
    files += [path for path in report.run.rglob("*") if path.suffix in (".json", ".yml", ".ipynb")]
    texts = [path.read_text(encoding="utf-8") for path in files]
    pictures = {code for text in texts for code in re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", text)}
    texts += [base64.b64decode(code).decode() for code in pictures]
    return [*texts, report.pdf_text, report.said, str(report.pdf.xmp_metadata and report.pdf.metadata)]


def test_no_name_number_or_address_of_a_customer_is_published(demo: Report) -> None:
    values = personal_values(demo.root / "data/raw/demo")
    assert {"C00000000", "CANARY-REVERSED"} <= values
    assert len(values) > 5_000
    assert told(["C00000000 lives at 129 Orchard Way"], {"C00000000", "Orchard Way", "C1"}) == {
        "C00000000",
        "Orchard Way",
    }
    texts = published(demo)
    assert len(texts) > 20
    assert told(texts, values) == set()
    assert not [text for text in texts if "CANARY" in text]


def test_no_identity_is_stored_in_a_run(demo: Report) -> None:
    with (demo.root / "data/raw/demo/identities.csv").open(encoding="utf-8", newline="") as file:
        canaries = [row["email"].encode() for row in csv.DictReader(file)][:200]
    stored = [path.read_bytes() for path in demo.run.rglob("*.parquet")]
    assert len(stored) > 10
    assert not [canary for canary in canaries for content in stored if canary in content]
    assert not list(demo.run.rglob("identities*"))


def test_what_was_set_aside_is_for_its_owner_only(demo: Report) -> None:
    files = list((demo.run / "quarantine").glob("*.parquet"))
    assert files
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert not list(demo.folder.rglob("*.parquet"))


@pytest.mark.parametrize("name", ["class_customers", "class_churn_rate"])
def test_no_class_of_fewer_than_eleven_is_published(either: Report, name: str) -> None:
    rows = [row for row in either.rows if row["metric"] == name]
    assert rows
    assert not [row for row in rows if 0 < row["n"] < SMALLEST]


def test_no_class_tells_of_fewer_than_eleven_leavers_or_stayers(either: Report) -> None:
    rows = [row for row in either.rows if row["metric"] == "class_churn_rate"]
    left = [round(row["value"] * row["n"]) for row in rows]
    stayed = [row["n"] - gone for row, gone in zip(rows, left, strict=True)]
    assert not [count for count in [*left, *stayed] if 0 < count < SMALLEST]
