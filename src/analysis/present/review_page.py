"""The tables of the review: last quarter's actions, and thresholds of warning signs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.basis.quarter import Quarter
from analysis.measures.class_rules import ClassRules
from analysis.policy.review_study import Reviewed
from analysis.policy.table import Policy
from analysis.present.block import Block
from analysis.present.review_columns import ACTIONS, THRESHOLDS
from analysis.present.table import table
from analysis.present.wording import review as words
from analysis.present.wording import thresholds as threshold_words


def actions_page(
    done: Reviewed, policies: Sequence[Policy], *, before: Quarter, currency: str, source: str, smallest: int
) -> Block:
    """What each action did, all together last; a note where nothing may be told."""
    rows = words.rows(done, policies)
    told = words.words(rows, before)
    return table(rows, ACTIONS, currency=currency, source=source, smallest=smallest, **told)


def thresholds_page(found: pd.DataFrame, rules: ClassRules, *, currency: str, source: str, smallest: int) -> Block:
    """Each warning sign with the present threshold and the best one."""
    rows = threshold_words.rows(found, rules)
    return table(rows, THRESHOLDS, currency=currency, source=source, smallest=smallest, **threshold_words.words(found))
