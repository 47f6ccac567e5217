"""The KPI dictionary, continued: the network, and unusual use."""

from __future__ import annotations

from analysis.basis.kpi import Metric

NETWORK: tuple[Metric, ...] = (
    Metric(
        "areas_judged",
        "Areas judged in the last month",
        "count",
        "Areas with customers and at least six earlier months of complaints or measurements.",
    ),
    Metric(
        "areas_signalled",
        "Areas with a signal in the last month",
        "count",
        "Areas where complaints and the measured network together are worse than usual; of the signals of a month at "
        "most five per cent are expected to be chance (Benjamini–Hochberg).",
        "lower",
    ),
    Metric(
        "areas_signalled_quarter",
        "Areas with a signal in the quarter",
        "count",
        "Areas with a signal in any month of the quarter.",
        "lower",
    ),
    Metric(
        "customers_in_signalled_areas",
        "Active customers in areas with a signal",
        "count",
        "Active customers whose area has a signal in the last month.",
        "lower",
    ),
    Metric(
        "fault_calls",
        "Customers to call about a fault",
        "count",
        "Active customers of the value tiers of the params in areas whose network has a signal in the last month, who "
        "may be contacted and were not spoken to lately.",
    ),
    Metric(
        "usage_jumps",
        "Customers whose use jumped",
        "share",
        "Customers with a month of the quarter so far above their own usual use that one quiet customer in a thousand "
        "passes it a month, without a new product or a season of their own ÷ customers judged; Wilson's interval.",
    ),
    Metric(
        "usage_falls",
        "Customers whose use fell",
        "share",
        "The same below their own usual use, and without a suspended line.",
    ),
    Metric(
        "churn_after_fall",
        "Quarterly churn rate after a fall in use",
        "share",
        "Customers at the quarter's start whose use had fallen without explanation in the quarter before and who left "
        "÷ all such customers; Wilson's interval.",
        "lower",
    ),
)
