"""The same provider from a database and from files: the same report, and no word of how the database is reached."""

from __future__ import annotations

import csv
import re
import shutil
import zlib
from pathlib import Path

import pytest
from tests.postgres_server import SPELLINGS, Server
from tests.reports.conftest import Project, Report, with_params

from analysis.extracts.contract import CONTRACT

pytestmark = pytest.mark.postgres

NAME = "2026-Q3"
PARAMS = f"params/quarterly/{NAME}.yml"
TYPES = {
    "text": "text",
    "date": "date",
    "time": "timestamp",
    "month": "date",
    "money": "numeric(14,4)",
    "number": "numeric",
    "integer": "integer",
    "boolean": "boolean",
}
FLOATS = ("download_gb", "latency_ms")  # numbers that a database may well keep as binary ones


@pytest.fixture(scope="module")
def from_files(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report from files in which every cell has its column's type."""
    project = Project(tmp_path_factory.mktemp("files"))
    with_params(project)
    ended = project.linecard("demo", "--customers", "300", "--seed", "3")
    assert ended.returncode == 0, ended.stderr
    project.make(NAME)
    return project.report(NAME)


@pytest.fixture(scope="module")
def from_database(from_files: Report, postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose source is a database with the same rows."""
    extracts = from_files.root / "data/raw/demo"
    loads = [copied(path) for path in sorted(extracts.glob("*.csv"))]
    postgres.database("demo", "\n".join(loads))
    root = tmp_path_factory.mktemp("database")
    shutil.copytree(from_files.root / "params", root / "params")
    described = root / "params/sources/demo/source.yml"
    text = described.read_text().replace("format: csv", "format: postgres")
    described.write_text(re.sub(r"files: .*", "postgres: {dsn: ACME_DSN}", text))
    project = Project(root)
    project.make(NAME, ACME_DSN=postgres.dsn("demo"))
    return project


def copied(path: Path) -> str:
    """SQL that makes a table of a contract table's file and fills it."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    kinds = {column.name: TYPES[column.type] for column in CONTRACT[path.stem].columns}
    kinds |= dict.fromkeys(set(FLOATS) & set(header), "double precision")
    columns = ", ".join(f'"{name}" {kinds.get(name, "text")}' for name in header)
    return f"CREATE TABLE {path.stem} ({columns});\n\\copy {path.stem} FROM '{path}' (FORMAT csv, HEADER)\n"


def test_a_report_from_a_database_is_the_report_from_files_to_the_last_digit(
    from_files: Report, from_database: Project
) -> None:
    got = from_database.report(NAME)
    assert len(from_files.rows) > 50
    assert got.bytes("summary.json") == from_files.bytes("summary.json")
    files, html = (report.bytes("report.html").decode() for report in (from_files, got))
    assert without_places(html) == without_places(files)
    assert len(html) > 100_000


def without_places(html: str) -> str:
    """A page without where its first cases stand: by file and line, or by table; ids of tables hold a digest of it."""
    return re.sub(r"(-[0-9a-f]{8})(?=\")|\.(<wbr/>)?csv, line [\d,]+", "", html)


def test_both_doors_count_the_same_rows(from_files: Report, from_database: Project) -> None:
    got, files = from_database.report(NAME).manifest, from_files.manifest
    assert got["doors"] == files["doors"]
    lines = {row["file"].removesuffix(".csv"): row["lines"] for row in files["files"]}
    assert {row["file"].removeprefix("public."): row["lines"] for row in got["files"]} == lines
    assert [sorted(entry) for entry in got["inputs"]] == [["bytes", "file", "sha256"]] * len(lines)


def test_nothing_a_run_leaves_or_says_holds_the_password(from_database: Project, postgres: Server) -> None:
    report = from_database.report(NAME)
    checked = from_database.linecard("check", PARAMS, ACME_DSN=postgres.dsn("demo"))
    assert checked.returncode == 0, checked.stderr
    said = report.said + report.complained + checked.stdout + checked.stderr
    assert "public.customers" in said
    assert leaks(from_database.root, said) == []


@pytest.mark.parametrize("command", ["run", "check"])
def test_nothing_a_failed_run_leaves_or_says_holds_the_password(
    from_database: Project, postgres: Server, tmp_path: Path, command: str
) -> None:
    shutil.copytree(from_database.root / "params", tmp_path / "params")
    project = Project(tmp_path)
    for dsn in (
        postgres.dsn("demo", password="CANARY-wrong"),
        postgres.dsn("demo", port=1),
        f"host=127.0.0.1 port={postgres.port} user=reader dbname=nowhere password=CANARY",
        "postgresql://reader:CANARY:pass/word@7@127.0.0.1/demo",  # not %-escaped
        "CANARY",
    ):
        ended = project.linecard(command, PARAMS, ACME_DSN=dsn, TMPDIR=str(tmp_path))
        assert ended.returncode in (2, 3), ended.stderr
        assert ": expected " in ended.stderr
        assert leaks(tmp_path, ended.stdout + ended.stderr) == []
        assert not (tmp_path / "reports" / NAME).exists()


def test_the_search_for_the_password_would_find_it(tmp_path: Path) -> None:
    (tmp_path / "packed").write_bytes(b"x" + zlib.compress(b"... CANARY ..."))
    (tmp_path / "plain").write_bytes(b"pass%2Fword")
    assert leaks(tmp_path, "nothing") == ["packed"]
    assert leaks(tmp_path, SPELLINGS[1]) == ["packed", "what was said"]


def test_a_chapter_is_used_again_only_while_the_tables_are_what_they_were(
    from_database: Project, postgres: Server
) -> None:
    dsn = postgres.dsn("demo")
    again = from_database.linecard("run", PARAMS, "--only", "00_summary", ACME_DSN=dsn)
    assert again.returncode == 0, again.stderr
    postgres.psql("DELETE FROM usage WHERE ctid = (SELECT min(ctid) FROM usage)", "demo")
    ended = from_database.linecard("run", PARAMS, "--only", "00_summary", ACME_DSN=dsn)
    assert ended.returncode == 2
    assert (
        "10_data: expected a chapter of an earlier run that fits, found one made from other extracts." in ended.stderr
    )


def leaks(folder: Path, said: str) -> list[str]:
    """Files below a folder that hold a spelling of the password, also inside deflated streams; and what was said."""
    found = [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(word.encode() in bytes_ for bytes_ in unpacked(path) for word in SPELLINGS)
    ]
    return found + ["what was said"] * any(word in said for word in SPELLINGS)


def unpacked(path: Path) -> list[bytes]:
    """The bytes of a file, and of every deflated stream in it."""
    whole = path.read_bytes()
    streams = [whole]
    for start in (found.start() for found in re.finditer(rb"x[\x01\x5e\x9c\xda]", whole)):
        try:
            streams.append(zlib.decompressobj().decompress(whole[start:], 10_000_000))
        except zlib.error:
            continue
    return streams
