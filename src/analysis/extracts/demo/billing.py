"""Bills in advance, and how they are paid.

A bill is issued in the first days of a month at the terms of that day (or of the first day of the spell), in
proportion to the days held where the month is not whole. Amounts are net; tax stands beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.extracts.demo.days import NEVER
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.parameters import Bills
from analysis.extracts.demo.span import Span
from analysis.extracts.demo.state import Floats, Ints, State
from analysis.extracts.demo.world import Month

RECURRING, USAGE, ONE_OFF, CREDIT = range(4)
PROMPT, LATE, STRUGGLING = range(3)


def monthly_fees(state: State) -> Ints:
    """Fees less discounts of everything held, in cents a month."""
    return ((state.fee - state.discount) * state.held).sum(axis=1)


def bill(state: State, span: Span, now: Month, fees: Ints) -> None:
    """The bill lines of a month, from the monthly fees at its first day, and what stays unpaid at its end."""
    random = now.random(Subject.BILLING)
    luck = random.random((8, state.size))
    rows = np.flatnonzero(span.present & (fees > 0) & (state.line == 0))
    issued = span.start[rows] + np.minimum((luck[0][rows] * 3).astype(np.int64), span.length[rows] - 1)
    fail_to_pay(state, rows, now, luck[1:4])
    paid = _paid_on(state, rows, now, issued=issued, luck=luck[4:6])
    _remember(state, rows, issued=issued, paid=paid, due_days=now.parameters.bills.due_days)
    amount = np.rint(fees[rows] * span.share(now.end - now.first)[rows]).astype(np.int64)
    lines = _Lines(state.account[rows], issued, issued + now.parameters.bills.due_days, paid)
    lines.write(RECURRING, amount, now)
    lines.write(USAGE, _usage_charge(rows, now, luck[6], random), now)
    lines.write(ONE_OFF, _one_off(state, rows, now, luck[7]), now)
    lines.write(CREDIT, -_credits(state, rows), now)


@dataclass(frozen=True)
class _Lines:
    """The month's bills: whose, and when they are issued, due and paid."""

    customer: Ints
    issued: Ints
    due: Ints
    paid: Ints

    def write(self, kind: int, amount: Ints, now: Month) -> None:
        """The lines of a kind, where there is an amount."""
        there = amount != 0
        now.book.add(
            "invoices", customer=self.customer[there], month=now.first, issued_on=self.issued[there], kind=kind,
            amount=amount[there], tax=np.rint(amount[there] * now.parameters.bills.tax).astype(np.int64),
            due_date=self.due[there], paid_date=self.paid[there],
        )  # fmt: skip


def fail_to_pay(state: State, rows: Ints, now: Month, luck: Floats) -> None:
    """Some stop paying for a while: the day they will pay everything is fixed when they stop.

    Those cut off before that day never pay: see `write.settle`.
    """
    b = now.parameters.bills
    state.unpaid[state.pays_on < now.end] = 0
    state.pays_on[state.pays_on < now.end] = NEVER
    stops = (state.pays_on == NEVER) & (luck[0] < np.array(b.stops_paying)[state.payer])
    stopped = rows[stops[rows]]
    state.pays_on[stopped] = pay_days(now.end, b, luck[1:])[stopped]
    owing = rows[state.pays_on[rows] != NEVER]
    state.unpaid[owing] += 1


def pay_days(end: int, bills: Bills, luck: Floats) -> Ints:
    """The days on which those will pay everything who stopped paying in the month that ends before `end`."""
    months = 1 + np.floor(np.log(np.maximum(luck[0], 1e-12)) / np.log(1 - bills.pays_again)).astype(np.int64)
    return end + 30 * months + (luck[1] * 25).astype(np.int64)


def _remember(state: State, rows: Ints, *, issued: Ints, paid: Ints, due_days: int) -> None:
    """Count what tells who pays late and who stops; keep the last bill's days."""
    paying = state.pays_on[rows] == NEVER
    stopped = ~paying & (state.unpaid[rows] == 1)
    state.bills[rows] += paying | stopped
    state.late_bills[rows] += paying & (paid > issued + due_days)
    state.stops[rows] += stopped
    state.billed_on[rows], state.pays_last[rows] = issued, paid


def _paid_on(state: State, rows: Ints, now: Month, *, issued: Ints, luck: Floats) -> Ints:
    """The day a bill is paid."""
    b = now.parameters.bills
    low, high = b.late_days
    in_time = issued + 1 + (luck[0][rows] * (b.due_days - 1)).astype(np.int64)
    late = issued + b.due_days + low + (luck[0][rows] * (high - low)).astype(np.int64)
    is_late = luck[1][rows] < np.array(b.late)[state.payer[rows]]
    stopped = state.pays_on[rows] != NEVER
    return np.where(stopped, state.pays_on[rows], np.where(is_late, late, in_time))


def _usage_charge(rows: Ints, now: Month, luck: Floats, random: np.random.Generator) -> Ints:
    """Calls and data beyond what the plans include."""
    b = now.parameters.bills
    amount = np.exp(random.normal(*b.usage_amount, len(luck))).astype(np.int64) + 10
    return np.where(luck < b.usage_line, amount, 0)[rows]


def _one_off(state: State, rows: Ints, now: Month, luck: Floats) -> Ints:
    """Activation in the month a spell begins; seldom a visit or a device."""
    b = now.parameters.bills
    begins = state.spell_start[rows] >= now.first
    return np.where(begins, b.activation_fee, np.where(luck[rows] < b.visit_fee, 4900, 0))


def _credits(state: State, rows: Ints) -> Ints:
    """Goodwill after a complaint, and what a campaign promised for three months."""
    promised = np.where(state.credits_left[rows] > 0, state.credit[rows], 0)
    amount = state.goodwill[rows] + promised
    state.goodwill[rows] = 0
    state.credits_left[rows] = np.maximum(state.credits_left[rows] - 1, 0)
    return amount
