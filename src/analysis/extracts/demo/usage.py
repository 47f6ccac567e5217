"""Monthly usage: each customer's own level, the season, growth, and fading before some of them leave."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.parameters import BROADBAND, MOBILE, VOICE
from analysis.extracts.demo.span import Span
from analysis.extracts.demo.state import Bools, Floats, Ints, State
from analysis.extracts.demo.world import Month


def use(state: State, span: Span, now: Month) -> None:
    """The rows of `usage` of a month; who is fading uses less from month to month."""
    random = now.random(Subject.USAGE)
    if now.book.wants("usage"):
        noise = random.standard_normal((6, state.size))
        rows = np.flatnonzero(span.present & (state.line == 0) & (now.number >= now.world.usage_from))
        _write(state, rows, span, now, noise[:, rows])
    _fade(state, now, random.random(state.size))


def _write(state: State, rows: Ints, span: Span, now: Month, noise: Floats) -> None:
    share = span.share(now.end - now.first)[rows]
    down = _download(state, rows, now, noise[0]) * share
    active = np.minimum(span.length[rows], np.rint(_active_days(state, rows, now, noise[1]) * share))
    voice = state.held[rows, VOICE] | state.held[rows, MOBILE]
    minutes = np.exp(now.parameters.use.voice_minutes[0] + state.voice[rows] + 0.3 * noise[2]) * share * voice
    logins = now.parameters.use.app_logins * np.exp(state.logins[rows] - 2.0 * state.fall[rows] + 0.4 * noise[3])
    now.book.add(
        "usage", customer=state.account[rows], month=now.first, download_gb=down,
        upload_gb=down * np.exp(state.upload[rows] + 0.15 * noise[4]), voice_minutes=minutes, active_days=active,
        app_logins=np.rint(logins * share), evening_share=_share(state.evening[rows] + 0.2 * noise[5]),
    )  # fmt: skip


def _share(logit: Floats) -> Floats:
    return 1 / (1 + np.exp(-logit))


def _download(state: State, rows: Ints, now: Month, noise: Floats) -> Floats:
    """Gigabytes of a whole month: nothing without a data line, little on a suspended one."""
    u = now.parameters.use
    broadband, mobile = state.held[rows, BROADBAND], state.held[rows, MOBILE]
    level = np.where(broadband, u.download_gb[0], u.mobile_gb[0]) + state.gb[rows]
    grown = u.growth * (now.number - now.world.first)
    suspended = state.unpaid[rows] >= now.parameters.bills.suspended_after
    log = level + grown + u.season * now.season - state.fall[rows] + u.noise * noise
    return np.exp(log) * (broadband | mobile) * np.where(suspended, now.parameters.bills.suspended_use, 1.0)


def _active_days(state: State, rows: Ints, now: Month, noise: Floats) -> Floats:
    """Days of a whole month with any use."""
    return (now.end - now.first) * _share(2.6 + 0.5 * state.gb[rows] - 1.8 * state.fall[rows] + 0.4 * noise)


def _fade(state: State, now: Month, luck: Floats) -> None:
    """Who fades next month, and how far usage has fallen; the hazard feels the fall with some delay."""
    u = now.parameters.use
    begins: Bools = ~state.fading & state.active & (luck < u.fading_start)
    state.fading = (state.fading & (luck >= u.fading_stop)) | begins
    state.fall = np.where(state.fading, state.fall + u.fading, state.fall * (1 - u.recovery))
    state.felt_fall = u.memory * state.felt_fall + (1 - u.memory) * state.fall
