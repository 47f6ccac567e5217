"""The KPI dictionary: what each published number is called, measured in, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["count", "share", "money", "money_per_month", "months", "score"]
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Metric:
    """One entry of the KPI dictionary."""

    name: str
    label: str
    unit: Unit
    definition: str
    better: Better = "neither"


@dataclass(frozen=True)
class Kpi:
    """One published value of a metric: the whole base, or one class of one dimension.

    `n` is the number of customers behind the value; `low` and `high` are its 95 % interval
    (None for counts and sums, which are not estimates); `previous` is the same value one quarter earlier.
    """

    metric: str
    value: float | None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    previous: float | None = None
    dimension: str | None = None
    klass: str | None = None


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "customers",
            "Customers at quarter end",
            "count",
            "Customers on the books at the end of the as-of date, suspended lines included.",
            "higher",
        ),
        Metric(
            "customers_active",
            "Active customers",
            "count",
            "Customers at quarter end whose line is not suspended.",
            "higher",
        ),
        Metric(
            "joiners",
            "Joiners",
            "count",
            "Spells begun in the quarter; who comes back after a gap joins again.",
            "higher",
        ),
        Metric(
            "leavers", "Leavers", "count", "Spells ended in the quarter; who keeps any product has not left.", "lower"
        ),
        Metric(
            "churn_rate",
            "Quarterly churn rate",
            "share",
            "Leavers ÷ (opening base + joiners) of the quarter; Wilson's interval.",
            "lower",
        ),
        Metric(
            "churn_of_opening",
            "Leavers ÷ opening base",
            "share",
            "Leavers of the quarter ÷ customers at its start; joiners who left are among the leavers.",
            "lower",
        ),
        Metric(
            "revenue",
            "Revenue of the quarter",
            "money",
            "Billed for the quarter's months before tax, credits subtracted; "
            "without invoices, fees less discounts of the products held.",
            "higher",
        ),
        Metric(
            "arpu",
            "ARPU",
            "money_per_month",
            "Revenue of the quarter ÷ customer-months; a customer counts for the share of "
            "each month's days on the books; interval of a ratio of two sums.",
            "higher",
        ),
        Metric(
            "products_per_customer",
            "Products per customer",
            "score",
            "Different products held by active customers ÷ active customers.",
            "higher",
        ),
        Metric(
            "class_customers",
            "Customers in class",
            "count",
            "Customers of a class at quarter end, suspended lines included.",
        ),
        Metric(
            "class_churn_rate",
            "Quarterly churn rate of a class",
            "share",
            "Leavers ÷ (opening base + joiners), by the class each had at the quarter's start or on joining; "
            "Wilson's interval.",
            "lower",
        ),
        Metric(
            "survival",
            "Customers still there after n months",
            "share",
            "Kaplan–Meier estimate with late entry from all observed episodes; log-log interval.",
            "higher",
        ),
        Metric(
            "survival_naive",
            "The same, read as if seen since signup",
            "share",
            "Kaplan–Meier estimate that ignores late entry: shown beside the right one, used nowhere.",
        ),
        Metric(
            "median_life",
            "Median life of a customer",
            "months",
            "Tenure at which the Kaplan–Meier curve with late entry falls to one half.",
            "higher",
        ),
        Metric(
            "rows_accepted",
            "Rows accepted",
            "count",
            "Rows of the contract tables that passed every check and are dated by the as-of date.",
        ),
        Metric(
            "rows_set_aside",
            "Rows set aside",
            "count",
            "Rows that broke a rule of the contract; they lie in quarantine with rule and source line.",
            "lower",
        ),
    )
}
