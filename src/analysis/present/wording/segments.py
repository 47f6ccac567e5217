"""Sentences of the chapter on groups: those that behaviour makes, and what they are called."""

from __future__ import annotations

UNGROUPED = "not clustered"


def bottom_line() -> str:
    """Whether customers fall into groups by what they do."""
    return "Groups by behaviour are not looked for in this version."
