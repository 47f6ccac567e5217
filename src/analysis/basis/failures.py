"""What pydantic found wrong with a document, in the house's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel


class Sentence(NamedTuple):
    """The three parts of a message that follow its place."""

    expected: str
    found: str
    do: str


_EXPECTED = {
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "string": "text",
    "bool": "true or false",
    "date": "a date written as YYYY-MM-DD",
    "dict": "a mapping of keys and values",
    "model": "a mapping of keys and values",
    "list": "a list",
    "tuple": "a list",
    "finite": "a finite number",
}
_LIMITS = {
    "greater_than": ("a number > {}", "gt"),
    "greater_than_equal": ("a number ≥ {}", "ge"),
    "less_than": ("a number < {}", "lt"),
    "less_than_equal": ("a number ≤ {}", "le"),
    "string_too_short": ("text of at least {} characters", "min_length"),
    "string_too_long": ("text of at most {} characters", "max_length"),
    "string_pattern_mismatch": ("text that matches {}", "pattern"),
    "too_short": ("at least {} entries", "min_length"),
    "too_long": ("at most {} entries", "max_length"),
    "literal_error": ("{}", "expected"),
    "enum": ("{}", "expected"),
}


def failure_sentence(failure: Mapping[str, Any], model: type[BaseModel]) -> Sentence:
    """One entry of pydantic's `errors()` as what was expected, what was found, and what to do.

    A validator of our own may raise ValueError("expected …, found …. Do this."): its words are taken as they are.
    """
    kind, location = str(failure["type"]), tuple(failure["loc"])
    key = str(location[-1]) if location else "this file"
    if kind == "missing":
        return Sentence(f"the key `{key}`", "nothing", f"Add `{key}:` here.")
    if kind == "extra_forbidden":
        return _unknown(key, known_keys(model, location[:-1]))
    if kind == "value_error":
        return _own_words(str(failure.get("ctx", {}).get("error", failure["msg"])), key, failure.get("input"))
    if kind in _LIMITS:
        words, name = _LIMITS[kind]
        limit = failure.get("ctx", {}).get(name)
        expected = words.format(f"{limit:g}" if isinstance(limit, float) else limit)
    else:
        expected = _EXPECTED.get(kind.partition("_")[0], str(failure["msg"]))
    return Sentence(expected, shown(failure.get("input")), _number_mended(failure.get("input"), key))


def _number_mended(value: object, key: str) -> str:
    """What to do about a key; of a number in quotes, or with marks between its digits, how to write it."""
    if isinstance(value, str) and re.fullmatch(r"[-+]?[0-9][0-9.,' \u00a0\u202f’]*", value):
        return (
            f"Write `{key}` without quotes, with nothing between thousands and a point before decimals: 10000 or 10.5."
        )
    return f"Correct `{key}`."


def known_keys(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Keys the model knows at `path`, sorted; none where the path leaves the models."""
    here: Any = model
    for step in path:
        here = _inside(here, step)
    found = _model_of(here)
    return sorted(field.alias or name for name, field in found.model_fields.items()) if found else []


def shown(value: object, longest: int = 60) -> str:
    """A value as a message prints it: quoted, control characters escaped, cut to `longest` characters."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    text = str(value) if not isinstance(value, str) else text
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _unknown(key: str, known: list[str]) -> Sentence:
    close = get_close_matches(key, known, n=1)
    if close:
        return Sentence("a known key", shown(key), f"Did you mean `{close[0]}`?")
    listed = ", ".join(known)
    return Sentence("a known key", shown(key), f"Known here: {listed}." if listed else "Remove it.")


def _own_words(message: str, key: str, value: object) -> Sentence:
    match = re.fullmatch(r"expected (.+?), found (.+?)(?:\. (.+))?", message, flags=re.DOTALL)
    if match is None:
        return Sentence(message.rstrip("."), shown(value), f"Correct `{key}`.")
    return Sentence(match[1], match[2].rstrip("."), match[3] or f"Correct `{key}`.")


def _inside(annotation: Any, step: str | int) -> Any:
    """The type that `step` leads to: a model's field, a mapping's values, a list's items; None when unknown."""
    model = _model_of(annotation)
    if model is not None:
        fields = model.model_fields.items()
        return next((field.annotation for name, field in fields if step in (name, field.alias)), None)
    return next((part for part in reversed(get_args(annotation)) if _model_of(part) is not None), None)


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """The model an annotation names, also inside Optional and Annotated; None when there is none."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return next((model for part in get_args(annotation) if (model := _model_of(part)) is not None), None)
    return None
