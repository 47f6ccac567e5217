"""Sentences and tables about what the models may learn from, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.present.columns import MOST_FEATURES
from analysis.present.numbers import count, decimal, percent
from analysis.present.text import MISSING
from analysis.present.wording.phrase import Captions, at_least_few, counted, listed

RULES = {
    "snapshot": "known on the day of the extract only",
    "later": "known too late",
    "leavers_only": "filled for leavers",
    "tenure": "grows or falls with tenure",
    "auc": "tells leavers alone",
    "level": "a value whose holders all left",
    "undated": "not dated by the source",
    "renewals": "written over by renewals",
}


def refused_rows(refused: pd.DataFrame) -> pd.DataFrame:
    """The refused features as the table shows them: `rule` in words, and the figure that struck as `shown`."""
    rule = refused["rule"].map(lambda name: RULES.get(name, str(name).replace("_", " ")))
    figures = zip(refused["rule"], refused["figure"], strict=True)
    return refused.assign(rule=rule, shown=[_figure(*each) for each in figures])


def _figure(rule: str, figure: float) -> str:
    """A share in per cent, customers as a number, a correlation or AUC with three places."""
    if pd.isna(figure):
        return MISSING
    if rule == "level":
        return count(figure)
    return decimal(figure, 3) if rule in ("tenure", "auc") else percent(figure)


def refused_words(refused: pd.DataFrame) -> Captions:
    """Above the table of refused covariates."""
    if refused.empty:
        finding = "No feature was refused: none is known only after leaving, as far as its figures tell"
        return {"finding": finding, "subtitle": "Features refused"}
    return {
        "finding": f"{counted(refused['covariate'].nunique(), 'feature was', 'features were')} refused",
        "subtitle": f"What would tell of leaving before it can be known, and the figure that shows it{_cut(refused)}",
    }


def remark_rows(remarks: pd.DataFrame) -> pd.DataFrame:
    """Features of which the same is to be said, together: `covariate` (a list), `outcome`, `reason`."""
    groups = remarks.groupby(["outcome", "reason"], sort=False)["covariate"]
    # Written with blanks, so that a long list can break between words on a phone.
    rows = [(listed([*dict.fromkeys(names.str.replace("_", " "))]), *said) for said, names in groups]
    return pd.DataFrame(rows, columns=["covariate", "outcome", "reason"])


def remark_words(remarks: pd.DataFrame) -> Captions:
    """Above the table of what was done with features before fitting."""
    finding = "Every feature could be used as it is" if remarks.empty else "What was left out or changed before fitting"
    return {"finding": finding, "subtitle": "Features of the models, and models"}


def _cut(rows: pd.DataFrame) -> str:
    """That not all rows are shown, where that is so."""
    return f"; the first {count(MOST_FEATURES)} are shown" if len(rows) > MOST_FEATURES else ""


def learned_from(counts: Mapping[str, int], *, smallest: int = 11) -> str:
    """On how much the models rest, and who was left out; `counts` are those of a prediction."""
    if not counts["scored"]:
        return f"There were {_learned(counts, ' to learn from', smallest)}; nobody was scored."
    said = f"The model in use learned from {_learned(counts, '', smallest)}."
    rows, people = counts["rows_without_product"], counts["customers_without_product"]
    if rows:
        said += f" Left out for holding no product at the start: {counted(rows, 'episode', 'episodes')}."
    if people:
        who = at_least_few(people, "customer", "customers", smallest=smallest)
        said += f" Without a product, and so without a probability: {who}."
    return said


def _learned(counts: Mapping[str, int], purpose: str, smallest: int) -> str:
    """Episodes, customers and leavers; of a group too small to be told, or what would tell it, only that it is few."""
    customers, leavers = counts["customers"], counts["leavers"]
    if 0 < customers < smallest:
        return f"episodes of {at_least_few(customers, 'customer', 'customers', smallest=smallest)}{purpose}"
    stayers = customers - leavers
    few = f"fewer than {count(smallest)}"
    left = f"all but {few}" if 0 < stayers < smallest else few if 0 < leavers < smallest else count(leavers)
    return (
        f"{counted(counts['rows'], 'episode', 'episodes')} of {counted(customers, 'customer', 'customers')}{purpose}, "
        f"of whom {left} left"
    )
