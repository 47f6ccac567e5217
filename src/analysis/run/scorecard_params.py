"""Keys of params/economics.yml: `scorecard`, the figures a quarter is led by and who answers, and `targets`."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator

from analysis.basis.documents import Document
from analysis.basis.errors import ParamsError
from analysis.basis.failures import shown
from analysis.basis.metric import METRICS
from analysis.run.class_params import refused

MOST = 12  # lines: more is a table that nobody reads to its end


def _known(given: dict[str, str | None]) -> dict[str, str | None]:
    for name, owner in given.items():
        if name not in METRICS:
            raise refused("the name of a metric", name, _meant(name))
        if owner == "":
            raise refused(f"who answers for `{name}`", owner, "Write a name or a role, or null to leave the line out.")
    if len(owners(given)) > MOST:
        raise refused(f"at most {MOST} lines", str(len(owners(given))), "Set those to null that can be done without.")
    return given


def _meant(name: str) -> str:
    close = get_close_matches(name, METRICS, n=1, cutoff=0.4)
    return f"Did you mean `{close[0]}`?" if close else "Metrics are named as in summary.json."


def check_targets(targets: Mapping[str, float], document: Document) -> None:
    """Raises ParamsError for a target of a metric that does not exist, and for a share that is none."""
    for name, goal in targets.items():
        where = "{}:{}:{}".format(*document.positions[("targets", name)])
        if name not in METRICS:
            raise ParamsError(where, expected="the name of a metric", found=shown(name), do=_meant(name))
        if METRICS[name].unit == "share" and not 0 <= goal <= 1:
            do = "Write 4 % as 0.04."
            raise ParamsError(where, expected=f"`{name}` as a share from 0 to 1", found=f"{goal:g}", do=do)


def owners(lines: dict[str, str | None]) -> dict[str, str]:
    """Metric → who answers for it, without the lines that are left out."""
    return {name: owner for name, owner in lines.items() if owner is not None}


ScorecardLines = Annotated[dict[str, str | None], AfterValidator(_known)]
