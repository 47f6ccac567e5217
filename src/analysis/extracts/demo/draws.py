"""Random numbers by address: what is drawn for one subject, month and chunk never shifts another's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Subject(IntEnum):
    """What random numbers are drawn for. A new subject goes to the end: the others keep their numbers."""

    AREAS = 0
    SHOCKS = 1
    PEOPLE = 2
    HISTORY = 3
    CAMPAIGNS = 4
    LEAVING = 5
    MOVING = 6
    JOINING = 7
    TERMS = 8
    SERVICE = 9
    USAGE = 10
    BILLING = 11
    SURVEYS = 12
    LEADS = 13
    CONSENTS = 14
    IDENTITIES = 15
    FLAWS = 16
    MOOD = 17
    LATENT = 18
    BEHAVIOUR = 19


@dataclass(frozen=True)
class Draws:
    """A seed and a path below it.

    Another path is another future: a state is continued from the as-of date with `Draws(seed, path=(k,))`.
    """

    seed: int
    path: tuple[int, ...] = ()

    def stream(self, subject: Subject, *address: int) -> np.random.Generator:
        """The generator of a subject at an address (chunk, month)."""
        key = (*self.path, int(subject), *address)
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key)))
