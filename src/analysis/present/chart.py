"""A finished chart: the drawing, and the words without which it is not shown."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from analysis.basis.errors import AnalysisFailed
from analysis.present.text import clean, escaped, identifier, sentence

PAGE = 640  # CSS pixels that a drawing takes in the page's column; it shrinks on a phone


@dataclass(frozen=True, repr=False)
class Chart:
    """A drawing with its finding, subtitle (measure, unit, period), source and alternative text.

    `svg` is empty when there was nothing to draw; the chart is then a note that says so.

    Raises
    ------
    AnalysisFailed
        One of the four texts is blank.
    """

    svg: bytes
    finding: str
    subtitle: str
    source: str
    alt: str
    width: int = PAGE
    height: int = 0

    def __post_init__(self) -> None:
        for name in ("finding", "subtitle", "source", "alt"):
            if not clean(getattr(self, name) or ""):
                raise AnalysisFailed(
                    f"chart “{clean(self.finding)}”",
                    expected=f"a text for {name}",
                    found="none",
                    do="A chart is shown only with its finding, subtitle, source and alternative text.",
                )

    @property
    def id(self) -> str:
        return identifier("chart", self.finding, self.subtitle.encode() + self.svg)

    def _repr_html_(self) -> str:
        if not self.svg:
            return f'<p class="note">{escaped(sentence(self.finding))}</p>'
        title = f'<span class="title">{escaped(self.finding)}</span>'
        subtitle = f'<span class="subtitle">{escaped(self.subtitle)}</span>'
        data = base64.b64encode(self.svg).decode()
        return (
            f'<figure class="chart" id="{self.id}"><figcaption>{title} {subtitle}</figcaption>'
            f'<img alt="{escaped(self.alt)}" width="{self.width}" height="{self.height}"'
            f' src="data:image/svg+xml;base64,{data}"><p class="source">{escaped(self.source)}</p></figure>'
        )

    def __repr__(self) -> str:
        return clean(self.finding)
