"""The KPI dictionary, continued: who may become a customer, and who may come back."""

from __future__ import annotations

from analysis.basis.kpi import Metric

LEADS: tuple[Metric, ...] = (
    Metric(
        "lead_conversion",
        "Leads of the quarter before that became customers",
        "share",
        "Leads made in the quarter before the report's that became customers within 90 days ÷ leads made in it: all of "
        "them have been followed that long. Previous: those made a quarter earlier. Wilson's interval.",
        "higher",
    ),
    Metric(
        "lead_conversion_by",
        "Leads of a channel or segment that became customers",
        "share",
        "Leads made in the four quarters before the report's that became customers within 90 days ÷ leads made in "
        "them; Wilson's interval.",
        "higher",
    ),
    Metric(
        "lead_value",
        "Expected value of a new lead",
        "money",
        "Share of leads that become customers within 90 days × mean lifetime value of customers won from leads in the "
        "last 12 months, who left again counting with nothing; interval of a product of two estimates.",
        "higher",
    ),
    Metric(
        "win_back_asked",
        "Former customers to ask back",
        "count",
        "Who left and is proposed to be asked back, within the budget and capacity of all actions; those held out by "
        "lot not counted.",
    ),
    Metric(
        "win_back_net",
        "Expected net benefit of asking them back",
        "money",
        "Sum over them of the chance of coming back that the action adds × what one who comes back is worth, less "
        "cost; without actions that too few of them get to be told.",
        "higher",
    ),
    Metric(
        "leads_called",
        "Leads to call",
        "count",
        "Open leads proposed to be called, within the budget and capacity of all actions; those held out by lot not "
        "counted.",
    ),
    Metric(
        "leads_net",
        "Expected net benefit of calling them",
        "money",
        "Sum over them of the chance of becoming a customer that the call adds × what a customer won is worth, less "
        "cost; without actions that too few of them get to be told.",
        "higher",
    ),
)
