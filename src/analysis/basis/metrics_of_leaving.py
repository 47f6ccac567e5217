"""The KPI dictionary, continued: how long customers stay, and who will leave."""

from __future__ import annotations

from analysis.basis.kpi import Metric

LEAVING = (
    Metric(
        "churn_signals",
        "Classes out of the ordinary",
        "count",
        "Classes whose churn rate of the quarter is beyond the limits that hold 19 of 20 ordinary quarters; chance "
        "alone takes one class in 20 so far.",
        "lower",
    ),
    Metric(
        "high_value_retention",
        "Customers of the high margin band who stayed",
        "share",
        "Customers of the high margin band, by the band each had at the quarter's start or on joining, who were still "
        "there at its end ÷ all of them: 1 − their churn rate; Wilson's interval.",
        "higher",
    ),
    Metric(
        "survival",
        "Customers still there after n months",
        "share",
        "Kaplan–Meier estimate with late entry from all observed episodes; log-log interval.",
        "higher",
    ),
    Metric(
        "survival_naive",
        "The same, read as if seen since signup",
        "share",
        "Kaplan–Meier estimate that ignores late entry: shown beside the right one, used nowhere.",
    ),
    Metric(
        "median_life",
        "Median life of a customer",
        "months",
        "Tenure at which the Kaplan–Meier curve with late entry falls to one half.",
        "higher",
    ),
    Metric(
        "restricted_life",
        "Months stayed of the first n",
        "months",
        "Area under the Kaplan–Meier curve with late entry up to n months; Greenwood's variance.",
        "higher",
    ),
    Metric(
        "returned_12m",
        "Back within a year of leaving",
        "share",
        "Of spells that ended, those followed by another within twelve months, by Kaplan–Meier over the time since.",
        "higher",
    ),
    Metric(
        "risk_rules_earning",
        "Warning signs that earn their place",
        "count",
        "Warning signs of whose flagged customers clearly more leave within the quarter than of all, at least 1.2 "
        "times as many.",
    ),
    Metric(
        "risk_rule_precision",
        "Leavers among those flagged by a warning sign",
        "share",
        "Customers flagged at past quarter ends who left by choice within the quarter (in any way, where kinds are not "
        "known) ÷ all flagged; interval of a ratio of sums over customers.",
        "higher",
    ),
    Metric(
        "risk_rule_lift",
        "Lift of a warning sign",
        "ratio",
        "Share of leavers among those flagged by a warning sign ÷ share of leavers among all customers.",
        "higher",
    ),
    Metric(
        "expected_leavers_3m",
        "Expected leavers, next quarter",
        "count",
        "Sum of the predicted probabilities that active customers leave within the quarter after the as-of date, "
        "with no new contact; the interval holds the model's uncertainty and chance.",
        "lower",
    ),
    Metric(
        "churn_3m",
        "Predicted churn, next quarter",
        "share",
        "Mean predicted probability that an active customer leaves within the quarter after the as-of date, "
        "with no new contact; intervals as those of the expected leavers.",
        "lower",
    ),
    Metric(
        "churn_12m",
        "Predicted churn, next year",
        "share",
        "The same within the year after the as-of date.",
        "lower",
    ),
    Metric(
        "voluntary_3m",
        "Predicted voluntary churn, next quarter",
        "share",
        "The same for leaving by choice; who leaves otherwise first cannot leave by choice any more.",
        "lower",
    ),
    Metric(
        "months_left",
        "Expected months left",
        "months",
        "Mean months that active customers are expected to stay within the value horizon.",
        "higher",
    ),
    Metric(
        "model_auc_3m",
        "Ranking of the forecast (AUC)",
        "ratio",
        "Probability that the forecast ranked who left within a quarter above who stayed (AUC, weighted for "
        "censoring), on a quarter the model had not seen; 0.5 is chance. Bootstrap interval.",
        "higher",
    ),
    Metric(
        "model_calibration_3m",
        "Left ÷ predicted, a past quarter",
        "ratio",
        "Leavers of a quarter the model had not seen ÷ the leavers it predicted; 1 is right. Bootstrap interval.",
    ),
    Metric(
        "model_calibration_12m",
        "Left for each predicted leaver, a year",
        "ratio",
        "Customers who left within 12 months of a past quarter end ÷ those the model, learned before it, expected to; "
        "bootstrap interval.",
    ),
    Metric(
        "forecast_ratio_3m",
        "Left ÷ foretold, last quarter",
        "ratio",
        "Leavers of the quarter among those active at its start ÷ the leavers that the forecast before it expected, as "
        "printed by the report of then, else as today's model would have said; 1 is right. 95 % interval.",
    ),
    Metric(
        "class_forecast_ratio_3m",
        "Left ÷ foretold, last quarter, by class",
        "ratio",
        "The same by the class held when the quarter began, to two places. Wilson's 95 % interval.",
    ),
    Metric(
        "model_brier_difference",
        "Forecast error less that of tenure",
        "error",
        "Integrated Brier score of the model in use less that of the life table by tenure, on a period neither had "
        "seen; below zero the model is better. Bootstrap interval.",
        "lower",
    ),
    Metric(
        "first_reason_share",
        "Has it as first reason",
        "share",
        "Share of the tenth of active customers at the highest risk of leaving within a quarter whose risk this family "
        "of reasons raises most, against the mean of all active customers; interval by equally likely estimates.",
    ),
    Metric(
        "first_reason_stays",
        "First reason stays the same",
        "share",
        "Mean share of equally likely estimates of the model under which the first reason of a customer at the highest "
        "risk is the same.",
        "higher",
    ),
)
