"""Themes of tickets in the engine: every ticket of two quarters once, whatever the batches; why there are none."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analysis.extracts.engine import Engine, to_pandas
from analysis.models.themes import assigned
from analysis.models.themes.assigned import ticket_themes
from analysis.models.themes.model import themes_of

WORDS = {
    "speed": ["slow", "speed", "internet"],
    "bill": ["charge", "refund", "invoice"],
    "cap": ["data", "usage", "limit"],
}


@pytest.fixture
def desk():
    """`desk(n)`: contacts and tickets of so many customers over two quarters; `texts=False` leaves the texts out."""
    with Engine() as engine:

        def made(n=600, texts=True):
            random = np.random.default_rng(2)
            kinds = random.choice(list(WORDS), n)
            days = [dt.date(2024, 1, 1) + dt.timedelta(days=int(i)) for i in random.integers(0, 182, n)]
            ids = pa.array([f"t{i}" for i in range(n)], pa.string())
            words = [" ".join(random.choice(WORDS[kind], 2, replace=False)) if texts else None for kind in kinds]
            contacts = pa.table(
                {
                    "ticket_id": ids,
                    "caller": pa.array([f"c{i}" for i in range(n)]),
                    "opened_at": pa.array([dt.datetime.combine(day, dt.time()) for day in days], pa.timestamp("us")),
                    "opened_on": pa.array(days, pa.date32()),
                    "period": pa.array(["now" if day >= dt.date(2024, 4, 1) else "before" for day in days]),
                    "region": pa.array(["N"] * n),
                }
            )
            tickets = pa.table({"ticket_id": ids, "text": pa.array(words, pa.string())})
            told = ticket_themes(engine.table(contacts), engine.table(tickets), engine=engine, smallest=11, most=8)
            return told, pd.DataFrame({"ticket_id": ids.to_pylist(), "text": words, "kind": kinds})

        yield made


def test_every_ticket_has_its_theme_once_as_if_all_were_read_at_once(desk):
    told, written = desk()
    got = to_pandas(told.rows).set_index("ticket_id")["theme"].sort_index()
    assert len(got) == len(written)
    whole = [told.themes.names[place] for place in themes_of(written["text"].tolist(), told.themes)]
    assert got.to_dict() == dict(zip(written["ticket_id"], whole, strict=True))
    assert written.set_index("ticket_id")["kind"].groupby(got).nunique().tolist() == [1, 1, 1]


def test_at_large_sizes_themes_are_learned_from_every_nth_ticket_and_given_to_all(desk, monkeypatch):
    monkeypatch.setattr(assigned, "SAMPLE", 200)
    told, written = desk()
    assert told.themes.fitted_on == 200
    assert len(to_pandas(told.rows)) == len(written)


def test_tickets_without_a_text_have_no_themes_and_it_is_said_why(desk):
    told, _ = desk(texts=False)
    assert (told.themes, told.rows, told.why, told.texts) == (None, None, "no text", 0)


def test_too_few_tickets_have_no_themes_and_it_is_said_why(desk):
    told, _ = desk(n=30)
    assert (told.themes, told.why) == (None, "too few")
