"""Usage of a source that has one average per customer: it stands for each of the last months."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from analysis.extracts.draft.assign import matches
from analysis.extracts.draft.expressions import Line
from analysis.extracts.draft.keys import Keys
from analysis.extracts.draft.likeness import EXPECTED
from analysis.extracts.draft.plan import Planned
from analysis.extracts.draft.profile import Column
from analysis.extracts.draft.selects import Drafted, from_clause, places
from analysis.extracts.draft.stand_ins import signup_sql

_AVERAGE = re.compile(r"avg|average|mean|monthly|moyen|durchschnitt|promedio|平均|月均|每月", re.IGNORECASE)
_MONTHS = 3  # that an average of a quarter stands for


def averaged_usage(customers: Planned, columns: Mapping[str, Sequence[Column]], keys: Keys) -> Drafted | None:
    """Usage drafted from monthly averages of a snapshot, a row per customer and month; None where there are none."""
    if customers.match("_tenure_months") is None:
        return None
    pool = [column for raw in customers.raws for column in columns[raw.name]]
    found = [
        match
        for match in matches(pool, "usage", keys)
        if match.header >= EXPECTED and (match.target.name == "customer_id" or _AVERAGE.search(match.column.name))
    ]
    if len(found) < 2 or found[0].target.name != "customer_id":
        return None
    plan = replace(customers, table="usage", found=tuple(found), also=())
    at = places(plan)
    lines = [Line(match.target.name, at.of(match.column), raw=match.column.name) for match in found]
    lines.insert(1, Line("month", "m.month", ["one average per customer stands for each of the last months"]))
    return Drafted(plan, _sql(plan, customers, lines, keys, at.of), lines)


def _sql(plan: Planned, customers: Planned, lines: Sequence[Line], keys: Keys, place: Callable[[Column], str]) -> str:
    body = [f"    {line.sql} AS {line.name}" for line in lines]
    body.insert(1, f"    -- unsure: {lines[1].doubts[0]}\n{body.pop(1)}")
    months = ", ".join(f"(date_trunc('month', $snapshot_date) - INTERVAL {back} MONTH)" for back in range(_MONTHS))
    filled = " OR ".join(f"{line.sql} IS NOT NULL" for line in lines[2:])
    return (
        "SELECT\n" + ",\n".join(body) + f"\n{from_clause(plan, keys)}\n"
        f"CROSS JOIN (VALUES {months}) AS m (month)\n"
        f"WHERE ({filled})\n    AND m.month >= date_trunc('month', {signup_sql(customers, place)})"
    )
