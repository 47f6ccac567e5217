"""The pages on what customers say: the scores, who says what, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analysis.measures.churn import clearest
from analysis.measures.class_rules import ClassRules
from analysis.measures.survey_rows import Surveys
from analysis.models.after_answer import After
from analysis.present import survey_columns
from analysis.present.block import Block
from analysis.present.charts.by_class import bars
from analysis.present.charts.over_time import trend
from analysis.present.class_pages import for_picture, for_reading
from analysis.present.page import Bullets, Note
from analysis.present.table import table
from analysis.present.wording import survey_after, survey_scores


class Scores(NamedTuple):
    """The tables of `levels`, `changes`, `kind_shares` and `responses`."""

    levels: pd.DataFrame
    changes: pd.DataFrame
    kinds: pd.DataFrame
    responses: pd.DataFrame


def scores_page(surveys: Surveys, scores: Scores, rules: ClassRules, *, source: str) -> Block:
    """The score by quarter, all scores in figures, which to use, and promoters beside detractors."""
    now = surveys.quarters[0]
    if survey_scores.leading(scores.levels, str(now)) is None:
        return Note("There is no score to show.")
    words = survey_scores.trend_words(surveys, scores.levels, scores.changes)
    rows = survey_scores.trend_rows(scores.levels)
    chart = trend(rows, "quarter", "value", low="low", high="high", group="name", unit="score", source=source, **words)
    told = survey_scores.score_rows(scores.levels, scores.changes, now=str(now))
    captions = survey_scores.score_words(surveys, scores.levels)
    parts = [chart._repr_html_(), table(told, survey_columns.SCORES, source=source, **captions).html]
    parts.append(Bullets(survey_scores.use_bullets(surveys, scores.levels, scores.responses, rules)).html)
    if len(scores.kinds):
        captions, kinds = survey_scores.kind_words(scores.kinds, now=now), survey_scores.kind_rows(scores.kinds)
        parts.append(table(kinds, survey_columns.KINDS, source=source, **captions).html)
    return Block("".join(parts), chart.finding)


def classes_page(
    classes: pd.DataFrame, kpis: pd.DataFrame, reasons: Sequence[str], rules: ClassRules, *, source: str, smallest: int
) -> Block:
    """The score by class, as picture and in figures, and what goes with better answers (`reasons` among it)."""
    drawn = survey_after.drawn(classes)
    if drawn.empty:
        return Note(f"{survey_after.class_words(classes)['finding']}.")
    words, named = survey_after.class_words(classes), survey_after.standing_out(classes)
    shown = for_picture(clearest(drawn, value="nps"), rules, value="nps")
    chart = bars(
        shown, "class", "nps", low="low", high="high", group="label", highlight=named, unit="score", source=source,
        **words,
    )  # fmt: skip
    rows, captions = survey_after.class_rows(for_reading(classes, rules)), survey_after.class_table_words(classes)
    figures = table(rows, survey_columns.CLASSES, source=source, smallest=smallest, **captions)
    said = Bullets([*reasons, *survey_after.reason_bullets(kpis)])
    return Block(chart._repr_html_() + figures.html + Note(survey_after.COMPARED).html + said.html, chart.finding)


def after_page(after: After, pairs: pd.DataFrame, *, source: str, smallest: int) -> Block:
    """Who left after which answer, and how the same customers answered again."""
    captions = survey_after.after_words(after)
    if after.rates.empty and pairs.empty:
        return Note(f"{captions['finding']}.")
    rows = table(survey_after.after_rows(after), survey_columns.AFTER, source=source, smallest=smallest, **captions)
    said = Bullets([*survey_after.after_bullets(after), *survey_after.repeated_bullets(pairs)])
    return Block(rows.html + said.html, captions["finding"])
