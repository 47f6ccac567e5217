"""Text that cannot steer a terminal."""

from __future__ import annotations

import re

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Text without control characters and direction marks, whatever the data it quotes holds."""
    return CONTROLS.sub("", text)
