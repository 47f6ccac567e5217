"""Of whom is warned: a sign that earns its place flags them, or they are likely to leave within a month."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

BY_SIGN, BY_MODEL, BY_BOTH = "sign", "model", "both"
REASONS = ("reason_1", "reason_2", "reason_3")


def chances(scores: pd.DataFrame) -> pd.DataFrame:
    """The scores with `chance`: of leaving within a month, by choice where the source tells, else in any way.

    Parameters
    ----------
    scores : table, one row per active customer, with columns of `churn_scores`.
    """
    by_choice = scores["voluntary_1m"].notna().any()
    return scores.assign(chance=scores["voluntary_1m" if by_choice else "churn_1m"].astype(float))


def warned(scores: pd.DataFrame, flags: pd.DataFrame, labels: Mapping[str, str], *, chance: float) -> pd.DataFrame:
    """Of which active customers is warned, and why.

    Parameters
    ----------
    scores : table of `chances`.
    flags : table of the warning signs that flag customers, one row per customer and sign: `customer_id`, `rule`.
    labels : sign → what it is called; those alone that earn their place.
    chance : from which on the model warns, 0 to 1.

    Returns
    -------
    Table, one row per customer, by id: `customer_id`, `chance` (missing without a forecast), `warned_by` (sign, model,
    both), `signs` (names, listed in the order of `labels`), `reason` (the model's first, else the first sign), and
    `reasons` (the families of the model, then the signs; blank where neither tells any).
    """
    mine = flags[flags["rule"].isin(list(labels))]
    places = {name: place for place, name in enumerate(labels)}
    ordered = mine.assign(place=mine["rule"].map(places)).sort_values(["customer_id", "place"])
    signs = ordered["rule"].map(labels).groupby(ordered["customer_id"]).agg(list)
    everyone = scores.set_index("customer_id")
    found = everyone.reindex(sorted({*everyone.index[everyone["chance"] >= chance], *signs.index}))
    likely, flagged = found["chance"] >= chance, found.index.isin(signs.index)
    by = pd.Series(BY_MODEL, found.index, dtype=object).mask(flagged, BY_SIGN).mask(flagged & likely, BY_BOTH)
    named = signs.reindex(found.index)
    told = named.where(named.notna(), pd.Series([[]] * len(found), found.index))
    families = found.reindex(columns=list(REASONS))
    every = [[one for one in row if isinstance(one, str)] for row in families.itertuples(index=False, name=None)]
    both = [[*model, *sign] for model, sign in zip(every, told, strict=True)]
    return pd.DataFrame(
        {
            "customer_id": found.index.to_numpy(dtype=object),
            "chance": found["chance"].to_numpy("float64"),
            "warned_by": by.to_numpy(dtype=object),
            "signs": [", ".join(one) for one in told],
            "reason": [one[0] if one else LIKELY for one in both],
            "reasons": [", ".join(one) for one in both],
        }
    )


LIKELY = "chance of leaving"  # the reason where neither the model nor a sign tells one
