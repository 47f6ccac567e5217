"""The keys of params/policy.yml: what is done for whom, checked, and as the floor `policy` takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from analysis.basis.documents import Document
from analysis.models.families import FAMILIES
from analysis.policy.table import Policy, Team
from analysis.run.class_params import DimensionKeys, refused
from analysis.run.keys import NotNegative, Share


def _classes(value: object) -> list[str]:
    """One class, or a list of them."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not listed or not all(isinstance(one, str) for one in listed):
        raise refused("a class, or a list of classes", value, "Write {lifecycle: [growing, mature]}.")
    return listed


Classes = Annotated[list[str], PlainValidator(_classes)]


class TeamKeys(BaseModel):
    """A team: who answers for it, and how many actions a quarter it can do."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    owner: str = Field(min_length=1)
    capacity: int | None = Field(default=None, ge=0)


class PolicyKeys(BaseModel):
    """A line of the policy table."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    action: str = Field(min_length=1)
    offer: str = Field(min_length=1)
    team: str
    channel: str = Field(min_length=1)
    effect: Share
    days: int = Field(ge=0, le=365)
    who: dict[str, Classes] = Field(default_factory=dict)
    reason: str | None = None
    marketing: bool = True
    cost: NotNegative = 0.0
    offer_cost: NotNegative = 0.0
    campaign: str | None = None

    def policy(self, name: str) -> Policy:
        """The line as the floor `policy` takes it."""
        told = self.model_dump(exclude={"who"})
        return Policy(name, who={dimension: tuple(classes) for dimension, classes in self.who.items()}, **told)


WHOLE = ("policies", "teams")


def beneath(shipped: Document, own: Document) -> Document:
    """The package's policy.yml as far as it stands for what a folder's own file leaves out.

    A table of one's own is the whole table: a policy that was deleted in it must not come back from the package.
    """
    replaced = {name for name in WHOLE if name in own.data}
    return Document({name: value for name, value in shipped.data.items() if name not in replaced}, shipped.positions)


def without_switched_off(lines: object) -> object:
    """A table without its lines that are null: that is how a quarterly file leaves one out."""
    if not isinstance(lines, dict):
        return lines
    return {name: line for name, line in lines.items() if line is not None}


def policies(keys: Mapping[str, PolicyKeys]) -> list[Policy]:
    """The policies in the order of the table."""
    return [one.policy(name) for name, one in keys.items()]


def teams(keys: Mapping[str, TeamKeys]) -> dict[str, Team]:
    """The teams by name."""
    return {name: Team(name, one.owner, one.capacity) for name, one in keys.items()}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a policy, and at which key it stands."""

    path: tuple[str, ...]
    expected: str
    found: str
    do: str


def policy_faults(
    keys: Mapping[str, PolicyKeys], *, of: Mapping[str, TeamKeys], dimensions: Mapping[str, DimensionKeys]
) -> Iterator[Fault]:
    """Teams, reasons, dimensions and classes that do not exist, and classes that no policy is for."""
    for name, one in keys.items():
        here = ("policies", name)
        yield from _stray((*here, "team"), "a team", one.team, list(of))
        if one.reason is not None:
            yield from _stray((*here, "reason"), "a family of reasons", one.reason, FAMILIES)
        for dimension, classes in one.who.items():
            yield from _stray((*here, "who", dimension), "the name of a dimension", dimension, list(dimensions))
            if dimension in dimensions and (known := _known(dimensions[dimension], dimension)):
                for klass in classes:
                    yield from _stray((*here, "who", dimension), f"a class of {dimension}", klass, known)
    yield from _without(policies(keys), dimensions)


def _stray(path: tuple[str, ...], expected: str, found: str, known: Sequence[str]) -> Iterator[Fault]:
    if found not in known:
        close = get_close_matches(found, known, n=1, cutoff=0.6)
        yield Fault(path, expected, found, f"Did you mean {close[0]}?" if close else f"There are: {', '.join(known)}.")


def _known(one: DimensionKeys, dimension: str) -> list[str]:
    """The classes of a dimension that can be named; none where values of a column are classes too."""
    if one.column is not None and not one.bands:
        return []
    return list(dict.fromkeys([*one.dimension(dimension, currency="").classes, *one.focus]))


def _without(rows: Sequence[Policy], dimensions: Mapping[str, DimensionKeys]) -> Iterator[Fault]:
    for name, one in dimensions.items():
        for klass in _known(one, name):
            if not any(row.may_be_for(name, klass) for row in rows):
                do = f"Add a policy for it, or take the condition on {name} from one."
                yield Fault(("policies",), "a policy for every class", f"none for {name} “{klass}”", do)
