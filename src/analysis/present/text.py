"""Text that came from data, made safe to show; and the ids of what is shown."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

import pandas as pd

MISSING = "–"
ELLIPSIS = "…"
_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
# Controls, format characters (text direction, zero width), half surrogates, private and unassigned code points.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean(text: object) -> str:
    """`text` on one line, without characters that control a terminal, a page or the direction of writing.

    A missing value is "–". No-break spaces stay.
    """
    if text is None or text is pd.NA or text is pd.NaT or text != text:
        return MISSING
    line = _BREAKS.sub(" ", str(text))
    return "".join(mark for mark in line if unicodedata.category(mark) not in _UNPRINTABLE).strip(" ")


def escaped(text: object) -> str:
    """`text` cleaned, with nothing left that HTML would read as markup."""
    return html.escape(clean(text), quote=True)


def sentence(text: object) -> str:
    """`text` cleaned, with a full stop at its end if it has none."""
    whole = clean(text)
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."


def shortened(text: object, longest: int = 60) -> str:
    """`text` cleaned and cut to `longest` characters, the last an ellipsis when something was cut."""
    whole = clean(text)
    return whole if len(whole) <= longest else whole[: longest - 1].rstrip() + ELLIPSIS


def identifier(kind: str, title: str, content: str | bytes) -> str:
    """An id such as `table-churn-by-contract-1f0c22ab`: the same content gives the same id, other content another."""
    data = content if isinstance(content, bytes) else content.encode(errors="replace")
    words = re.sub(r"[^a-z0-9]+", "-", title.lower())[:40].strip("-")
    digest = hashlib.sha256(title.encode(errors="replace") + b"\0" + data).hexdigest()[:8]
    return "-".join(part for part in (kind, words, digest) if part)
