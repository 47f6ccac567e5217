from __future__ import annotations

from pathlib import Path

import pytest

from analysis.basis.errors import AnalysisFailed
from analysis.run import fonts
from analysis.run.fonts import checked_fonts, drawable, drawn_characters


def test_an_absent_font_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fonts, "FONT_FOLDERS", fonts.FONT_FOLDERS[:1])
    with pytest.raises(AnalysisFailed) as caught:
        checked_fonts.__wrapped__()
    assert str(caught.value) == (
        "report.pdf: expected the report's fonts, found no Noto Sans SC 400, no Noto Sans SC 700. "
        "Install the package again: its fonts lie in analysis/present/fonts, DejaVu comes with matplotlib."
    )


def test_both_fonts_hold_every_character_of_gb2312():
    rows = [bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    wanted = {text for text in (row.decode("gb2312", errors="ignore") for row in rows) if text}
    assert len(wanted) == 6763
    assert {one for one in wanted if ord(one) not in drawn_characters()} == set()


def test_the_fonts_are_the_only_ones_used():
    got = {Path(font.path).parent for font in checked_fonts().fonts() if font.path}
    assert got == set(fonts.FONT_FOLDERS)


def test_text_of_the_fonts_stays_as_it_is_and_the_rest_is_numbered():
    document = {"inside": [{"text": "Île 光纤 “4.1\u00a0%”"}, {"text": "🦊", "width": 2}]}
    assert drawable(document) == {"inside": [{"text": "Île 光纤 “4.1\u00a0%”"}, {"text": "[U+1F98A]", "width": 2}]}
