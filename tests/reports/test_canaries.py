"""Canaries: values planted where persons are named, looked for in every byte that commands leave behind."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pypdf
import pytest
from pypdf.generic import StreamObject
from tests.reports.conftest import DEMO, demo_extracts, made_once

from analysis.extracts.contract import CONTRACT
from analysis.extracts.key import Key
from analysis.extracts.pseudonyms import SCOPES

if TYPE_CHECKING:
    from tests.reports.conftest import Project

SECRET = "correct-horse-battery-staple-0123456789"
KEY = Key(SECRET.encode())
WHO = "CANARYKEY-C1"
MAIL, PHONE = "canarykey@mail.example", "+49 170 2222333"
TOLD = re.compile(rb"canarykey|170.?2222333", re.IGNORECASE)
PERSONAL = {**dict.fromkeys(SCOPES, ""), **dict.fromkeys(CONTRACT["identities"].names, ""), "text": ""}.keys()
LATER = {"signup_date", "start_date", "month", "opened_at", "sent_at", "created_at", "contacted_at", "changed_at"}
DEFECTS = {  # file → columns of a row that breaks a rule, the value a canary wherever a text can stand
    "customers": [
        {"customer_id": "CANARYKEY-BIRTH", "birth_year": MAIL},
        {"customer_id": "CANARYKEY-STATUS", "status": WHO},
        {"customer_id": "CANARYKEY-DATES", "signup_date": "2025-03-01", "churn_date": "2025-02-01"},
        {"customer_id": "CANARYKEY-\u200bHIDDEN"},
    ],
    "subscriptions": [
        {"subscription_id": "CANARYKEY-FEE", "customer_id": WHO, "monthly_fee": PHONE},
        {"subscription_id": "CANARYKEY-DAY", "customer_id": WHO, "start_date": MAIL},
    ],
    "usage": [{"customer_id": "CANARYKEY-ORPHAN"}],
    "invoices": [{"invoice_id": "INV-88213", "customer_id": WHO, "amount": MAIL}],  # a message may name a bill
}


def plant(project: Project) -> None:
    """A customer whose every id, name and text is a canary, rows that break rules, and records that are no rows."""
    demo_extracts(project, customers=300)
    for path in sorted(project.extracts.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        usual = next(row for row in reversed(rows) if CONTRACT.keys() >= {path.stem} and None not in row.values())
        texts = {c.name for c in CONTRACT[path.stem].columns if c.type == "text" and not c.values}
        planted = {name: label(name) for name in texts if usual[name]} | canaries(path.stem, usual)
        broken = [planted | defect for defect in DEFECTS.get(path.stem, [])]
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, usual, lineterminator="\n")
            writer.writerows([usual | planted, *[usual | row for row in broken]])
            file.write(f"{WHO},{MAIL}\n" if path.stem != "identities" else "")


def label(name: str) -> str:
    """What stands in a column whose values are classes, and may be shown."""
    return "" if name in ("campaign_id", "area_id") else f"a label of {name}"


def canaries(table: str, usual: dict[str, str]) -> dict[str, str]:
    found = {name: f"CANARYKEY-{table}-{name}" for name in usual if name in PERSONAL}
    found |= {name: usual[name] for name in usual if name in ("campaign_id", "area_id")}
    links = {name: WHO for name in usual if SCOPES.get(name) == "customer"}
    return found | links | ({"replaces_customer_id": "", "status": "active"} if table == "customers" else {})


def canary_project(shelf: Path, name: str, params: str) -> Project:
    def make(project: Project) -> None:
        plant(project)
        keys = "quarter: 2026-Q3\nsource: demo\norphan_share_max: 0.5\n" + params
        (project.root / f"params/quarterly/{DEMO}.yml").write_text(keys + "quarantine_share_max: 0.5\n")
        (project.root / "params/quarterly/failing.yml").write_text(keys + "quarantine_share_max: 0.0\n")
        project.make(DEMO, LINECARD_KEY=SECRET)
        for command in (("check", DEMO), ("run", "failing")):
            ended = project.linecard(command[0], f"params/quarterly/{command[1]}.yml", LINECARD_KEY=SECRET)
            said = [ended.returncode, ended.stdout, ended.stderr]
            (project.root / f"{'-'.join(command)}.json").write_text(json.dumps(said))

    return made_once(shelf / name, make)


@pytest.fixture(scope="session")
def named(shelf: Path) -> Project:
    return canary_project(shelf, "named", "")


@pytest.fixture(scope="session")
def hidden(shelf: Path) -> Project:
    return canary_project(shelf, "hidden", "pseudonymise: true\n")


def left_behind(project: Project) -> Iterator[tuple[str, bytes]]:
    """Every file of reports and runs, and all that was said; the quarantine aside."""
    for folder in ("reports", "data/runs"):
        for path in sorted((project.root / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and "quarantine" not in path.parts:
                yield str(path.relative_to(project.root)), path.read_bytes()
    for path in project.root.glob("*.json"):
        yield path.name, path.read_bytes()


def unpacked(name: str, content: bytes) -> Iterator[bytes]:
    """The bytes, and whatever is packed inside: pictures, PDF streams and texts, Parquet values and statistics."""
    yield content
    for code in re.findall(rb"base64,([A-Za-z0-9+/=\\n]+)", content):
        yield base64.b64decode(code.replace(b"\\n", b""))
    if name.endswith(".pdf"):
        yield from pdf_parts(content)
    if name.endswith(".parquet"):
        table = pq.read_table(io.BytesIO(content))
        yield str(table.to_pydict()).encode()
        yield str(pq.ParquetFile(io.BytesIO(content)).metadata.to_dict()).encode()


def pdf_parts(content: bytes) -> Iterator[bytes]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    yield " ".join(page.extract_text() for page in reader.pages).encode()
    yield str((reader.metadata, reader.xmp_metadata and reader.xmp_metadata.__dict__)).encode()
    for number in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 1):
        found = reader.get_object(number)
        if isinstance(found, StreamObject):
            try:
                yield bytes(found.get_data())
            except (NotImplementedError, zlib.error):
                continue


def hits(files: Iterable[tuple[str, bytes]], pattern: re.Pattern[bytes] = TOLD) -> list[str]:
    return sorted({name for name, content in files for part in unpacked(name, content) if pattern.search(part)})


def ended(project: Project, name: str) -> list[Any]:
    return json.loads((project.root / f"{name}.json").read_text())


def test_the_canaries_are_there_and_would_be_found(named: Project, hidden: Project) -> None:
    for project in (named, hidden):
        kept = [(str(path), path.read_bytes()) for path in (project.root / "data/runs").rglob("quarantine/*.parquet")]
        assert len(hits(kept)) >= 4
    stored = [file for file in left_behind(named) if file[0].endswith(".parquet")]
    assert any(name.endswith("tables/tickets.parquet") for name in hits(stored))
    assert hits([("a.html", b"base64," + base64.b64encode(b"<text>CanaryKey</text>"))]) == ["a.html"]


def test_the_commands_ended_as_they_should(named: Project, hidden: Project) -> None:
    for project in (named, hidden):
        assert ended(project, DEMO)[0] == 0
        assert ended(project, f"check-{DEMO}")[0] == 0
        code, _, complained = ended(project, "run-failing")
        assert (code, "set aside" in complained) == (5, True)
        assert "a person's data" in ended(project, f"check-{DEMO}")[1]


def test_no_canary_is_published_logged_or_said(named: Project) -> None:
    files = [file for file in left_behind(named) if not file[0].endswith(".parquet")]
    assert {"report.html", "report.pdf", "summary.json", "manifest.json"} <= {Path(name).name for name, _ in files}
    assert hits(files) == []


def test_under_pseudonyms_no_canary_is_in_any_stage_table_either(hidden: Project) -> None:
    files = list(left_behind(hidden))
    assert sum(name.endswith(".parquet") for name, _ in files) > 20
    assert hits(files) == []


def test_what_holds_raw_values_is_for_its_owner_only(hidden: Project) -> None:
    kept = list((hidden.root / "data/runs").rglob("quarantine/*.parquet"))
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert {path.parent.stat().st_mode & 0o777 for path in kept} == {0o700}


def test_the_manifest_names_the_key_and_nothing_tells_it(named: Project, hidden: Project) -> None:
    assert hidden.report(DEMO).manifest["pseudonym_key"] == KEY.id
    assert named.report(DEMO).manifest["pseudonym_key"] is None
    assert hits(left_behind(hidden), re.compile(re.escape(SECRET.encode()))) == []


def test_the_same_customer_is_behind_a_pseudonym_in_every_table(named: Project, hidden: Project) -> None:
    for name in ("customers", "months", "churn_scores", "customer_value", "tables/usage", "tables/tickets"):
        raw, masked = (ids(project, name) for project in (named, hidden))
        assert sorted(KEY.pseudonym(id) for id in raw) == sorted(masked), name


def ids(project: Project, name: str) -> list[str]:
    table = pq.read_table(project.root / "data/runs" / DEMO / f"{name}.parquet", columns=["customer_id"])
    return [id for id in table["customer_id"].to_pylist() if id is not None]


BY_LOT = ("actions", "list_", "win_back_", "leads_", "warnings")


def test_the_figures_are_those_without_pseudonyms(named: Project, hidden: Project) -> None:
    """Forecasts average over draws that fall on customers in the order of their ids: they may differ by that luck.

    So do the lists of what is to be done, from which a lot by id leaves some out.
    """
    plain, masked = (project.report(DEMO).rows for project in (named, hidden))
    names = [(row["metric"], row["dimension"], row["class"]) for row in plain]
    assert names == [(row["metric"], row["dimension"], row["class"]) for row in masked]
    different = {
        one["metric"]
        for one, other in zip(plain, masked, strict=True)
        if not all(same(one[name], other[name], 0) for name in one)
    }
    modelled = {name for name in different if name.startswith(("churn_", "voluntary_", "value_", "model_"))}
    drawn = {"expected_leavers_3m", "months_left", "clv_total", "potential_total", "newcomer_value"}
    assert {name for name in different - modelled if not name.startswith(BY_LOT)} <= drawn
    assert not different & {"churn_rate", "churn_of_opening"}
    for one, other in zip(plain, masked, strict=True):
        if not one["metric"].startswith(("model_", *BY_LOT)):
            assert same(one["value"], other["value"], 1e-3), one["metric"]


def same(one: object, other: object, tolerance: float) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=0)
    return one == other
