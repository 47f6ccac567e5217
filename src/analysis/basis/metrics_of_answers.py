"""The KPI dictionary, continued: what customers say."""

from __future__ import annotations

from analysis.basis.kpi import Metric

_SENT = "Surveys sent in the quarter to customers on the books, answered by its end, the last answer of each customer"
_WEIGHTED = (
    "; answers weighted to the classes of everyone on the books at the quarter's end (raking), interval by Taylor "
    "linearisation."
)

ANSWERS: tuple[Metric, ...] = (
    Metric(
        "nps",
        "Net promoter score of who answered",
        "score",
        f"Share who answer 9 or 10 less share who answer 0 to 6, × 100. {_SENT}; a multinomial interval, or within a "
        "class the same over four quarters.",
        "higher",
    ),
    Metric(
        "nps_weighted",
        "Net promoter score of all customers",
        "score",
        f"As the score of who answered{_WEIGHTED}",
        "higher",
    ),
    Metric("csat", "Satisfaction of who answered", "score", f"Mean answer, from 1 to 5. {_SENT}.", "higher"),
    Metric(
        "csat_weighted",
        "Satisfaction of all customers",
        "score",
        f"As the satisfaction of who answered{_WEIGHTED}",
        "higher",
    ),
    Metric(
        "survey_response",
        "Surveys answered",
        "share",
        "Surveys sent in the quarter that were answered by its end ÷ surveys sent in it; interval of a ratio of two "
        "sums over customers.",
        "higher",
    ),
    Metric(
        "effective_answers",
        "Equally weighted answers that would tell as much",
        "count",
        "Squared sum of the weights ÷ sum of their squares (Kish), of the quarter's answers that recommend or do not.",
        "higher",
    ),
    Metric(
        "promoters",
        "Promoters",
        "share",
        "Answers of 9 or 10 ÷ answers of the quarter, unweighted; Wilson's interval.",
        "higher",
    ),
    Metric(
        "detractors",
        "Detractors",
        "share",
        "Answers of 0 to 6 ÷ answers of the quarter, unweighted; Wilson's interval.",
        "lower",
    ),
    Metric(
        "detractor_hazard_ratio",
        "Detractors leave so many times as fast as promoters",
        "ratio",
        "Ratio of hazards in the year after an answer, at equal time with the company and equal contract (Cox model "
        "with late entry); of leaving by choice where the kind is known.",
    ),
    Metric(
        "penetration",
        "Customers who hold the product",
        "share",
        "Everyone on the books who holds the product at the quarter's end ÷ everyone on the books, suspended lines "
        "included; Wilson's interval.",
        "higher",
    ),
)
