"""What is known on the last day of the window: what settles later is still empty."""

from __future__ import annotations

import numpy as np

from analysis.extracts.contract import CONTRACT
from analysis.extracts.demo.book import Columns
from analysis.extracts.demo.days import DAY, NEVER, NEVER_SECOND, first_days, months_of
from analysis.extracts.demo.draws import Subject
from analysis.extracts.demo.hazard import NON_PAYMENT
from analysis.extracts.demo.state import State
from analysis.extracts.demo.world import World

OPEN = 0
_EMPTY = {"time": NEVER_SECOND, "date": NEVER, "money": NEVER, "number": np.nan}  # the rest: -1


def settled(rows: Columns, table: str, *, until: int) -> Columns:
    """Rows of a table with everything still empty that settles after the last day; tickets and orders are open."""
    known = CONTRACT[table]
    got = dict(rows)
    for settling, columns in known.settled_by.items():
        timed = known.column(settling).type == "time"
        limit, never = ((until + 1) * DAY, NEVER_SECOND) if timed else (until + 1, NEVER)
        later = (rows[settling] >= limit) & (rows[settling] != never)
        for name in columns:
            empty = OPEN if name == "status" else _EMPTY.get(known.column(name).type, -1)
            got[name] = np.where(later, empty, got[name])
    return got


def never_paid(rows: Columns, state: State) -> Columns:
    """Bills without the payments that were to come from the month on in which an account was cut off."""
    cut_off = np.full(int(state.account.max()) + 1, NEVER)
    cut_off[state.account] = np.where(state.kind == NON_PAYMENT, first_days(months_of(state.left)), NEVER)
    paid = np.where(rows["paid_date"] >= cut_off[rows["customer"]], NEVER, rows["paid_date"])
    return {**rows, "paid_date": paid}


def spoiled(rows: Columns, table: str, *, world: World, chunk: int) -> Columns:
    """Rows with the few defects that real extracts have: negative usage, tickets that came twice."""
    random = world.draws.stream(Subject.FLAWS, chunk, list(CONTRACT).index(table))
    size, flaws = len(next(iter(rows.values()))), world.parameters.desk
    luck = random.random(size)
    if table == "usage":
        sign = np.where((luck < flaws.negative_usage) & (rows["download_gb"] >= 0.001), -1.0, 1.0)
        return {**rows, "download_gb": rows["download_gb"] * sign}
    if table == "tickets":
        twice = np.repeat(np.arange(size), 1 + (luck < flaws.repeated_tickets))
        return {name: values[twice] for name, values in rows.items()}
    return rows
