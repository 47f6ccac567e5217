"""Which days of a month each account is there for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.extracts.demo.state import Bools, Floats, Ints


@dataclass(frozen=True)
class Span:
    """Days from `start` to before `stop`, an entry per account; empty where `stop` is not after `start`."""

    start: Ints
    stop: Ints

    @property
    def length(self) -> Ints:
        return np.maximum(self.stop - self.start, 0)

    @property
    def present(self) -> Bools:
        return self.stop > self.start

    @property
    def stop_of_present(self) -> Ints:
        """The stop; the first of days for those who are not there, so that nothing is due before it."""
        return np.where(self.present, self.stop, np.iinfo(np.int32).min)

    def share(self, days: int) -> Floats:
        """Share of a month of that many days."""
        return self.length / days

    def some_day(self, rows: Ints, luck: Floats) -> Ints:
        """A day of the span for some accounts; `luck` between 0 and 1, one for each of them."""
        return self.start[rows] + (luck * self.length[rows]).astype(np.int64)
