"""Which warning signs have a threshold that can be judged in money, and what flagging a customer by each brings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analysis.extracts.engine import Engine, to_pandas
from analysis.frames.billed import BILLED
from analysis.measures.class_rules import ClassRules
from analysis.measures.risk_rules import unavailable
from analysis.measures.risk_watch import OUTCOMES
from analysis.models.families import family
from analysis.policy.effects import Effect
from analysis.policy.table import Policy
from analysis.policy.thresholds import Sign, numeric_threshold

Rows = nw.LazyFrame[Any]

USE = "use"
NO_NUMBER, NO_POLICY, NO_VALUE, NOT_HERE = "no number", "no policy", "no value", "not here"


class Known(NamedTuple):
    """What can be used here: columns that are filled for anybody at past quarter ends, and the table `refused`."""

    columns: Collection[str]
    refused: pd.DataFrame


class Signs(NamedTuple):
    """`judged`: sign by name; `policies`: the policy that answers to each; `left_out`: name → why not judged."""

    judged: dict[str, Sign]
    policies: dict[str, str]
    left_out: dict[str, str]


def signs(
    rules: ClassRules,
    policies: Sequence[Policy],
    effects: Mapping[str, Effect],
    *,
    value: float,
    known: Known,
) -> Signs:
    """The warning signs with one numeric threshold that a policy answers to.

    A sign belongs to the family of reasons of the column that its threshold is on, and so does the policy: the first
    in the table whose reason it is, or that bears its name. What a leaver who is flagged brings is the policy's effect
    times what a customer is worth on average; what it costs to approach one is the policy's.

    Parameters
    ----------
    effects : of each policy by name (`policy.effects`).
    value : mean lifetime value of a customer, currency.
    """
    absent = unavailable(rules, known=known.columns, refused=known.refused)
    judged, answers, left_out = {}, {}, {}
    for name, rule in rules.items():
        number = numeric_threshold(rule)
        policy = _policy(number[0], policies) if number else None
        if name in absent:
            left_out[name] = NOT_HERE
        elif not value > 0:
            left_out[name] = NO_VALUE
        elif number is None:
            left_out[name] = NO_NUMBER
        elif policy is None:
            left_out[name] = NO_POLICY
        else:
            judged[name] = Sign(rule, *number, effects[policy.name].share * value, policy.costs)
            answers[name] = policy.name
    return Signs(judged, answers, left_out)


def _policy(column: str, policies: Sequence[Policy]) -> Policy | None:
    """The first policy for the column's family of reasons; falling bills are told as falling use."""
    named = USE if column in BILLED else family(column)
    return next((one for one in policies if one.reason == named or (one.reason is None and one.name == named)), None)


def narrowed(past: Rows, rules: ClassRules, *, engine: Engine) -> Rows:
    """Rows of `risk_rules.landmark_rows` with what is needed to try thresholds, made once."""
    needed = {*OUTCOMES, *(column for one in rules.values() for column in one.reads)}
    return engine.table(past.select(sorted(needed & set(past.collect_schema().names()))))


def known_at(past: Rows, rules: ClassRules, refused: pd.DataFrame) -> Known:
    """Which columns that the signs read are filled for anybody at past quarter ends (`risk_rules.landmark_rows`)."""
    reads = sorted({column for one in rules.values() for column in one.reads} & set(past.collect_schema().names()))
    counts = to_pandas(past.select(nw.col(name).count().alias(name) for name in reads)) if reads else pd.DataFrame()
    filled = [str(name) for name in counts.columns if counts[name].iloc[0] > 0]
    return Known(filled, refused)
