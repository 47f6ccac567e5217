"""What a covariate is called by, and which family of reasons it belongs to."""

from __future__ import annotations

FAMILIES = ("price", "service", "competitor", "use", "contract", "payment", "contact", "season", "profile")
OWN = "attr_"

# The first prefix that fits decides; what fits none, a source's own columns among them, is profile.
_PREFIXES = (
    ("contract_", "contract"), ("first_term", "contract"),
    ("monthly_fee", "price"), ("discount", "price"), ("promotion_", "price"), ("price_rise", "price"),
    ("fee_rise", "price"),
    ("mentions_", "competitor"),
    ("tickets_", "service"), ("complaints_", "service"), ("outage_", "service"), ("nps_", "service"),
    ("csat_", "service"), ("answer_age", "service"),
    ("download_", "use"), ("upload_", "use"), ("voice_minutes", "use"), ("app_logins", "use"),
    ("active_days", "use"), ("evening_share", "use"),
    ("overdue_", "payment"), ("late_bills", "payment"), ("payment_", "payment"),
    ("contacted_", "contact"),
    ("quarter_ahead", "season"),
)  # fmt: skip

_LABELS = {
    "answer_age_months": "months since the last answer", "billed": "monthly bill",
    "app_logins": "app logins", "bandwidth_mbps": "bandwidth",
    "contacted_3m": "campaign contacts, last 3 months",
    "contacted_previous_3m": "campaign contacts, 3 months before those", "contract_months": "contract term",
    "csat_score": "satisfaction score", "csat_fresh": "satisfaction score, last 6 months", "data_cap_gb": "data cap",
    "download_gb": "download", "upload_gb": "upload", "nps_score": "recommendation score",
    "nps_fresh": "recommendation score, last 6 months", "outage_minutes": "outage minutes",
    "products": "products held", "quarter_ahead": "quarter ahead", "tenure_months": "tenure",
    "voice_minutes": "voice minutes", "mentions": "mentions of a competitor", "overdue_bills": "bills overdue",
    "late_bills": "bills paid late",
}  # fmt: skip

_WINDOWS = {
    "_to_usual": ", beside the customer's usual",
    "_previous_3m": ", 3 months before those", "_1m": ", last month", "_2m": ", last month but one",
    "_3m": ", last 3 months", "_6m": ", last 6 months",
}  # fmt: skip
_BY_MONTH = ("price_rise", "promotion_lost", "fee_rise")  # `_3m` is the third month back, not a window of three


def family(covariate: str) -> str:
    """The family of reasons a covariate belongs to: one of `FAMILIES`."""
    return next((name for prefix, name in _PREFIXES if covariate.startswith(prefix)), "profile")


def label(covariate: str) -> str:
    """What a covariate is called by in tables: `tickets_3m` is "tickets, last 3 months"."""
    if covariate in _LABELS:
        return _LABELS[covariate]
    if covariate.startswith(_BY_MONTH) and covariate.endswith("_3m"):
        return f"{label(covariate.removesuffix('_3m'))}, third last month"
    for suffix, words in _WINDOWS.items():
        if covariate.endswith(suffix):
            return label(covariate.removesuffix(suffix)) + words
    return covariate.replace("_", " ")


def place(covariate: str) -> tuple[int, str]:
    """Where a covariate stands among others: by family, then by name."""
    return FAMILIES.index(family(covariate)), covariate
