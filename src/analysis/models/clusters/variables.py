"""Which variables groups are looked for in, which only describe them, and which are left out; each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from analysis.models.counts import Floats

Kind = Literal["amount", "count", "share", "ratio", "fact", "category"]

# What a customer does is searched for groups; what is held or owed describes them, for it divides customers by itself,
# and so does a change, which is over the quarter after: a name told by it could not stay.
KINDS: dict[str, Kind] = {
    "download_gb": "amount",
    "upload_share": "share",
    "evening_share": "share",
    "active_share": "share",
    "voice_minutes": "amount",
    "app_logins": "count",
    "download_change": "ratio",
    "products": "fact",
    "monthly_fee": "fact",
    "discount_share": "fact",
    "bandwidth_mbps": "fact",
    "contract_months": "fact",
    "has_broadband": "fact",
    "has_mobile": "fact",
    "has_voice": "fact",
    "has_tv": "fact",
    "has_cloud": "fact",
    "has_security": "fact",
    "has_smart_home": "fact",
    "tickets_3m": "fact",
    "complaints_3m": "fact",
    "late_bills_6m": "fact",
    "payment_method": "category",
    "technology": "category",
}
DESCRIBING = ("fact", "ratio", "category")
MOST_MISSING = 0.40  # of the customers, beyond which a variable is left out
FEWEST_VALUES = 20  # different ones
MOST_EQUAL = 0.50  # of the customers who say the same
STRONGEST = 0.90  # correlation beyond which two variables say the same
FEWEST_KNOWN = 30  # customers


def coded(rows: pd.DataFrame, kinds: Mapping[str, Kind]) -> pd.DataFrame:
    """Variables on the scale on which equal differences mean the same.

    log(amount), where nothing used is missing: whether it is used at all is another question; log(1 + count);
    log(share ÷ (1 − share)) with the ends drawn in to 0.5 % (Warton and Hui 2011).

    Parameters
    ----------
    rows : table, one row per customer, with some of the variables of `kinds`; what only describes is left out.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        made = {name: _on_scale(rows[name], kind) for name, kind in kinds.items() if _searched(name, kind, rows)}
    return pd.DataFrame(made, index=rows.index, dtype="float64")


def _searched(name: str, kind: Kind, rows: pd.DataFrame) -> bool:
    return name in rows.columns and kind not in DESCRIBING


def _on_scale(column: pd.Series, kind: Kind) -> Floats:
    values = column.to_numpy("float64", na_value=np.nan)
    if kind == "share":
        inside = np.clip(values, 0.005, 0.995)
        return np.asarray(np.log(inside / (1 - inside)))
    if kind == "count":
        return np.asarray(np.log1p(values))
    return np.asarray(np.log(np.where(values > 0, values, np.nan)))


def change(values: Floats) -> Floats:
    """log(ratio). Beyond twenty-fold a change says that a line was new or asleep, not how it is used."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.clip(np.log(np.where(values > 0, values, np.nan)), -3, 3))


def verdicts(rows: pd.DataFrame, kinds: Mapping[str, Kind]) -> pd.DataFrame:
    """What becomes of each candidate.

    Returns
    -------
    Table, one row per candidate in the order of `kinds`: `variable`, `use` (searched, describes, left out), `reason`
    (searched, fact, change, absent, missing, few_values, one_value, same), `other` (the variable that says the same,
    with `same`), `missing` (share of customers without a value, 0 to 1).
    """
    values = coded(rows, kinds)
    shares = values.isna().mean()
    told: list[tuple[str, str, str, str | None, float]] = []
    kept: list[str] = []
    for name, kind in kinds.items():
        use, reason, other = _verdict(name, kind, rows, values, kept)
        kept += [name] if use == "searched" else []
        told.append((name, use, reason, other, float(shares.get(name, np.nan))))
    return pd.DataFrame(told, columns=["variable", "use", "reason", "other", "missing"])


def _verdict(
    name: str, kind: Kind, rows: pd.DataFrame, values: pd.DataFrame, kept: list[str]
) -> tuple[str, str, str | None]:
    if name not in rows.columns or rows[name].isna().all():
        return "left out", "absent", None
    if kind in DESCRIBING:
        return "describes", "change" if kind == "ratio" else "fact", None
    known = values[name].dropna()
    if len(known) < FEWEST_KNOWN or values[name].isna().mean() > MOST_MISSING:
        return "left out", "missing", None
    frequent = known.value_counts(normalize=True)
    if frequent.iloc[0] > MOST_EQUAL:
        return "left out", "one_value", None
    if len(frequent) < FEWEST_VALUES:
        return "left out", "few_values", None
    same = [other for other in kept if abs(values[name].corr(values[other])) > STRONGEST]
    return ("left out", "same", same[0]) if same else ("searched", "searched", None)
