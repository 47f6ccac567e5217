"""Sentences and tables of the methods chapter: how it was done, what was assumed, what it cannot tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.basis.metric import METRICS
from analysis.basis.metrics_of_actions import ACTIONS
from analysis.basis.metrics_of_answers import ANSWERS
from analysis.basis.metrics_of_campaigns import CAMPAIGNS
from analysis.basis.metrics_of_leads import LEADS
from analysis.basis.metrics_of_leaving import LEAVING
from analysis.basis.metrics_of_money import MONEY
from analysis.basis.metrics_of_network import NETWORK
from analysis.basis.metrics_of_prices import PRICES
from analysis.basis.metrics_of_risk import RISK
from analysis.basis.metrics_of_service import SERVICE
from analysis.basis.metrics_of_value import TIERS_OF_VALUE
from analysis.models.covariates import LARGE_LEVEL, SHARPEST, STRONGEST_CORRELATION
from analysis.present.numbers import count, day, decimal, percent, quarter
from analysis.present.wording.phrase import Captions, counted, listed

TIME_WORDS: Captions = {"finding": "The dates of this run", "subtitle": "What the extracts cover, to the day"}
RULE_WORDS: Captions = {
    "finding": "The rules of the classes",
    "subtitle": "One class per customer and dimension; what is missing is “not available”",
}
TOPICS = {
    "base": "What the figures of the base and the data mean",
    "leaving": "What the figures of leaving mean",
    "money": "What the figures of value, revenue and cost mean",
    "strategy": "What the figures of campaigns and answers mean",
    "actions": "What the figures of leads, actions and warnings mean",
    "service": "What the figures of service and network mean",
    "risk": "What the figures of unpaid bills, concentration and prices mean",
}
OF_RISK = frozenset(metric.name for metric in (*RISK, *PRICES))
OF_SERVICE = frozenset(metric.name for metric in (*SERVICE, *NETWORK)) | OF_RISK
OF_STRATEGY = frozenset(metric.name for metric in (*CAMPAIGNS, *ANSWERS))
OF_ACTIONS = frozenset(metric.name for metric in (*LEADS, *ACTIONS))
OF_LEAVING = frozenset(metric.name for metric in LEAVING)
OF_MONEY = frozenset(
    {"revenue", "arpu", "received_value", *(metric.name for metric in (*MONEY, *TIERS_OF_VALUE))}
    | {name for name in METRICS if name.startswith("value_")}
)

ENOUGH_FOR_SEASON = 8  # quarters: two of each

UNITS = {
    "count": "number",
    "share": "per cent",
    "money": "money",
    "money_each": "money each",
    "money_per_month": "money a month",
    "months": "months",
    "score": "number",
    "ratio": "ratio",
    "return": "per cent",
    "error": "squared error",
}


def bottom_line(period: str, *, as_of: dt.date) -> str:
    """What every number of the report rests on."""
    return (
        f"Every number of {quarter(period)} is computed from what the extracts said at the end of {day(as_of)}; "
        "rows dated later are left out, and cells filled later are taken as empty."
    )


def time_table(
    *,
    as_of: dt.date,
    observed_from: dt.date,
    covers_from: Mapping[str, dt.date],
    snapshot: dt.date | None,
    grace_days: int,
) -> pd.DataFrame:
    """The run's dates: `what`, `value`."""
    rows = [
        ("As of", day(as_of)),
        ("Leavers are in the extract from", day(observed_from)),
        ("Who joined earlier enters at the end of", day(observed_from - dt.timedelta(days=1))),
        *[(f"Table {table} is filled from", day(first)) for table, first in sorted(covers_from.items())],
        *([("Snapshot of a source without dates", day(snapshot))] if snapshot else []),
        ("A gap between products ends a spell when longer than", counted(grace_days, "day", "days")),
    ]
    return pd.DataFrame(rows, columns=["what", "value"])


def assumptions(known_at: Mapping[str, str], *, grace_days: int) -> list[str]:
    """What is taken as known when."""
    declared = {
        "observed_from": "when observation began, or at signup where that was later (the source declares it)",
        "snapshot": "at the snapshot only, so never used to explain or predict",
        "signup": "at signup (the source declares it)",
    }
    said = [
        f"“{column}” counts as known {declared.get(since, f'from the date in “{since}”')}."
        for column, since in sorted(known_at.items())
    ]
    return [
        (
            "Profile columns count as known at signup unless the source says otherwise. This is an assumption: "
            "a system that overwrites a profile makes the past look like the present."
        ),
        "The terms of a product count as known from its start; a change of terms closes the row and opens the next.",
        "A line's suspension has no date: it is taken as it stands in the extract.",
        "A first spell already running when the subscriptions extract begins is taken to have begun at signup.",
        (
            f"Who comes back within {counted(grace_days, 'day', 'days')} has not left. Leavers of so many days before "
            "the as-of date are provisional: some may still come back."
        ),
        (
            "Where the source tells kinds of leaving, who left and came back later counts as having left by choice: "
            "the dead, the moved and those cut off seldom return."
        ),
        *said,
    ]


def topic(metric: str) -> str:
    """Where a metric is defined: of strategy, actions, risk, service, leaving or money, else of the base and data."""
    topics = {
        "strategy": OF_STRATEGY, "actions": OF_ACTIONS, "risk": OF_RISK, "service": OF_SERVICE, "leaving": OF_LEAVING,
        "money": OF_MONEY,
    }  # fmt: skip
    return next((name for name, metrics in topics.items() if metric in metrics), "base")


def dictionary_words(about: str) -> Captions:
    """Above the definitions of a topic."""
    return {"finding": TOPICS[about], "subtitle": "The definitions of this report's key figures"}


def dictionary(metrics: Sequence[str], *, about: str) -> pd.DataFrame:
    """The KPI dictionary for the metrics of this report on a topic: `label`, `unit`, `definition`, `better`."""
    rows = [METRICS[name] for name in METRICS if name in set(metrics) and topic(name) == about]
    return pd.DataFrame(
        [(m.label, UNITS[m.unit], m.definition, {"neither": "–"}.get(m.better, m.better)) for m in rows],
        columns=["label", "unit", "definition", "better"],
    )


def feature_rules() -> list[str]:
    """What may not be a feature: the rules, with their thresholds."""
    return [
        "What the source declares to be known only on the day of the extract, or only after the landmark.",
        "What a source adds of its own without saying since when it is known.",
        "What is filled for leavers only: it was written when they left.",
        (
            f"What runs with the time with the company: rank correlation beyond {decimal(STRONGEST_CORRELATION, 2)}. "
            "Totals since signup are of this kind."
        ),
        (
            f"What tells leavers from others alone: AUC above {decimal(SHARPEST, 2)}, where 0.5 is chance. "
            "Scores of other models and answers given on leaving are of this kind."
        ),
        f"What has a value whose holders all left, {count(LARGE_LEVEL)} of them or more.",
        "The end of a contract where renewals write over it: who left keeps the old date, who stayed does not.",
    ]


def refused_here(refused: pd.DataFrame) -> str:
    """Which features these rules refused in this report."""
    if refused.empty:
        return "In this report they refused no feature."
    return f"In this report they refused {listed(sorted(refused['covariate'].unique()))}; the churn chapter says why."


def value_rules(*, horizon: int, discount_rate: float) -> list[str]:
    """How the value of a customer is computed, with the params of this report."""
    return [
        (
            f"Current value: the sum over the months k = 1 to {count(horizon)} of the chance of still being there at "
            "the end of month k × the margin expected in it ÷ (1 + rate) to the power of k ÷ 12, at a rate of "
            f"{percent(discount_rate)} a year."
        ),
        (
            "Margin: what is expected to be billed for the products held × their gross margin, less the cost to serve. "
            "Of who holds nothing with a fee, as with prepaid cards, what was billed for use stands for the fees."
        ),
        (
            "In the first year the chance of being there is that of the forecast. After it, it falls as the life table "
            "says for the tenure then reached, times the customer's own pace at the end of the first year."
        ),
        (
            "Beyond the longest tenure at which enough customers were observed, leaving goes on by an exponential or a "
            "Weibull law fitted to the last stretch; the value chapter says how much of the value lies there."
        ),
        (
            "Low and high of a customer's value are the ends of an interval of the expected value. "
            "What one customer really brings is far less certain than that."
        ),
        (
            "Value tiers divide the customers in order of their value; the Gini coefficient is twice the area between "
            "the curve of Lorenz and an even spread. Intervals of what a tier holds take as given who is in it."
        ),
        (
            "A newcomer has the life table from signup on, and in each month of tenure the mean fees, less discounts, "
            "of those who joined within the last four quarters and have not passed that month."
        ),
    ]


def limits(*, smallest: int, quarters: int, followed: bool = True) -> list[str]:
    """What the report cannot tell; `followed`: whether anybody can be followed."""
    trend = "trend and season are shown, not separated"
    if quarters < ENOUGH_FOR_SEASON:
        trend = "nothing can be said about trend or season"
    observed = f"{counted(quarters, 'quarter was', 'quarters were')} observed whole; {trend}."
    if not followed:
        observed = "Nobody can be followed: nothing is said about who joined, who left, trend or season."
    return [
        "Rates and curves describe; they do not say what causes leaving.",
        (
            "Probabilities of leaving suppose that no retention campaign makes a new contact, and that the market "
            "stays as it was: a competitor's new offer shows in them only after customers have answered it."
        ),
        (
            "A survival curve chains the rates of different customers at different tenures; "
            "it is the life of one group only if rates do not change over time."
        ),
        observed,
        (
            f"Groups of fewer than {count(smallest)} customers are masked, "
            "and others with them where a total would give them away."
        ),
        "Intervals reflect the number of customers, not errors in the source.",
    ]
