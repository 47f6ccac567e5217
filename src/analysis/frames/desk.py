"""The service desk: one row per contact, with everything that is asked of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from analysis.basis.quarter import Quarter
from analysis.extracts.engine import to_pandas

NOW, BEFORE, YEAR_AGO = "now", "before", "year ago"
OPEN, CLOSED, NOT_TOLD = "open", "closed", "not told"
NOT_GRADED, NOT_NAMED = "not graded", "not named"
LABELS = ("channel", "category", "region")
OTHERS, MOST_LABELS = "all others", 50  # of a label only the most frequent values are told apart

Rows = nw.LazyFrame[Any]


@dataclass(frozen=True)
class ServiceRules:
    """How contacts are read: words of channels, severities and statuses in small letters, limits, and days looked at.

    `severities` : grade → the source's words, the gravest grade first. `limit_hours` : grade → hours in which a
    complaint is to be closed. A complaint of a customer who complained within `repeated_days` before is at least of
    `repeated_grade`; None leaves it at its own.
    """

    self_service: tuple[str, ...] = ()
    follow_up_days: int = 7
    survey_days: int = 30
    severities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limit_hours: Mapping[str, float] = field(default_factory=dict)
    repeated_days: int = 30
    repeated_grade: str | None = None
    open_statuses: tuple[str, ...] = ()
    closed_statuses: tuple[str, ...] = ()

    @property
    def grades(self) -> list[str]:
        """The grades, the gravest first, and that of severities nobody knows."""
        return [*self.severities, NOT_GRADED]


def compared_quarters(as_of: dt.date, covered: dt.date) -> dict[str, Quarter]:
    """The quarter reported, the one before it, and the same one a year ago; only what is covered whole is compared."""
    quarter = Quarter.of(as_of)
    earlier = {BEFORE: quarter.previous, YEAR_AGO: Quarter(quarter.year - 1, quarter.number)}
    return {NOW: quarter} | {name: one for name, one in earlier.items() if one.first_day >= covered}


def period_of(day: nw.Expr, as_of: dt.date, covered: dt.date) -> nw.Expr:
    """In which of the compared quarters a day lies; missing where in none."""
    period = nw.lit(None, nw.String)
    for name, quarter in compared_quarters(as_of, covered).items():
        period = nw.when((day >= quarter.first_day) & (day <= quarter.last_day)).then(nw.lit(name)).otherwise(period)
    return period


def desk(tickets: Rows, rules: ServiceRules, *, as_of: dt.date, covered: dt.date, per_contact: float) -> Rows:
    """Every contact known at the end of the as-of date.

    Parameters
    ----------
    covered : first day that tickets are filled from. per_contact : what one costs that has no cost of its own.

    Returns
    -------
    Table, one row per ticket: `ticket_id`, `customer_id` (missing of a caller nobody knows), `caller` (the customer;
    of each unknown caller one of its own), `opened_at`, `opened_on`, `period` (now, before, year ago; missing
    elsewhere), `channel`, `category`, `region`, `state` (open, closed, not told), `hours` (from opened to closed;
    missing while open or where no day of closing is given), `hours_open` (until the end of the as-of date; of open
    ones), `handle_minutes`, `resolved` (at first contact, as the source says: 1 or 0), `lasting` (resolved at once and
    no further contact within the days of following up; missing where that cannot be judged), `too_new` (1 where only
    time is lacking for that), `at_once` (resolved at once, of the contacts that `lasting` judges) and `again` (1
    of these that came again), `self_service`, `complaint` (1 or 0), `cost`, `costed` (1 where the cost is the source's
    own), `severity`, `grade`, `limit` (hours) and `repeated` (of complaints).
    """
    dated = _dated(tickets, as_of, covered)
    stated = dated.with_columns(state=_state(rules)).with_columns(
        hours_open=nw.when(nw.col("state") == OPEN).then(nw.col("age_hours")),
        costed=(~nw.col("cost").is_null()).cast(nw.Int64),
        cost=nw.coalesce(nw.col("cost"), nw.lit(per_contact).cast(nw.Decimal(18, 4))),
        channel_word=_word("channel"),
    )
    served = stated.with_columns(
        self_service=nw.when(nw.col("channel_word") != "").then(
            nw.col("channel_word").is_in(rules.self_service).cast(nw.Int64)
        )
    )
    return _graded(_followed(served, rules), rules)


def _dated(tickets: Rows, as_of: dt.date, covered: dt.date) -> Rows:
    """The tickets with caller, day, period and age."""
    unknown, day = nw.col("customer_id").is_null(), nw.col("opened_at").dt.date()
    end = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time())
    own = nw.concat_str([nw.lit("ticket "), nw.col("ticket_id")])
    return tickets.select(
        "ticket_id", "customer_id", "opened_at", "closed_at", "status", "handle_minutes", "severity", "cost",
        *LABELS,
        caller=nw.when(unknown).then(own).otherwise(nw.col("customer_id")),
        opened_on=day,
        period=period_of(day, as_of, covered),
        age_hours=(nw.lit(end) - nw.col("opened_at")).dt.total_minutes() / 60,
        hours=(nw.col("closed_at") - nw.col("opened_at")).dt.total_minutes() / 60,
        resolved=nw.col("resolved_first_contact").cast(nw.Int64),
        complaint=nw.col("is_complaint").cast(nw.Int64),
        closings=nw.col("closed_at").count(),
        resolutions=nw.col("resolved_first_contact").count(),
    )  # fmt: skip


def labelled(contacts: Rows, name: str) -> Rows:
    """The contacts with a label fit to be grouped by: gaps are named, all but the most frequent told together."""
    named = contacts.with_columns(nw.coalesce(nw.col(name), nw.lit(NOT_NAMED)).alias(name))
    counted = to_pandas(named.group_by(name).agg(n=nw.len()))
    most = counted.sort_values(["n", name], ascending=[False, True])[name].head(MOST_LABELS).tolist()
    if len(counted) <= MOST_LABELS:
        return named
    return named.with_columns(
        nw.when(nw.col(name).is_in(most)).then(nw.col(name)).otherwise(nw.lit(OTHERS)).alias(name)
    )


def _word(name: str) -> nw.Expr:
    """A label as it is compared: small letters, no blanks around; nothing where it is missing."""
    return nw.coalesce(nw.col(name).str.strip_chars().str.to_lowercase(), nw.lit(""))


def _state(rules: ServiceRules) -> nw.Expr:
    """Open or closed: by the day of closing where the source gives such days, else by the words of its statuses."""
    word = _word("status")
    closed = ~nw.col("closed_at").is_null() | word.is_in(rules.closed_statuses)
    opened = word.is_in(rules.open_statuses) | (nw.col("closings") > 0)
    return (
        nw.when(closed).then(nw.lit(CLOSED)).otherwise(nw.when(opened).then(nw.lit(OPEN)).otherwise(nw.lit(NOT_TOLD)))
    )


def _followed(contacts: Rows, rules: ServiceRules) -> Rows:
    """Whether what was resolved at once stayed so: no further contact of the same customer in the days after."""
    after = nw.col("opened_at").shift(-1).over("caller", order_by=["opened_at", "ticket_id"])
    wait = 24.0 * rules.follow_up_days
    known = ~nw.col("customer_id").is_null() & (nw.col("resolutions") > 0)
    # What is open still was not resolved at once; what was closed without a word on it cannot be judged.
    told = known & (~nw.col("resolved").is_null() | (nw.col("state") == OPEN))
    again = nw.coalesce((nw.col("next_at") - nw.col("opened_at")).dt.total_minutes() / 60 <= wait, nw.lit(False))
    at_once = nw.coalesce(nw.col("resolved"), nw.lit(0)) == 1
    good = at_once & ~again
    old = nw.col("age_hours") >= wait
    return contacts.with_columns(next_at=after).with_columns(
        lasting=nw.when(told & old).then(good.cast(nw.Int64)),
        at_once=nw.when(told & old).then(at_once.cast(nw.Int64)),
        again=nw.when(told & old).then((at_once & again).cast(nw.Int64)),
        too_new=(told & ~old).cast(nw.Int64),
    )


def _graded(contacts: Rows, rules: ServiceRules) -> Rows:
    """Grade and limit of complaints, by the word of their severity and by whether they are repeated."""
    by = ["opened_at", "ticket_id"]
    last = nw.col("opened_at").shift(1).over("caller", "complaint", order_by=by)
    since = (nw.col("opened_at") - nw.col("last_at")).dt.total_minutes() / 60
    is_complaint = nw.coalesce(nw.col("complaint") == 1, nw.lit(False))
    again = is_complaint & nw.coalesce(since <= 24.0 * rules.repeated_days, nw.lit(False))
    rows = contacts.with_columns(last_at=last, rank=_rank(rules)).with_columns(repeated=again.cast(nw.Int64))
    if rules.repeated_grade is not None:
        least = nw.lit(list(rules.severities).index(rules.repeated_grade))
        raised = nw.when((nw.col("repeated") == 1) & (nw.col("rank") > least)).then(least)
        rows = rows.with_columns(rank=raised.otherwise(nw.col("rank")))
    grade, limit = nw.lit(NOT_GRADED), nw.lit(None, nw.Float64)
    for place, name in enumerate(rules.severities):
        here = nw.col("rank") == place
        grade = nw.when(here).then(nw.lit(name)).otherwise(grade)
        if name in rules.limit_hours:
            limit = nw.when(here).then(nw.lit(float(rules.limit_hours[name]))).otherwise(limit)
    return rows.with_columns(
        grade=nw.when(is_complaint).then(grade),
        limit=nw.when(is_complaint).then(limit),
        graded=(nw.col("rank") < len(rules.severities)).cast(nw.Int64),
    )


def _rank(rules: ServiceRules) -> nw.Expr:
    """The place of a severity's grade, the gravest first; after the last where nobody knows the word."""
    rank = nw.lit(len(rules.severities))
    for place, words in enumerate(rules.severities.values()):
        rank = nw.when(_word("severity").is_in(words)).then(nw.lit(place)).otherwise(rank)
    return rank
