"""One Python kernel per notebook: this interpreter, over ipc, with a private folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

from analysis.run.stop import Stop, kill_group

LONGEST_FOLDER = 60  # a socket's path may have about 100 characters; ours and jupyter's names follow
FIXED = {"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "MPLBACKEND": "agg"}


class OwnInterpreter(KernelSpecManager):
    """Kernels run this interpreter, whatever `python3` means to the machine's Jupyter."""

    def get_kernel_spec(self, _kernel_name: str) -> KernelSpec:
        """The one kernel there is, under any name."""
        argv = [sys.executable, "-P", "-m", "analysis.run.kernel_process", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


class OwnClient(AsyncKernelClient):
    """A client without a heartbeat: the kernel is our own child and is asked directly, and that thread ends slowly."""

    def start_channels(self, *channels: bool, **others: bool) -> None:
        """Open the other channels."""
        super().start_channels(*channels, **{"hb": False, **others})


class OwnKernel(AsyncKernelManager):
    """A kernel that remembers its clients: nbclient leaves the channels of a kernel it did not start open."""

    def client(self, **settings: Any) -> Any:
        """A new client of the kernel."""
        made = super().client(**settings)
        self.clients = [*getattr(self, "clients", []), made]
        return made

    def close_clients(self) -> None:
        """Close every client's channels."""
        for client in getattr(self, "clients", []):
            client.stop_channels()

    @property
    def process(self) -> int:
        """The kernel's process, which is also its group's number."""
        return int(getattr(self.provisioner, "pid", 0))


@contextmanager
def running_kernel(*, cwd: Path, environ: Mapping[str, str], stop: Stop) -> Iterator[OwnKernel]:
    """A started kernel; it and its children are gone when the context ends, its files too.

    The sockets lie in a folder that only this user can enter; no port is opened. The user's own IPython
    profile is not read.
    """
    with private_folder() as folder:
        manager = OwnKernel(
            kernel_name="python3",
            kernel_spec_manager=OwnInterpreter(),
            client_factory=OwnClient,
            transport="ipc",
            ip=str(folder / "k"),
            connection_file=str(folder / "kernel.json"),
        )
        private = {"IPYTHONDIR": str(folder / "ipython"), "JUPYTER_RUNTIME_DIR": str(folder)}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        run_sync(manager.start_kernel)(cwd=str(cwd), env={**os.environ, **environ, **FIXED, **private}, **quiet)
        process = manager.process
        stop.add(process)
        try:
            yield manager
        finally:
            kill_group(process)
            manager.close_clients()
            run_sync(manager.shutdown_kernel)(now=True)
            stop.remove(process)


@contextmanager
def private_folder() -> Iterator[Path]:
    """A temporary folder that only this user can enter, with a path short enough for sockets."""
    usual = Path(tempfile.gettempdir())
    short = usual if len(str(usual)) <= LONGEST_FOLDER else Path(usual.anchor) / "tmp"
    folder = Path(tempfile.mkdtemp(prefix="linecard-", dir=short))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
