"""The value of the whole base: its interval, and what it rests on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measures.interval import standard_normal_quantile
from analysis.models.counts import Floats
from analysis.models.value import PUBLISHED, YEAR, Valuation

MOST = 50_000  # customers in a bootstrap sample
_MEANS = ("mean", "mean_low", "mean_high")


def base_value(valuation: Valuation, *, of: str = "current_value", resamples: int = 100, seed: int = 1) -> pd.DataFrame:
    """The value of the whole base, with what is unknown of it: who the customers are, and what model and margin say.

    `of` is `current_value`, `potential_value` or `clv`.

    The first is a bootstrap over at most 50,000 customers, its width times √(sampled ÷ all); the second is the spread
    of the draws' totals, each of which moves all customers together.

    Returns
    -------
    Table of three rows: `unknown` (customers, model, both), `customers`, `total`, `low`, `high` (95 %; money), `mean`,
    `mean_low`, `mean_high` (per customer). Customers without a value are left out.

    References
    ----------
    Efron (1979).
    """
    rows = valuation.customers
    order = np.argsort(rows["customer_id"].to_numpy(dtype=str), kind="stable")
    kept = order[rows[of].notna().to_numpy()[order]]
    values, count = rows[of].to_numpy("float64")[kept], len(kept)
    total = float(values.sum()) if count else float("nan")
    drawn = {"current_value": valuation.draws, "potential_value": valuation.potential_draws, "clv": valuation.clv_draws}
    sums = drawn[of][:, kept].sum(axis=1)
    model = float(sums.std(ddof=1)) if len(sums) > 1 and count else float("nan")
    errors = {"customers": _resampled(values, resamples=resamples, seed=seed), "model": model}
    errors["both"] = float(np.hypot(errors["customers"], errors["model"]))
    reach = standard_normal_quantile(PUBLISHED) * np.array(list(errors.values()))
    table = pd.DataFrame({"unknown": list(errors), "customers": count, "total": total})
    table = table.assign(low=total - reach, high=total + reach)
    means = {new: table[old] / (count or np.nan) for new, old in zip(_MEANS, ("total", "low", "high"), strict=True)}
    return table.assign(**means)


def further_value(valuation: Valuation) -> tuple[pd.Series, pd.Series]:
    """Potential value and CLV of the whole base: rows "both" of `base_value`."""
    potential, clv = (base_value(valuation, of=name).set_index("unknown") for name in ("potential_value", "clv"))
    return potential.loc["both"], clv.loc["both"]


def value_parts(valuation: Valuation) -> pd.DataFrame:
    """What the value of the base rests on: the share of it that lies beyond the forecast, and beyond observed data.

    Returns
    -------
    Table, one row per part; the parts overlap: `part`, `value`, `share` (of the whole). `first_year` is the model's,
    `later` the life table's (months 13 on), `beyond_history` lies further ahead than observation looks back, so that
    nobody was followed for so long; `beyond_tenure` at tenures later than any well observed, where the life table
    itself is continued by a law; `later_beyond_tenure` is what of it is `later`, and so rests on that law.
    """
    months = valuation.by_month
    ahead, value = months["month"], months["value"]
    parts = {
        "first_year": value[ahead <= YEAR].sum(),
        "later": value[ahead > YEAR].sum(),
        "beyond_history": value[ahead > valuation.followed_months].sum(),
        "beyond_tenure": months["beyond_tenure"].sum(),
        "later_beyond_tenure": months.loc[ahead > YEAR, "beyond_tenure"].sum(),
    }
    total = float(value.sum())
    table = pd.DataFrame({"part": list(parts), "value": [float(part) for part in parts.values()]})
    return table.assign(share=table["value"] / (total if total != 0 else np.nan))


def _resampled(values: Floats, *, resamples: int, seed: int) -> float:
    """Standard error of the total over resampled customers."""
    count = len(values)
    if count < 2:
        return float("nan")
    random = np.random.default_rng(seed)
    sample = values if count <= MOST else values[np.sort(random.choice(count, MOST, replace=False))]
    size = len(sample)
    means = [float(sample[random.integers(0, size, size)].mean()) for _ in range(resamples)]
    return float(np.std(means, ddof=1)) * np.sqrt(size / count) * count
