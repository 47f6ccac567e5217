"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.postgres_server import Server, running_server

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the public samples: LINECARD_SHARED_DATA, else shared/data beside the project.

    A clone without them skips what needs them and says so; where somebody named the folder, and in
    continuous integration, their absence is a failure.
    """
    named = os.environ.get("LINECARD_SHARED_DATA")
    folder = Path(named or ROOT / "../shared/data").resolve()
    if not (folder / "ibm_telco_multitable").is_dir():
        absent = pytest.fail if named or os.environ.get("CI") else pytest.skip
        absent(
            "The public samples are absent: expected a folder that holds ibm_telco_multitable/, "
            f"found none at {folder}. "
            "Set LINECARD_SHARED_DATA to where they lie; data/README.md says where to get them."
        )
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server, running while the tests do."""
    with running_server() as server:
        yield server
