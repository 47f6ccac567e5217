"""A PostgreSQL server of the tests' own: started in a folder that goes with it, as a user that is not root."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

OWNER, OWNERS_WORD = "owner", "the-owners-own-word"
READER, PASSWORD = "reader", "CANARY:pass/word@7"  # what must be escaped in a URI, and must be found nowhere
SPELLINGS = (PASSWORD, quote(PASSWORD, safe=""), "CANARY", "pass/word")


@dataclass(frozen=True)
class Server:
    """A running server: what it is asked through psql, and where it listens."""

    folder: Path
    port: int

    def dsn(self, database: str = "postgres", *, user: str = READER, password: str = PASSWORD, port: int = 0) -> str:
        return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{port or self.port}/{database}"

    def psql(self, sql: str, database: str = "postgres") -> str:
        """What the server answers its owner, as plain lines."""
        dsn = self.dsn(database, user=OWNER, password=OWNERS_WORD)
        command = [program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", dsn]
        ended = subprocess.run(command, input=sql, capture_output=True, text=True, timeout=120)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    def database(self, name: str, sql: str = "") -> str:
        """A fresh database, filled by `sql`, whose public schema the reader may read; its connection string."""
        self.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE); CREATE DATABASE {name}")
        self.psql(f"{sql}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}", name)
        return self.dsn(name)

    def end_reading(self) -> int:
        """Ends every session that is sending rows to the reader; how many they were."""
        ended = self.psql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            f"WHERE usename = '{READER}' AND query LIKE 'COPY (SELECT%' AND state = 'active'"
        )
        return int(ended)


def program(name: str) -> str:
    """A server's program: on the path, else where Debian keeps it."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = shutil.which(name) or (str(kept[-1]) if kept else None)
    assert found, f"expected {name}, found none. On Debian: apt-get install postgresql"
    return found


@contextmanager
def running_server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="linecard-postgres-"))
    try:
        port = free_port()
        (folder / "word").write_text(OWNERS_WORD)
        owned(folder)
        how = ["-U", OWNER, "-A", "scram-sha-256", f"--pwfile={folder}/word", "-E", "UTF8", "--locale=C"]
        run("initdb", "-D", f"{folder}/data", *how)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run("pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-o", options, "-w", "start")
        try:
            server = Server(folder, port)
            server.psql(f"CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'")
            yield server
        finally:
            run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(name: str, *arguments: str) -> None:
    """One of the server's programs, as somebody who is not root."""
    user = nobody()
    ended = subprocess.run(
        [program(name), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        cwd="/",
        stdin=subprocess.DEVNULL,
        **({"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}),
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def nobody() -> str | None:
    """Who runs the server where the tests are run by root; None where they are not."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def owned(folder: Path) -> None:
    user = nobody()
    for path in (folder, *folder.iterdir()):
        if user:
            shutil.chown(path, user, pwd.getpwnam(user).pw_gid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
