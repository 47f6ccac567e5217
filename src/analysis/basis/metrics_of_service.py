"""The KPI dictionary, continued: how customers are served."""

from __future__ import annotations

from analysis.basis.kpi import Metric

SERVICE: tuple[Metric, ...] = (
    Metric(
        "contacts_per_100",
        "Contacts per 100 customers",
        "score",
        "Contacts with the service desk in the quarter per 100 customers on the books for the whole of it; who was "
        "there for a part counts for that part. Contacts of unknown callers, and of who was not on the books in the "
        "quarter, are left out. Interval of a ratio of two sums over customers.",
        "lower",
    ),
    Metric(
        "complaints_per_100",
        "Complaints per 100 customers",
        "score",
        "As contacts per 100 customers, of contacts that the source calls complaints.",
        "lower",
    ),
    Metric(
        "handling_minutes",
        "Average handling time (AHT), minutes",
        "score",
        "Minutes of work on the quarter's contacts ÷ contacts whose minutes are known.",
        "lower",
    ),
    Metric(
        "first_contact_resolution",
        "First-contact resolution (FCR)",
        "share",
        "The quarter's contacts resolved at once, as the source says ÷ those of which it says so or the contrary.",
        "higher",
    ),
    Metric(
        "judged_resolution",
        "Resolved at once, of contacts followed up",
        "share",
        "The quarter's contacts of known customers resolved at once ÷ those of which it can be judged by the as-of "
        "date whether that was the end of it: the same contacts as of the next measure.",
        "higher",
    ),
    Metric(
        "lasting_resolution",
        "Resolved at once, and no further contact",
        "share",
        "The quarter's contacts of known customers resolved at once and without a further contact of the same customer "
        "in the days of following up ÷ those of which that can be judged by the as-of date; contacts still open count "
        "as not resolved at once, the newest are left out.",
        "higher",
    ),
    Metric(
        "self_service_share",
        "Share of self-service",
        "share",
        "The quarter's contacts by channels that the params name as self-service ÷ contacts whose channel is known.",
        "higher",
    ),
    Metric(
        "closed_in_a_day",
        "Closed within a day",
        "share",
        "Share of the quarter's contacts closed within 24 hours of being opened; Kaplan-Meier, open ones counted for "
        "as long as they have been open.",
        "higher",
    ),
    Metric(
        "hours_to_close",
        "Hours until half are closed",
        "score",
        "Hours from opening within which half of the quarter's contacts are closed; Kaplan-Meier, open ones counted "
        "for as long as they have been open.",
        "lower",
    ),
    Metric(
        "cost_per_contact",
        "Cost per contact",
        "money_each",
        "Cost of the quarter's contacts ÷ contacts; one without a cost of its own counts at the cost of the params.",
        "lower",
    ),
    Metric(
        "contact_cost_month",
        "Cost of contacts per customer and month",
        "money_per_month",
        "Cost of the quarter's contacts of customers on the books ÷ customer-months.",
        "lower",
    ),
    Metric(
        "csat_after_contact",
        "Satisfaction after a contact (1 to 5)",
        "score",
        "Mean satisfaction of the quarter's answers to surveys given in the days after a contact of the same customer.",
        "higher",
    ),
    Metric(
        "complaints_in_time",
        "Complaints closed within their limit",
        "share",
        "The quarter's complaints closed within the hours that the params allow their grade ÷ those whose hours had "
        "run out by the as-of date.",
        "higher",
    ),
    Metric(
        "complaints_open",
        "Open complaints",
        "count",
        "Complaints not closed by the end of the as-of date, whenever they were opened.",
        "lower",
    ),
    Metric(
        "complaints_overdue",
        "Overdue complaints",
        "count",
        "Open complaints for which the hours that the params allow their grade have run out.",
        "lower",
    ),
)
