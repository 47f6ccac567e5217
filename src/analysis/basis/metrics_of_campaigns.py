"""The KPI dictionary, continued: what campaigns did."""

from __future__ import annotations

from analysis.basis.kpi import Metric

CAMPAIGNS: tuple[Metric, ...] = (
    Metric(
        "campaign_kept",
        "Customers kept by a contact",
        "share",
        "Share of the control group that left within three months of the contact's day (by choice, where kinds are "
        "known) less that of the contacted; campaigns drawn by lot, rounds as strata.",
        "higher",
    ),
    Metric(
        "campaign_won",
        "Sales won by a contact",
        "share",
        "Share of the contacted that converted less that of the control group; campaigns drawn by lot, rounds as "
        "strata.",
        "higher",
    ),
    Metric(
        "campaign_roi",
        "Return of a campaign within three months",
        "return",
        "(Margin per contact of the three whole months after it, less that of the control group, less cost per "
        "contact) ÷ cost per contact. −100 %: nothing came back; 0 %: its cost came back.",
        "higher",
    ),
    Metric(
        "campaigns_roi",
        "Return of a year's campaigns",
        "return",
        "The same for all campaigns drawn by lot whose rounds began in the last four quarters, all variants together, "
        "rounds as strata; contacts count once their three months are over. Earlier figures: what was known at the end "
        "of those quarters.",
        "higher",
    ),
    Metric(
        "campaign_cost",
        "Cost per campaign contact",
        "money_each",
        "Contact and offer costs of a variant ÷ its contacts, and the fixed cost of the campaign ÷ all its contacted.",
        "lower",
    ),
    Metric(
        "campaign_cost_per_customer",
        "Cost per customer kept or won",
        "money",
        "Cost per contact ÷ customers kept (or sales won) per contact; told only where the effect is clear.",
        "lower",
    ),
)
