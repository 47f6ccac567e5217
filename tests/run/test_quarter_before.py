"""A table, or consents, that the run of the quarter before had and this one has no more."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from analysis.basis.errors import InputRefused
from analysis.run.checking import print_check
from analysis.run.store import Run, open_run

if TYPE_CHECKING:
    from tests.run.conftest import Project

OPEN = "from analysis.run.store import open_run\nrun = open_run(params_file)"
FILE = "params/quarterly/tiny-2026-Q4.yml"
SURVEYS = "survey_id,customer_id,sent_at,nps_score\ns1,a1,2026-08-02,9\n"
HEAD = "customer_id,channel,granted,changed_at\n"
EMAIL, REFUSED = "a1,email,true,2026-08-01\n", "a1,do_not_contact,true,2026-08-01\n"
ERASED = "a2,erasure,true,2026-08-01\n"
SAID = (
    "Missing: the run of the quarter before had rows of surveys, and this one has none, so what rests on them is not "
    "in this report. Ask for the whole extract, and run again."
)
LOOSE = "quarantine_share_max: 1\norphan_share_max: 1\n"


@pytest.fixture
def before(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose quarter before was run, with surveys and consents."""
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("LINECARD_CHAPTER", "10_data")
    for quarter in (3, 4):
        project.params(f"tiny-2026-Q{quarter}", f"quarter: 2026-Q{quarter}\nsource: tiny\n{LOOSE}")
    project.write("data/raw/tiny/usage.csv", "customer_id,month,download_gb\na1,2026-09,12.5\na1,2026-12,3\n")
    project.write("data/raw/tiny/surveys.csv", SURVEYS)
    project.write("data/raw/tiny/consents.csv", HEAD + EMAIL + REFUSED + ERASED)
    run = open_run("params/quarterly/tiny-2026-Q3.yml")
    run.quality(run.intake())
    ended(project)
    return project


def ended(project: Project, source: str = "tiny") -> None:
    said = {"status": "succeeded", "params": {"source": source}}
    project.write("data/runs/tiny-2026-Q3/manifest.json", json.dumps(said))


def told(run: Run) -> tuple[list[str], list[str], list[str]]:
    """Tables that are gone; what the command says at its end; what stands over the report."""
    quality = run.quality(run.intake())
    log = json.loads((run.folder / "chapters/10_data.json").read_text(encoding="utf-8"))
    return list(quality.loc[quality["rule"] == "gone", "table"]), log["cautions"], log["notices"]


def checked(project: Project) -> str:
    out = io.StringIO()
    print_check(FILE, root=project.root, out=out)
    return out.getvalue()


def test_a_table_that_is_gone_is_bad_and_said_at_the_end_and_over_the_report(before: Project) -> None:
    assert told(open_run(FILE)) == ([], [], [])
    (before.root / "data/raw/tiny/surveys.csv").unlink()
    assert told(open_run(FILE)) == (["surveys"], [SAID], [SAID])
    assert checked(before).endswith(f"{SAID}\n")
    assert "note: surveys, gone, 1 row" in checked(before)


def test_one_that_may_be_empty_and_had_rows_is_gone_too(before: Project) -> None:
    source = (before.root / "params/sources/tiny/source.yml").read_text(encoding="utf-8")
    before.write("params/sources/tiny/source.yml", f"{source}optional: [surveys]\n")
    before.write("data/raw/tiny/surveys.csv", SURVEYS.splitlines()[0] + "\n")
    assert told(open_run(FILE))[0] == ["surveys"]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (None, "expected the table consents, as the run of the quarter before had it, found none"),
        (HEAD + ERASED, "expected rows in the table consents, .*, found an empty table"),
        (HEAD + EMAIL + ERASED, r"expected who asked not to be contacted .*, found nobody"),
        (HEAD + EMAIL + REFUSED, r"expected who asked to be erased .*, found nobody"),
    ],
)
def test_consents_that_are_lost_refuse_the_run_before_anything_is_stored(
    before: Project, now: str | None, found: str
) -> None:
    file = before.root / "data/raw/tiny/consents.csv"
    file.unlink() if now is None else before.write("data/raw/tiny/consents.csv", now)
    run = open_run(FILE)
    with pytest.raises(InputRefused, match=found) as refused:
        run.intake()
    assert refused.value.exit_code == 3
    assert not run.has("tables/customers")
    with pytest.raises(InputRefused, match=found):
        checked(before)


def test_without_a_run_of_the_quarter_before_or_of_another_source_nothing_is_gone(before: Project) -> None:
    for name in ("surveys", "consents"):
        (before.root / f"data/raw/tiny/{name}.csv").unlink()
    ended(before, "other")
    assert told(open_run(FILE)) == ([], [], [])
    ended(before)
    before.params("trial", f"quarter: 2026-Q4\nsource: tiny\n{LOOSE}")
    assert told(open_run("params/quarterly/trial.yml")) == ([], [], [])


def test_the_command_names_a_table_that_is_gone_and_refuses_lost_consents(before: Project) -> None:
    show = "from analysis.present.page import Note\nNote('Every table of the extracts was read, and counted.')"
    before.notebook("10_data", OPEN, "told = run.quality(run.intake())", show)
    (before.root / "data/raw/tiny/surveys.csv").unlink()
    got = before.linecard("run", FILE)
    assert (got.returncode, got.stderr) == (0, f"{SAID}\n")
    manifest = json.loads((before.root / "reports/tiny-2026-Q4/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["warnings"], manifest["notices"]) == ([SAID], [SAID])
    (before.root / "data/raw/tiny/consents.csv").unlink()
    got = before.linecard("run", FILE)
    assert got.returncode == 3
    assert "expected the table consents, as the run of the quarter before had it, found none" in got.stderr
