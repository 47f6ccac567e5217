"""The key `risk_rules` of params/standards.yml: warning signs, checked, and as the measures take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from analysis.measures.class_rules import SUFFIX, ClassRules, Dimension
from analysis.measures.risk_rules import RISK_READABLE, risk_rule
from analysis.run.class_params import NAME, conditions, made_conditions, refused


class RiskRuleKeys(BaseModel):
    """A warning sign: `when` all its conditions hold, a customer is flagged."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    label: str = Field(min_length=1)
    version: int = Field(ge=1)
    says: str = Field(min_length=1)
    when: dict[str, Any]

    @field_validator("when")
    @classmethod
    def _can_be_read(cls, given: dict[str, Any]) -> dict[str, Any]:
        if not given:
            raise refused("at least one condition", given, "Say what a column must be.")
        return conditions(given, readable=RISK_READABLE)

    def rule(self, name: str, *, currency: str) -> Dimension:
        """The rule as the measures take it, amounts in the source's currency."""
        words = {"label": self.label, "version": self.version, "says": self.says}
        return risk_rule(name, made_conditions(self.when, currency=currency), **words)


def risk_rules(keys: Mapping[str, RiskRuleKeys], *, currency: str) -> ClassRules:
    """The warning signs of the params in the order they are written, amounts in the source's currency."""
    return {name: one.rule(name, currency=currency) for name, one in keys.items()}


def checked_rules(keys: dict[str, RiskRuleKeys], *, dimensions: Mapping[str, Any]) -> dict[str, RiskRuleKeys]:
    """The rules, each with a name that can be a column; classes that they read are those of a dimension."""
    for name, one in keys.items():
        if not NAME.fullmatch(name):
            raise refused("a name in small letters, digits and _", name, "It becomes a column of a table.")
        for read in one.rule(name, currency="").reads:
            if read.endswith(SUFFIX) and read.removesuffix(SUFFIX) not in dimensions:
                raise refused("the class of a dimension", read, f"There are: {', '.join(dimensions)}.")
    return keys
