"""The columns of the report's tables: what each is headed, and how its values are written."""

from __future__ import annotations

from analysis.present.table import Column

DOORS = (
    Column("table", "Table", of_names=True),
    Column("selected", "Rows read", "count"),
    Column("accepted", "Used", "count"),
    Column("set_aside", "Set aside", "count"),
    Column("duplicates", "Repeated rows", "count"),
    Column("later", "Dated later", "count"),
)

FILES = (
    Column("file", "File", of_names=True),
    Column("lines", "Records found", "count"),
    Column("parsed", "Read", "count"),
    Column("unreadable", "Unreadable", "count"),
)

MOST_FINDINGS = 60  # rows of the table; `linecard check` lists all

MOST_FEATURES = 40  # rows of the table of refused features

MOST_CLASSES = 10  # of a dimension in a table, the largest

FINDINGS = (
    Column("table", "Table", of_names=True),
    Column("rule", "Rule", of_names=True),
    Column("severity", "Outcome"),
    Column("rows", "Rows", "count"),
    Column("where", "First case", of_names=True),
    Column("expected", "Expected", of_names=True),
    Column("found", "Found", "prose"),
)

QUALITY = (
    Column("place", "What", of_names=True),
    Column("dimension", "Respect"),
    Column("status", "Status"),
    Column("value", "Value", "figure"),
    Column("previous", "Quarter before", "figure"),
    Column("threshold", "Edge of good", "figure"),
    Column("rows", "Rows or cases", "count"),
    Column("chapters", "Chapters", "prose"),
)

MOST_MEASURES = 30  # rows of the table of measures that are not good, the bad ones first

DRIFT = (
    Column("table", "Table"),
    Column("column", "Column"),
    Column("value", "PSI", "decimal", 3),
    Column("threshold", "Edge of good", "decimal", 3),
    Column("rows", "Values", "count"),
    Column("status", "Status"),
)

VOLUMES = (
    Column("table", "Table"),
    Column("now", "Rows in the quarter", "count"),
    Column("before", "Quarter before", "count"),
    Column("volume", "Volume"),
    Column("age", "Days since the last row", "count"),
    Column("usual", "Longest usual gap", "count"),
    Column("freshness", "Freshness"),
)

BASE = (
    Column("quarter", "Quarter", "quarter"),
    Column("opening", "At its start", "count"),
    Column("joiners", "Joined", "count"),
    Column("leavers", "Left", "count"),
    Column("closing", "At its end", "count"),
    Column("churn_rate", "Churn rate", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("churn_of_opening", "Left ÷ start", "percent"),
)

CLASSES = (
    Column("label", "Dimension", once=True),
    Column("class", "Class"),
    Column("closing", "At quarter end", "count"),
    Column("share", "Share", "percent"),
)

CLASS_MONEY = (
    Column("label", "Dimension", once=True),
    Column("class", "Class"),
    Column("closing", "Customers", "count"),
    Column("share", "Share", "percent"),
    Column("revenue_share", "Share of revenue", "percent"),
)

STAGES = (
    Column("stage", "Stage"),
    Column("customers", "Customers", "count"),
    Column("share", "Share", "percent"),
    Column("revenue_share", "Share of revenue", "percent"),
    Column("focus", "Managed for", "prose"),
)

STEPS_MOVED = (
    Column("label", "Dimension", once=True),
    Column("moved", "Moved"),
    Column("customers", "Customers", "count"),
    Column("share", "Share", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
)

RATES = (
    Column("label", "Dimension", once=True),
    Column("class", "Class"),
    Column("customers", "Customers", "count"),
    Column("leavers", "Left", "count"),
    Column("churn_rate", "Churn rate", "percent", 2),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("previous", "Quarter before", "percent", 2),
)

SIGNALS = (
    Column("label", "Dimension", once=True),
    Column("class", "Class"),
    Column("customers", "Customers", "count"),
    Column("way", "Rise or fall"),
    Column("churn_rate", "Churn rate", "percent", 2),
    Column("expected", "Expected", "percent", 2),
    Column(("low", "high"), "Limits", "percent", 2),
    Column("often", "By chance", "figure"),
)

READINGS = (
    Column("months", "Months since joining", "decimal", 0),
    Column("honest", "With late entry", "percent", 2),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("at_risk", "At risk", "count"),
    Column("mean", "Months stayed of these", "decimal"),
    Column(("mean_low", "mean_high"), "95 % interval", "decimal"),
    Column("naive", "Naive reading", "percent", 2),
)

# How many left is not among them: what one dimension leaves out as too small, another would tell.
LOG_RANK = (
    Column("label", "Dimension"),
    Column("classes", "Classes", "count"),
    Column("statistic", "Chi-squared", "decimal"),
    Column("degrees_of_freedom", "Degrees of freedom", "count"),
    Column("p", "p-value", "figure"),
)

CANDIDATES = (
    Column("name", "Model"),
    Column("ibs", "Error", "decimal", 4),
    Column(("ibs_low", "ibs_high"), "95 % interval", "decimal", 4),
    Column("difference", "Less that of tenure alone", "decimal", 4),
    Column(("difference_low", "difference_high"), "95 % interval", "decimal", 4),
    Column("auc", "AUC", "decimal", 2),
    Column("slope", "Slope", "decimal", 2),
    Column("ratio", "Left ÷ predicted", "decimal", 2),
    Column("used", "In use"),
)

HORIZONS = (
    Column("months", "Months ahead", "count", once=True),
    Column("whose", "Leaving"),
    Column("auc", "AUC", "decimal", 2),
    Column(("auc_low", "auc_high"), "95 % interval", "decimal", 2),
    Column("ratio", "Left ÷ predicted", "decimal", 2),
    Column(("ratio_low", "ratio_high"), "95 % interval", "decimal", 2),
    Column("slope", "Slope", "decimal", 2),
    Column(("slope_low", "slope_high"), "95 % interval", "decimal", 2),
)

REFUSED = (
    Column("covariate", "Feature"),
    Column("rule", "Rule"),
    Column("shown", "Figure", "figure"),
    Column("reason", "Why", "prose"),
)

REMARKS = (
    Column("covariate", "Features", "prose"),
    Column("outcome", "What was done"),
    Column("reason", "Why", "prose"),
)

VALUE_BASIS = (
    Column("what", "What"),
    Column("shown", "Value", "figure"),
    Column("interval", "95 % interval", "figure"),
    Column("how", "Where from"),
    Column("remark", "Remark", "prose"),
)

CLASS_VALUES = (
    Column("label", "Dimension", once=True),
    Column("class", "Class"),
    Column("customer_share", "Share of customers", "percent"),
    Column("share", "Share of value", "percent"),
    Column("mean", "Value per customer", "sum"),
    Column(("low", "high"), "95 % interval", "sum"),
)

RULES_HELD = (
    Column("told", "In words", "prose"),
    Column("customers", "Hold what is given", "count"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("share", "Of all customers", "percent"),
    Column("lift", "Times expected", "decimal", 1),
)

OFFERED = (
    Column("kind", "Offer", once=True),
    Column("what", "What"),
    Column("customers", "Customers", "count"),
    Column("confidence", "How likely", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("lift", "Times usual", "decimal", 1),
)

EFFECTS = (
    Column("name", "Step, all else equal"),
    Column("effect", "Effect", "decimal", 2),
    Column(("low", "high"), "95 % interval", "decimal", 2),
    Column("inflation", "Inflation", "decimal"),
)

LEFT_OUT = (Column("driver", "Driver"), Column("reason", "Why", "prose"))

TIMES = (Column("what", "What"), Column("value", "Value"))

RULES = (Column("dimension", "Dimension"), Column("version", "Version"), Column("rule", "Rule", "prose"))

DICTIONARY = (
    Column("label", "Measure"),
    Column("unit", "Unit"),
    Column("better", "Better is"),
    Column("definition", "Definition", "prose"),
)

GROUP_CARDS = (
    Column("name", "Group"),
    Column("customers", "Customers", "count"),
    Column("share", "Share", "percent"),
    Column("arpu", "Revenue a month", "money"),
    Column(("arpu_low", "arpu_high"), "95 % interval", "money"),
    Column("churn_rate", "Left in the quarter", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
)

GROUP_NEEDS = (
    Column("name", "Group"),
    Column("who", "Who they are", "prose"),
    Column("wants", "What they need", "prose"),
)

GROUPS_MET = (
    Column("shown", "Group"),
    Column("former", "A quarter ago"),
    Column("drift", "Drift", "decimal", 2),
    Column("said", "Verdict"),
)

GROUPS_TRIED = (
    Column("groups", "Groups", "count"),
    Column("silhouette", "Silhouette", "decimal", 2),
    Column("passage", "Passage", "decimal", 2),
    Column("peaks", "Peaks", "decimal", 2),
    Column("stability", "Stability", "decimal", 2),
    Column("smallest", "Smallest group", "percent"),
    Column("said", "Verdict"),
)

SCALINGS = (
    Column("said", "Scaling"),
    Column("groups", "Groups", "count"),
    Column("silhouette", "Silhouette", "decimal", 2),
    Column("stability", "Stability", "decimal", 2),
    Column("passage", "Passage", "decimal", 2),
    Column("in_groups", "In a group", "percent"),
    Column("kept", "Kept their name", "percent"),
    Column("agreement", "Agreement", "decimal", 2),
)

GROUP_VARIABLES = (
    Column("what", "Variables", "prose"),
    Column("use", "Use"),
    Column("why", "Why", "prose"),
)
