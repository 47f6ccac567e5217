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
    """`desk(n)`: contacts and tickets of so many customers over two quarters; `texts=False` leaves the texts out.

    `street` : further tickets that name a street, of callers nobody knows; `named=False`: nobody is known.
    """
    with Engine() as engine:

        def made(n=600, texts=True, street=0, named=True):
            random = np.random.default_rng(2)
            kinds = random.choice(list(WORDS), n)
            days = [dt.date(2024, 1, 1) + dt.timedelta(days=int(i)) for i in random.integers(0, 182, n)]
            words = [" ".join(random.choice(WORDS[kind], 2, replace=False)) if texts else None for kind in kinds]
            kinds = [*kinds, *["street"] * street]
            days, words = days + [dt.date(2024, 5, 1)] * street, words + ["cable on Almond Grove"] * street
            ids = pa.array([f"t{i}" for i in range(n + street)], pa.string())
            callers = [f"c{i}" for i in range(n + street)]
            customers = [who if named and i < n else None for i, who in enumerate(callers)]
            contacts = pa.table(
                {
                    "ticket_id": ids,
                    "caller": pa.array(callers),
                    "customer_id": pa.array(customers, pa.string()),
                    "opened_at": pa.array([dt.datetime.combine(day, dt.time()) for day in days], pa.timestamp("us")),
                    "opened_on": pa.array(days, pa.date32()),
                    "period": pa.array(["now" if day >= dt.date(2024, 4, 1) else "before" for day in days]),
                    "region": pa.array(["N"] * (n + street)),
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


def test_words_of_callers_nobody_knows_count_as_of_one_person_for_they_may_be(desk):
    told, _ = desk(street=24)
    assert "almond" not in told.themes.vocabulary
    assert len(to_pandas(told.rows)) == 624
    assert told.alone is None


def test_where_no_ticket_names_a_customer_each_counts_by_itself_and_words_need_more_of_them(desk, monkeypatch):
    told, _ = desk(street=24, named=False)
    assert (told.alone, "almond" in told.themes.vocabulary) == (11, True)
    monkeypatch.setattr(assigned, "LEAST_SHARE", 0.04)  # 25 of 624
    told, _ = desk(street=24, named=False)
    assert (told.alone, "almond" in told.themes.vocabulary) == (25, False)
