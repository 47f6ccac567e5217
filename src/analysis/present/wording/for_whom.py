"""For whom a policy is, in the words that the other chapters have for classes and reasons."""

from __future__ import annotations

from analysis.measures.class_rules import ClassRules
from analysis.policy.added_chance import LEADS, LEFT, STAGES
from analysis.policy.table import Policy
from analysis.present.wording import reasons
from analysis.present.wording.phrase import capital, inside, listed

NO_CUSTOMERS = {LEFT: "former customers", LEADS: "leads"}  # stages of which nobody is a customer


def whom(policy: Policy, rules: ClassRules) -> str:
    """Whom a policy is for: "Growing and mature customers; first reason: price"."""
    stages = policy.who.get(STAGES, ())
    others = [(name, classes) for name, classes in policy.who.items() if name != STAGES]
    told = [
        _people(stages) if stages else "all customers",
        *(
            f"{inside(rules[name].label if name in rules else name)}: {' or '.join(classes)}"
            for name, classes in others
        ),
        *([f"first reason: {inside(reasons.name(policy.reason))}"] if policy.reason else []),
    ]
    return capital("; ".join(told))


def _people(stages: tuple[str, ...]) -> str:
    """Customers of these stages of life, who left and leads by their own names."""
    there = [stage for stage in stages if stage not in NO_CUSTOMERS]
    customers = [f"{listed(there)} customers"] if there else []
    return listed([*customers, *(NO_CUSTOMERS[stage] for stage in stages if stage in NO_CUSTOMERS)])
