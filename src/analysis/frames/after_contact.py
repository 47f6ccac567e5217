"""What customers said of their satisfaction, and whether that was soon after a contact with the service desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw

from analysis.frames.desk import LABELS, period_of

Rows = nw.LazyFrame[Any]

AFTER, WITHOUT = "after a contact", "without one"


def answers_told(surveys: Rows, contacts: Rows, *, days: int, as_of: dt.date, covered: dt.date) -> Rows:
    """Answers about satisfaction, with the last contact of the same customer in the days before the answer.

    Returns
    -------
    Table, one row per answer with a score of satisfaction in the quarter, the one before or the same a year ago:
    `survey_id`, `customer_id`, `period`, `csat` (1 to 5), `after` (after a contact, or without one), and of that
    contact `channel`, `category`, `region`. Answers before tickets cover the days that are looked back are left out.
    """
    day = nw.col("answered_at").dt.date()
    dated = surveys.filter(~nw.col("csat_score").is_null() & ~nw.col("answered_at").is_null()).select(
        "survey_id",
        "customer_id",
        "answered_at",
        period=period_of(day, as_of, covered),
        answered_on=day,
        csat="csat_score",
    )
    first = covered + dt.timedelta(days=days)
    answers = dated.filter(~nw.col("period").is_null() & (nw.col("answered_on") >= first))
    told = answers.select("survey_id", "customer_id", "period", "csat")
    return told.join(_last_contacts(answers, contacts, days=days), on="survey_id", how="left").with_columns(
        after=nw.when(nw.col("ticket_id").is_null()).then(nw.lit(WITHOUT)).otherwise(nw.lit(AFTER))
    )


def _last_contacts(answers: Rows, contacts: Rows, *, days: int) -> Rows:
    """The last contact before each answer, where it was within the days: `survey_id`, `ticket_id` and its labels."""
    known = contacts.filter(~nw.col("customer_id").is_null()).select("customer_id", "ticket_id", "opened_at", *LABELS)
    pairs = answers.select("survey_id", "customer_id", "answered_at").join(known, on="customer_id", how="inner")
    since = (nw.col("answered_at") - nw.col("opened_at")).dt.total_minutes()
    near = pairs.filter((nw.col("opened_at") <= nw.col("answered_at")) & (since <= days * 24 * 60))
    turn = nw.col("ticket_id").cum_count().over("survey_id", order_by=["opened_at", "ticket_id"])
    numbered = near.with_columns(turn=turn).with_columns(last=nw.col("turn").max().over("survey_id"))
    return numbered.filter(nw.col("turn") == nw.col("last")).select("survey_id", "ticket_id", *LABELS)
