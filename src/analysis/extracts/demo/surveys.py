"""Surveys: sent at random, answered rather by the satisfied and the old."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo.answers import coloured, moves
from analysis.extracts.demo.days import DAY, NEVER_SECOND
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.parameters import Service
from analysis.extracts.demo.span import Span
from analysis.extracts.demo.state import Floats, Ints, State
from analysis.extracts.demo.world import Month

NO_SCORE = -1


def ask(state: State, span: Span, now: Month) -> None:
    """The rows of `surveys` that are sent in a month; scores are empty where nobody answered."""
    s = now.parameters.service
    random = now.random(Subject.SURVEYS)
    luck = random.random((4, state.size))
    noise = random.standard_normal((2, state.size))
    rows = np.flatnonzero(span.present & (state.line == 0) & (luck[0] < s.survey))
    sent = span.some_day(rows, luck[1][rows]) * DAY + 10 * 3600
    colour = coloured(state, rows, now)
    felt = state.satisfaction[rows] + colour
    answers = luck[2][rows] < _chance(felt, state, rows, now)
    wait = 3600 + (luck[3][rows] ** 2 * 12 * DAY).astype(np.int64)
    nps, csat = _scores(felt, s, noise[:, rows])
    told = rows[answers]
    state.nps[told], state.csat[told] = nps[answers], csat[answers]
    # What was felt then of what the records tell.
    state.asked_in[told], state.shown_then[told] = now.number, (state.shown[rows] + colour)[answers]
    state.answered_on[told] = ((sent + wait) // DAY)[answers]
    now.book.add(
        "surveys", customer=state.account[rows], sent_at=sent, answered_at=np.where(answers, sent + wait, NEVER_SECOND),
        nps_score=np.where(answers, nps, NO_SCORE), csat_score=np.where(answers, csat, NO_SCORE),
    )  # fmt: skip
    moved = moves(state, told, now)
    now.book.add("answers", customer=state.account[told], felt=felt[answers], **moved)


def _chance(felt: Floats, state: State, rows: Ints, now: Month) -> Floats:
    """Probability of answering."""
    s = now.parameters.service
    old = (state.birth_year[rows] > 0) & (now.number // 12 - state.birth_year[rows] >= 60)
    return 1 / (1 + np.exp(-(s.answer + s.answer_happy * felt + s.answer_old * old)))


def _scores(felt: Floats, s: Service, noise: Floats) -> tuple[Ints, Ints]:
    """Likelihood to recommend (0 to 10) and satisfaction (1 to 5)."""
    nps = np.rint(s.nps[0] + s.nps[1] * felt + s.nps[2] * noise[0]).clip(0, 10)
    csat = np.rint(s.csat[0] + s.csat[1] * felt + s.csat[2] * noise[1]).clip(1, 5)
    return nps.astype(np.int64), csat.astype(np.int64)
