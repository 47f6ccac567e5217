"""The KPI dictionary, continued: why ARPU moves, and what customers cost to win."""

from __future__ import annotations

from analysis.basis.kpi import Metric

MONEY = (
    Metric(
        "arpu_change",
        "Change of ARPU",
        "money_per_month",
        "ARPU of the quarter less that of the quarter before, both as printed; interval of a difference of two ratios "
        "over the same customers.",
        "higher",
    ),
    Metric(
        "arpu_change_part",
        "Part of the change of ARPU",
        "money_per_month",
        "What one reason adds to the change of ARPU: customers who joined or left, by what they pay against those "
        "there throughout both quarters, and what changed in the bills of these; rounded so that the parts add up to "
        "the change.",
        "higher",
    ),
    Metric(
        "arpu_trend",
        "Trend of ARPU",
        "money_per_month",
        "Change of ARPU a quarter, by least squares on a trend and the quarter of the year.",
        "higher",
    ),
    Metric(
        "arpu_season",
        "ARPU of a quarter of the year",
        "money_per_month",
        "By how much ARPU is above or below its trend in that quarter of the year; the four add up to nothing.",
    ),
    Metric(
        "acquisition_cost",
        "Cost of winning a customer",
        "money",
        "Mean acquisition cost of the customers who joined for the first time in the last four quarters; Student's "
        "interval.",
        "lower",
    ),
    Metric(
        "clv_per_cac",
        "Value of a customer won ÷ cost of winning",
        "ratio",
        "Margin received so far and expected within the value horizon of the customers who joined for the first time "
        "in the last four quarters, leavers counted ÷ their acquisition cost.",
        "higher",
    ),
    Metric(
        "payback_months",
        "Months until the cost of winning is paid back",
        "months",
        "First calendar month, that of joining counted, by whose end the margin received of all customers won, leavers "
        "counted, makes up for their acquisition cost.",
        "lower",
    ),
)
