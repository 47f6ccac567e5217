"""Names of groups in a manager's words, from what is most special about each."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

# What is said of a group that has more, and of one that has less, than the rest: before a noun, and as the noun.
VOCABULARY = {
    "download_gb": (("heavy", "heavy users"), ("light", "light users")),
    "upload_share": (("uploading", "uploaders"), ("streaming", "streamers")),
    "evening_share": (("evening", "evening users"), ("daytime", "daytime users")),
    "active_share": (("everyday", "everyday users"), ("occasional", "occasional users")),
    "voice_minutes": (("talkative", "callers"), ("hardly calling", "data users")),
    "app_logins": (("app-minded", "app users"), ("app-shy", "app avoiders")),
}
MIDDLE = "Typical users"
TELLING = 0.35  # standard deviations from which a difference is worth a word
SEEN = 0.5  # of the largest difference: a lesser one is no part of a name


def group_names(profiles: pd.DataFrame, taken: Sequence[str] = ()) -> list[str]:
    """A short name for each group, in the order of the groups: no two alike, none that is taken.

    The largest difference gives the noun, the next the word before it, where it is at least half as large; a third
    is added where two groups would be called the same, and then a number.
    """
    used, names = list(taken), []
    searched = profiles[profiles["searched"] & profiles["variable"].isin(VOCABULARY)]
    for group in sorted(profiles["group"].unique()):
        mine = searched[searched["group"] == group].dropna(subset=["difference"])
        name = next(each for each in _offers(mine) if each not in used)
        names.append(name)
        used.append(name)
    return names


def _offers(mine: pd.DataFrame) -> list[str]:
    """Names that would do, the best first."""
    size = mine["difference"].abs()
    clear = mine.assign(size=size)[size >= TELLING].sort_values(["size", "variable"], ascending=[False, True])
    words = [VOCABULARY[row.variable][0 if row.difference > 0 else 1] for row in clear.itertuples()]
    if not words:
        return [MIDDLE, *(f"{MIDDLE} {number}" for number in range(2, 20))]
    (_, noun), others = words[0], [before for before, _ in words[1:]]
    near = int((clear["size"].iloc[1:] >= SEEN * clear["size"].iloc[0]).sum())
    counts = sorted(range(len(others) + 1), key=lambda count: (abs(count - min(near, 1)), count))
    offers = [", ".join([*others[:count]]) + (" " if count else "") + noun for count in counts]
    first = offers[0]
    whole = [*offers, *(f"{first} {number}" for number in range(2, 20))]
    return [each[:1].upper() + each[1:] for each in whole]
