"""Sentences are compared as they are typed: with plain spaces. The no-break ones have tests of their own."""

from __future__ import annotations

import pytest

from analysis.present import numbers


@pytest.fixture(autouse=True)
def plain_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "NO_BREAK", " ")
