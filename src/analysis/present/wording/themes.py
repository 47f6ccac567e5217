"""Sentences about what customers write: themes by the words that many of them use."""

from __future__ import annotations

import pandas as pd

from analysis.frames.desk import NOT_NAMED
from analysis.measures.theme_figures import OTHER_REGIONS
from analysis.models.themes.assigned import NO_THEME, SAMPLE, Told
from analysis.models.themes.model import STABLE
from analysis.present.numbers import count, finite, percent
from analysis.present.wording.phrase import Captions, Words, listed

MOST_REGIONS = 12  # in the table, the largest


def names_of(told: Told) -> list[str]:
    """The themes, the largest first, and what belongs to none."""
    return [] if told.themes is None else [*told.themes.names, NO_THEME]


def themes_alone(names: list[str]) -> list[str]:
    """The themes without what belongs to none."""
    return [name for name in names if name != NO_THEME]


def theme_finding(told: Told, shares: pd.DataFrame, *, given: bool, pseudonymised: bool) -> str:
    """What customers write about most; or why that cannot be told."""
    if told.themes is None:
        return f"{_lack(told, given=given, pseudonymised=pseudonymised)}."
    known = shares[(shares["theme"] != NO_THEME) & ~shares["masked"].astype(bool)].dropna(subset=["share"])
    if known.empty:
        return "What customers write about is not told: no theme has enough customers."
    first = known.sort_values(["share", "theme"], ascending=[False, True]).iloc[0]
    said = f"Of {count(told.texts)} tickets with a text {percent(first['share'], 0)} are about “{first['theme']}”, the "
    return f"{said}largest of {count(len(told.themes.names))} themes. {_moved(known)}"


def _lack(told: Told, *, given: bool, pseudonymised: bool) -> str:
    if not given:
        return "What customers write about cannot be told: the source gives no tickets"
    if pseudonymised:
        return "What customers write about cannot be told: with pseudonyms, free text is not read"
    if told.why == "no text":
        return "What customers write about cannot be told: no ticket of the quarter has a text"
    return "What customers write about cannot be told: too few words are used by enough customers"


def _moved(known: pd.DataFrame) -> str:
    """Which themes grew or fell since the quarter before."""
    if known["previous"].isna().all():
        return "There is no quarter before to compare them with."
    moved = known[known["moved"]]
    if moved.empty:
        return "No theme’s share differs clearly from the quarter before."
    each = [f"“{row.theme}” from {percent(row.previous, 0)} to {percent(row.share, 0)}" for row in moved.itertuples()]
    return f"Since the quarter before {listed(each)}."


def share_words(shares: pd.DataFrame) -> Words:
    """Around the picture of the themes."""
    subtitle = "Share of the quarter’s tickets with a text, 95 % interval; a theme is named by its strongest words"
    known = drawn(shares)
    if known.empty:
        return {"finding": "There are no themes to show", "subtitle": subtitle, "alt": "There are no themes to show."}
    first = known.iloc[0]
    finding = f"Written about most: “{first['theme']}”, {percent(first['share'], 0)} of the tickets"
    each = [f"{row.theme} {percent(row.share, 0)}" for row in known.itertuples()]
    return {"finding": finding, "subtitle": subtitle, "alt": f"{finding}. Themes: {listed(each)}."}


def drawn(shares: pd.DataFrame) -> pd.DataFrame:
    """The themes that may be shown, the largest first; what belongs to none is told in words."""
    known = shares[(shares["theme"] != NO_THEME) & ~shares["masked"].astype(bool)].dropna(subset=["share"])
    return known.sort_values(["share", "theme"], ascending=[False, True], ignore_index=True)


def table_words(shares: pd.DataFrame) -> Captions:
    """Above the table of themes."""
    subtitle = "Tickets of the quarter with a text, and the share of each theme a quarter before"
    if shares.empty:
        return {"finding": "There are no themes to count", "subtitle": subtitle}
    rest = shares[shares["theme"] == NO_THEME]
    share = finite(rest["share"].iloc[0]) if len(rest) else None
    finding = "Tickets by theme" if share is None else f"{percent(1 - share, 0)} of the tickets belong to a theme"
    return {"finding": finding, "subtitle": subtitle}


def region_rows(regions: pd.DataFrame) -> pd.DataFrame:
    """The largest regions with their tickets by theme."""
    named = regions[~regions["region"].isin([NOT_NAMED, OTHER_REGIONS])]
    return named.head(MOST_REGIONS)


def region_words(regions: pd.DataFrame, names: list[str]) -> Captions:
    """Above the tickets by region and theme."""
    subtitle = "Tickets of the quarter with a text, by theme; small groups, and what would give them away, are masked"
    rows = region_rows(regions)
    if rows.empty:
        return {"finding": "Themes are not told by region: the source gives none, or one alone", "subtitle": subtitle}
    finding = _stands_out(rows, names)
    more = f"; the {count(len(rows))} largest regions" if len(regions) > len(rows) else ""
    return {"finding": finding, "subtitle": f"{subtitle}{more}"}


def _stands_out(rows: pd.DataFrame, names: list[str]) -> str:
    """The region and theme furthest above the shown regions' share."""
    best: tuple[float, str, str, float] | None = None
    for name in names:
        known = rows.dropna(subset=[name, "tickets"])
        if name == NO_THEME or len(known) < 2:
            continue
        usual = known[name].sum() / known["tickets"].sum()
        above = known[name] - usual * known["tickets"]
        place = above.idxmax()
        size = float(above[place]) / max(float(usual * known.at[place, "tickets"]), 1.0) ** 0.5
        if best is None or size > best[0]:
            best = (size, str(known.at[place, "region"]), name, known.at[place, name] / known.at[place, "tickets"])
    if best is None or best[0] < 3:
        return "No region stands out by what it writes about"
    return f"{best[1]} writes about “{best[2]}” more than others: {percent(best[3], 0)} of its tickets"


def theme_bullets(told: Told) -> list[str]:
    """How themes are found, and how far to trust them."""
    themes = told.themes
    if themes is None:
        return ["There were none to be found."]
    firm = "other tickets would have given nearly the same themes"
    if themes.agreement < STABLE:
        firm = "other tickets might have given others, so read them with care"
    part = "" if themes.fitted_on < SAMPLE else f", learned from {count(themes.fitted_on)} tickets and applied to all"
    share = percent(themes.agreement, 0)
    alike = f"{share} of the tickets with a theme have the same one, whichever half the themes are learned from"
    words = "Only words that many customers use are looked at: no name, number or rare word is."
    if told.alone is not None:
        words = "No ticket names a customer, so callers cannot be told apart: only words in at least "
        words += f"{count(told.alone)} tickets are looked at, but those may be of one caller."
    return [
        f"A theme is a group of words that come together{part}; {alike}: {firm}.",
        f"{words} A ticket counts for the theme nearest to it, or for none.",
    ]
