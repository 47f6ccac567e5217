"""What looks like a person's data, wherever it stands: a column in the wrong place must not reach a message.

Nobody can tell a name from a word. So a message shows what is written as a code is, and of any other text the length.
"""

from __future__ import annotations

import re

from analysis.basis.failures import shown

PERSONAL = "a person's data"  # said in its place
A_KEY = "a customer's key"  # said in place of one that stands in the wrong column
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_DAY = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_TELEPHONE = re.compile(r"(\+|00?(?=[1-9]))?[\d\s()/.-]+")
_COUNTED = re.compile(r"\d{1,3}([.,]\d{3})+")  # an amount with its thousands apart
_NUMBERS = re.compile(r"\d[\d\s()/.-]*")
_ADDRESSED = re.compile(
    r"\b(mrs?|ms|miss|mx|dr|prof|sir|madam|herrn?|hr|frau|fr|fam|familie|mme|mlle|monsieur|madame|señora?|sra?)\b\.?\s*\w"
    r"|\w\s*(先生|女士|小姐|太太)|\bc/o\b",
    re.IGNORECASE,
)
FEWEST_DIGITS = 8  # of a telephone number with its area
MOST_WORDS, LONGEST, MOST_DIGITS = 3, 40, 4  # of a code: its words, its characters, its digits in a row


def looks_personal(text: str) -> bool:
    """Whether a text is, or holds, a mail address or a telephone number (written as one: +49 170 …, 0170/…)."""
    if _MAIL.search(text):
        return True
    bare = text.strip()
    if _DAY.match(bare) or not _TELEPHONE.fullmatch(bare):
        return False
    written_as_one = bare.startswith(("+", "0")) or bool(re.search(r"\d[\s()/-]+\d", bare))
    return written_as_one and sum(mark.isdigit() for mark in bare) >= FEWEST_DIGITS


def looks_like_code(text: str) -> bool:
    """Whether a text is short and tells of nobody: few words, no form of address, no mail address, no long number."""
    bare = _COUNTED.sub("", _DAY.sub("", text))
    longest = max((sum(mark.isdigit() for mark in number) for number in _NUMBERS.findall(bare)), default=0)
    return (
        sum(any(map(str.isalnum, word)) for word in text.split()) <= MOST_WORDS
        and len(text) <= LONGEST
        and longest <= MOST_DIGITS
        and "@" not in text
        and not _ADDRESSED.search(text)
    )


def shape(text: str) -> str:
    """What may be said of a text that is not shown."""
    return "a text of 1 character" if len(text) == 1 else f"a text of {len(text):,} characters"


def said(value: object) -> str:
    """A found value as a message says it: short, quoted, without control characters; of free text its length only."""
    if isinstance(value, str) and value != A_KEY and looks_personal(value):
        return PERSONAL
    if isinstance(value, str) and any(mark.isalpha() for mark in value):
        return said_code(value)
    return A_KEY if value == A_KEY else shown(value)


def said_code(value: object) -> str:
    """A value of a column of codes as a message says it: of one that is not written as a code is, its length only."""
    if not isinstance(value, str) or value == A_KEY:
        return A_KEY if value == A_KEY else shown(value)
    if looks_personal(value):
        return PERSONAL
    return shown(value) if looks_like_code(value) else shape(value)
