from __future__ import annotations

from collections.abc import Iterator

import pytest

from analysis.extracts.engine import Engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine
