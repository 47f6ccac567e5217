"""A door before a server that lets so many bytes through, then does something, then lets the rest through."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType


class Proxy:
    """Forwards connections to a port of this machine.

    When a connection has brought `after` bytes from the server, the next of `cut` is called before any more are
    passed on; connections after the last of them are left alone.
    """

    def __init__(self, port: int, *, cut: Sequence[Callable[[], object]], after: int) -> None:
        self._target, self._cut, self._after = port, list(cut), after
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in (self._listener, *self._open):
            one.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            self._open += [client, server]
            threading.Thread(target=self._pass, args=(client, server), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, self._after), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, until: int | None = None) -> None:
        passed = 0
        try:
            while data := source.recv(65_536):
                passed += len(data)
                if until is not None and passed >= until and self._cut:
                    until = None
                    self._cut.pop(0)()
                    self.cuts += 1
                target.sendall(data)
        except OSError:
            pass
        finally:  # what a callback raises ends the connection, and the thread that pytest then tells of
            for one in (source, target):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
