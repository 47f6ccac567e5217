"""The columns of the tables about what customers say."""

from __future__ import annotations

from analysis.present.table import Column

SCORES = (
    Column("name", "Score"),
    Column("value", "Value", "figure"),
    Column("between", "95 % interval", "figure"),
    Column("before", "Change since the quarter before", "figure"),
    Column("before_between", "95 % interval", "figure"),
    Column("year", "Change since a year ago", "figure"),
    Column("year_between", "95 % interval", "figure"),
    Column("answers", "Answers", "count"),
    Column("effective", "Tell as much as", "count"),
)

KINDS = (
    Column("name", "Who"),
    Column("answers", "Answers", "count"),
    Column("share", "Share", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
    Column("weighted", "Weighted share", "percent"),
)

CLASSES = (
    Column("label", "Dimension", once=True),
    Column("class", "Class"),
    Column("answers", "Answers", "count"),
    Column("nps", "NPS", "decimal"),
    Column(("low", "high"), "95 % interval", "decimal"),
    Column("response", "Surveys answered", "percent", 0),
    Column(("response_low", "response_high"), "95 % interval", "percent", 0),
    Column("said", "Beside all others"),
)

AFTER = (
    Column("when", "Within", once=True),
    Column("name", "Who"),
    Column("customers", "Customers", "count"),
    Column("rate", "Left", "percent"),
    Column(("low", "high"), "95 % interval", "percent"),
)
