"""All candidates of a forecast: who takes part, and what each learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from analysis.basis.errors import AnalysisFailed
from analysis.models.candidates.aft import fit_aft
from analysis.models.candidates.boosting import fit_boosting
from analysis.models.candidates.cox import CoxFit, fit_cox_candidate
from analysis.models.candidates.kaplan_meier import fit_kaplan_meier
from analysis.models.candidates.learning import Fitted, Learning, NotFitted
from analysis.models.candidates.logistic import Logistic, fit_logistic
from analysis.models.candidates.paced import paced

NULL = "kaplan_meier"
FITTERS: Mapping[str, Callable[[Learning], Fitted]] = {
    NULL: fit_kaplan_meier,
    "cox": fit_cox_candidate,
    "aft": fit_aft,
    "logistic": fit_logistic,
    "boosting": fit_boosting,
}
FEWEST_EVENTS = {NULL: 0, "cox": 30, "aft": 50, "logistic": 30, "boosting": 200}
REMARKS = ("covariate", "outcome", "reason")


@dataclass(frozen=True)
class Field:
    """The candidates that could be learned, by name, the simplest first; and why others could not."""

    fits: Mapping[str, Fitted]
    remarks: list[tuple[str, str, str]] = field(default_factory=list)


def fitted_field(learning: Learning) -> Field:
    """Every candidate that has enough leavers to learn from and comes to an end."""
    bare: dict[str, Fitted] = {}
    remarks: list[tuple[str, str, str]] = []
    for name in FITTERS:
        try:
            bare[name] = _bare(name, learning, bare)
        except (NotFitted, AnalysisFailed) as reason:
            remarks.append((f"model: {name}", "left out", str(reason)))
    remarks += [row for fit in bare.values() if isinstance(fit, CoxFit) for row in _told_by(fit)]
    return Field({name: _with_pace(name, fit, learning) for name, fit in bare.items()}, remarks)


def fitted(name: str, learning: Learning) -> Fitted:
    """One candidate.

    Raises
    ------
    NotFitted
        There are too few leavers, or the search comes to no end.
    """
    return _with_pace(name, _bare(name, learning, {}), learning)


def _bare(name: str, learning: Learning, done: Mapping[str, Fitted]) -> Fitted:
    fewest = FEWEST_EVENTS[name]
    if learning.events < fewest:
        seen = "1 customer was" if learning.events == 1 else f"{learning.events:,} customers were"
        raise NotFitted(f"{seen} seen leaving; it needs {fewest} to learn from.")
    beside = done.get("logistic")
    if name == "boosting" and isinstance(beside, Logistic):
        fit = fit_boosting(learning, beside)
        if fit.trees is None:
            raise NotFitted("On customers held back no tree foretold better than the logistic hazards alone.")
        return fit
    return FITTERS[name](learning)


def _with_pace(name: str, fit: Fitted, learning: Learning) -> Fitted:
    """The null stays what it is: a life table."""
    return fit if name == NULL else paced(fit, learning)


def _told_by(fit: CoxFit) -> list[tuple[str, str, str]]:
    return [
        (str(row["covariate"]), f"{row['outcome']} in the Cox model", str(row["reason"]))
        for row in fit.remarks.to_dict("records")
    ]
