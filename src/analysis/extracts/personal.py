"""What looks like a person's data, wherever it stands: a column in the wrong place must not reach a message."""

from __future__ import annotations

import re

PERSONAL = "a person's data"  # said in its place
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_DAY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_TELEPHONE = re.compile(r"(\+|00?(?=[1-9]))?[\d\s()/.-]+")
FEWEST_DIGITS = 8  # of a telephone number with its area


def looks_personal(text: str) -> bool:
    """Whether a text is, or holds, a mail address or a telephone number (written as one: +49 170 …, 0170/…)."""
    if _MAIL.search(text):
        return True
    bare = text.strip()
    if _DAY.match(bare) or not _TELEPHONE.fullmatch(bare):
        return False
    written_as_one = bare.startswith(("+", "0")) or bool(re.search(r"\d[\s()/-]+\d", bare))
    return written_as_one and sum(mark.isdigit() for mark in bare) >= FEWEST_DIGITS
