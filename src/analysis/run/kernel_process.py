"""The process of one kernel: ipykernel, without the port it opens for what forked children print."""

from __future__ import annotations

import warnings
from typing import Any

from ipykernel import iostream, kernelapp


def without_port(socket: Any, **settings: Any) -> Any:
    """Ipykernel's thread that publishes what is printed, listening to this process only."""
    thread: Any = iostream.IOPubThread
    return thread(socket, **{**settings, "pipe": False})


def told(message: Warning | str, category: type[Warning], *_: object, **__: object) -> str:
    """A warning as a notebook keeps it: without the place in a library's file, which differs between machines."""
    return f"{category.__name__}: {message}\n"


def main() -> None:
    """Serve one kernel, as `python -m ipykernel_launcher` would."""
    warnings.formatwarning = told
    served: Any = kernelapp
    served.IOPubThread = without_port
    served.IPKernelApp.launch_instance(ignore_cwd=True)


if __name__ == "__main__":
    main()
