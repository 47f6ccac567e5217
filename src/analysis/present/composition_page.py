"""The pages on what the base rests on."""

from __future__ import annotations

from analysis.measures.composition import Composition
from analysis.present import credit_columns
from analysis.present.block import Block
from analysis.present.charts.by_class import bars
from analysis.present.charts.over_time import trend
from analysis.present.page import Bullets, Note
from analysis.present.table import table
from analysis.present.wording import composition as wording

ABSENT = Note("Not told, for the reason given above.")


def exposure_page(found: Composition | None, *, smallest: int, source: str) -> Block:
    """The largest holdings against their limits, and what would go with them."""
    if found is None:
        return ABSENT
    rows = wording.exposure_rows(found.exposures)
    words = wording.exposure_words(found.exposures, quarters=len(found.quarters))
    return table(rows, credit_columns.EXPOSURES, source=source, smallest=smallest, **words)


def largest_page(found: Composition | None, *, smallest: int, source: str) -> Block:
    """The largest accounts, together."""
    if found is None:
        return ABSENT
    words = wording.top_words(found)
    rows = wording.top_rows(found)
    chart = bars(rows, "name", "share", low="share_low", high="share_high", unit="share", source=source, **words)
    return Block(chart._repr_html_() + Bullets(wording.how_joined(found, smallest=smallest)).html, words["finding"])


def drift_page(found: Composition | None, *, smallest: int, source: str) -> Block:
    """How concentration moved over quarters, and what the index means."""
    if found is None:
        return ABSENT
    rows = wording.drift_rows(found, smallest=smallest)
    words = wording.drift_words(found, rows)
    chart = trend(
        rows, "quarter", "hhi", low="hhi_low", high="hhi_high", group="name", unit="ratio", source=source, **words
    )
    return Block(chart._repr_html_() + Bullets(wording.equal_number(found, smallest=smallest)).html, words["finding"])
