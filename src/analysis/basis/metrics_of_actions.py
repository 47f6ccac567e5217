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
    Metric(
        "actions_cost",
        "Cost of actions for customers",
        "money",
        "Contacts and offers for the customers on the action list, as the policy table says; without actions that too "
        "few of them get to be told.",
    ),
    Metric(
        "actions_net",
        "Expected net benefit of actions for customers",
        "money",
        "Sum over the customers on the list of effect × probability of leaving by choice within 3 months × lifetime "
        "value, less cost; effects are measured where a campaign tells them, else assumptions of the policy table; "
        "without actions that too few of them get to be told.",
        "higher",
    ),
    Metric(
        "list_cost",
        "Cost of all actions",
        "money",
        "Contacts and offers for the customers, former customers and leads on the list; without actions that too few "
        "get to be told.",
    ),
    Metric(
        "list_net",
        "Expected net benefit of all actions",
        "money",
        "Expected net benefit of actions for customers, for former customers and for leads, together; without actions "
        "that too few get to be told.",
        "higher",
    ),
    Metric(
        "list_low",
        "Expected net benefit of all actions at the low end",
        "money",
        "The same with every effect at the low end of its interval.",
        "higher",
    ),
    Metric(
        "warnings",
        "Early-warning work orders",
        "count",
        "Active customers beside the action list who are warned of, by a sign that earns its place or by a chance of "
        "leaving within a month that is high enough, and get a work order within the month's time and money.",
    ),
    Metric(
        "warnings_cost",
        "Cost of the warning orders",
        "money",
        "Contacts, offers and checks, as the params say; not told where too few get one of the actions.",
    ),
    Metric(
        "warnings_at_risk",
        "Value at risk behind the warning orders",
        "money",
        "Sum over the orders of probability of leaving within a month (by choice, where the source tells) × lifetime "
        "value.",
    ),
    Metric(
        "warning_precision",
        "Warned of who left within a month",
        "share",
        "At past quarter ends, of as many customers as there are orders now, those first by signs and model together: "
        "who left within a month (by choice, where the source tells) ÷ all of them; interval over customers.",
        "higher",
    ),
    Metric(
        "warning_recall",
        "Leavers of a month who were warned of",
        "share",
        "At past quarter ends, of those who left within a month (by choice, where the source tells), the share among "
        "as many warned of as there are orders now; interval over customers.",
        "higher",
    ),
    Metric(
        "review_effect",
        "Customers kept by last quarter's actions",
        "share",
        "Share of those held out of the last action list by lot who left by choice within the quarter, less that of "
        "those who were to be approached, whether or not they were; policies as strata.",
        "higher",
    ),
    Metric(
        "review_net",
        "Net benefit of last quarter's actions",
        "money",
        "Customers to be approached × share kept × their mean lifetime value when listed, less what the actions cost.",
        "higher",
    ),
    Metric(
        "threshold_changes",
        "Changes of thresholds that are proposed",
        "count",
        "Warning signs for which another threshold, chosen on earlier quarters, would clearly have brought more money "
        "in the last two; intervals reckon with all signs asked.",
    ),
)
