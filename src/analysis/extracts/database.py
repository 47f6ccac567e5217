"""A database as a source: what source.yml says of it, and the connection that only the environment knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from analysis.basis.documents import Document
from analysis.basis.errors import ParamsError

LOCAL = "the server of this machine"  # a connection string that names no host means its socket
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_SETTING = re.compile(r"(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)")
_HOST = re.compile(r"[\w.,:/@\[\]-]+")


class PostgresKeys(BaseModel):
    """`postgres:` in source.yml; `dsn` is the name of an environment variable, never a connection string."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dsn: str
    schema_name: str = Field("public", alias="schema")
    minutes_per_statement: float = Field(30, gt=0, le=1440)


@dataclass(frozen=True)
class Database:
    """A schema of a PostgreSQL database; `dsn` prints as stars."""

    variable: str
    dsn: SecretStr
    schema: str
    minutes_per_statement: float

    @property
    def host(self) -> str:
        """The host a message may name."""
        return host_of(self.dsn.get_secret_value())


def database(keys: PostgresKeys, document: Document, environ: Mapping[str, str]) -> Database:
    """The database that `postgres:` names, its connection looked up in the environment.

    Raises
    ------
    ParamsError
        When the environment variable is not set.
    """
    dsn = environ.get(keys.dsn)
    if not dsn:
        do = f"Set it to a connection string: export {keys.dsn}=postgresql://user@host/database"
        expected = f"the environment variable {keys.dsn}"
        raise ParamsError(_at(document, "postgres", "dsn"), expected=expected, found="that it is not set", do=do)
    if not keys.schema_name or not keys.schema_name.isprintable():
        found = ascii(keys.schema_name)
        where = _at(document, "postgres", "schema")
        raise ParamsError(where, expected="the name of a schema", found=found, do="Correct `schema`.")
    return Database(keys.dsn, SecretStr(dsn), keys.schema_name, keys.minutes_per_statement)


def check_place(document: Document) -> None:
    """Refuse a source that does not say where its extracts lie, says it twice, or holds a connection string."""
    form, given = document.data.get("format"), document.data
    needed, other = ("postgres", "files") if form == "postgres" else ("files", "postgres")
    if given.get(needed) is None:
        do = f"Add `{needed}:` here."
        raise ParamsError(_at(document), expected=f"the key `{needed}`", found="nothing", do=do)
    if given.get(other) is not None:
        do = f"Remove it, or correct `format: {form}`."
        raise ParamsError(_at(document, other), expected=f"no key `{other}`", found="one", do=do)
    if form == "postgres":
        _check_no_secret(document)


def _check_no_secret(document: Document) -> None:
    """Refuse a connection string before any message could repeat it."""
    section = document.data["postgres"]
    values = section.values() if isinstance(section, dict) else [section]
    dsn = section.get("dsn", "DSN") if isinstance(section, dict) else None
    named = isinstance(dsn, str) and _VARIABLE.fullmatch(dsn)
    if not named or any(re.search(r"://|=", str(value)) for value in values):
        do = "Write `postgres: {dsn: ACME_DSN, schema: public}`, and the connection string into that variable only."
        found = "something else (not shown here: it may hold a password)"
        where = _at(document, "postgres", "dsn")
        raise ParamsError(where, expected="the name of an environment variable", found=found, do=do)


def host_of(dsn: str) -> str:
    """The host of a connection string (URI, or `host=… user=…`); the words for this machine where it names none."""
    if re.match(r"postgres(ql)?://", dsn):
        try:
            host = urlsplit(dsn).hostname
        except ValueError:  # brackets that are no address
            host = None
    else:
        settings = {name: value.strip("'") for name, value in _SETTING.findall(dsn)}
        host = settings.get("host") or settings.get("hostaddr")
    return host if host and _HOST.fullmatch(host) and not host.startswith(("/", "@")) else LOCAL


def _at(document: Document, *path: str) -> str:
    """Where a key was written; for a missing one, where its surroundings begin."""
    while path not in document.positions:
        path = path[:-1]
    return "{}:{}:{}".format(*document.positions[path])
