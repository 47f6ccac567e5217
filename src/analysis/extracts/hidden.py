"""Characters that nobody sees: control characters, those without width, those that turn the direction of writing."""

from __future__ import annotations

from analysis.extracts.engine import literal

_NEVER = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}"
IN_IDS = rf"[\t\r\n{_NEVER}]"
IN_LABELS = f"[{_NEVER}]"  # where a text may have tabs and several lines


def holds_hidden(text: str, characters: str) -> str:
    """Whether a text holds such characters, as SQL; false where it is missing."""
    return f"coalesce(regexp_matches({text}, {literal(characters)}), false)"


def visible(text: str) -> str:
    """A label without them, as SQL; missing when nothing is left."""
    # One look through every label; only those that need it are written anew.
    bare = f"nullif(trim(regexp_replace({text}, {literal(IN_LABELS)}, '', 'g')), '')"
    return f"CASE WHEN {holds_hidden(text, IN_LABELS)} THEN {bare} ELSE {text} END"
