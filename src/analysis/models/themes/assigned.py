"""The theme of every ticket: learned from a sample of stated size, applied to all, some weeks at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.desk import BEFORE, NOW
from analysis.models.themes.model import NONE, Themes, learned_themes, themes_of

Rows = nw.LazyFrame[Any]

SAMPLE = 20_000  # tickets that themes are learned from, at most
LEAST_SHARE = 0.01  # of the tickets, that a word needs where callers cannot be told apart
WEEKS = dt.timedelta(days=7)
NO_THEME = "no theme"
UNKNOWN = "callers nobody knows"
Why = Literal["no text", "too few", ""]


@dataclass(frozen=True)
class Told:
    """What tickets of the quarter and the one before are about.

    `rows` has the columns of contacts, `theme` and `person` (the customer; all callers nobody knows are one, for they
    may be). `themes` is missing, and `why` says so, where no ticket has a text, or too few words are used by many.
    `texts` counts the quarter's tickets with a text. `alone` : tickets that a word needs where no ticket names a
    customer, so that each counts as a person of its own; missing where customers are named.
    """

    themes: Themes | None
    rows: Rows | None
    why: Why
    texts: int
    alone: int | None = None


def ticket_themes(contacts: Rows, tickets: Rows, *, engine: Engine, smallest: int, most: int) -> Told:
    """Themes of the tickets of the quarter and the one before, learned from both, and the theme of each ticket.

    Parameters
    ----------
    contacts : table of `desk`. tickets : the contract table, for `text`.
    """
    written = tickets.filter(~nw.col("text").is_null()).select("ticket_id", "text")
    named = bool(to_pandas(contacts.select(n=nw.col("customer_id").count()))["n"].iloc[0])
    own = contacts.filter(nw.col("period").is_in([NOW, BEFORE])).join(written, on="ticket_id", how="inner")
    held = engine.table(own.with_columns(person=_person(named=named)))
    counts = to_pandas(held.group_by("period").agg(n=nw.len())).set_index("period")["n"]
    texts, whole = int(counts.get(NOW, 0)), int(counts.sum())
    if not texts:
        return Told(None, None, "no text", 0)
    sample = _sample(held, whole)
    least = smallest if named else max(smallest, ceil(LEAST_SHARE * len(sample)))
    alone = None if named else least
    themes = learned_themes(sample, smallest=least, most=most)
    if themes is None:
        return Told(None, None, "too few", texts, alone)
    names = engine.fresh_name()
    for rows in _batches(held):
        told = themes_of(rows["text"].tolist(), themes)
        theme = [NO_THEME if place == NONE else themes.names[place] for place in told]
        engine.append(names, pd.DataFrame({"ticket_id": rows["ticket_id"], "theme": theme}))
    return Told(themes, engine.table(held.join(engine.named(names), on="ticket_id", how="inner")), "", texts, alone)


def _person(*, named: bool) -> nw.Expr:
    """Who is behind a ticket: of callers nobody knows one and the same may have written all."""
    unknown = nw.lit(UNKNOWN) if named else nw.col("caller")
    return nw.when(nw.col("customer_id").is_null()).then(unknown).otherwise(nw.col("customer_id"))


def _sample(held: Rows, whole: int) -> pd.DataFrame:
    """Every nth ticket in the order of opening, so that no day or channel is preferred."""
    every = max(1, -(-whole // SAMPLE))
    numbered = held.with_columns(place=nw.col("ticket_id").cum_count().over(order_by=["opened_at", "ticket_id"]))
    chosen = numbered.filter(nw.col("place") % every == 0).sort("opened_at", "ticket_id")
    return to_pandas(chosen.select("text", "person"))


def _batches(held: Rows) -> list[pd.DataFrame]:
    """Tickets and their texts, week by week."""
    ends = to_pandas(held.select(first=nw.col("opened_on").min(), last=nw.col("opened_on").max())).iloc[0]
    first, last = (pd.Timestamp(end).date() for end in ends)
    found, start = [], first
    while start <= last:
        within = (nw.col("opened_on") >= start) & (nw.col("opened_on") < start + WEEKS)
        found.append(to_pandas(held.filter(within).select("ticket_id", "text").sort("ticket_id")))
        start += WEEKS
    return [rows for rows in found if len(rows)]
