"""The KPI dictionary, continued: whether plans and prices fit."""

from __future__ import annotations

from analysis.basis.kpi import Metric

PRICES: tuple[Metric, ...] = (
    Metric(
        "over_buyers",
        "Customers who use less than their plan is for",
        "share",
        "Customers with a data plan whose use of the last three months is low even for the next smaller plan that can "
        "be had ÷ all with a data plan; Wilson's interval. The params say what is low.",
    ),
    Metric(
        "under_buyers",
        "Customers who use more than their plan is for",
        "share",
        "Customers with a data plan whose use of the last three months is high for it, and who could have a bigger "
        "one ÷ all with a data plan; Wilson's interval. The params say what is high.",
    ),
    Metric(
        "near_cap",
        "Customers near their data cap",
        "share",
        "Customers who were near their cap in enough of the last three months ÷ all with a data plan; Wilson's "
        "interval. The params say what is near, and enough.",
    ),
    Metric(
        "down_sizing",
        "Lost if all over-buyers took the smaller plan",
        "money_per_month",
        "Sum over over-buyers of the fee of the next smaller plan less their own, before discounts; negative where "
        "it is lost.",
        "higher",
    ),
    Metric(
        "up_sizing",
        "Won if all who need it took the bigger plan",
        "money_per_month",
        "Sum over under-buyers and customers near their cap who can have a bigger plan of its fee less their own, "
        "before discounts.",
        "higher",
    ),
    Metric(
        "price_rise_ratio",
        "Leaving by choice after a rise of 5 %",
        "ratio",
        "Hazard of leaving by choice in the month of a price rise of 5 % of the fees and those in which it is felt, ÷ "
        "that of customers without one in the same month, all else known equal.",
        "lower",
    ),
    Metric(
        "price_elasticity",
        "More leaving by choice per 1 % of price",
        "share",
        "By how much the hazard of leaving by choice rises for every per cent by which fees rise, in the months in "
        "which a rise is felt.",
        "lower",
    ),
)
