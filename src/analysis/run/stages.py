"""The chapters of the report, as data: what each needs, and which stage tables it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from analysis.basis.errors import ParamsError
from analysis.basis.failures import shown

CHAPTER = "LINECARD_CHAPTER"  # the variable that tells a kernel which notebook it runs


@dataclass(frozen=True)
class Stage:
    """A notebook: `needs` run before it, `makes` are its tables in `data/runs/<report>/`."""

    name: str
    needs: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()


# In run order. `needs` names everything that comes before, so that a chapter that is absent breaks no chain.
STAGES = (
    Stage(
        "10_data",
        makes=(
            "quality",
            "quality_findings",
            "quality_doors",
            "quality_files",
            "spells",
            "customers",
            "months",
            "exposures",
            "classes",
            "products",
            "moves",
        ),
    ),
    Stage("20_base", needs=("10_data",), makes=("movement",)),
    Stage(
        "30_segments",
        needs=("10_data", "20_base"),
        makes=(
            "clusters",
            "cluster_model",
            "next_product",
            "baskets",
            "basket_products",
            "plan_steps",
            "answer_shares",
        ),
    ),
    Stage(
        "40_churn",
        needs=("10_data",),
        makes=(
            "episodes",
            "churn_scores",
            "survival_ahead",
            "survival_then",
            "leavers_ahead",
            "refused",
            "reasons",
            "accountability",
            "risk_flags",
            "frozen_model",
            "signs",
            "signs_then",
        ),
    ),
    Stage("50_value", needs=("10_data", "20_base", "30_segments", "40_churn"), makes=("customer_value", "forecast")),
    Stage(
        "60_service",
        needs=("10_data", "20_base", "30_segments", "40_churn", "50_value"),
        makes=(
            "area_signals",
            "credit_risk",
            "price_fit",
            "fault_notices",
            "largest_accounts",
            "usage_anomalies",
            "open_complaints",
        ),
    ),
    Stage(
        "70_strategy",
        needs=("10_data", "20_base", "30_segments", "40_churn", "50_value", "60_service"),
        makes=(
            "actions",
            "campaign_effects",
            "warnings",
            "policy_effects",
            "win_back",
            "open_leads",
            "review",
            "thresholds",
        ),
    ),
    Stage(
        "90_methods",
        needs=("10_data", "20_base", "30_segments", "40_churn", "50_value", "60_service", "70_strategy"),
    ),
    Stage(
        "00_summary",
        needs=("10_data", "20_base", "30_segments", "40_churn", "50_value", "60_service", "70_strategy", "90_methods"),
        makes=("scorecard",),
    ),
)


def present_stages(folder: Path, stages: Sequence[Stage] = STAGES) -> list[Stage]:
    """The stages whose notebook lies in `folder`, in run order; each needs only those that do.

    Raises
    ------
    ParamsError
        When there is none.
    """
    names = {stage.name for stage in stages if (folder / f"{stage.name}.ipynb").is_file()}
    if not names:
        expected = f"a notebook like {stages[0].name}.ipynb"
        do = "Run in a folder that has notebooks/, or in an empty one to use the package's own."
        raise ParamsError(str(folder), expected=expected, found="none", do=do)
    return [
        Stage(stage.name, tuple(need for need in stage.needs if need in names), stage.makes)
        for stage in stages
        if stage.name in names
    ]


def chosen_stages(stages: Sequence[Stage], *, only: Sequence[str], start: str | None) -> set[str]:
    """Names to execute: those of `only`, or `start` and all after it in run order, or everything.

    Raises
    ------
    ParamsError
        For a name no notebook has, with the nearest one; and for both options at once.
    """
    if only and start:
        do = "Leave one of the two out."
        raise ParamsError("--only and --from", expected="one of the two", found="both", do=do)
    names = [stage.name for stage in stages]
    for option, asked in (("--only", list(only)), ("--from", [start] if start else [])):
        for name in asked:
            if name not in names:
                close = get_close_matches(name, names, n=1, cutoff=0.3)
                do = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(names)}."
                raise ParamsError(option, expected="the name of a notebook", found=shown(name), do=do)
    if start:
        return set(names[names.index(start) :])
    return set(only) or set(names)


def alone(stages: list[Stage], chosen: set[str]) -> list[Stage]:
    """The chosen stages, where they need no other; else all, so that the missing ones are told of."""
    picked = [stage for stage in stages if stage.name in chosen]
    return picked if all(set(stage.needs) <= chosen for stage in picked) else stages


def maker(table: str, stages: Sequence[Stage] = STAGES) -> str:
    """The notebook that makes a stage table; the first one when none is known to."""
    return next((stage.name for stage in stages if table in stage.makes), stages[0].name)
