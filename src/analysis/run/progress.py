"""One display of what is being done: a moving one on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from analysis.run.plain import plain


class Steps:
    """A context manager that shows named steps and keeps how long each took, in `seconds`."""

    def __init__(self, total: int, *, out: TextIO | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._out = out or sys.stdout
        self._guard = threading.Lock()
        self._bar = _bar(self._out) if self._out.isatty() else None
        self._all = self._bar.add_task("report", total=total) if self._bar else None

    def __enter__(self) -> Steps:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Shows a step while it is done, and says how long it took, or that it failed."""
        task = self._bar.add_task(plain(name), total=1) if self._bar else None
        start, end = time.monotonic(), "failed after"
        try:
            yield
            end = "done in"
        finally:
            self.seconds[name] = round(time.monotonic() - start, 3)
            if self._bar and task is not None and self._all is not None:
                self._bar.update(task, completed=1)
                self._bar.advance(self._all)
            else:
                self.say(f"{name} … {end} {self.seconds[name]:.1f} s")

    def say(self, text: str) -> None:
        """One line, above the display where there is one."""
        if self._bar:
            self._bar.console.print(plain(text), markup=False, highlight=False)
            return
        with self._guard:
            self._out.write(plain(text) + "\n")
            self._out.flush()


def _bar(out: TextIO) -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(file=out))
