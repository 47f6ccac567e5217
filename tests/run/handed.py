"""A tiny project as a finished report leaves it, and what its hand-over wrote."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from typer.testing import CliRunner

from analysis.run.cli import app
from analysis.run.store import open_run

if TYPE_CHECKING:
    from tests.run.conftest import Project

FILE = "params/quarterly/tiny.yml"
KEY = "0123456789abcdef0123456789abcdef"
CUSTOMERS = """\
customer_id,signup_date,status,customer_type,replaces_customer_id
0001,2024-01-05,active,household,
12345678901234567890,2024-01-05,active,business,
=danger,2024-01-05,active,household,
gone,2024-01-05,active,household,
old,2024-01-05,active,household,
new,2025-01-05,active,household,old
quiet,2024-01-05,active,household,
"""
HOSTILE = '=HYPERLINK(""http://x"",""y"")'
IDENTITIES = f"""\
customer_id,last_name,company,phone,email
0001,"{HOSTILE}",,+49 30 23125 639,a@mail.example
12345678901234567890,Li,"李|""雷"" <script>\r\n有限公司 👍",＋86 138-0013,=b@mail.example
old,Berg,,030 1,old@mail.example
quiet,Still,,+49 30 2,quiet@mail.example
"""
CONSENTS = """\
customer_id,channel,granted,changed_at
0001,email,true,2024-01-05 12:00:00
0001,email,false,2024-02-05 12:00:00
0001,sms,true,2024-02-05 12:00:00
12345678901234567890,email,true,2024-02-05 12:00:00
old,email,true,2024-02-05 12:00:00
quiet,email,true,2026-09-05 12:00:00
quiet,do_not_contact,true,2026-11-05 12:00:00
gone,erasure,true,2026-11-05 12:00:00
"""
KEYS = ["0001", "12345678901234567890", "=danger", "gone", "new", "quiet"]


def people(keys: list[str]) -> pd.DataFrame:
    types = ["business" if len(key) == 20 else "household" for key in KEYS]
    states = {"state": "active", "customer_type": types, "loyalty_class": "=2+2"}
    return pd.DataFrame({"customer_id": keys, **states})


def actions(keys: list[str]) -> pd.DataFrame:
    rows = pd.DataFrame({"customer_id": keys, "action": "offer", "cost": -1.5, "marketing": True})
    return rows.assign(due_date=pd.Timestamp("2026-10-15"), priority=range(1, len(keys) + 1))


def take_in(project: Project, *, params: str = "") -> Project:
    """A project as a finished report leaves it."""
    for name, text in (("customers", CUSTOMERS), ("identities", IDENTITIES), ("consents", CONSENTS)):
        project.write(f"data/raw/tiny/{name}.csv", text)
    (project.root / "data/raw/tiny/usage.csv").unlink()
    project.params(text=f"quarter: 2026-Q3\nsource: tiny\n{params}")
    run = open_run(FILE)
    run.intake()
    keys = [run.key.pseudonym(key) for key in KEYS] if run.key else KEYS
    run.write("customers", people(keys), order_by=["customer_id"])
    run.write("actions", actions(keys), order_by=["customer_id"])
    (project.root / "reports" / "tiny").mkdir(parents=True)
    told = {"status": "succeeded", "rows": {}, "pseudonym_key": run.key.id if run.key else None}
    project.write("data/runs/tiny/manifest.json", json.dumps(told))
    return project


def export(to: str) -> Any:
    return CliRunner().invoke(app, ["export", FILE, "--to", to])


def exported(project: Project, to: str) -> Path:
    got = export(to)
    assert (got.exit_code, got.output) == (0, f"reports/tiny/exports/{to}\n")
    return project.root / "reports/tiny/exports" / to


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def told(folder: Path, name: str) -> dict[str, Any]:
    [one] = [one for one in json.loads((folder / "manifest.json").read_text())["lists"] if one["list"] == name]
    return one
