"""The columns of the report's tables: what each is headed, and how its values are written."""

from __future__ import annotations

from analysis.present.table import Column

DOORS = (
    Column("table", "Table"),
    Column("selected", "Rows read", "count"),
    Column("accepted", "Used", "count"),
    Column("set_aside", "Set aside", "count"),
    Column("duplicates", "Exact duplicates", "count"),
    Column("later", "Dated later", "count"),
)

FILES = (
    Column("file", "File"),
    Column("lines", "Records found", "count"),
    Column("parsed", "Read", "count"),
    Column("unreadable", "Unreadable", "count"),
)

MOST_FINDINGS = 40  # rows of the table; `linecard check` lists all

MOST_CLASSES = 10  # of a dimension in a table, the largest

FINDINGS = (
    Column("table", "Table"),
    Column("rule", "Rule"),
    Column("severity", "Outcome"),
    Column("rows", "Rows", "count"),
    Column("where", "First case"),
    Column("expected", "Expected"),
    Column("found", "Found"),
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

RATES = (
    Column("label", "Dimension", once=True),
    Column("class", "Class"),
    Column("customers", "Customers", "count"),
    Column("leavers", "Left", "count"),
    Column("churn_rate", "Churn rate", "percent", 2),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("previous", "Quarter before", "percent", 2),
)

READINGS = (
    Column("months", "Months since joining", "decimal", 0),
    Column("honest", "With late entry", "percent", 2),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("at_risk", "At risk", "count"),
    Column("naive", "Naive reading", "percent", 2),
)

LOG_RANK = (
    Column("label", "Dimension"),
    Column("classes", "Classes", "count"),
    Column("leavers", "Left", "count"),
    Column("statistic", "Chi-squared", "decimal"),
    Column("degrees_of_freedom", "Degrees of freedom", "count"),
    Column("p", "p-value", "figure"),
)

TIMES = (Column("what", "What"), Column("value", "Value"))

RULES = (Column("dimension", "Dimension"), Column("rule", "Rule", "prose"))

DICTIONARY = (
    Column("label", "Measure"),
    Column("unit", "Unit"),
    Column("better", "Better is"),
    Column("definition", "Definition", "prose"),
)
