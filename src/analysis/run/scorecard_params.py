"""The key `scorecard` of params/economics.yml: the figures a quarter is led by, and who answers for each."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator

from analysis.basis.metric import METRICS
from analysis.run.class_params import refused

MOST = 12  # lines: more is a table that nobody reads to its end


def _known(given: dict[str, str | None]) -> dict[str, str | None]:
    for name, owner in given.items():
        if name not in METRICS:
            close = get_close_matches(name, METRICS, n=1, cutoff=0.4)
            do = f"Did you mean `{close[0]}`?" if close else "Metrics are named as in summary.json."
            raise refused("the name of a metric", name, do)
        if owner == "":
            raise refused(f"who answers for `{name}`", owner, "Write a name or a role, or null to leave the line out.")
    if len(owners(given)) > MOST:
        raise refused(f"at most {MOST} lines", str(len(owners(given))), "Set those to null that can be done without.")
    return given


def owners(lines: dict[str, str | None]) -> dict[str, str]:
    """Metric → who answers for it, without the lines that are left out."""
    return {name: owner for name, owner in lines.items() if owner is not None}


ScorecardLines = Annotated[dict[str, str | None], AfterValidator(_known)]
