"""What a notebook cell shows: a piece of HTML for the report, and one plain line for a terminal."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.present.text import clean


@dataclass(frozen=True, repr=False)
class Block:
    """A piece of the page; `html` is safe to show, `line` is its bottom line in plain text."""

    html: str
    line: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return clean(self.line)
