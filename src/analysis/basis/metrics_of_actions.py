"""The KPI dictionary, continued: what to do next."""

from __future__ import annotations

from analysis.basis.kpi import Metric

ACTIONS: tuple[Metric, ...] = (
    Metric(
        "actions",
        "Customers on the action list",
        "count",
        "Active customers for whom an action of the policy table is proposed, within budget and capacity; those held "
        "out by lot not counted.",
    ),
    Metric("actions_cost", "Cost of the action list", "money", "Contacts and offers, as the policy table says."),
    Metric(
        "actions_net",
        "Expected net benefit of the action list",
        "money",
        "Sum over the list of effect × probability of leaving by choice within 3 months × lifetime value, less cost; "
        "effects are measured where a campaign tells them, else assumptions of the policy table.",
        "higher",
    ),
)
