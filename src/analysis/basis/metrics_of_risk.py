"""The KPI dictionary, continued: bills that are not paid, and what the base rests on."""

from __future__ import annotations

from analysis.basis.kpi import Metric

RISK: tuple[Metric, ...] = (
    Metric(
        "owed_total",
        "Owed on the as-of date",
        "money",
        "Bill lines issued by the as-of date and not paid by it, tax included, credits subtracted; of customers and of "
        "who has left.",
        "lower",
    ),
    Metric(
        "owed_overdue",
        "Of it overdue",
        "money",
        "Bills past their due date and not paid on the as-of date, tax included; of customers and of who has left.",
        "lower",
    ),
    Metric(
        "overdue_customers",
        "Customers with an overdue bill",
        "share",
        "Active customers with a bill past its due date and not paid ÷ active customers; Wilson's interval.",
        "lower",
    ),
    Metric(
        "expected_loss",
        "Expected never to be paid",
        "money",
        "Sum over what is owed × the share never paid of debts of the same age a year ago, of customers and of who "
        "has left apart; interval from drawing customers.",
        "lower",
    ),
    Metric(
        "expected_loss_here",
        "Of it by customers still here",
        "money",
        "The same for debts of customers who were on the books on the as-of date.",
        "lower",
    ),
    Metric(
        "expected_loss_share",
        "Expected loss of customers still here, of a year's bills",
        "share",
        "What customers still here are expected never to pay of what they owe ÷ what was billed in the last four "
        "quarters, tax included.",
        "lower",
    ),
    Metric(
        "never_paid",
        "Never paid of what was billed",
        "share",
        "Of the bills of a year, tax included, the share that was still not paid when all of them could have been for "
        "a year, or half of one where history is short; interval of a ratio of two sums.",
        "lower",
    ),
    Metric(
        "loss_came_ratio",
        "Loss that came of the loss expected",
        "ratio",
        "What is still not paid of what was owed a year ago ÷ what was expected then never to be paid; interval of a "
        "ratio of two sums.",
    ),
    Metric(
        "fees_at_risk",
        "Fees of customers far overdue",
        "money_per_month",
        "Monthly fees less running discounts of customers with a bill more than 60 days overdue, suspended lines "
        "included.",
        "lower",
    ),
    Metric(
        "default_auc",
        "AUC of payment default",
        "ratio",
        "Chance that a customer who became more than 60 days overdue, or was cut off, within three months had been "
        "given a higher chance than one who was not; on a quarter later than those learned from.",
        "higher",
    ),
    Metric(
        "largest_accounts_share",
        "Revenue share of the largest accounts",
        "share",
        "Share of the revenue of the last four quarters of as many largest accounts as the smallest group that is "
        "published; business accounts under one parent, and members of a household, are one account.",
        "lower",
    ),
    Metric(
        "effective_accounts",
        "Accounts of equal size that would be as uneven",
        "count",
        "1 ÷ Herfindahl's index of the revenue of the quarter over accounts.",
        "higher",
    ),
    Metric(
        "region_hhi",
        "Concentration over regions (HHI)",
        "ratio",
        "Sum of squared shares of the quarter's revenue over regions; 1 is one region, 1 ÷ n is n equal ones.",
        "lower",
    ),
    Metric(
        "product_hhi",
        "Concentration over products (HHI)",
        "ratio",
        "Sum of squared shares of products in fees less discounts due for the quarter's last month.",
        "lower",
    ),
    Metric(
        "segment_hhi",
        "Concentration over kinds of customers (HHI)",
        "ratio",
        "Sum of squared shares of the quarter's revenue over households, business, government and education.",
        "lower",
    ),
)
