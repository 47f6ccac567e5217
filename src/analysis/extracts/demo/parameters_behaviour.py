"""How customers differ in what they do with what they have, and which products go together.

Levels add to the means of `parameters.Use`; log-odds add to the chances of `parameters.Terms`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from analysis.extracts.demo.shapes import Affinity, Behaviour, Newcomer

BEHAVIOURS = (
    Behaviour("streaming", 0.42, download=0.75, upload=-0.25, voice=-0.3, days=0.6, logins=-0.3, evening=0.75,
              speed=0.3, young=0.4, old=-0.4, mobile=-3.0, voice_only=-9.0),
    Behaviour("light", 0.25, 0.12, download=-1.05, upload=-0.1, voice=-0.3, days=-0.9, logins=-0.7, evening=0.0,
              speed=-0.5, young=-0.6, old=0.3, mobile=-0.5, voice_only=-9.0),
    Behaviour("home_worker", 0.17, 0.18, download=0.25, upload=0.95, voice=0.1, days=0.6, logins=0.2, evening=-0.7,
              speed=0.2, old=-0.8, mobile=-3.0, voice_only=-9.0),
    Behaviour("mobile_family", 0.08, download=0.0, upload=0.1, voice=0.3, days=0.4, logins=1.25, evening=0.1,
              young=0.5, old=-0.6, mobile=2.6, voice_only=-9.0),
    Behaviour("talker", 0.09, 0.08, download=-0.7, upload=-0.1, voice=1.5, days=0.1, logins=-0.4, evening=-0.3,
              speed=-0.4, young=-1.5, old=0.6, mobile=-0.5),
    Behaviour("office", 0.0, 0.62, download=0.6, upload=0.35, voice=0.9, days=-0.1, logins=0.4, evening=-1.7),
)  # fmt: skip

NIGHT_GAMER = Behaviour("night_gamer", 0.0, download=1.3, upload=1.3, voice=-1.2, days=0.9, logins=1.3, evening=1.6)


@dataclass(frozen=True)
class Behaviours:
    """The behaviours there are, and how they change.

    A change moves the level of use at once and is no falling use: `Hazard.falling` feels fading alone.
    """

    known: tuple[Behaviour, ...] = BEHAVIOURS
    drawn_anew: float = 0.004  # monthly; one in four draws what was there before
    newcomer: Newcomer | None = None

    def with_newcomer(self, begins: date, behaviour: Behaviour = NIGHT_GAMER) -> Behaviours:
        """The same and a behaviour that begins on the first day of a quarter."""
        return replace(self, newcomer=Newcomer(behaviour, begins))


AFFINITIES = tuple(
    Affinity(given, product, log_odds)
    for given, row in {
        "mobile": {"voice": -1.2, "cloud": 0.4, "smart_home": 0.2},
        "voice": {"mobile": -0.5, "tv": 0.3},
        "tv": {"smart_home": 0.6, "cloud": -0.4, "security": -0.3},
        "cloud": {"security": 1.9, "mobile": 0.3, "tv": -0.3},
        "security": {"smart_home": 1.8, "cloud": 0.8},
        "smart_home": {"security": 1.2, "cloud": 0.4, "tv": 0.3},
        "broadband": {"tv": 0.6, "mobile": 0.4},
        "dsl": {"tv": -1.2, "voice": 0.8, "security": 0.3, "smart_home": -0.4},
        "fibre": {"tv": 1.2, "smart_home": 0.7, "cloud": 0.3},
        "streaming": {"tv": 1.7, "smart_home": 0.3, "voice": -0.8, "cloud": -0.8, "mobile": -0.3},
        "light": {"mobile": -0.5, "tv": -0.5, "cloud": -1.0, "security": 0.8, "smart_home": -1.0},
        "home_worker": {"cloud": 2.0, "security": 0.8, "tv": -0.9, "voice": -0.4},
        "mobile_family": {"mobile": 2.1, "smart_home": 0.5, "voice": -0.8},
        "talker": {"voice": 2.3, "mobile": 0.6, "cloud": -1.0, "smart_home": -0.7},
        "office": {"voice": 1.0, "cloud": 1.1, "security": 1.1, "tv": -2.2, "smart_home": -1.3},
    }.items()
    for product, log_odds in row.items()
)
