"""Which columns of a feature table may be covariates, and which are refused because they know too much."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.models.counts import Floats, Integers, Truths
from analysis.models.leaks import (
    FEWEST,
    FOLDS,
    Separation,
    level_separation,
    levels_held,
    rank_correlation,
    separation,
    who_has_it,
)
from analysis.models.readings import Coded, coded, filled, kind, numbers

COLUMNS = ["covariate", "rule", "figure", "reason"]

# Keys, the time scale, outcomes, and what is told by them; `<dimension>_class` repeats its own columns.
NO_COVARIATES = frozenset(
    {
        "customer_id", "account_id", "spell", "spells", "spell_start", "landmark", "start", "stop", "tenure_months",
        "signup_date", "event", "joined", "kind", "state", "churn_date", "churn_kind", "churn_reason", "ahead_days",
        "left", "left_kind", "contact_days", "held_out_days", "at_quarter_end",
    }
)  # fmt: skip
# Time to or from a date of its own: where terms begin at signup it runs with tenure, and may.
CLOCKS = frozenset({"contract_months_left", "promotion_months_left", "answer_age_months"})
ALWAYS, SNAPSHOT = ("signup", "observed_from"), "snapshot"

STRONGEST_CORRELATION = 0.80
SHARPEST = 0.90
SURELY_SHARP = 0.80  # the lower end of the AUC's interval, so that few leavers refuse nothing by luck
LARGE_LEVEL = 50
MOST_LEVELS = 30  # of a number whose values count as levels
NEARLY_ALL = 0.95
HARDLY_ANY = 0.01  # share of landmarks at which a column that becomes known later is filled
BY_LUCK = 1e-3


def candidate_columns(rows: pd.DataFrame) -> list[str]:
    """The columns that are features, in alphabetical order: no keys, no time scale, no outcomes, no classes."""
    return sorted(name for name in rows.columns if name not in NO_COVARIATES and not name.endswith("_class"))


def refused(
    rows: pd.DataFrame, columns: Sequence[str], *, known_at: Mapping[str, str], extra: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The columns that may not be covariates, each with the first rule that strikes.

    In this order: known at the snapshot only, or after the landmark; filled for leavers only; rank correlation with
    tenure beyond 0.8; AUC above 0.90 alone; a level of 50 or more who all left; a source's own column that nobody
    dated. Judged by episode (left within it) and by customer (left at all): a column copied back from the day of the
    extract is the same in all episodes of a customer, and gives nothing away in any one. Rules by statistics need
    20 leavers and 20 others, or 50 customers.

    Parameters
    ----------
    rows : table, one row per customer, spell and landmark
        `customer_id`, `landmark`, `event`, `stop` (tenure, months), `spell` where there are several.
    columns : those to be judged.
    known_at : column → since when it is known, as the source declares it.
    extra : columns refused elsewhere, with the columns of the result.

    Returns
    -------
    Table, one row per refused column, in alphabetical order: `covariate`, `rule` (snapshot, later, leavers_only,
    tenure, auc, level, undated), `figure` (what struck: share, correlation, AUC or customers; missing where nothing
    was measured), `reason` (a sentence).
    """
    before = pd.DataFrame(columns=COLUMNS) if extra is None else extra[COLUMNS]
    judged = sorted(name for name in columns if name not in set(before["covariate"]))
    evidence = _evidence(rows)
    struck = [(name, *found) for name in judged if (found := _first(name, rows[name], known_at, evidence))]
    found = pd.DataFrame(struck, columns=COLUMNS).astype({"figure": "float64"})
    both = found if before.empty else pd.concat([before.astype({"figure": "float64"}), found]) if struck else before
    return both.sort_values("covariate", ignore_index=True)


@dataclass(frozen=True, eq=False)
class _Evidence:
    """The rows' outcomes, by episode and by customer, in the order of the rows.

    `tenure` is that at the end of the row: what was copied back from the day of the extract has grown until then.
    `spell` numbers the spells of customers; `first` and `last` are the places of their first and last rows;
    `ever_left` is by spell.
    """

    left: Truths
    tenure: Floats
    fold: Integers
    spell: Integers
    first: Integers
    last: Integers
    ever_left: Truths

    @cached_property
    def views(self) -> list[tuple[Integers, Truths]]:
        """Rows and outcomes to judge by: all episodes, and where spells have several, the first of each."""
        every = np.arange(len(self.left))
        return [(every, self.left), *([(self.first, self.ever_left)] if len(self.first) < len(self.left) else [])]


@dataclass(frozen=True, eq=False)
class _Column:
    """A column as numbers, where it holds some, and as levels, where it has few enough."""

    name: str
    filled: Truths
    numbers: Floats | None
    levels: Coded | None


Struck = tuple[str, float, str]
Rule = Callable[[_Column, _Evidence], Struck | None]


def _evidence(rows: pd.DataFrame) -> _Evidence:
    keys = [name for name in ("customer_id", "spell") if name in rows]
    spell = rows.groupby(keys, sort=True).ngroup().to_numpy(np.int64)
    left = rows["event"].to_numpy("int64") == 1
    order = np.lexsort((rows["landmark"].to_numpy(), spell))
    starts = np.flatnonzero(np.diff(spell[order], prepend=-1))
    customer = pd.util.hash_array(rows["customer_id"].astype(str).to_numpy(object))
    return _Evidence(
        left=left,
        tenure=rows["stop"].to_numpy("float64"),
        fold=(customer % FOLDS).astype(np.int64),
        spell=spell,
        first=order[starts],
        last=order[np.append(starts[1:], len(order)) - 1] if len(starts) else order,
        ever_left=np.bincount(spell, left) > 0,
    )


def _first(name: str, column: pd.Series, known_at: Mapping[str, str], evidence: _Evidence) -> Struck | None:
    """The first rule that strikes: by declaration, by statistics, by want of a declaration."""
    read = _read(name, column)
    moment = known_at.get(name)
    declared = _known_too_late(read, moment) if moment else None
    if declared:
        return declared
    struck = next((found for rule in _RULES if (found := rule(read, evidence))), None)
    return struck or (_undated(name) if name.startswith("attr_") and not moment else None)


def _read(name: str, column: pd.Series) -> _Column:
    is_number = kind(column.rename(name)) == "number"
    values = numbers(column) if is_number else None
    few = values is None or len(np.unique(values[~np.isnan(values)])) <= MOST_LEVELS
    return _Column(name, filled(column), values, coded(column) if few else None)


def _known_too_late(column: _Column, moment: str) -> Struck | None:
    if moment == SNAPSHOT:
        reason = "Known on the day of the extract only: what it was before, when a forecast had to be made, is not."
        return "snapshot", float("nan"), reason
    share = float(column.filled.mean()) if len(column.filled) else 0.0
    if moment in ALWAYS or share >= HARDLY_ANY:
        return None
    return "later", share, f"Becomes known too late: by the day of a forecast it was there for {share:.1%} of the rows."


def _filled_for_leavers_only(column: _Column, evidence: _Evidence) -> Struck | None:
    have, lack = who_has_it(column.filled, evidence.spell, evidence.ever_left)
    if min(have.customers, lack.customers) < FEWEST or have.left < NEARLY_ALL or lack.left > have.left / 2:
        return None
    only = "only" if have.left == 1 else "almost only"
    reason = f"Filled for leavers {only}: of the {have.customers:,} customers who have it {have.left:.1%} left."
    return "leavers_only", have.left, reason


def _runs_with_tenure(column: _Column, evidence: _Evidence) -> Struck | None:
    if column.numbers is None or column.name in CLOCKS:
        return None
    found = rank_correlation(column.numbers[evidence.last], evidence.tenure[evidence.last])
    if not abs(found) > STRONGEST_CORRELATION:
        return None
    runs = "Grows" if found > 0 else "Falls"
    reason = f"{runs} with the time somebody has been a customer (rank correlation {found:.3f}): it tells little else."
    return "tenure", round(found, 6), reason


def _tells_leavers_alone(column: _Column, evidence: _Evidence) -> Struck | None:
    found = [one for rows, left in evidence.views for one in _separations(column, rows, left, evidence)]
    sharp = [one for one in found if one.auc > SHARPEST and one.low > SURELY_SHARP]
    if not sharp:
        return None
    auc = sharp[0].auc
    reason = (
        f"Tells leavers from others almost alone (AUC {auc:.3f}, where 0.5 is chance and 1 certainty): "
        "it was most likely written after they left, or by another model."
    )
    return "auc", round(auc, 6), reason


def _separations(column: _Column, rows: Integers, left: Truths, evidence: _Evidence) -> list[Separation]:
    """How sharp the column is as a number, by its levels, and by whether it is filled."""
    found = [separation(column.filled[rows].astype(np.float64), left)]
    if column.levels is not None:
        levels = Coded(column.levels.codes[rows], column.levels.names)
        found.insert(0, level_separation(levels, left, evidence.fold[rows]))
    if column.numbers is not None:
        found.insert(0, separation(column.numbers[rows], left))
    return found


def _has_a_level_that_left(column: _Column, evidence: _Evidence) -> Struck | None:
    if column.levels is None or not len(evidence.ever_left):
        return None
    held = levels_held(column.levels, evidence.spell, evidence.ever_left)
    unlikely = evidence.ever_left.mean() ** held["customers"] < BY_LUCK
    gone = held[(held["customers"] >= LARGE_LEVEL) & (held["left"] == held["customers"]) & unlikely]
    if gone.empty:
        return None
    most = gone.sort_values(["customers", "level"], ascending=[False, True]).iloc[0]
    reason = f"Everyone with the value {most['level']} left, {most['customers']:,} customers: it was given on leaving."
    return "level", float(most["customers"]), reason


def _undated(name: str) -> Struck:
    reason = f"The source does not say since when it is known: write it under known_at in source.yml, {name}: signup."
    return "undated", float("nan"), reason


_RULES: tuple[Rule, ...] = (
    _filled_for_leavers_only,
    _runs_with_tenure,
    _tells_leavers_alone,
    _has_a_level_that_left,
)
