"""The service desk: tickets, complaints, visits, and what they do to satisfaction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.extracts.demo.days import DAY
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.names import TICKET_CHANNELS
from analysis.extracts.demo.span import Span
from analysis.extracts.demo.state import NOBODY, Bools, Floats, Ints, State
from analysis.extracts.demo.world import Month

OUTAGE, SLOW, BILLING, CONTRACT, DEVICE, MOVING, ANYTHING = range(7)
TEXTS_PER_CATEGORY = 3
CLOSED = 1
TECHNICAL_TAKES_LONGER = 0.2  # less of it is resolved at once


@dataclass(frozen=True)
class Calls:
    """The month's tickets, an entry each, the account's row among them."""

    rows: Ints
    category: Ints
    complaint: Bools
    at_once: Bools
    mention: Bools
    opened: Ints
    luck: Floats  # three rows, for what is only written


def serve(state: State, span: Span, now: Month) -> None:
    """A month of the service desk; satisfaction and what is recent move on."""
    random = now.random(Subject.SERVICE)
    calls = _calls(state, span, now, random)
    _write_tickets(state, calls, now, random.standard_normal((2, len(calls.rows))))
    _credit_goodwill(state, calls.rows[calls.complaint], now, calls.luck[0][calls.complaint])
    _feel(state, calls, now)


def _calls(state: State, span: Span, now: Month, random: np.random.Generator) -> Calls:
    """Who calls, about what and when."""
    rows = np.repeat(np.arange(state.size), random.poisson(_rate(state, span, now)))
    luck = random.random((9, len(rows)))
    category = _category(state, rows, now, luck[0])
    technical = category <= SLOW
    return Calls(
        rows=rows,
        category=category,
        complaint=_complains(state, rows, now, category=category, luck=luck[1]),
        at_once=luck[2] < now.parameters.service.first_contact - TECHNICAL_TAKES_LONGER * technical,
        mention=luck[3] < _mention_rate(state, rows, now),
        opened=span.some_day(rows, luck[4]) * DAY + 7 * 3600 + (luck[5] * 14 * 3600).astype(np.int64),
        luck=luck[6:],
    )


def _rate(state: State, span: Span, now: Month) -> Floats:
    """Expected tickets of the month."""
    s = now.parameters.service
    log = s.outage * now.area.trouble[state.area] + s.unhappy * state.satisfaction
    log = log + s.new * (state.tenure(now.end) < 2) + s.after_rise * (state.rise_age == 0)
    log = log + s.overdue * np.minimum(state.unpaid, 3)
    return s.tickets * np.exp(log) * span.share(now.end - now.first) * (state.line == 0)


def _category(state: State, rows: Ints, now: Month, luck: Floats) -> Ints:
    """What a ticket is about: weights move with the area's trouble, a price rise, a contract's end, unpaid bills."""
    trouble = now.area.trouble[state.area[rows]]
    faulty = now.area.fault_left[state.area[rows]] > 0
    weights = np.stack([
        0.4 + 1.6 * trouble, 0.5 + 3.0 * faulty, 1.0 + 3.0 * (state.rise_age[rows] == 0) + 0.8 * state.unpaid[rows],
        0.5 + 1.0 * (state.ended_age[rows] <= 1), np.full(len(rows), 0.7), np.full(len(rows), 0.2),
        np.full(len(rows), 0.7),
    ])  # fmt: skip
    edges = np.cumsum(weights, axis=0) / weights.sum(axis=0)
    return (luck > edges).sum(axis=0).clip(0, ANYTHING)


def _complains(state: State, rows: Ints, now: Month, *, category: Ints, luck: Floats) -> Bools:
    s = now.parameters.service
    logit = s.complaint + s.complaint_unhappy * state.satisfaction[rows] + 0.7 * (category <= BILLING)
    return luck < 1 / (1 + np.exp(-logit))


def _mention_rate(state: State, rows: Ints, now: Month) -> Floats:
    s = now.parameters.service
    return s.mention + s.mention_offer * now.area.offer[state.area[rows]] - 0.01 * state.satisfaction[rows].clip(-2, 2)


def _write_tickets(state: State, calls: Calls, now: Month, spread: Floats) -> None:
    """The rows of `tickets`, and the work orders of visits."""
    s, luck, at_once, complaint = now.parameters.service, calls.luck, calls.at_once, calls.complaint
    minutes = np.exp(s.handle_minutes[0] + 0.35 * complaint + s.handle_minutes[1] * spread[0])
    visit = ~at_once & (calls.category <= SLOW) & (luck[0] < s.visit)
    hours = np.where(at_once, minutes / 60, np.exp(3.3 + 0.9 * spread[1]))
    closed = calls.opened + (hours * 3600).astype(np.int64) + 60
    known = np.where(luck[1] * 997 % 1 < s.unknown_caller, NOBODY, state.account[calls.rows])
    now.book.add(
        "tickets", customer=known, opened_at=calls.opened, closed_at=closed, status=CLOSED,
        channel=(luck[1] ** 1.8 * len(TICKET_CHANNELS)).astype(np.int64), category=calls.category,
        text=calls.category * TEXTS_PER_CATEGORY + (luck[2] * TEXTS_PER_CATEGORY).astype(np.int64),
        severity=np.where(complaint & ~at_once, 2, np.where(complaint | ~at_once, 1, 0)), is_complaint=complaint,
        handle_minutes=minutes, resolved_first_contact=at_once, mentions_competitor=calls.mention,
        cost=(minutes * s.minute_cost).astype(np.int64) + visit * s.visit_cost,
        region=now.world.areas.region[state.area[calls.rows]],
    )  # fmt: skip
    sent = visit & (known >= 0)
    now.book.add(
        "work_orders", customer=known[sent], action=1, status=CLOSED, opened_at=calls.opened[sent] + 300,
        closed_at=np.maximum(closed[sent], calls.opened[sent] + 4 * 3600), outcome=np.where(luck[2][sent] < 0.8, 3, 4),
    )  # fmt: skip


def _credit_goodwill(state: State, rows: Ints, now: Month, luck: Floats) -> None:
    """A credit on the next bill for some of those who complained."""
    b = now.parameters.bills
    low, high = b.goodwill_amount
    amount = low + (luck / b.goodwill * (high - low) / 50).astype(np.int64) * 50
    state.goodwill[rows] = np.where(luck < b.goodwill, amount, state.goodwill[rows])


def _feel(state: State, calls: Calls, now: Month) -> None:
    """Satisfaction after the month, and what of it still counts as recent."""
    s, size = now.parameters.service, state.size
    kinds = (np.ones(len(calls.rows)), calls.complaint, calls.at_once, calls.mention)
    count, complaints, solved, mentions = (np.bincount(calls.rows, weights=kind, minlength=size) for kind in kinds)
    mood = now.random(Subject.MOOD).normal(0, s.mood, size)
    hurt = s.outage_hurts * now.area.outage[state.area] / 60 + s.complaint_hurts * complaints.clip(0, 2)
    hurt = hurt + s.rise_hurts * (state.rise_age == 0) + s.resolved_helps * solved.clip(0, 2)
    state.satisfaction += s.return_to_level * (state.level - state.satisfaction) + hurt + mood
    state.shown += hurt - s.return_to_level * state.shown
    state.tickets = s.memory * state.tickets + count
    state.complaints = s.memory * state.complaints + complaints
    state.mentions = s.memory * state.mentions + mentions
