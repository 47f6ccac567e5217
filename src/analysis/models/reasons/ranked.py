"""The reasons of every active customer: the families that raise the risk most, and how sure that order is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.models.counts import Floats, Integers, Truths
from analysis.models.families import FAMILIES, family
from analysis.models.reasons.contributions import Explained, knows_trees, of_families
from analysis.models.reasons.lines import line_of

ACTIONABLE = FAMILIES[:6]  # who somebody is, the season and past contacts are no reasons to act on
HIGHEST = 0.1  # share of the customers who are at the highest risk
BASE = 50_000  # customers whose mean is the base's, evenly spaced; as many are explained at a time
PLACES = 9  # decimals kept
NAMED = ("reason_1", "reason_2", "reason_3")
CARRIERS = ("carrier_1", "carrier_2", "carrier_3")
ADDS = tuple(f"adds_{name}" for name in FAMILIES)
COLUMNS = ["customer_id", *ADDS, *NAMED, *CARRIERS, "state_1", "again", "highest"]


@dataclass(frozen=True, eq=False)
class Reasons:
    """Why customers are at risk.

    Attributes
    ----------
    rows : table, one row per active customer: `customer_id`; `adds_price`, …, what each family of `FAMILIES` adds to
        the log hazard of the next three months, against the mean of the active customers; `reason_1` to `reason_3`,
        the families to act on that add most, missing where fewer add anything; `carrier_1` to `carrier_3`, the
        covariate that adds most within each; `state_1`, what the value of the first is called, where it has a name;
        `again` (0 to 1), the share of equally likely estimates under which the
        first reason is the same, missing without one; `highest`, 1 for the tenth of the customers at the highest risk.
    drawn : of the customers at the highest risk, how many have each family of `ACTIONABLE` as first reason: a row per
        equally likely estimate.
    drawn_adds : what the first reason adds under each of these estimates, summed over the customers at the highest
        risk who have the family as first reason under the estimate in use.
    by_choice : whether leaving by own choice is explained, or leaving of any kind.
    trees : whether trees take part, of whose error nothing is known.
    """

    rows: pd.DataFrame
    drawn: Integers
    drawn_adds: Floats
    by_choice: bool
    trees: bool


def reasons(fit: object, customers: pd.DataFrame, *, risk: Floats, by_choice: bool) -> Reasons | None:
    """The reasons of customers under a fitted model; None for a model that tells customers apart by tenure alone.

    Parameters
    ----------
    customers : table, one row per active customer, in the order of their ids.
    risk : probability of leaving, by which the customers at the highest risk are found.
    """
    if line_of(fit) is None or customers.empty:
        return None
    every = -(-len(customers) // BASE)
    explained = Explained(fit, customers if every == 1 else customers.iloc[::every])
    highest, parts = at_highest_risk(risk), []
    for start in range(0, len(customers), BASE):
        some = customers if every == 1 else customers.iloc[start : start + BASE]
        parts.append(_part(explained, some, highest[start : start + BASE]))
    rows = pd.concat([rows for rows, _, _ in parts], ignore_index=True)[COLUMNS]
    drawn, adds = (np.sum(each, axis=0) for each in ([one for _, one, _ in parts], [one for *_, one in parts]))
    return Reasons(rows, drawn, adds, by_choice, knows_trees(fit))


def _part(explained: Explained, some: pd.DataFrame, inside: Truths) -> tuple[pd.DataFrame, Integers, Floats]:
    """Rows of `Reasons`, and its draws, for some of the customers; those `inside` are at the highest risk."""
    found = explained.of(some)
    table = _ranked(np.round(found.values, PLACES), explained.covariates)
    first, again = first_of(table[list(ADDS)].to_numpy()), first_of(found.drawn)
    families = np.arange(len(ACTIONABLE))
    mine = (first[:, None] == families) & inside[:, None]
    adds = (found.drawn[:, :, : len(ACTIONABLE)] * mine).sum(axis=1)
    table = table.assign(
        customer_id=some["customer_id"].to_numpy(),
        state_1=_states(explained.states(some), table["carrier_1"]),
        again=np.where(first < 0, np.nan, (again == first).mean(axis=0)),
        highest=inside.astype(np.int64),
    )
    return table, (again[:, inside, None] == families).sum(axis=1), adds


def _states(states: Mapping[str, npt.NDArray[np.object_]], carrier: pd.Series) -> pd.Series:
    """What the value of each row's carrier is called, missing where it has no name."""
    found = pd.Series([None] * len(carrier), dtype=object)
    for covariate, names in states.items():
        found = found.where(carrier.to_numpy() != covariate, names)
    return found


def at_highest_risk(risk: Floats) -> Truths:
    """The tenth of the customers at the highest risk, at least one; of equals, those who come first."""
    found = np.zeros(len(risk), dtype=bool)
    found[np.argsort(-risk, kind="stable")[: max(1, round(HIGHEST * len(risk)))]] = True
    return found


def first_of(families: Floats) -> npt.NDArray[np.intp]:
    """The place of the family to act on that adds most, along the last axis; -1 where none adds anything."""
    mine = families[..., : len(ACTIONABLE)]
    return np.where(mine.max(axis=-1) > 0, mine.argmax(axis=-1), -1)


def _ranked(values: Floats, covariates: Sequence[str]) -> pd.DataFrame:
    """What each family adds, the reasons in their order, and what carries each."""
    families = np.round(of_families(values, covariates), PLACES)
    mine = families[:, : len(ACTIONABLE)]
    order = np.argsort(-mine, axis=1, kind="stable")
    table = pd.DataFrame(families, columns=list(ADDS))
    belongs, nothing = np.array([family(name) for name in covariates]), np.array(None, dtype=object)
    for place, (name, carrier) in enumerate(zip(NAMED, CARRIERS, strict=True)):
        which = order[:, place]
        adds = np.take_along_axis(mine, which[:, None], axis=1)[:, 0] > 0
        reason = np.array(ACTIONABLE, dtype=object)[which]
        inside = np.where(belongs == reason[:, None], values, -np.inf)
        strongest = np.array(covariates, dtype=object)[inside.argmax(axis=1)]
        table[name] = np.where(adds, reason, nothing)
        table[carrier] = np.where(adds, strongest, nothing)
    return table


def reason_rows(why: Reasons | None) -> pd.DataFrame:
    """The stage table `reasons`: the rows of `Reasons`; none where the model that makes the forecast knows none."""
    if why is not None:
        return why.rows
    texts = {name: pd.Series(dtype=object) for name in ("customer_id", *NAMED, *CARRIERS, "state_1")}
    figures = {name: pd.Series(dtype="float64") for name in (*ADDS, "again")}
    return pd.DataFrame(texts | figures | {"highest": pd.Series(dtype="int64")})[COLUMNS]
