"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the public samples: LINECARD_SHARED_DATA, else shared/data beside the project."""
    folder = Path(os.environ.get("LINECARD_SHARED_DATA") or ROOT / "../shared/data").resolve()
    if not (folder / "ibm_telco_multitable").is_dir():
        pytest.fail(
            f"LINECARD_SHARED_DATA: expected a folder that holds ibm_telco_multitable/, found none at {folder}. "
            "Set it to where the public samples lie; data/README.md says where to get them."
        )
    return folder
