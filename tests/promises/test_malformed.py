"""R2: every malformed case gives its promised outcome, and says so in words that help."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.promises.cases import Case
from tests.promises.catalogue import CATALOGUE


@pytest.mark.parametrize("case", CATALOGUE, ids=lambda case: f"{case.id}-{case.title.replace(' ', '-')}")
def test_a_malformed_input_comes_out_as_promised(case: Case, tmp_path: Path):
    got = case.prove(tmp_path)
    assert got.outcome == case.promised, got.said
