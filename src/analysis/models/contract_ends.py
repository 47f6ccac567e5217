"""Whether the end of a contract may be a covariate, and the row of the table of refusals where it may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import to_pandas
from analysis.frames.renewals import MOST, renewals_overwrite
from analysis.models.covariates import COLUMNS

RULE = "renewals"


def refused_contract_ends(tables: Mapping[str, nw.LazyFrame[Any]]) -> pd.DataFrame:
    """`contract_end_date` as a refused covariate where renewals write over it, or where that cannot be checked.

    Who left keeps the old date then, and who stayed has a new one.

    Returns
    -------
    Table of one row or none, with the columns of `covariates.refused`; none where the source gives no such dates.
    """
    nothing = pd.DataFrame(columns=COLUMNS)
    if "subscriptions" not in tables:
        return nothing
    dated = to_pandas(tables["subscriptions"].select(n=nw.col("contract_end_date").count()))["n"].iloc[0]
    share = renewals_overwrite(tables["subscriptions"]) if dated else 0.0
    if share is not None and share <= MOST:
        return nothing
    reason = (
        "Whether renewals write over it cannot be checked without the contract's length in months."
        if share is None
        else f"Renewals write over it: {share:.1%} of the contracts end later than their start and length allow, "
        "so that who left keeps the old date and who stayed has a new one."
    )
    figure = float("nan") if share is None else share
    return pd.DataFrame([("contract_end_date", RULE, figure, reason)], columns=COLUMNS)
