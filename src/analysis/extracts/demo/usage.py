"""Monthly usage: the level of a behaviour and of each customer, the season, growth, and fading before some leave."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from analysis.extracts.demo.behaviour import MEASURES, levels
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.parameters import BROADBAND, MOBILE, VOICE
from analysis.extracts.demo.span import Span
from analysis.extracts.demo.state import OWN, Bools, Floats, Ints, State
from analysis.extracts.demo.world import Month

FALLS = np.array([1.0, 0.0, 0.0, 1.8, 2.0, 0.0])  # how much of the fall each measure shows


def use(state: State, span: Span, now: Month) -> None:
    """The rows of `usage` of a month; who is fading uses less from month to month."""
    random = now.random(Subject.USAGE)
    if now.book.wants("usage"):
        noise = random.standard_normal((6, state.size))
        rows = np.flatnonzero(span.present & (state.line == 0) & (now.number >= now.world.usage_from))
        _write(state, rows, span, now, noise[:, rows])
    _fade(state, now, random.random(state.size))


def _write(state: State, rows: Ints, span: Span, now: Month, noise: Floats) -> None:
    u, share = now.parameters.use, span.share(now.end - now.first)[rows]
    data = state.held[rows, BROADBAND] | state.held[rows, MOBILE]
    voice = state.held[rows, VOICE] | state.held[rows, MOBILE]
    seen = measured(state, rows, now, noise)
    download, upload, minutes, days, logins, evening = seen
    down = np.exp(_usual_download(state, rows, now) + download) * data * share
    active = np.rint((now.end - now.first) * expit(u.active_days[0] + days) * share)
    now.book.add(
        "usage", customer=state.account[rows], month=now.first, download_gb=down,
        upload_gb=down * np.exp(u.upload[0] + upload),
        voice_minutes=np.exp(u.voice_minutes[0] + minutes) * share * voice,
        active_days=np.minimum(span.length[rows], active), app_logins=np.rint(np.exp(u.app_logins[0] + logins) * share),
        evening_share=expit(u.evening_share[0] + evening),
    )  # fmt: skip
    seen[:2, ~data], seen[2, ~voice] = np.nan, np.nan
    now.book.add("measured", customer=state.account[rows], month=now.number, **dict(zip(MEASURES, seen, strict=True)))


def measured(state: State, rows: Ints, now: Month, noise: Floats) -> Floats:
    """How far each measure lies from its usual level: a row per measure; logs and logits.

    The behaviour's level, what is the customer's own, the month's noise, the fall, and a suspended line.
    """
    u, bills = now.parameters.use, now.parameters.bills
    own = np.stack([getattr(state, name)[rows] for name in OWN])
    got = levels(now.parameters.behaviours)[:, state.behaviour[rows]] + own + np.array(u.noise)[:, None] * noise
    got -= FALLS[:, None] * state.fall[rows]
    got[0] += np.where(state.unpaid[rows] >= bills.suspended_after, np.log(bills.suspended_use), 0.0)
    return got


def _usual_download(state: State, rows: Ints, now: Month) -> Floats:
    """The log of a whole month's gigabytes of the line, in this month of the year and the window."""
    u = now.parameters.use
    level = np.where(state.held[rows, BROADBAND], u.download_gb[0], u.mobile_gb)
    return level + u.growth * (now.number - now.world.first) + u.season * now.season


def _fade(state: State, now: Month, luck: Floats) -> None:
    """Who fades next month, and how far usage has fallen; the hazard feels the fall with some delay."""
    u = now.parameters.use
    begins: Bools = ~state.fading & state.active & (luck < u.fading_start)
    state.fading = (state.fading & (luck >= u.fading_stop)) | begins
    state.fall = np.where(state.fading, state.fall + u.fading, state.fall * (1 - u.recovery))
    state.felt_fall = u.memory * state.felt_fall + (1 - u.memory) * state.fall
