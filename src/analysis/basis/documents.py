"""YAML documents that remember where every value was written."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, DocumentStartEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from analysis.basis.errors import ParamsError
from analysis.basis.failures import failure_sentence

M = TypeVar("M", bound=BaseModel)
Key = tuple[str | int, ...]
Position = tuple[str, int, int]

LARGEST_BYTES = 256 * 1024
DEEPEST = 20
MOST_ALIASES = 10
MOST_NODES = 20_000  # aliases written out: ten of them can still stand for 2 ** 10 copies
LIKE_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]*\.[0-9]{3}")


@dataclass(frozen=True)
class Document:
    """What a YAML file says, and where: `positions` maps a key path to (file, line, column), counted from 1.

    The empty path is the file itself.
    """

    data: dict[str, Any]
    positions: Mapping[Key, Position]


def read_yaml(text: str, *, name: str, by_hand: bool = True) -> Document:
    """The mapping written in `text` (YAML 1.2); `name` is the file's name in messages.

    Plain values only: text, numbers, true and false, dates, lists, mappings, null. Keys are text as written.
    Written `by_hand`, a number may not have exactly three digits behind its point: 10.000 is ten, and was perhaps
    meant as ten thousand. What the program wrote itself is as meant.

    Raises
    ------
    ParamsError
        When the text is no YAML, too large, too deep, holds a tag, a directive, a key twice, a second document
        or a number of two meanings, or is no mapping at the top.
    """
    if len(text.encode("utf-8", "replace")) > LARGEST_BYTES:
        raise ParamsError(name, expected="at most 256 kB of YAML", found="more", do="Move data out of this file.")
    try:
        _check_events(text, name=name)
        root = _yaml().compose(text)
    except YAMLError as error:
        raise _unreadable(error, text, name=name) from None
    if not isinstance(root, MappingNode):
        found = "an empty file" if root is None else "a single value or a list"
        raise ParamsError(name, expected="lines of `key: value`", found=found, do="See params/README.md for the keys.")
    reader = _Reader(name, by_hand)
    return Document(reader.mapping(root, ()), reader.positions)


def layered(*documents: Document) -> Document:
    """One document out of several: mappings merge key by key, anything else is replaced by the later one."""
    data: dict[str, Any] = {}
    positions: dict[Key, Position] = {}
    for document in documents:
        _lay(document, (), data, positions)
    return Document(data, positions)


def validated(document: Document, model: type[M]) -> M:
    """The document as an instance of `model`.

    Raises
    ------
    ParamsError
        One line per failure, each beginning with file, line and column of the key.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        failures = error.errors(include_url=False)
    lines = sorted(
        {(_position(document, tuple(failure["loc"])), failure_sentence(dict(failure), model)) for failure in failures}
    )
    first, *rest = lines
    others = "".join(f"\n{_where(at)}: expected {s.expected}, found {s.found}. {s.do}" for at, s in rest)
    raise ParamsError(_where(first[0]), expected=first[1].expected, found=first[1].found, do=first[1].do + others)


@dataclass
class _Reader:
    """Nodes into plain values; notes where each was written on the way."""

    name: str
    by_hand: bool
    positions: dict[Key, Position] = field(default_factory=dict)
    nodes: int = 0

    def value(self, node: Node, path: Key) -> Any:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self.refusal(node, expected="a small file", found="aliases that repeat it thousands of times")
        if len(path) > DEEPEST:
            raise self.refusal(node, expected=f"at most {DEEPEST} levels", found="a deeper nesting")
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, ScalarNode):
            return self.scalar(node)
        for index, item in enumerate(node.value):
            self.positions[(*path, index)] = self.at(item)
        return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]

    def mapping(self, node: MappingNode, path: Key) -> dict[str, Any]:
        data: dict[str, Any] = {}
        self.positions.setdefault(path, (self.name, 1, 1) if not path else self.at(node))
        for key_node, value_node in node.value:
            key = self.key(key_node)
            if key in data:
                first = self.positions[(*path, key)][1]
                raise self.refusal(key_node, expected="each key once", found=f"`{key}` again (first on line {first})")
            before = next(reversed(data.values()), None)
            self.positions[(*path, key)] = self.at(key_node)
            data[key] = self.value(value_node, (*path, key))
            if node.flow_style and key.isdecimal() and data[key] is None and isinstance(before, int | float):
                do = "Leave the comma out, or write a point before decimals."
                raise self.refusal(key_node, expected="a number without a comma", found=f"{before},{key}", do=do)
        return data

    def key(self, node: Node) -> str:
        if not isinstance(node, ScalarNode) or not node.value or str(node.tag).endswith(":merge"):
            raise self.refusal(node, expected="a name as key", found="an empty key, `<<`, a list or a mapping")
        return str(node.value)

    def scalar(self, node: ScalarNode) -> Any:
        if str(node.tag).endswith(":str"):
            return str(node.value)
        try:
            value = _yaml().constructor.construct_object(node)
        except (ValueError, ArithmeticError, YAMLError):
            raise self.refusal(node, expected="a value that exists", found=repr(node.value[:40])) from None
        if isinstance(value, float) and not math.isfinite(value):
            raise self.refusal(node, expected="a finite number", found=node.value)
        if self.by_hand and isinstance(value, float) and LIKE_THOUSANDS.fullmatch(node.value):
            raise self.two_meanings(node, value)
        if isinstance(value, dt.datetime):  # ruamel's own subclass would not survive a comparison of types
            return dt.datetime.fromisoformat(value.isoformat())
        return value

    def at(self, node: Node) -> Position:
        return (self.name, node.start_mark.line + 1, node.start_mark.column + 1)

    def two_meanings(self, node: ScalarNode, value: float) -> ParamsError:
        text = str(node.value)
        decimals = text[:-1] if text.endswith("0") else f"{text}0"
        return self.refusal(
            node, expected="a number whose point cannot be taken for one between thousands",
            found=f"{text}, which reads as {value}", do=f"Write {text.replace('.', '')}, or {decimals}.",
        )  # fmt: skip

    def refusal(self, node: Node, *, expected: str, found: str, do: str = "Correct this line.") -> ParamsError:
        return ParamsError(_where(self.at(node)), expected=expected, found=found, do=do)


def _yaml() -> YAML:
    return YAML(typ="safe", pure=True)


def _check_events(text: str, *, name: str) -> None:
    """Refuse tags, directives, further documents, depth and aliases before any node is built."""
    depth = aliases = documents = 0
    for event in _yaml().parse(text):
        depth += type(event).__name__.endswith(("MappingStartEvent", "SequenceStartEvent"))
        depth -= type(event).__name__.endswith(("MappingEndEvent", "SequenceEndEvent"))
        aliases += isinstance(event, AliasEvent)
        documents += isinstance(event, DocumentStartEvent)
        found = None
        if isinstance(event, DocumentStartEvent) and (event.version or event.tags):
            found = "a % directive"
        elif isinstance(event, NodeEvent) and (tag := getattr(event, "tag", None)) is not None:
            found = f"the tag {tag}"
        elif documents > 1:
            found = "a second document (`---`)"
        elif aliases > MOST_ALIASES:
            found = f"more than {MOST_ALIASES} aliases (`*name`)"
        elif depth > DEEPEST:
            found = f"more than {DEEPEST} levels"
        if found:
            where = _where((name, event.start_mark.line + 1, event.start_mark.column + 1))
            raise ParamsError(where, expected="plain keys and values", found=found, do="Write the value out plainly.")


def _unreadable(error: YAMLError, text: str, *, name: str) -> ParamsError:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    offset = getattr(error, "position", None)
    if mark is not None:
        at = (name, mark.line + 1, mark.column + 1)
    elif isinstance(offset, int):
        before = text[:offset]
        at = (name, before.count("\n") + 1, offset - before.rfind("\n"))
    else:
        at = (name, 1, 1)
    problem = getattr(error, "problem", None) or "a character YAML does not allow"
    return ParamsError(
        _where(at), expected="YAML", found=f"text that is not ({problem})", do="Check indentation, quotes and colons."
    )


def _lay(document: Document, path: Key, data: dict[str, Any], positions: dict[Key, Position]) -> None:
    """Lay `document`'s mapping at `path` over `data`, in place."""
    at = document.positions
    positions[path] = at[path]
    layer: Any = document.data
    for step in path:
        layer = layer[step]
    for key, value in layer.items():
        here = (*path, key)
        if isinstance(value, dict) and isinstance(data.get(key), dict):
            data[key] = dict(data[key])
            _lay(document, here, data[key], positions)
            continue
        for old in [p for p in positions if p[: len(here)] == here]:
            del positions[old]
        positions.update({p: where for p, where in at.items() if p[: len(here)] == here})
        data[key] = value


def _position(document: Document, location: Key) -> Position:
    """Where the value at `location` was written; for a missing one, where its surroundings begin."""
    while location not in document.positions and location:
        location = location[:-1]
    return document.positions.get(location, ("params", 1, 1))


def _where(position: Position) -> str:
    return "{}:{}:{}".format(*position)
