"""Why a class is out of the ordinary: the kinds of leaving, and the stated reasons, that grew or fell with it."""

from __future__ import annotations

import pandas as pd

from analysis.measures.control import KEYS, Control
from analysis.measures.disclosure import masked
from analysis.measures.interval import clearly_different

MOST = 2  # kinds, and reasons, that are told of a class
CELL = [*KEYS, "told_by", "cause"]


def causes(found: Control, told: pd.DataFrame, counts: pd.DataFrame, *, smallest: int) -> pd.DataFrame:
    """The kinds and reasons that more customers of a signalled class left for than usual, or fewer where it fell.

    share = leavers of the cause ÷ leavers whose cause is known · leavers ÷ customers

    Told are causes whose share clearly moved to the side to which the class went: of a class at most two kinds and two
    reasons, those that moved most. A cause that fewer than `smallest` left for, in the quarter or in those before
    together, is not told, nor one that would give such a group away.

    Parameters
    ----------
    found : what may be published of the judgement.
    told : table of `leavers_by_cause`; `counts` that of `class_quarters`, both of the same quarters.

    Returns
    -------
    Table, one row per signalled class (the whole base among them) and cause: `dimension`, `class`, `told_by` (kind,
    reason), `cause`, `share` (of the class's customers in the quarter), `usual` (in the quarters before), 0 to 1.
    """
    if not found.moved:
        return pd.DataFrame(columns=[*CELL, "share", "usual"])
    signalled = pd.concat([found.base, found.signals])[[*KEYS, "side"]]
    cells = _cells(told[told["dimension"].isin(signalled["dimension"])], found.quarters[-1], smallest=smallest)
    sizes = _two_times(counts, found.quarters[-1], KEYS, ["customers", "leavers"])
    rows = cells.merge(signalled[signalled["side"] != ""], on=KEYS).merge(sizes, on=KEYS)
    for when in ("now", "before"):
        rate = rows[f"leavers_{when}"] / rows[f"customers_{when}"].where(lambda number: number > 0)
        rows[f"share_{when}"] = rows[f"cause_{when}"] / rows[f"known_{when}"].where(lambda number: number > 0) * rate
    change = (rows["share_now"] - rows["share_before"]) * rows["side"].map({"rise": 1.0, "fall": -1.0}).astype(float)
    clear = rows.assign(change=change)[(change > 0) & _clear(rows)]
    ordered = clear.sort_values(["change", *CELL], ascending=[False, *[True] * len(CELL)], kind="stable")
    first = ordered.groupby([*KEYS, "told_by"]).head(MOST)
    return first.rename(columns={"share_now": "share", "share_before": "usual"})[[*CELL, "share", "usual"]]


def _cells(told: pd.DataFrame, quarter: str, *, smallest: int) -> pd.DataFrame:
    """Leavers by cause, in the quarter and before (missing where too few), with those of any cause (`known`)."""
    counted = _two_times(told, quarter, CELL, ["leavers"]).rename(
        columns={"leavers_now": "cause_now", "leavers_before": "cause_before"}
    )
    parts = [
        masked(part, by=["class", "cause"], count=["cause_now", "cause_before"], values=[], minimum=smallest)
        for _, part in counted.groupby(["dimension", "told_by"])
    ]
    hidden = pd.concat(parts) if parts else counted.assign(masked=False)
    known = counted.groupby([*KEYS, "told_by"])[["cause_now", "cause_before"]].transform("sum")
    return hidden.assign(known_now=known["cause_now"], known_before=known["cause_before"])


def _two_times(rows: pd.DataFrame, quarter: str, keys: list[str], values: list[str]) -> pd.DataFrame:
    """Sums of the quarter (`<value>_now`) and of all before it (`<value>_before`)."""
    now = rows["quarter"] == quarter
    sums = {f"{name}_now": rows[name].where(now, 0) for name in values}
    sums |= {f"{name}_before": rows[name].mask(now, 0) for name in values}
    return rows.assign(**sums).groupby(keys, as_index=False)[list(sums)].sum()


def _clear(rows: pd.DataFrame) -> pd.Series:
    """Whether chance does not explain how the share moved."""
    columns = ["share_now", "customers_now", "share_before", "customers_before"]
    told = [clearly_different(*figures) for figures in rows[columns].itertuples(index=False, name=None)]
    return pd.Series(told, index=rows.index, dtype=bool)
