"""The overview: a word in every field, whatever the colours."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.measures.standing import WORST
from analysis.present import theme
from analysis.present.charts.sheet import Sheet
from analysis.present.charts.status import FIELDS, status

WORDS = {"finding": "Finding", "subtitle": "Subtitle", "source": "Source", "alt": "Alt"}
HEADS = {"validity": "valid", "freshness": "fresh"}
FIELD = ["table", "dimension", "status", "struck"]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts a chart draws."""
    found: list[str] = []
    drawn = Sheet.text

    def kept(self: Sheet, at: tuple[float, float], words: str, *rest: object, **more: object) -> None:
        found.append(words)
        drawn(self, at, words, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Sheet, "text", kept)
    return found


def test_every_field_says_its_status_and_how_many_checks_say_so(written: list[str]) -> None:
    rows = [("usage", "validity", "bad", 3), ("usage", "freshness", "good", 1), ("leads", "validity", "unknown", 1)]
    got = status(pd.DataFrame(rows, columns=FIELD), "table", "dimension", "status", columns=HEADS, **WORDS)
    assert written == ["valid", "fresh", "usage", "3 bad", "good", "leads", "not known", "–"]
    assert got.svg


def test_no_field_is_a_note() -> None:
    got = status(pd.DataFrame(columns=FIELD), "table", "dimension", "status", columns=HEADS, **WORDS)
    assert got.svg == b""


def test_words_can_be_read_on_their_colour() -> None:
    assert {"not known" if name == "unknown" else name for name in WORST} == set(FIELDS)
    assert min(theme.contrast(color, theme.on(color)) for color in FIELDS.values()) >= 4.5
    assert theme.contrast(theme.QUIET, FIELDS["good"]) >= 4.5
