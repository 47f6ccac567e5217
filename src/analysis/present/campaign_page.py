"""The pages on what campaigns did."""

from __future__ import annotations

import pandas as pd

from analysis.measures.class_rules import ClassRules
from analysis.policy.campaign_study import Study
from analysis.present import campaign_columns as columns
from analysis.present.block import Block
from analysis.present.charts.effects import effects as effect_chart
from analysis.present.charts.gain import gain
from analysis.present.page import Bullets, Caution, Note
from analysis.present.table import table
from analysis.present.wording import campaigns as wording
from analysis.present.wording import campaigns_trust as trust

SAME = Note("Not told, for the reason given above.")
NO_LOTS = Note("No campaign was drawn by lot.")


def _why(study: Study) -> Block:
    return SAME if study.lack else NO_LOTS


def effects_page(study: Study, effects: pd.DataFrame, *, source: str) -> Block:
    """The effects of all variants drawn by lot, drawn and in figures."""
    if effects.empty:
        return _why(study)
    words = wording.effect_words(effects)
    rows = wording.effect_rows(effects)
    chart = effect_chart(
        rows, "label", "effect", low="low", high="high", unit="score", places=1, source=source, **words
    )
    return _block([chart], words["finding"])


def outcomes_page(study: Study, effects: pd.DataFrame, *, source: str, smallest: int) -> Block:
    """Every outcome on record, contacted beside held out."""
    if effects.empty:
        return _why(study)
    words = wording.outcome_words(effects, by_choice=bool(study.counts and study.counts.by_choice))
    return table(wording.outcome_rows(effects), columns.OUTCOMES, source=source, smallest=smallest, **words)


def returns_page(study: Study, returns: pd.DataFrame, gains: pd.DataFrame, *, currency: str, source: str) -> Block:
    """Costs and returns."""
    if returns.empty:
        return _why(study)
    words = wording.return_words(returns, study)
    told = table(wording.return_rows(returns, gains), columns.RETURNS, currency=currency, source=source, **words)
    notes = [Note(text) for text in wording.later(returns, value=study.value, currency=currency)]
    return _block([told, *notes], words["finding"])


def class_page(study: Study, rules: ClassRules, *, source: str) -> Block:
    """Whether effects differ between classes."""
    if study.effects.empty:
        return _why(study)
    note = trust.class_note(study, rules)
    rows = trust.class_rows(study, rules)
    if rows.empty:
        return Note(note)
    told = table(rows, columns.CLASSES, source=source, row_header="class", **trust.class_words(study))
    return _block([Note(note), told], note)


def uplift_page(study: Study, *, source: str) -> Block:
    """The gain of the model of the largest variant, and whether any model beats going by lot."""
    if study.effects.empty:
        return _why(study)
    if not study.uplifts:
        return Note(trust.NO_UPLIFT)
    first = study.uplifts[0]
    words = trust.uplift_words(first)
    chart = gain(
        trust.uplift_rows(first), "share", "gain", low="low", high="high", lot="lot", along=trust.ALONG, source=source,
        **words,
    )  # fmt: skip
    return _block([chart, Bullets(trust.uplift_notes(study))], words["finding"])


def observed_page(study: Study, *, currency: str, source: str, smallest: int) -> Block:
    """Campaigns without lots, compared with others alike, and what speaks against it."""
    note = trust.observed_note(study)
    if not study.observed:
        return Note(note)
    words = trust.observed_words(study)
    rows = trust.observed_rows(study, smallest=smallest, currency=currency)
    parts: list[object] = [Caution(note), table(rows, columns.OBSERVED, source=source, smallest=smallest, **words)]
    parts.append(Bullets(trust.observed_flags(study)))
    parts += [
        table(trust.balance_rows(one), columns.BALANCE, source=source, **trust.balance_words(one))
        for one in study.observed
    ]
    return _block(parts, words["finding"])


def _block(parts: list[object], line: str) -> Block:
    return Block("".join(part._repr_html_() for part in parts), line)  # type: ignore[attr-defined]
