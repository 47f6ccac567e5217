"""What source.yml says of a database, and how little of its connection a message may hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.basis.errors import ParamsError
from analysis.extracts.database import LOCAL, host_of
from analysis.extracts.mapping import read_source

DSN = "postgresql://reader:CANARY@db.acme.example/crm"
LINES = "name: Acme\nformat: {form}\n{place}\nobserved_from: 2024-01-01\ncurrency: EUR\ntimezone: Europe/Berlin\n"


@pytest.fixture
def refused(folder: Path) -> Callable[..., str]:
    def message(place: str, *, form: str = "postgres", **environ: str) -> str:
        (folder / "source.yml").write_text(LINES.format(form=form, place=place))
        with pytest.raises(ParamsError) as error:
            read_source(folder, environ=environ)
        assert "CANARY" not in str(error.value)
        return str(error.value).removeprefix("params/sources/acme/source.yml")

    return message


def test_the_connection_comes_from_the_environment_and_prints_as_stars(folder: Path) -> None:
    place = "postgres: {dsn: ACME_DSN, schema: sales, minutes_per_statement: 5}"
    (folder / "source.yml").write_text(LINES.format(form="postgres", place=place))
    got = read_source(folder, environ={"ACME_DSN": DSN})
    assert got.database is not None
    assert (got.database.schema, got.database.minutes_per_statement) == ("sales", 5)
    assert got.database.host == "db.acme.example"
    assert "CANARY" not in repr(got)
    assert got.database.dsn.get_secret_value() == DSN


@pytest.mark.parametrize("environ", [{}, {"ACME_DSN": ""}])
def test_a_variable_that_is_not_set_is_named(refused: Callable[..., str], environ: dict[str, str]) -> None:
    assert refused("postgres: {dsn: ACME_DSN}", **environ) == (
        ":3:12: expected the environment variable ACME_DSN, found that it is not set. "
        "Set it to a connection string: export ACME_DSN=postgresql://user@host/database"
    )


@pytest.mark.parametrize(
    "place",
    [
        f"postgres: {DSN}",
        f"postgres: {{dsn: '{DSN}'}}",
        "postgres: {dsn: 'host=db.acme.example password=CANARY'}",
        f"postgres: {{dsn: ACME_DSN, schema: '{DSN}'}}",
        f"postgres: {{dsn: ACME_DSN, minutes_per_statement: '{DSN}'}}",
        f"postgres: ['{DSN}']",
    ],
)
def test_a_connection_string_in_the_file_is_refused_and_not_shown(refused: Callable[..., str], place: str) -> None:
    message = refused(place, ACME_DSN=DSN)
    assert message.startswith(":3:")
    assert message.endswith(
        ": expected the name of an environment variable, found something else (not shown here: it may hold a "
        "password). Write `postgres: {dsn: ACME_DSN, schema: public}`, and the connection string into that variable "
        "only."
    )


@pytest.mark.parametrize(
    ("form", "place", "expected"),
    [
        ("postgres", "files: raw", ":1:1: expected the key `postgres`, found nothing. Add `postgres:` here."),
        ("csv", "postgres: {dsn: A}", ":1:1: expected the key `files`, found nothing. Add `files:` here."),
        (
            "postgres",
            "postgres: {dsn: A}\nfiles: raw",
            ":4:1: expected no key `files`, found one. Remove it, or correct `format: postgres`.",
        ),
        (
            "csv",
            "postgres: {dsn: A}\nfiles: raw",
            ":3:1: expected no key `postgres`, found one. Remove it, or correct `format: csv`.",
        ),
        ("postgres", "postgres: {dsn: A, password: CANARY}", ":3:20: expected a known key, found 'password'."),
        ("postgres", 'postgres: {dsn: A, schema: "a\\0b"}', ":3:20: expected the name of a schema, found 'a\\x00b'."),
        ("postgres", "postgres: {dsn: A, minutes_per_statement: 0}", ":3:20: expected a number > 0, found 0."),
    ],
)
def test_a_place_that_cannot_be_is_refused(refused: Callable[..., str], form: str, place: str, expected: str) -> None:
    assert refused(place, form=form, A=DSN).startswith(expected)


@pytest.mark.parametrize(
    ("dsn", "host"),
    [
        (DSN, "db.acme.example"),
        ("postgres://reader:CAN@ARY@db.acme.example:5433/crm", "db.acme.example"),
        ("postgresql://[::1]/crm", "::1"),
        ("postgresql:///crm", LOCAL),
        ("postgresql://[CANARY", LOCAL),
        ("host=db.acme.example password='a host=CANARY'", "db.acme.example"),
        ("password='a host=CANARY'", LOCAL),
        ("host=/var/run/postgresql dbname=crm", LOCAL),
        ("CANARY", LOCAL),
    ],
)
def test_only_the_host_of_a_connection_string_is_named(dsn: str, host: str) -> None:
    assert host_of(dsn) == host
