"""What is known on a day does not depend on rows dated later: they add to the count of later rows, and to nothing.

One exception is meant: a row whose customer is good only in a row dated later is kept, not called an orphan.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis.basis.errors import InputRefused
from analysis.extracts.contract import CONTRACT
from analysis.extracts.engine import Engine, to_pandas
from analysis.extracts.intake import intake
from analysis.extracts.mapping import read_source
from analysis.frames.customers import customers
from analysis.frames.months import months
from analysis.frames.observation import Observation
from analysis.frames.population import population
from analysis.frames.spells import spells

START = dt.date(2024, 1, 1)
SOURCE = "name: A\nformat: csv\nfiles: raw\nobserved_from: 2024-01-01\ncurrency: EUR\ntimezone: Europe/Berlin\n"
Row = dict[str, str]
days = st.integers(0, 400).map(lambda days: (START + dt.timedelta(days=days)).isoformat())
maybe_days = st.one_of(st.just(""), days, st.just("9999-12-31"), st.just("soon"))
amounts = st.sampled_from(["30", "1,200.50", "-5", "many", ""])
who = st.sampled_from(["C0", "C1", "C2", "C3", "nobody"])
TABLES = {
    "customers": st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(["C0", "C1", "C2", "C3"]),
            "signup_date": days,
            "churn_date": maybe_days,
            "status": st.sampled_from(["active", "churned", "suspended", "test", "gone"]),
            "region": st.sampled_from(["North", "West", ""]),
        }
    ),
    "subscriptions": st.fixed_dictionaries(
        {
            "subscription_id": st.sampled_from(["S0", "S1", "S2", "S3", "S4"]),
            "customer_id": who,
            "product": st.sampled_from(["broadband", "tv"]),
            "monthly_fee": amounts,
            "start_date": days,
            "end_date": maybe_days,
        }
    ),
    "tickets": st.fixed_dictionaries(
        {
            "ticket_id": st.sampled_from(["T0", "T1", "T2"]),
            "opened_at": days,
            "customer_id": who,
            "closed_at": maybe_days,
        }
    ),
    "usage": st.fixed_dictionaries(
        {"customer_id": who, "month": days.map(lambda day: day[:7]), "download_gb": amounts}
    ),
}
OWN = {"customers": "signup_date", "subscriptions": "start_date", "tickets": "opened_at", "usage": "month"}
pools = st.fixed_dictionaries({name: st.lists(rows, min_size=1, max_size=7) for name, rows in TABLES.items()})


def text(rows: list[Row]) -> str:
    head = list(rows[0])
    return "\n".join([",".join(head), *(",".join(f'"{row[name]}"' for name in head) for row in rows), ""])


def taken(pool: dict[str, list[Row]], as_of: dt.date) -> dict[str, pd.DataFrame]:
    """Everything that is told of an extract as of a day, but for the count of later rows."""
    with tempfile.TemporaryDirectory() as folder, Engine(threads=1) as engine:
        source = Path(folder) / "acme"
        (source / "raw").mkdir(parents=True)
        (source / "source.yml").write_text(SOURCE + "codes: {region: [North]}\n")
        for name, rows in pool.items():
            (source / "raw" / f"{name}.csv").write_text(text(rows))
        extracts = intake(read_source(source, environ={}), engine, as_of=as_of)
        people, seen = population(extracts.tables, engine=engine), Observation(as_of, START)
        held = engine.table(spells(people.tables, seen))
        frames: dict[str, Any] = {
            **extracts.tables,
            **{f"quarantine of {name}": rows for name, rows in extracts.quarantine.items()},
            "spells": held,
            "customers, seen": customers(held, people.tables, seen),
            "months": months(held, people.tables, seen),
        }
        doors = extracts.doors[["table", "accepted", "set_aside", "duplicates"]]
        told = {"doors": doors, "findings": extracts.findings, "population": people.counts, "columns": extracts.columns}
        return told | {name: ordered(to_pandas(frame)) for name, frame in frames.items()}


def ordered(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values(list(rows.columns), key=lambda column: column.astype(str), ignore_index=True)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(pool=pools, after=st.integers(0, 400))
def test_rows_dated_later_change_nothing_that_is_known(pool: dict[str, list[Row]], after: int) -> None:
    as_of = START + dt.timedelta(days=after)
    split = {name: parted(name, rows, as_of) for name, rows in pool.items()}
    late = {row["customer_id"] for row in split["customers"][1]}
    known = {
        name: [row for row in rows if name == "customers" or row["customer_id"] not in late]
        for name, (rows, _) in split.items()
    }
    assume(all(known.values()))
    try:
        expected = taken(known, as_of)
    except InputRefused:  # a column without one good value is a matter of the file
        assume(False)
    got = taken({name: known[name] + later for name, (_, later) in split.items()}, as_of)
    assert got.keys() == expected.keys()
    for name, rows in expected.items():
        assert_frame_equal(got[name], rows, obj=name)


def parted(name: str, rows: list[Row], as_of: dt.date) -> tuple[list[Row], list[Row]]:
    """Rows dated by the day, and later ones: what follows in the file leaves the lines of the others as they were."""
    assert OWN[name] in CONTRACT[name].own_date
    known = [row for row in rows if row[OWN[name]] <= as_of.isoformat()]
    return known, [row for row in rows if row not in known]
