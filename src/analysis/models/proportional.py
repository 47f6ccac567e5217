"""Whether what a Cox model says of a covariate holds at every tenure: the test for proportional hazards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import gammaincc

from analysis.models.counts import Floats
from analysis.models.cox import Cox
from analysis.models.cox_newton import risk_at, slopes_at
from analysis.models.cox_rows import Labels, cox_rows
from analysis.models.cox_sums import RiskSets
from analysis.models.survival import kaplan_meier

ALL = "all covariates"
COLUMNS = ("term", "chi_squared", "degrees_of_freedom", "p_value")


def proportionality(
    cox: Cox,
    covariates: pd.DataFrame,
    *,
    times: pd.DataFrame,
    strata: Labels | None = None,
    terms: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Test whether each hazard ratio is the same early and late.

    The score test of a coefficient that changes along g: beta + theta x g(t), with g(t) the share who have left
    before t; theta = 0 for all of a term's covariates. With the tests of every term one of all together.

    Parameters
    ----------
    cox : the fit, without a penalty, of these covariates, times and strata; its errors play no part.
    terms : name → covariates that are tested together, such as the levels of one column; each alone without.

    Returns
    -------
    Table, one row per term in their order, and the last for all: `term`, `chi_squared`, `degrees_of_freedom`,
    `p_value`. A small p-value speaks against one ratio for all tenures. The statistic is missing where the covariate
    stops varying among those at risk, so that nothing tells its change.

    References
    ----------
    Grambsch and Therneau (1994); the test as R's `cox.zph` makes it from survival 3.0 on.
    """
    rows = cox_rows(covariates, times=times, strata=strata, cluster=None)
    beta = cox.coefficients["coefficient"].to_numpy() * rows.deviation
    risk = risk_at(rows.sets, rows.z, beta)
    g = _share_gone(times, rows.sets)
    whole, by_g, by_square = (slopes_at(rows.sets, rows.z, risk, weight=weight) for weight in (None, g, g**2))
    information = np.block([[whole.information, by_g.information], [by_g.information, by_square.information]])
    named = terms if terms is not None else {name: [name] for name in cox.names}
    places = {name: [cox.names.index(column) for column in columns] for name, columns in named.items()}
    tests = {**places, ALL: list(range(len(cox.names)))}
    found = [(name, _score(by_g.gradient, information, at), len(at)) for name, at in tests.items()]
    table = pd.DataFrame(found, columns=list(COLUMNS[:3]))
    return table.assign(p_value=gammaincc(table["degrees_of_freedom"] / 2, table["chi_squared"] / 2))


def _share_gone(times: pd.DataFrame, sets: RiskSets) -> Floats:
    """The share who have left before each slot, of all strata together, less its mean over the leavers."""
    curve = kaplan_meier(times[["entry", "exit", "event"]].assign(n=1))
    before = np.searchsorted(curve["time"].to_numpy(), sets.time, "left") - 1
    gone = 1 - curve["survival"].to_numpy()[np.maximum(before, 0)]
    return np.asarray(gone - gone[sets.leaver_slot].mean())


def _score(gradient: Floats, information: Floats, at: Sequence[int]) -> float:
    """Chi-squared of the changes of some coefficients, u' V^- u, with all coefficients free."""
    count = len(gradient)
    free, tested = np.arange(count), np.asarray(at) + count
    across = information[np.ix_(free, tested)]
    spread = information[np.ix_(tested, tested)] - across.T @ np.linalg.solve(information[:count, :count], across)
    if (np.diag(spread) <= 1e-9 * np.diag(information)[tested]).any():
        return float("nan")
    own = gradient[list(at)]
    return float(own @ np.linalg.solve(spread, own))
