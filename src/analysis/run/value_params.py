"""The key `value_tiers` of params/standards.yml: where high and medium value begin, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, PlainValidator, model_validator

from analysis.measures.value_tiers import TierEdges
from analysis.run.class_params import CURRENCY, refused

STAND_IN = "customers"  # the share that counts where the source's currency is not among the amounts


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1


def _edge(value: object) -> Any:
    """A share between 0 and 1; or amounts by currency, and for any other the share of customers that stands in."""
    if _is_share(value):
        return value
    if not isinstance(value, Mapping):
        do = "Write 20 % as 0.2; amounts as {EUR: 1200, customers: 0.2}."
        raise refused("a share between 0 and 1, or amounts by currency", value, do)
    if not _is_share(value.get(STAND_IN)):
        do = "It holds where the source's currency is not among those named."
        raise refused(f"`{STAND_IN}`, a share between 0 and 1, beside the amounts", value.get(STAND_IN), do)
    for name, amount in value.items():
        is_amount = isinstance(amount, int | float) and not isinstance(amount, bool)
        if name != STAND_IN and not (CURRENCY.fullmatch(name) and is_amount):
            raise refused("currencies (ISO 4217) and their amounts", name, "Write {EUR: 1200, customers: 0.2}.")
    return dict(value)


Edge = Annotated[Any, PlainValidator(_edge)]


class ValueTierKeys(BaseModel):
    """What makes a customer's value high or medium; all other values are low."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    by: Literal["customers", "value", "amount"] = "customers"
    high: Edge = 0.2
    medium: Edge = 0.3

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        amounts = self.by == "amount"
        for name, edge in (("high", self.high), ("medium", self.medium)):
            if isinstance(edge, Mapping) != amounts:
                expected = f"`{name}` as {'amounts by currency' if amounts else 'a share'}, for `by: {self.by}`"
                raise refused(expected, edge, "Change `by`, or the edge.")
        self._fall_apart()
        return self

    def _fall_apart(self) -> None:
        """Raises where high and medium leave nobody low, or do not come one after the other."""
        high, medium = ({STAND_IN: edge} if _is_share(edge) else dict(edge) for edge in (self.high, self.medium))
        if set(high) != set(medium):
            raise refused("the same currencies for high and medium", sorted(medium), "Give both in the same.")
        if high[STAND_IN] + medium[STAND_IN] >= 1:
            found = f"{high[STAND_IN]:g} and {medium[STAND_IN]:g}. Make one smaller."
            raise ValueError(f"expected shares of high and medium that leave some for low, found {found}")
        for name in sorted(set(high) - {STAND_IN}):
            if high[name] <= medium[name]:
                raise refused(f"high above medium in {name}", high[name], "Raise high, or lower medium.")

    def edges(self, currency: str) -> TierEdges:
        """The edges as the measures take them; shares of customers where amounts do not name the source's currency."""
        if self.by != "amount":
            return TierEdges(self.by, self.high, self.medium)
        if currency in self.high:
            return TierEdges(self.by, float(self.high[currency]), float(self.medium[currency]))
        return TierEdges(STAND_IN, self.high[STAND_IN], self.medium[STAND_IN])
