"""The KPI dictionary: what each published number is called, measured in, and which way is better."""

from __future__ import annotations

from analysis.basis.kpi import Better, Kpi, Metric, Unit
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

__all__ = ["METRICS", "Better", "Kpi", "Metric", "Unit"]

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
            "class_revenue_share",
            "Share of revenue of a class",
            "share",
            "What was billed for the months of the quarter to customers of a class at quarter end ÷ to all of them.",
        ),
        Metric(
            "class_moved",
            "Customers who moved between classes",
            "share",
            "Customers at the quarter's start who were in another class of a dimension at its end ÷ all customers at "
            "its start, both classed by today's rules; up and down where the classes are bands. Wilson's interval.",
        ),
        Metric(
            "class_churn_rate",
            "Quarterly churn rate of a class",
            "share",
            "Leavers ÷ (opening base + joiners), by the class each had at the quarter's start or on joining; "
            "Wilson's interval.",
            "lower",
        ),
        Metric("group_customers", "Customers of a group", "count", "Customers likeliest to be of the group."),
        Metric("group_share", "Share of a group", "share", "Customers of the group ÷ customers of all groups."),
        Metric(
            "group_stability",
            "Stability of the groups",
            "ratio",
            "Mean adjusted Rand index between the groups and those of resampled customers; 1 is the same, 0 is chance.",
            "higher",
        ),
        Metric(
            "group_silhouette",
            "Separation of the groups (silhouette)",
            "ratio",
            "Mean over customers of how much nearer the own group is than the next one; 1 is far apart, 0 is touching.",
            "higher",
        ),
        *MONEY,
        *LEAVING,
        Metric(
            "value_total",
            "Expected value of the base",
            "money",
            "Sum of the current value of active customers: monthly margin of the products held × probability of "
            "still being there, discounted, over the value horizon.",
            "higher",
        ),
        Metric(
            "value_per_customer",
            "Expected value per customer",
            "money",
            "Expected value of the base ÷ active customers.",
            "higher",
        ),
        Metric(
            "value_top_tenth",
            "Value held by the top tenth",
            "share",
            "Current value of the tenth of active customers with the highest ÷ expected value of the base.",
        ),
        Metric(
            "value_beyond_observed",
            "Value beyond observed tenures",
            "share",
            "Part of the expected value that falls on tenures later than any observed well, where survival is "
            "extrapolated.",
        ),
        Metric(
            "received_value",
            "Margin received",
            "money",
            "Margin received from today's active customers since observation began; part of no expected value.",
        ),
        *TIERS_OF_VALUE,
        *SERVICE,
        *NETWORK,
        *RISK,
        *PRICES,
        *CAMPAIGNS,
        *ANSWERS,
        *LEADS,
        *ACTIONS,
        Metric(
            "offer_hits",
            "Hit rate of offers",
            "share",
            "Customers who added a product in the last quarter to whom one of the first n offers, made from what was "
            "known at its beginning, would have named it ÷ customers who added one.",
            "higher",
        ),
        Metric(
            "offer_gain",
            "Hit rate of offers less that of popularity",
            "share",
            "Hit rate of the offers in use less that of offering the products most held; bootstrap interval.",
            "higher",
        ),
        Metric(
            "nps_per_outage_hour",
            "Score per hour of outage",
            "ratio",
            "Change of the recommendation score (0 to 10) with one more hour of outage in each of the last three "
            "months, all else on record being equal; errors by area.",
        ),
        Metric(
            "drivers_fit",
            "Share told by the drivers",
            "share",
            "Squared error of the mean recommendation score that the drivers take away in answers they were not "
            "learned from; ten folds, bootstrap interval.",
            "higher",
        ),
        Metric(
            "quality_good",
            "Checks of the data that are good",
            "share",
            "Measures of completeness, validity, uniqueness, consistency, freshness, volume and distribution that are "
            "good ÷ all that could be judged.",
            "higher",
        ),
        Metric(
            "quality_bad",
            "Checks of the data that are bad",
            "count",
            "Measures of the data's quality beyond the edge from which they are bad; the same edges every quarter.",
            "lower",
        ),
        Metric(
            "billed_as_due",
            "Bills that agree with products held",
            "share",
            "Customers' whole months of the quarter billed, recurring lines alone, for what the products held cost "
            "less discounts, to one per cent ÷ all such months.",
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
