"""Cells that a spreadsheet and a CRM take for what they are: text that is no formula, ids and phones unchanged.

A text that begins with = + - @, in whatever width, is run as a formula by spreadsheets (OWASP, "CSV injection"); it
gets an apostrophe in front. Control characters and line breaks become blanks; marks that are unseen, or turn the
direction of writing, go.
"""

from __future__ import annotations

import re

import pandas as pd

from analysis.basis.rounding import half_up

_BREAKS = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+"
_UNSEEN = "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+"
_FIRST = r"=+\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−˗‐‑‒"  # and what becomes one of them when widths are made alike
_FORMULA = re.compile(f"^[{_FIRST}]")
_PHONE = r"[+＋]?[\d\s()/.\-–]*\d[\d\s()/.\-–]*"
_SIGNED = r"[+\-]?\d+"
_MAIL = r"[^@\s\"'<>|,;]+@[^@\s\"'<>|,;]+\.[^@\s\"'<>|,;]+"


def plain_text(values: pd.Series, *, swap: dict[str, str] | None = None) -> pd.Series:
    """Texts on one line, without what is unseen, and never a formula; blank becomes missing.

    Parameters
    ----------
    swap : character that a CRM forbids → what stands for it.
    """
    text = values.astype("string").str.replace(_BREAKS, " ", regex=True).str.replace(_UNSEEN, "", regex=True)
    for mark, other in (swap or {}).items():
        text = text.str.replace(mark, other, regex=False)
    text = text.str.replace(r"\s+", " ", regex=True).str.replace("^[\u200c\u200d ]+", "", regex=True).str.strip()
    text = text.where(~_begins(text), "'" + text)
    return text.mask(text == "")


def neutralised(values: pd.Series) -> int:
    """How many of the texts, as `plain_text` gives them, bear an apostrophe against being run."""
    text = values.astype("string")
    return int((text.str.startswith("'") & _begins(text.str.slice(1))).sum())


def phones(values: pd.Series) -> pd.Series:
    """Telephone numbers: digits, blanks between them, and a + in front where there is one; all else is missing.

    "+49 (30) 231-25" becomes "+49 30 231 25". A + before nothing but digits and blanks has nothing to compute, so it
    needs no apostrophe, which would make another number of it.
    """
    text = values.astype("string").str.replace(_UNSEEN, "", regex=True).str.strip()
    text = text.where(text.str.fullmatch(_PHONE).fillna(False).astype(bool))
    abroad = text.str.match("[+＋]").fillna(False).astype(bool)
    digits = text.str.replace(r"[^\d]+", " ", regex=True).str.strip()
    return digits.where(~abroad, "+" + digits)


def mails(values: pd.Series) -> pd.Series:
    """E-mail addresses; missing where a text is none, or begins as a formula does: it cannot be written unchanged."""
    text = values.astype("string").str.replace(_UNSEEN, "", regex=True).str.strip()
    good = text.str.fullmatch(_MAIL).fillna(False).astype(bool) & ~_begins(text)
    return text.where(good)


def unfit_ids(values: pd.Series, *, forbidden: str = "") -> pd.Series:
    """Which ids cannot be written as they are: an import would find nobody under another.

    Those with control characters, blanks at an end, unseen or forbidden characters, and those that are run as a
    formula; a number with its sign is none.
    """
    text = values.astype("string")
    odd = text.str.contains(f"{_BREAKS}|{_UNSEEN}|^\\s|\\s$", regex=True)
    for mark in forbidden:
        odd |= text.str.contains(mark, regex=False)
    runs = _begins(text) & ~text.str.fullmatch(_SIGNED).fillna(False).astype(bool)
    return odd.fillna(True).astype(bool) | runs


def cells(values: pd.Series, *, decimals: int) -> pd.Series:
    """Numbers, days and truth values as text: 0.25, 2026-09-30, true; whole numbers without a point."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").astype("string")
    if pd.api.types.is_bool_dtype(values):
        return values.astype("string").str.lower()
    numbers = pd.to_numeric(values)
    if pd.api.types.is_float_dtype(numbers):
        text = numbers.map(lambda value: f"{half_up(value, decimals):.{decimals}f}", na_action="ignore")
        return text.astype("string").str.replace(r"\.0+$", "", regex=True).str.replace(r"^-0$", "0", regex=True)
    return numbers.astype("string")


def _begins(text: pd.Series) -> pd.Series:
    return text.str.match(_FORMULA).fillna(False).astype(bool)
