"""How the service desk answers: handling time, first-contact resolution, cost and self-service, by group."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from analysis.frames.desk import LABELS, NOW, labelled
from analysis.measures.class_rules import SUFFIX, ClassRules
from analysis.measures.ratios_by import FIGURES, published_ratios, ratios_by

Rows = nw.LazyFrame[Any]

RATIOS = {
    "handling": ("handle_minutes", "each"),
    "resolved": ("resolved", "each"),
    "at_once": ("at_once", "each"),
    "again": ("again", "each"),
    "lasting": ("lasting", "each"),
    "self_service": ("self_service", "each"),
    "complaints": ("complaint", "each"),
    "cost": ("cost", "each"),
    "costed": ("costed", "each"),
    "too_new": ("too_new", "each"),
    "contacts": ("each", "each"),
}
AMOUNTS = ("handling", "cost")
SHARES = ("resolved", "at_once", "again", "lasting", "self_service", "complaints", "costed", "too_new")


def by_period(contacts: Rows) -> pd.DataFrame:
    """All figures of the quarter, the one before and the same a year ago, see `ratios_by`; shares within 0 and 1."""
    return _shares_cut(ratios_by(_each(contacts), RATIOS, by="period", key="caller", amounts=AMOUNTS))


def by_group(contacts: Rows, *, smallest: int) -> pd.DataFrame:
    """All figures of the quarter by channel, category and region, as they may be published.

    Returns
    -------
    Table, one row per dimension and group, the largest groups first: `dimension`, `group`, and for each figure its
    value under its name, `<name>_low`, `<name>_high`, `<name>_masked`; `contacts` is the number of contacts. A
    dimension of a single group, or of none, tells nothing and is left out.
    """
    now, parts = _each(contacts.filter(nw.col("period") == NOW)), []
    for name in LABELS:
        found = _shares_cut(ratios_by(labelled(now, name), RATIOS, by=name, key="caller", amounts=AMOUNTS))
        if found["group"].nunique() > 1:
            safe = published_ratios(found, smallest=smallest, shares=SHARES)
            parts.append(_apart(wide(safe)).assign(dimension=name))
    return pd.concat(parts, ignore_index=True) if parts else wide(_shares_cut(_nothing())).assign(dimension="")


def _apart(groups: pd.DataFrame) -> pd.DataFrame:
    """The groups, what was resolved at once hidden where that, less what stayed so, would tell of few who returned."""
    hidden = groups["at_once_masked"] | groups["again_masked"]
    values = {name: groups[name].mask(hidden) for name in ("at_once", "at_once_low", "at_once_high")}
    return groups.assign(**values, at_once_masked=hidden)


def by_class(contacts: Rows, classes: Rows, *, dimensions: ClassRules, smallest: int) -> pd.DataFrame:
    """What was resolved for good and what came by self-service, of the quarter's contacts by the customer's class.

    Parameters
    ----------
    classes : table, one row per customer: `customer_id` and a column `<dimension>_class` for each dimension known.

    Returns
    -------
    Table, one row per `dimension` and `class`: `lasting`, `self_service`, `lasting_masked`, `self_service_masked`.
    """
    now = _each(contacts.filter(nw.col("period") == NOW)).join(classes, on="customer_id", how="inner")
    chosen = {name: RATIOS[name] for name in ("lasting", "self_service", "contacts")}
    columns, parts = (
        ["dimension", "class", *(f"{n}{end}" for n in ("lasting", "self_service") for end in ("", "_masked"))],
        [],
    )
    for name in dimensions:
        if f"{name}{SUFFIX}" in now.collect_schema().names():
            found = _shares_cut(ratios_by(now, chosen, by=f"{name}{SUFFIX}", key="caller", amounts=AMOUNTS))
            safe = wide(published_ratios(found, smallest=smallest, shares=SHARES)) if len(found) else wide(_nothing())
            parts.append(safe.rename(columns={"group": "class"}).assign(dimension=name)[columns])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def wide(found: pd.DataFrame) -> pd.DataFrame:
    """A row per group, a column per figure, the largest groups first."""
    names = list(dict.fromkeys(found["ratio"])) or list(RATIOS)
    order = found[found["ratio"] == "contacts"].sort_values(["bottom", "group"], ascending=[False, True])
    table = order[["group"]].reset_index(drop=True)
    for name in names:
        rows = found[found["ratio"] == name].set_index("group").reindex(table["group"]).reset_index(drop=True)
        value = rows["bottom"] if name == "contacts" else rows["value"]
        ends = {f"{name}_low": rows["low"], f"{name}_high": rows["high"]}
        table = table.assign(**{name: value, **ends, f"{name}_masked": rows["masked"].astype(bool)})
    return table


def _each(contacts: Rows) -> Rows:
    return contacts.with_columns(each=nw.lit(1))


def _shares_cut(found: pd.DataFrame) -> pd.DataFrame:
    is_share = found["ratio"].isin(SHARES)
    return found.assign(
        low=found["low"].mask(is_share & (found["low"] < 0), 0.0),
        high=found["high"].mask(is_share & (found["high"] > 1), 1.0),
    )


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=["group", "ratio", *FIGURES, "people", "with_top", "without", "masked"])
