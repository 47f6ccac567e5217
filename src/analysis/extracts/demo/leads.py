"""Leads: most joiners were one first, and more came to nothing."""

from __future__ import annotations

import numpy as np

from analysis.extracts.demo.book import Book
from analysis.extracts.demo.days import DAY, NEVER, NEVER_SECOND
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.state import NOBODY, State
from analysis.extracts.demo.world import World

LONGEST = 45  # days from lead to signup


def write_leads(state: State, world: World, *, chunk: int, book: Book) -> None:
    """The rows of `leads` of a chunk."""
    random, desk = world.draws.stream(Subject.LEADS, chunk), world.parameters.desk
    joined = (state.signup >= world.observed_from) & (state.signup < NEVER) & (state.replaces == NOBODY)
    luck, wait = random.random((2, state.size))
    rows = np.flatnonzero(joined & (state.line == 0) & (luck < desk.lead_of_joiner))
    hour = 9 * 3600 + (wait[rows] * 36_000).astype(np.int64)
    day = np.maximum(state.signup[rows] - (wait[rows] ** 2 * LONGEST).astype(np.int64), world.observed_from)
    book.add(
        "leads", created_at=day * DAY + hour - 3600, channel=state.channel[rows],
        segment=np.minimum(state.type[rows], 1), area=state.area[rows], converted_customer_id=state.account[rows],
        converted_at=state.signup[rows] * DAY + hour,
    )  # fmt: skip
    count = int(desk.leads_per_joiner * joined.sum())
    day = random.integers(world.observed_from, world.until + 1, count)
    book.add(
        "leads", created_at=day * DAY + random.integers(8 * 3600, 21 * 3600, count),
        channel=random.choice(6, count, p=desk.lead_channels), segment=(random.random(count) < desk.lead_business) * 1,
        area=random.integers(0, len(world.areas.weight), count), converted_customer_id=np.full(count, NOBODY),
        converted_at=NEVER_SECOND,
    )  # fmt: skip
