"""How a run is asked to end: by a signal, or because another notebook failed."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Interrupted(BaseException):
    """The run was stopped by a signal; not an Exception, so that no handler for errors takes it."""

    def __init__(self, signum: int) -> None:
        self.signum = signum
        self.exit_code = 128 + signum
        super().__init__(f"stopped by {signal.Signals(signum).name}")


class Stop:
    """A context manager that turns SIGINT and SIGTERM into an orderly end, and knows every kernel's process.

    The first signal kills the kernels and lets the run clean up; a second SIGINT ends the process at once.
    """

    def __init__(self) -> None:
        self.signum: int | None = None
        self._asked = threading.Event()
        self._kernels: set[int] = set()
        self._guard = threading.Lock()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stop:
        for signum in (signal.SIGINT, signal.SIGTERM):
            self._before[signum] = signal.signal(signum, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ask()
        for signum, handler in self._before.items():
            signal.signal(signum, handler)

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def ask(self) -> None:
        """End every kernel now and start no other."""
        self._asked.set()
        for process in list(self._kernels):
            kill_group(process)

    def check(self) -> None:
        """Raises Interrupted when a signal has come."""
        if self.signum is not None:
            raise Interrupted(self.signum)

    def add(self, process: int) -> None:
        """Note a kernel that has just started; it ends at once when the run was asked to."""
        with self._guard:
            self._kernels.add(process)
        if self.asked:
            kill_group(process)

    def remove(self, process: int) -> None:
        """Forget a kernel that has ended."""
        with self._guard:
            self._kernels.discard(process)

    def _on_signal(self, signum: int, _frame: FrameType | None) -> None:
        again, self.signum = self.signum is not None, signum
        self.ask()
        if again and signum == signal.SIGINT:
            os._exit(128 + signum)


def kill_group(process: int) -> None:
    """Kill a process and everything it started; nothing happens when it is gone."""
    try:
        os.killpg(process, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
