"""The KPI dictionary, continued: who holds the value, and what newcomers bring."""

from __future__ import annotations

from analysis.basis.kpi import Metric

TIERS_OF_VALUE = (
    Metric(
        "value_gini",
        "Gini coefficient of the value",
        "ratio",
        "How unevenly the expected value is spread over active customers: 0 where all are worth the same, near 1 where "
        "few hold everything.",
    ),
    Metric(
        "high_value_revenue",
        "Share of revenue of the high tier",
        "share",
        "Billed for the quarter to customers of the high value tier ÷ to all active customers with a value; interval "
        "of a ratio of two sums.",
    ),
    Metric(
        "value_at_risk_3m",
        "Value expected to be lost in 3 months",
        "money",
        "Sum over active customers of expected value × probability of leaving within 3 months; interval from draws.",
        "lower",
    ),
    Metric(
        "newcomer_value",
        "Expected value of a newcomer",
        "money",
        "Expected margin over the value horizon of a customer who joins now, discounted, before the cost of winning "
        "one: the life table from signup × the margin of customers who joined in the last four quarters; 80 % "
        "interval.",
        "higher",
    ),
    Metric(
        "value_tier_kept",
        "Customers who kept their value tier",
        "share",
        "Customers in the same value tier as in the report of the quarter before ÷ customers with a tier in both; "
        "Wilson's interval.",
    ),
)
