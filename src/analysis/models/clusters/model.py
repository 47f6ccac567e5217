"""Groups as a model that can be kept, and applied to any customer of any quarter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from analysis.models.clusters.mixtures import Mixture
from analysis.models.clusters.scaling import DIGITS, Method, Scaling, known_enough, learned
from analysis.models.clusters.search import SAMPLE, Before, grouping
from analysis.models.clusters.variables import KINDS, Kind, verdicts
from analysis.models.counts import Floats, Integers

BATCH = 100_000  # customers at a time
SEED = 1
STRANGE = 0.05  # of the customers of the quarter before who were that far from everybody
Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class GroupModel:
    """Groups found in one quarter, largest first.

    `weights`, `centres`, `covariances` (rows of all parts below each other), `groups` and `alike` as in `Mixture`;
    `means` (a row per group) and `spread` (within groups) are of the scaled variables; `names` are empty until
    somebody gave them.
    """

    quarter: str
    scaling: Scaling
    weights: tuple[float, ...]
    centres: Rows
    covariances: Rows
    groups: tuple[int, ...]
    alike: bool
    means: Rows
    spread: tuple[float, ...]
    names: tuple[str, ...]

    @property
    def mixture(self) -> Mixture:
        """The parts that groups are made of."""
        size = len(self.centres[0])
        covariances = np.array(self.covariances).reshape(-1, size, size)
        groups = np.array(self.groups, dtype=np.int64)
        return Mixture(np.array(self.weights), np.array(self.centres), covariances, groups, self.alike)

    def group_of(self, rows: pd.DataFrame) -> pd.Series:
        """The group of each customer, whole numbers from 0; missing for who has no value of half of the variables.

        Who lacks a value of one counts as usual in that respect.
        """
        parts = [self._batch(rows.iloc[at : at + BATCH]) for at in range(0, max(len(rows), 1), BATCH)]
        return pd.concat(parts)

    def _batch(self, rows: pd.DataFrame) -> pd.Series:
        scaled = self.scaling.scaled(rows)
        told = self.mixture.group_of(np.where(np.isfinite(scaled), scaled, 0.0))
        return pd.Series(told, index=rows.index, dtype="Int64").mask(~known_enough(scaled))

    def named(self, names: Sequence[str]) -> GroupModel:
        """The same groups under these names."""
        return replace(self, names=tuple(names))

    def text(self) -> str:
        """The model as JSON, from which `from_text` makes it again."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)


def from_text(text: str) -> GroupModel:
    """The model that `GroupModel.text` wrote."""
    keys = json.loads(text)
    kept = {name: tuple(value) for name, value in keys["scaling"].items() if name != "method"}
    scaling = Scaling(**kept, method=keys["scaling"]["method"])
    plain = {name: tuple(keys[name]) for name in ("weights", "groups", "spread", "names")}
    rows = {name: tuple(tuple(row) for row in keys[name]) for name in ("centres", "covariances", "means")}
    return GroupModel(**keys | {"scaling": scaling} | plain | rows)


def kept_model(table: pd.DataFrame | None) -> GroupModel | None:
    """The model of a stage table `cluster_model`; None without a table, and where no groups had been found."""
    return None if table is None or table.empty else from_text(str(table["model"].iloc[0]))


@dataclass(frozen=True)
class Former:
    """The groups of the quarter before, and behaviour then; without it (None) groups may be divided."""

    model: GroupModel
    rows: pd.DataFrame | None = None


@dataclass(frozen=True)
class Found:
    """What came of looking for groups.

    `model` is None where there are none, and `reason` then says why: those of `Grouping`, or no_use where the source
    gives nothing to look in. `variables`: table of `verdicts`; `tried`: that of `Grouping`; `sample`: customers looked
    at. `shared`: of every group (row) and every group of the quarter before as it would be now (column), the customers
    in both ÷ those in either (Jaccard); None without either.
    """

    model: GroupModel | None
    reason: str | None
    variables: pd.DataFrame
    tried: pd.DataFrame
    sample: int
    shared: Floats | None = None


def found_groups(
    rows: pd.DataFrame,
    *,
    quarter: str,
    method: Method = "z_score",
    kinds: Mapping[str, Kind] = KINDS,
    before: Former | None = None,
) -> Found:
    """Look for groups by behaviour among customers, in a sample of at most 10,000.

    Parameters
    ----------
    rows : table, one row per customer: `customer_id` and the variables of `kinds`, in any order.
    before : the groups of the quarter before, from which the search starts.

    Returns
    -------
    The groups, if there are any; the same whatever the order of the rows.
    """
    sample = _shuffled(rows)
    told = verdicts(sample, kinds)
    chosen = told.loc[told["use"] == "searched", "variable"].tolist()
    if not chosen:
        varied = ~told["reason"].isin(["absent", "fact", "change"])
        return Found(None, "unvaried" if varied.any() else "no_use", told, _none_tried(), len(sample))
    scaling = learned(sample, chosen, kinds=kinds, method=method)
    scaled = scaling.scaled(sample)
    points = _filled(scaled[known_enough(scaled)])
    former = None if before is None else _former(before, points, scaling)
    got = grouping(points, before=former)
    if got.mixture is None:
        return Found(None, got.reason, told, got.tried, len(points))
    model = _model(got.mixture, points, quarter=quarter, scaling=scaling)
    shared = None if former is None else _shared(model.mixture.group_of(points), _told(former))
    return Found(model, None, told, got.tried, len(points), shared)


def _former(before: Former, points: Floats, scaling: Scaling) -> Before:
    """The groups of the quarter before for customers of now; a variable that either quarter lacks does not count.

    Variables are taken as scaled now, so that a season or a general rise moves nobody.
    """
    known, model = before.model.scaling.variables, before.model.mixture
    both = [name for name in scaling.variables if name in known]
    mine, theirs = [scaling.variables.index(name) for name in both], [known.index(name) for name in both]
    then, parts = _moved(before.rows, points, scaling), model.of(theirs)
    if not both:
        return Before(np.tile(model.weights, (len(points), 1)), model.groups, model.alike, then)
    strangers = None
    if then is not None:
        height, usual = (np.logaddexp.reduce(parts.densities(part[:, mine]), axis=1) for part in (points, then))
        strangers = height < np.quantile(usual, STRANGE)
    return Before(parts.belonging(points[:, mine]), model.groups, model.alike, then, strangers)


def _told(former: Before) -> Integers:
    return np.asarray((former.belonging @ np.eye(former.groups.max() + 1)[former.groups]).argmax(axis=1))


def _moved(rows: pd.DataFrame | None, points: Floats, scaling: Scaling) -> Floats | None:
    """Customers of another quarter on the same scale, moved to the medians of now: a season is not a new crowd.

    None where that quarter does not have all the variables.
    """
    if rows is None or rows.empty:
        return None
    sample = _shuffled(rows)
    told = verdicts(sample, dict(zip(scaling.variables, scaling.kinds, strict=True)))
    if told["reason"].isin(["absent", "missing"]).any():
        return None
    scaled = scaling.scaled(sample)
    filled = _filled(scaled[known_enough(scaled)])
    return np.asarray(filled + np.median(points, axis=0) - np.median(filled, axis=0))


def _shared(told: Integers, former: Integers) -> Floats:
    """Jaccard's index of every group and every former one."""
    now, then = (each[:, None] == np.arange(each.max() + 1) for each in (told, former))
    both = now.T.astype("float64") @ then
    return np.asarray(both / (now.sum(axis=0)[:, None] + then.sum(axis=0) - both))


def _shuffled(rows: pd.DataFrame) -> pd.DataFrame:
    """A sample in an order that is chance, and the same for the same customers."""
    ordered = rows.sort_values("customer_id", ignore_index=True)
    return ordered.iloc[np.random.default_rng(SEED).permutation(len(ordered))[:SAMPLE]].reset_index(drop=True)


def _filled(scaled: Floats) -> Floats:
    """Without gaps: a missing value is drawn from the customers who have one, so that it makes no group of its own."""
    random, filled = np.random.default_rng(SEED), scaled.copy()
    for column in filled.T:
        missing = ~np.isfinite(column)
        if missing.any() and not missing.all():
            column[missing] = random.choice(column[~missing], missing.sum())
    return filled


def _model(mixture: Mixture, points: Floats, *, quarter: str, scaling: Scaling) -> GroupModel:
    told, many = mixture.group_of(points), int(mixture.groups.max()) + 1
    order = np.argsort(-np.bincount(told, minlength=many), kind="stable")
    means = np.array([points[told == one].mean(axis=0) for one in range(many)])
    spread = np.sqrt(((points - means[told]) ** 2).mean(axis=0))
    groups = np.argsort(order)[mixture.groups]
    return GroupModel(
        quarter, scaling, _kept(mixture.weights[None])[0], _kept(mixture.means),
        _kept(np.concatenate(mixture.covariances)), tuple(int(one) for one in groups), mixture.alike,
        _kept(means[order]), _kept(spread[None])[0], ("",) * many,
    )  # fmt: skip


def _kept(values: Floats) -> Rows:
    return tuple(tuple(round(float(value), DIGITS) for value in row) for row in values)


def _none_tried() -> pd.DataFrame:
    return grouping(np.empty((0, 0))).tried
