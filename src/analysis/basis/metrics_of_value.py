"""The KPI dictionary, continued: who holds the value, and what newcomers bring."""

from __future__ import annotations

from analysis.basis.kpi import Metric

TIERS_OF_VALUE = (
    Metric(
        "value_gini",
        "Gini coefficient of the value",
        "ratio",
        "How unevenly the expected value, current and potential, is spread over active customers: 0 where all are "
        "worth the same, near 1 where few hold everything.",
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
        "Sum over active customers of current and potential value × probability of leaving within 3 months; interval "
        "from draws.",
        "lower",
    ),
    Metric(
        "newcomer_value",
        "Expected value of a newcomer (80 %)",
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
    Metric(
        "value_beyond_history",
        "Value further ahead than history",
        "share",
        "Part of the expected value that lies further ahead than the extracts look back: nobody was followed so long.",
    ),
    Metric(
        "potential_total",
        "Potential value of the base",
        "money",
        "Expected margin of products and better plans that active customers add over the value horizon, discounted: "
        "chance of adding × margin × probability of still being there.",
        "higher",
    ),
    Metric(
        "clv_total",
        "Customer lifetime value of the base",
        "money",
        "Expected value of the base + its potential value.",
        "higher",
    ),
    Metric(
        "value_came_ratio",
        "Received of the value foretold a year ago",
        "ratio",
        "Margin that the customers of a year ago brought since ÷ what was expected of these twelve months, with what "
        "was known then; one-off charges left out; interval of a ratio of two sums.",
    ),
    Metric(
        "value_error",
        "Error of the value foretold a year ago",
        "money",
        "Mean over customers of the distance between the margin received in twelve months and what was expected of "
        "them; of the expected value, and of each simple rule.",
        "lower",
    ),
    Metric(
        "next_base",
        "Customers expected next quarter (80 %)",
        "count",
        "Base now + expected joiners - expected leavers, suspended lines included; 80 % interval of what will come.",
        "higher",
    ),
    Metric(
        "next_churn_rate",
        "Churn rate expected next quarter (80 %)",
        "share",
        "Expected leavers ÷ (opening base + expected joiners); 80 % interval of what will come.",
        "lower",
    ),
    Metric(
        "next_arpu",
        "ARPU expected next quarter (80 %)",
        "money_per_month",
        "Last ARPU without one-off charges and credits, its usual change by that quarter of the year, and such lines "
        "as in past quarters; 80 % interval of what will come.",
        "higher",
    ),
    Metric(
        "next_revenue",
        "Revenue expected next quarter (80 %)",
        "money",
        "Expected customer-months × expected ARPU; 80 % interval of what will come.",
        "higher",
    ),
)
